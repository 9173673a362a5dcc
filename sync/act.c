/* act.c: see the header. An act is shared by the write and by whoever waits for its key: both threads. */
#include "sync/act.h"

#include "sync/drafts.h"
#include "sync/overlay.h"

static void
act_clear (gpointer data)
{
  TlAct *act = data;

  g_free (act->text);
  g_free (act->folder);
  g_free (act->draft);
  g_clear_pointer (&act->body, json_object_unref);
  g_clear_pointer (&act->keys, g_array_unref);
}

static void
act_unref (gpointer act)
{
  g_atomic_rc_box_release_full (act, act_clear);
}

TlAct *
tl_act_new (const TlType *type, TlVerb verb, gint64 key, JsonObject *body)
{
  TlAct *act = g_atomic_rc_box_new0 (TlAct);

  act->type = type;
  act->verb = verb;
  act->key = key;
  act->body = body;
  return act;
}

gboolean
tl_act_run_plain (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  TlAct *act = data;

  act->result = act->key;
  if (act->draft && !tl_draft_sent (db, changes, act->draft, error))
    return FALSE;
  return tl_outbox_add (db, changes, act->type, act->verb, &act->result,
                        g_steal_pointer (&act->body), error);
}

DexFuture *
tl_act_do (TlReplica *replica, TlWriteFunc func, TlAct *act)
{
  return tl_replica_write (replica, func, act, act_unref);
}

static DexFuture *
give_key (DexFuture *done, gpointer data)
{
  TlAct *act = data;
  return dex_future_new_for_int64 (act->result);
}

DexFuture *
tl_act_do_for_key (TlReplica *replica, TlWriteFunc func, TlAct *act)
{
  TlAct *kept = g_atomic_rc_box_acquire (act);
  return dex_future_then (tl_act_do (replica, func, act), give_key, kept, act_unref);
}

DexFuture *
tl_act_do_plain (TlReplica *replica, const TlType *type, TlVerb verb, gint64 key, JsonObject *body)
{
  return tl_act_do (replica, tl_act_run_plain, tl_act_new (type, verb, key, body));
}

void
tl_act_set_text (JsonObject *body, const char *name, const char *text)
{
  if (text && *text)
    json_object_set_string_member (body, name, text);
  else
    json_object_set_null_member (body, name);
}

void
tl_act_set_ref (JsonObject *body, const char *name, gint64 key)
{
  char ref[TL_ID_MAX + 1];
  json_object_set_string_member (body, name, tl_ref_format (key, ref));
}

void
tl_act_set_json (JsonObject *body, const char *name, char *json)
{
  if (json)
    json_object_set_member (body, name, json_from_string (json, NULL));
  g_free (json);
}

gint64
tl_act_ask (TlDb *db, sqlite3_stmt *statement, gint64 otherwise, GError **error)
{
  if (tl_db_step (db, statement, error) && sqlite3_column_type (statement, 0) != SQLITE_NULL)
    otherwise = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return otherwise;
}
