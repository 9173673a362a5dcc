/* backup.c: `backup DIR`: one consistent snapshot of a server that may be running. The dump and the
 * list of blobs see the same transaction; blobs are durable before a row names them. DIR's earlier
 * backup stays whole until the new manifest takes its place. */
#include "server/ctl/archive.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define SQL "ctl/backup.sql"
#define HASH_LENGTH 64

static PGresult *
ask (TlCtl *ctl, const char *statement, GError **error)
{
  return tl_pg_query (ctl->pg, statement, tl_sql (SQL, statement), 0, NULL, error);
}

/* Gives the dump's hash: the end of its name. */
static char *
dump (TlCtl *ctl, const char *dir, const char *snapshot, GError **error)
{
  g_autofree char *part = g_build_filename (dir, "dump.part", NULL);
  g_autofree char *file_option = g_strconcat ("--file=", part, NULL);
  g_autofree char *snapshot_option = g_strconcat ("--snapshot=", snapshot, NULL);
  const char *arguments[] = { "--format=custom", "--no-owner",    "--no-privileges",
                              file_option,       snapshot_option, NULL };
  g_autofree char *hash = NULL, *name = NULL, *path = NULL;

  if (tl_archive_run (ctl->pg, "pg_dump", arguments, error))
    hash = tl_archive_hash (part, error);
  else
    g_prefix_error (error, "“%s” cannot be written: ", part);
  if (!hash) {
    g_unlink (part);
    return NULL;
  }
  name = g_strconcat ("dump-", hash, NULL);
  path = g_build_filename (dir, name, NULL);
  if (g_rename (part, path) == 0)
    return g_steal_pointer (&hash);
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "“%s” cannot be written: %s", path,
               g_strerror (errno));
  return NULL;
}

static gboolean
copy_blob (TlBlobs *from, TlBlobs *to, const char *to_dir, const char *id, gsize size,
           GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  gsize there = 0;
  int fd = to->class->open (to, id, &there, NULL);

  if (fd >= 0)
    g_close (fd, NULL);
  if (fd >= 0 && there == size)
    return TRUE;
  bytes = tl_archive_read_blob (from, id, error);
  if (bytes && !to->class->put (to, id, bytes, error))
    g_prefix_error (error, "“%s” cannot be written: ", to_dir);
  else if (bytes)
    return TRUE;
  return FALSE;
}

gboolean
tl_archive_hold_bytes (TlPg *pg, GError **error)
{
  return tl_pg_run (pg, NULL, tl_sql (SQL, "hold-bytes"), 0, NULL, error);
}

gboolean
tl_archive_copy_blobs (TlPg *pg, TlBlobs *from, TlBlobs *to, const char *to_name, int *count,
                       GError **error)
{
  g_autoptr (PGresult) rows =
      from && to ? tl_pg_query (pg, "blobs", tl_sql (SQL, "blobs"), 0, NULL, error) : NULL;
  gboolean good = rows != NULL;

  for (int i = 0; good && i < PQntuples (rows); i++)
    good = copy_blob (from, to, to_name, PQgetvalue (rows, i, 0),
                      (gsize)g_ascii_strtoull (PQgetvalue (rows, i, 1), NULL, 10), error);
  if (good)
    *count = PQntuples (rows);
  if (from)
    from->class->free (from);
  if (to)
    to->class->free (to);
  return good;
}

static gboolean
copy_out (TlCtl *ctl, const char *dir, int *count, GError **error)
{
  TlBlobs *from = tl_blobs_open (ctl->config, error);
  TlBlobs *to = from ? tl_blobs_dir_new (dir, error) : NULL;

  return tl_archive_copy_blobs (ctl->pg, from, to, dir, count, error);
}

static gboolean
write_manifest (TlCtl *ctl, const char *dir, const PGresult *about, const char *hash, int blobs,
                GError **error)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *at = g_date_time_format_iso8601 (now);
  g_autofree char *path = g_build_filename (dir, TL_ARCHIVE_MANIFEST, NULL);
  JsonObject *counts = tl_archive_count (ctl->pg, error);
  g_autofree char *text = NULL;

  if (!counts)
    return FALSE;
  json_object_set_int_member (object, "format", TL_ARCHIVE_FORMAT);
  json_object_set_string_member (object, "made", at);
  json_object_set_string_member (object, "postgresql", PQgetvalue (about, 0, 1));
  json_object_set_int_member (object, "schema", atoi (PQgetvalue (about, 0, 2)));
  json_object_set_int_member (object, "epoch", atoi (PQgetvalue (about, 0, 3)));
  json_object_set_string_member (object, "dump", hash);
  json_object_set_int_member (object, "blobs", blobs);
  json_object_set_object_member (object, "tables", counts);
  json_node_set_object (root, object);
  text = json_to_string (root, TRUE);
  return g_file_set_contents_full (
      path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}

/* Dumps of earlier backups, which no manifest names any more. */
static void
forget_others (const char *dir, const char *hash)
{
  g_autoptr (GDir) folder = g_dir_open (dir, 0, NULL);
  const char *name;

  while (folder && (name = g_dir_read_name (folder))) {
    g_autofree char *path = g_build_filename (dir, name, NULL);
    if (g_str_has_prefix (name, "dump-") && strlen (name) == strlen ("dump-") + HASH_LENGTH &&
        strcmp (name + strlen ("dump-"), hash) != 0)
      g_unlink (path);
  }
}

/* Within the transaction whose snapshot it is. */
static gboolean
back_up (TlCtl *ctl, const char *dir, int *blobs, GError **error)
{
  g_autofree char *blob_dir = g_build_filename (dir, "blobs", NULL);
  g_autoptr (PGresult) about = NULL;
  g_autofree char *hash = NULL;

  if (!tl_pg_script (ctl->pg, tl_sql (SQL, "read-only"), error) ||
      !(about = ask (ctl, "snapshot", error)))
    return FALSE;
  hash = dump (ctl, dir, PQgetvalue (about, 0, 0), error);
  if (!hash || !copy_out (ctl, blob_dir, blobs, error) ||
      !write_manifest (ctl, dir, about, hash, *blobs, error))
    return FALSE;
  forget_others (dir, hash);
  return TRUE;
}

static gboolean
run (TlCtl *ctl, char **arguments, GError **error)
{
  const char *dir = arguments[0];
  gboolean done;
  int blobs = 0;

  if (!tl_ctl_open (ctl, error))
    return FALSE;
  umask (0077); /* the dump holds everybody's passwords' hashes, and DIR may be open to others */
  if (g_mkdir_with_parents (dir, 0700) < 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "“%s” cannot be made: %s", dir,
                 g_strerror (errno));
    return FALSE;
  }
  if (!tl_archive_hold_bytes (ctl->pg, error) || !tl_pg_begin (ctl->pg, error))
    return FALSE;
  done = back_up (ctl, dir, &blobs, error);
  tl_pg_rollback (ctl->pg);
  if (done)
    printf ("“%s” holds all of it now, files: %d. Try it with: tidelinectl restore --verify %s\n",
            dir, blobs, dir);
  return done;
}

const TlCommand tl_command_backup = {
  "backup", "DIR", "Write a consistent backup of all, also while the server runs", NULL, 1, run,
};
