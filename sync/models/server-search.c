/* server-search.c: Search/query, then a Type/get of what is missing, in one fiber. */
#include "sync/models/server-search.h"

#include "sync/apply.h"
#include "sync/models/key-list.h"
#include "sync/models/search-terms.h"
#include "sync/record-sql.h"

#include <libdex.h>

typedef struct {
  TlReplica *replica;
  TlRemote *remote;
  gint64 me;
  char *text;
  guint8 type;
  GArray *hits;    /* of TlKeyRow */
  GArray *missing; /* of TlKeyRow: those that are not here */
  char *fetched;   /* the answer that has them */
} Search;

static const TlType *const searched[] = {
  &tl_principal_type, &tl_room_type,    &tl_message_type,
  &tl_post_type,      &tl_article_type, &tl_calendar_event_type,
};

static void
search_free (gpointer data)
{
  Search *self = data;

  g_object_unref (self->replica);
  g_object_unref (self->remote);
  g_array_unref (self->hits);
  g_array_unref (self->missing);
  g_free (self->text);
  g_free (self->fetched);
  g_free (self);
}

/* --- asking -------------------------------------------------------------------------------------- */

gboolean
tl_server_search_knows (const char *text)
{
  g_autoptr (TlTerms) terms = tl_terms_parse (text);

  return tl_search_query_asks (terms->query);
}

static void
begin_call (JsonBuilder *builder, const char *method, gint64 me)
{
  char id[TL_ID_MAX];

  json_builder_begin_array (builder);
  json_builder_add_string_value (builder, method);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "accountId");
  json_builder_add_string_value (builder, tl_id_format (me, id));
}

static void
end_call (JsonBuilder *builder, const char *call_id)
{
  json_builder_end_object (builder);
  json_builder_add_string_value (builder, call_id);
  json_builder_end_array (builder);
}

static JsonNode *
compose_query (const Search *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  json_builder_begin_array (builder);
  begin_call (builder, "Search/query", self->me);
  json_builder_set_member_name (builder, "text");
  json_builder_add_string_value (builder, self->text);
  json_builder_set_member_name (builder, "timeZone");
  json_builder_add_string_value (builder, g_time_zone_get_identifier (zone));
  json_builder_set_member_name (builder, "limit");
  json_builder_add_int_value (builder, TL_SERVER_HITS_MAX);
  json_builder_set_member_name (builder, "types");
  json_builder_begin_array (builder);
  for (guint i = 0; i < G_N_ELEMENTS (searched); i++)
    if (self->type == 0 || self->type == searched[i]->number)
      json_builder_add_string_value (builder, searched[i]->name);
  json_builder_end_array (builder);
  end_call (builder, "0");
  json_builder_end_array (builder);
  return json_builder_get_root (builder);
}

/* The arguments of the first response; NULL when it is none of `method`. */
static JsonObject *
response (JsonNode *root, const char *method)
{
  JsonObject *body = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  JsonNode *responses = body ? json_object_get_member (body, "methodResponses") : NULL;
  JsonArray *list =
      responses && JSON_NODE_HOLDS_ARRAY (responses) ? json_node_get_array (responses) : NULL;
  JsonArray *first = list && json_array_get_length (list) > 0 &&
                             JSON_NODE_HOLDS_ARRAY (json_array_get_element (list, 0))
                         ? json_array_get_array_element (list, 0)
                         : NULL;

  return first && json_array_get_length (first) == 3 &&
                 g_strcmp0 (json_node_get_string (json_array_get_element (first, 0)), method) ==
                     0 &&
                 JSON_NODE_HOLDS_OBJECT (json_array_get_element (first, 1))
             ? json_array_get_object_element (first, 1)
             : NULL;
}

static void
take_hit (JsonArray *hits, guint i, JsonNode *node, gpointer data)
{
  Search *self = data;
  JsonObject *hit = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *name = hit ? json_object_get_string_member_with_default (hit, "type", NULL) : NULL;
  const char *id = hit ? json_object_get_string_member_with_default (hit, "id", NULL) : NULL;
  const TlType *type = name ? tl_type_by_name (name) : NULL;
  TlKeyRow row = { 0 };

  for (guint n = 0; n < G_N_ELEMENTS (searched); n++)
    if (type == searched[n])
      row.section = type->number;
  if (row.section != 0 && id && tl_id_parse (id, &row.key) && self->hits->len < TL_SERVER_HITS_MAX)
    g_array_append_val (self->hits, row);
}

static gboolean
read_hits (Search *self, GBytes *answer, GError **error)
{
  gsize size;
  const char *text = g_bytes_get_data (answer, &size);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *found;

  if (!json_parser_load_from_data (parser, text, (gssize)size, error))
    return FALSE;
  found = response (json_parser_get_root (parser), "Search/query");
  if (found && json_object_has_member (found, "hits") &&
      JSON_NODE_HOLDS_ARRAY (json_object_get_member (found, "hits"))) {
    json_array_foreach_element (json_object_get_array_member (found, "hits"), take_hit, self);
    return TRUE;
  }
  g_set_error_literal (error, TL_REMOTE_ERROR, TL_REMOTE_ERROR_PROTOCOL,
                       "The server's answer to a search has no hits");
  return FALSE;
}

/* --- fetching ------------------------------------------------------------------------------------ */

/* Reader thread. */
static gpointer
find_missing (TlDb *db, gpointer data, GError **error)
{
  const GArray *hits = data;
  g_autoptr (GArray) missing = g_array_new (FALSE, FALSE, sizeof (TlKeyRow));

  for (guint i = 0; i < hits->len; i++) {
    const TlKeyRow *hit = &g_array_index (hits, TlKeyRow, i);
    const TlType *type = tl_type_by_number ((guint8)hit->section);
    g_autoptr (GError) failed = NULL;
    gpointer record = tl_record_load (db, type, hit->key, &failed);

    if (failed) {
      g_propagate_error (error, g_steal_pointer (&failed));
      return NULL;
    }
    if (record)
      tl_record_free (type, record);
    else
      g_array_append_val (missing, *hit);
  }
  return g_steal_pointer (&missing);
}

static JsonNode *
compose_gets (const Search *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint t = 0; t < G_N_ELEMENTS (searched); t++) {
    g_autofree char *method = g_strconcat (searched[t]->name, "/get", NULL);

    begin_call (builder, method, self->me);
    json_builder_set_member_name (builder, "ids");
    json_builder_begin_array (builder);
    for (guint i = 0; i < self->missing->len; i++) {
      const TlKeyRow *row = &g_array_index (self->missing, TlKeyRow, i);
      char id[TL_ID_MAX];

      if (row->section == searched[t]->number)
        json_builder_add_string_value (builder, tl_id_format (row->key, id));
    }
    json_builder_end_array (builder);
    end_call (builder, searched[t]->name);
  }
  json_builder_end_array (builder);
  return json_builder_get_root (builder);
}

/* Writer thread. A round asks for them again, so that it does not matter what happened meanwhile. */
static gboolean
keep_fetched (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  const Search *self = data;

  for (guint t = 0; t < G_N_ELEMENTS (searched); t++) {
    g_autofree char *path = g_strdup_printf ("$.methodResponses[%u][1].list", t);

    if (tl_apply_objects (db, changes, searched[t], self->fetched, path, error) < 0)
      return FALSE;
  }
  for (guint i = 0; i < self->missing->len; i++) {
    const TlKeyRow *row = &g_array_index (self->missing, TlKeyRow, i);

    if (!tl_apply_unconfirmed (db, tl_type_by_number ((guint8)row->section), row->key, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
fetch_missing (Search *self, GError **error)
{
  GArray *missing = dex_await_pointer (
      tl_replica_read (self->replica, find_missing, g_array_ref (self->hits),
                       (GDestroyNotify)g_array_unref, (GDestroyNotify)g_array_unref),
      error);
  g_autoptr (GBytes) answer = NULL;

  if (missing == NULL)
    return FALSE;
  g_array_unref (self->missing);
  self->missing = missing;
  if (missing->len == 0)
    return TRUE;
  answer = dex_await_boxed (tl_remote_call (self->remote, compose_gets (self)), error);
  if (answer == NULL)
    return FALSE;
  self->fetched = g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  return dex_await (tl_replica_write (self->replica, keep_fetched, self, NULL), error);
}

static DexFuture *
search_fiber (gpointer data)
{
  Search *self = data;
  GError *error = NULL;
  g_autoptr (GBytes) answer =
      dex_await_boxed (tl_remote_call (self->remote, compose_query (self)), &error);

  if (answer && read_hits (self, answer, &error) && fetch_missing (self, &error))
    return dex_future_new_take_boxed (G_TYPE_ARRAY, g_array_ref (self->hits));
  return dex_future_new_for_error (error);
}

DexFuture *
tl_server_search (TlReplica *replica, TlRemote *remote, gint64 me, const char *text, guint8 type)
{
  Search *self = g_new0 (Search, 1);

  self->replica = g_object_ref (replica);
  self->remote = g_object_ref (remote);
  self->me = me;
  self->text = g_strdup (text);
  self->type = type;
  self->hits = g_array_new (FALSE, FALSE, sizeof (TlKeyRow));
  self->missing = g_array_new (FALSE, FALSE, sizeof (TlKeyRow));
  return dex_scheduler_spawn (NULL, 0, search_fiber, self, search_free);
}
