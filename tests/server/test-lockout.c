/* Guesses from everywhere at one login, on a real server behind a proxy: strangers' addresses have to wait, whatever they
 * say, and those that the person signs in from do not. */
#include "server/stores/counts.h"
#include "tests/fixtures/server.h"

#include <libsoup/soup.h>
#include <string.h>

static TlTestServer *server;
static TlCounts *counts;

/* Signs in from `address`, as the proxy tells. */
static guint
try_from (const char *address, const char *login, const char *password)
{
  g_autofree char *url = g_strconcat (tl_test_server_url (server), "/auth/login", NULL);
  g_autofree char *json =
      g_strdup_printf ("{\"login\":\"%s\",\"password\":\"%s\"}", login, password);
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autoptr (SoupMessage) message = soup_message_new ("POST", url);
  g_autoptr (GBytes) body = g_bytes_new (json, strlen (json)), answer = NULL;
  g_autoptr (GError) error = NULL;
  guint status;

  soup_message_set_request_body_from_bytes (message, "application/json", body);
  soup_message_headers_append (soup_message_get_request_headers (message), "X-Forwarded-For",
                               address);
  answer = soup_session_send_and_read (session, message, NULL, &error);
  g_assert_no_error (error);
  status = soup_message_get_status (message);
  g_assert_cmpint (status == 429, ==,
                   soup_message_headers_get_one (soup_message_get_response_headers (message),
                                                 "Retry-After") != NULL);
  return status;
}

/* As if other processes had seen them. */
static void
guess_from_everywhere (const char *login)
{
  g_autofree char *key = g_strconcat ("login ", login, NULL);
  gint64 count = 0, left;

  while (count < 100)
    g_assert_true (tl_counts_add (counts, key, 3600, &count, &left));
}

static void
test_lockout (void)
{
  g_assert_cmpuint (try_from ("192.0.2.1", "ada", TL_TEST_PASSWORD), ==, 200);
  guess_from_everywhere ("ada");
  g_assert_cmpuint (try_from ("192.0.2.2", "ada", "a guess"), ==, 429);
  g_assert_cmpuint (try_from ("192.0.2.3", "ADA", TL_TEST_PASSWORD), ==, 429);
  g_assert_cmpuint (try_from ("192.0.2.1", "ada", TL_TEST_PASSWORD), ==, 200);
  g_assert_cmpuint (try_from ("192.0.2.1", "ada", "mistyped"), ==, 401);
  g_assert_cmpuint (try_from ("192.0.2.2", "ben", TL_TEST_PASSWORD), ==, 200);
}

/* Nobody learns from it who there is. */
static void
test_nobody (void)
{
  guess_from_everywhere ("nobody");
  g_assert_cmpuint (try_from ("192.0.2.9", "nobody", "a guess"), ==, 429);
  g_assert_cmpuint (try_from ("192.0.2.9", "somebody", "a guess"), ==, 401);
}

/* One address that tries many logins. */
static void
test_address (void)
{
  gint64 count = 0, left;

  while (count < 60)
    g_assert_true (tl_counts_add (counts, "address 192.0.2.66", 60, &count, &left));
  g_assert_cmpuint (try_from ("192.0.2.66", "ben", TL_TEST_PASSWORD), ==, 429);
  g_assert_cmpuint (try_from ("192.0.2.67", "ben", TL_TEST_PASSWORD), ==, 200);
}

int
main (int argc, char **argv)
{
  g_autofree char *lock = NULL, *text = NULL;
  g_auto (GStrv) lines = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  g_setenv ("TIDELINE_SERVER_PROXY", "127.0.0.1", TRUE);
  server = tl_test_server_new ();
  tl_test_server_add_user (server, "ada", "Ada");
  tl_test_server_add_user (server, "ben", "Ben");
  lock = g_build_filename (tl_test_server_folder (server), "lock", NULL);
  g_assert_true (g_file_get_contents (lock, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  counts = tl_counts_new (lines[3]); /* server/standalone/home.c: what the lock says */
  g_test_add_func ("/lockout/guesses-from-everywhere-stop-strangers-alone", test_lockout);
  g_test_add_func ("/lockout/it-does-not-tell-who-there-is", test_nobody);
  g_test_add_func ("/lockout/an-address-that-tries-many-waits", test_address);
  status = g_test_run ();
  tl_counts_free (counts);
  tl_test_server_free (server);
  return status;
}
