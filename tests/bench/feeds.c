/* feeds.c: see the header. One connection after the other, closed after each answer; what is served is
 * made from the feed's number alone. */
#define _GNU_SOURCE
#include "tests/bench/feeds.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ENTRY_BYTES 2400

struct _Feeds {
  GPtrArray *answers; /* of GString */
  GThread *thread;
  int fd;
  guint port;
};

static void
append_entry (GString *out, guint feed, guint n, GRand *random)
{
  static const char *const words[] = { "harbour", "lantern", "slowly", "the",   "and",  "morning",
                                       "granite", "before",  "under",  "river", "with", "salt",
                                       "again",   "window",  "quiet",  "of" };
  gsize begin = out->len;

  g_string_append_printf (out,
                          "<entry><id>urn:bench:%u:%u</id><title>Entry %u of feed %u</title>"
                          "<link href=\"https://feed%u.example/%u\"/>"
                          "<updated>2026-01-%02uT%02u:%02u:00Z</updated>"
                          "<content type=\"html\">&lt;p&gt;",
                          feed, n, n, feed, feed, n, 1 + n % 28, feed % 24, n % 60);
  while (out->len - begin < ENTRY_BYTES - 60) {
    g_string_append (out, words[g_rand_int_range (random, 0, G_N_ELEMENTS (words))]);
    g_string_append (out, g_rand_int_range (random, 0, 40) == 0 ? ".&lt;/p&gt; &lt;p&gt;" : " ");
  }
  g_string_append (out, "&lt;/p&gt;</content></entry>");
}

/* Head and all. */
static GString *
make_answer (guint feed)
{
  GString *out = g_string_sized_new (FEED_ENTRIES * ENTRY_BYTES + 1000);
  g_autoptr (GRand) random = g_rand_new_with_seed (feed);
  g_autofree char *head = NULL;

  g_string_append_printf (out,
                          "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\">"
                          "<id>urn:bench:%u</id><title>Feed %u</title>"
                          "<updated>2026-02-01T00:00:00Z</updated>",
                          feed, feed);
  for (guint i = 0; i < FEED_ENTRIES; i++)
    append_entry (out, feed, i, random);
  g_string_append (out, "</feed>");
  head = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Type: application/atom+xml\r\n"
                          "Content-Length: %" G_GSIZE_FORMAT "\r\nConnection: close\r\n\r\n",
                          out->len);
  return g_string_prepend (out, head);
}

/* As much of the request as comes at once is enough: the path stands at its beginning. */
static void
answer (Feeds *self, int fd)
{
  char request[8192] = { 0 };
  gssize n = recv (fd, request, sizeof request - 1, 0);
  const char *path = n > 0 ? strstr (request, "/feed/") : NULL;
  guint64 number = path ? g_ascii_strtoull (path + 6, NULL, 10) : self->answers->len;
  const GString *answer;
  gsize sent = 0;

  if (number >= self->answers->len)
    return;
  answer = self->answers->pdata[number];
  while (sent < answer->len && n > 0) {
    n = send (fd, answer->str + sent, answer->len - sent, MSG_NOSIGNAL);
    sent += (gsize)MAX (n, 0);
  }
}

static gpointer
serve (gpointer data)
{
  Feeds *self = data;
  int fd;

  while ((fd = accept4 (self->fd, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
    answer (self, fd);
    close (fd);
  }
  return NULL;
}

static void
string_free (gpointer string)
{
  g_string_free (string, TRUE);
}

Feeds *
feeds_start (guint n)
{
  Feeds *self = g_new0 (Feeds, 1);
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;

  self->answers = g_ptr_array_new_with_free_func (string_free);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (self->answers, make_answer (i));
  self->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind (self->fd, (struct sockaddr *)&address, sizeof address) < 0 ||
      listen (self->fd, 128) < 0 ||
      getsockname (self->fd, (struct sockaddr *)&address, &length) < 0)
    g_error ("no feeds can be served: %s", g_strerror (errno));
  self->port = ntohs (address.sin_port);
  self->thread = g_thread_new ("feeds", serve, self);
  return self;
}

guint
feeds_port (Feeds *self)
{
  return self->port;
}

void
feeds_stop (Feeds *self)
{
  shutdown (self->fd, SHUT_RDWR);
  g_thread_join (self->thread);
  close (self->fd);
  g_ptr_array_unref (self->answers);
  g_free (self);
}
