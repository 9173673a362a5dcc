/* archive.h: a backup on disk, as `backup` writes it and `restore` reads it.
 *
 *   DIR/manifest.json   written last, by a rename: what is not in it is not part of the backup
 *   DIR/dump-SHA256     pg_dump's custom format
 *   DIR/blobs/          files by content, shared by all backups into DIR */
#pragma once

#include "server/ctl/ctl.h"
#include "server/stores/blobs.h"

#include <json-glib/json-glib.h>

#define TL_ARCHIVE_FORMAT 1
#define TL_ARCHIVE_MANIFEST "manifest.json"

/* Of a file's content, in hex. */
char *tl_archive_hash (const char *path, GError **error);
/* Runs PostgreSQL's `program` on the database of `pg`, which it learns from its environment; the
 * error holds its complaint. `arguments`: NULL-terminated. */
gboolean tl_archive_run (TlPg *pg, const char *program, const char *const *arguments,
                         GError **error);
/* Rows of every table, by its name. */
JsonObject *tl_archive_count (TlPg *pg, GError **error);
/* Reads a blob and sees that its content is what its name says. */
GBytes *tl_archive_read_blob (TlBlobs *from, const char *id, GError **error);
/* No blob's bytes are removed from now on, until the connection ends. */
gboolean tl_archive_hold_bytes (TlPg *pg, GError **error);
/* Copies the blobs that the database of `pg` names and `to` lacks; errors call it `to_name`. Takes both stores; NULL is one that could not be
 * opened, of which `error` tells already. */
gboolean tl_archive_copy_blobs (TlPg *pg, TlBlobs *from, TlBlobs *to, const char *to_name,
                                int *count, GError **error);
