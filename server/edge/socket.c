/* socket.c: the reactor: one epoll thread reads, everybody writes.
 *
 * Frames out are built whole here (servers don't mask) and queued under the socket's lock; frames in are
 * taken apart by wslay, whose context exists only between the first byte of a message and its last. */
#include "server/edge/socket.h"

#include "server/edge/http-private.h"
#include "server/server.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <wslay/wslay.h>

#define READ_BYTES 65536
#define QUEUE_SOFT (256 * 1024)
#define QUEUE_HARD (1024 * 1024)
#define MAX_IN_FLIGHT 8
#define SWEEP_SECONDS 5
#define PING_SECONDS 45
#define SILENCE_SECONDS 100
#define STUCK_SECONDS 30
#define CLOSE_SECONDS 5

struct _TlReactor {
  TlServer *server;
  gsize max_message;
  int epoll, wake;
  GThread *thread;
  GMutex lock;
  GHashTable *sockets; /* set; the reactor holds a reference on each */
  guint8 *buffer;
  int is_stopping; /* atomic */
};

struct _TlSocket {
  int refs; /* atomic */
  int fd;
  TlReactor *reactor;
  const TlSocketEvents *events;
  gpointer data;

  /* the reactor thread's */
  wslay_event_context_ptr frames; /* NULL between messages */
  const guint8 *input;            /* what was read and not yet taken by wslay */
  gsize input_length;
  guint64 fed, expected; /* bytes given to wslay, and of the frames begun: equal between frames */
  gboolean is_fragment;  /* a message is not whole yet */
  guint32 heard, pinged; /* seconds, monotonic */

  /* under the lock */
  GMutex lock;
  GQueue queue; /* of GBytes */
  gsize queued, sent_of_head;
  guint32 progress; /* when bytes last left while some wait */
  guint32 closing;  /* since when; 0: open */
  gboolean is_gone, is_armed;
  guint16 in_flight;
  gboolean was_told; /* closed() was called */
};

static guint32
now_seconds (void)
{
  return (guint32)(g_get_monotonic_time () / G_USEC_PER_SEC) + 1;
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
  if (self->frames)
    wslay_event_context_free (self->frames);
  g_mutex_clear (&self->lock);
  g_free (self);
}

gpointer
tl_socket_data (TlSocket *self)
{
  return self->data;
}

/* --- out ------------------------------------------------------------------------------------- */

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

static void
arm (TlSocket *self, gboolean for_output)
{
  struct epoll_event event = { .events = EPOLLRDHUP, .data.ptr = self };

  if (self->in_flight < MAX_IN_FLIGHT && !self->closing)
    event.events |= EPOLLIN;
  if (for_output)
    event.events |= EPOLLOUT;
  self->is_armed = for_output;
  epoll_ctl (self->reactor->epoll, EPOLL_CTL_MOD, self->fd, &event);
}

/* Writes what the kernel takes. Under the lock. */
static void
flush (TlSocket *self)
{
  while (!g_queue_is_empty (&self->queue)) {
    GBytes *head = g_queue_peek_head (&self->queue);
    gsize length;
    const guint8 *data = g_bytes_get_data (head, &length);
    gssize n = send (self->fd, data + self->sent_of_head, length - self->sent_of_head,
                     MSG_NOSIGNAL | MSG_DONTWAIT);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      if (errno != EAGAIN)
        shutdown (self->fd, SHUT_RDWR);
      break;
    }
    self->progress = now_seconds ();
    self->sent_of_head += (gsize)n;
    self->queued -= (gsize)n;
    if (self->sent_of_head < length)
      break;
    self->sent_of_head = 0;
    g_bytes_unref (g_queue_pop_head (&self->queue));
  }
  if (self->is_armed == g_queue_is_empty (&self->queue))
    arm (self, !g_queue_is_empty (&self->queue));
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
    self->progress = now_seconds ();
  g_queue_push_tail (&self->queue, g_bytes_ref (frame));
  self->queued += g_bytes_get_size (frame);
  flush (self);
  return TRUE;
}

gboolean
tl_socket_send_frame (TlSocket *self, GBytes *frame)
{
  gboolean is_sent;

  g_mutex_lock (&self->lock);
  is_sent = enqueue (self, frame, QUEUE_SOFT);
  g_mutex_unlock (&self->lock);
  return is_sent;
}

static void
close_locked (TlSocket *self, guint16 code, const char *reason)
{
  guint8 payload[125];
  gsize length = MIN (strlen (reason), sizeof payload - 2);
  g_autoptr (GBytes) frame = NULL;

  if (self->closing || self->is_gone)
    return;
  payload[0] = (guint8)(code >> 8);
  payload[1] = (guint8)code;
  memcpy (payload + 2, reason, length);
  frame = frame_new (WSLAY_CONNECTION_CLOSE, payload, code ? length + 2 : 0);
  enqueue (self, frame, G_MAXSIZE);
  self->closing = now_seconds ();
  flush (self);
}

void
tl_socket_close (TlSocket *self, guint16 code, const char *reason)
{
  g_mutex_lock (&self->lock);
  close_locked (self, code, reason);
  g_mutex_unlock (&self->lock);
}

/* An answer that was asked for is never dropped: whoever doesn't read their answers is closed. */
void
tl_socket_send_text (TlSocket *self, const char *text)
{
  g_autoptr (GBytes) frame = tl_socket_frame (text, strlen (text));

  g_mutex_lock (&self->lock);
  if (self->queued > QUEUE_HARD)
    close_locked (self, 1008, "answers are not read");
  else
    enqueue (self, frame, G_MAXSIZE);
  g_mutex_unlock (&self->lock);
}

/* --- messages on workers --------------------------------------------------------------------- */

typedef struct {
  TlSocket *socket;
  char *text;
  gsize length;
} Message;

/* closed() comes once, when the descriptor is gone and no message is being worked on. */
static void
tell_closed (TlSocket *self)
{
  gboolean is_due;

  g_mutex_lock (&self->lock);
  is_due = self->is_gone && self->in_flight == 0 && !self->was_told;
  self->was_told |= is_due;
  g_mutex_unlock (&self->lock);
  if (is_due) {
    self->events->closed (self, self->data);
    tl_socket_unref (self);
  }
}

static void
message_done (TlSocket *self)
{
  g_mutex_lock (&self->lock);
  self->in_flight--;
  if (!self->is_gone)
    arm (self, !g_queue_is_empty (&self->queue));
  g_mutex_unlock (&self->lock);
  tell_closed (self);
}

static void
run_message (TlPg *pg, gpointer data)
{
  Message *message = data;
  TlSocket *self = message->socket;

  self->events->message (self, pg, message->text, message->length, self->data);
  g_free (message->text);
  g_free (message);
  message_done (self);
  tl_socket_unref (self);
}

static void
hand_over (TlSocket *self, const guint8 *text, gsize length)
{
  Message *message = g_new (Message, 1);

  *message = (Message){ tl_socket_ref (self), g_strndup ((const char *)text, length), length };
  g_mutex_lock (&self->lock);
  self->in_flight++;
  if (self->in_flight >= MAX_IN_FLIGHT)
    arm (self, !g_queue_is_empty (&self->queue));
  g_mutex_unlock (&self->lock);
  if (tl_pool_push (tl_http_server_pool (self->reactor->server->http), run_message, message))
    return;
  tl_socket_close (self, 1013, "the server is busy");
  g_free (message->text);
  g_free (message);
  message_done (self);
  tl_socket_unref (self);
}

/* --- in -------------------------------------------------------------------------------------- */

static ssize_t
give_input (wslay_event_context_ptr frames, uint8_t *buffer, size_t size, int flags, void *data)
{
  TlSocket *self = data;
  gsize n = MIN (size, self->input_length);

  if (n == 0) {
    wslay_event_set_error (frames, WSLAY_ERR_WOULDBLOCK);
    return -1;
  }
  memcpy (buffer, self->input, n);
  self->input += n;
  self->input_length -= n;
  self->fed += n;
  return (ssize_t)n;
}

static void
frame_begins (wslay_event_context_ptr frames,
              const struct wslay_event_on_frame_recv_start_arg *frame, void *data)
{
  TlSocket *self = data;
  guint64 length = frame->payload_length;

  self->expected += length + (length < 126 ? 6 : length < 65536 ? 8 : 14);
  if (!wslay_is_ctrl_frame (frame->opcode))
    self->is_fragment = !frame->fin;
}

static void
message_came (wslay_event_context_ptr frames, const struct wslay_event_on_msg_recv_arg *message,
              void *data)
{
  TlSocket *self = data;
  g_autoptr (GBytes) pong = NULL;

  switch (message->opcode) {
  case WSLAY_TEXT_FRAME:
    hand_over (self, message->msg, message->msg_length);
    break;
  case WSLAY_BINARY_FRAME:
    tl_socket_close (self, 1003, "only text is understood");
    break;
  case WSLAY_PING:
    pong = frame_new (WSLAY_PONG, message->msg, message->msg_length);
    tl_socket_send_frame (self, pong);
    break;
  case WSLAY_CONNECTION_CLOSE:
    tl_socket_close (self, message->status_code, "");
    break;
  default:
    break;
  }
}

static const struct wslay_event_callbacks callbacks = {
  .recv_callback = give_input,
  .on_frame_recv_start_callback = frame_begins,
  .on_msg_recv_callback = message_came,
};

/* wslay queues the close frame that answers a breach of the protocol; its code is what matters. */
static void
close_as_wslay_says (TlSocket *self)
{
  guint16 code = wslay_event_get_status_code_sent (self->frames);

  if (code == 0 || code == WSLAY_CODE_ABNORMAL_CLOSURE)
    code = wslay_event_get_status_code_received (self->frames);
  tl_socket_close (self, code && code < 5000 && code != 1005 && code != 1006 ? code : 1002, "");
}

static gboolean
read_socket (TlSocket *self)
{
  gssize n = recv (self->fd, self->reactor->buffer, READ_BYTES, MSG_DONTWAIT);

  if (n < 0)
    return errno == EAGAIN || errno == EINTR;
  if (n == 0)
    return FALSE;
  self->heard = now_seconds ();
  self->pinged = 0;
  self->input = self->reactor->buffer;
  self->input_length = (gsize)n;
  if (self->frames == NULL) {
    wslay_event_context_server_init (&self->frames, &callbacks, self);
    wslay_event_config_set_max_recv_msg_length (self->frames, self->reactor->max_message);
    self->fed = self->expected = 0;
  }
  if (wslay_event_recv (self->frames) != 0)
    return FALSE;
  if (wslay_event_want_write (self->frames) && !wslay_event_get_read_enabled (self->frames))
    close_as_wslay_says (self);
  if (self->fed == self->expected && !self->is_fragment)
    g_clear_pointer (&self->frames, wslay_event_context_free);
  return TRUE;
}

/* --- the thread ------------------------------------------------------------------------------ */

static void
drop (TlReactor *self, TlSocket *socket)
{
  gboolean is_ours;

  g_mutex_lock (&self->lock);
  is_ours = g_hash_table_steal (self->sockets, socket);
  g_mutex_unlock (&self->lock);
  if (!is_ours)
    return;
  g_mutex_lock (&socket->lock);
  socket->is_gone = TRUE;
  epoll_ctl (self->epoll, EPOLL_CTL_DEL, socket->fd, NULL);
  close (socket->fd);
  g_mutex_unlock (&socket->lock);
  tell_closed (socket);
}

static gboolean
is_overdue (TlSocket *socket, guint32 now)
{
  if (socket->closing)
    return now - socket->closing > CLOSE_SECONDS;
  if (!g_queue_is_empty (&socket->queue) && now - socket->progress > STUCK_SECONDS)
    return TRUE;
  return now - socket->heard > SILENCE_SECONDS;
}

static void
sweep (TlReactor *self)
{
  g_autoptr (GPtrArray) overdue = g_ptr_array_new ();
  g_autoptr (GBytes) ping = frame_new (WSLAY_PING, "", 0);
  guint32 now = now_seconds ();
  GHashTableIter iter;
  gpointer key;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->sockets);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    TlSocket *socket = key;

    g_mutex_lock (&socket->lock);
    if (is_overdue (socket, now)) {
      g_ptr_array_add (overdue, socket);
    } else if (now - socket->heard > PING_SECONDS && socket->pinged == 0) {
      socket->pinged = now;
      enqueue (socket, ping, QUEUE_SOFT);
    }
    g_mutex_unlock (&socket->lock);
  }
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < overdue->len; i++)
    drop (self, overdue->pdata[i]);
}

static void
handle (TlReactor *self, TlSocket *socket, guint32 events)
{
  if (events & EPOLLOUT) {
    g_mutex_lock (&socket->lock);
    flush (socket);
    g_mutex_unlock (&socket->lock);
  }
  if ((events & (EPOLLERR | EPOLLHUP)) ||
      ((events & (EPOLLIN | EPOLLRDHUP)) && !read_socket (socket)))
    drop (self, socket);
}

static gpointer
react (gpointer data)
{
  TlReactor *self = data;
  guint32 next_sweep = now_seconds () + SWEEP_SECONDS;

  while (!g_atomic_int_get (&self->is_stopping)) {
    struct epoll_event events[256];
    int n = epoll_wait (self->epoll, events, G_N_ELEMENTS (events), 1000);

    for (int i = 0; i < n; i++)
      if (events[i].data.ptr)
        handle (self, events[i].data.ptr, events[i].events);
    if (now_seconds () >= next_sweep) {
      sweep (self);
      next_sweep = now_seconds () + SWEEP_SECONDS;
    }
  }
  return NULL;
}

TlReactor *
tl_reactor_new (TlServer *server, gsize max_message, GError **error)
{
  TlReactor *self = g_new0 (TlReactor, 1);
  struct epoll_event event = { .events = EPOLLIN };

  self->server = server;
  self->max_message = max_message;
  self->epoll = epoll_create1 (EPOLL_CLOEXEC);
  self->wake = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  self->buffer = g_malloc (READ_BYTES);
  self->sockets = g_hash_table_new (NULL, NULL);
  g_mutex_init (&self->lock);
  if (self->epoll < 0 || self->wake < 0 ||
      epoll_ctl (self->epoll, EPOLL_CTL_ADD, self->wake, &event) != 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "WebSockets cannot start: %s",
                 g_strerror (errno));
    tl_reactor_free (self);
    return NULL;
  }
  self->thread = g_thread_new ("reactor", react, self);
  return self;
}

/* A reference on each, since another thread may drop one meanwhile. */
static GPtrArray *
take_sockets (TlReactor *self)
{
  GPtrArray *sockets = g_ptr_array_new_with_free_func ((GDestroyNotify)tl_socket_unref);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GHashTableIter iter;
  gpointer socket;

  g_hash_table_iter_init (&iter, self->sockets);
  while (g_hash_table_iter_next (&iter, &socket, NULL))
    g_ptr_array_add (sockets, tl_socket_ref (socket));
  return sockets;
}

void
tl_reactor_stop (TlReactor *self)
{
  g_autoptr (GPtrArray) sockets = NULL;
  guint64 one = 1;
  gssize n;

  g_atomic_int_set (&self->is_stopping, 1);
  n = write (self->wake, &one, sizeof one);
  (void)n; /* the loop also looks once a second */
  if (self->thread)
    g_thread_join (self->thread);
  self->thread = NULL;
  sockets = take_sockets (self);
  for (guint i = 0; i < sockets->len; i++)
    drop (self, sockets->pdata[i]);
}

void
tl_reactor_free (TlReactor *self)
{
  if (self == NULL)
    return;
  tl_reactor_stop (self);
  g_hash_table_unref (self->sockets);
  close (self->epoll);
  close (self->wake);
  g_free (self->buffer);
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint
tl_reactor_count (TlReactor *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = g_hash_table_size (self->sockets);
  g_mutex_unlock (&self->lock);
  return n;
}

/* --- the handshake (RFC 6455, 4.2) ----------------------------------------------------------- */

static void
adopt (gpointer data, int fd, const char *extra, gsize length)
{
  TlSocket *self = data;
  TlReactor *reactor = self->reactor;
  struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP, .data.ptr = self };
  int on = 1;

  self->fd = fd;
  fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) | O_NONBLOCK);
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  g_mutex_lock (&reactor->lock);
  g_hash_table_add (reactor->sockets, self);
  g_mutex_unlock (&reactor->lock);
  if (g_atomic_int_get (&reactor->is_stopping) || fd < 0 || length > 0 ||
      epoll_ctl (reactor->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
    drop (reactor, self); /* nobody may speak before the handshake's answer */
}

static gboolean
has_token (const char *header, const char *token)
{
  g_auto (GStrv) words = header ? g_strsplit (header, ",", -1) : NULL;

  for (guint i = 0; words && words[i]; i++)
    if (g_ascii_strcasecmp (g_strstrip (words[i]), token) == 0)
      return TRUE;
  return FALSE;
}

static char *
accept_key (const char *key)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *)key, -1);
  g_checksum_update (checksum, (const guchar *)"258EAFA5-E914-47DA-95CA-C5AB0DC85B11", -1);
  g_checksum_get_digest (checksum, digest, &length);
  return g_base64_encode (digest, length);
}

static gboolean
is_handshake (TlRequest *request, const char *subprotocol)
{
  const char *key = tl_request_header (request, "Sec-WebSocket-Key");
  gsize length = 0;
  g_autofree guchar *nonce = key ? g_base64_decode (key, &length) : NULL;
  const char *detail = NULL;

  if (g_strcmp0 (tl_request_header (request, "Sec-WebSocket-Version"), "13") != 0) {
    tl_request_set_header (request, "Sec-WebSocket-Version", "13");
    tl_request_set_header (request, "Upgrade", "websocket");
    tl_request_problem (request, 426, "about:blank", "This address speaks WebSocket, version 13",
                        NULL);
    return FALSE;
  }
  if (!has_token (tl_request_header (request, "Upgrade"), "websocket") ||
      !has_token (tl_request_header (request, "Connection"), "upgrade") || length != 16)
    detail = "This is not a WebSocket handshake";
  else if (!has_token (tl_request_header (request, "Sec-WebSocket-Protocol"), subprotocol))
    detail = "The WebSocket subprotocol must be jmap";
  if (detail)
    tl_request_problem (request, 400, "about:blank", detail, NULL);
  return detail == NULL;
}

gboolean
tl_reactor_upgrade (TlReactor *self, TlRequest *request, const char *subprotocol,
                    const TlSocketEvents *events, gpointer data)
{
  g_autofree char *accept = NULL;
  TlSocket *socket;

  if (!is_handshake (request, subprotocol))
    return FALSE;
  accept = accept_key (tl_request_header (request, "Sec-WebSocket-Key"));
  tl_request_set_header (request, "Upgrade", "websocket");
  tl_request_set_header (request, "Sec-WebSocket-Accept", accept);
  tl_request_set_header (request, "Sec-WebSocket-Protocol", subprotocol);
  socket = g_new0 (TlSocket, 1);
  socket->refs = 1;
  socket->fd = -1;
  socket->reactor = self;
  socket->events = events;
  socket->data = data;
  socket->heard = now_seconds ();
  g_mutex_init (&socket->lock);
  g_queue_init (&socket->queue);
  tl_request_upgrade (request, adopt, socket);
  return TRUE;
}
