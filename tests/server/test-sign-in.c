/* Signing in, over HTTP on a real server. */
#include "tests/server/visitor.h"

#include <glib/gstdio.h>
#include <string.h>

static TlTestServer *server;

static JsonObject *
refresh (Visitor *visitor, const char *token, guint *status)
{
  g_autofree char *json = g_strdup_printf ("{'refreshToken':'%s'}", token);

  return visitor_post (visitor, "/auth/refresh", json, status);
}

static void
assert_refused (JsonObject *answer, const char *code)
{
  g_assert_cmpstr (json_object_get_string_member (answer, "error"), ==, code);
  g_assert_true (g_str_has_suffix (json_object_get_string_member (answer, "message"), "."));
}

static void
test_signs_in (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ADA");
  g_autoptr (JsonObject) session = NULL;
  g_autoptr (JsonObject) answer = NULL;
  guint status;

  session = visitor_get (ada, "/.well-known/jmap", &status);
  g_assert_cmpuint (status, ==, 200);
  g_assert_true (
      json_object_has_member (json_object_get_object_member (session, "accounts"), ada->account));
  answer = visitor_post (ada, "/auth/login",
                         "{'login':'ada','password':'" TL_TEST_PASSWORD "','device':'x'}", &status);
  g_assert_cmpstr (json_object_get_string_member (answer, "name"), ==, "Ada Lovelace");
  g_assert_cmpint (json_object_get_int_member (answer, "expiresIn"), ==, 600);
  g_assert_cmpstr (visitor_header (ada, "Cache-Control"), ==, "no-store");
}

static void
test_refuses (void)
{
  static const char *const bodies[] = {
    "{'login':'ada','password':'wrong'}",
    "{'login':'nobody','password':'wrong'}",
    "{'login':'ada'}",
    "{'login':['ada'],'password':{}}",
  };
  g_autoptr (Visitor) visitor = visitor_new (server);
  guint status;

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_autoptr (JsonObject) answer = visitor_post (visitor, "/auth/login", bodies[i], &status);

    g_assert_cmpuint (status, ==, 401);
    assert_refused (answer, "invalid_credentials");
  }
  g_autoptr (JsonObject) none = visitor_post (visitor, "/auth/login", "", &status);
  g_assert_cmpuint (status, ==, 400);
  g_autoptr (JsonObject) list = visitor_post (visitor, "/auth/login", "[1]", &status);
  g_assert_cmpuint (status, ==, 400);
}

static void
test_forged (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autoptr (JsonObject) changed = NULL;
  g_autoptr (JsonObject) shortened = NULL;
  guint status;

  ada->access[5] = ada->access[5] == 'A' ? 'B' : 'A';
  changed = visitor_get (ada, "/jmap/session", &status);
  g_assert_cmpuint (status, ==, 401);
  ada->access[20] = '\0';
  shortened = visitor_get (ada, "/jmap/session", &status);
  g_assert_cmpuint (status, ==, 401);
}

/* A reply that was lost is given again; what came before the token in use is worth nothing. */
static void
test_rotates (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autoptr (JsonObject) first = NULL, again = NULL, second = NULL, old = NULL;
  const char *next;
  guint status;

  first = refresh (ada, ada->refresh, &status);
  g_assert_cmpuint (status, ==, 200);
  next = json_object_get_string_member (first, "refreshToken");
  g_assert_cmpstr (next, !=, ada->refresh);
  again = refresh (ada, ada->refresh, &status);
  g_assert_cmpuint (status, ==, 200);
  g_assert_cmpstr (json_object_get_string_member (again, "refreshToken"), ==, next);
  second = refresh (ada, next, &status);
  g_assert_cmpuint (status, ==, 200);
  old = refresh (ada, ada->refresh, &status);
  g_assert_cmpuint (status, ==, 401);
  assert_refused (old, "invalid_token");
}

static void
test_signs_out (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autofree char *json = g_strdup_printf ("{'refreshToken':'%s'}", ada->refresh);
  g_autoptr (JsonObject) answer = NULL;
  guint status;

  g_assert_null (visitor_post (ada, "/auth/logout", json, &status));
  g_assert_cmpuint (status, ==, 204);
  g_assert_null (visitor_post (ada, "/auth/logout", json, &status));
  g_assert_cmpuint (status, ==, 204);
  answer = refresh (ada, ada->refresh, &status);
  g_assert_cmpuint (status, ==, 401);
  assert_refused (answer, "invalid_token");
}

static void
test_limits (void)
{
  g_autoptr (Visitor) visitor = visitor_new (server);
  g_autoptr (JsonObject) answer = NULL;
  guint status;

  for (guint i = 0; i < 10; i++)
    g_assert_cmpuint (visitor_sign_in (visitor, "ben", "wrong"), ==, 401);
  answer = visitor_post (visitor, "/auth/login",
                         "{'login':'Ben','password':'" TL_TEST_PASSWORD "'}", &status);
  g_assert_cmpuint (status, ==, 429);
  assert_refused (answer, "rate_limited");
  g_assert_cmpint (g_ascii_strtoll (visitor_header (visitor, "Retry-After"), NULL, 10), >, 0);
  g_assert_cmpint (g_ascii_strtoll (visitor_header (visitor, "Retry-After"), NULL, 10), <=, 60);
  g_assert_cmpuint (visitor_sign_in (visitor, "ada", TL_TEST_PASSWORD), ==, 200);
}

/* Many names from one address: last of all tests, as nobody signs in from here then. */
static void
test_spraying (void)
{
  g_autoptr (Visitor) visitor = visitor_new (server);
  guint status = 0, tries;

  for (tries = 0; status != 429 && tries < 100; tries++) {
    g_autofree char *login = g_strdup_printf ("nobody%u", tries);

    status = visitor_sign_in (visitor, login, "wrong");
  }
  g_assert_cmpuint (tries, <=, 61);
  g_assert_cmpuint (status, ==, 429);
  g_assert_cmpuint (visitor_sign_in (visitor, "ada", TL_TEST_PASSWORD), ==, 429);
}

/* What was given before kill -9 counts afterwards, and the secret is its owner's alone. */
static void
test_survives (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autofree char *secret = g_build_filename (tl_test_server_folder (server), "secret", NULL);
  g_autoptr (JsonObject) session = NULL;
  g_autoptr (JsonObject) answer = NULL;
  GStatBuf st;
  guint status;

  tl_test_server_kill (server);
  tl_test_server_start (server);
  session = visitor_get (ada, "/jmap/session", &status);
  g_assert_cmpuint (status, ==, 200);
  answer = refresh (ada, ada->refresh, &status);
  g_assert_cmpuint (status, ==, 200);
  g_assert_no_errno (g_stat (secret, &st));
  g_assert_cmpuint (st.st_mode & 0777, ==, 0600);
  tl_test_server_stop (server);
  tl_test_server_start (server);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  server = tl_test_server_new ();
  tl_test_server_add_user (server, "ada", "Ada Lovelace");
  tl_test_server_add_user (server, "ben", "Ben");
  g_test_add_func ("/sign-in/gives-tokens-that-open-the-session", test_signs_in);
  g_test_add_func ("/sign-in/refuses-wrong-passwords-and-unknown-names-alike", test_refuses);
  g_test_add_func ("/sign-in/refuses-tokens-that-are-not-ours", test_forged);
  g_test_add_func ("/sign-in/rotates-refresh-tokens", test_rotates);
  g_test_add_func ("/sign-in/signing-out-ends-the-session", test_signs_out);
  g_test_add_func ("/sign-in/limits-failures-by-address-and-login", test_limits);
  g_test_add_func ("/sign-in/survives-the-servers-death", test_survives);
  g_test_add_func ("/sign-in/limits-failures-by-address", test_spraying);
  status = g_test_run ();
  tl_test_server_free (server);
  return status;
}
