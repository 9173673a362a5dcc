/* liar.c: see the header. */
#include "tests/sync/liar.h"

#include <libsoup/soup.h>
#include <string.h>

#define STATE "1.1:1:"
#define SNAPSHOT                                                                                   \
  "{\"state\":\"" STATE                                                                            \
  "\",\"cursor\":null,\"objects\":{\"Room\":[{\"id\":\"t3\",\"name\":\"Boats\"}],"                 \
  "\"Message\":[{\"id\":\"t7\",\"roomId\":\"t3\",\"senderId\":\"t5\",\"seq\":1,\"body\":\"hi\","   \
  "\"sentAt\":\"2026-11-04T18:00:00Z\"}]}}"
#define CHANGES "{\"newState\":\"" STATE "\",\"objects\":{},\"destroyed\":{},\"states\":{}}"
#define TOKENS                                                                                     \
  "{\"login\":\"robin\",\"accountId\":\"t1\",\"accessToken\":\"a\",\"expiresIn\":600,"             \
  "\"refreshToken\":\"r\","                                                                        \
  "\"name\":\"Ana\"}"

struct _Liar {
  SoupServer *server;
  char *url;
  GHashTable *counts; /* by path */
  GHashTable *ids;    /* by opId */
  GString *heard, *done;
  gint64 next_id;

  char *path, *header, *word; /* of the lie */
  guint status;
  GBytes *body;
  gsize cut;
  LiarTwist twist;
};

/* --- honest answers ---------------------------------------------------------------------------- */

static JsonObject *
parse (const char *text)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  return json_node_dup_object (node);
}

static const char *
id_for (Liar *self, JsonObject *object)
{
  const char *op = json_object_get_string_member (object, "@opId");
  char *id = g_hash_table_lookup (self->ids, op);

  if (id)
    return id;
  id = g_strdup_printf ("t%" G_GINT64_FORMAT, self->next_id++);
  g_hash_table_insert (self->ids, g_strdup (op), id);
  g_string_append_printf (self->done, "%s ",
                          json_object_get_string_member_with_default (object, "body", "?"));
  return id;
}

static void
do_all (Liar *self, JsonObject *asked, JsonObject *answer, const char *verb, const char *past)
{
  JsonObject *objects =
      json_object_has_member (asked, verb) ? json_object_get_object_member (asked, verb) : NULL;
  JsonObject *done = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_set_object_member (answer, past, done);
  if (objects == NULL)
    return;
  json_object_iter_init_ordered (&iter, objects);
  while (json_object_iter_next_ordered (&iter, &name, &node)) {
    const char *id = id_for (self, json_node_get_object (node));
    JsonObject *made = json_object_new ();

    json_object_set_string_member (made, "id", id);
    json_object_set_object_member (done, name, made);
  }
}

static gboolean
are_ids (JsonObject *asked)
{
  JsonNode *ids = json_object_get_member (asked, "ids");
  JsonArray *array = ids && JSON_NODE_HOLDS_ARRAY (ids) ? json_node_get_array (ids) : NULL;

  for (guint i = 0; array && i < json_array_get_length (array); i++) {
    const char *id = json_array_get_string_element (array, i);

    if (id[0] != 't' || id[1] < '1' || id[1] > '9')
      return FALSE;
  }
  return TRUE;
}

/* The answer of a method; `*is_error`. */
static JsonObject *
answer_call (Liar *self, const char *method, JsonObject *asked, gboolean *is_error)
{
  JsonObject *answer;

  *is_error = FALSE;
  if (g_str_equal (method, "Snapshot/fetch"))
    return parse (SNAPSHOT);
  if (g_str_equal (method, "Sync/changes")) {
    answer = parse (CHANGES);
    json_object_set_string_member (answer, "oldState",
                                   json_object_get_string_member (asked, "sinceState"));
    return answer;
  }
  if (g_str_has_suffix (method, "/get")) {
    *is_error = !are_ids (asked);
    return parse (*is_error ? "{\"type\":\"invalidArguments\"}" : "{\"list\":[],\"notFound\":[]}");
  }
  answer = json_object_new ();
  do_all (self, asked, answer, "create", "created");
  do_all (self, asked, answer, "update", "updated");
  return answer;
}

static JsonArray *
answer_invocation (Liar *self, JsonArray *call)
{
  const char *method = json_array_get_string_element (call, 0);
  JsonObject *asked = json_array_get_object_element (call, 1);
  JsonArray *invocation = json_array_new ();
  gboolean is_error = self->twist && self->twist (method, asked, NULL);
  JsonObject *answer = is_error ? json_object_new () : answer_call (self, method, asked, &is_error);

  if (self->twist)
    self->twist (method, asked, answer);
  json_array_add_string_element (invocation, is_error ? "error" : method);
  json_array_add_object_element (invocation, answer);
  json_array_add_string_element (invocation, json_array_get_string_element (call, 2));
  return invocation;
}

static char *
answer_request (Liar *self, const char *text)
{
  g_autoptr (JsonObject) request = parse (text);
  JsonArray *calls = json_object_get_array_member (request, "methodCalls");
  JsonArray *responses = json_array_new ();
  g_autoptr (JsonObject) response = json_object_new ();
  g_autoptr (JsonNode) root = json_node_init_object (json_node_alloc (), response);

  for (guint i = 0; i < json_array_get_length (calls); i++)
    json_array_add_array_element (
        responses, answer_invocation (self, json_array_get_array_element (calls, i)));
  json_object_set_array_member (response, "methodResponses", responses);
  return json_to_string (root, FALSE);
}

/* --- HTTP -------------------------------------------------------------------------------------- */

static gboolean
is_lied_about (Liar *self, const char *path, const char *text)
{
  return self->path && g_str_equal (self->path, path) && (!self->word || strstr (text, self->word));
}

/* As much of an answer as is wanted, and the end. */
static void
break_off (Liar *self, SoupServerMessage *message)
{
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);
  gsize length;
  const char *body = g_bytes_get_data (self->body, &length);
  g_autofree char *head = g_strdup_printf (
      "HTTP/1.1 %u X\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
      self->status, length);

  g_output_stream_write_all (g_io_stream_get_output_stream (stream), head, strlen (head), NULL,
                             NULL, NULL);
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), body, self->cut, NULL, NULL,
                             NULL);
  g_io_stream_close (stream, NULL, NULL);
}

static void
lie (Liar *self, SoupServerMessage *message)
{
  gsize length;
  const char *body = g_bytes_get_data (self->body, &length);
  g_auto (GStrv) words = self->header ? g_strsplit (self->header, ": ", 2) : NULL;

  if (self->cut > 0) {
    break_off (self, message);
    return;
  }
  soup_server_message_set_status (message, self->status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, body, length);
  if (words)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), words[0],
                                  words[1]);
}

static void
serve (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
       gpointer data)
{
  Liar *self = data;
  SoupMessageBody *asked = soup_server_message_get_request_body (message);
  g_autofree char *text = g_strndup (asked->data ? asked->data : "", (gsize)asked->length);
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, path)) + 1;
  g_autofree char *answer = NULL;

  g_hash_table_replace (self->counts, g_strdup (path), GUINT_TO_POINTER (count));
  g_string_append (self->heard, text);
  if (is_lied_about (self, path, text)) {
    lie (self, message);
    return;
  }
  answer = g_str_equal (path, "/jmap/api") ? answer_request (self, text) : g_strdup (TOKENS);
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, answer,
                                    strlen (answer));
}

/* --- its life ---------------------------------------------------------------------------------- */

Liar *
liar_new (void)
{
  Liar *self = g_new0 (Liar, 1);
  g_autoptr (GError) error = NULL;
  GSList *uris;

  self->server = soup_server_new (NULL, NULL);
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->heard = g_string_new (NULL);
  self->done = g_string_new (NULL);
  self->next_id = 40;
  soup_server_add_handler (self->server, NULL, serve, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  return self;
}

void
liar_free (Liar *self)
{
  liar_repent (self);
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_hash_table_unref (self->counts);
  g_hash_table_unref (self->ids);
  g_string_free (self->heard, TRUE);
  g_string_free (self->done, TRUE);
  g_free (self->url);
  g_free (self);
}

const char *
liar_url (Liar *self)
{
  return self->url;
}

void
liar_lie (Liar *self, const char *path, guint status, const char *header, GBytes *body)
{
  liar_repent (self);
  self->path = g_strdup (path);
  self->status = status;
  self->header = g_strdup (header);
  self->body = g_bytes_ref (body);
}

void
liar_lie_about (Liar *self, const char *word)
{
  g_set_str (&self->word, word);
}

void
liar_break_off (Liar *self, gsize cut)
{
  self->cut = cut;
}

void
liar_twist (Liar *self, LiarTwist twist)
{
  liar_repent (self);
  self->twist = twist;
}

void
liar_repent (Liar *self)
{
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->header, g_free);
  g_clear_pointer (&self->word, g_free);
  g_clear_pointer (&self->body, g_bytes_unref);
  self->cut = 0;
  self->twist = NULL;
}

guint
liar_count (Liar *self, const char *path)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, path));
}

const char *
liar_heard (Liar *self)
{
  return self->heard->str;
}

const char *
liar_done (Liar *self)
{
  return self->done->str;
}
