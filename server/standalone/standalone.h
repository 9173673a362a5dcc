/* standalone.h: a private PostgreSQL and Redis under one folder, on unix sockets, as children of
 * this process. Nothing outside the folder is touched; works as root too (the children then run as
 * an unprivileged user that owns their folders). */
#pragma once

#include "server/edge/config.h"

typedef struct _TlStandalone TlStandalone;

/* Makes what is missing under `dir` (cluster, keys), starts both, waits until they answer, and fills
 * in `config` (postgresql, redis, blob_dir, secret_file). A folder written by another PostgreSQL major
 * version, a full disk, or a folder in use by another tidelined is an error that says so. Children die
 * with this process even when it is killed; leftovers of a crash are cleaned up at the next start. */
TlStandalone *tl_standalone_start (const char *dir, TlConfig *config, GError **error);
/* A clean shutdown of both, 20 s at most. */
void tl_standalone_stop (TlStandalone *self);
