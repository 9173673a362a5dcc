/* keep.c: blobs as an account sees them, below routes and methods: keeping one within the account's quota,
 * and opening one that it may read. Bytes are durable before their row is, so that a row never names a
 * file that is not there. Any thread. */
#include "server/jmap/type.h"
#include "server/services/storage/storage.h"

#include <unistd.h>

#define SQL "storage/storage.sql"

/* A statement that answers yes or no. */
static gboolean
ask (TlPg *pg, const char *prepared, const char *name, int n, const char *const *args,
     gboolean *yes, GError **error)
{
  g_autoptr (PGresult) result = tl_pg_query (pg, prepared, tl_sql (SQL, name), n, args, error);

  *yes = result && *PQgetvalue (result, 0, 0) == 't';
  return result != NULL;
}

static gboolean
refuse_more (const TlConfig *config, GError **error)
{
  g_autofree char *octets = g_format_size ((guint64)config->max_octets);

  g_set_error (error, TL_SET_ERROR, TL_SET_ERROR_OVER_QUOTA,
               "Your uploads would be more than the %" G_GINT64_FORMAT
               " files or %s that a person may have here",
               config->max_files, octets);
  return FALSE;
}

gboolean
tl_storage_begin_put (TlServer *server, TlPg *pg, const char *blob, GBytes *bytes, GError **error)
{
  if (!tl_pg_begin (pg, error))
    return FALSE;
  if (tl_pg_run (pg, "storage-hold", tl_sql (SQL, "hold"), 1, &blob, error) &&
      server->blobs->class->put (server->blobs, blob, bytes, error))
    return TRUE;
  tl_pg_rollback (pg);
  return FALSE;
}

char *
tl_storage_keep (TlServer *server, TlPg *pg, gint64 account, GBytes *bytes, const char *type,
                 GError **error)
{
  const TlConfig *config = server->config;
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT, account);
  g_autofree char *length = g_strdup_printf ("%" G_GSIZE_FORMAT, g_bytes_get_size (bytes));
  g_autofree char *files = g_strdup_printf ("%" G_GINT64_FORMAT, config->max_files);
  g_autofree char *octets = g_strdup_printf ("%" G_GINT64_FORMAT, config->max_octets);
  g_autofree char *blob = tl_blob_id (bytes);
  const char *room[] = { key, blob, length, files, octets };
  const char *args[] = { key, blob, length, type, files, octets };
  gboolean is_kept;

  if (!ask (pg, "storage-room", "has-room", 5, room, &is_kept, error) ||
      (is_kept && !tl_storage_begin_put (server, pg, blob, bytes, error)))
    return NULL;
  if (!is_kept) {
    refuse_more (config, error);
    return NULL;
  }
  if (ask (pg, "storage-keep", "keep", 6, args, &is_kept, error) &&
      (is_kept || refuse_more (config, error)) && tl_pg_commit (pg, error))
    return g_steal_pointer (&blob);
  tl_pg_rollback (pg);
  return NULL;
}

gboolean
tl_storage_may_read (TlPg *pg, gint64 account, const char *blob, GError **error)
{
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT, account);
  gboolean may;

  if (!ask (pg, "storage-may-read", "may-read", 2, (const char *const[]){ key, blob }, &may, error))
    return FALSE;
  if (!may)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no blob “%.80s” to read", blob);
  return may;
}

int
tl_storage_open (TlServer *server, TlPg *pg, gint64 account, const char *blob, gsize *size,
                 GError **error)
{
  return tl_storage_may_read (pg, account, blob, error)
             ? server->blobs->class->open (server->blobs, blob, size, error)
             : -1;
}

GBytes *
tl_storage_read (TlServer *server, TlPg *pg, gint64 account, const char *blob, GError **error)
{
  gsize size;
  int fd = tl_storage_open (server, pg, account, blob, &size, error);
  g_autoptr (GMappedFile) file = NULL;

  if (fd < 0)
    return NULL;
  file = g_mapped_file_new_from_fd (fd, FALSE, error);
  close (fd);
  return file ? g_mapped_file_get_bytes (file) : NULL;
}
