/* ws.c: JMAP over WebSocket (RFC 8887): requests, and asking for pushes. The access token counts when
 * the socket is opened, its session as long as it is open (doors.h). Messages come on worker threads, several of one socket at once. */
#include "server/jmap/ws.h"

#include "server/jmap/call.h"
#include "server/jmap/hub.h"
#include "server/jmap/jmap.h"
#include "server/jmap/push.h"
#include "server/services/user/tokens.h"
#include "sync/wire/types.h"

#include <string.h>

typedef struct {
  TlServer *server;
  gint64 account;
  char id[TL_SESSION_TEXT]; /* of the session that opened it */
} Session;

typedef void (*Answer) (TlSocket *socket, TlPg *pg, JsonObject *object, const char *text,
                        gsize length);

static const TlJmapProblem away = { 503, "about:blank", NULL };

static char *
json_text (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);

  return json_to_string (node, FALSE);
}

/* NULL when there is none, or something else. */
static const char *
string_member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node ? tl_node_string (node) : NULL;
}

static void
send_problem (TlSocket *socket, JsonObject *asked, const TlJmapProblem *problem, const char *detail)
{
  g_autoptr (JsonObject) object = json_object_new ();
  const char *id = asked ? string_member (asked, "id") : NULL;
  g_autofree char *text = NULL;

  json_object_set_string_member (object, "@type", "RequestError");
  if (id)
    json_object_set_string_member (object, "requestId", id);
  else
    json_object_set_null_member (object, "requestId");
  json_object_set_string_member (object, "type", problem->type);
  json_object_set_int_member (object, "status", problem->status);
  json_object_set_string_member (object, "detail", detail);
  if (problem->limit)
    json_object_set_string_member (object, "limit", problem->limit);
  text = json_text (object);
  tl_socket_send_text (socket, text);
}

static void
send_error (TlSocket *socket, JsonObject *asked, const GError *error)
{
  send_problem (socket, asked, tl_jmap_problem (error), error->message);
}

static void
refuse (TlSocket *socket, JsonObject *asked, TlJmapError code, const char *sentence)
{
  g_autoptr (GError) error = g_error_new_literal (TL_JMAP_ERROR, code, sentence);

  send_error (socket, asked, error);
}

/* --- what a client may send -------------------------------------------------------------------- */

static void
answer_request (TlSocket *socket, TlPg *pg, JsonObject *object, const char *text, gsize length)
{
  Session *session = tl_socket_data (socket);
  const char *id = string_member (object, "id");
  g_autoptr (JsonObject) head = json_object_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *begin = NULL;
  g_autofree char *whole = NULL;
  char *response = tl_jmap_process_for (session->server, pg, session->account, session->id, text,
                                        length, &error);

  if (response == NULL) {
    send_error (socket, object, error);
    return;
  }
  json_object_set_string_member (head, "@type", "Response");
  if (id)
    json_object_set_string_member (head, "requestId", id);
  begin = json_text (head);
  begin[strlen (begin) - 1] = ',';
  whole = g_strconcat (begin, response + 1, NULL);
  tl_socket_send_text (socket, whole);
  g_free (response);
}

/* FALSE when `dataTypes` is neither null nor names. Names of types that we don't have are passed over. */
static gboolean
read_types (JsonObject *object, guint32 *types)
{
  JsonNode *node = json_object_get_member (object, "dataTypes");
  JsonArray *names;

  *types = node == NULL || JSON_NODE_HOLDS_NULL (node) ? TL_TYPE_BITS_ALL : 0;
  if (*types)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  names = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (names); i++) {
    JsonNode *name = json_array_get_element (names, i);
    const TlType *type;

    if (json_node_get_value_type (name) != G_TYPE_STRING)
      return FALSE;
    type = tl_type_served (json_node_get_string (name));
    if (type)
      *types |= TL_TYPE_BIT (type);
  }
  return TRUE;
}

/* Tells the state that pushes begin at, so that a client knows when to look for what came before. */
static gboolean
send_state (TlSocket *socket, TlPg *pg, gint64 account, guint32 types, const char *known,
            GError **error)
{
  g_autofree char *state = tl_jmap_state (pg, error);
  g_autofree char *text = NULL;

  if (state == NULL)
    return FALSE;
  if (g_strcmp0 (state, known) == 0)
    return TRUE;
  text = tl_push_state_change (account, types, state);
  tl_socket_send_text (socket, text);
  return TRUE;
}

static void
answer_enable (TlSocket *socket, TlPg *pg, JsonObject *object, const char *text, gsize length)
{
  Session *session = tl_socket_data (socket);
  const char *known = string_member (object, "pushState");
  gboolean objects = json_object_get_boolean_member_with_default (object, "objects", FALSE);
  g_autoptr (GError) error = NULL;
  guint32 types;

  if (!read_types (object, &types)) {
    refuse (socket, object, TL_JMAP_ERROR_NOT_REQUEST, "dataTypes: names of types, or null");
    return;
  }
  tl_hub_listen (session->server->hub, socket, session->account, types, objects);
  if (!send_state (socket, pg, session->account, types, known, &error))
    send_problem (socket, object, &away, error->message);
}

static void
answer_disable (TlSocket *socket, TlPg *pg, JsonObject *object, const char *text, gsize length)
{
  Session *session = tl_socket_data (socket);

  tl_hub_forget (session->server->hub, socket);
}

static const struct {
  const char *type;
  Answer answer;
} answers[] = {
  { "Request", answer_request },
  { "WebSocketPushEnable", answer_enable },
  { "WebSocketPushDisable", answer_disable },
};

static void
on_message (TlSocket *socket, TlPg *pg, const char *text, gsize length, gpointer data)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *object;
  const char *type;

  if (!json_parser_load_from_data (parser, text, (gssize)length, NULL) ||
      json_parser_get_root (parser) == NULL) {
    refuse (socket, NULL, TL_JMAP_ERROR_NOT_JSON, "This is not JSON");
    return;
  }
  if (!JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser))) {
    refuse (socket, NULL, TL_JMAP_ERROR_NOT_REQUEST, "A JSON object is wanted");
    return;
  }
  object = json_node_get_object (json_parser_get_root (parser));
  if (pg == NULL) {
    send_problem (socket, object, &away, "The database is away for a moment; try again");
    return;
  }
  type = string_member (object, "@type");
  for (guint i = 0; type && i < G_N_ELEMENTS (answers); i++)
    if (g_str_equal (answers[i].type, type)) {
      answers[i].answer (socket, pg, object, text, length);
      return;
    }
  refuse (socket, object, TL_JMAP_ERROR_NOT_REQUEST,
          "@type: Request, WebSocketPushEnable or WebSocketPushDisable is wanted");
}

static void
on_closed (TlSocket *socket, gpointer data)
{
  Session *session = data;

  tl_hub_leave (session->server->hub, socket);
  g_free (session);
}

void
tl_jmap_ws (TlRequest *request)
{
  static const TlSocketEvents events = { .message = on_message, .closed = on_closed };
  TlServer *server = request->server;
  const char *authorization = tl_request_header (request, "Authorization");
  guint8 opened_with[TL_SESSION_BYTES];
  gint64 account = tl_tokens_session (server->tokens, authorization, opened_with);
  Session *session;
  TlSocket *socket;

  if (account == 0) {
    tl_request_set_header (request, "WWW-Authenticate", "Bearer");
    tl_request_problem (request, 401, "about:blank", "The access token is missing or has run out",
                        NULL);
    return;
  }
  session = g_new (Session, 1);
  *session = (Session){ server, account, "" };
  tl_session_format (opened_with, session->id);
  socket = tl_reactor_upgrade (server->reactor, request, "jmap", &events, session);
  if (socket == NULL) {
    g_free (session);
    return;
  }
  tl_hub_enter (server->hub, socket, session->id);
}
