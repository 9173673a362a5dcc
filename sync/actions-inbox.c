/* actions-inbox.c: marks of the inbox. A mark has the key of what it is about. */
#include "sync/actions-inbox.h"

#include "sync/act.h"
#include "sync/wire/types.h"

static JsonObject *
about_read (gboolean read)
{
  JsonObject *body = json_object_new ();

  json_object_set_boolean_member (body, "isRead", read);
  return body;
}

DexFuture *
tl_action_notification_read (TlReplica *replica, gint64 notification, gboolean read)
{
  return tl_act_do_plain (replica, &tl_notification_type, TL_OP_UPDATE, notification,
                          about_read (read));
}

static gboolean
run_done (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  TlAct *act = data;
  JsonObject *mark = json_object_new ();

  json_object_set_boolean_member (mark, "isDone", act->flag);
  if (!tl_outbox_add (db, changes, &tl_inbox_mark_type, TL_OP_UPDATE, &act->key, mark, error))
    return FALSE;
  return !act->flag || tl_outbox_add (db, changes, &tl_notification_type, TL_OP_UPDATE, &act->key,
                                      about_read (TRUE), error);
}

DexFuture *
tl_action_notification_done (TlReplica *replica, gint64 notification, gboolean done)
{
  TlAct *act = tl_act_new (&tl_inbox_mark_type, TL_OP_UPDATE, notification, NULL);

  act->flag = done;
  return tl_act_do (replica, run_done, act);
}

DexFuture *
tl_action_snooze (TlReplica *replica, gint64 key, gint64 until)
{
  JsonObject *body = json_object_new ();
  g_autofree char *date = until > 0 ? tl_date_format (until) : NULL;

  if (date)
    json_object_set_string_member (body, "snoozedUntil", date);
  else
    json_object_set_null_member (body, "snoozedUntil");
  return tl_act_do_plain (replica, &tl_inbox_mark_type, TL_OP_UPDATE, key, body);
}

static gboolean
run_all_read (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  TlAct *act = data;
  sqlite3_stmt *statement = tl_db_statement (db, "sql/actions.sql", "last-seq");
  gint64 last;

  sqlite3_bind_int64 (statement, 1, act->key);
  last = tl_act_ask (db, statement, 0, NULL);
  if (last == 0)
    return TRUE;
  act->body = json_object_new ();
  json_object_set_int_member (act->body, "upTo", last);
  return tl_act_run_plain (db, changes, act, error);
}

DexFuture *
tl_action_room_all_read (TlReplica *replica, gint64 room)
{
  return tl_act_do (replica, run_all_read,
                    tl_act_new (&tl_read_marker_type, TL_OP_UPDATE, room, NULL));
}
