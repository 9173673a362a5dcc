/* log.c: reading the change log (docs/protocol.md, "States and changes"). */
#include "server/jmap/log.h"

#include "server/jmap/state.h"

#define FILE_SQL "jmap/jmap.sql"
#define MAX_ROWS 4096

enum { NOW, USABLE, JOINED, MOVED, TYPE, ID, SCOPE, KIND, PROPS };

static void
row_clear (gpointer data)
{
  TlLogRow *row = data;

  g_free (row->props);
}

static void
log_free (gpointer data)
{
  TlLog *log = data;

  g_free (log->now);
  g_array_unref (log->rows);
  g_free (log);
}

GHashTable *
tl_logs_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, log_free);
}

void
tl_call_forget_states (TlCall *call)
{
  g_hash_table_remove_all (call->logs);
  g_clear_pointer (&call->state, g_free);
}

static gboolean
is_true (PGresult *result, int column)
{
  return PQgetvalue (result, 0, column)[0] == 't';
}

static gint64
number_at (PGresult *result, int row, int column)
{
  return g_ascii_strtoll (PQgetvalue (result, row, column), NULL, 10);
}

static TlLog *
read_result (PGresult *result)
{
  TlLog *log = g_new0 (TlLog, 1);
  int n = PQntuples (result);

  log->now = g_strdup (PQgetvalue (result, 0, NOW));
  log->is_usable = is_true (result, USABLE);
  log->is_current = !is_true (result, JOINED) && !is_true (result, MOVED);
  log->is_partial = is_true (result, JOINED) || n > MAX_ROWS;
  log->rows = g_array_new (FALSE, FALSE, sizeof (TlLogRow));
  g_array_set_clear_func (log->rows, row_clear);
  for (int i = 0; i < n && !PQgetisnull (result, i, ID) && !log->is_partial; i++) {
    TlLogRow row = {
      .type = (guint8)number_at (result, i, TYPE),
      .id = number_at (result, i, ID),
      .scope = number_at (result, i, SCOPE),
      .kind = PQgetvalue (result, i, KIND)[0],
    };

    if (!PQgetisnull (result, i, PROPS))
      row.props = g_strdup (PQgetvalue (result, i, PROPS));
    g_array_append_val (log->rows, row);
  }
  return log;
}

const TlLog *
tl_log_read (TlCall *call, const char *since, guint epoch, GError **error)
{
  g_autofree char *epoch_text = g_strdup_printf ("%u", epoch);
  g_autofree char *key = tl_state_format (epoch_text, since);
  const char *args[] = { call->account_number, since, epoch_text, NULL };
  g_autofree char *limit = g_strdup_printf ("%d", MAX_ROWS + 1);
  g_autoptr (PGresult) result = NULL;
  TlLog *log = g_hash_table_lookup (call->logs, key);

  if (log)
    return log;
  args[3] = limit;
  result = tl_pg_query (call->pg, "jmap.log", tl_sql (FILE_SQL, "log"), 4, args, error);
  if (result == NULL)
    return NULL;
  log = read_result (result);
  if (log->is_usable) {
    g_free (call->state);
    call->state = log->is_current ? g_strdup (key) : tl_state_format (epoch_text, log->now);
  }
  g_hash_table_insert (call->logs, g_steal_pointer (&key), log);
  return log;
}

gboolean
tl_log_usable (TlCall *call, guint epoch, const char *since, const char *until, gboolean *usable,
               GError **error)
{
  g_autofree char *epoch_text = g_strdup_printf ("%u", epoch);
  const char *args[] = { epoch_text, since, until };
  g_autoptr (PGresult) result =
      tl_pg_query (call->pg, "jmap.usable", tl_sql (FILE_SQL, "usable"), 3, args, error);

  if (result == NULL)
    return FALSE;
  *usable = is_true (result, 0);
  return TRUE;
}

char *
tl_jmap_state (TlPg *pg, GError **error)
{
  g_autoptr (PGresult) result =
      tl_pg_query (pg, "jmap.state", tl_sql (FILE_SQL, "state"), 0, NULL, error);

  return result ? tl_state_format (PQgetvalue (result, 0, 0), PQgetvalue (result, 0, 1)) : NULL;
}
