/* actions.c: what a person can do, each one write of the replica: an operation enters the outbox and shows
 * at once. Futures settle on the main thread; the bodies of the writes run in the writer thread. */
#include "sync/actions.h"

#include "sync/act.h"
#include "sync/record-sql.h"

#define SQL "sql/actions.sql"

/* --- news --------------------------------------------------------------------------------------- */

static gboolean
mark_read (TlDb *db, TlChanges *changes, gint64 article, gboolean read, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "is-read-by-date");
  JsonObject *body = json_object_new ();
  gint64 by_date;

  sqlite3_bind_int64 (statement, 1, article);
  by_date = tl_act_ask (db, statement, FALSE, NULL);
  if (by_date == read) /* nothing to say: a mark would only stand in the way of "all read" */
    json_object_set_null_member (body, "isRead");
  else
    json_object_set_boolean_member (body, "isRead", read);
  return tl_outbox_add (db, changes, &tl_article_mark_type, TL_OP_UPDATE, &article, body, error);
}

static gboolean
run_set_read (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  TlAct *act = data;

  for (guint i = 0; i < act->keys->len; i++)
    if (!mark_read (db, changes, g_array_index (act->keys, gint64, i), act->flag, error))
      return FALSE;
  return TRUE;
}

DexFuture *
tl_action_set_read (TlReplica *replica, const gint64 *articles, guint n, gboolean read)
{
  TlAct *act = tl_act_new (&tl_article_mark_type, TL_OP_UPDATE, 0, NULL);

  act->keys = g_array_sized_new (FALSE, FALSE, sizeof (gint64), n);
  g_array_append_vals (act->keys, articles, n);
  act->flag = read;
  return tl_act_do (replica, run_set_read, act);
}

static DexFuture *
set_mark (TlReplica *replica, gint64 article, const char *name, gboolean value)
{
  JsonObject *body = json_object_new ();

  json_object_set_boolean_member (body, name, value);
  return tl_act_do_plain (replica, &tl_article_mark_type, TL_OP_UPDATE, article, body);
}

DexFuture *
tl_action_set_starred (TlReplica *replica, gint64 article, gboolean starred)
{
  return set_mark (replica, article, "isStarred", starred);
}

DexFuture *
tl_action_set_later (TlReplica *replica, gint64 article, gboolean later)
{
  return set_mark (replica, article, "isLater", later);
}

static GArray *
keys_to_read (TlDb *db, const char *name, const TlAct *act, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, name);
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) failed = NULL;

  sqlite3_bind_int64 (statement, 1, act->key);
  sqlite3_bind_text (statement, 2, act->folder, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, act->other);
  while (tl_db_step (db, statement, &failed)) {
    gint64 key = sqlite3_column_int64 (statement, 0);
    g_array_append_val (keys, key);
  }
  if (failed == NULL)
    return g_steal_pointer (&keys);
  g_propagate_error (error, g_steal_pointer (&failed));
  return NULL;
}

static gboolean
run_mark_all_read (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  TlAct *act = data;
  g_autoptr (GArray) subscriptions = keys_to_read (db, "subscriptions-to-read", act, error);
  g_autoptr (GArray) marks = subscriptions ? keys_to_read (db, "marks-to-read", act, error) : NULL;
  g_autofree char *date = tl_date_format (act->other);

  if (marks == NULL)
    return FALSE;
  for (guint i = 0; i < subscriptions->len; i++) {
    JsonObject *body = json_object_new ();

    json_object_set_string_member (body, "readUpTo", date);
    if (!tl_outbox_add (db, changes, &tl_subscription_type, TL_OP_UPDATE,
                        &g_array_index (subscriptions, gint64, i), body, error))
      return FALSE;
  }
  for (guint i = 0; i < marks->len; i++) {
    JsonObject *body = json_object_new ();

    json_object_set_null_member (body, "isRead");
    if (!tl_outbox_add (db, changes, &tl_article_mark_type, TL_OP_UPDATE,
                        &g_array_index (marks, gint64, i), body, error))
      return FALSE;
  }
  return TRUE;
}

DexFuture *
tl_action_mark_all_read (TlReplica *replica, gint64 feed, const char *folder, gint64 up_to)
{
  TlAct *act = tl_act_new (&tl_subscription_type, TL_OP_UPDATE, feed, NULL);

  act->folder = g_strdup (folder);
  act->other = up_to;
  return tl_act_do (replica, run_mark_all_read, act);
}

static gboolean
run_subscribe (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  TlAct *act = data;
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "subscription-by-url");

  sqlite3_bind_text (statement, 1, act->text, -1, SQLITE_STATIC);
  if (tl_act_ask (db, statement, 0, NULL) != 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "You already follow %s", act->text);
    return FALSE;
  }
  return tl_act_run_plain (db, changes, act, error);
}

DexFuture *
tl_action_subscribe (TlReplica *replica, const char *url, const char *folder)
{
  g_autofree char *typed = g_strstrip (g_strdup (url));
  TlAct *act = tl_act_new (&tl_subscription_type, TL_OP_CREATE, 0, json_object_new ());

  act->text =
      strstr (typed, "://") ? g_steal_pointer (&typed) : g_strconcat ("https://", typed, NULL);
  json_object_set_string_member (act->body, "url", act->text);
  if (folder && *folder)
    json_object_set_string_member (act->body, "folder", folder);
  return tl_act_do (replica, run_subscribe, act);
}

DexFuture *
tl_action_unsubscribe (TlReplica *replica, gint64 subscription)
{
  return tl_act_do_plain (replica, &tl_subscription_type, TL_OP_DESTROY, subscription, NULL);
}

DexFuture *
tl_action_edit_subscription (TlReplica *replica, gint64 subscription, const char *title,
                             const char *folder)
{
  JsonObject *body = json_object_new ();

  tl_act_set_text (body, "title", title);
  tl_act_set_text (body, "folder", folder);
  return tl_act_do_plain (replica, &tl_subscription_type, TL_OP_UPDATE, subscription, body);
}

/* --- chat --------------------------------------------------------------------------------------- */

DexFuture *
tl_action_send_with (TlReplica *replica, gint64 room, const char *body, gint64 reply_to,
                     GPtrArray *attachments, const TlCard *card)
{
  TlAct *act = tl_act_new (&tl_message_type, TL_OP_CREATE, 0, json_object_new ());

  act->draft = g_strdup_printf ("room:%" G_GINT64_FORMAT, room);
  tl_act_set_ref (act->body, "roomId", room);
  json_object_set_string_member (act->body, "body", body);
  if (reply_to != 0)
    tl_act_set_ref (act->body, "replyToId", reply_to);
  tl_act_set_json (act->body, "attachments", tl_attachments_format (attachments));
  if (card)
    tl_act_set_json (act->body, "card", tl_card_format (card));
  return tl_act_do_for_key (replica, tl_act_run_plain, act);
}

DexFuture *
tl_action_send (TlReplica *replica, gint64 room, const char *body, gint64 reply_to)
{
  return tl_action_send_with (replica, room, body, reply_to, NULL, NULL);
}

DexFuture *
tl_action_edit_message (TlReplica *replica, gint64 message, const char *body)
{
  JsonObject *patch = json_object_new ();

  json_object_set_string_member (patch, "body", body);
  return tl_act_do_plain (replica, &tl_message_type, TL_OP_UPDATE, message, patch);
}

DexFuture *
tl_action_delete_message (TlReplica *replica, gint64 message)
{
  return tl_act_do_plain (replica, &tl_message_type, TL_OP_DESTROY, message, NULL);
}

static gboolean
run_room_read (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  TlAct *act = data;
  g_autoptr (GError) failed = NULL;
  TlReadMarker *marker = tl_record_load (db, &tl_read_marker_type, act->key, &failed);
  gboolean behind = marker == NULL || marker->up_to < act->other;

  tl_record_free (&tl_read_marker_type, marker);
  if (failed) {
    g_propagate_error (error, g_steal_pointer (&failed));
    return FALSE;
  }
  return !behind || tl_act_run_plain (db, changes, act, error);
}

DexFuture *
tl_action_room_read (TlReplica *replica, gint64 room, gint64 seq)
{
  TlAct *act = tl_act_new (&tl_read_marker_type, TL_OP_UPDATE, room, json_object_new ());

  act->other = seq;
  json_object_set_int_member (act->body, "upTo", seq);
  return tl_act_do (replica, run_room_read, act);
}

DexFuture *
tl_action_mute_room (TlReplica *replica, gint64 room, gboolean muted)
{
  JsonObject *body = json_object_new ();

  json_object_set_boolean_member (body, "isMuted", muted);
  return tl_act_do_plain (replica, &tl_read_marker_type, TL_OP_UPDATE, room, body);
}

static gboolean
run_new_room (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  TlAct *act = data;
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "direct-room");

  sqlite3_bind_int64 (statement, 1, act->other);
  act->result = act->other ? tl_act_ask (db, statement, 0, NULL) : 0;
  return act->result != 0 || tl_act_run_plain (db, changes, act, error);
}

DexFuture *
tl_action_new_room (TlReplica *replica, const char *name, const gint64 *people, guint n)
{
  TlAct *act = tl_act_new (&tl_room_type, TL_OP_CREATE, 0, json_object_new ());
  gboolean direct = name == NULL && n == 1;
  JsonArray *members = json_array_new ();
  char id[TL_ID_MAX];

  act->other = direct ? people[0] : 0;
  for (guint i = 0; i < n; i++)
    json_array_add_string_element (members, tl_id_format (people[i], id));
  tl_act_set_text (act->body, "name", name);
  json_object_set_string_member (act->body, "kind", direct ? "direct" : "group");
  json_object_set_array_member (act->body, "members", members);
  return tl_act_do_for_key (replica, run_new_room, act);
}

static gboolean
run_invite (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  TlAct *act = data;

  for (guint i = 0; i < act->keys->len; i++) {
    JsonObject *member = json_object_new ();
    gint64 key = 0;

    tl_act_set_ref (member, "roomId", act->other);
    tl_act_set_ref (member, "principalId", g_array_index (act->keys, gint64, i));
    if (!tl_outbox_add (db, changes, &tl_room_member_type, TL_OP_CREATE, &key, member, error))
      return FALSE;
  }
  return TRUE;
}

DexFuture *
tl_action_invite (TlReplica *replica, gint64 room, const gint64 *people, guint n)
{
  TlAct *act = tl_act_new (&tl_room_member_type, TL_OP_CREATE, 0, NULL);

  act->other = room;
  act->keys = g_array_sized_new (FALSE, FALSE, sizeof (gint64), n);
  g_array_append_vals (act->keys, people, n);
  return tl_act_do (replica, run_invite, act);
}

static gboolean
run_leave_room (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  TlAct *act = data;
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "membership");
  gint64 room = act->key;

  sqlite3_bind_int64 (statement, 1, room);
  sqlite3_bind_int64 (statement, 2, act->other);
  act->key = tl_act_ask (db, statement, 0, NULL);
  if (room < 0) /* nobody knows of it yet */
    act->type = &tl_room_type, act->key = room;
  if (act->key == 0) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "You are not in this room");
    return FALSE;
  }
  return tl_act_run_plain (db, changes, act, error);
}

DexFuture *
tl_action_leave_room (TlReplica *replica, gint64 room, gint64 me)
{
  TlAct *act = tl_act_new (&tl_room_member_type, TL_OP_DESTROY, room, NULL);

  act->other = me;
  return tl_act_do (replica, run_leave_room, act);
}

/* --- the outbox --------------------------------------------------------------------------------- */

static gboolean
run_retry (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  return tl_outbox_retry (db, changes, ((TlAct *)data)->key, error);
}

static gboolean
run_discard (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  return tl_outbox_discard (db, changes, ((TlAct *)data)->key, error);
}

DexFuture *
tl_action_retry (TlReplica *replica, gint64 op)
{
  return tl_act_do (replica, run_retry, tl_act_new (NULL, TL_OP_UPDATE, op, NULL));
}

DexFuture *
tl_action_discard (TlReplica *replica, gint64 op)
{
  return tl_act_do (replica, run_discard, tl_act_new (NULL, TL_OP_UPDATE, op, NULL));
}

static gboolean
run_keep_both (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  return tl_outbox_keep_both (db, changes, ((TlAct *)data)->key, error);
}

DexFuture *
tl_action_keep_both (TlReplica *replica, gint64 op)
{
  return tl_act_do (replica, run_keep_both, tl_act_new (NULL, TL_OP_CREATE, op, NULL));
}
