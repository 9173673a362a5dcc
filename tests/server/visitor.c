/* visitor.c: a person who uses a real server (visitor.h). */
#include "tests/server/visitor.h"

#include <string.h>

#define OURS "https://tideline.org/jmap/"
#define CAPABILITIES                                                                               \
  "'urn:ietf:params:jmap:core','urn:ietf:params:jmap:principals','urn:ietf:params:jmap:blob',"     \
  "'" OURS "chat','" OURS "news','" OURS "social','" OURS "calendars','" OURS "personal','" OURS   \
  "sync'"

static SoupMessage *last; /* for its headers */

Visitor *
visitor_new (TlTestServer *server)
{
  Visitor *self = g_new0 (Visitor, 1);

  self->url = tl_test_server_url (server);
  self->session = soup_session_new ();
  g_queue_init (&self->frames);
  return self;
}

Visitor *
visitor_new_as (TlTestServer *server, const char *login)
{
  Visitor *self = visitor_new (server);

  g_assert_cmpuint (visitor_sign_in (self, login, TL_TEST_PASSWORD), ==, 200);
  return self;
}

void
visitor_free (Visitor *self)
{
  if (self->socket &&
      soup_websocket_connection_get_state (self->socket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->socket, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  g_clear_object (&self->socket);
  g_queue_clear_full (&self->frames, (GDestroyNotify)json_object_unref);
  g_object_unref (self->session);
  g_free (self->account);
  g_free (self->access);
  g_free (self->refresh);
  g_free (self);
}

static char *
with_quotes (Visitor *self, const char *json)
{
  GString *text = g_string_new (json);

  g_string_replace (text, "ACCOUNT", self->account ? self->account : "t0", 0);
  g_string_replace (text, "'", "\"", 0);
  return g_string_free_and_steal (text);
}

static SoupMessage *
new_message (Visitor *self, const char *method, const char *path)
{
  g_autofree char *address = g_strconcat (self->url, path, NULL);
  SoupMessage *message = soup_message_new (method, address);
  g_autofree char *authorization = g_strconcat ("Bearer ", self->access, NULL);

  if (self->access)
    soup_message_headers_append (soup_message_get_request_headers (message), "Authorization",
                                 authorization);
  return message;
}

static JsonObject *
parse (const char *text, gssize length)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_data (parser, text, length, &error);
  g_assert_no_error (error);
  return json_object_ref (json_node_get_object (json_parser_get_root (parser)));
}

/* Takes `message`. */
static JsonObject *
run (Visitor *self, SoupMessage *message, guint *status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = soup_session_send_and_read (self->session, message, NULL, &error);
  g_autofree char *text = NULL;
  gsize length;

  g_assert_no_error (error);
  *status = soup_message_get_status (message);
  g_clear_object (&last);
  last = message;
  length = g_bytes_get_size (answer);
  if (length == 0)
    return NULL;
  text = g_strndup (g_bytes_get_data (answer, NULL), length);
  return parse (text, (gssize)length);
}

JsonObject *
visitor_post (Visitor *self, const char *path, const char *json, guint *status)
{
  SoupMessage *message = new_message (self, "POST", path);
  g_autofree char *text = with_quotes (self, json);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  soup_message_set_request_body_from_bytes (message, "application/json", body);
  return run (self, message, status);
}

JsonObject *
visitor_get (Visitor *self, const char *path, guint *status)
{
  return run (self, new_message (self, "GET", path), status);
}

const char *
visitor_header (Visitor *self, const char *name)
{
  return soup_message_headers_get_one (soup_message_get_response_headers (last), name);
}

guint
visitor_sign_in (Visitor *self, const char *login, const char *password)
{
  g_autofree char *json =
      g_strdup_printf ("{'login':'%s','password':'%s','device':'test'}", login, password);
  g_autoptr (JsonObject) answer = NULL;
  guint status;

  answer = visitor_post (self, "/auth/login", json, &status);
  if (status == 200) {
    g_set_str (&self->account, json_object_get_string_member (answer, "accountId"));
    g_set_str (&self->access, json_object_get_string_member (answer, "accessToken"));
    g_set_str (&self->refresh, json_object_get_string_member (answer, "refreshToken"));
  }
  return status;
}

JsonObject *
visitor_call (Visitor *self, const char *call)
{
  g_autofree char *json = g_strdup_printf ("{'using':[" CAPABILITIES "],'methodCalls':[%s]}", call);
  g_autoptr (JsonObject) answer = NULL;
  JsonArray *response;
  guint status;

  answer = visitor_post (self, "/jmap/api", json, &status);
  g_assert_cmpuint (status, ==, 200);
  response =
      json_array_get_array_element (json_object_get_array_member (answer, "methodResponses"), 0);
  return json_object_ref (json_array_get_object_element (response, 1));
}

/* --- the socket -------------------------------------------------------------------------------- */

static void
frame_came (SoupWebsocketConnection *socket, int type, GBytes *bytes, gpointer data)
{
  Visitor *self = data;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  g_assert_cmpint (type, ==, SOUP_WEBSOCKET_DATA_TEXT);
  g_queue_push_tail (&self->frames, parse (text, (gssize)length));
}

static void
opened (GObject *session, GAsyncResult *result, gpointer data)
{
  Visitor *self = data;
  g_autoptr (GError) error = NULL;

  self->socket = soup_session_websocket_connect_finish (SOUP_SESSION (session), result, &error);
  g_assert_no_error (error);
}

void
visitor_open_socket (Visitor *self)
{
  char *protocols[] = { (char *)"jmap", NULL };
  g_autoptr (SoupMessage) message = new_message (self, "GET", "/jmap/ws");

  soup_session_websocket_connect_async (self->session, message, NULL, protocols, G_PRIORITY_DEFAULT,
                                        NULL, opened, self);
  while (self->socket == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (soup_websocket_connection_get_protocol (self->socket), ==, "jmap");
  g_signal_connect (self->socket, "message", G_CALLBACK (frame_came), self);
}

void
visitor_send (Visitor *self, const char *json)
{
  g_autofree char *text = with_quotes (self, json);

  soup_websocket_connection_send_text (self->socket, text);
}

static gboolean
fail_late (gpointer data)
{
  g_error ("no frame of the type “%s” came", (const char *)data);
  return G_SOURCE_REMOVE;
}

static GList *
find (Visitor *self, const char *type)
{
  for (GList *link = self->frames.head; link; link = link->next)
    if (g_strcmp0 (json_object_get_string_member (link->data, "@type"), type) == 0)
      return link;
  return NULL;
}

/* The first of `type`, waited for. */
static GList *
await (Visitor *self, const char *type)
{
  guint timeout = g_timeout_add_seconds (20, fail_late, (gpointer)type);
  GList *link;

  while (!(link = find (self, type)))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
  return link;
}

JsonObject *
visitor_take (Visitor *self, const char *type)
{
  GList *link = await (self, type);
  JsonObject *frame = link->data;

  g_queue_delete_link (&self->frames, link);
  return frame;
}

JsonObject *
visitor_next (Visitor *self, const char *type)
{
  GList *link = await (self, type);

  while (self->frames.head != link)
    json_object_unref (g_queue_pop_head (&self->frames));
  return g_queue_pop_head (&self->frames);
}

gboolean
visitor_has (Visitor *self, const char *type)
{
  return find (self, type) != NULL;
}
