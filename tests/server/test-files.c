/* Files over HTTP, up and down, on the real program: who gets them, and as what. */
#include "tests/fixtures/server.h"
#include "tests/server/caller.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define PNG "\x89PNG\r\n\x1a\n..."

typedef struct {
  char *token, *account;
} Person;

static TlTestServer *server;
static guint port;
static Person ada, ben;

static Answer *
ask (const Person *who, const char *line, const char *headers, const char *body)
{
  g_autofree char *head =
      g_strdup_printf ("%s HTTP/1.1\r\nAuthorization: Bearer %s%s", line, who->token, headers);

  return caller_ask (port, head, body);
}

static char *
string_in (const Answer *answer, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (answer->body, &error);

  g_assert_no_error (error);
  return g_strdup (json_object_get_string_member (json_node_get_object (node), name));
}

static Person
person (const char *login)
{
  g_autofree char *body =
      g_strdup_printf ("{\"login\":\"%s\",\"password\":\"" TL_TEST_PASSWORD "\"}", login);
  g_autoptr (Answer) answer = caller_ask (port, "POST /auth/login HTTP/1.1", body);

  return (Person){ string_in (answer, "accessToken"), string_in (answer, "accountId") };
}

/* The blob's id. */
static char *
upload (const Person *who, const char *type, const char *body)
{
  g_autofree char *line = g_strdup_printf ("POST /jmap/upload/%s", who->account);
  g_autofree char *header = g_strdup_printf ("\r\nContent-Type: %s", type);
  g_autoptr (Answer) answer = ask (who, line, header, body);

  g_assert_cmpuint (answer->status, ==, 201);
  return string_in (answer, "blobId");
}

/* `rest`: name and query. */
static Answer *
download (const Person *who, const char *blob, const char *rest)
{
  g_autofree char *line = g_strdup_printf ("GET /jmap/download/%s/%s/%s", who->account, blob, rest);

  return ask (who, line, "", NULL);
}

static void
assert_header (const Answer *answer, const char *name, const char *expected)
{
  g_autofree char *value = answer_header (answer, name);

  g_assert_cmpstr (value, ==, expected);
}

static void
test_round (void)
{
  g_autofree char *line = g_strdup_printf ("POST /jmap/upload/%s", ada.account);
  g_autoptr (Answer) up = ask (&ada, line, "\r\nContent-Type: image/png", PNG);
  g_autofree char *blob = string_in (up, "blobId");
  g_autofree char *type = string_in (up, "type");
  g_autofree char *again = upload (&ada, "text/plain", PNG);
  g_autoptr (Answer) down = download (&ada, blob, "boat.png?type=image/png");

  g_assert_cmpstr (type, ==, "image/png");
  g_assert_nonnull (strstr (up->body, "\"size\":11"));
  g_assert_cmpstr (again, ==, blob);
  g_assert_cmpuint (down->status, ==, 200);
  g_assert_cmpmem (down->body, down->length, PNG, strlen (PNG));
  assert_header (down, "Content-Type", "image/png");
}

/* Nothing that was uploaded acts as a page of this server. */
static void
test_harmless (void)
{
  static const char *const dangerous[] = {
    "text/html",       "image/svg%2bxml", "application/xhtml%2bxml",
    "text/javascript", "nonsense",        "text/plain%0d%0aX:%20y"
  };
  g_autofree char *blob = upload (&ada, "text/html", "<script>alert(1)</script>");

  for (guint i = 0; i < G_N_ELEMENTS (dangerous); i++) {
    g_autofree char *rest = g_strdup_printf ("page.html?type=%s", dangerous[i]);
    g_autoptr (Answer) answer = download (&ada, blob, rest);

    g_assert_cmpuint (answer->status, ==, 200);
    assert_header (answer, "Content-Type", "application/octet-stream");
    assert_header (answer, "X-Content-Type-Options", "nosniff");
    assert_header (answer, "Content-Security-Policy", "default-src 'none'; sandbox");
  }
}

static void
test_names (void)
{
  g_autofree char *blob = upload (&ada, "text/plain", "x");
  g_autoptr (Answer) odd =
      download (&ada, blob, "a%22%0d%0aSet-Cookie:%20b=c%2f..%2f%E2%9C%93.txt");
  g_autofree char *shown = answer_header (odd, "Content-Disposition");
  g_autofree char *cookie = answer_header (odd, "Set-Cookie");

  g_assert_cmpuint (odd->status, ==, 200);
  g_assert_null (cookie);
  g_assert_true (g_str_has_prefix (shown, "attachment; filename=\"a___Set-Cookie_ b_c_.._"));
  g_assert_nonnull (strstr (shown, "%E2%9C%93.txt"));
}

static void
assert_refused (Answer *answer, guint status)
{
  g_autoptr (Answer) owned = answer;

  if (answer->status != status)
    g_error ("%u, not %u: %s", answer->status, status, answer->body);
  assert_header (answer, "Content-Type", "application/problem+json");
}

static void
test_strangers (void)
{
  g_autofree char *blob = upload (&ada, "text/plain", "ada's alone");
  g_autofree char *unknown = g_strnfill (64, 'a');
  g_autofree char *absent = g_strconcat ("b", unknown, NULL);
  g_autofree char *hers = g_strdup_printf ("GET /jmap/download/%s/%s/x", ada.account, blob);
  g_autofree char *into_hers = g_strdup_printf ("POST /jmap/upload/%s", ada.account);
  g_autoptr (Answer) not_his = download (&ben, blob, "x");
  g_autoptr (Answer) not_there = download (&ben, absent, "x");
  g_autofree char *his = NULL;

  g_assert_cmpuint (not_his->status, ==, 404);
  g_assert_cmpstr (not_his->body, ==, not_there->body);
  assert_refused (ask (&ben, hers, "", NULL), 404);
  assert_refused (ask (&ben, into_hers, "", "x"), 404);
  his = upload (&ben, "text/plain", "ada's alone");
  g_assert_cmpstr (his, ==, blob);
  g_autoptr (Answer) now_his = download (&ben, blob, "x");
  g_assert_cmpuint (now_his->status, ==, 200);
}

static void
test_wrong (void)
{
  static const char *const lines[] = {
    "GET /jmap/download/%s/b/x",        "GET /jmap/download/%s/%%2e%%2e%%2fsecret/x",
    "GET /jmap/download/%s/%%ff%%fe/x", "GET /jmap/download/%s/b0123",
    "GET /jmap/download/%s/",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    GString *line = g_string_new (lines[i]);

    g_string_replace (line, "%s", ada.account, 1);
    g_string_replace (line, "%%", "%", 0);
    assert_refused (ask (&ada, line->str, "", NULL), 404);
    g_string_free (line, TRUE);
  }
  assert_refused (ask (&ada, "POST /jmap/upload/", "", "x"), 404);
  assert_refused (ask (&ada, "POST /jmap/upload/tx", "", "x"), 404);
}

static void
test_too_large (void)
{
  g_autofree char *text =
      g_strdup_printf ("POST /jmap/upload/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                       "Content-Length: 50000001\r\n\r\n",
                       ada.account, ada.token);
  int fd = caller_connect (port);
  g_autoptr (Answer) answer = NULL;

  caller_say (fd, text);
  answer = caller_hear (fd, FALSE);
  g_assert_cmpuint (answer->status, ==, 413);
  g_assert_nonnull (strstr (answer->body, "maxSizeUpload"));
  caller_hang_up (fd);
}

static void
test_empty (void)
{
  g_autofree char *blob = upload (&ada, "text/plain", "");
  g_autoptr (Answer) answer = download (&ada, blob, "x?type=text/plain");

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpuint (answer->length, ==, 0);
}

/* An upload counts from its head on, before its body is there. */
static int
begin_upload (void)
{
  g_autofree char *head =
      g_strdup_printf ("POST /jmap/upload/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                       "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n",
                       ada.account, ada.token);
  int fd = caller_connect (port);
  char line[25];

  g_assert_true (caller_say (fd, head));
  g_assert_true (caller_read (fd, line, sizeof line));
  g_assert_cmpint (strncmp (line, "HTTP/1.1 100 Continue\r\n\r\n", sizeof line), ==, 0);
  return fd;
}

static void
test_concurrent (void)
{
  g_autofree char *line = g_strdup_printf ("POST /jmap/upload/%s", ada.account);
  int fds[4];
  guint status = 429;

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    fds[i] = begin_upload ();
  {
    g_autoptr (Answer) refused = ask (&ada, line, "\r\nContent-Type: text/plain", "fifth");
    g_assert_nonnull (strstr (refused->body, "\"limit\":\"maxConcurrentUpload\""));
    assert_refused (g_steal_pointer (&refused), 429);
  }
  caller_break_off (fds[0]);
  while (status == 429) {
    g_autoptr (Answer) taken = ask (&ada, line, "\r\nContent-Type: text/plain", "fifth");

    status = taken->status;
  }
  g_assert_cmpuint (status, ==, 201);
  for (guint i = 1; i < G_N_ELEMENTS (fds); i++) {
    g_autoptr (Answer) answer = NULL;

    g_assert_true (caller_say (fds[i], "hello"));
    answer = caller_hear (fds[i], FALSE);
    g_assert_cmpuint (answer->status, ==, 201);
    caller_hang_up (fds[i]);
  }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  server = tl_test_server_new ();
  tl_test_server_add_user (server, "ada", "Ada");
  tl_test_server_add_user (server, "ben", "Ben");
  port = (guint)g_ascii_strtoull (strrchr (tl_test_server_url (server), ':') + 1, NULL, 10);
  ada = person ("ada");
  ben = person ("ben");
  g_test_add_func ("/files/come-back-as-they-went", test_round);
  g_test_add_func ("/files/are-never-pages-of-the-server", test_harmless);
  g_test_add_func ("/files/names-stay-in-their-header", test_names);
  g_test_add_func ("/files/strangers-learn-nothing", test_strangers);
  g_test_add_func ("/files/addresses-that-are-none", test_wrong);
  g_test_add_func ("/files/larger-than-the-limit", test_too_large);
  g_test_add_func ("/files/empty-ones", test_empty);
  g_test_add_func ("/files/so-many-uploads-at-once", test_concurrent);
  status = g_test_run ();
  tl_test_server_free (server);
  g_free (ada.token);
  g_free (ada.account);
  g_free (ben.token);
  g_free (ben.account);
  return status;
}
