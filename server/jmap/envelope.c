/* envelope.c: a Request object in, a Response object out (RFC 8620, 3.3 and 3.4).
 *
 * Results are spliced into the response as the text that PostgreSQL made of them; only what a later
 * call refers to is parsed. */
#include "server/jmap/envelope.h"

#include "server/jmap/log.h"
#include "server/jmap/methods.h"
#include "server/jmap/refs.h"

#include <string.h>

#define MAX_VALUES 250000 /* in a request: a tree of values takes far more memory than its text */
#define MAX_RESPONSE (32 * 1024 * 1024) /* bytes: no call is begun after that much */

typedef struct {
  JsonNode *root;
  GPtrArray *using;      /* of strings that `root` holds */
  JsonArray *calls;      /* each [name, {…}, id], checked */
  JsonObject *created;   /* NULL when the request had none */
  GHashTable *refers_to; /* call ids that a result reference names */
} Request;

static void
request_clear (Request *self)
{
  g_clear_pointer (&self->root, json_node_unref);
  g_clear_pointer (&self->using, g_ptr_array_unref);
  g_clear_pointer (&self->refers_to, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Request, request_clear)

G_GNUC_PRINTF (3, 4)
static gboolean
refuse (GError **error, TlJmapError code, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error)
    *error = g_error_new_valist (TL_JMAP_ERROR, (int)code, format, args);
  va_end (args);
  return FALSE;
}

static gboolean
read_using (Request *self, JsonObject *object, GError **error)
{
  JsonNode *node = json_object_get_member (object, "using");
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return refuse (error, TL_JMAP_ERROR_NOT_REQUEST, "“using” is not an array");
  array = json_node_get_array (node);
  self->using = g_ptr_array_new ();
  for (guint i = 0; i < json_array_get_length (array); i++) {
    const char *name = tl_node_string (json_array_get_element (array, i));

    if (name == NULL)
      return refuse (error, TL_JMAP_ERROR_NOT_REQUEST, "“using” holds what is not a string");
    if (!tl_session_has_capability (name))
      return refuse (error, TL_JMAP_ERROR_UNKNOWN_CAPABILITY, "This server has no “%.200s”", name);
    g_ptr_array_add (self->using, (gpointer)name);
  }
  return TRUE;
}

static void
note_references (Request *self, JsonObject *args)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init (&iter, args);
  while (json_object_iter_next (&iter, &name, &value)) {
    JsonNode *call;

    if (name[0] != '#' || !JSON_NODE_HOLDS_OBJECT (value))
      continue;
    call = json_object_get_member (json_node_get_object (value), "resultOf");
    if (call && tl_node_string (call))
      g_hash_table_add (self->refers_to, g_strdup (tl_node_string (call)));
  }
}

static gboolean
is_call (JsonNode *node)
{
  JsonArray *call;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  call = json_node_get_array (node);
  return json_array_get_length (call) == 3 && tl_node_string (json_array_get_element (call, 0)) &&
         JSON_NODE_HOLDS_OBJECT (json_array_get_element (call, 1)) &&
         tl_node_string (json_array_get_element (call, 2));
}

static gboolean
read_calls (Request *self, JsonObject *object, GError **error)
{
  JsonNode *node = json_object_get_member (object, "methodCalls");
  guint n;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return refuse (error, TL_JMAP_ERROR_NOT_REQUEST, "“methodCalls” is not an array");
  self->calls = json_node_get_array (node);
  /* its own: a reference goes when it is resolved */
  self->refers_to = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  n = json_array_get_length (self->calls);
  if (n > TL_MAX_CALLS)
    return refuse (error, TL_JMAP_ERROR_MAX_CALLS, "%u calls are more than %d", n, TL_MAX_CALLS);
  for (guint i = 0; i < n; i++) {
    JsonNode *call = json_array_get_element (self->calls, i);

    if (!is_call (call))
      return refuse (error, TL_JMAP_ERROR_NOT_REQUEST,
                     "Method call %u is not [name, arguments, id]", i);
    note_references (self, json_array_get_object_element (json_node_get_array (call), 1));
  }
  return TRUE;
}

static gboolean
read_created (Request *self, JsonObject *object, GError **error)
{
  JsonNode *node = json_object_get_member (object, "createdIds");
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (error, TL_JMAP_ERROR_NOT_REQUEST, "“createdIds” is not an object");
  self->created = json_node_get_object (node);
  json_object_iter_init (&iter, self->created);
  while (json_object_iter_next (&iter, &name, &value))
    if (tl_node_string (value) == NULL)
      return refuse (error, TL_JMAP_ERROR_NOT_REQUEST, "“createdIds” holds what is not an id");
  return TRUE;
}

/* Before each value and each member's name stands one of [ { , : outside of strings (or nothing): their
 * number is known without building anything. */
static gboolean
has_few_values (const char *json, gsize length)
{
  gboolean in_string = FALSE;
  guint n = 0;

  for (gsize i = 0; i < length && n <= MAX_VALUES; i++) {
    char c = json[i];

    if (c == '"')
      in_string = !in_string;
    else if (in_string)
      i += c == '\\'; /* and what it escapes */
    else
      n += c == '[' || c == '{' || c == ',' || c == ':';
  }
  return n <= MAX_VALUES;
}

static gboolean
read_request (Request *self, const char *json, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) why = NULL;
  JsonObject *object;

  json_parser_set_strict (parser, TRUE);
  if (!g_utf8_validate_len (json, length, NULL))
    return refuse (error, TL_JMAP_ERROR_NOT_JSON, "The request is not UTF-8");
  if (!has_few_values (json, length))
    return refuse (error, TL_JMAP_ERROR_MAX_SIZE, "The request holds more than %d values",
                   MAX_VALUES);
  if (!json_parser_load_from_data (parser, json, (gssize)length, &why))
    return refuse (error, TL_JMAP_ERROR_NOT_JSON, "%s", why->message);
  self->root = json_parser_steal_root (parser);
  if (self->root == NULL)
    return refuse (error, TL_JMAP_ERROR_NOT_JSON, "The request is empty");
  if (!JSON_NODE_HOLDS_OBJECT (self->root))
    return refuse (error, TL_JMAP_ERROR_NOT_REQUEST, "The request is not an object");
  object = json_node_get_object (self->root);
  return read_using (self, object, error) && read_calls (self, object, error) &&
         read_created (self, object, error);
}

/* One call may give much; what many calls of one request give is bounded all the same. */
static gboolean
has_room (gsize length, GError **error)
{
  return length <= MAX_RESPONSE ||
         tl_refuse (error, TL_METHOD_ERROR_REQUEST_TOO_LARGE,
                    "The calls before gave more than %d MB; ask for the rest by itself",
                    MAX_RESPONSE / 1024 / 1024);
}

/* Whoever waited for the database once in a request does not wait again. */
static gboolean
is_there (TlCall *call, GError **error)
{
  return !call->is_away || tl_refuse (error, TL_METHOD_ERROR_SERVER_UNAVAILABLE,
                                      "The database is away; try again later");
}

static void
run_call (TlCall *call, Request *request, TlResults *results, JsonArray *item, GString *out)
{
  g_autoptr (GError) error = NULL;
  const char *name = json_array_get_string_element (item, 0);
  JsonObject *args = json_array_get_object_element (item, 1);
  const char *id = json_array_get_string_element (item, 2);
  gsize start = out->len;
  gsize body;
  gboolean done = FALSE;

  g_string_append_c (out, '[');
  tl_json_append_string (out, name);
  g_string_append_c (out, ',');
  body = out->len;
  if (is_there (call, &error) && has_room (start, &error) &&
      tl_results_resolve (results, args, &error))
    done = tl_method_run (call, name, args, request->using, out);
  else
    tl_method_append_error (out, error);
  if (done && g_hash_table_contains (request->refers_to, id))
    tl_results_add (results, name, id, out->str + body, out->len - body);
  if (!done) {
    g_autofree char *refusal = g_strdup (out->str + body);

    g_string_truncate (out, start);
    g_string_append_printf (out, "[\"error\",%s", refusal);
  }
  g_string_append_c (out, ',');
  tl_json_append_string (out, id);
  g_string_append_c (out, ']');
}

static void
append_created (GString *out, JsonObject *created)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, created);
  g_string_append (out, ",\"createdIds\":");
  tl_json_append_node (out, node);
}

static JsonObject *
copy_created (JsonObject *from)
{
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (from) {
    json_object_iter_init (&iter, from);
    while (json_object_iter_next (&iter, &name, &value))
      json_object_set_string_member (copy, name, json_node_get_string (value));
  }
  return copy;
}

/* NULL: no call was answered, as the database is away. */
static char *
respond (TlCall *call, Request *request, GError **error)
{
  g_autoptr (TlResults) results = tl_results_new ();
  g_autofree char *session = tl_session_state (call->server, call->account);
  GString *out = g_string_sized_new (4096);

  g_string_append (out, "{\"methodResponses\":[");
  for (guint i = 0; i < json_array_get_length (request->calls); i++) {
    tl_json_append_comma (out);
    run_call (call, request, results, json_array_get_array_element (request->calls, i), out);
    if (i == 0 && call->is_away) {
      g_string_free (out, TRUE);
      refuse (error, TL_JMAP_ERROR_UNAVAILABLE, "The database is away; try again later");
      return NULL;
    }
  }
  g_string_append_c (out, ']');
  if (request->created)
    append_created (out, call->created);
  g_string_append (out, ",\"sessionState\":");
  tl_json_append_string (out, session);
  g_string_append_c (out, '}');
  return g_string_free_and_steal (out);
}

char *
tl_envelope_run (TlServer *server, TlPg *pg, gint64 account, const char *session, const char *json,
                 gsize length, GError **error)
{
  g_auto (Request) request = { 0 };
  TlCall call = { .server = server, .pg = pg, .account = account, .session = session };
  char *response;

  if (!read_request (&request, json, length, error))
    return NULL;
  tl_id_format (account, call.account_id);
  g_snprintf (call.account_number, sizeof call.account_number, "%" G_GINT64_FORMAT, account);
  call.created = copy_created (request.created);
  call.logs = tl_logs_new ();
  response = respond (&call, &request, error);
  g_hash_table_unref (call.logs);
  g_free (call.state);
  json_object_unref (call.created);
  return response;
}
