/* http.c: one request or upgrade of libsoup as a future. Main context; the body is read in pieces so
 * that a server that never ends is cut off. */
#include "sync/http.h"

#define PIECE (64 * 1024)

typedef struct {
  DexPromise *promise;
  GByteArray *body;
  gsize max_bytes;
} Exchange;

static void
exchange_free (Exchange *self)
{
  dex_unref (self->promise);
  g_byte_array_unref (self->body);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Exchange, exchange_free)

static void
piece_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Exchange) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) piece =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (piece == NULL) {
    dex_promise_reject (self->promise, g_steal_pointer (&error));
    return;
  }
  if (g_bytes_get_size (piece) == 0) {
    GBytes *body = g_byte_array_free_to_bytes (g_byte_array_ref (self->body));
    dex_promise_resolve_boxed (self->promise, G_TYPE_BYTES, body);
    return;
  }
  if (self->body->len + g_bytes_get_size (piece) > self->max_bytes) {
    dex_promise_reject (self->promise,
                        g_error_new (G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                                     "The server's answer is larger than %" G_GSIZE_FORMAT " bytes",
                                     self->max_bytes));
    return;
  }
  g_byte_array_append (self->body, g_bytes_get_data (piece, NULL), g_bytes_get_size (piece));
  g_input_stream_read_bytes_async (G_INPUT_STREAM (source), PIECE, G_PRIORITY_DEFAULT, NULL,
                                   piece_read, g_steal_pointer (&self));
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Exchange) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream =
      soup_session_send_finish (SOUP_SESSION (source), result, &error);

  if (stream == NULL) {
    dex_promise_reject (self->promise, g_steal_pointer (&error));
    return;
  }
  g_input_stream_read_bytes_async (stream, PIECE, G_PRIORITY_DEFAULT, NULL, piece_read,
                                   g_steal_pointer (&self));
}

DexFuture *
tl_http_send (SoupSession *session, SoupMessage *message, gsize max_bytes)
{
  Exchange *self = g_new0 (Exchange, 1);
  DexFuture *future;

  self->promise = dex_promise_new ();
  self->body = g_byte_array_new ();
  self->max_bytes = max_bytes;
  future = dex_ref (DEX_FUTURE (self->promise));
  soup_session_send_async (session, message, G_PRIORITY_DEFAULT, NULL, answered, self);
  return future;
}

static void
upgraded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (DexPromise) promise = data;
  g_autoptr (GError) error = NULL;
  SoupWebsocketConnection *connection =
      soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);

  if (connection)
    dex_promise_resolve_object (promise, connection);
  else
    dex_promise_reject (promise, g_steal_pointer (&error));
}

DexFuture *
tl_http_websocket (SoupSession *session, SoupMessage *message, const char *protocol)
{
  DexPromise *promise = dex_promise_new ();
  char *protocols[] = { (char *)protocol, NULL };

  soup_session_websocket_connect_async (session, message, NULL, protocols, G_PRIORITY_DEFAULT, NULL,
                                        upgraded, dex_ref (promise));
  return DEX_FUTURE (promise);
}
