/* cyrus.c: Cyrus with JMAP: a copy of its packages below a folder that the user it runs as may enter; mailboxes are made
 * by IMAP, which it wants before it answers JMAP. */
#include "tests/bench/peers/peer.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char *
authorization (guint user)
{
  g_autofree char *pair = g_strdup_printf ("bench%u:secret", user);
  g_autofree char *encoded = g_base64_encode ((const guchar *)pair, strlen (pair));

  return g_strconcat ("Authorization: Basic ", encoded, NULL);
}

GBytes *
cyrus_session (guint user)
{
  g_autofree char *header = authorization (user);

  return http_request ("GET", "/jmap/", header, NULL);
}

GBytes *
cyrus_request (guint user, const char *calls)
{
  g_autofree char *header = authorization (user);
  g_autofree char *body =
      g_strdup_printf ("{\"using\":[\"urn:ietf:params:jmap:core\",\"urn:ietf:params:jmap:mail\"],"
                       "\"methodCalls\":%s}",
                       calls);

  return http_request ("POST", "/jmap/", header, body);
}

GBytes *
cyrus_write (const Cyrus *self, guint user, guint n)
{
  g_autoptr (GString) calls = g_string_new ("[[\"Email/set\",{\"create\":{");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (
        calls,
        "%s\"m%u\":{\"mailboxIds\":{\"%s\":true},\"from\":[{\"email\":\"a@example.org\"}],"
        "\"to\":[{\"email\":\"b@example.org\"}],\"subject\":\"Message\",\"bodyStructure\":"
        "{\"partId\":\"1\",\"type\":\"text/plain\"},\"bodyValues\":{\"1\":{\"value\":"
        "\"%u: the tide turns a little after four today\"}}}",
        i ? "," : "", i, self->inbox[user], i);
  g_string_append (calls, "}},\"0\"]]");
  return cyrus_request (user, calls->str);
}

/* One line after the other, each answered by one that begins with its tag. */
static gboolean
make_mailboxes (guint port)
{
  g_autoptr (GString) lines = g_string_new ("a login admin secret\r\n");
  char answer[8192] = { 0 };
  gsize length = 0;
  int fd = http_connect (port, 0);
  gssize n = 1;

  for (guint i = 0; i < CYRUS_USERS; i++)
    g_string_append_printf (lines, "b%u create user/bench%u\r\n", i, i);
  g_string_append (lines, "c logout\r\n");
  if (send (fd, lines->str, lines->len, MSG_NOSIGNAL) != (gssize)lines->len)
    n = 0;
  while (n > 0 && length < sizeof answer - 1 && !strstr (answer, "\nc ")) {
    n = recv (fd, answer + length, sizeof answer - 1 - length, 0);
    length += (gsize)MAX (n, 0);
  }
  close (fd);
  return strstr (answer, "\nc OK") != NULL && !strstr (answer, " NO ");
}

static gboolean
find_inbox (Cyrus *self, HttpLine *line, guint user)
{
  g_autoptr (GBytes) request = cyrus_request (user, "[[\"Mailbox/get\",{},\"0\"]]");
  gsize length;
  const char *answer = http_exchange (line, request, &length, NULL);
  g_autofree char *text = answer ? g_strndup (answer, length) : g_strdup ("");
  char *id = strstr (text, "\"id\":\"");

  if (id)
    self->inbox[user] = g_strndup (id + 6, strcspn (id + 6, "\""));
  return id != NULL;
}

static gboolean
find_inboxes (Cyrus *self)
{
  g_autoptr (HttpLine) line = http_line_new (self->peer->port);

  for (guint i = 0; i < CYRUS_USERS; i++)
    if (!find_inbox (self, line, i))
      return FALSE;
  return TRUE;
}

Cyrus *
cyrus_start (char **why)
{
  g_autofree char *program = peer_file ("usr/lib/cyrus/bin/httpd");
  g_autofree char *script =
      g_build_filename (g_getenv ("TIDELINE_SOURCE"), "tests/bench/peers/cyrus.sh", NULL);
  char *dir = program ? g_dir_make_tmp ("tideline-cyrus-XXXXXX", NULL) : NULL;
  g_autofree char *root = dir ? g_build_filename (dir, "root", NULL) : NULL;
  guint http = peer_free_port (), imap = peer_free_port ();
  g_autofree char *http_text = g_strdup_printf ("%u", http);
  g_autofree char *imap_text = g_strdup_printf ("%u", imap);
  const char *argv[] = { "bash",   script,   dir,      http_text, imap_text,
                         "bench0", "bench1", "bench2", "bench3",  NULL };
  Cyrus *self;

  if (program == NULL) {
    *why = g_strdup ("Cyrus is not here: its packages could not be had");
    return NULL;
  }
  bench_copy (g_getenv ("TIDELINE_PEERS"), root);
  self = g_new0 (Cyrus, 1);
  self->peer = peer_start (argv, NULL, http, dir, why);
  if (self->peer && make_mailboxes (imap) && find_inboxes (self))
    return self;
  if (*why == NULL)
    *why = g_strdup ("Cyrus did not make its mailboxes");
  cyrus_stop (self);
  return NULL;
}

void
cyrus_stop (Cyrus *self)
{
  if (self->peer)
    peer_stop (self->peer);
  for (guint i = 0; i < CYRUS_USERS; i++)
    g_free (self->inbox[i]);
  g_free (self);
}
