/* Signing in at an external provider, on a real server: a provider that keeps to the rules, with each of the algorithms,
 * and one that lies in every way it could. */
#include "tests/server/authenticator.h"
#include "tests/server/browser.h"
#include "tests/server/visitor.h"

#include <string.h>

#define REDIRECT "http://127.0.0.1:39872/signed-in"
/* Of "a-verifier-of-this-test-alone-0123456789-abcdefgh". */
#define VERIFIER "a-verifier-of-this-test-alone-0123456789-abcdefgh"

typedef struct {
  GSubprocess *process;
  char *address;
} Provider;

static TlTestServer *server;
static Provider provider;

/* --- the provider -------------------------------------------------------------------------------- */

static void
start_provider (const char *algorithm)
{
  g_autofree char *program =
      g_build_filename (g_getenv ("TIDELINE_SOURCE"), "tests/server/oidc_provider.py", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) lines = NULL;

  provider.process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                        "/usr/bin/python3", program, algorithm, NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (provider.process));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  provider.address = g_data_input_stream_read_line_utf8 (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (provider.address);
  g_setenv ("TIDELINE_OIDC_ISSUER", provider.address, TRUE);
  g_setenv ("TIDELINE_OIDC_ALGORITHM", algorithm, TRUE);
}

static void
stop_provider (void)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (provider.process), NULL, NULL);
  g_subprocess_wait (provider.process, NULL, NULL);
  g_clear_object (&provider.process);
  g_clear_pointer (&provider.address, g_free);
}

static void
tell (const char *path)
{
  g_autoptr (Browser) browser = browser_new ();
  g_autofree char *address = g_strconcat (provider.address, path, NULL);

  g_assert_cmpuint (browser_open (browser, address), ==, 200);
}

static void
be (const char *claims)
{
  g_autofree char *escaped = g_uri_escape_string (claims, NULL, FALSE);
  g_autofree char *path = g_strconcat ("/person?", escaped, NULL);

  tell (path);
}

/* --- the way ------------------------------------------------------------------------------------- */

static char *
own_address (const char *path)
{
  return g_strconcat (tl_test_server_url (server), path, NULL);
}

/* The first one on the page that begins so. */
static char *
address_in (Browser *browser, const char *path)
{
  const char *found = strstr (browser->text, path);
  g_autofree char *escaped = found ? g_strndup (found, strcspn (found, "\"")) : NULL;
  g_autoptr (GString) address = g_string_new (escaped);

  g_assert_nonnull (found);
  g_string_replace (address, "&amp;", "&", 0);
  return own_address (address->str);
}

/* The page, and its link to the provider. */
static char *
link_on_page (Browser *browser)
{
  g_autofree char *address = own_address (
      "/oauth/authorize?response_type=code&client_id=tideline&code_challenge_method=S256&state=mine"
      "&code_challenge=PDt4lXmXhVFcVwVfJNqtBTOEFpWEpRqi6mmUJFNgHzs"
      "&redirect_uri=http%3A%2F%2F127.0.0.1%3A39872%2Fsigned-in");

  g_assert_cmpuint (browser_open (browser, address), ==, 200);
  return address_in (browser, "/oidc/start");
}

/* To the provider and back: the status of what comes back. */
static guint
go (Browser *browser)
{
  g_autofree char *address = link_on_page (browser), *there = NULL, *back = NULL;

  g_assert_cmpuint (browser_open (browser, address), ==, 303);
  g_assert_true (g_str_has_prefix (browser->location, provider.address));
  there = g_strdup (browser->location);
  g_assert_cmpuint (browser_open (browser, there), ==, 302);
  back = g_strdup (browser->location);
  return browser_open (browser, back);
}

static char *
login_of (const char *subject)
{
  g_autofree char *sql =
      g_strdup_printf ("SELECT p.login FROM people.identity i JOIN people.principal p ON p.id = "
                       "i.account WHERE i.subject = '%s'",
                       subject);

  return tl_test_server_sql (server, sql);
}

static void
sign_in (const char *subject, const char *login)
{
  g_autoptr (Browser) browser = browser_new ();
  g_autofree char *code = NULL, *state = NULL, *who = NULL;

  g_assert_cmpuint (go (browser), ==, 303);
  g_assert_true (g_str_has_prefix (browser->location, REDIRECT "?code="));
  code = browser_led (browser, "code");
  state = browser_led (browser, "state");
  g_assert_nonnull (code);
  g_assert_cmpstr (state, ==, "mine");
  who = login_of (subject);
  g_assert_cmpstr (who, ==, login);
}

/* --- who keeps to the rules ----------------------------------------------------------------------- */

static void
test_linked (void)
{
  const char *const link[] = { "user", "link", "ines", "s-ines", NULL };
  g_autoptr (Browser) browser = browser_new ();

  be ("{\"sub\":\"s-ines\",\"email\":\"nora@example.org\",\"email_verified\":true}");
  g_assert_cmpuint (go (browser), ==, 403); /* known there is not known here */
  g_assert_null (browser->location);
  g_free (tl_test_server_ctl (server, link, NULL));
  sign_in ("s-ines", "ines");
}

static void
test_second_step (void)
{
  const char *const link[] = { "user", "link", "nora", "s-nora", NULL };
  g_autoptr (Visitor) visitor = visitor_new_as (server, "nora");
  g_autoptr (Browser) browser = browser_new ();
  g_autoptr (JsonObject) begun = NULL, on = NULL;
  g_autofree char *now = NULL, *json = NULL, *code = NULL;
  guint status;

  begun = visitor_post (visitor, "/auth/totp", "{'password':'" TL_TEST_PASSWORD "'}", &status);
  now = authenticator_code (json_object_get_string_member (begun, "secret"));
  json = g_strdup_printf ("{'code':'%s'}", now);
  on = visitor_post (visitor, "/auth/totp/confirm", json, &status);
  g_assert_cmpuint (status, ==, 200);
  g_free (tl_test_server_ctl (server, link, NULL));
  be ("{\"sub\":\"s-nora\"}");
  g_assert_cmpuint (go (browser), ==, 200);
  g_assert_nonnull (strstr (browser->text, "one-time-code"));
  g_free (browser->address);
  browser->address = address_in (browser, "/oauth/authorize");
  g_assert_cmpuint (browser_submit (browser, "code",
                                    json_array_get_string_element (
                                        json_object_get_array_member (on, "recoveryCodes"), 0),
                                    NULL),
                    ==, 303);
  code = browser_led (browser, "code");
  g_assert_nonnull (code);
}

static void
test_suspended (void)
{
  const char *const link[] = { "user", "link", "ben", "s-ben", NULL };
  const char *const disable[] = { "user", "disable", "ben", NULL };
  g_autoptr (Browser) browser = browser_new ();

  g_free (tl_test_server_ctl (server, link, NULL));
  g_free (tl_test_server_ctl (server, disable, NULL));
  be ("{\"sub\":\"s-ben\"}");
  g_assert_cmpuint (go (browser), ==, 403);
}

static void
test_unlinked (void)
{
  const char *const unlink[] = { "user", "unlink", "ines", NULL };
  g_autoptr (Browser) browser = browser_new ();

  g_free (tl_test_server_ctl (server, unlink, NULL));
  be ("{\"sub\":\"s-ines\"}");
  g_assert_cmpuint (go (browser), ==, 403);
}

/* --- who lies ------------------------------------------------------------------------------------ */

static void
test_lies (void)
{
  static const struct {
    const char *lie;
    guint status;
  } lies[] = {
    { "iss", 502 },         { "aud", 502 },     { "several", 502 },
    { "azp", 502 },         { "nonce", 502 },   { "expired", 502 },
    { "future", 502 },      { "nobody", 502 },  { "other-key", 502 },
    { "unknown-key", 502 }, { "none", 502 },    { "HS256", 502 },
    { "error", 502 },       { "text", 502 },    { "long", 502 },
    { "leads", 502 },       { "refused", 303 }, { "issuer-elsewhere", 303 },
  };
  const char *const link[] = { "user", "link", "ines", "s-ines", NULL };

  g_free (tl_test_server_ctl (server, link, NULL));
  be ("{\"sub\":\"s-ines\"}");
  sign_in ("s-ines", "ines");
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++) {
    g_autoptr (Browser) browser = browser_new ();
    g_autofree char *path = g_strconcat ("/lie?", lies[i].lie, NULL), *code = NULL, *error = NULL;

    g_test_message ("%s", lies[i].lie);
    tell (path);
    g_assert_cmpuint (go (browser), ==, lies[i].status);
    code = browser_led (browser, "code");
    error = browser_led (browser, "error");
    g_assert_null (code);
    g_assert_cmpstr (error, ==, lies[i].status == 303 ? "access_denied" : NULL);
    g_assert_null (strstr (browser->text, "token")); /* what went wrong is for the log */
  }
  tell ("/lie?");
  sign_in ("s-ines", "ines");
}

/* What it says of itself: believed from its own address alone. */
static void
test_documents (void)
{
  static const char *const lies[] = { "document", "keys-elsewhere", "huge" };

  for (guint i = 0; i < G_N_ELEMENTS (lies); i++) {
    g_autoptr (Browser) browser = browser_new ();
    g_autofree char *path = g_strconcat ("/lie?", lies[i], NULL);
    g_autofree char *address = NULL, *there = NULL, *back = NULL;

    g_test_message ("%s", lies[i]);
    tl_test_server_stop (server); /* which forgets what it knew */
    tl_test_server_start (server);
    tell (path);
    address = link_on_page (browser);
    if (i == 0) {
      g_assert_cmpuint (browser_open (browser, address), ==, 502);
      continue;
    }
    g_assert_cmpuint (browser_open (browser, address), ==, 303);
    there = g_strdup (browser->location);
    g_assert_cmpuint (browser_open (browser, there), ==, 302);
    back = g_strdup (browser->location);
    g_assert_cmpuint (browser_open (browser, back), ==, 502);
  }
  tell ("/lie?");
}

/* An answer that this browser did not ask for, or that comes twice. */
static void
test_strangers_answers (void)
{
  g_autoptr (Browser) one = browser_new (), other = browser_new (), nobody = browser_new ();
  g_autofree char *address = link_on_page (one), *there = NULL, *back = NULL, *forged = NULL;

  be ("{\"sub\":\"s-ines\"}");
  g_assert_cmpuint (browser_open (one, address), ==, 303);
  there = g_strdup (one->location);
  g_assert_cmpuint (browser_open (one, there), ==, 302);
  back = g_strdup (one->location);
  g_free (link_on_page (other));
  g_assert_cmpuint (browser_open (other, back), ==, 400);
  g_assert_cmpuint (browser_open (nobody, back), ==, 400);
  forged = own_address ("/oidc/callback?code=x&state=y");
  g_assert_cmpuint (browser_open (one, forged), ==, 400);
  g_assert_cmpuint (browser_open (one, back), ==, 303);
  g_assert_cmpuint (browser_open (one, back), ==, 400); /* once */
}

/* --- who comes for the first time ------------------------------------------------------------------ */

static void
restart_with (const char *joins, const char *domains)
{
  g_setenv ("TIDELINE_OIDC_JOINS", joins, TRUE);
  if (domains)
    g_setenv ("TIDELINE_OIDC_DOMAINS", domains, TRUE);
  else
    g_unsetenv ("TIDELINE_OIDC_DOMAINS");
  tl_test_server_stop (server);
  tl_test_server_start (server);
}

static void
test_joining (void)
{
  static const char *const strangers[] = {
    "{\"sub\":\"j-1\",\"email\":\"mo@elsewhere.example\",\"email_verified\":true}",
    "{\"sub\":\"j-1\",\"email\":\"mo@harbour.example\",\"email_verified\":false}",
    "{\"sub\":\"j-1\",\"email\":\"mo@harbour.example\",\"email_verified\":\"true\"}",
    "{\"sub\":\"j-1\",\"email\":\"mo@evil.harbour.example\",\"email_verified\":true}",
    "{\"sub\":\"j-1\"}",
  };
  g_autofree char *name = NULL;

  restart_with ("true", "shore.example, harbour.example");
  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++) {
    g_autoptr (Browser) browser = browser_new ();

    be (strangers[i]);
    g_assert_cmpuint (go (browser), ==, 403);
  }
  be ("{\"sub\":\"j-1\",\"email\":\"Mo.Holm@Harbour.example\",\"email_verified\":true,"
      "\"name\":\"Mo \\u00d8 Holm\"}");
  sign_in ("j-1", "mo.holm");
  sign_in ("j-1", "mo.holm"); /* and is the same one again */
  name = tl_test_server_sql (server, "SELECT name FROM people.principal WHERE login = 'mo.holm'");
  g_assert_cmpstr (name, ==, "Mo Ø Holm");
  be ("{\"sub\":\"j-2\",\"preferred_username\":\"INES\",\"email\":\"x@shore.example\","
      "\"email_verified\":true,\"name\":\"a\\nb\"}");
  sign_in ("j-2", "ines2"); /* nobody's place is taken */
  be ("{\"sub\":\"j-3\",\"preferred_username\":\"admin\",\"email\":\"y@shore.example\","
      "\"email_verified\":true}");
  sign_in ("j-3", "admin2");
}

static void
test_algorithm (gconstpointer algorithm)
{
  g_autofree char *name = g_ascii_strdown (algorithm, -1);
  g_autofree char *claims = NULL, *subject = NULL, *login = NULL;
  g_autoptr (Browser) browser = browser_new ();

  stop_provider ();
  start_provider (algorithm);
  restart_with ("true", NULL);
  claims = g_strdup_printf ("{\"sub\":\"a-%s\",\"preferred_username\":\"%s-rune\"}", name, name);
  subject = g_strconcat ("a-", name, NULL);
  login = g_strconcat (name, "-rune", NULL);
  be (claims);
  sign_in (subject, login);
  tell ("/lie?other-key");
  g_assert_cmpuint (go (browser), ==, 502);
  tell ("/lie?");
}

static guint
asked_for_keys (void)
{
  g_autoptr (Browser) browser = browser_new ();
  g_autofree char *address = g_strconcat (provider.address, "/asked", NULL);
  g_autoptr (JsonNode) node = NULL;

  browser_open (browser, address);
  node = json_from_string (browser->text, NULL);
  return (guint)json_object_get_int_member (json_node_get_object (node), "keys");
}

/* A key that is new is found at once; one that nobody knows does not make us ask on and on. */
static void
test_new_key (void)
{
  guint before;

  restart_with ("true", NULL);
  be ("{\"sub\":\"k-1\",\"preferred_username\":\"kim\"}");
  sign_in ("k-1", "kim");
  before = asked_for_keys ();
  tell ("/lie?new-key");
  sign_in ("k-1", "kim");
  g_assert_cmpuint (asked_for_keys (), ==, before + 1);
  tell ("/lie?unknown-key");
  for (guint i = 0; i < 3; i++) {
    g_autoptr (Browser) browser = browser_new ();

    g_assert_cmpuint (go (browser), ==, 502);
  }
  g_assert_cmpuint (asked_for_keys (), ==, before + 1);
}

int
main (int argc, char **argv)
{
  static const char *const people[] = { "ines", "nora", "ben" };
  int status;

  g_test_init (&argc, &argv, NULL);
  g_setenv ("TIDELINE_OIDC_CLIENT_ID", "tideline", TRUE);
  g_setenv ("TIDELINE_OIDC_CLIENT_SECRET", "a/word", TRUE);
  g_setenv ("TIDELINE_OIDC_NAME", "Harbour ID", TRUE);
  start_provider ("RS256");
  server = tl_test_server_new ();
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    tl_test_server_add_user (server, people[i], people[i]);
  g_test_add_func ("/oidc/who-is-linked-signs-in-there", test_linked);
  g_test_add_func ("/oidc/the-second-step-is-asked-for-still", test_second_step);
  g_test_add_func ("/oidc/who-is-suspended-gets-nothing", test_suspended);
  g_test_add_func ("/oidc/who-is-unlinked-is-nobody", test_unlinked);
  g_test_add_func ("/oidc/a-provider-that-lies-signs-nobody-in", test_lies);
  g_test_add_func ("/oidc/a-provider-speaks-for-itself-alone", test_documents);
  g_test_add_func ("/oidc/an-answer-is-taken-once-by-the-browser-that-asked",
                   test_strangers_answers);
  g_test_add_func ("/oidc/who-is-new-joins-where-that-is-wanted", test_joining);
  g_test_add_data_func ("/oidc/tokens-by-es256", "ES256", test_algorithm);
  g_test_add_data_func ("/oidc/tokens-by-eddsa", "EdDSA", test_algorithm);
  g_test_add_func ("/oidc/a-new-key-is-found-and-an-unknown-one-asked-for-once", test_new_key);
  status = g_test_run ();
  tl_test_server_free (server);
  stop_provider ();
  return status;
}
