/* pull.c: builds the requests of a round and applies the answers. SQLite takes the answers apart; this
 * file never parses a bulk of JSON. Call ids name the part: "c0" changes of all types that are at one state,
 * "p4" what a push brought of type 4. */
#include "sync/pull.h"

#include "sync/remote.h"

#include <string.h>

#define FILE_SQL "pull.sql"
#define MAX_CHANGES 500

/* --- requests -------------------------------------------------------------------------------- */

static JsonBuilder *
begin_calls (void)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_array (builder);
  return builder;
}

static void
begin_call (JsonBuilder *builder, const char *type, const char *method, gint64 account)
{
  g_autofree char *name = g_strdup_printf ("%s/%s", type, method);
  char id[TL_ID_MAX];

  json_builder_begin_array (builder);
  json_builder_add_string_value (builder, name);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "accountId");
  json_builder_add_string_value (builder, tl_id_format (account, id));
}

static void
end_call (JsonBuilder *builder, char part, guint number)
{
  char call_id[8];

  g_snprintf (call_id, sizeof call_id, "%c%u", part, number);
  json_builder_end_object (builder);
  json_builder_add_string_value (builder, call_id);
  json_builder_end_array (builder);
}

static JsonNode *
end_calls (JsonBuilder *builder)
{
  JsonNode *root;

  json_builder_end_array (builder);
  root = json_builder_get_root (builder);
  g_object_unref (builder);
  return root;
}

/* Sync/changes of the types that are at the state of type `first`; of all types when those are all. */
static void
add_changes (JsonBuilder *builder, gint64 account, char *const *states, guint first)
{
  const char *since = states[tl_types[first]->number];
  gboolean is_all = TRUE;

  for (guint i = 0; tl_types[i]; i++)
    is_all &= g_str_equal (states[tl_types[i]->number], since);
  begin_call (builder, "Sync", "changes", account);
  json_builder_set_member_name (builder, "sinceState");
  json_builder_add_string_value (builder, since);
  json_builder_set_member_name (builder, "maxChanges");
  json_builder_add_int_value (builder, MAX_CHANGES);
  if (!is_all) {
    json_builder_set_member_name (builder, "types");
    json_builder_begin_array (builder);
    for (guint i = first; tl_types[i]; i++)
      if (g_str_equal (states[tl_types[i]->number], since))
        json_builder_add_string_value (builder, tl_types[i]->name);
    json_builder_end_array (builder);
  }
  end_call (builder, 'c', 0);
}

/* Is no type before this one at the same state? */
static gboolean
is_first_at (char *const *states, guint type)
{
  for (guint i = 0; i < type; i++)
    if (g_str_equal (states[tl_types[i]->number], states[tl_types[type]->number]))
      return FALSE;
  return TRUE;
}

/* Type/get of what is unconfirmed of that type. */
static void
add_get_unconfirmed (JsonBuilder *builder, const TlType *type, gint64 account,
                     const GArray *unconfirmed)
{
  gboolean is_open = FALSE;

  for (guint i = 0; i < unconfirmed->len; i++) {
    const TlObjectRef *ref = &g_array_index (unconfirmed, TlObjectRef, i);
    char id[TL_ID_MAX];

    if (ref->type != type->number)
      continue;
    if (!is_open) {
      begin_call (builder, type->name, "get", account);
      json_builder_set_member_name (builder, "ids");
      json_builder_begin_array (builder);
      is_open = TRUE;
    }
    json_builder_add_string_value (builder, tl_id_format (ref->key, id));
  }
  if (is_open) {
    json_builder_end_array (builder);
    end_call (builder, 'p', type->number);
  }
}

GArray *
tl_pull_unconfirmed (TlDb *db, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, FILE_SQL, "unconfirmed");
  g_autoptr (GArray) refs = g_array_new (FALSE, FALSE, sizeof (TlObjectRef));
  g_autoptr (GError) cause = NULL;

  sqlite3_bind_int (statement, 1, TL_PULL_UNCONFIRMED);
  while (tl_db_step (db, statement, &cause)) {
    TlObjectRef ref = { sqlite3_column_int64 (statement, 0),
                        (guint8)sqlite3_column_int (statement, 1) };
    g_array_append_val (refs, ref);
  }
  if (cause == NULL)
    return g_steal_pointer (&refs);
  g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}

JsonNode *
tl_pull_request (gint64 account, char *const *states, const GArray *unconfirmed)
{
  JsonBuilder *builder = begin_calls ();

  for (guint i = 0; tl_types[i]; i++)
    if (is_first_at (states, i))
      add_changes (builder, account, states, i);
  for (guint i = 0; tl_types[i]; i++)
    add_get_unconfirmed (builder, tl_types[i], account, unconfirmed);
  return end_calls (builder);
}

/* What is small and names things comes first, then the newest of what is large. */
static const TlType *const snapshot_order[] = {
  &tl_principal_type,      &tl_settings_type,        &tl_content_filter_type, &tl_feed_type,
  &tl_subscription_type,   &tl_read_marker_type,     &tl_room_type,           &tl_room_member_type,
  &tl_inbox_mark_type,     &tl_draft_type,           &tl_notification_type,   &tl_article_mark_type,
  &tl_calendar_type,       &tl_calendar_member_type, &tl_calendar_mark_type,  &tl_event_mark_type,
  &tl_calendar_event_type, &tl_message_type,         &tl_follow_type,         &tl_post_mark_type,
  &tl_post_type,           &tl_reaction_type,        &tl_article_type,
};

JsonNode *
tl_snapshot_request (gint64 account, const char *cursor, guint limit)
{
  JsonBuilder *builder = begin_calls ();

  begin_call (builder, "Snapshot", "fetch", account);
  json_builder_set_member_name (builder, "types");
  json_builder_begin_array (builder);
  for (guint i = 0; i < G_N_ELEMENTS (snapshot_order); i++)
    json_builder_add_string_value (builder, snapshot_order[i]->name);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "cursor");
  if (cursor)
    json_builder_add_string_value (builder, cursor);
  else
    json_builder_add_null_value (builder);
  json_builder_set_member_name (builder, "limit");
  json_builder_add_int_value (builder, limit);
  end_call (builder, 's', 0);
  return end_calls (builder);
}

/* --- answers --------------------------------------------------------------------------------- */

static const char *
column (sqlite3_stmt *statement, int index)
{
  return (const char *)sqlite3_column_text (statement, index);
}

static gboolean
refuse (GError **error, const char *what, const char *type, const char *description)
{
  g_autofree char *text = g_strdup_printf ("%s: %s%s%s", what, type ? type : "not an answer",
                                           description ? ": " : "", description ? description : "");
  g_autofree char *sentence = tl_remote_said (text);

  g_set_error_literal (error, TL_REMOTE_ERROR, TL_REMOTE_ERROR_PROTOCOL, sentence);
  return FALSE;
}

static gboolean
collect_arrivals (TlDb *db, TlPull *pull, const char *name, const char *json, const char *path,
                  GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, FILE_SQL, name);
  g_autoptr (GError) cause = NULL;

  if (pull->is_first)
    return TRUE;
  sqlite3_bind_text (statement, 1, json, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, path, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int64 (statement, 3, pull->me);
  while (tl_db_step (db, statement, &cause)) {
    TlArrival arrival = { sqlite3_column_int64 (statement, 0),
                          sqlite3_column_int64 (statement, 1) };
    g_array_append_val (pull->arrivals, arrival);
  }
  if (cause) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  return TRUE;
}

static gboolean
apply_list (TlDb *db, TlChanges *changes, TlPull *pull, const TlType *type, const char *json,
            const char *path, GError **error)
{
  const char *arrivals = type == &tl_message_type        ? "arrivals"
                         : type == &tl_notification_type ? "notices"
                                                         : NULL;

  if (arrivals && !collect_arrivals (db, pull, arrivals, json, path, error))
    return FALSE;
  return tl_apply_objects (db, changes, type, json, path, error) >= 0;
}

/* The response at `place` to the call `call_id`. */
typedef struct {
  int place;
  char *method, *call_id, *old_state, *new_state, *type, *description;
  gboolean is_whole; /* each member is what it should be */
} Response;

static void
response_clear (gpointer data)
{
  Response *self = data;

  g_free (self->method);
  g_free (self->call_id);
  g_free (self->old_state);
  g_free (self->new_state);
  g_free (self->type);
  g_free (self->description);
}

static GArray *
read_responses (TlDb *db, const char *json, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, FILE_SQL, "responses");
  g_autoptr (GArray) responses = g_array_new (FALSE, TRUE, sizeof (Response));
  g_autoptr (GError) cause = NULL;

  g_array_set_clear_func (responses, response_clear);
  sqlite3_bind_text (statement, 1, json, -1, SQLITE_STATIC);
  while (tl_db_step (db, statement, &cause)) {
    Response response = { .place = sqlite3_column_int (statement, 0),
                          .method = g_strdup (column (statement, 1)),
                          .call_id = g_strdup (column (statement, 2)),
                          .old_state = g_strdup (column (statement, 3)),
                          .new_state = g_strdup (column (statement, 4)),
                          .type = g_strdup (column (statement, 5)),
                          .description = g_strdup (column (statement, 6)),
                          .is_whole = sqlite3_column_int (statement, 7) };
    g_array_append_val (responses, response);
  }
  if (cause) {
    refuse (error, "The server's answer", "not JSON", NULL);
    return NULL;
  }
  if (responses->len == 0) {
    refuse (error, "The server's answer", NULL, NULL);
    return NULL;
  }
  return g_steal_pointer (&responses);
}

/* The statement `name` on the array at `path`. */
static gboolean
run_on_list (TlDb *db, const char *name, const TlType *type, const char *json, const char *path,
             GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, FILE_SQL, name);

  sqlite3_bind_int (statement, 1, type->number);
  sqlite3_bind_text (statement, 2, json, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 3, path, -1, SQLITE_TRANSIENT);
  return tl_db_run (db, statement, error);
}

/* The types at the response's old state are at its new one, but those that it says more of. */
static gboolean
set_states (TlDb *db, TlPull *pull, const Response *response, const char *json, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, FILE_SQL, "move-states");

  sqlite3_bind_text (statement, 1, response->old_state, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, response->new_state, -1, SQLITE_STATIC);
  if (!tl_db_run (db, statement, error))
    return FALSE;
  if (sqlite3_changes (tl_db_handle (db)) == 0)
    return refuse (error, "Sync/changes", "of a state that nobody asked for", NULL);
  statement = tl_db_statement (db, FILE_SQL, "stop-states");
  sqlite3_bind_text (statement, 1, json, -1, SQLITE_STATIC);
  sqlite3_bind_int (statement, 2, response->place);
  if (!tl_db_run (db, statement, error))
    return FALSE;
  pull->has_more |= sqlite3_changes (tl_db_handle (db)) > 0;
  return TRUE;
}

/* The names of the types that the response tells of. */
static GHashTable *
told_types (TlDb *db, const Response *response, const char *json, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, FILE_SQL, "told-types");
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) cause = NULL;

  sqlite3_bind_text (statement, 1, json, -1, SQLITE_STATIC);
  sqlite3_bind_int (statement, 2, response->place);
  while (tl_db_step (db, statement, &cause))
    g_hash_table_add (names, g_strdup (column (statement, 0)));
  if (cause == NULL)
    return g_steal_pointer (&names);
  g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}

/* What is gone first, then what is there, type after type. */
static gboolean
apply_changes (TlDb *db, TlChanges *changes, TlPull *pull, const Response *response,
               const char *json, GError **error)
{
  g_autoptr (GHashTable) told = told_types (db, response, json, error);

  for (guint i = 0; told && tl_types[i]; i++) {
    g_autofree char *gone = NULL;
    g_autofree char *there = NULL;

    if (!g_hash_table_contains (told, tl_types[i]->name))
      continue;
    gone = g_strdup_printf ("$.methodResponses[%d][1].destroyed.%s", response->place,
                            tl_types[i]->name);
    there =
        g_strdup_printf ("$.methodResponses[%d][1].objects.%s", response->place, tl_types[i]->name);
    if (!tl_apply_destroyed (db, changes, tl_types[i], json, gone, error) ||
        !apply_list (db, changes, pull, tl_types[i], json, there, error))
      return FALSE;
  }
  return told && set_states (db, pull, response, json, error);
}

/* What came by a push and was asked for again. */
static gboolean
apply_confirmed (TlDb *db, TlChanges *changes, TlPull *pull, const TlType *type,
                 const Response *response, const char *json, GError **error)
{
  g_autofree char *list = g_strdup_printf ("$.methodResponses[%d][1].list", response->place);
  g_autofree char *gone = g_strdup_printf ("$.methodResponses[%d][1].notFound", response->place);

  return apply_list (db, changes, pull, type, json, list, error) &&
         run_on_list (db, "confirmed", type, json, list, error) &&
         run_on_list (db, "confirmed", type, json, gone, error) &&
         tl_apply_destroyed (db, changes, type, json, gone, error);
}

static gboolean
apply_response (TlDb *db, TlChanges *changes, TlPull *pull, const Response *response,
                const char *json, GError **error)
{
  const TlType *type = NULL;

  if (g_strcmp0 (response->method, "error") == 0)
    return refuse (error, "The server's answer", response->type, response->description);
  if (!response->is_whole)
    return refuse (error, response->method, NULL, NULL);
  if (g_strcmp0 (response->method, "Sync/changes") == 0)
    return apply_changes (db, changes, pull, response, json, error);
  if (response->method && response->call_id && response->call_id[0] == 'p')
    type = tl_type_by_number ((guint)g_ascii_strtoull (response->call_id + 1, NULL, 10));
  if (type == NULL)
    return refuse (error, "The server's answer", response->type, response->description);
  return apply_confirmed (db, changes, pull, type, response, json, error);
}

gboolean
tl_pull_apply (TlDb *db, TlChanges *changes, TlPull *pull, const char *json, GError **error)
{
  g_autoptr (GArray) responses = read_responses (db, json, error);

  for (guint i = 0; responses && i < responses->len; i++) {
    const Response *response = &g_array_index (responses, Response, i);

    if (g_strcmp0 (response->type, "cannotCalculateChanges") == 0) {
      pull->needs_snapshot = TRUE;
      return TRUE;
    }
    if (!apply_response (db, changes, pull, response, json, error))
      return FALSE;
  }
  return responses != NULL;
}

/* --- first sync ------------------------------------------------------------------------------ */

static gboolean
finish_snapshot (TlDb *db, TlChanges *changes, const char *state, GError **error)
{
  for (guint i = 0; tl_types[i]; i++) {
    g_autofree char *name = g_strdup_printf ("state:%s", tl_types[i]->name);
    if (!tl_replica_set_meta (db, name, state, error))
      return FALSE;
  }
  return tl_replica_end_anew (db, changes, error) &&
         tl_replica_set_meta (db, "snapshot", NULL, error);
}

gboolean
tl_snapshot_apply (TlDb *db, TlChanges *changes, const char *json, char **cursor, guint *count,
                   GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, FILE_SQL, "snapshot");
  g_autofree char *before = g_steal_pointer (cursor);
  g_autofree char *state = NULL;
  g_autofree char *method = NULL;

  sqlite3_bind_text (statement, 1, json, -1, SQLITE_STATIC);
  if (!tl_db_step (db, statement, error))
    return FALSE;
  method = g_strdup (column (statement, 0));
  if (g_strcmp0 (method, "Snapshot/fetch") != 0 || !sqlite3_column_int (statement, 5))
    return refuse (error, "Snapshot/fetch", column (statement, 3), column (statement, 4));
  state = g_strdup (column (statement, 1));
  *cursor = g_strdup (column (statement, 2));
  sqlite3_reset (statement);
  if (*cursor && g_strcmp0 (*cursor, before) == 0)
    return refuse (error, "Snapshot/fetch", "the same page again", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (snapshot_order); i++) {
    g_autofree char *path =
        g_strdup_printf ("$.methodResponses[0][1].objects.%s", snapshot_order[i]->name);
    gint n = tl_apply_objects (db, changes, snapshot_order[i], json, path, error);

    if (n < 0)
      return FALSE;
    *count += (guint)n;
  }
  if (*cursor)
    return tl_replica_set_meta (db, "snapshot", *cursor, error);
  return finish_snapshot (db, changes, state, error);
}

/* --- pushes ---------------------------------------------------------------------------------- */

gboolean
tl_push_apply (TlDb *db, TlChanges *changes, TlPull *pull, const char *json, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, FILE_SQL, "pushed-types");
  g_autoptr (GPtrArray) types = g_ptr_array_new ();
  g_autoptr (GPtrArray) gone = g_ptr_array_new ();
  g_autoptr (GError) cause = NULL;

  sqlite3_bind_text (statement, 1, json, -1, SQLITE_STATIC);
  while (tl_db_step (db, statement, &cause)) {
    const TlType *type = tl_type_by_name (column (statement, 0));
    gboolean is_gone = g_strcmp0 (column (statement, 1), "destroyed") == 0;

    if (type)
      g_ptr_array_add (is_gone ? gone : types, (gpointer)type);
  }
  if (cause) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  for (guint i = 0; i < types->len; i++) {
    const TlType *type = types->pdata[i];
    g_autofree char *path = g_strdup_printf ("$.objects.%s", type->name);

    if (!run_on_list (db, "pushed", type, json, path, error) ||
        !apply_list (db, changes, pull, type, json, path, error))
      return FALSE;
  }
  for (guint i = 0; i < gone->len; i++) {
    const TlType *type = gone->pdata[i];
    g_autofree char *path = g_strdup_printf ("$.destroyed.%s", type->name);

    if (!run_on_list (db, "pushed", type, json, path, error) ||
        !tl_apply_destroyed (db, changes, type, json, path, error))
      return FALSE;
  }
  return TRUE;
}
