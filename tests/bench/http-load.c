/* http-load.c: see the header. Answers are told apart by Content-Length, which tidelined always sends,
 * or by the last chunk (others). A connection that breaks counts as a failure and is not opened again. */
#define _GNU_SOURCE
#include "tests/bench/http-load.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHUNK 262144
#define ADDRESSES 64

struct _HttpLine {
  int fd;
  GByteArray *in;
  gsize head, body; /* of the answer; head 0: not known yet */
  gboolean is_chunked;
  guint64 sent; /* requests */
};

int
http_connect (guint port, guint number)
{
  struct sockaddr_in from = { .sin_family = AF_INET,
                              .sin_addr.s_addr = htonl (0x7f000002 + number % ADDRESSES) };
  struct sockaddr_in to = { .sin_family = AF_INET,
                            .sin_port = htons ((guint16)port),
                            .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int on = 1;

  if (fd < 0)
    return -1;
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt (fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  if (bind (fd, (struct sockaddr *)&from, sizeof from) == 0 &&
      connect (fd, (struct sockaddr *)&to, sizeof to) == 0)
    return fd;
  close (fd);
  return -1;
}

static HttpLine *
line_new (guint port, guint number)
{
  HttpLine *self = g_new0 (HttpLine, 1);

  self->fd = http_connect (port, number);
  self->in = g_byte_array_sized_new (CHUNK);
  return self;
}

HttpLine *
http_line_new (guint port)
{
  return line_new (port, 0);
}

void
http_line_free (HttpLine *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_byte_array_unref (self->in);
  g_free (self);
}

GBytes *
http_request (const char *method, const char *path, const char *header, const char *body)
{
  char *text = g_strdup_printf ("%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n"
                                "Content-Type: application/json\r\n"
                                "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                                method, path, header, body ? strlen (body) : 0, body ? body : "");

  return g_bytes_new_take (text, strlen (text));
}

GBytes *
http_post (const char *path, const char *token, const char *body)
{
  g_autofree char *header = g_strconcat ("Authorization: Bearer ", token, NULL);

  return http_request ("POST", path, header, body);
}

static gboolean
send_all (HttpLine *self, GBytes *request)
{
  gsize length;
  const char *data = g_bytes_get_data (request, &length);

  g_byte_array_set_size (self->in, 0);
  self->head = self->body = 0;
  self->is_chunked = FALSE;
  self->sent++;
  while (length > 0) {
    gssize n = send (self->fd, data, length, MSG_NOSIGNAL);
    if (n <= 0)
      return FALSE;
    data += n;
    length -= (gsize)n;
  }
  return TRUE;
}

static void
find_head (HttpLine *self)
{
  const char *text = (const char *)self->in->data;
  const char *end = memmem (text, self->in->len, "\r\n\r\n", 4);
  const char *line = end ? strcasestr (text, "\r\nContent-Length:") : NULL;
  const char *chunked = end ? strcasestr (text, "\r\nTransfer-Encoding: chunked") : NULL;

  if (end == NULL)
    return;
  self->head = (gsize)(end - text) + 4;
  self->is_chunked = chunked && chunked < end;
  if (line && line < end) /* without either there is no body */
    self->body = g_ascii_strtoull (line + 17, NULL, 10);
}

static gboolean
is_whole (HttpLine *self)
{
  if (self->head == 0 || !self->is_chunked)
    return self->head > 0 && self->in->len >= self->head + self->body;
  self->body = self->in->len - self->head;
  return self->body >= 5 && memcmp (self->in->data + self->in->len - 5, "0\r\n\r\n", 5) == 0;
}

/* 1: the answer is whole, 0: more is to come, -1: the connection broke. */
static int
receive (HttpLine *self)
{
  guint had = self->in->len;
  int on = 1;
  gssize n;

  g_byte_array_set_size (self->in, had + CHUNK + 1);
  n = recv (self->fd, self->in->data + had, CHUNK, 0);
  setsockopt (self->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
  if (n <= 0)
    return -1;
  self->in->data[had + (guint)n] = '\0';
  g_byte_array_set_size (self->in, had + (guint)n);
  if (self->head == 0)
    find_head (self);
  return is_whole (self);
}

static gboolean
is_good (HttpLine *self)
{
  return self->in->len > 12 && self->in->data[9] == '2';
}

const char *
http_exchange (HttpLine *self, GBytes *request, gsize *length, gsize *wire)
{
  int whole = 0;

  if (self->fd < 0 || !send_all (self, request))
    return NULL;
  while (whole == 0)
    whole = receive (self);
  if (whole < 0 || !is_good (self))
    return NULL;
  if (length)
    *length = self->body;
  if (wire)
    *wire = self->in->len;
  return (const char *)self->in->data + self->head;
}

/* --- many at once ------------------------------------------------------------------------------ */

typedef struct {
  GPtrArray *lines;
  int epoll;
  HttpNext next;
  gpointer data;
  HttpLoad result;
} Load;

static void
send_next (Load *self, guint i)
{
  HttpLine *line = self->lines->pdata[i];

  if (!send_all (line, self->next (self->data, i, line->sent)))
    self->result.failed++;
}

static void
one_came (Load *self, guint i)
{
  HttpLine *line = self->lines->pdata[i];
  int whole = receive (line);

  if (whole == 0)
    return;
  if (whole < 0) {
    epoll_ctl (self->epoll, EPOLL_CTL_DEL, line->fd, NULL);
    self->result.failed++;
    return;
  }
  if (is_good (line) && !memmem (line->in->data, line->in->len, "[\"error\"", 8) &&
      !memmem (line->in->data, line->in->len, "\"notCreated\":{", 14))
    self->result.done++;
  else
    self->result.failed++;
  send_next (self, i);
}

HttpLoad
http_load (guint port, guint connections, double seconds, HttpNext next, gpointer data)
{
  Load self = { .lines = g_ptr_array_new_with_free_func ((GDestroyNotify)http_line_free),
                .epoll = epoll_create1 (EPOLL_CLOEXEC),
                .next = next,
                .data = data };
  struct epoll_event events[64];
  gint64 began, until;

  for (guint i = 0; i < connections; i++) {
    HttpLine *line = line_new (port, i);
    struct epoll_event event = { .events = EPOLLIN, .data.u32 = i };

    g_ptr_array_add (self.lines, line);
    epoll_ctl (self.epoll, EPOLL_CTL_ADD, line->fd, &event);
  }
  began = g_get_monotonic_time ();
  until = began + (gint64)(seconds * G_USEC_PER_SEC);
  for (guint i = 0; i < connections; i++)
    send_next (&self, i);
  while (g_get_monotonic_time () < until) {
    int n = epoll_wait (self.epoll, events, G_N_ELEMENTS (events), 50);
    for (int i = 0; i < n; i++)
      one_came (&self, events[i].data.u32);
  }
  self.result.seconds = (double)(g_get_monotonic_time () - began) / G_USEC_PER_SEC;
  g_ptr_array_unref (self.lines);
  close (self.epoll);
  return self.result;
}
