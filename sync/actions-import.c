/* actions-import.c: events enter the outbox one by one within one write. They are known by their UIDs afterwards: keys
 * change when the server has them. */
#include "sync/actions-import.h"

#include "sync/act.h"

#define SQL "sql/actions.sql"

typedef struct {
  gint64 calendar;
  char *made;
  GPtrArray *events;
  GStrvBuilder *taken;
} Import;

static void
import_clear (gpointer data)
{
  Import *import = data;

  g_free (import->made);
  g_ptr_array_unref (import->events);
  g_clear_pointer (&import->taken, g_strv_builder_unref);
}

static void
import_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, import_clear);
}

/* 0 when it is not there. */
static gint64
find_event (TlDb *db, gint64 calendar, const char *uid)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "event-by-uid");

  sqlite3_bind_int64 (statement, 1, calendar);
  sqlite3_bind_text (statement, 2, uid, -1, SQLITE_STATIC);
  return tl_act_ask (db, statement, 0, NULL);
}

/* The one made for an import has another key once the server knows it. 0 when it is gone. */
static gint64
find_calendar (TlDb *db, gint64 calendar, const char *made, GError **error)
{
  sqlite3_stmt *statement;

  if (made == NULL)
    return calendar;
  statement = tl_db_statement (db, SQL, "calendar-made");
  sqlite3_bind_int64 (statement, 1, calendar);
  sqlite3_bind_text (statement, 2, made, -1, SQLITE_STATIC);
  return tl_act_ask (db, statement, 0, error);
}

static gboolean
take (TlDb *db, TlChanges *changes, gint64 calendar, const TlCalendarEvent *event, GError **error)
{
  static const char *const left[] = { "id", "calendarId", "createdBy", "createdAt", "updatedAt" };
  JsonObject *body = tl_record_to_json (&tl_calendar_event_type, event);
  gint64 key = 0;

  for (guint i = 0; i < G_N_ELEMENTS (left); i++)
    json_object_remove_member (body, left[i]);
  tl_act_set_ref (body, "calendarId", calendar);
  return tl_outbox_add (db, changes, &tl_calendar_event_type, TL_OP_CREATE, &key, body, error);
}

static gboolean
run_import (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  Import *import = data;
  gint64 calendar = find_calendar (db, import->calendar, import->made, error);

  g_clear_pointer (&import->taken, g_strv_builder_unref);
  import->taken = g_strv_builder_new ();
  for (guint i = 0; calendar != 0 && i < import->events->len; i++) {
    const TlCalendarEvent *event = import->events->pdata[i];

    if (find_event (db, calendar, event->uid) != 0)
      continue;
    if (!take (db, changes, calendar, event, error))
      return FALSE;
    g_strv_builder_add (import->taken, event->uid);
  }
  return TRUE;
}

static DexFuture *
give_taken (DexFuture *done, gpointer data)
{
  return dex_future_new_take_boxed (G_TYPE_STRV, g_strv_builder_end (((Import *)data)->taken));
}

DexFuture *
tl_action_import (TlReplica *replica, gint64 calendar, const char *made, GPtrArray *events)
{
  Import *import = g_atomic_rc_box_new0 (Import);

  import->calendar = calendar;
  import->made = g_strdup (made);
  import->events = g_ptr_array_ref (events);
  return dex_future_then (
      tl_replica_write (replica, run_import, g_atomic_rc_box_acquire (import), import_unref),
      give_taken, import, import_unref);
}

/* --- and back ------------------------------------------------------------------------------------ */

typedef struct {
  gint64 calendar;
  char *made;
  GStrv uids;
} Undo;

static void
undo_free (gpointer data)
{
  Undo *undo = data;

  g_free (undo->made);
  g_strfreev (undo->uids);
  g_free (undo);
}

static gboolean
run_undo (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  Undo *undo = data;
  gint64 calendar = find_calendar (db, undo->calendar, undo->made, error);

  for (guint i = 0; calendar != 0 && undo->uids[i]; i++) {
    gint64 key = find_event (db, calendar, undo->uids[i]);

    if (key != 0 &&
        !tl_outbox_add (db, changes, &tl_calendar_event_type, TL_OP_DESTROY, &key, NULL, error))
      return FALSE;
  }
  return calendar == 0 || undo->made == NULL ||
         tl_outbox_add (db, changes, &tl_calendar_type, TL_OP_DESTROY, &calendar, NULL, error);
}

DexFuture *
tl_action_undo_import (TlReplica *replica, gint64 calendar, const char *made,
                       const char *const *uids)
{
  Undo *undo = g_new (Undo, 1);

  *undo = (Undo){ calendar, g_strdup (made), g_strdupv ((GStrv)uids) };
  return tl_replica_write (replica, run_undo, undo, undo_free);
}
