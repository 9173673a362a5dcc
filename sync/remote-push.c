/* remote-push.c: the push socket. Main context; nothing is called any more after hang_up. */
#include "sync/remote-private.h"

static void
frame_arrived (SoupWebsocketConnection *socket, int kind, GBytes *bytes, TlRemote *self)
{
  /* libsoup ends text with a NUL that the size leaves out. */
  if (kind == SOUP_WEBSOCKET_DATA_TEXT)
    self->events.frame (g_bytes_get_data (bytes, NULL), self->events_data);
}

static void
socket_closed (SoupWebsocketConnection *socket, TlRemote *self)
{
  if (self->hung_up)
    dex_promise_resolve_boolean (self->hung_up, TRUE);
}

/* In a fiber: an upgraded socket, or NULL. */
static SoupWebsocketConnection *
open_socket (TlRemote *self, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (SoupMessage) message = NULL;
  SoupWebsocketConnection *socket;

  if (!tl_remote_ensure_token (self, error))
    return NULL;
  message = tl_remote_message (self, "GET", "/jmap/ws", NULL, NULL, error);
  if (message == NULL)
    return NULL;
  tl_remote_authorize (self, message);
  socket = dex_await_object (tl_http_websocket (self->session, message, "jmap"), &cause);
  if (socket == NULL)
    g_propagate_error (error, tl_remote_transport_error (self, cause));
  return socket;
}

static DexFuture *
listen_fiber (gpointer data)
{
  TlRemote *self = TL_REMOTE (data);
  g_autoptr (DexPromise) hung_up = dex_ref (self->hung_up);
  g_autoptr (SoupWebsocketConnection) socket = NULL;
  GError *error = NULL;

  socket = open_socket (self, &error);
  if (socket == NULL)
    return dex_future_new_for_error (error);
  if (self->hung_up == hung_up &&
      soup_websocket_connection_get_state (socket) == SOUP_WEBSOCKET_STATE_OPEN) {
    self->socket = socket;
    soup_websocket_connection_set_max_incoming_payload_size (socket, TL_REMOTE_MAX_ANSWER);
    soup_websocket_connection_set_keepalive_interval (socket, 30);
    g_signal_connect (socket, "message", G_CALLBACK (frame_arrived), self);
    g_signal_connect (socket, "closed", G_CALLBACK (socket_closed), self);
    soup_websocket_connection_send_text (
        socket, "{\"@type\":\"WebSocketPushEnable\",\"dataTypes\":null,\"objects\":true}");
    self->events.opened (self->events_data);
    dex_await (dex_ref (DEX_FUTURE (hung_up)), NULL);
    /* Its session has ended: the next request asks for a new token, and hears so. */
    if (soup_websocket_connection_get_close_code (socket) == SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION)
      self->access_until = 0;
    g_signal_handlers_disconnect_by_data (socket, self);
    if (self->socket == socket)
      self->socket = NULL;
  }
  if (soup_websocket_connection_get_state (socket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (socket, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  return dex_future_new_reject (TL_REMOTE_ERROR, TL_REMOTE_ERROR_OFFLINE,
                                "The push connection ended");
}

DexFuture *
tl_remote_listen (TlRemote *self, const TlRemoteEvents *events, gpointer data)
{
  tl_remote_hang_up (self);
  self->events = *events;
  self->events_data = data;
  self->hung_up = dex_promise_new ();
  return dex_scheduler_spawn (NULL, 0, listen_fiber, g_object_ref (self), g_object_unref);
}

void
tl_remote_hang_up (TlRemote *self)
{
  g_autoptr (DexPromise) hung_up = g_steal_pointer (&self->hung_up);

  if (self->socket)
    g_signal_handlers_disconnect_by_data (self->socket, self);
  if (hung_up && dex_future_is_pending (DEX_FUTURE (hung_up)))
    dex_promise_resolve_boolean (hung_up, TRUE);
}
