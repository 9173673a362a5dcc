/* The HTTP server with handlers of this test, spoken to byte by byte. */
#include "server/edge/health.h"
#include "server/server.h"
#include "tests/server/caller.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define LIMIT 20000
#define QUEUED 100 /* of the slow pool */

static TlConfig config;
static TlServer server = { .config = &config };
static guint port;

static GMutex mutex;
static GCond cond;
static gboolean gate_open; /* all of these under the mutex */
static guint waiting;

/* --- handlers ---------------------------------------------------------------------------------- */

static void
echo (TlRequest *request)
{
  const char *color = tl_request_query (request, "color");

  tl_request_set_header (request, "X-Method", request->method);
  tl_request_set_header (request, "X-Rest", request->rest);
  tl_request_set_header (request, "X-Address", request->address);
  tl_request_set_header (request, "X-Color", color ? color : "none");
  request->type = "text/plain";
  request->answer = g_bytes_ref (request->body);
}

static void
wait_at_gate (TlRequest *request)
{
  g_mutex_lock (&mutex);
  waiting++;
  g_cond_broadcast (&cond);
  while (!gate_open)
    g_cond_wait (&cond, &mutex);
  waiting--;
  g_cond_broadcast (&cond);
  g_mutex_unlock (&mutex);
  echo (request);
}

static void
send_file (TlRequest *request)
{
  g_autofree char *name = NULL;

  request->answer_fd = g_file_open_tmp (NULL, &name, NULL);
  g_assert_cmpint (write (request->answer_fd, "from a file", 11), ==, 11);
  unlink (name);
}

static void
split_header (TlRequest *request)
{
  tl_request_set_header (request, "X-Split", "a\r\nSet-Cookie: b");
  echo (request);
}

static const TlRoute routes[] = {
  { "GET", "/echo", TL_ROUTE_NO_STORE, 0, echo },
  { "POST", "/echo", TL_ROUTE_NO_STORE, LIMIT, echo },
  { "GET", "/under/", TL_ROUTE_NO_STORE | TL_ROUTE_PREFIX, 0, echo },
  { "POST", "/request", TL_ROUTE_NO_STORE | TL_ROUTE_REQUEST, 0, echo },
  { "POST", "/upload", TL_ROUTE_NO_STORE | TL_ROUTE_UPLOAD, 0, echo },
  { "GET", "/gate", TL_ROUTE_NO_STORE | TL_ROUTE_SLOW, 0, wait_at_gate },
  { "GET", "/file", TL_ROUTE_NO_STORE, 0, send_file },
  { "GET", "/split", TL_ROUTE_NO_STORE, 0, split_header },
  { "GET", "/stored", 0, 0, echo },
  { "GET", "/readyz", TL_ROUTE_NO_STORE, 0, tl_health_ready },
  { NULL },
};

/* --- helpers ----------------------------------------------------------------------------------- */

static void
start (void)
{
  g_autoptr (GError) error = NULL;

  config.blob_dir = (char *)"/nonexistent";
  server.http = tl_http_server_new (&server, &config, routes, &error);
  g_assert_no_error (error);
  port = tl_http_server_port (server.http);
}

static void
set_gate (gboolean is_open)
{
  g_mutex_lock (&mutex);
  gate_open = is_open;
  g_cond_broadcast (&cond);
  g_mutex_unlock (&mutex);
}

static void
await_waiting (guint n)
{
  gint64 until = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;

  g_mutex_lock (&mutex);
  while (waiting != n)
    g_assert_true (g_cond_wait_until (&cond, &mutex, until));
  g_mutex_unlock (&mutex);
}

static void
assert_answer (const char *head, const char *body, guint status, const char *expected)
{
  g_autoptr (Answer) answer = caller_ask (port, head, body);

  g_assert_cmpuint (answer->status, ==, status);
  if (expected)
    g_assert_cmpstr (answer->body, ==, expected);
}

static void
assert_header (const Answer *answer, const char *name, const char *expected)
{
  g_autofree char *value = answer_header (answer, name);

  g_assert_cmpstr (value, ==, expected);
}

static void
assert_works (void)
{
  assert_answer ("POST /echo HTTP/1.1", "hello", 200, "hello");
}

static char *
text_of (gsize length)
{
  char *text = g_malloc (length + 1);

  memset (text, 'x', length);
  text[length] = '\0';
  return text;
}

/* --- routes and answers ------------------------------------------------------------------------ */

static void
test_routes (void)
{
  g_autoptr (Answer) under = caller_ask (port, "GET /under/a%20b/c?color=red%26 HTTP/1.1", NULL);
  g_autoptr (Answer) head = caller_ask (port, "HEAD /under/x HTTP/1.1", NULL);
  g_autoptr (Answer) wrong = caller_ask (port, "DELETE /echo HTTP/1.1", NULL);
  g_autoptr (Answer) none = caller_ask (port, "GET /echo/more HTTP/1.1", NULL);
  g_autofree char *id = answer_header (under, "X-Request-Id");
  g_autofree char *other = answer_header (none, "X-Request-Id");

  g_assert_cmpuint (under->status, ==, 200);
  assert_header (under, "X-Rest", "a b/c");
  assert_header (under, "X-Color", "red&");
  assert_header (under, "X-Content-Type-Options", "nosniff");
  g_assert_cmpstr (id, !=, other);
  g_assert_cmpuint (head->status, ==, 200);
  assert_header (head, "X-Method", "HEAD");
  g_assert_cmpuint (wrong->status, ==, 405);
  assert_header (wrong, "Allow", "GET, HEAD, POST");
  g_assert_cmpuint (none->status, ==, 404);
  assert_header (none, "Content-Type", "application/problem+json");
  assert_answer ("GET /%ff%fe HTTP/1.1", NULL, 404, NULL);
}

static void
test_head (void)
{
  int fd = caller_connect (port);

  caller_say (fd, "HEAD /file HTTP/1.1\r\nHost: a\r\n\r\nGET /file HTTP/1.1\r\nHost: a\r\n\r\n");
  g_autoptr (Answer) head = caller_hear (fd, TRUE);
  g_autoptr (Answer) whole = caller_hear (fd, FALSE);
  assert_header (head, "Content-Length", "11");
  g_assert_cmpstr (whole->body, ==, "from a file");
  caller_hang_up (fd);
}

static void
test_header_lines (void)
{
  g_autoptr (Answer) answer = caller_ask (port, "GET /split HTTP/1.1", NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  assert_header (answer, "Set-Cookie", NULL);
}

static void
test_stores (void)
{
  g_autoptr (Answer) away = caller_ask (port, "GET /stored HTTP/1.1", NULL);

  g_assert_cmpuint (away->status, ==, 503);
  assert_header (away, "Retry-After", "2");
  assert_answer (
      "GET /readyz HTTP/1.1", NULL, 503,
      "{\"postgresql\":\"away\",\"redis\":\"not configured\",\"blobs\":\"their folder is away\"}");
}

/* --- one connection, many requests ------------------------------------------------------------- */

/* The first waits on a worker; what follows on the same connection is not answered before it. */
static void
test_pipeline (void)
{
  int fd = caller_connect (port);

  set_gate (FALSE);
  caller_say (fd, "GET /gate HTTP/1.1\r\nHost: a\r\n\r\n"
                  "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none"
                  "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n"
                  "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n");
  await_waiting (1);
  assert_works ();
  set_gate (TRUE);
  g_autoptr (Answer) gate = caller_hear (fd, FALSE);
  g_autoptr (Answer) one = caller_hear (fd, FALSE);
  g_autoptr (Answer) nothing = caller_hear (fd, FALSE);
  g_autoptr (Answer) two = caller_hear (fd, FALSE);
  g_assert_cmpuint (gate->status, ==, 200);
  g_assert_cmpstr (one->body, ==, "one");
  g_assert_cmpuint (nothing->status, ==, 404);
  g_assert_cmpstr (two->body, ==, "twothree");
  caller_hang_up (fd);
}

static gpointer
ask_often (gpointer seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (GPOINTER_TO_UINT (seed));
  int fd = caller_connect (port);

  for (guint i = 0; i < 150; i++) {
    g_autofree char *text = text_of ((gsize)g_rand_int_range (rand, 1, LIMIT));
    g_autofree char *head = g_strdup_printf (
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: %zu\r\n\r\n", strlen (text));
    g_autoptr (Answer) answer = NULL;

    caller_say (fd, head);
    caller_say (fd, text);
    if (g_rand_int_range (rand, 0, 10) == 0) { /* leaves without the answer */
      (g_rand_boolean (rand) ? caller_break_off : caller_hang_up) (fd);
      fd = caller_connect (port);
      continue;
    }
    answer = caller_hear (fd, FALSE);
    g_assert_cmpstr (answer->body, ==, text);
  }
  caller_hang_up (fd);
  return NULL;
}

static void
test_many (void)
{
  GThread *threads[6];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("caller", ask_often, GUINT_TO_POINTER ((guint)g_test_rand_int ()));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* --- sizes ------------------------------------------------------------------------------------- */

static void
test_sizes (void)
{
  g_autofree char *fits = text_of (LIMIT);
  g_autofree char *large = text_of (LIMIT + 1);
  g_autoptr (Answer) refused = NULL;

  assert_answer ("POST /echo HTTP/1.1", fits, 200, fits);
  refused = caller_ask (port, "POST /echo HTTP/1.1", large);
  g_assert_cmpuint (refused->status, ==, 413);
  g_assert_nonnull (strstr (refused->body, "maxSizeRequest"));
  assert_answer ("POST /request HTTP/1.1", large, 413, NULL);
  assert_answer ("POST /upload HTTP/1.1", large, 200, large);
  assert_answer ("GET /echo HTTP/1.1", "x", 413, NULL);
}

/* Refused at the end of it; the connection goes on. */
static void
test_chunked (void)
{
  int fd = caller_connect (port);
  g_autofree char *chunk = text_of (8000);
  g_autoptr (Answer) refused = NULL;
  g_autoptr (Answer) next = NULL;

  caller_say (fd, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (guint i = 0; i < 5; i++) {
    caller_say (fd, "1f40\r\n");
    caller_say (fd, chunk);
    caller_say (fd, "\r\n");
  }
  caller_say (fd, "0\r\n\r\n");
  refused = caller_hear (fd, FALSE);
  g_assert_cmpuint (refused->status, ==, 413);
  caller_say (fd, "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
  next = caller_hear (fd, FALSE);
  g_assert_cmpuint (next->status, ==, 200);
  caller_hang_up (fd);
}

static void
test_endless (void)
{
  int fd = caller_connect (port);
  g_autofree char *chunk = text_of (8000);
  guint sent = 0;

  caller_say (fd, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  while (caller_say (fd, "1f40\r\n") && caller_say (fd, chunk) && caller_say (fd, "\r\n"))
    g_assert_cmpuint (++sent, <, 5000);
  caller_hang_up (fd);
  assert_works ();
}

/* --- trouble ----------------------------------------------------------------------------------- */

static void
test_half_sent (void)
{
  static const char *const halves[] = {
    "GET /ec",
    "GET /echo HTTP/1.1\r\nHost:",
    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf",
    "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf",
    "GET /gate HTTP/1.1\r\nHost: a\r\n\r\n",
  };

  set_gate (FALSE);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (halves); i++) {
    int fd = caller_connect (port);

    caller_say (fd, halves[i / 2]);
    if (g_str_has_prefix (halves[i / 2], "GET /gate"))
      await_waiting (1 + i % 2);
    (i % 2 ? caller_break_off : caller_hang_up) (fd);
  }
  set_gate (TRUE);
  await_waiting (0);
  assert_works ();
}

static void
test_nonsense (void)
{
  static const char *const lines[] = {
    "\r\n\r\n\r\n",
    "GET\r\n\r\n",
    "GET /echo HTTP/9.9\r\n\r\n",
    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: "
    "chunked\r\n\r\n0\r\n\r\n",
    "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    int fd = caller_connect (port);
    g_autoptr (Answer) answer = NULL;

    caller_say (fd, lines[i]);
    caller_say (fd, "GET /\r\n\r\n");
    answer = caller_hear (fd, FALSE);
    g_test_message ("“%s”: %u", lines[i], answer->status);
    g_assert_cmpuint (answer->status, !=, 200);
    caller_hang_up (fd);
  }
  assert_works ();
}

/* One runs, a hundred wait, the next is told to come back. */
static void
test_busy (void)
{
  int fds[QUEUED + 2];

  set_gate (FALSE);
  for (guint i = 0; i < config.slow_workers; i++) {
    fds[i] = caller_connect (port);
    caller_say (fds[i], "GET /gate HTTP/1.1\r\nHost: a\r\n\r\n");
  }
  await_waiting (config.slow_workers);
  for (guint i = config.slow_workers; i < G_N_ELEMENTS (fds); i++) {
    fds[i] = caller_connect (port);
    caller_say (fds[i], "GET /gate HTTP/1.1\r\nHost: a\r\n\r\n");
  }
  assert_works (); /* the daemon has seen all of them, in turn */
  {
    g_autoptr (Answer) refused = caller_ask (port, "GET /gate HTTP/1.1", NULL);
    g_assert_cmpuint (refused->status, ==, 503);
    assert_header (refused, "Retry-After", "2");
  }
  set_gate (TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++) {
    g_autoptr (Answer) answer = caller_hear (fds[i], FALSE);
    g_assert_cmpuint (answer->status, ==, 200);
    caller_hang_up (fds[i]);
  }
}

static void
test_connections (void)
{
  struct rlimit limit;
  g_autofree int *fds = g_new (int, 2001);
  char byte;

  getrlimit (RLIMIT_NOFILE, &limit);
  g_assert_cmpuint (limit.rlim_cur, ==, limit.rlim_max); /* the server raised it */
  if (limit.rlim_cur < 4200) {
    g_test_skip ("too few descriptors here");
    return;
  }
  for (guint i = 0; i < 2001; i++)
    fds[i] = caller_connect (port);
  g_assert_false (caller_read (fds[2000], &byte, 1));
  caller_say (fds[1900], "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
  {
    g_autoptr (Answer) last = caller_hear (fds[1900], FALSE);
    g_assert_cmpuint (last->status, ==, 200);
  }
  for (guint i = 0; i < 2001; i++)
    caller_hang_up (fds[i]);
  for (guint status = 0; status != 200;) { /* until the daemon has seen them go */
    g_autoptr (Answer) answer = caller_ask (port, "GET /echo HTTP/1.1", NULL);
    status = answer->status;
  }
}

/* --- the end ----------------------------------------------------------------------------------- */

static gpointer
stop (gpointer http)
{
  tl_http_server_free (http);
  return NULL;
}

static void
test_stop (void)
{
  int idle = caller_connect (port), half = caller_connect (port);
  int running = caller_connect (port), queued = caller_connect (port);
  gint64 begun = g_get_monotonic_time ();
  g_autoptr (Answer) first = NULL;
  g_autoptr (Answer) second = NULL;
  g_autofree char *connection = NULL;
  GThread *thread;
  char byte;

  set_gate (FALSE);
  caller_say (half, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf");
  caller_say (running, "GET /gate HTTP/1.1\r\nHost: a\r\n\r\n");
  caller_say (queued, "GET /gate HTTP/1.1\r\nHost: a\r\n\r\n");
  await_waiting (2);
  thread = g_thread_new ("stop", stop, server.http);
  set_gate (TRUE);
  first = caller_hear (running, FALSE);
  second = caller_hear (queued, FALSE);
  g_assert_cmpuint (first->status, ==, 200);
  g_assert_cmpuint (second->status, ==, 200);
  g_thread_join (thread);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 4 * G_TIME_SPAN_SECOND);
  g_assert_false (caller_read (idle, &byte, 1));
  g_assert_false (caller_read (half, &byte, 1));
  caller_hang_up (idle);
  caller_hang_up (half);
  caller_hang_up (running);
  caller_hang_up (queued);
  start ();
}

static gpointer
ask_until_refused (gpointer data)
{
  int fd = caller_connect (port);
  guint status = 200;

  if (fd < 0)
    return NULL;
  while (status == 200) {
    g_autoptr (Answer) answer = NULL;

    caller_say (fd, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
    answer = caller_hear (fd, FALSE);
    status = answer->status;
  }
  g_assert_true (status == 0 || status == 503);
  caller_hang_up (fd);
  return NULL;
}

/* Under full load nobody gets half an answer, and the end comes. */
static void
test_stop_under_load (void)
{
  for (guint round = 0; round < 5; round++) {
    GThread *threads[6];

    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
      threads[i] = g_thread_new ("caller", ask_until_refused, NULL);
    for (guint i = 0; i < 20; i++)
      assert_works ();
    tl_http_server_free (server.http);
    for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
      g_thread_join (threads[i]);
    start ();
  }
}

static void
test_address_in_use (void)
{
  g_autofree char *address = g_strdup_printf ("127.0.0.1:%u", port);
  g_autoptr (GError) error = NULL;
  TlConfig other = config;

  other.listen = address;
  g_assert_null (tl_http_server_new (&server, &other, routes, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_assert_nonnull (strstr (error->message, address));
}

static void
assert_address (const char *forwarded, const char *expected)
{
  g_autofree char *head = g_strconcat ("GET /echo HTTP/1.1\r\nX-Forwarded-For: ", forwarded, NULL);
  g_autoptr (Answer) answer = caller_ask (port, head, NULL);

  assert_header (answer, "X-Address", expected);
}

/* Only the proxy is believed, and of what it says only what it added itself. */
static void
test_proxy (void)
{
  assert_address ("203.0.113.9", "127.0.0.1");
  config.proxy = (char *)"127.0.0.1";
  assert_address ("203.0.113.9", "203.0.113.9");
  assert_address ("1.2.3.4, 203.0.113.9", "203.0.113.9");
  assert_address ("1.2.3.4\r\nX-Forwarded-For: 203.0.113.9", "203.0.113.9");
  assert_address ("2001:db8::1", "2001:db8::1");
  assert_address ("1.2.3.4, nonsense", "127.0.0.1");
  assert_address ("", "127.0.0.1");
  config.proxy = (char *)"192.0.2.1";
  assert_address ("203.0.113.9", "127.0.0.1");
  config.proxy = NULL;
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  config = (TlConfig){ .listen = (char *)"127.0.0.1:0",
                       .postgresql = (char *)"host=/nonexistent",
                       .redis = (char *)"",
                       .workers = 4,
                       .slow_workers = 2,
                       .max_request = 10000,
                       .max_upload = 30000 };
  start ();
  g_test_add_func ("/http/believes-only-its-proxy", test_proxy);
  g_test_add_func ("/http/finds-the-route", test_routes);
  g_test_add_func ("/http/head-has-no-body", test_head);
  g_test_add_func ("/http/a-header-is-one-line", test_header_lines);
  g_test_add_func ("/http/without-postgresql-503", test_stores);
  g_test_add_func ("/http/answers-in-order", test_pipeline);
  g_test_add_func ("/http/many-at-once", test_many);
  g_test_add_func ("/http/refuses-what-is-too-large", test_sizes);
  g_test_add_func ("/http/refuses-chunks-and-goes-on", test_chunked);
  g_test_add_func ("/http/does-not-read-for-ever", test_endless);
  g_test_add_func ("/http/survives-who-leaves-half-way", test_half_sent);
  g_test_add_func ("/http/survives-nonsense", test_nonsense);
  g_test_add_func ("/http/is-busy-when-the-queue-is-full", test_busy);
  g_test_add_func ("/http/bounds-connections-of-an-address", test_connections);
  g_test_add_func ("/http/says-that-an-address-is-in-use", test_address_in_use);
  g_test_add_func ("/http/answers-what-runs-when-it-stops", test_stop);
  g_test_add_func ("/http/stops-under-load", test_stop_under_load);
  status = g_test_run ();
  tl_http_server_free (server.http);
  return status;
}
