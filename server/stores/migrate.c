/* migrate.c: brings the schema up to this program, and the epoch up to this cluster.
 *
 * Each file under server/sql is one transaction, taken under an advisory lock, so that any number of
 * processes may start at once. Transaction ids mean something on one cluster only: on another one
 * (a restored dump) the log is emptied, memberships begin anew, the epoch goes up and ids that were given are not
 * given again. */
#include "server/stores/pg.h"

#include <stdlib.h>

#define FOLDER "/org/tideline/server/sql/"
#define FILE_SQL "stores/migrate.sql"

static PGresult *
query (TlPg *self, const char *name, int n, const char *const *args, GError **error)
{
  return tl_pg_query (self, name, tl_sql (FILE_SQL, name), n, args, error);
}

static gboolean
run (TlPg *self, const char *name, GError **error)
{
  return tl_pg_run (self, name, tl_sql (FILE_SQL, name), 0, NULL, error);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *)a, *(const char *const *)b);
}

/* Their numbers are 1, 2, 3… without gaps. */
static GStrv
list_files (void)
{
  GStrv files = g_resources_enumerate_children (FOLDER, 0, NULL);
  guint n = g_strv_length (files);

  qsort (files, n, sizeof (char *), compare_names);
  for (guint i = 0; i < n; i++)
    if (atoi (files[i]) != (int)i + 1)
      g_error ("migration %u is missing: found %s", i + 1, files[i]);
  return files;
}

static gboolean
apply (TlPg *self, const char *file, int number, GError **error)
{
  g_autofree char *path = g_strconcat (FOLDER, file, NULL);
  g_autoptr (GBytes) sql = g_resources_lookup_data (path, 0, error);
  g_autofree char *text = g_strdup_printf ("%d", number);
  const char *args[] = { text, file };
  g_autoptr (PGresult) noted = NULL;

  if (sql == NULL)
    return FALSE;
  if (!tl_pg_script (self, g_bytes_get_data (sql, NULL), error)) {
    g_prefix_error (error, "migration %s: ", file);
    return FALSE;
  }
  noted = query (self, "applied", 2, args, error);
  return noted != NULL;
}

static gboolean
renew_epoch (TlPg *self, GError **error)
{
  g_autoptr (PGresult) other = NULL;

  if (!run (self, "epoch_first", error))
    return FALSE;
  other = query (self, "epoch_other_system", 0, NULL, error);
  if (other == NULL)
    return FALSE;
  if (PQntuples (other) == 0)
    return run (self, "epoch_timeline", error);
  g_message ("This is another PostgreSQL cluster than before: epoch %s begins",
             PQgetvalue (other, 0, 0));
  return run (self, "forget_log", error) && run (self, "forget_members", error) &&
         run (self, "renew_members", error) && run (self, "renew_scopes", error) &&
         run (self, "skip_ids", error);
}

/* One transaction: the next missing migration, or the epoch when there is none (*done). */
static gboolean
step (TlPg *self, GStrv files, gboolean *done, GError **error)
{
  int known = (int)g_strv_length (files);
  g_autoptr (PGresult) newest = NULL;
  int number;

  if (!run (self, "lock", error) || !run (self, "table", error))
    return FALSE;
  newest = query (self, "newest", 0, NULL, error);
  if (newest == NULL)
    return FALSE;
  number = atoi (PQgetvalue (newest, 0, 0));
  if (number > known) {
    g_set_error (error, TL_PG_ERROR, TL_PG_ERROR_OTHER,
                 "The database was written by a newer Tideline (schema %d, this program knows %d): "
                 "install that version or a newer one",
                 number, known);
    return FALSE;
  }
  *done = number == known;
  return *done ? renew_epoch (self, error) : apply (self, files[number], number + 1, error);
}

gboolean
tl_migrate (TlPg *self, GError **error)
{
  g_auto (GStrv) files = list_files ();
  gboolean done = FALSE;

  while (!done) {
    if (!tl_pg_begin (self, error))
      return FALSE;
    if (!step (self, files, &done, error)) {
      tl_pg_rollback (self);
      return FALSE;
    }
    if (!tl_pg_commit (self, error))
      return FALSE;
  }
  return TRUE;
}
