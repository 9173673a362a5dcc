/* stream.c: a socket that is an HTTP response without end: text events (EventSource).
 *
 * libmicrohttpd writes what is queued; when nothing is, the connection is suspended, and whoever queues
 * the next event resumes it. A suspended connection is never closed by libmicrohttpd, so `connection` is
 * good as long as `is_suspended` says so. Who has gone is noticed at the next ping. */
#include "server/edge/http-private.h"
#include "server/edge/socket-private.h"

#include <string.h>

#define COMMENT_SECONDS 45

GBytes *
tl_stream_event (const char *event, const char *id, const char *text)
{
  GString *lines = g_string_new (NULL);

  g_string_append_printf (lines, "event: %s\n", event);
  if (id)
    g_string_append_printf (lines, "id: %s\n", id);
  g_string_append_printf (lines, "data: %s\n\n", text);
  return g_string_free_to_bytes (lines);
}

/* A ping has no id (RFC 8620, 7.3). */
GBytes *
tl_stream_ping (TlSocket *self, guint32 now)
{
  g_autofree char *text = NULL;

  if (now - self->pinged < (self->ping ? self->ping : COMMENT_SECONDS))
    return NULL;
  self->pinged = now;
  if (self->ping == 0)
    return g_bytes_new_static (":\n\n", 3);
  text = g_strdup_printf ("{\"interval\":%u}", self->ping);
  return tl_stream_event ("ping", NULL, text);
}

void
tl_stream_wake (TlSocket *self)
{
  if (!self->is_suspended)
    return;
  self->is_suspended = FALSE;
  MHD_resume_connection (self->connection);
}

/* libmicrohttpd's thread, as all below but tl_reactor_stream(). */
static ssize_t
read_events (void *cls, uint64_t position, char *buffer, size_t room)
{
  TlSocket *self = cls;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GBytes *head = g_queue_peek_head (&self->queue);
  gsize length;
  const char *data;

  if (self->is_gone || (head == NULL && self->closing))
    return MHD_CONTENT_READER_END_OF_STREAM;
  if (head == NULL) {
    self->is_suspended = TRUE;
    MHD_suspend_connection (self->connection);
    return 0;
  }
  data = g_bytes_get_data (head, &length);
  room = MIN (room, length - self->sent_of_head);
  memcpy (buffer, data + self->sent_of_head, room);
  self->progress = tl_socket_now ();
  self->sent_of_head += room;
  self->queued -= room;
  if (self->sent_of_head == length) {
    self->sent_of_head = 0;
    g_bytes_unref (g_queue_pop_head (&self->queue));
  }
  return (ssize_t)room;
}

void
tl_stream_end (TlSocket *stream)
{
  tl_reactor_drop (stream->reactor, stream);
  tl_socket_unref (stream);
}

static void
response_freed (void *cls)
{
  tl_stream_end (cls);
}

struct MHD_Response *
tl_stream_response (TlSocket *stream, struct MHD_Connection *connection)
{
  struct MHD_Response *response;

  stream->connection = connection;
  response = MHD_create_response_from_callback (MHD_SIZE_UNKNOWN, 4096, read_events, stream,
                                                response_freed);
  if (response == NULL)
    tl_stream_end (stream);
  return response;
}

TlSocket *
tl_reactor_stream (TlReactor *self, TlRequest *request, guint ping, gboolean ends_after_event,
                   const TlSocketEvents *events, gpointer data)
{
  TlSocket *stream = tl_socket_new (self, events, data);

  stream->is_stream = TRUE;
  stream->ping = ping;
  stream->ends_after_event = ends_after_event;
  stream->pinged = tl_socket_now ();
  request->type = "text/event-stream";
  tl_request_set_header (request, "Cache-Control", "no-store");
  ((TlPending *)request)->stream = tl_socket_ref (stream);
  tl_reactor_enter (self, stream);
  if (g_atomic_int_get (&self->is_stopping))
    tl_reactor_drop (self, stream);
  return stream;
}
