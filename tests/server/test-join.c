/* Joining by oneself: invitations, names that will do, who may invite; over HTTP on a real server. Each tries from an
 * address of its own, as a proxy tells it, but for the test of limits. */
#include "tests/fixtures/server.h"
#include "tests/server/caller.h"
#include "tests/server/visitor.h"

#include <string.h>

#define PASSWORD "a lantern in the street"
#define AT_ONCE 6

static TlTestServer *server;
static guint port;

typedef struct {
  guint status;
  char *code; /* NULL: none */
} Outcome;

static void
outcome_clear (Outcome *self)
{
  g_clear_pointer (&self->code, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

/* --- words ------------------------------------------------------------------------------------- */

static char *
next_address (void)
{
  static gint n;
  int i = g_atomic_int_add (&n, 1);

  return g_strdup_printf ("198.51.%d.%d", i / 250, i % 250 + 1);
}

static Outcome
ask_from (const char *address, const char *body)
{
  g_autofree char *head = g_strdup_printf (
      "POST /auth/register HTTP/1.1\r\nContent-Type: application/json\r\nX-Forwarded-For: %s",
      address);
  g_autoptr (Answer) answer = caller_ask (port, head, body);
  g_autoptr (JsonNode) node = json_from_string (answer->body, NULL);
  JsonObject *object = node ? json_node_get_object (node) : NULL;

  g_assert_nonnull (object);
  return (Outcome){
    answer->status,
    g_strdup (json_object_get_string_member_with_default (object, "error", NULL)),
  };
}

static Outcome
join_as (const char *login, const char *name, const char *password, const char *token)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), json_object_new ());
  JsonObject *object = json_node_get_object (node);
  g_autofree char *address = next_address ();
  g_autofree char *body = NULL;

  json_object_unref (object);
  json_object_set_string_member (object, "login", login);
  json_object_set_string_member (object, "name", name);
  json_object_set_string_member (object, "password", password);
  json_object_set_string_member (object, "device", "desk");
  if (token)
    json_object_set_string_member (object, "invitation", token);
  body = json_to_string (node, FALSE);
  return ask_from (address, body);
}

static void
assert_joins (const char *login, const char *name, const char *token, guint status,
              const char *code)
{
  g_auto (Outcome) outcome = join_as (login, name, PASSWORD, token);

  if (outcome.status != status || g_strcmp0 (outcome.code, code) != 0)
    g_error ("%s (%s): %u %s, not %u %s", login, name, outcome.status, outcome.code, status, code);
}

static char *
token_of (const char *link)
{
  g_autofree char *text = g_strstrip (g_strdup (link));
  const char *slash = strrchr (text, '/');

  g_assert_nonnull (strstr (text, "/join/"));
  g_assert_cmpuint (strlen (slash + 1), ==, 32);
  return g_strdup (slash + 1);
}

/* By tidelinectl; `uses` as its argument. */
static char *
invite (const char *role, const char *uses)
{
  const char *const arguments[] = { "invite", "--role", role, "--uses", uses, NULL };
  g_autofree char *link = tl_test_server_ctl (server, arguments, NULL);

  return token_of (link);
}

static void
sql (const char *statement)
{
  g_autofree char *value = tl_test_server_sql (server, statement);
}

static void
assert_sql (const char *statement, const char *expected)
{
  g_autofree char *value = tl_test_server_sql (server, statement);

  g_assert_cmpstr (value, ==, expected);
}

/* The server of these tests again, as another configuration has it. */
static void
restart_with (const char *registration, const char *members_invite)
{
  tl_test_server_stop (server);
  g_setenv ("TIDELINE_PEOPLE_REGISTRATION", registration, TRUE);
  g_setenv ("TIDELINE_PEOPLE_MEMBERS_INVITE", members_invite, TRUE);
  tl_test_server_start (server);
}

/* --- invitations ------------------------------------------------------------------------------- */

static void
test_joins (void)
{
  g_autofree char *token = invite ("moderator", "1");
  g_autoptr (Visitor) nora = visitor_new (server);
  g_autoptr (JsonObject) answer = NULL;
  guint status;

  assert_joins ("nora", "Nora Holm", token, 200, NULL);
  assert_sql ("SELECT a.role || ' ' || p.name FROM people.principal p JOIN people.account a USING "
              "(id) WHERE p.login = 'nora'",
              "moderator Nora Holm");
  g_assert_cmpuint (visitor_sign_in (nora, "nora", PASSWORD), ==, 200);
  answer = visitor_get (nora, "/auth/server", &status);
  g_assert_cmpstr (json_object_get_string_member (answer, "registration"), ==, "invited");
}

static void
test_refused (void)
{
  g_autofree char *expired = invite ("member", "2"), *used = invite ("member", "1");
  g_autofree char *revoked = invite ("member", "3");
  const char *const foreign[] = { "",
                                  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                  "'; DROP TABLE x --",
                                  "\xe2\x80\xae",
                                  "%00",
                                  "a\r\nSet-Cookie: x=y" };

  sql ("UPDATE people.invitation SET expires_at = now() - interval '1 second' WHERE uses = 2");
  sql ("UPDATE people.invitation SET revoked_at = now() WHERE uses = 3");
  assert_joins ("used1", "Used", used, 200, NULL);
  assert_joins ("later", "Later", used, 403, "invalid_invitation");
  assert_joins ("later", "Later", expired, 403, "invalid_invitation");
  assert_joins ("later", "Later", revoked, 403, "invalid_invitation");
  assert_joins ("later", "Later", NULL, 403, "invalid_invitation");
  for (guint i = 0; i < G_N_ELEMENTS (foreign); i++)
    assert_joins ("later", "Later", foreign[i], 403, "invalid_invitation");
  /* Without a good one nothing is said of names. */
  assert_joins ("ada", "Ada", revoked, 403, "invalid_invitation");
  assert_sql ("SELECT count(*) FROM people.principal WHERE login = 'later'", "0");
}

/* What is not taken costs no use. */
static void
test_kept (void)
{
  g_autofree char *token = invite ("member", "1");

  assert_joins ("ada", "Another Ada", token, 409, "login_taken");
  assert_joins ("no way", "Somebody", token, 400, "invalid_registration");
  assert_joins ("gil", "Gil", token, 200, NULL);
  assert_sql ("SELECT uses FROM people.invitation ORDER BY id DESC LIMIT 1", "0");
}

static gpointer
join_at_once (gpointer token)
{
  static gint n;
  g_autofree char *login = g_strdup_printf ("rival%c", 'a' + g_atomic_int_add (&n, 1));
  g_auto (Outcome) outcome = join_as (login, "Rival", PASSWORD, token);

  if (outcome.status != 200)
    g_assert_cmpstr (outcome.code, ==, "invalid_invitation");
  return GUINT_TO_POINTER (outcome.status);
}

static void
test_last_use (void)
{
  g_autofree char *token = invite ("member", "1");
  GThread *threads[AT_ONCE];
  guint won = 0;

  for (guint i = 0; i < AT_ONCE; i++)
    threads[i] = g_thread_new ("join", join_at_once, token);
  for (guint i = 0; i < AT_ONCE; i++)
    won += GPOINTER_TO_UINT (g_thread_join (threads[i])) == 200;
  g_assert_cmpuint (won, ==, 1);
  assert_sql ("SELECT count(*) FROM people.principal WHERE login LIKE 'rival_'", "1");
}

/* At rest, and on the page that a browser shows, nothing can be made of. */
static void
test_secret (void)
{
  g_autofree char *token = invite ("member", "5");
  g_autofree char *row = tl_test_server_sql (
      server, "SELECT i::text FROM people.invitation i ORDER BY id DESC LIMIT 1");
  g_autofree char *head = g_strdup_printf ("GET /join/%s\"><script> HTTP/1.1", token);
  g_autofree char *plain = g_strdup_printf ("GET /join/%s HTTP/1.1", token);
  g_autoptr (Answer) page = caller_ask (port, plain, "");
  g_autoptr (Answer) hostile = caller_ask (port, head, "");
  g_autofree char *policy = answer_header (page, "Content-Security-Policy");
  g_autofree char *store = answer_header (page, "Cache-Control");

  g_assert_null (strstr (row, token));
  g_assert_cmpuint (page->status, ==, 200);
  g_assert_nonnull (strstr (page->body, "tideline://join?link=http%3A%2F%2F"));
  g_assert_true (g_str_has_prefix (policy, "default-src 'none'"));
  g_assert_cmpstr (store, ==, "no-store");
  g_assert_null (strstr (hostile->body, "<script>"));
}

/* --- names ------------------------------------------------------------------------------------- */

static void
test_logins (void)
{
  static const struct {
    const char *login, *code;
  } cases[] = {
    { "ADA", "login_taken" },    { "a.d.a", "login_taken" }, { "ada_", "login_taken" },
    { "rnara", NULL },           { "mara", "login_taken" },  { "Wilrna", NULL },
    { "vvi1ma", "login_taken" }, { "WILMA", "login_taken" }, { "Bob0", NULL },
    { "b.obo", "login_taken" },  { "admin", "login_taken" }, { "Adm1n", "login_taken" },
    { "root", "login_taken" },   { "...", "login_taken" },   { "ada@example.org", NULL },
  };
  static const char *const unfit[] = {
    "",
    " ",
    "ada lovelace",
    "\xd0\xb0\xd0\xb4\xd0\xb0" /* Cyrillic */,
    "ad\xc3\xa1",
    "\xef\xbd\x81\xef\xbd\x84\xef\xbd\x81" /* full width */,
    "a\xe2\x80\x8b"
    "da" /* not seen */,
    "x'; DROP TABLE people.principal; --",
    "x\r\nX-Evil: 1",
    "../../etc",
    "x\"y",
    "x\ty",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  };
  g_autofree char *token = invite ("member", "100");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_joins (cases[i].login, "Somebody", token, cases[i].code ? 409 : 200, cases[i].code);
  for (guint i = 0; i < G_N_ELEMENTS (unfit); i++)
    assert_joins (unfit[i], "Somebody", token, 400, "invalid_registration");
}

static void
test_names (void)
{
  static const char *const fine[] = {
    "J\xc3\xb3n \xc3\x9e\xc3\xb3r",
    "\xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0",
    "\xe5\xb1\xb1\xe7\x94\xb0",
    "\xd8\xb9\xd9\x84\xdb\x8c\xe2\x80\x8c\xd8\xb1\xd8\xb6\xd8\xa7",
    "\xe0\xa4\xae\xe0\xa5\x80\xe0\xa4\xb0\xe0\xa4\xbe",
    "\xd7\x93\xd7\x95\xd7\x93",
    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80 Mae",
    "O'Neill \"Bo\" <b>",
  };
  static const char *const unfit[] = {
    "A\nB",
    "A\xe2\x80\xae"
    "B" /* turns the rest around */,
    "A\xe2\x80\x8b",
    "A\xe2\x80\xa8"
    "B",
    "\xe2\x80\x8d",
    "A\x01",
  };
  g_autofree char *token = invite ("member", "100");

  for (guint i = 0; i < G_N_ELEMENTS (fine); i++) {
    g_autofree char *login = g_strdup_printf ("script%c", 'p' + (int)i);
    g_autofree char *select =
        g_strdup_printf ("SELECT name FROM people.principal WHERE login = '%s'", login);

    assert_joins (login, fine[i], token, 200, NULL);
    assert_sql (select, fine[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (unfit); i++)
    assert_joins ("hidden", unfit[i], token, 400, "invalid_registration");
}

static void
test_bodies (void)
{
  static const char *const bodies[] = {
    "{\"login\":[],\"password\":{},\"invitation\":7}",
    "{\"login\":\"x\",\"password\":\"short\",\"invitation\":\"TOKEN\"}",
    "{\"invitation\":{}}",
    "{}",
    "[]",
    "",
  };
  g_autofree char *token = invite ("member", "1");

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_autoptr (GString) body = g_string_new (bodies[i]);
    g_autofree char *address = next_address ();
    g_auto (Outcome) outcome = { 0 };

    g_string_replace (body, "TOKEN", token, 0);
    outcome = ask_from (address, body->str);
    g_assert_true (outcome.status == 400 || outcome.status == 403);
  }
  assert_sql ("SELECT uses FROM people.invitation ORDER BY id DESC LIMIT 1", "1");
}

static void
test_limits (void)
{
  g_autofree char *address = next_address ();
  guint tries = 0, status;

  do {
    g_auto (Outcome) outcome =
        ask_from (address, "{\"login\":\"x\",\"password\":\"longenough\",\"invitation\":\"no\"}");

    status = outcome.status;
    tries++;
  } while (status == 403 && tries < 20);
  g_assert_cmpuint (status, ==, 429);
  g_assert_cmpuint (tries, ==, 11);
}

/* --- who invites ------------------------------------------------------------------------------- */

static guint
invite_as (Visitor *who, const char *body, char **token, const char *code)
{
  guint status;
  g_autoptr (JsonObject) answer = visitor_post (who, "/auth/invitations", body, &status);

  g_assert_cmpstr (json_object_get_string_member_with_default (answer, "error", NULL), ==, code);
  if (status == 200)
    *token = token_of (json_object_get_string_member (answer, "link"));
  return status;
}

static char *
first_invitation (Visitor *who)
{
  guint status;
  g_autoptr (JsonObject) answer = visitor_get (who, "/auth/invitations", &status);
  JsonArray *list = json_object_get_array_member (answer, "invitations");

  g_assert_cmpuint (status, ==, 200);
  return g_strdup (json_object_get_string_member (json_array_get_object_element (list, 0), "id"));
}

static void
test_inviting (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada"), ben = visitor_new_as (server, "ben");
  g_autoptr (JsonObject) none = NULL, done = NULL, again = NULL;
  g_autofree char *token = NULL, *unused = NULL, *id = NULL, *json = NULL;
  guint status;

  sql ("UPDATE people.account SET role = 'moderator' WHERE id = (SELECT id FROM people.principal "
       "WHERE login = 'ada')");
  g_assert_cmpuint (invite_as (ada, "{'uses':2,'days':3}", &token, NULL), ==, 200);
  g_assert_cmpuint (invite_as (ada, "{'uses':51}", &unused, "invalid_invitation"), ==, 400);
  g_assert_cmpuint (invite_as (ada, "{'days':0}", &unused, "invalid_invitation"), ==, 400);
  g_assert_cmpuint (invite_as (ben, "{}", &unused, "forbidden"), ==, 403);
  assert_joins ("guest-of-ada", "Guest", token, 200, NULL);
  assert_sql ("SELECT role FROM people.account ORDER BY id DESC LIMIT 1", "member");
  id = first_invitation (ada);
  json = g_strdup_printf ("{'id':'%s'}", id);
  none = visitor_post (ben, "/auth/invitations/revoke", json, &status);
  g_assert_cmpuint (status, ==, 404);
  done = visitor_post (ada, "/auth/invitations/revoke", json, &status);
  g_assert_cmpuint (status, ==, 204);
  again = visitor_post (ada, "/auth/invitations/revoke", json, &status);
  g_assert_cmpuint (status, ==, 204);
  assert_joins ("second-of-ada", "Guest", token, 403, "invalid_invitation");
}

/* What a suspended member has given away is worth nothing. */
static void
test_suspended (void)
{
  g_autoptr (Visitor) ben = NULL;
  g_autofree char *token = NULL, *unused = NULL;

  restart_with ("invited", "true");
  ben = visitor_new_as (server, "ben");
  g_assert_cmpuint (invite_as (ben, "{'uses':{},'days':'x'}", &unused, "invalid_invitation"), ==,
                    400);
  g_assert_cmpuint (invite_as (ben, "{'uses':5}", &token, NULL), ==, 200);
  for (guint i = 1; i < 20; i++) {
    g_autofree char *more = NULL;

    g_assert_cmpuint (invite_as (ben, "{}", &more, NULL), ==, 200);
  }
  g_assert_cmpuint (invite_as (ben, "{}", &unused, "too_many"), ==, 403);
  tl_test_server_ctl (server, (const char *[]){ "user", "disable", "ben", NULL }, NULL);
  assert_joins ("of-ben", "Guest", token, 403, "invalid_invitation");
  g_assert_cmpuint (invite_as (ben, "{}", &unused, "invalid_token"), ==, 401);
  tl_test_server_ctl (server, (const char *[]){ "user", "enable", "ben", NULL }, NULL);
  assert_joins ("of-ben", "Guest", token, 200, NULL);
}

static void
test_revoked_by_admin (void)
{
  g_autofree char *token = invite ("member", "1");
  g_autofree char *id =
      tl_test_server_sql (server, "SELECT id FROM people.invitation ORDER BY id DESC LIMIT 1");
  g_autofree char *said = NULL, *list = NULL;

  said = tl_test_server_ctl (server, (const char *[]){ "invite", "revoke", id, NULL }, NULL);
  list = tl_test_server_ctl (server, (const char *[]){ "invite", "list", NULL }, NULL);
  g_assert_nonnull (strstr (list, "revoked"));
  g_assert_null (strstr (list, token));
  assert_joins ("of-nobody", "Guest", token, 403, "invalid_invitation");
}

static void
test_closed_and_open (void)
{
  g_autofree char *token = invite ("member", "1");

  restart_with ("closed", "true");
  assert_joins ("early", "Early", token, 403, "registration_closed");
  restart_with ("open", "false");
  assert_joins ("early", "Early", NULL, 200, NULL);
  assert_joins ("ear1y", "Early", NULL, 409, "login_taken");
  assert_joins ("wrong", "Wrong", "not-a-token", 403, "invalid_invitation");
  assert_joins ("late", "Late", token, 200, NULL);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_setenv ("TIDELINE_SERVER_PROXY", "127.0.0.1", TRUE);
  server = tl_test_server_new ();
  port = (guint)g_ascii_strtoull (strrchr (tl_test_server_url (server), ':') + 1, NULL, 10);
  tl_test_server_add_user (server, "ada", "Ada Lovelace");
  tl_test_server_add_user (server, "ben", "Ben");
  g_test_add_func ("/join/by-an-invitation-in-its-role", test_joins);
  g_test_add_func ("/join/not-by-what-is-over-or-was-never-given", test_refused);
  g_test_add_func ("/join/what-is-refused-costs-no-use", test_kept);
  g_test_add_func ("/join/the-last-use-is-for-one", test_last_use);
  g_test_add_func ("/join/tokens-are-kept-nowhere", test_secret);
  g_test_add_func ("/join/logins-that-look-alike-are-taken", test_logins);
  g_test_add_func ("/join/names-in-every-script-and-nothing-hidden", test_names);
  g_test_add_func ("/join/bodies-that-will-not-do", test_bodies);
  g_test_add_func ("/join/tries-are-limited-by-address", test_limits);
  g_test_add_func ("/join/moderators-invite-members", test_inviting);
  g_test_add_func ("/join/invitations-of-who-is-suspended-rest", test_suspended);
  g_test_add_func ("/join/invitations-are-listed-and-revoked-by-tidelinectl",
                   test_revoked_by_admin);
  g_test_add_func ("/join/closed-is-closed-and-open-is-open", test_closed_and_open);
  status = g_test_run ();
  tl_test_server_free (server);
  return status;
}
