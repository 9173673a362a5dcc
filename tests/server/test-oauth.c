/* Signing in by a browser, on a real server, as a browser and a program do it, and as neither should be able to. */
#include "tests/server/authenticator.h"
#include "tests/server/browser.h"
#include "tests/server/visitor.h"

#include <sodium.h>
#include <string.h>

#define REDIRECT "http://127.0.0.1:39871/signed-in"
#define VERIFIER "a-verifier-of-this-test-alone-0123456789-abcdefgh"
#define OTHER_REDIRECT "https://calendar.example/back?from=tideline"
#define SHA256_BYTES 32

static TlTestServer *server;

/* --- words ------------------------------------------------------------------------------------- */

static char *
challenge_of (const char *verifier)
{
  char text[64];
  guint8 hash[SHA256_BYTES];

  crypto_hash_sha256 (hash, (const guint8 *)verifier, strlen (verifier));
  sodium_bin2base64 (text, sizeof text, hash, sizeof hash,
                     sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return g_strdup (text);
}

static char *
ask_of (const char *client, const char *redirect, const char *more)
{
  g_autofree char *challenge = challenge_of (VERIFIER);
  g_autofree char *escaped = g_uri_escape_string (redirect, NULL, FALSE);

  return g_strdup_printf ("%s/oauth/authorize?response_type=code&client_id=%s&redirect_uri=%s"
                          "&code_challenge=%s&code_challenge_method=S256&state=a%%26b%s",
                          tl_test_server_url (server), client, escaped, challenge, more);
}

static Browser *
at_page (const char *more)
{
  g_autofree char *address = ask_of ("tideline", REDIRECT, more);
  Browser *browser = browser_new ();

  g_assert_cmpuint (browser_open (browser, address), ==, 200);
  g_assert_null (browser->location);
  return browser;
}

/* The code for `login`, by the page. */
static char *
code_for (const char *login)
{
  g_autoptr (Browser) browser = at_page ("");

  g_assert_cmpuint (browser_submit (browser, "login", login, "password", TL_TEST_PASSWORD, NULL),
                    ==, 303);
  return browser_led (browser, "code");
}

/* What a program says at the token endpoint, and the answer; `error`: the one that is expected, NULL for none. */
static JsonObject *
ask_token (const char *error, const char *format, ...)
{
  g_autoptr (Browser) program = browser_new ();
  g_autofree char *address = g_strconcat (tl_test_server_url (server), "/oauth/token", NULL);
  g_autofree char *form = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;
  va_list list;
  guint status;

  va_start (list, format);
  form = g_strdup_vprintf (format, list);
  va_end (list);
  status = browser_post (program, address, form);
  node = json_from_string (program->text, NULL);
  g_assert_nonnull (node);
  object = json_node_dup_object (node);
  g_assert_cmpstr (json_object_get_string_member_with_default (object, "error", NULL), ==, error);
  g_assert_cmpuint (status, ==, error ? 400 : 200);
  g_assert_cmpstr (soup_message_headers_get_one (program->headers, "Cache-Control"), ==,
                   "no-store");
  return object;
}

#define BY_CODE "grant_type=authorization_code&client_id=tideline&redirect_uri=" REDIRECT

static JsonObject *
exchange (const char *code, const char *error)
{
  return ask_token (error, BY_CODE "&code_verifier=" VERIFIER "&device=laptop&code=%s", code);
}

static JsonObject *
refresh (const char *token, const char *client, const char *error)
{
  return ask_token (error, "grant_type=refresh_token&client_id=%s&refresh_token=%s", client, token);
}

/* May `token` be used? */
static guint
status_with (const char *token)
{
  g_autoptr (Visitor) visitor = visitor_new (server);
  g_autoptr (JsonObject) answer = NULL;
  guint status;

  visitor->access = g_strdup (token);
  answer = visitor_get (visitor, "/jmap/session", &status);
  return status;
}

static const char *
member (JsonObject *object, const char *name)
{
  return json_object_get_string_member (object, name);
}

/* --- what is told ------------------------------------------------------------------------------ */

static void
test_about (void)
{
  g_autoptr (Visitor) visitor = visitor_new (server);
  guint status;
  g_autoptr (JsonObject) about =
      visitor_get (visitor, "/.well-known/oauth-authorization-server", &status);
  g_autoptr (JsonObject) keys = visitor_get (visitor, "/oauth/jwks.json", &status);
  static const char *const addresses[] = { "authorization_endpoint", "token_endpoint",
                                           "revocation_endpoint", "jwks_uri" };

  g_assert_cmpstr (member (about, "issuer"), ==, tl_test_server_url (server));
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    g_assert_true (g_str_has_prefix (member (about, addresses[i]), tl_test_server_url (server)));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (keys, "keys")), ==, 1);
}

/* --- the way of one who may ---------------------------------------------------------------------- */

static void
test_way (void)
{
  g_autoptr (Browser) browser = at_page ("&login_hint=ines%22%3E%3Cscript%3E");
  g_autofree char *code = NULL, *state = NULL, *issuer = NULL;
  g_autoptr (JsonObject) tokens = NULL;

  g_assert_null (strstr (browser->text, "<script"));
  g_assert_nonnull (strstr (browser->text, "ines&quot;"));
  g_assert_cmpstr (soup_message_headers_get_one (browser->headers, "X-Frame-Options"), ==, "DENY");
  g_assert_nonnull (
      strstr (soup_message_headers_get_one (browser->headers, "Content-Security-Policy"),
              "default-src 'none'"));
  g_assert_nonnull (
      strstr (soup_message_headers_get_one (browser->headers, "Set-Cookie"), "HttpOnly; SameSite"));
  g_assert_cmpuint (browser_submit (browser, "login", "ines", "password", "not it", NULL), ==, 401);
  g_assert_nonnull (strstr (browser->text, "role=\"alert\""));
  g_assert_cmpuint (browser_submit (browser, "login", "ines", "password", TL_TEST_PASSWORD, NULL),
                    ==, 303);
  g_assert_true (g_str_has_prefix (browser->location, REDIRECT "?code="));
  code = browser_led (browser, "code");
  state = browser_led (browser, "state");
  issuer = browser_led (browser, "iss");
  g_assert_cmpstr (state, ==, "a&b");
  g_assert_cmpstr (issuer, ==, tl_test_server_url (server));
  tokens = exchange (code, NULL);
  g_assert_cmpstr (member (tokens, "token_type"), ==, "Bearer");
  g_assert_cmpint (json_object_get_int_member (tokens, "expires_in"), ==, 600);
  g_assert_cmpuint (status_with (member (tokens, "access_token")), ==, 200);
}

static void
test_refresh (void)
{
  g_autofree char *code = code_for ("ines");
  g_autoptr (JsonObject) first = exchange (code, NULL);
  g_autoptr (JsonObject) second = refresh (member (first, "refresh_token"), "tideline", NULL);
  g_autoptr (JsonObject) third = refresh (member (second, "refresh_token"), "tideline", NULL);
  g_autoptr (JsonObject) stolen = NULL, ended = NULL;

  g_assert_cmpuint (status_with (member (third, "access_token")), ==, 200);
  stolen = refresh (member (first, "refresh_token"), "tideline", "invalid_grant");
  ended = refresh (member (third, "refresh_token"), "tideline", "invalid_grant");
  while (status_with (member (third, "access_token")) == 200) /* told to every process */
    g_usleep (10000);
  g_assert_cmpuint (status_with (member (third, "access_token")), ==, 401);
}

static void
test_revoke (void)
{
  g_autofree char *address = g_strconcat (tl_test_server_url (server), "/oauth/revoke", NULL);
  static const char *const kinds[] = { "access_token", "refresh_token" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autofree char *code = code_for ("ines");
    g_autoptr (JsonObject) tokens = exchange (code, NULL);
    g_autoptr (JsonObject) after = NULL;
    g_autoptr (Browser) program = browser_new ();
    g_autofree char *form =
        g_strdup_printf ("client_id=tideline&token=%s", member (tokens, kinds[i]));

    g_assert_cmpuint (browser_post (program, address, form), ==, 200);
    after = refresh (member (tokens, "refresh_token"), "tideline", "invalid_grant");
    while (status_with (member (tokens, "access_token")) == 200)
      g_usleep (10000);
    g_assert_cmpuint (browser_post (program, address, form), ==, 200); /* again */
    g_assert_cmpuint (browser_post (program, address, "client_id=tideline&token=nonsense"), ==,
                      200);
  }
}

/* --- the second step ----------------------------------------------------------------------------- */

static void
test_second_step (void)
{
  g_autoptr (Visitor) visitor = visitor_new_as (server, "nora");
  g_autoptr (Browser) browser = at_page ("");
  g_autoptr (JsonObject) begun = NULL, on = NULL;
  g_autofree char *code = NULL, *now = NULL, *json = NULL;
  guint status;
  const char *recovery;

  begun = visitor_post (visitor, "/auth/totp", "{'password':'" TL_TEST_PASSWORD "'}", &status);
  g_assert_cmpuint (status, ==, 200);
  now = authenticator_code (member (begun, "secret"));
  json = g_strdup_printf ("{'code':'%s'}", now);
  on = visitor_post (visitor, "/auth/totp/confirm", json, &status);
  g_assert_cmpuint (status, ==, 200);
  recovery = json_array_get_string_element (json_object_get_array_member (on, "recoveryCodes"), 0);

  g_assert_cmpuint (browser_submit (browser, "login", "nora", "password", TL_TEST_PASSWORD, NULL),
                    ==, 200);
  g_assert_nonnull (strstr (browser->text, "one-time-code"));
  g_assert_cmpuint (browser_submit (browser, "code", "000000", NULL), ==, 401);
  g_assert_cmpuint (browser_submit (browser, "code", recovery, NULL), ==, 303);
  code = browser_led (browser, "code");
  g_assert_nonnull (code);
}

/* --- what is asked for wrongly ------------------------------------------------------------------- */

/* Nobody is sent anywhere by what is not known. */
static void
test_redirects (void)
{
  static const char *const bad[] = {
    "https://evil.example/signed-in",
    "http://127.0.0.1.evil.example/signed-in",
    "http://127.0.0.1@evil.example/signed-in",
    "http://127.0.0.1:80@evil.example/signed-in",
    "http://127.0.0.1:39871/signed-in/../evil",
    "http://127.0.0.1:39871/other",
    "http://127.0.0.1:39871/signed-in#fragment",
    "http://127.0.0.1:39871\\@evil.example/signed-in",
    "http://localhost:39871/signed-in",
    "//evil.example/signed-in",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://127.0.0.1/signed-in\r\nX-Header: x",
    "",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *address = ask_of ("tideline", bad[i], "");
    g_autoptr (Browser) browser = browser_new ();

    g_test_message ("%s", bad[i]);
    g_assert_cmpuint (browser_open (browser, address), ==, 400);
    g_assert_null (browser->location);
    g_assert_cmpuint (browser_post (browser, address, "login=ines&password=" TL_TEST_PASSWORD), ==,
                      400);
    g_assert_null (browser->location);
  }
}

static void
test_asks (void)
{
  static const struct {
    const char *query, *error;
  } cases[] = {
    { "response_type=token&code_challenge=%s&code_challenge_method=S256",
      "unsupported_response_type" },
    { "code_challenge=%s&code_challenge_method=S256", "unsupported_response_type" },
    { "response_type=code&code_challenge=%s&code_challenge_method=plain", "invalid_request" },
    { "response_type=code&code_challenge=%s", "invalid_request" },
    { "response_type=code&code_challenge_method=S256", "invalid_request" },
    { "response_type=code&code_challenge=%s.&code_challenge_method=S256", "invalid_request" },
  };
  g_autofree char *challenge = challenge_of (VERIFIER);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GString) query = g_string_new (cases[i].query);
    g_autofree char *address = NULL, *error = NULL, *state = NULL;
    g_autoptr (Browser) browser = browser_new ();

    g_string_replace (query, "%s", challenge, 0);
    address = g_strdup_printf (
        "%s/oauth/authorize?client_id=tideline&state=x&redirect_uri=" REDIRECT "&%s",
        tl_test_server_url (server), query->str);
    g_assert_cmpuint (browser_open (browser, address), ==, 303);
    error = browser_led (browser, "error");
    state = browser_led (browser, "state");
    g_assert_cmpstr (error, ==, cases[i].error);
    g_assert_cmpstr (state, ==, "x");
  }
}

/* A form that was shown to another browser, or to none. */
static void
test_forged_forms (void)
{
  g_autoptr (Browser) victim = at_page (""), attacker = at_page ("");
  g_autofree char *form = browser_hidden (attacker, "form");
  g_autofree char *other =
      g_strdup_printf ("login=ines&password=" TL_TEST_PASSWORD "&form=%s", form);
  g_autofree char *address = g_strdup (victim->address);
  g_autoptr (Browser) nobody = browser_new ();
  static const char *const bare[] = {
    "login=ines&password=" TL_TEST_PASSWORD,
    "login=ines&password=" TL_TEST_PASSWORD "&form=",
    "login=ines&password=" TL_TEST_PASSWORD "&form=AAAA",
  };

  g_assert_cmpuint (browser_post (victim, address, other), ==, 403);
  g_assert_null (victim->location);
  g_assert_cmpuint (browser_post (nobody, address, other), ==, 403);
  for (guint i = 0; i < G_N_ELEMENTS (bare); i++)
    g_assert_cmpuint (browser_post (victim, address, bare[i]), ==, 403);
  g_assert_cmpuint (browser_post (attacker, address, other), ==, 303);
}

/* --- codes that are no good ---------------------------------------------------------------------- */

static void
test_codes (void)
{
  static const char *const bad[] = {
    BY_CODE "&code_verifier=a-verifier-of-somebody-else-0123456789-abcdefghijk&code=%s",
    BY_CODE "&code_verifier=short&code=%s",
    "grant_type=authorization_code&client_id=tideline&redirect_uri=http://127.0.0.1:1/signed-in"
    "&code_verifier=" VERIFIER "&code=%s",
    "grant_type=authorization_code&client_id=calendar&redirect_uri=" REDIRECT
    "&code_verifier=" VERIFIER "&code=%s",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *code = code_for ("ines");
    g_autoptr (GString) form = g_string_new (bad[i]);
    g_autoptr (JsonObject) refused = NULL, spent = NULL;

    g_string_replace (form, "%s", code, 0);
    refused = ask_token ("invalid_grant", "%s", form->str);
    spent = exchange (code, "invalid_grant"); /* once is all that anybody has */
  }
}

static void
test_code_twice (void)
{
  g_autofree char *code = code_for ("ines");
  g_autoptr (JsonObject) tokens = exchange (code, NULL);
  g_autoptr (JsonObject) again = exchange (code, "invalid_grant");
  g_autoptr (JsonObject) ended =
      refresh (member (tokens, "refresh_token"), "tideline", "invalid_grant");

  while (status_with (member (tokens, "access_token")) == 200)
    g_usleep (10000);
}

static void
test_code_late (void)
{
  g_autofree char *code = code_for ("ines");
  g_autoptr (JsonObject) refused = NULL;

  g_free (tl_test_server_sql (server, "UPDATE people.oauth_code SET expires_at = now()"));
  refused = exchange (code, "invalid_grant");
}

static void
test_suspended (void)
{
  g_autofree char *code = code_for ("ben");
  const char *const disable[] = { "user", "disable", "ben", NULL };
  g_autoptr (JsonObject) refused = NULL;
  g_autoptr (Browser) browser = at_page ("");

  g_free (tl_test_server_ctl (server, disable, NULL));
  refused = exchange (code, "invalid_grant");
  g_assert_cmpuint (browser_submit (browser, "login", "ben", "password", TL_TEST_PASSWORD, NULL),
                    ==, 401);
}

static void
test_token_asks (void)
{
  static const struct {
    const char *form, *error;
  } cases[] = {
    { "", "invalid_request" },
    { "grant_type=authorization_code", "invalid_request" },
    { "client_id=tideline", "unsupported_grant_type" },
    { "client_id=tideline&grant_type=password&username=ines&password=x", "unsupported_grant_type" },
    { "client_id=tideline&grant_type=client_credentials", "unsupported_grant_type" },
    { "client_id=tideline&grant_type=authorization_code", "invalid_request" },
    { "client_id=tideline&grant_type=refresh_token", "invalid_request" },
    { "client_id=tideline&grant_type=refresh_token&refresh_token=nonsense", "invalid_grant" },
    { "client_id=tideline&client_id=other&grant_type=refresh_token", "invalid_request" },
    { "client_id=tideline&grant_type=refresh_token&refresh_token=%ff%fe", "invalid_request" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonObject) answer = ask_token (cases[i].error, "%s", cases[i].form);

    g_assert_nonnull (json_object_get_string_member (answer, "error_description"));
  }
}

/* Ten wrong tries, and one waits, by whichever way. */
static void
test_limits (void)
{
  g_autoptr (Browser) browser = at_page ("");
  g_autoptr (Visitor) visitor = visitor_new (server);
  guint status = 0;

  for (guint i = 0; i < 12 && status != 429; i++)
    status = browser_submit (browser, "login", "guessed", "password", "wrong", NULL);
  g_assert_cmpuint (status, ==, 429);
  g_assert_nonnull (soup_message_headers_get_one (browser->headers, "Retry-After"));
  g_assert_cmpuint (visitor_sign_in (visitor, "Guessed", "wrong"), ==, 429);
}

/* --- other programs ------------------------------------------------------------------------------ */

static void
test_clients (void)
{
  const char *const add[] = { "client",       "add",        "calendar",     "--name",
                              "A <Calendar>", "--redirect", OTHER_REDIRECT, NULL };
  const char *const remove[] = { "client", "remove", "calendar", NULL };
  g_autofree char *address = ask_of ("calendar", OTHER_REDIRECT, "");
  g_autofree char *code = NULL, *escaped = g_uri_escape_string (OTHER_REDIRECT, NULL, FALSE);
  g_autoptr (Browser) browser = browser_new ();
  g_autoptr (JsonObject) tokens = NULL, foreign = NULL, ended = NULL;

  g_assert_cmpuint (browser_open (browser, address), ==, 400);
  g_free (tl_test_server_ctl (server, add, NULL));
  g_assert_cmpuint (browser_open (browser, address), ==, 200);
  g_assert_nonnull (strstr (browser->text, "A &lt;Calendar&gt;"));
  g_assert_cmpuint (browser_submit (browser, "login", "ines", "password", TL_TEST_PASSWORD, NULL),
                    ==, 303);
  g_assert_true (g_str_has_prefix (browser->location, OTHER_REDIRECT "&code="));
  code = browser_led (browser, "code");
  tokens = ask_token (NULL,
                      "grant_type=authorization_code&client_id=calendar&redirect_uri=%s"
                      "&code_verifier=" VERIFIER "&code=%s",
                      escaped, code);
  foreign = refresh (member (tokens, "refresh_token"), "tideline", "invalid_grant");
  g_free (tl_test_server_ctl (server, remove, NULL));
  ended = refresh (member (tokens, "refresh_token"), "calendar", "invalid_grant");
  g_assert_cmpuint (browser_open (browser, address), ==, 400);
}

int
main (int argc, char **argv)
{
  static const char *const people[] = { "ines", "nora", "ben" };
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
  server = tl_test_server_new ();
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    tl_test_server_add_user (server, people[i], people[i]);
  g_test_add_func ("/oauth/a-program-finds-where-what-is", test_about);
  g_test_add_func ("/oauth/a-password-on-the-page-is-a-code-and-then-tokens", test_way);
  g_test_add_func ("/oauth/a-refresh-token-that-was-copied-ends-the-session", test_refresh);
  g_test_add_func ("/oauth/what-is-revoked-is-over-at-once", test_revoke);
  g_test_add_func ("/oauth/the-page-asks-for-the-second-step", test_second_step);
  g_test_add_func ("/oauth/nobody-is-sent-to-strangers", test_redirects);
  g_test_add_func ("/oauth/what-is-asked-wrongly-is-told-to-the-program", test_asks);
  g_test_add_func ("/oauth/a-form-of-another-browser-is-not-taken", test_forged_forms);
  g_test_add_func ("/oauth/a-code-is-good-for-who-asked-and-spent-by-others", test_codes);
  g_test_add_func ("/oauth/a-code-used-twice-ends-what-it-began", test_code_twice);
  g_test_add_func ("/oauth/a-code-runs-out", test_code_late);
  g_test_add_func ("/oauth/who-is-suspended-gets-nothing", test_suspended);
  g_test_add_func ("/oauth/the-token-endpoint-names-what-is-wrong", test_token_asks);
  g_test_add_func ("/oauth/guesses-are-counted-with-those-of-other-ways", test_limits);
  g_test_add_func ("/oauth/another-program-is-let-in-and-forgotten", test_clients);
  status = g_test_run ();
  tl_test_server_free (server);
  return status;
}
