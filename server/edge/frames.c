/* frames.c: frames in. wslay takes them apart; its context exists only between the first byte of a
 * message and its last, so that an idle socket costs nothing.
 *
 * wslay is fed frame by frame (it would read ahead otherwise): between two frames a socket with too
 * many messages on workers waits, and what was read of it is kept. The pongs and close frames that
 * wslay makes go out as they are, the first close frame ends the reading. The reactor thread's. */
#include "server/edge/http-private.h"
#include "server/edge/socket-private.h"
#include "server/server.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* A message may have so many, and one more for every so many bytes. */
#define MAX_FRAGMENTS 4096
#define BYTES_A_FRAGMENT 64

/* --- messages on workers --------------------------------------------------------------------- */

typedef struct {
  TlSocket *socket;
  char *text;
  gsize length;
} Message;

static void
message_free (Message *message)
{
  tl_socket_message_done (message->socket);
  tl_socket_unref (message->socket);
  g_free (message->text);
  g_free (message);
}

static void
run_message (TlPg *pg, gpointer data)
{
  Message *message = data;
  TlSocket *self = message->socket;

  self->events->message (self, pg, message->text, message->length, self->data);
  message_free (message);
}

static void
hand_over (TlSocket *self, const guint8 *text, gsize length)
{
  Message *message = g_new (Message, 1);

  *message = (Message){ tl_socket_ref (self), g_malloc (length + 1), length };
  if (length)
    memcpy (message->text, text, length);
  message->text[length] = '\0';
  tl_socket_message_begins (self);
  if (tl_pool_push (tl_http_server_pool (self->reactor->server->http), run_message, message))
    return;
  tl_socket_close (self, 1013, "the server is busy");
  message_free (message);
}

/* --- wslay's callbacks ----------------------------------------------------------------------- */

static gboolean
may_go_on (TlSocket *self)
{
  gboolean may;

  g_mutex_lock (&self->lock);
  may = self->in_flight < TL_SOCKET_MAX_IN_FLIGHT && !tl_socket_is_ending (self);
  g_mutex_unlock (&self->lock);
  return may;
}

/* A frame's head byte by byte, its payload at once, and nothing of the next. */
static gsize
wanted (TlSocket *self)
{
  if (self->fed == self->expected)
    return may_go_on (self) ? 1 : 0;
  return self->fed < self->expected ? self->expected - self->fed : 1;
}

static ssize_t
give_input (wslay_event_context_ptr frames, uint8_t *buffer, size_t size, int flags, void *data)
{
  TlSocket *self = data;
  gsize n = MIN (size, self->input_length);

  n = n > 0 ? MIN (n, wanted (self)) : 0;
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

static ssize_t
take_output (wslay_event_context_ptr frames, const uint8_t *bytes, size_t length, int flags,
             void *data)
{
  TlSocket *self = data;

  g_byte_array_append (self->reactor->control, bytes, (guint)length);
  return (ssize_t)length;
}

static void
frame_begins (wslay_event_context_ptr frames,
              const struct wslay_event_on_frame_recv_start_arg *frame, void *data)
{
  TlSocket *self = data;
  guint64 length = frame->payload_length;

  self->expected += length + (length < 126 ? 6 : length < 65536 ? 8 : 14);
  if (wslay_is_ctrl_frame (frame->opcode))
    return;
  self->fragments = frame->fin ? 0 : self->fragments + 1;
  if (self->fragments > MAX_FRAGMENTS + self->fed / BYTES_A_FRAGMENT)
    tl_socket_end (self, 1008, "a message of too many fragments");
}

static void
message_came (wslay_event_context_ptr frames, const struct wslay_event_on_msg_recv_arg *message,
              void *data)
{
  if (message->opcode == WSLAY_TEXT_FRAME)
    hand_over (data, message->msg, message->msg_length);
  else if (message->opcode == WSLAY_BINARY_FRAME)
    tl_socket_end (data, 1003, "only text is understood");
  else if (message->opcode == WSLAY_CONNECTION_CLOSE && message->msg_length == 1)
    tl_socket_end (data, 1002, "half a code"); /* wslay lets it pass */
}

static const struct wslay_event_callbacks callbacks = {
  .recv_callback = give_input,
  .send_callback = take_output,
  .on_frame_recv_start_callback = frame_begins,
  .on_msg_recv_callback = message_came,
};

/* --- reading --------------------------------------------------------------------------------- */

static void
begin_message (TlSocket *self)
{
  wslay_event_context_server_init (&self->frames, &callbacks, self);
  wslay_event_config_set_max_recv_msg_length (self->frames, self->reactor->max_message);
  self->fed = self->expected = 0;
  self->fragments = 0;
}

static void
send_answers (TlSocket *self)
{
  GByteArray *control = self->reactor->control;
  g_autoptr (GBytes) frames = NULL;

  if (!wslay_event_want_write (self->frames) || wslay_event_send (self->frames) != 0)
    return;
  frames = g_bytes_new (control->data, control->len);
  g_byte_array_set_size (control, 0);
  tl_socket_answer (self, frames, wslay_event_get_close_sent (self->frames));
}

static void
keep_rest (TlSocket *self, GBytes *source)
{
  g_mutex_lock (&self->lock);
  if (tl_socket_is_ending (self))
    g_clear_pointer (&self->frames, wslay_event_context_free);
  else if (self->input_length > 0 && source)
    self->rest = g_bytes_new_from_bytes (source, g_bytes_get_size (source) - self->input_length,
                                         self->input_length);
  else if (self->input_length > 0)
    self->rest = g_bytes_new (self->input, self->input_length);
  self->input_length = 0;
  tl_socket_arm (self);
  g_mutex_unlock (&self->lock);
}

/* `source` holds the input when it was read before. */
static void
feed (TlSocket *self, const guint8 *input, gsize length, GBytes *source)
{
  gboolean is_broken;

  self->input = input;
  self->input_length = length;
  if (self->frames == NULL)
    begin_message (self);
  is_broken = wslay_event_recv (self->frames) != 0;
  if (is_broken)
    tl_socket_end (self, 1002, "");
  else
    send_answers (self);
  if (is_broken || (self->fed == self->expected && self->fragments == 0))
    g_clear_pointer (&self->frames, wslay_event_context_free);
  keep_rest (self, source);
}

gboolean
tl_socket_read (TlSocket *self)
{
  g_autoptr (GBytes) rest = NULL;
  gboolean is_full, is_closing;
  gssize n;

  g_mutex_lock (&self->lock);
  is_closing = tl_socket_is_ending (self);
  is_full = !is_closing && self->in_flight >= TL_SOCKET_MAX_IN_FLIGHT;
  if (!is_full)
    rest = g_steal_pointer (&self->rest);
  g_mutex_unlock (&self->lock);
  if (is_full)
    return TRUE;
  if (rest) {
    feed (self, g_bytes_get_data (rest, NULL), g_bytes_get_size (rest), rest);
    return TRUE;
  }
  n = recv (self->fd, self->reactor->buffer, TL_SOCKET_READ_BYTES, MSG_DONTWAIT);
  if (n < 0)
    return errno == EAGAIN || errno == EINTR;
  if (n == 0)
    return FALSE;
  g_mutex_lock (&self->lock);
  self->heard = tl_socket_now ();
  self->pinged = 0;
  g_mutex_unlock (&self->lock);
  if (!is_closing) /* what comes after the end is not looked at */
    feed (self, self->reactor->buffer, (gsize)n, NULL);
  return TRUE;
}
