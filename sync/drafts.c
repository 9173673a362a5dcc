/* drafts.c: see the header. What is typed goes to local.db; sharing is in draft-share.c. Futures on the main thread,
 * their work in the writer's and the readers'. */
#include "sync/draft-private.h"

#include <json-glib/json-glib.h>

void
tl_local_draft_clear (TlLocalDraft *self)
{
  g_free (self->text);
  g_free (self->seen);
  g_free (self->more);
  g_free (self->other);
  g_free (self->other_more);
}

static char *
column (sqlite3_stmt *row, int index)
{
  return g_strdup ((const char *)sqlite3_column_text (row, index));
}

gboolean
tl_local_draft_load (TlDb *db, const char *place, TlLocalDraft *draft, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, TL_DRAFTS_SQL, "local");

  sqlite3_bind_text (statement, 1, place, -1, SQLITE_STATIC);
  if (!tl_db_step (db, statement, error))
    return FALSE;
  draft->text = column (statement, 0);
  draft->seen = column (statement, 1);
  draft->is_dirty = sqlite3_column_int (statement, 2);
  draft->more = column (statement, 3);
  draft->other = column (statement, 4);
  draft->other_more = column (statement, 5);
  sqlite3_reset (statement);
  if (draft->text == NULL)
    draft->text = g_strdup ("");
  if (draft->seen == NULL)
    draft->seen = g_strdup ("");
  return TRUE;
}

static gboolean
store_text (TlDb *db, const char *place, const char *text, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, TL_DRAFTS_SQL, *text ? "set-text" : "remove-text");

  sqlite3_bind_text (statement, 1, place, -1, SQLITE_STATIC);
  if (*text) {
    sqlite3_bind_text (statement, 2, text, -1, SQLITE_STATIC);
    sqlite3_bind_int64 (statement, 3, g_get_real_time () / 1000);
  }
  return tl_db_run (db, statement, error);
}

gboolean
tl_local_draft_store (TlDb *db, const char *place, const TlLocalDraft *draft, GError **error)
{
  sqlite3_stmt *statement;

  if (!store_text (db, place, draft->text, error))
    return FALSE;
  statement = tl_db_statement (db, TL_DRAFTS_SQL, "set-sync");
  sqlite3_bind_text (statement, 1, place, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, draft->seen, -1, SQLITE_STATIC);
  sqlite3_bind_int (statement, 3, draft->is_dirty);
  sqlite3_bind_text (statement, 4, draft->more, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 5, draft->other, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 6, draft->other_more, -1, SQLITE_STATIC);
  return tl_db_run (db, statement, error);
}

/* --- what is beside the text -------------------------------------------------------------------- */

/* By name, so that the same is the same text. */
static char *
more_to_text (GHashTable *more)
{
  g_autoptr (GList) names =
      more ? g_list_sort (g_hash_table_get_keys (more), (GCompareFunc)strcmp) : NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  if (names == NULL)
    return NULL;
  object = json_object_new ();
  for (GList *at = names; at; at = at->next)
    json_object_set_string_member (object, at->data, g_hash_table_lookup (more, at->data));
  node = json_node_init_object (json_node_alloc (), object);
  json_object_unref (object);
  return json_to_string (node, FALSE);
}

static GHashTable *
more_from_text (const char *text)
{
  g_autoptr (JsonNode) node = text ? json_from_string (text, NULL) : NULL;
  GHashTable *more;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  more = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &value))
    if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
      g_hash_table_insert (more, g_strdup (name), json_node_dup_string (value));
  return more;
}

void
tl_draft_text_free (TlDraftText *self)
{
  g_free (self->text);
  g_free (self->other);
  g_clear_pointer (&self->more, g_hash_table_unref);
  g_clear_pointer (&self->other_more, g_hash_table_unref);
  g_free (self);
}

/* --- futures ------------------------------------------------------------------------------------ */

typedef struct {
  char *place, *text, *more, *known;
  gboolean is_whole; /* `more` and `known` count */
  gboolean take_other;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->place);
  g_free (request->text);
  g_free (request->more);
  g_free (request->known);
  g_free (request);
}

static Request *
request_new (const char *place, const char *text)
{
  Request *request = g_new0 (Request, 1);

  request->place = g_strdup (place);
  request->text = g_strdup (text ? text : "");
  return request;
}

static gboolean
keep (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  Request *request = data;
  g_auto (TlLocalDraft) draft = { 0 };

  if (!tl_local_draft_load (db, request->place, &draft, error))
    return FALSE;
  if (!request->is_whole)
    g_set_str (&request->more, draft.more);
  if (g_str_equal (draft.text, request->text) && g_strcmp0 (draft.more, request->more) == 0)
    return TRUE;
  if (request->known && *draft.text && !g_str_equal (draft.text, request->known)) {
    g_set_str (&draft.other, draft.text);
    g_set_str (&draft.other_more, draft.more);
  }
  g_set_str (&draft.text, request->text);
  g_set_str (&draft.more, request->more);
  draft.is_dirty = TRUE;
  tl_changes_local (changes);
  return tl_local_draft_store (db, request->place, &draft, error);
}

DexFuture *
tl_draft_save (TlReplica *replica, const char *place, const char *text)
{
  return tl_replica_write (replica, keep, request_new (place, text), request_free);
}

DexFuture *
tl_draft_keep (TlReplica *replica, const char *place, const char *text, GHashTable *more,
               const char *known)
{
  Request *request = request_new (place, text);

  request->is_whole = TRUE;
  request->more = more_to_text (more);
  request->known = g_strdup (known);
  g_clear_pointer (&more, g_hash_table_unref);
  return tl_replica_write (replica, keep, request, request_free);
}

static gpointer
read_draft (TlDb *db, gpointer data, GError **error)
{
  Request *request = data;
  g_auto (TlLocalDraft) draft = { 0 };
  TlDraftText *text;

  if (!tl_local_draft_load (db, request->place, &draft, error))
    return NULL;
  text = g_new0 (TlDraftText, 1);
  text->text = *draft.text ? g_steal_pointer (&draft.text) : NULL;
  text->more = more_from_text (draft.more);
  text->other = g_steal_pointer (&draft.other);
  text->other_more = more_from_text (draft.other_more);
  return text;
}

static void
free_read (gpointer text)
{
  tl_draft_text_free (text);
}

DexFuture *
tl_draft_read (TlReplica *replica, const char *place)
{
  return tl_replica_read (replica, read_draft, request_new (place, NULL), request_free, free_read);
}

static DexFuture *
to_string (DexFuture *read, gpointer data)
{
  g_autoptr (TlDraftText) draft = g_value_get_pointer (dex_future_get_value (read, NULL));

  return dex_future_new_take_string (g_steal_pointer (&draft->text));
}

DexFuture *
tl_draft_load (TlReplica *replica, const char *place)
{
  return dex_future_then (tl_draft_read (replica, place), to_string, NULL, NULL);
}

static gboolean
share (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  Request *request = data;

  return request->place ? tl_draft_share_one (db, changes, request->place, error)
                        : tl_draft_share_all (db, changes, error);
}

DexFuture *
tl_draft_share (TlReplica *replica, const char *place)
{
  return tl_replica_write (replica, share, request_new (place, NULL), request_free);
}

static gboolean
decide (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  Request *request = data;
  g_auto (TlLocalDraft) draft = { 0 };

  if (!tl_local_draft_load (db, request->place, &draft, error))
    return FALSE;
  if (request->take_other && draft.other) {
    g_set_str (&draft.text, draft.other);
    g_set_str (&draft.more, draft.other_more);
  }
  draft.is_dirty = TRUE;
  g_clear_pointer (&draft.other, g_free);
  g_clear_pointer (&draft.other_more, g_free);
  tl_changes_local (changes);
  return tl_local_draft_store (db, request->place, &draft, error) &&
         tl_draft_share_one (db, changes, request->place, error);
}

DexFuture *
tl_draft_decide (TlReplica *replica, const char *place, gboolean take_other)
{
  Request *request = request_new (place, NULL);

  request->take_other = take_other;
  return tl_replica_write (replica, decide, request, request_free);
}

gboolean
tl_draft_sent (TlDb *db, TlChanges *changes, const char *place, GError **error)
{
  g_auto (TlLocalDraft) draft = { 0 };

  if (!tl_local_draft_load (db, place, &draft, error))
    return FALSE;
  g_set_str (&draft.text, "");
  g_clear_pointer (&draft.more, g_free);
  draft.is_dirty = TRUE;
  return tl_local_draft_store (db, place, &draft, error) &&
         tl_draft_share_one (db, changes, place, error);
}

static gboolean
drop (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  tl_changes_local (changes);
  return tl_draft_sent (db, changes, ((Request *)data)->place, error);
}

DexFuture *
tl_draft_drop (TlReplica *replica, const char *place)
{
  return tl_replica_write (replica, drop, request_new (place, NULL), request_free);
}
