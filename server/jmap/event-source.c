/* event-source.c: GET /jmap/eventsource (RFC 8620, 7.3): StateChange as text events, to whoever has no
 * WebSocket. The event's id is the state that it tells: who comes again with it as Last-Event-ID is told
 * at once when that has passed. */
#include "server/jmap/event-source.h"

#include "server/jmap/hub.h"
#include "server/jmap/jmap.h"
#include "server/jmap/push.h"
#include "server/jmap/type.h"
#include "server/services/user/tokens.h"
#include "sync/wire/types.h"

#define PING_MIN 5
#define PING_MAX 900

static gboolean
refuse (TlRequest *request, const char *sentence)
{
  tl_request_problem (request, 400, "about:blank", sentence, NULL);
  return FALSE;
}

/* Names of types that we don't have are passed over. */
static gboolean
read_types (TlRequest *request, guint32 *types)
{
  const char *text = tl_request_query (request, "types");
  g_auto (GStrv) names = NULL;

  if (text == NULL || *text == '\0')
    return refuse (request, "types: * or names of types, with commas between them");
  *types = g_str_equal (text, "*") ? TL_TYPE_BITS_ALL : 0;
  names = g_strsplit (text, ",", -1);
  for (guint i = 0; names[i]; i++) {
    const TlType *type = tl_type_served (names[i]);

    if (type)
      *types |= TL_TYPE_BIT (type);
  }
  return TRUE;
}

static gboolean
read_close (TlRequest *request, gboolean *ends_after_event)
{
  const char *text = tl_request_query (request, "closeafter");

  *ends_after_event = g_strcmp0 (text, "state") == 0;
  return *ends_after_event || g_strcmp0 (text, "no") == 0 ||
         refuse (request, "closeafter: state or no");
}

/* What is asked for is brought into bounds; the ping says what came of it. */
static gboolean
read_ping (TlRequest *request, guint *ping)
{
  const char *text = tl_request_query (request, "ping");
  guint64 seconds;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &seconds, NULL))
    return refuse (request, "ping: seconds, 0 for none");
  *ping = seconds ? (guint)CLAMP (seconds, PING_MIN, PING_MAX) : 0;
  return TRUE;
}

/* Streams hear nothing. */
static void
on_message (TlSocket *socket, TlPg *pg, const char *text, gsize length, gpointer data)
{
}

static void
on_closed (TlSocket *socket, gpointer data)
{
  tl_hub_leave (((TlServer *)data)->hub, socket);
}

/* FALSE when the database does not say. */
static gboolean
tell_missed (TlRequest *request, TlSocket *socket, gint64 account, guint32 types)
{
  const char *last = tl_request_header (request, "Last-Event-ID");
  g_autofree char *state = last ? tl_jmap_state (request->pg, NULL) : NULL;
  g_autofree char *text = NULL;

  if (last == NULL || g_strcmp0 (state, last) == 0)
    return TRUE;
  if (state == NULL)
    return FALSE;
  text = tl_push_state_change (account, types, state);
  tl_socket_send_event (socket, "state", state, text);
  return TRUE;
}

void
tl_jmap_event_source (TlRequest *request)
{
  static const TlSocketEvents events = { .message = on_message, .closed = on_closed };
  TlServer *server = request->server;
  const char *authorization = tl_request_header (request, "Authorization");
  guint8 opened_with[TL_SESSION_BYTES];
  gint64 account = tl_tokens_session (server->tokens, authorization, opened_with);
  char session[TL_SESSION_TEXT];
  gboolean ends_after_event;
  TlSocket *socket;
  guint32 types;
  guint ping;

  if (account == 0) {
    tl_request_set_header (request, "WWW-Authenticate", "Bearer");
    tl_request_problem (request, 401, "about:blank", "The access token is missing or has run out",
                        NULL);
    return;
  }
  if (!read_types (request, &types) || !read_close (request, &ends_after_event) ||
      !read_ping (request, &ping))
    return;
  socket = tl_reactor_stream (server->reactor, request, ping, ends_after_event, &events, server);
  tl_session_format (opened_with, session);
  tl_hub_enter (server->hub, socket, session);
  tl_hub_listen (server->hub, socket, account, types, FALSE);
  if (!tell_missed (request, socket, account, types))
    tl_socket_close (socket, 1011, "");
}
