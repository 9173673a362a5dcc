/* WebSocket frames, to a real reactor, after the handshake: whatever comes, the next one is served. Not
 * over TCP: its ports would run out. */
#include "server/edge/socket-private.h"
#include "server/server.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_MESSAGE 65536

const gboolean tl_fuzz_quotes = FALSE;
/* Masked with "    " (blanks), so that payloads have no NUL here. */
const char *const tl_fuzz_seeds[] = {
  "\x81\x85    HELLO",                              /* a text */
  "\x01\x82    AB\x80\x82    CD",                   /* in two fragments */
  "\x89\x84    ping\x81\x81    x",                  /* a ping between */
  "\x01\x81    a\x89\x81    p\x80\x81    b",        /* a ping within */
  "\x88\x82    #\xc8",                              /* a close */
  "\x82\x83    bin",                                /* binary */
  "\x81\xfe\x01\x01    aaaaaaaaaaaaaaaaaaaaaaaaaa", /* longer than what comes */
  "\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff    x",  /* much longer */
  "\xc1\x81    x",                                  /* a reserved bit */
  "\x81\x05HELLO",                                  /* not masked */
  "\x83\x81    x\x8b\x81    x",                     /* opcodes nobody knows */
  NULL,
};

static TlConfig config;
static TlServer server = { .config = &config };

static void
came (TlSocket *socket, TlPg *pg, const char *text, gsize length, gpointer data)
{
  g_assert_true (g_utf8_validate (text, -1, NULL)); /* as far as a NUL */
  g_assert_cmpuint (length, <=, MAX_MESSAGE);
  tl_socket_send_text (socket, "heard");
}

static void
ended (TlSocket *socket, gpointer data)
{
}

void
tl_fuzz_begin (void)
{
  static const TlRoute routes[] = { { NULL } };
  g_autoptr (GError) error = NULL;

  config = (TlConfig){ .listen = (char *)"127.0.0.1:0",
                       .postgresql = (char *)"host=/nonexistent",
                       .workers = 4,
                       .slow_workers = 1,
                       .max_request = MAX_MESSAGE };
  server.reactor = tl_reactor_new (&server, MAX_MESSAGE, &error);
  g_assert_no_error (error);
  server.http = tl_http_server_new (&server, &config, routes, &error);
  g_assert_no_error (error);
}

void
tl_fuzz_end (void)
{
  tl_reactor_stop (server.reactor);
  tl_http_server_free (server.http);
  tl_reactor_free (server.reactor);
}

static int
open_socket (void)
{
  static const TlSocketEvents events = { .message = came, .closed = ended };
  int fds[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds));
  tl_reactor_adopt (tl_socket_new (server.reactor, &events, NULL), fds[0], NULL, 0);
  return fds[1];
}

static void
send_all (int fd, const guint8 *data, gsize size)
{
  while (size > 0) {
    gssize n = send (fd, data, size, MSG_NOSIGNAL);

    if (n < 0)
      return; /* it has closed */
    data += n;
    size -= (gsize)n;
  }
}

/* Sends, says that no more comes, and waits for the other side to have read it all. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  int fd = open_socket ();
  char rest[4096];

  send_all (fd, data, size);
  shutdown (fd, SHUT_WR);
  while (recv (fd, rest, sizeof rest, 0) > 0)
    ;
  close (fd);
  return 0;
}
