/* WebSocket frames, to a reactor behind a real HTTP server: whatever comes, the next one is served. */
#include "server/server.h"
#include "tests/fuzz/fuzz.h"
#include "tests/server/caller.h"

#include <string.h>
#include <sys/socket.h>

#define MAX_MESSAGE 65536
#define HANDSHAKE                                                                                  \
  "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"                   \
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"                   \
  "Sec-WebSocket-Protocol: jmap\r\n\r\n"

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
static guint port;

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

static void
upgrade (TlRequest *request)
{
  static const TlSocketEvents events = { .message = came, .closed = ended };

  tl_reactor_upgrade (server.reactor, request, "jmap", &events, NULL);
}

static const TlRoute routes[] = {
  { "GET", "/ws", TL_ROUTE_NO_STORE, 0, upgrade },
  { NULL },
};

void
tl_fuzz_begin (void)
{
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
  port = tl_http_server_port (server.http);
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
  int fd = caller_connect (port);
  g_autoptr (Answer) answer = NULL;

  g_assert_cmpint (fd, >=, 0);
  caller_say (fd, HANDSHAKE);
  answer = caller_hear (fd, TRUE);
  g_assert_cmpuint (answer->status, ==, 101);
  return fd;
}

/* Sends, says that no more comes, and waits for the other side to have read it all. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  int fd = open_socket ();
  char rest[4096];

  caller_send (fd, data, size);
  shutdown (fd, SHUT_WR);
  while (recv (fd, rest, sizeof rest, 0) > 0)
    ;
  caller_hang_up (fd);
  return 0;
}
