/* archive.c: what backup and restore share: hashes, PostgreSQL's programs, counts, blobs. A password of
 * the database travels in the environment of the program, never on its command line. */
#include "server/ctl/archive.h"

#include "server/standalone/postgres.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

char *
tl_archive_hash (const char *path, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guchar *block = g_malloc (1 << 16);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gssize n = -1;

  while (fd >= 0 && (n = read (fd, block, 1 << 16)) > 0)
    g_checksum_update (sum, block, n);
  if (n < 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "“%s” cannot be read: %s", path,
                 g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return n < 0 ? NULL : g_strdup (g_checksum_get_string (sum));
}

static void
describe_database (GSubprocessLauncher *launcher, TlPg *pg)
{
  PQconninfoOption *options = PQconninfo (tl_pg_conn (pg));

  for (PQconninfoOption *option = options; option && option->keyword; option++)
    if (option->envvar && option->val && *option->val)
      g_subprocess_launcher_setenv (launcher, option->envvar, option->val, TRUE);
  PQconninfoFree (options);
}

gboolean
tl_archive_run (TlPg *pg, const char *program, const char *const *arguments, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *folder = tl_postgres_find_programs (error);
  g_autofree char *path = folder ? g_build_filename (folder, program, NULL) : NULL;
  g_autofree char *complaint = NULL;

  if (!path || !tl_pg_ensure (pg, error))
    return FALSE;
  describe_database (launcher, pg);
  g_ptr_array_add (argv, path);
  for (; *arguments; arguments++)
    g_ptr_array_add (argv, (char *)*arguments);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *)argv->pdata, error);
  if (!process || !g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &complaint, error))
    return FALSE;
  if (g_subprocess_get_successful (process))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s failed: %s", program,
               complaint ? g_strstrip (complaint) : "");
  return FALSE;
}

JsonObject *
tl_archive_count (TlPg *pg, GError **error)
{
  g_autoptr (PGresult) rows =
      tl_pg_query (pg, "count-rows", tl_sql ("ctl/backup.sql", "count-rows"), 0, NULL, error);
  JsonObject *counts;

  if (!rows)
    return NULL;
  counts = json_object_new ();
  for (int i = 0; i < PQntuples (rows); i++)
    json_object_set_int_member (counts, PQgetvalue (rows, i, 0),
                                g_ascii_strtoll (PQgetvalue (rows, i, 1), NULL, 10));
  return counts;
}

GBytes *
tl_archive_read_blob (TlBlobs *from, const char *id, GError **error)
{
  gsize size = 0, done = 0;
  gssize n = 1;
  int fd = from->class->open (from, id, &size, error);
  g_autofree guchar *data = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *found = NULL;

  if (fd < 0)
    return NULL;
  data = g_malloc (size + 1);
  while (done < size && (n = read (fd, data + done, size - done)) > 0)
    done += (gsize)n;
  close (fd);
  bytes = g_bytes_new_take (g_steal_pointer (&data), done);
  found = tl_blob_id (bytes);
  if (n >= 0 && strcmp (found, id) == 0)
    return g_steal_pointer (&bytes);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "blob %s is damaged", id);
  return NULL;
}
