/* socket.c: one WebSocket: what waits to be written to it, its closing, its end.
 *
 * Frames out are built whole here (servers don't mask) and queued under the socket's lock, whoever
 * sends; after a close frame nothing is queued any more. Who is read to the end (a close frame, or
 * one that is wrong) hears the answers to what came before first. Any thread. */
#include "server/edge/socket-private.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define QUEUE_SOFT (256 * 1024)
#define QUEUE_HARD (1024 * 1024)
#define PING_SECONDS 45
#define SILENCE_SECONDS 100
#define STUCK_SECONDS 30
#define CLOSE_SECONDS 5

guint32
tl_socket_now (void)
{
  return (guint32)(g_get_monotonic_time () / G_USEC_PER_SEC) + 1;
}

TlSocket *
tl_socket_new (TlReactor *reactor, const TlSocketEvents *events, gpointer data)
{
  TlSocket *self = g_new0 (TlSocket, 1);

  self->refs = 1;
  self->fd = -1;
  self->reactor = reactor;
  self->events = events;
  self->data = data;
  self->heard = tl_socket_now ();
  g_mutex_init (&self->lock);
  g_queue_init (&self->queue);
  return self;
}

TlSocket *
tl_socket_ref (TlSocket *self)
{
  g_atomic_int_inc (&self->refs);
  return self;
}

void
tl_socket_unref (TlSocket *self)
{
  if (!g_atomic_int_dec_and_test (&self->refs))
    return;
  g_queue_clear_full (&self->queue, (GDestroyNotify)g_bytes_unref);
  g_clear_pointer (&self->rest, g_bytes_unref);
  g_clear_pointer (&self->farewell, g_bytes_unref);
  g_clear_pointer (&self->frames, wslay_event_context_free);
  g_mutex_clear (&self->lock);
  g_free (self);
}

gpointer
tl_socket_data (TlSocket *self)
{
  return self->data;
}

/* --- frames out ------------------------------------------------------------------------------ */

static GBytes *
frame_new (guint8 opcode, const void *payload, gsize length)
{
  GByteArray *frame = g_byte_array_sized_new ((guint)length + 10);
  guint8 head[10] = { (guint8)(0x80 | opcode) };
  guint size = 2;

  if (length < 126) {
    head[1] = (guint8)length;
  } else if (length < 65536) {
    head[1] = 126;
    head[2] = (guint8)(length >> 8);
    head[3] = (guint8)length;
    size = 4;
  } else {
    head[1] = 127;
    for (guint i = 0; i < 8; i++)
      head[2 + i] = (guint8)((guint64)length >> (56 - 8 * i));
    size = 10;
  }
  g_byte_array_append (frame, head, size);
  g_byte_array_append (frame, payload, (guint)length);
  return g_byte_array_free_to_bytes (frame);
}

GBytes *
tl_socket_frame (const char *text, gsize length)
{
  return frame_new (WSLAY_TEXT_FRAME, text, length);
}

/* --- writing --------------------------------------------------------------------------------- */

gboolean
tl_socket_is_ending (TlSocket *self)
{
  return self->closing || self->farewell;
}

void
tl_socket_arm (TlSocket *self)
{
  gboolean is_full = self->in_flight >= TL_SOCKET_MAX_IN_FLIGHT && !tl_socket_is_ending (self);
  struct epoll_event event = { .data.ptr = self };

  if (self->is_gone || self->is_stream)
    return;
  if (!is_full && self->rest == NULL)
    event.events |= EPOLLIN | EPOLLRDHUP;
  if (!g_queue_is_empty (&self->queue) || (!is_full && self->rest))
    event.events |= EPOLLOUT; /* for the rest: the thread comes by at once */
  if (event.events == self->armed)
    return;
  self->armed = event.events;
  epoll_ctl (self->reactor->epoll, EPOLL_CTL_MOD, self->fd, &event);
}

/* FALSE when there is no more to be done for now. */
static gboolean
write_head (TlSocket *self)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (g_queue_peek_head (&self->queue), &length);
  gssize n = send (self->fd, data + self->sent_of_head, length - self->sent_of_head,
                   MSG_NOSIGNAL | MSG_DONTWAIT);

  if (n < 0) {
    if (errno != EAGAIN && errno != EINTR)
      shutdown (self->fd, SHUT_RDWR); /* the reactor's thread finds it ended */
    return errno == EINTR;
  }
  self->progress = tl_socket_now ();
  self->sent_of_head += (gsize)n;
  self->queued -= (gsize)n;
  if (self->sent_of_head < length)
    return TRUE;
  self->sent_of_head = 0;
  g_bytes_unref (g_queue_pop_head (&self->queue));
  return TRUE;
}

void
tl_socket_flush (TlSocket *self)
{
  if (self->is_stream) {
    tl_stream_wake (self);
    return;
  }
  while (!g_queue_is_empty (&self->queue) && write_head (self))
    ;
  tl_socket_arm (self);
  if (self->closing && g_queue_is_empty (&self->queue))
    shutdown (self->fd, SHUT_WR);
}

/* Under the lock; `limit`: what may wait before this one is dropped. */
static gboolean
enqueue (TlSocket *self, GBytes *frame, gsize limit)
{
  if (self->is_gone || self->closing)
    return FALSE;
  if (self->queued > 0 && self->queued + g_bytes_get_size (frame) > limit)
    return FALSE;
  if (g_queue_is_empty (&self->queue))
    self->progress = tl_socket_now ();
  g_queue_push_tail (&self->queue, g_bytes_ref (frame));
  self->queued += g_bytes_get_size (frame);
  tl_socket_flush (self);
  return TRUE;
}

/* `last` ends with a close frame. */
static void
enqueue_last (TlSocket *self, GBytes *last)
{
  if (!enqueue (self, last, G_MAXSIZE))
    return;
  self->closing = tl_socket_now ();
  g_clear_pointer (&self->rest, g_bytes_unref);
  tl_socket_flush (self);
}

/* The same, after the answers to what is being worked on. */
static void
end_with (TlSocket *self, GBytes *last)
{
  if (self->in_flight == 0) {
    enqueue_last (self, last);
  } else if (!tl_socket_is_ending (self)) {
    self->farewell = g_bytes_ref (last);
    g_clear_pointer (&self->rest, g_bytes_unref);
    tl_socket_arm (self);
  }
}

static GBytes *
close_frame_new (guint16 code, const char *reason)
{
  guint8 payload[125] = { (guint8)(code >> 8), (guint8)code };
  gsize length = MIN (strlen (reason), sizeof payload - 2);

  memcpy (payload + 2, reason, length);
  return frame_new (WSLAY_CONNECTION_CLOSE, payload, length + 2);
}

static void
close_locked (TlSocket *self, guint16 code, const char *reason)
{
  g_autoptr (GBytes) frame = NULL;

  if (self->is_stream) {
    if (!self->closing)
      self->closing = tl_socket_now ();
    tl_stream_wake (self);
    return;
  }
  frame = close_frame_new (code, reason);
  enqueue_last (self, frame);
}

gboolean
tl_socket_send_frame (TlSocket *self, GBytes *frame)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return enqueue (self, frame, QUEUE_SOFT);
}

/* An answer that was asked for is never dropped: whoever doesn't read their answers is closed. Under the
 * lock. */
static void
send_whole (TlSocket *self, GBytes *frame)
{
  if (self->queued > QUEUE_HARD)
    close_locked (self, 1008, "answers are not read");
  else
    enqueue (self, frame, G_MAXSIZE);
}

void
tl_socket_send_text (TlSocket *self, const char *text)
{
  g_autoptr (GBytes) frame = tl_socket_frame (text, strlen (text));
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  send_whole (self, frame);
}

void
tl_socket_send_event (TlSocket *self, const char *event, const char *id, const char *text)
{
  g_autoptr (GBytes) frame =
      self->is_stream ? tl_stream_event (event, id, text) : tl_socket_frame (text, strlen (text));
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  send_whole (self, frame);
  if (self->is_stream)
    self->pinged = tl_socket_now ();
  if (self->ends_after_event)
    close_locked (self, 1000, "");
}

void
tl_socket_close (TlSocket *self, guint16 code, const char *reason)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  close_locked (self, code, reason);
}

void
tl_socket_answer (TlSocket *self, GBytes *control, gboolean is_close)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (is_close)
    end_with (self, control);
  else
    enqueue (self, control, QUEUE_SOFT);
}

void
tl_socket_end (TlSocket *self, guint16 code, const char *reason)
{
  g_autoptr (GBytes) frame = close_frame_new (code, reason);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  end_with (self, frame);
}

/* --- its life -------------------------------------------------------------------------------- */

void
tl_socket_message_begins (TlSocket *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->in_flight++;
}

/* closed() comes once, when the descriptor is gone and no message is being worked on. Under the lock;
 * after TRUE the caller tells. */
static gboolean
is_due (TlSocket *self)
{
  gboolean due = self->is_gone && self->in_flight == 0 && !self->was_told;

  self->was_told |= due;
  return due;
}

static void
tell_closed (TlSocket *self)
{
  self->events->closed (self, self->data);
  tl_socket_unref (self); /* the reactor's */
}

void
tl_socket_message_done (TlSocket *self)
{
  gboolean due;

  g_mutex_lock (&self->lock);
  self->in_flight--;
  if (self->in_flight == 0 && self->farewell)
    enqueue_last (self, self->farewell);
  self->heard = tl_socket_now (); /* while it was full nobody listened */
  tl_socket_arm (self);
  due = is_due (self);
  g_mutex_unlock (&self->lock);
  if (due)
    tell_closed (self);
}

void
tl_socket_gone (TlSocket *self)
{
  gboolean due;

  g_mutex_lock (&self->lock);
  self->is_gone = TRUE;
  g_clear_pointer (&self->rest, g_bytes_unref);
  if (self->fd >= 0) {
    epoll_ctl (self->reactor->epoll, EPOLL_CTL_DEL, self->fd, NULL);
    close (self->fd);
  }
  if (self->is_stream)
    tl_stream_wake (self);
  due = is_due (self);
  g_mutex_unlock (&self->lock);
  if (due)
    tell_closed (self);
}

/* Under the lock. */
static gboolean
is_overdue (TlSocket *self, guint32 now)
{
  if (self->closing)
    return now - self->closing > CLOSE_SECONDS;
  if (!g_queue_is_empty (&self->queue) && now - self->progress > STUCK_SECONDS)
    return TRUE;
  return !self->is_stream && self->in_flight == 0 && now - self->heard > SILENCE_SECONDS;
}

gboolean
tl_socket_tend (TlSocket *self, GBytes *ping, guint32 now)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (is_overdue (self, now))
    return TRUE;
  if (self->is_stream) {
    g_autoptr (GBytes) event = tl_stream_ping (self, now);

    if (event)
      enqueue (self, event, QUEUE_SOFT);
    return FALSE;
  }
  if (now - self->heard > PING_SECONDS && self->pinged == 0) {
    self->pinged = now;
    enqueue (self, ping, QUEUE_SOFT);
  }
  return FALSE;
}
