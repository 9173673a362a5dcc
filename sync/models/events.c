/* events.c: all events of a calendar, whole: for files (reader threads). */
#include "sync/models/agenda.h"

#include "sync/record-sql.h"

#define SQL "models/agenda.sql"

static void
event_free (gpointer event)
{
  tl_record_free (&tl_calendar_event_type, event);
}

static void
events_free (gpointer events)
{
  g_ptr_array_unref (events);
}

static gpointer
load_events (TlDb *db, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (event_free);
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "of-calendar");
  g_autoptr (GError) failed = NULL;

  sqlite3_bind_int64 (statement, 1, *(gint64 *)data);
  while (tl_db_step (db, statement, &failed)) {
    gint64 key = sqlite3_column_int64 (statement, 0);
    g_array_append_val (keys, key);
  }
  for (guint i = 0; i < keys->len && failed == NULL; i++) {
    gpointer event =
        tl_record_load (db, &tl_calendar_event_type, g_array_index (keys, gint64, i), &failed);
    if (event)
      g_ptr_array_add (events, event);
  }
  if (failed == NULL)
    return g_steal_pointer (&events);
  g_propagate_error (error, g_steal_pointer (&failed));
  return NULL;
}

DexFuture *
tl_events_load (TlReplica *replica, gint64 calendar)
{
  return tl_replica_read (replica, load_events, g_memdup2 (&calendar, sizeof calendar), g_free,
                          events_free);
}
