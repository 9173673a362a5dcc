/* caller.c: see the header. */
#include "tests/server/caller.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int
caller_connect (guint port)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons ((guint16)port),
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  struct timeval patience = { .tv_sec = 20 };
  int on = 1, fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_no_errno (fd);
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect (fd, (struct sockaddr *)&address, sizeof address) == 0)
    return fd;
  g_assert_true (errno == ECONNREFUSED || errno == ECONNRESET);
  caller_hang_up (fd);
  return -1;
}

gboolean
caller_send (int fd, const void *bytes, gsize length)
{
  const char *p = bytes;

  while (length > 0) {
    gssize n = send (fd, p, length, MSG_NOSIGNAL);

    if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
      return FALSE;
    g_assert_no_errno ((int)n);
    p += n;
    length -= (gsize)n;
  }
  return TRUE;
}

gboolean
caller_say (int fd, const char *text)
{
  return caller_send (fd, text, strlen (text));
}

gboolean
caller_read (int fd, void *bytes, gsize length)
{
  char *p = bytes;

  while (length > 0) {
    gssize n = recv (fd, p, length, 0);

    if (n == 0 || (n < 0 && errno == ECONNRESET))
      return FALSE;
    g_assert_no_errno ((int)n);
    p += n;
    length -= (gsize)n;
  }
  return TRUE;
}

char *
answer_header (const Answer *answer, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (answer->head, "\r\n", -1);

  for (guint i = 1; lines[i]; i++) {
    const char *colon = strchr (lines[i], ':');

    if (colon && g_ascii_strncasecmp (lines[i], name, (gsize)(colon - lines[i])) == 0 &&
        strlen (name) == (gsize)(colon - lines[i]))
      return g_strstrip (g_strdup (colon + 1));
  }
  return NULL;
}

Answer *
caller_hear (int fd, gboolean is_head)
{
  Answer *self = g_new0 (Answer, 1);
  g_autoptr (GString) head = g_string_new (NULL);
  g_autofree char *length = NULL;
  char byte;

  while (!g_str_has_suffix (head->str, "\r\n\r\n")) {
    if (!caller_read (fd, &byte, 1))
      return self;
    g_string_append_c (head, byte);
  }
  self->head = g_string_free_and_steal (g_steal_pointer (&head));
  self->status = (guint)atoi (self->head + strlen ("HTTP/1.1 "));
  length = answer_header (self, "Content-Length");
  if (length && !is_head)
    self->length = (gsize)g_ascii_strtoull (length, NULL, 10);
  self->body = g_malloc0 (self->length + 1);
  if (!caller_read (fd, self->body, self->length))
    self->status = 0;
  return self;
}

void
caller_hang_up (int fd)
{
  g_assert_no_errno (close (fd));
}

void
caller_break_off (int fd)
{
  struct linger at_once = { .l_onoff = 1 };

  setsockopt (fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  caller_hang_up (fd);
}

Answer *
caller_ask (guint port, const char *head, const char *body)
{
  int fd = caller_connect (port);
  g_autofree char *length =
      body ? g_strdup_printf ("Content-Length: %zu\r\n", strlen (body)) : g_strdup ("");
  g_autofree char *text =
      g_strdup_printf ("%s\r\nHost: test\r\n%s\r\n%s", head, length, body ? body : "");
  Answer *answer;

  caller_say (fd, text);
  answer = caller_hear (fd, g_str_has_prefix (head, "HEAD "));
  caller_hang_up (fd);
  return answer;
}

void
answer_free (Answer *answer)
{
  g_free (answer->head);
  g_free (answer->body);
  g_free (answer);
}
