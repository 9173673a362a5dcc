/* Where a person is written to, the links of letters, a forgotten password, what the administrator sees and what a kill -9
 * leaves: on the real program and a real mail server. */
#include "tests/fixtures/smtp.h"
#include "tests/server/caller.h"
#include "tests/server/visitor.h"

#include <string.h>

static TlTestServer *server;
static guint port;

/* --- words ------------------------------------------------------------------------------------- */

static Answer *
ask_page (const char *method, const char *path, const char *body)
{
  static guint n;
  g_autofree char *head = g_strdup_printf ("%s %s HTTP/1.1\r\nX-Forwarded-For: 198.51.100.%u\r\n"
                                           "Content-Type: application/x-www-form-urlencoded",
                                           method, path, ++n % 250 + 1);

  return caller_ask (port, head, body);
}

static void
assert_page (const char *method, const char *path, const char *body, guint status, const char *says)
{
  g_autoptr (Answer) answer = ask_page (method, path, body);
  g_autofree char *policy = answer_header (answer, "Content-Security-Policy");
  g_autofree char *kept = answer_header (answer, "Cache-Control");

  g_assert_cmpuint (answer->status, ==, status);
  g_assert_nonnull (strstr (answer->body, says));
  g_assert_true (g_str_has_prefix (policy, "default-src 'none'"));
  g_assert_cmpstr (kept, ==, "no-store");
}

static guint
set_address (Visitor *who, const char *address, const char *password)
{
  g_autofree char *json =
      g_strdup_printf ("{'address':'%s','password':'%s','language':'en_GB'}", address, password);
  guint status;
  g_autoptr (JsonObject) answer = visitor_post (who, "/auth/email", json, &status);

  g_assert_nonnull (answer);
  return status;
}

static gboolean
is_confirmed (Visitor *who, const char *address)
{
  guint status;
  g_autoptr (JsonObject) answer = visitor_get (who, "/auth/email", &status);

  g_assert_cmpuint (status, ==, 200);
  g_assert_true (json_object_get_boolean_member (answer, "isOffered"));
  g_assert_cmpstr (json_object_get_string_member_with_default (answer, "address", NULL), ==,
                   address);
  return json_object_get_boolean_member (answer, "isConfirmed");
}

/* The link of the next letter that comes. */
static char *
next_link (guint before, const char *path)
{
  g_autofree char *mail = tl_test_smtp_await (before + 1);

  return tl_test_smtp_link (mail, path);
}

static void
confirm (Visitor *who, const char *address)
{
  guint before = tl_test_smtp_count ();
  g_autofree char *link = NULL;

  g_assert_cmpuint (set_address (who, address, TL_TEST_PASSWORD), ==, 200);
  link = next_link (before, "/auth/email/confirm?");
  assert_page ("POST", link, "", 200, address);
  g_assert_true (is_confirmed (who, address));
}

static Visitor *
newcomer (const char *login)
{
  tl_test_server_add_user (server, login, login);
  return visitor_new_as (server, login);
}

static void
forget_password (const char *address)
{
  static guint n;
  g_autofree char *head = g_strdup_printf ("POST /auth/reset HTTP/1.1\r\nX-Forwarded-For: "
                                           "203.0.113.%u\r\nContent-Type: application/json",
                                           ++n);
  g_autofree char *json = g_strdup_printf ("{\"address\":\"%s\"}", address);
  g_autoptr (Answer) answer = caller_ask (port, head, json);

  g_assert_cmpuint (answer->status, ==, 204);
}

static void
mention (Visitor *who, const char *login)
{
  g_autofree char *call = g_strdup_printf (
      "['Post/set',{'accountId':'ACCOUNT','create':{'a':{'text':'@%s look'}}},'c']", login);
  g_autoptr (JsonObject) answer = visitor_call (who, call);

  g_assert_true (json_object_has_member (json_object_get_object_member (answer, "created"), "a"));
}

static gint64
number (const char *sql)
{
  g_autofree char *value = tl_test_server_sql (server, sql);

  return value ? g_ascii_strtoll (value, NULL, 10) : -1;
}

static void
run_sql (const char *sql)
{
  g_free (tl_test_server_sql (server, sql));
}

#define TIME_PASSES "UPDATE notify.delivery SET next_at = now() - interval '1 s'"

static void
await_none (const char *condition)
{
  g_autofree char *sql =
      g_strdup_printf ("SELECT count(*) FROM notify.delivery WHERE %s", condition);
  gint64 until = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (number (sql) > 0) {
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_usleep (20000);
  }
}

/* --- addresses --------------------------------------------------------------------------------- */

static void
test_confirm (void)
{
  g_autoptr (Visitor) ada = newcomer ("ada");
  g_autoptr (Visitor) bea = newcomer ("bea");
  g_autoptr (Visitor) again = visitor_new (server);
  guint before = tl_test_smtp_count ();
  g_autofree char *link = NULL, *other = NULL;

  g_assert_false (is_confirmed (ada, NULL));
  g_assert_cmpuint (set_address (ada, "ada@example.org", "wrong"), ==, 403);
  g_assert_cmpuint (set_address (ada, "ada@example.org\\r\\nBcc: x@y", TL_TEST_PASSWORD), ==, 400);
  g_assert_cmpuint (set_address (ada, "ada@example.org", TL_TEST_PASSWORD), ==, 200);
  g_assert_cmpuint (set_address (ada, "eve@example.org", TL_TEST_PASSWORD), ==, 429);
  link = next_link (before, "/auth/email/confirm?");
  assert_page ("GET", link, NULL, 200, "<form method=\"post\">"); /* looking does nothing */
  g_assert_false (is_confirmed (ada, "ada@example.org"));
  assert_page ("POST", link, "", 200, "ada@example.org");
  g_assert_true (is_confirmed (ada, "ada@example.org"));
  g_assert_cmpuint (visitor_sign_in (again, "Ada@Example.org", TL_TEST_PASSWORD), ==, 200);
  g_assert_cmpstr (again->account, ==, ada->account);
  assert_page ("POST", "/auth/email/confirm?token=AAAA", "", 404, "not good");
  assert_page ("POST", "/auth/email/confirm", "", 404, "not good");
  /* Somebody else's it cannot be, too. */
  g_assert_cmpuint (set_address (bea, "Ada@example.org", TL_TEST_PASSWORD), ==, 200);
  other = next_link (before + 1, "/auth/email/confirm?");
  g_assert_cmpuint (visitor_sign_in (again, "bea@example.org", TL_TEST_PASSWORD), ==, 401);
  assert_page ("POST", other, "", 404, "not good");
  /* What was confirmed once is not what is set now. */
  g_assert_cmpuint (set_address (ada, "", TL_TEST_PASSWORD), ==, 200);
  g_assert_false (is_confirmed (ada, NULL));
  assert_page ("POST", link, "", 404, "not good");
  assert_page ("POST", other, "", 200, "Ada@example.org");
}

static void
test_one_click (void)
{
  g_autoptr (Visitor) cleo = newcomer ("cleo");
  g_autoptr (Visitor) dora = newcomer ("dora");
  guint before;
  g_autofree char *mail = NULL, *link = NULL;
  g_autoptr (JsonObject) settings = NULL;
  JsonObject *email;

  confirm (cleo, "cleo@example.org");
  before = tl_test_smtp_count ();
  mention (dora, "cleo");
  mention (dora, "cleo");
  run_sql (TIME_PASSES);
  mail = tl_test_smtp_await (before + 1);
  link = tl_test_smtp_link (mail, "/auth/email/stop?");
  assert_page ("GET", link, NULL, 200, "<form method=\"post\">");
  mention (dora, "cleo");
  g_assert_cmpint (number ("SELECT count(*) FROM notify.delivery"), ==, 1);
  assert_page ("POST", link, "List-Unsubscribe=One-Click", 200, "No more");
  g_assert_cmpint (number ("SELECT count(*) FROM notify.delivery"), ==, 0);
  assert_page ("POST", link, "List-Unsubscribe=One-Click", 200, "No more");
  settings = visitor_call (cleo, "['Settings/get',{'accountId':'ACCOUNT'},'c']");
  email = json_object_get_object_member (
      json_array_get_object_element (json_object_get_array_member (settings, "list"), 0), "email");
  g_assert_cmpstr (json_object_get_string_member (email, "when"), ==, "never");
  mention (dora, "cleo");
  g_assert_cmpint (number ("SELECT count(*) FROM notify.delivery"), ==, 0);
  assert_page ("POST", "/auth/email/stop?token=AAAA", "", 404, "not good");
}

/* --- a forgotten password ---------------------------------------------------------------------- */

static void
test_forgotten (void)
{
  g_autoptr (Visitor) eva = newcomer ("eva");
  g_autoptr (Visitor) again = visitor_new (server);
  guint before, status;
  g_autofree char *link = NULL;
  g_autoptr (JsonObject) ended = NULL;

  confirm (eva, "eva@example.org");
  before = tl_test_smtp_count ();
  forget_password ("nobody@example.org");
  forget_password ("EVA@example.org");
  link = next_link (before, "/auth/reset/new?");
  assert_page ("GET", link, NULL, 200, "name=\"password\"");
  assert_page ("POST", link, "password=short", 400, "8 to 1024");
  assert_page ("POST", "/auth/reset/new?token=AAAA", "password=a+lantern%20in+the+street", 404,
               "not good");
  assert_page ("POST", link, "password=a+lantern%20in+the+street", 200, "The new password holds");
  ended = visitor_get (eva, "/auth/devices", &status);
  g_assert_cmpuint (visitor_sign_in (again, "eva", TL_TEST_PASSWORD), ==, 401);
  g_assert_cmpuint (visitor_sign_in (again, "eva", "a lantern in the street"), ==, 200);
  assert_page ("POST", link, "password=another+lantern", 404, "not good"); /* once */
  g_assert_cmpint (number ("SELECT count(*) FROM people.session s JOIN people.principal p "
                           "ON p.id = s.account WHERE login = 'eva' AND revoked_at IS NULL"),
                   ==, 1);
  g_assert_cmpuint (tl_test_smtp_count (), ==, before + 1);
}

static void
test_old_link (void)
{
  g_autoptr (Visitor) fay = newcomer ("fay");
  guint before;
  g_autofree char *link = NULL;

  confirm (fay, "fay@example.org");
  before = tl_test_smtp_count ();
  forget_password ("fay@example.org");
  link = next_link (before, "/auth/reset/new?");
  run_sql ("UPDATE people.password_link SET expires_at = now()");
  assert_page ("POST", link, "password=a+lantern+in+the+street", 404, "not good");
}

/* Three letters in half an hour, and ten tries a minute; from elsewhere as from here. */
static void
test_limits (void)
{
  g_autoptr (Visitor) gil = newcomer ("gil");
  g_autoptr (Visitor) nobody = visitor_new (server);
  guint before, status = 204;

  confirm (gil, "gil@example.org");
  before = tl_test_smtp_count ();
  for (guint i = 0; i < 5; i++) {
    forget_password ("gil@example.org");
    await_none ("true");
  }
  g_assert_cmpuint (tl_test_smtp_count (), ==, before + 3);
  for (guint i = 0; i < 10 && status == 204; i++) {
    g_autoptr (JsonObject) refusal =
        visitor_post (nobody, "/auth/reset", "{'address':'gil@example.org'}", &status);
  }
  g_assert_cmpuint (status, ==, 429);
}

/* --- what the administrator sees --------------------------------------------------------------- */

static void
assert_ctl (const char *words, const char *says)
{
  g_auto (GStrv) arguments = g_strsplit (words, " ", -1);
  g_autofree char *said = tl_test_server_ctl (server, (const char *const *)arguments, NULL);

  if (!strstr (said, says))
    g_error ("“%s” does not say “%s”: %s", words, says, said);
}

static void
test_dead (void)
{
  g_autoptr (Visitor) hal = newcomer ("hal");
  g_autoptr (Visitor) ivo = newcomer ("ivo");
  guint before;
  g_autofree char *mail = NULL;

  confirm (hal, "hal@example.org");
  before = tl_test_smtp_count ();
  assert_ctl ("deliveries", "Nothing waits");
  tl_test_smtp_answer ("550 Nobody of that name");
  mention (ivo, "hal");
  assert_ctl ("deliveries", "waits");
  run_sql (TIME_PASSES);
  await_none ("dead_at IS NULL");
  assert_ctl ("deliveries --dead", "Nobody of that name");
  assert_ctl ("deliveries --dead --json", "\"state\" : \"dead\"");
  tl_test_smtp_answer (NULL);
  assert_ctl ("deliveries replay all", "notification:");
  mail = tl_test_smtp_await (before + 1);
  await_none ("true");
  assert_ctl ("deliveries --dead", "Nothing was given up");
  assert_ctl ("mail test ada@example.org", "has taken a letter");
  g_assert_cmpuint (tl_test_smtp_count (), ==, before + 2);
}

/* --- killed ------------------------------------------------------------------------------------ */

/* As if the leases of the dead had run out. */
static void
start_again (void)
{
  tl_test_server_start (server);
  run_sql ("UPDATE notify.delivery SET leased_until = NULL");
  run_sql ("UPDATE sync.job SET leased_until = NULL, run_at = now() WHERE kind = 'deliver'");
}

static void
test_killed (void)
{
  g_autoptr (Visitor) joy = newcomer ("joy");
  g_autoptr (Visitor) kai = newcomer ("kai");
  guint before;
  g_autofree char *one = NULL, *other = NULL, *name = NULL, *again = NULL;

  confirm (joy, "joy@example.org");
  before = tl_test_smtp_count ();
  mention (kai, "joy");
  tl_test_server_kill (server); /* before anything left */
  start_again ();
  tl_test_smtp_answer ("hang");
  run_sql (TIME_PASSES);
  one = tl_test_smtp_await (before + 1);
  tl_test_server_kill (server); /* it left, and nobody knows */
  tl_test_smtp_answer (NULL);
  start_again ();
  other = tl_test_smtp_await (before + 2);
  name = tl_test_smtp_header (one, "Message-Id");
  again = tl_test_smtp_header (other, "Message-Id");
  g_assert_cmpstr (name, ==, again);
  await_none ("true");
  g_assert_cmpuint (tl_test_smtp_count (), ==, before + 2);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_setenv ("TIDELINE_SERVER_PROXY", "127.0.0.1", TRUE);
  tl_test_smtp_start ();
  server = tl_test_server_new ();
  port = (guint)g_ascii_strtoull (strrchr (tl_test_server_url (server), ':') + 1, NULL, 10);
  g_test_add_func ("/letters/an-address-is-confirmed-by-who-reads-there", test_confirm);
  g_test_add_func ("/letters/one-click-ends-them", test_one_click);
  g_test_add_func ("/letters/a-forgotten-password-is-changed-once-by-a-link", test_forgotten);
  g_test_add_func ("/letters/a-link-is-good-for-half-an-hour", test_old_link);
  g_test_add_func ("/letters/nobody-is-flooded", test_limits);
  g_test_add_func ("/letters/what-was-given-up-is-seen-and-replayed", test_dead);
  g_test_add_func ("/letters/killed-in-between-they-are-told-again", test_killed);
  status = g_test_run ();
  tl_test_server_free (server);
  return status;
}
