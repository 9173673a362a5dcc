/* WebSockets over a real HTTP server, by a client that makes every frame itself. */
#include "server/server.h"
#include "tests/server/caller.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_MESSAGE 65536
#define HANDSHAKE                                                                                  \
  "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"       \
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"                   \
  "Sec-WebSocket-Protocol: other, jmap\r\n"

enum { CONTINUATION, TEXT, BINARY, CLOSE = 8, PING, PONG };

static TlConfig config;
static TlServer server = { .config = &config };
static guint port;

static GMutex mutex;
static GCond cond;
static gboolean gate_open; /* all of these under the mutex */
static guint opened, closed, begun;
static TlSocket *kept;

static int stuck; /* never reads: given up after half a minute, which other tests use */

/* --- the server's side ------------------------------------------------------------------------- */

static void
came (TlSocket *socket, TlPg *pg, const char *text, gsize length, gpointer data)
{
  g_assert_cmpuint (strlen (text), <=, length);
  g_mutex_lock (&mutex);
  g_assert_true (tl_socket_data (socket) == data && !*(gboolean *)data);
  begun++;
  g_cond_broadcast (&cond);
  if (g_str_equal (text, "keep me"))
    kept = tl_socket_ref (socket);
  while (g_str_equal (text, "wait") && !gate_open)
    g_cond_wait (&cond, &mutex);
  g_assert_false (*(gboolean *)data); /* not closed while it is worked on */
  g_cond_broadcast (&cond);
  g_mutex_unlock (&mutex);
  tl_socket_send_text (socket, text);
}

static void
ended (TlSocket *socket, gpointer data)
{
  gboolean *is_closed = data;

  g_mutex_lock (&mutex);
  g_assert_false (*is_closed);
  *is_closed = TRUE;
  closed++;
  g_cond_broadcast (&cond);
  g_mutex_unlock (&mutex);
}

static const TlSocketEvents events = { .message = came, .closed = ended };

static void
upgrade (TlRequest *request)
{
  gboolean *is_closed = g_new0 (gboolean, 1); /* kept until the process ends */

  g_mutex_lock (&mutex);
  while (tl_request_query (request, "wait") && !gate_open)
    g_cond_wait (&cond, &mutex);
  if (tl_reactor_upgrade (server.reactor, request, "jmap", &events, is_closed))
    opened++;
  g_mutex_unlock (&mutex);
}

static const TlRoute routes[] = {
  { "GET", "/ws", TL_ROUTE_NO_STORE, 0, upgrade },
  { NULL },
};

static void
start (void)
{
  g_autoptr (GError) error = NULL;

  server.reactor = tl_reactor_new (&server, MAX_MESSAGE, &error);
  g_assert_no_error (error);
  server.http = tl_http_server_new (&server, &config, routes, &error);
  g_assert_no_error (error);
  port = tl_http_server_port (server.http);
}

static void
set_gate (gboolean is_open)
{
  g_mutex_lock (&mutex);
  gate_open = is_open;
  begun = 0;
  g_cond_broadcast (&cond);
  g_mutex_unlock (&mutex);
}

static void
await_number (const guint *number, guint n)
{
  gint64 until = g_get_monotonic_time () + 50 * G_TIME_SPAN_SECOND;

  g_mutex_lock (&mutex);
  while (*number < n)
    g_assert_true (g_cond_wait_until (&cond, &mutex, until));
  g_mutex_unlock (&mutex);
}

/* All are gone but the one that is stuck. */
static void
assert_all_closed (void)
{
  guint all;

  g_mutex_lock (&mutex);
  all = opened - (stuck ? 1 : 0);
  g_mutex_unlock (&mutex);
  await_number (&closed, all);
}

/* --- the client's side ------------------------------------------------------------------------- */

static void
append_frame (GByteArray *out, guint head, const void *payload, gsize length, gboolean is_masked)
{
  guint8 mask[4] = { 0x12, 0x34, 0x56, 0x78 };
  guint8 bytes[14] = { (guint8)head };
  guint at = out->len, size = 2;

  bytes[1] = length < 126 ? (guint8)length : length < 65536 ? 126 : 127;
  for (guint n = length < 126 ? 0 : length < 65536 ? 2 : 8; n > 0; n--)
    bytes[size++] = (guint8)((guint64)length >> (8 * (n - 1)));
  if (is_masked) {
    bytes[1] |= 0x80;
    memcpy (bytes + size, mask, 4);
    size += 4;
  }
  g_byte_array_append (out, bytes, size);
  if (length)
    g_byte_array_append (out, payload, (guint)length);
  for (gsize i = 0; i < length && is_masked; i++)
    out->data[at + size + i] ^= mask[i % 4];
}

static void
send_frame (int fd, guint head, const void *payload, gsize length)
{
  g_autoptr (GByteArray) frame = g_byte_array_new ();

  append_frame (frame, head, payload, length, TRUE);
  caller_send (fd, frame->data, frame->len);
}

static void
say (int fd, const char *text)
{
  send_frame (fd, 0x80 | TEXT, text, strlen (text));
}

/* Opcode of the next frame, -1 at the end. */
static int
hear (int fd, char **payload, gsize *length)
{
  guint8 head[2], more[8];
  gsize n, size;

  *payload = NULL;
  if (!caller_read (fd, head, 2))
    return -1;
  g_assert_cmphex (head[0] & 0xf0, ==, 0x80); /* whole, no extension */
  g_assert_cmphex (head[1] & 0x80, ==, 0);    /* servers don't mask */
  n = head[1];
  size = n == 126 ? 2 : n == 127 ? 8 : 0;
  if (size) {
    g_assert_true (caller_read (fd, more, size));
    n = 0;
    for (gsize i = 0; i < size; i++)
      n = n << 8 | more[i];
  }
  *payload = g_malloc0 (n + 1);
  *length = n;
  if (!caller_read (fd, *payload, n))
    return -1;
  return head[0] & 0xf;
}

static void
assert_hears (int fd, int opcode, const char *text)
{
  g_autofree char *payload = NULL;
  gsize length;

  g_assert_cmpint (hear (fd, &payload, &length), ==, opcode);
  g_assert_cmpstr (payload, ==, text);
}

/* A close frame with `code` (0: none), one only, then the end. */
static void
assert_closes (int fd, guint code)
{
  g_autofree char *payload = NULL;
  g_autofree char *more = NULL;
  gsize length;

  g_assert_cmpint (hear (fd, &payload, &length), ==, CLOSE);
  g_assert_cmpuint (length, >=, code ? 2 : 0);
  if (code == 0)
    g_assert_cmpuint (length, ==, 0);
  else
    g_assert_cmpuint ((guint8)payload[0] << 8 | (guint8)payload[1], ==, code);
  send_frame (fd, 0x80 | CLOSE, payload, MIN (length, 2));
  g_assert_cmpint (hear (fd, &more, &length), ==, -1);
  caller_hang_up (fd);
}

static int
open_socket_with (const char *head, const void *more, gsize length)
{
  int fd = caller_connect (port);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (Answer) answer = NULL;
  g_autofree char *accept = NULL;
  g_autofree char *protocol = NULL;

  g_byte_array_append (bytes, (const guint8 *)head, (guint)strlen (head));
  g_byte_array_append (bytes, (const guint8 *)"\r\n", 2);
  if (length)
    g_byte_array_append (bytes, more, (guint)length);
  caller_send (fd, bytes->data, bytes->len);
  answer = caller_hear (fd, TRUE);
  g_assert_cmpuint (answer->status, ==, 101);
  accept = answer_header (answer, "Sec-WebSocket-Accept");
  g_assert_cmpstr (accept, ==, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="); /* RFC 6455, 1.3 */
  protocol = answer_header (answer, "Sec-WebSocket-Protocol");
  g_assert_cmpstr (protocol, ==, "jmap");
  return fd;
}

static int
open_socket (void)
{
  return open_socket_with (HANDSHAKE, NULL, 0);
}

static void
close_socket (int fd)
{
  send_frame (fd, 0x80 | CLOSE, "\x03\xe8", 2);
  assert_closes (fd, 1000);
}

static TlSocket *
keep (int fd)
{
  g_clear_pointer (&kept, tl_socket_unref);
  say (fd, "keep me");
  assert_hears (fd, TEXT, "keep me");
  return kept;
}

/* --- the handshake ----------------------------------------------------------------------------- */

static void
assert_refused (const char *from, const char *to, guint status)
{
  g_autoptr (GString) head = g_string_new (HANDSHAKE);
  g_autoptr (Answer) answer = NULL;

  g_assert_cmpuint (g_string_replace (head, from, to, 1), ==, 1);
  g_string_truncate (head, head->len - 2);
  answer = caller_ask (port, head->str, NULL);
  g_assert_cmpuint (answer->status, ==, status);
}

static void
test_handshake (void)
{
  guint before = opened;

  assert_refused ("Version: 13", "Version: 8", 426);
  assert_refused ("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZQ==", 400);
  assert_refused ("Sec-WebSocket-Key", "Sec-Key", 400);
  assert_refused ("Upgrade: websocket", "Upgrade: h2c", 400);
  assert_refused ("keep-alive, Upgrade", "keep-alive", 400);
  assert_refused ("other, jmap", "other", 400);
  assert_refused ("GET", "HEAD", 405);
  assert_refused ("GET", "POST", 405);
  g_assert_cmpuint (opened, ==, before);
  close_socket (open_socket ());
}

/* What comes in one packet with the handshake counts. */
static void
test_early (void)
{
  g_autoptr (GByteArray) frames = g_byte_array_new ();
  g_autofree char *large = g_strnfill (5000, 'e');
  int fd;

  append_frame (frames, 0x80 | TEXT, "early", 5, TRUE);
  append_frame (frames, 0x80 | PING, "bird", 4, TRUE);
  fd = open_socket_with (HANDSHAKE, frames->data, frames->len);
  for (guint i = 0; i < 2; i++) {
    g_autofree char *payload = NULL;
    gsize length;

    g_assert_cmpstr (hear (fd, &payload, &length) == TEXT ? "early" : "bird", ==, payload);
  }
  close_socket (fd);
  g_byte_array_set_size (frames, 0);
  append_frame (frames, 0x80 | TEXT, large, 5000, TRUE);
  fd = open_socket_with (HANDSHAKE, frames->data, 3000);
  caller_send (fd, frames->data + 3000, frames->len - 3000);
  assert_hears (fd, TEXT, large);
  close_socket (fd);
}

/* Who goes while the handshake is on a worker leaves nothing behind. */
static void
test_leaves_early (void)
{
  set_gate (FALSE);
  for (guint i = 0; i < 8; i++) {
    int fd = caller_connect (port);
    g_autofree char *head = g_strdup_printf ("%s\r\n", HANDSHAKE);
    g_autoptr (GString) waiting = g_string_new (head);

    g_string_replace (waiting, "/ws", "/ws?wait", 1);
    caller_say (fd, waiting->str);
    (i % 2 ? caller_break_off : caller_hang_up) (fd);
  }
  set_gate (TRUE);
  close_socket (open_socket ());
  assert_all_closed ();
}

/* --- messages ---------------------------------------------------------------------------------- */

static void
test_messages (void)
{
  static const gsize lengths[] = { 0, 1, 125, 126, 127, 4095, 4096, 4097, 65535, 65536 };
  int fd = open_socket ();

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    g_autofree char *text = g_strnfill (lengths[i], 'm');

    say (fd, text);
    assert_hears (fd, TEXT, text);
  }
  say (fd, "Tïde — 潮 🌊");
  assert_hears (fd, TEXT, "Tïde — 潮 🌊");
  close_socket (fd);
}

static void
test_fragments (void)
{
  int fd = open_socket ();

  send_frame (fd, TEXT, "in ", 3);
  send_frame (fd, 0x80 | PING, "still", 5);
  assert_hears (fd, PONG, "still");
  send_frame (fd, CONTINUATION, "", 0);
  send_frame (fd, CONTINUATION, "th\xc3", 3); /* a letter in two */
  send_frame (fd, 0x80 | PONG, "", 0);
  send_frame (fd, 0x80 | CONTINUATION, "\xa9", 1);
  assert_hears (fd, TEXT, "in thé");
  send_frame (fd, 0x80 | PING, "", 0);
  assert_hears (fd, PONG, "");
  send_frame (fd, TEXT, "never whole", 11);
  close_socket (fd);
}

static gsize
up_to (gint max, gsize left)
{
  gsize n = (gsize)g_test_rand_int_range (1, max);

  return MIN (n, left);
}

/* However messages are cut into frames and frames into packets, they come whole. */
static void
test_random_cuts (void)
{
  int fd = open_socket ();

  for (guint round = 0; round < 60; round++) {
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    g_autofree char *text = g_strnfill ((gsize)g_test_rand_int_range (1, 20000), 'r');
    gsize length = strlen (text), at = 0;
    guint pings = 0;
    gboolean is_heard = FALSE;

    for (gsize n; at < length; at += n) {
      n = up_to (9000, length - at);
      append_frame (bytes, (at ? CONTINUATION : TEXT) | (at + n == length ? 0x80 : 0), text + at, n,
                    TRUE);
      if (g_test_rand_bit ()) {
        append_frame (bytes, 0x80 | PING, "?", 1, TRUE);
        pings++;
      }
    }
    for (gsize n, sent = 0; sent < bytes->len; sent += n) {
      n = up_to (g_test_rand_bit () ? 20 : 9000, bytes->len - sent);
      caller_send (fd, bytes->data + sent, n);
    }
    while (pings > 0 || !is_heard) {
      g_autofree char *payload = NULL;
      gsize n;
      int opcode = hear (fd, &payload, &n);

      g_assert_cmpstr (payload, ==, opcode == TEXT ? text : "?");
      if (opcode == TEXT)
        is_heard = TRUE;
      else
        pings--;
    }
  }
  close_socket (fd);
}

/* Eight of one socket are worked on at once; the rest waits, others don't. */
static void
test_in_flight (void)
{
  int fd = open_socket (), other = open_socket ();
  g_autoptr (GByteArray) frames = g_byte_array_new ();

  set_gate (FALSE);
  for (guint i = 0; i < 1000; i++)
    append_frame (frames, 0x80 | TEXT, "wait", 4, TRUE);
  caller_send (fd, frames->data, frames->len);
  await_number (&begun, 8);
  say (other, "meanwhile");
  assert_hears (other, TEXT, "meanwhile");
  g_mutex_lock (&mutex);
  g_assert_cmpuint (begun, ==, 9);
  g_mutex_unlock (&mutex);
  set_gate (TRUE);
  for (guint i = 0; i < 1000; i++)
    assert_hears (fd, TEXT, "wait");
  close_socket (fd);
  close_socket (other);
}

/* closed() comes after the last message was worked on. */
static void
test_gone_while_working (void)
{
  int fd = open_socket ();

  set_gate (FALSE);
  say (fd, "wait");
  say (fd, "wait");
  await_number (&begun, 2);
  caller_break_off (fd);
  while (tl_reactor_count (server.reactor) > (stuck ? 1 : 0))
    g_usleep (1000);
  set_gate (TRUE);
  assert_all_closed ();
}

/* --- closing ----------------------------------------------------------------------------------- */

static void
test_close_codes (void)
{
  static const struct {
    guint head;
    const char *payload;
    gsize length;
    guint code;
  } cases[] = {
    { 0x80 | CLOSE, "", 0, 0 },
    { 0x80 | CLOSE, "\x03\xe9gone", 6, 1001 },
    { 0x80 | CLOSE, "\x0b\xb8", 2, 3000 },
    { 0x80 | CLOSE, "\x03", 1, 1002 },
    { 0x80 | CLOSE, "\x03\xed", 2, 1002 }, /* 1005 is never sent */
    { 0x80 | CLOSE, "\x00\x01", 2, 1002 },
    { 0x80 | CLOSE, "\x03\xe8\xff\xfe", 4, 1007 },
    { 0x80 | TEXT, "\xc3\x28", 2, 1007 },
    { 0x80 | TEXT, "\xed\xa0\x80", 3, 1007 }, /* a surrogate */
    { 0x80 | TEXT, "half \xc3", 6, 1007 },
    { 0x80 | BINARY, "x", 1, 1003 },
    { 0x80 | 3, "", 0, 1002 }, /* no such opcode */
    { 0x80 | 11, "", 0, 1002 },
    { 0x80 | CONTINUATION, "x", 1, 1002 }, /* of nothing */
    { 0xc0 | TEXT, "x", 1, 1002 },         /* an extension's bit */
    { PING, "x", 1, 1002 },                /* in fragments */
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    int fd = open_socket ();

    g_test_message ("case %u", i);
    send_frame (fd, cases[i].head, cases[i].payload, cases[i].length);
    say (fd, "what comes after is not looked at");
    assert_closes (fd, cases[i].code);
  }
  assert_all_closed ();
}

static void
send_raw (const void *bytes, gsize length, guint code)
{
  int fd = open_socket ();

  g_test_message ("%zu bytes: %u", length, code);
  caller_send (fd, bytes, length);
  assert_closes (fd, code);
}

static void
test_more_close_codes (void)
{
  g_autoptr (GByteArray) frames = g_byte_array_new ();
  g_autofree char *large = g_strnfill (MAX_MESSAGE + 1, 'l');

  append_frame (frames, 0x80 | TEXT, "bare", 4, FALSE);
  send_raw (frames->data, frames->len, 1002);
  g_byte_array_set_size (frames, 0);
  append_frame (frames, TEXT, "one", 3, TRUE);
  append_frame (frames, 0x80 | TEXT, "two", 3, TRUE);
  send_raw (frames->data, frames->len, 1002);
  g_byte_array_set_size (frames, 0);
  append_frame (frames, 0x80 | PING, large, 126, TRUE);
  send_raw (frames->data, frames->len, 1002);
  g_byte_array_set_size (frames, 0);
  append_frame (frames, 0x80 | TEXT, large, MAX_MESSAGE + 1, TRUE);
  send_raw (frames->data, frames->len, 1009);
  send_raw ("\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff"
            "abcdx",
            15, 1009);
  send_raw ("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff"
            "abcdx",
            15, 1002); /* a negative length */
  g_byte_array_set_size (frames, 0);
  append_frame (frames, TEXT, large, MAX_MESSAGE, TRUE);
  append_frame (frames, 0x80 | CONTINUATION, "x", 1, TRUE);
  send_raw (frames->data, frames->len, 1009);
  g_byte_array_set_size (frames, 0);
  for (guint i = 0; i < 5000; i++)
    append_frame (frames, i ? CONTINUATION : TEXT, "", 0, TRUE);
  send_raw (frames->data, frames->len, 1008);
  assert_all_closed ();
}

static void
test_server_closes (void)
{
  int fd = open_socket ();
  TlSocket *socket = keep (fd);
  g_autoptr (GBytes) frame = tl_socket_frame ("late", 4);

  tl_socket_close (socket, 1008, "enough");
  tl_socket_close (socket, 1011, "again");
  tl_socket_send_text (socket, "late");
  g_assert_false (tl_socket_send_frame (socket, frame));
  assert_closes (fd, 1008);
  assert_all_closed ();
  g_assert_false (tl_socket_send_frame (socket, frame));
}

/* Neither side waits for the other's answer when both begin. */
static void
test_both_close (void)
{
  int fd = open_socket ();
  TlSocket *socket = keep (fd);

  tl_socket_close (socket, 1001, "");
  send_frame (fd, 0x80 | CLOSE, "\x03\xe8", 2);
  assert_closes (fd, 1001);
  assert_all_closed ();
}

static void
test_garbage (void)
{
  for (guint round = 0; round < 150; round++) {
    int fd = open_socket ();
    guint8 bytes[300];

    for (guint i = 0; i < sizeof bytes; i++)
      bytes[i] = (guint8)g_test_rand_int ();
    if (g_test_rand_bit ()) {
      bytes[0] = 0x81;
      bytes[1] |= 0x80;
    }
    caller_send (fd, bytes, (gsize)g_test_rand_int_range (1, sizeof bytes));
    (g_test_rand_bit () ? caller_break_off : caller_hang_up) (fd);
  }
  assert_all_closed ();
  close_socket (open_socket ());
}

/* --- slow readers, many, the end --------------------------------------------------------------- */

/* What is pushed is dropped, and says so; answers are queued until it is too much. */
static void
test_slow_reader (void)
{
  int fd = open_socket ();
  TlSocket *socket = keep (fd);
  g_autofree char *text = g_strnfill (100000, 's');
  g_autoptr (GBytes) frame = tl_socket_frame (text, 100000);
  guint sent = 0, heard = 0;
  gboolean is_open = TRUE;

  while (tl_socket_send_frame (socket, frame))
    g_assert_cmpuint (++sent, <, 1000);
  for (; is_open && sent < 1000; sent++) {
    g_autoptr (GBytes) empty = tl_socket_frame ("", 0);

    tl_socket_send_text (socket, text);
    is_open = sent < 12 || tl_socket_send_frame (socket, empty) || sent % 20;
  }
  for (;; heard++) {
    g_autofree char *payload = NULL;
    gsize length;

    if (hear (fd, &payload, &length) == CLOSE) {
      g_assert_cmpuint ((guint8)payload[0] << 8 | (guint8)payload[1], ==, 1008);
      break;
    }
  }
  g_assert_cmpuint (heard, >, 10);
  caller_hang_up (fd);
  assert_all_closed ();
}

static void
begin_stuck (void)
{
  int fd = open_socket ();
  TlSocket *socket = keep (fd);
  g_autofree char *text = g_strnfill (100000, 's');
  g_autoptr (GBytes) frame = tl_socket_frame (text, 100000);

  while (tl_socket_send_frame (socket, frame))
    ;
  stuck = fd;
}

static void
test_stuck (void)
{
  await_number (&closed, opened);
  caller_hang_up (stuck);
  stuck = 0;
}

static gsize
resident (void)
{
  g_autofree char *text = NULL;
  gsize all = 0, now = 0;

  g_file_get_contents ("/proc/self/statm", &text, NULL, NULL);
  g_assert_cmpint (sscanf (text, "%zu %zu", &all, &now), ==, 2);
  return now * (gsize)sysconf (_SC_PAGESIZE);
}

static void
test_idle (void)
{
  int fds[500];
  gsize before = resident (), each;

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++) {
    fds[i] = open_socket ();
    say (fds[i], "hello");
    assert_hears (fds[i], TEXT, "hello");
  }
  each = (resident () - before) / G_N_ELEMENTS (fds);
  g_test_message ("an idle socket takes %zu bytes (many times that with a sanitizer)", each);
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpuint (each, <, 8000);
#endif
  g_assert_cmpuint (tl_reactor_count (server.reactor), >=, 500);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close_socket (fds[i]);
  assert_all_closed ();
}

static void
test_stop (void)
{
  int idle = open_socket (), working = open_socket (), half = open_socket ();

  set_gate (FALSE);
  say (working, "wait");
  send_frame (half, TEXT, "half", 4);
  await_number (&begun, 1);
  tl_reactor_stop (server.reactor);
  assert_closes (idle, 1001);
  assert_closes (working, 1001);
  assert_closes (half, 1001);
  set_gate (TRUE);
  tl_http_server_free (server.http);
  g_assert_cmpuint (closed, ==, opened);
  tl_reactor_free (server.reactor);
  start ();
}

static gpointer
come_and_go (gpointer data)
{
  for (;;) {
    int fd = caller_connect (port);
    g_autoptr (Answer) answer = NULL;

    if (fd < 0)
      return NULL;
    caller_say (fd, HANDSHAKE "\r\n");
    answer = caller_hear (fd, TRUE);
    if (answer->status == 101)
      say (fd, "hello");
    caller_hang_up (fd);
    if (answer->status != 101)
      return NULL;
  }
}

/* Sockets that are made while it stops end with it. */
static void
test_stop_under_load (void)
{
  for (guint round = 0; round < 5; round++) {
    GThread *threads[4];
    guint before = opened;

    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
      threads[i] = g_thread_new ("caller", come_and_go, NULL);
    await_number (&opened, before + 50);
    tl_reactor_stop (server.reactor);
    tl_http_server_free (server.http);
    g_assert_cmpuint (closed, ==, opened);
    tl_reactor_free (server.reactor);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
      g_thread_join (threads[i]);
    start ();
  }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  config = (TlConfig){ .listen = (char *)"127.0.0.1:0",
                       .postgresql = (char *)"host=/nonexistent",
                       .workers = 16,
                       .slow_workers = 1,
                       .max_request = MAX_MESSAGE };
  start ();
  begin_stuck ();
  g_test_add_func ("/socket/shakes-hands-as-it-should", test_handshake);
  g_test_add_func ("/socket/hears-who-speaks-early", test_early);
  g_test_add_func ("/socket/forgets-who-leaves-early", test_leaves_early);
  g_test_add_func ("/socket/carries-messages-of-any-length", test_messages);
  g_test_add_func ("/socket/joins-fragments", test_fragments);
  g_test_add_func ("/socket/joins-any-cuts", test_random_cuts);
  g_test_add_func ("/socket/works-on-eight-at-once", test_in_flight);
  g_test_add_func ("/socket/is-not-closed-while-worked-for", test_gone_while_working);
  g_test_add_func ("/socket/closes-once-with-the-right-code", test_close_codes);
  g_test_add_func ("/socket/closes-on-bad-frames", test_more_close_codes);
  g_test_add_func ("/socket/sends-nothing-after-closing", test_server_closes);
  g_test_add_func ("/socket/both-may-close", test_both_close);
  g_test_add_func ("/socket/survives-garbage", test_garbage);
  g_test_add_func ("/socket/bounds-what-a-slow-reader-gets", test_slow_reader);
  g_test_add_func ("/socket/idle-ones-are-small", test_idle);
  g_test_add_func ("/socket/gives-up-who-never-reads", test_stuck);
  g_test_add_func ("/socket/all-end-with-the-server", test_stop);
  g_test_add_func ("/socket/new-ones-end-with-the-server", test_stop_under_load);
  status = g_test_run ();
  g_clear_pointer (&kept, tl_socket_unref);
  tl_reactor_stop (server.reactor);
  tl_http_server_free (server.http);
  tl_reactor_free (server.reactor);
  return status;
}
