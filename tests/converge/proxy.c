/* proxy.c: one thread per client connection, blocking sockets with timeouts. A WebSocket is passed through
 * byte by byte once it is upgraded; while there are faults, what the server pushes may come late, and the connection
 * may be cut after a while. */
#define _GNU_SOURCE /* accept4 */
#include "tests/converge/proxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct _TlProxy {
  int listener;
  guint16 port;
  guint server_port; /* atomic */
  GThread *acceptor;
  GMutex lock;
  GRand *random;
  guint one_in;
  guint counts[TL_N_FAULTS];
  int is_stopping; /* atomic */
  int running;     /* atomic: connections */
};

typedef struct {
  TlProxy *proxy;
  int client, server;
} Link;

static int
connect_to (guint16 port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int on = 1;

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect (fd, (struct sockaddr *)&address, sizeof address) == 0)
    return fd;
  close (fd);
  return -1;
}

static gboolean
send_all (int fd, const char *data, gsize length)
{
  while (length > 0) {
    gssize n = send (fd, data, length, MSG_NOSIGNAL);

    if (n <= 0)
      return FALSE;
    data += n;
    length -= (gsize)n;
  }
  return TRUE;
}

/* Waits for input in slices, so that the proxy can stop. */
static gssize
receive (TlProxy *self, int fd, char *buffer, gsize size)
{
  struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

  while (!g_atomic_int_get (&self->is_stopping)) {
    int n = poll (&poll_fd, 1, 200);

    if (n > 0)
      return recv (fd, buffer, size, 0);
    if (n < 0 && errno != EINTR)
      return -1;
  }
  return -1;
}

static gsize
content_length (const char *head)
{
  g_autofree char *lower = g_ascii_strdown (head, -1);
  const char *field = strstr (lower, "\r\ncontent-length:");

  return field ? g_ascii_strtoull (field + 17, NULL, 10) : 0;
}

/* One whole request or answer: head and body. NULL when the other side is gone. */
static GString *
read_message (TlProxy *self, int fd)
{
  GString *message = g_string_new (NULL);
  gsize needed = 0;
  char buffer[16384];

  for (;;) {
    const char *end = needed ? NULL : strstr (message->str, "\r\n\r\n");
    gssize n;

    if (end)
      needed = (gsize)(end - message->str) + 4 + content_length (message->str);
    if (needed && message->len >= needed)
      return message;
    n = receive (self, fd, buffer, sizeof buffer);
    if (n <= 0)
      break;
    g_string_append_len (message, buffer, n);
  }
  g_string_free (message, TRUE);
  return NULL;
}

/* While there are faults: one of 0 … n - 1; otherwise 0. */
static int
draw (TlProxy *self, int n)
{
  int drawn;

  g_mutex_lock (&self->lock);
  drawn = self->one_in > 0 ? g_rand_int_range (self->random, 0, n) : 0;
  g_mutex_unlock (&self->lock);
  return drawn;
}

static TlFault
draw_fault (TlProxy *self)
{
  TlFault fault = TL_FAULT_NONE;

  g_mutex_lock (&self->lock);
  if (self->one_in > 0 && g_rand_int_range (self->random, 0, (gint32)self->one_in) == 0)
    fault = (TlFault)g_rand_int_range (self->random, 1, TL_N_FAULTS);
  self->counts[fault]++;
  g_mutex_unlock (&self->lock);
  return fault;
}

/* An upgraded connection: bytes both ways until one side ends, or until it is cut. */
static void
pass_through (Link *link)
{
  struct pollfd fds[] = { { .fd = link->client, .events = POLLIN },
                          { .fd = link->server, .events = POLLIN } };
  gulong late = draw (link->proxy, 2) ? (gulong)draw (link->proxy, 100) * 1000 : 0;
  int cut = draw (link->proxy, 2) ? draw (link->proxy, 400) : 0;
  gint64 until = cut ? g_get_monotonic_time () + cut * G_TIME_SPAN_MILLISECOND : G_MAXINT64;
  char buffer[16384];

  while (!g_atomic_int_get (&link->proxy->is_stopping)) {
    int n = poll (fds, 2, 100);

    if (n < 0 || g_get_monotonic_time () > until)
      return;
    for (int i = 0; n > 0 && i < 2; i++) {
      gssize got;

      if (fds[i].revents && i == 1)
        g_usleep (late);
      got = fds[i].revents ? recv (fds[i].fd, buffer, sizeof buffer, 0) : -2;

      if (got == 0 || got == -1 || (got > 0 && !send_all (fds[1 - i].fd, buffer, (gsize)got)))
        return;
    }
  }
}

static gboolean
reach_server (Link *link)
{
  if (link->server < 0)
    link->server = connect_to ((guint16)g_atomic_int_get (&link->proxy->server_port));
  return link->server >= 0;
}

static GString *
ask_server (Link *link, const GString *request)
{
  if (!reach_server (link) || !send_all (link->server, request->str, request->len))
    return NULL;
  return read_message (link->proxy, link->server);
}

/* FALSE: the connection is to be closed. */
static gboolean
one_exchange (Link *link)
{
  g_autoptr (GString) request = read_message (link->proxy, link->client);
  g_autoptr (GString) answer = NULL;
  TlFault fault;

  if (request == NULL)
    return FALSE;
  fault = draw_fault (link->proxy);
  if (fault == TL_FAULT_REQUEST_LOST)
    return FALSE;
  if (fault == TL_FAULT_REQUEST_CUT) {
    if (reach_server (link))
      send_all (link->server, request->str, request->len / 2);
    return FALSE;
  }
  if (fault == TL_FAULT_DELAYED)
    g_usleep (30 * 1000);
  answer = ask_server (link, request);
  if (answer && fault == TL_FAULT_DOUBLED && g_str_has_prefix (request->str, "POST /jmap/")) {
    g_string_free (g_steal_pointer (&answer), TRUE);
    answer = ask_server (link, request);
  }
  if (answer == NULL || fault == TL_FAULT_REPLY_LOST)
    return FALSE;
  if (fault == TL_FAULT_REPLY_CUT) {
    send_all (link->client, answer->str, answer->len / 2);
    return FALSE;
  }
  if (!send_all (link->client, answer->str, answer->len))
    return FALSE;
  if (g_str_has_prefix (answer->str, "HTTP/1.1 101")) {
    pass_through (link);
    return FALSE;
  }
  return TRUE;
}

static gpointer
serve_link (gpointer data)
{
  Link *link = data;

  while (!g_atomic_int_get (&link->proxy->is_stopping) && one_exchange (link))
    ;
  close (link->client);
  if (link->server >= 0)
    close (link->server);
  g_atomic_int_dec_and_test (&link->proxy->running);
  g_free (link);
  return NULL;
}

static gpointer
accept_links (gpointer data)
{
  TlProxy *self = data;
  struct pollfd poll_fd = { .fd = self->listener, .events = POLLIN };

  while (!g_atomic_int_get (&self->is_stopping)) {
    Link *link;
    int client;

    if (poll (&poll_fd, 1, 100) <= 0)
      continue;
    client = accept4 (self->listener, NULL, NULL, SOCK_CLOEXEC);
    if (client < 0)
      continue;
    link = g_new (Link, 1);
    *link = (Link){ self, client, -1 };
    g_atomic_int_inc (&self->running);
    g_thread_unref (g_thread_new ("proxy-link", serve_link, link));
  }
  return NULL;
}

TlProxy *
tl_proxy_new (guint16 server_port)
{
  TlProxy *self = g_new0 (TlProxy, 1);
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t length = sizeof address;

  g_mutex_init (&self->lock);
  self->random = g_rand_new_with_seed (0);
  self->server_port = server_port;
  self->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  if (bind (self->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
      listen (self->listener, 64) != 0 ||
      getsockname (self->listener, (struct sockaddr *)&address, &length) != 0)
    g_error ("the proxy cannot listen: %s", g_strerror (errno));
  self->port = ntohs (address.sin_port);
  self->acceptor = g_thread_new ("proxy", accept_links, self);
  return self;
}

void
tl_proxy_free (TlProxy *self)
{
  g_atomic_int_set (&self->is_stopping, 1);
  g_thread_join (self->acceptor);
  while (g_atomic_int_get (&self->running) > 0)
    g_usleep (1000);
  close (self->listener);
  g_rand_free (self->random);
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint16
tl_proxy_port (TlProxy *self)
{
  return self->port;
}

void
tl_proxy_set_server (TlProxy *self, guint16 server_port)
{
  g_atomic_int_set (&self->server_port, server_port);
}

void
tl_proxy_set_faults (TlProxy *self, guint32 seed, guint one_in)
{
  g_mutex_lock (&self->lock);
  g_rand_set_seed (self->random, seed);
  self->one_in = one_in;
  g_mutex_unlock (&self->lock);
}

void
tl_proxy_counts (TlProxy *self, guint counts[TL_N_FAULTS])
{
  g_mutex_lock (&self->lock);
  memcpy (counts, self->counts, sizeof self->counts);
  g_mutex_unlock (&self->lock);
}
