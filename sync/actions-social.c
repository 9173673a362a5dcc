/* actions-social.c: posts, boosts, reactions, follows. Turning something on makes an object, off destroys it; the
 * object is looked for in the writer thread, so that two clicks in a row are what they seem. */
#include "sync/actions-social.h"

#include "sync/act.h"
#include "sync/drafts.h"

#define SQL "sql/social.sql"

/* --- posts -------------------------------------------------------------------------------------- */

DexFuture *
tl_action_post (TlReplica *replica, const TlNewPost *post)
{
  TlAct *act = tl_act_new (&tl_post_type, TL_OP_CREATE, 0, json_object_new ());

  act->draft = g_strdup (post->draft);
  json_object_set_string_member (act->body, "text", post->text);
  json_object_set_string_member (act->body, "visibility", post->visibility);
  if (post->warning && *post->warning)
    json_object_set_string_member (act->body, "warning", post->warning);
  if (post->reply_to)
    tl_act_set_ref (act->body, "replyToId", post->reply_to);
  tl_act_set_json (act->body, "images", tl_attachments_format (post->images));
  if (post->card)
    tl_act_set_json (act->body, "card", tl_card_format (post->card));
  return tl_act_do_for_key (replica, tl_act_run_plain, act);
}

DexFuture *
tl_action_edit_post (TlReplica *replica, gint64 post, const char *text, const char *warning)
{
  JsonObject *patch = json_object_new ();

  json_object_set_string_member (patch, "text", text);
  tl_act_set_text (patch, "warning", warning);
  return tl_act_do_plain (replica, &tl_post_type, TL_OP_UPDATE, post, patch);
}

DexFuture *
tl_action_delete_post (TlReplica *replica, gint64 post)
{
  return tl_act_do_plain (replica, &tl_post_type, TL_OP_DESTROY, post, NULL);
}

DexFuture *
tl_action_save_post (TlReplica *replica, gint64 post, gboolean saved)
{
  JsonObject *body = json_object_new ();

  json_object_set_boolean_member (body, "isSaved", saved);
  return tl_act_do_plain (replica, &tl_post_mark_type, TL_OP_UPDATE, post, body);
}

/* --- on and off --------------------------------------------------------------------------------- */

/* The key of one's own object about act->key, 0 for none. */
static gint64
find_own (TlDb *db, const char *name, const TlAct *act)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, name);

  sqlite3_bind_int64 (statement, 1, act->key);
  sqlite3_bind_int64 (statement, 2, act->other);
  if (act->text)
    sqlite3_bind_text (statement, 3, act->text, -1, SQLITE_STATIC);
  return tl_act_ask (db, statement, 0, NULL);
}

/* Makes or destroys it; nothing when it is as asked. */
static gboolean
turn (TlDb *db, TlChanges *changes, TlAct *act, const char *own, const char *about, GError **error)
{
  gint64 key = find_own (db, own, act);

  if (act->flag == (key != 0))
    return TRUE;
  if (!act->flag)
    return tl_outbox_add (db, changes, act->type, TL_OP_DESTROY, &key, NULL, error);
  tl_act_set_ref (act->body, about, act->key);
  return tl_outbox_add (db, changes, act->type, TL_OP_CREATE, &key, json_object_ref (act->body),
                        error);
}

static DexFuture *
do_turn (TlReplica *replica, TlWriteFunc func, const TlType *type, gint64 key, gint64 me,
         gboolean on, const char *emoji)
{
  TlAct *act = tl_act_new (type, TL_OP_CREATE, key, json_object_new ());

  act->other = me;
  act->flag = on;
  act->text = g_strdup (emoji);
  return tl_act_do (replica, func, act);
}

static gboolean
run_boost (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  TlAct *act = data;
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "original");

  sqlite3_bind_int64 (statement, 1, act->key);
  act->key = tl_act_ask (db, statement, act->key, NULL);
  return turn (db, changes, act, "own-boost", "boostOfId", error);
}

DexFuture *
tl_action_boost (TlReplica *replica, gint64 post, gint64 me, gboolean boosted)
{
  return do_turn (replica, run_boost, &tl_post_type, post, me, boosted, NULL);
}

static gboolean
run_react (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  TlAct *act = data;

  json_object_set_string_member (act->body, "emoji", act->text);
  return turn (db, changes, act, "own-reaction", "subjectId", error);
}

DexFuture *
tl_action_react (TlReplica *replica, gint64 subject, gint64 me, const char *emoji, gboolean reacted)
{
  return do_turn (replica, run_react, &tl_reaction_type, subject, me, reacted, emoji);
}

static gboolean
run_follow (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  return turn (db, changes, data, "own-follow", "principalId", error);
}

DexFuture *
tl_action_follow (TlReplica *replica, gint64 person, gint64 me, gboolean followed)
{
  return do_turn (replica, run_follow, &tl_follow_type, person, me, followed, NULL);
}

/* --- oneself ------------------------------------------------------------------------------------ */

DexFuture *
tl_action_edit_profile (TlReplica *replica, gint64 me, const char *name, const char *description,
                        const char *time_zone)
{
  JsonObject *patch = json_object_new ();

  json_object_set_string_member (patch, "name", name);
  tl_act_set_text (patch, "description", description);
  tl_act_set_text (patch, "timeZone", time_zone);
  return tl_act_do_plain (replica, &tl_principal_type, TL_OP_UPDATE, me, patch);
}

DexFuture *
tl_action_set_avatar (TlReplica *replica, gint64 me, const char *blob)
{
  JsonObject *patch = json_object_new ();

  tl_act_set_text (patch, "avatarBlobId", blob);
  return tl_act_do_plain (replica, &tl_principal_type, TL_OP_UPDATE, me, patch);
}

static gboolean
run_feed_read (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  TlAct *act = data;
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "feed-read-to");

  sqlite3_bind_int64 (statement, 1, act->key);
  if (tl_act_ask (db, statement, 0, NULL) >= act->other)
    return TRUE;
  tl_act_set_ref (act->body, "feedReadTo", act->other);
  return tl_act_run_plain (db, changes, act, error);
}

DexFuture *
tl_action_feed_read (TlReplica *replica, gint64 me, gint64 post)
{
  TlAct *act = tl_act_new (&tl_settings_type, TL_OP_UPDATE, me, json_object_new ());

  act->other = post;
  return tl_act_do (replica, run_feed_read, act);
}
