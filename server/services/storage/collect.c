/* collect.c: see the header. A row goes only when nobody holds it (storage.collect), bytes only when nobody who stores
 * the same holds their name and no row has them again: whoever dies in between leaves a note in storage.removed, and
 * the next run goes on there. Any thread, several at once. */
#include "server/services/storage/collect.h"

#define SQL "storage/storage.sql"
#define LEASE_SECONDS 3600
#define AT_MOST 1000
#define BATCHES 20 /* in one run */

static gboolean
read_counts (PGresult *row, TlCollected *counts)
{
  if (row == NULL)
    return FALSE;
  counts->files = g_ascii_strtoll (PQgetvalue (row, 0, 0), NULL, 10);
  counts->octets = g_ascii_strtoll (PQgetvalue (row, 0, 1), NULL, 10);
  return TRUE;
}

gboolean
tl_collect_count (TlPg *pg, guint grace_hours, TlCollected *found, GError **error)
{
  g_autofree char *hours = g_strdup_printf ("%u", grace_hours);
  g_autoptr (PGresult) row =
      tl_pg_query (pg, NULL, tl_sql (SQL, "collectable"), 1, (const char *const[]){ hours }, error);

  return read_counts (row, found);
}

gboolean
tl_collect_rows (TlPg *pg, guint grace_hours, guint at_most, TlCollected *gone, GError **error)
{
  g_autofree char *hours = g_strdup_printf ("%u", grace_hours);
  g_autofree char *most = g_strdup_printf ("%u", at_most);
  g_autoptr (PGresult) row = tl_pg_query (pg, NULL, tl_sql (SQL, "collect"), 2,
                                          (const char *const[]){ hours, most }, error);

  return read_counts (row, gone);
}

/* --- bytes --------------------------------------------------------------------------------------- */

static gboolean
ask (TlPg *pg, const char *name, const char *blob, gboolean *yes, GError **error)
{
  g_autoptr (PGresult) result = tl_pg_query (pg, NULL, tl_sql (SQL, name), 1, &blob, error);

  *yes = result && *PQgetvalue (result, 0, 0) == 't';
  return result != NULL;
}

/* Within a transaction. The row is looked for once the name is ours: before that it might just be made. */
static gboolean
remove_held (TlPg *pg, TlBlobs *blobs, const char *blob, GError **error)
{
  gboolean is_ours, is_back;

  if (!ask (pg, "take", blob, &is_ours, error))
    return FALSE;
  if (!is_ours)
    return TRUE;
  return ask (pg, "is-back", blob, &is_back, error) &&
         (is_back || blobs->class->remove (blobs, blob, error)) &&
         tl_pg_run (pg, NULL, tl_sql (SQL, "forget"), 1, &blob, error);
}

static gboolean
remove_one (TlPg *pg, TlBlobs *blobs, const char *blob, GError **error)
{
  if (!tl_pg_begin (pg, error))
    return FALSE;
  if (remove_held (pg, blobs, blob, error) && tl_pg_commit (pg, error))
    return TRUE;
  tl_pg_rollback (pg);
  return FALSE;
}

gboolean
tl_collect_bytes (TlPg *pg, TlBlobs *blobs, GError **error)
{
  g_autofree char *last = g_strdup ("");

  for (;;) {
    g_autoptr (PGresult) some =
        tl_pg_query (pg, NULL, tl_sql (SQL, "removed"), 1, (const char *const[]){ last }, error);
    int n = some ? PQntuples (some) : 0;

    for (int i = 0; i < n; i++)
      if (!remove_one (pg, blobs, PQgetvalue (some, i, 0), error))
        return FALSE;
    if (n == 0)
      return some != NULL;
    g_set_str (&last, PQgetvalue (some, n - 1, 0));
  }
}

/* --- the job ------------------------------------------------------------------------------------- */

static gboolean
run (TlServer *server, TlPg *pg, const TlJob *job, gint64 *next_run, GError **error)
{
  TlCollected gone = { .files = AT_MOST }, all = { 0 };

  for (guint i = 0; i < BATCHES && gone.files == AT_MOST; i++) {
    if (!tl_collect_rows (pg, server->config->grace_hours, AT_MOST, &gone, error))
      return FALSE;
    all.files += gone.files;
    all.octets += gone.octets;
  }
  if (all.files > 0)
    g_info ("collected %" G_GINT64_FORMAT " files that nothing names, %" G_GINT64_FORMAT " bytes",
            all.files, all.octets);
  if (!tl_pg_run (pg, NULL, tl_sql (SQL, "uploads-expired"), 0, NULL, error))
    return FALSE;
  *next_run = g_get_real_time () + (gone.files == AT_MOST ? 0 : G_TIME_SPAN_HOUR);
  return tl_collect_bytes (pg, server->blobs, error);
}

const TlJobKind tl_collect_job = { "collect", LEASE_SECONDS, run };
