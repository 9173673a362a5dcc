/* standalone.h: a private PostgreSQL and Redis under one folder, on unix sockets, as children of
 * this process. Nothing outside the folder is touched but a short-named runtime folder for the
 * sockets; works as root too (the children then run as an unprivileged user that owns their folders,
 * which reaches them even below folders it may not enter, such as /root).
 *
 *   DIR/lock         who runs on it (held while it does), and where its sockets are
 *   DIR/postgresql   the cluster; its postgresql.conf is the admin's
 *   DIR/blobs        files by content
 *   DIR/secret       signs access tokens
 *   DIR/log          PostgreSQL's and Redis's */
#pragma once

#include "server/edge/config.h"

typedef struct _TlStandalone TlStandalone;

/* Makes what is missing under `dir` (cluster, keys), starts both, waits until they answer, and fills
 * in `config` (postgresql, redis, blob_dir, secret_file). A folder written by another PostgreSQL major
 * version, a full disk, or a folder in use by another tidelined (G_IO_ERROR_BUSY) is an error that
 * says so. Children die with this process even when it is killed, and are started again when they
 * die alone; leftovers of a crash are cleaned up at the next start. */
TlStandalone *tl_standalone_start (const char *dir, TlConfig *config, GError **error);
/* A clean shutdown of both, 20 s at most. */
void tl_standalone_stop (TlStandalone *self);
/* Fills in `config` for the process that has `dir` started; FALSE when none has. */
gboolean tl_standalone_find (const char *dir, TlConfig *config);
/* Was `dir` ever started? */
gboolean tl_standalone_exists (const char *dir);
