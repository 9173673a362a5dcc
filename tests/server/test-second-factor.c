/* A second factor: the arithmetic by the vectors of RFC 6238, and signing in with it on a real server, whose clock the
 * test moves so that codes of later steps come without waiting. */
#include "tests/fixtures/clock.h"
#include "tests/server/authenticator.h"
#include "tests/server/visitor.h"

#include <glib/gstdio.h>
#include <string.h>

static TlTestServer *server;
static char *clock_file;
static gint64 ahead;

typedef struct {
  Visitor *visitor;
  const char *login;
  guint8 secret[TL_TOTP_BYTES];
  GStrv recovery;
} Person;

/* --- words ------------------------------------------------------------------------------------- */

/* So that no code that was taken is of a step near this one. */
static void
pass_time (gint64 seconds)
{
  ahead += seconds;
  tl_clock_set (clock_file, ahead);
}

static char *
code_of (const Person *person, gint64 steps)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC + ahead;

  return tl_totp_code (person->secret, TL_TOTP_BYTES, (guint64)(tl_totp_step (now) + steps),
                       TL_TOTP_DIGITS);
}

static JsonObject *
post (Visitor *who, const char *path, const char *json, guint expected, const char *error)
{
  guint status;
  g_autoptr (JsonObject) answer = visitor_post (who, path, json, &status);

  g_assert_cmpstr (answer ? json_object_get_string_member_with_default (answer, "error", NULL)
                          : NULL,
                   ==, error);
  g_assert_cmpuint (status, ==, expected);
  return g_steal_pointer (&answer);
}

static void
refuse (Visitor *who, const char *path, const char *json, guint status, const char *error)
{
  g_autoptr (JsonObject) answer = post (who, path, json, status, error);

  g_assert_nonnull (answer);
}

/* The token between the steps. */
static char *
say_password (const char *login)
{
  g_autofree char *json =
      g_strdup_printf ("{'login':'%s','password':'" TL_TEST_PASSWORD "'}", login);
  g_autoptr (Visitor) visitor = visitor_new (server);
  g_autoptr (JsonObject) answer = post (visitor, "/auth/login", json, 403, "code_needed");

  g_assert_false (json_object_has_member (answer, "accessToken"));
  g_assert_false (json_object_has_member (answer, "refreshToken"));
  return g_strdup (json_object_get_string_member (answer, "token"));
}

static void
say_code (const char *token, const char *code, guint status, const char *error)
{
  g_autofree char *json =
      g_strdup_printf ("{'token':'%s','code':'%s','device':'test'}", token, code);
  g_autoptr (Visitor) visitor = visitor_new (server);
  g_autoptr (JsonObject) answer = post (visitor, "/auth/login/code", json, status, error);

  g_assert_cmpint (json_object_has_member (answer, "accessToken"), ==, status == 200);
}

static void
confirm (Person *person)
{
  g_autofree char *code = code_of (person, 0);
  g_autofree char *json = g_strdup_printf ("{'code':'%s'}", code);
  g_autoptr (JsonObject) answer = post (person->visitor, "/auth/totp/confirm", json, 200, NULL);
  JsonArray *list = json_object_get_array_member (answer, "recoveryCodes");
  g_autoptr (GStrvBuilder) codes = g_strv_builder_new ();

  g_assert_cmpuint (json_array_get_length (list), ==, 10);
  for (guint i = 0; i < 10; i++)
    g_strv_builder_add (codes, json_array_get_string_element (list, i));
  person->recovery = g_strv_builder_end (codes);
}

static void
begin (Person *person)
{
  g_autoptr (JsonObject) answer =
      post (person->visitor, "/auth/totp", "{'password':'" TL_TEST_PASSWORD "'}", 200, NULL);
  const char *uri = json_object_get_string_member (answer, "uri");
  const char *secret = json_object_get_string_member (answer, "secret");

  g_assert_true (g_str_has_prefix (uri, "otpauth://totp/"));
  g_assert_nonnull (strstr (uri, secret));
  authenticator_read (secret, person->secret);
}

/* Somebody new, who has a second factor. */
static Person *
person_new (const char *login)
{
  Person *self = g_new0 (Person, 1);

  tl_test_server_add_user (server, login, login);
  self->login = login;
  self->visitor = visitor_new_as (server, login);
  begin (self);
  confirm (self);
  pass_time (120);
  return self;
}

static void
person_free (Person *self)
{
  visitor_free (self->visitor);
  g_strfreev (self->recovery);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Person, person_free)

static void
assert_state (Visitor *who, gboolean is_on, gint64 codes)
{
  guint status;
  g_autoptr (JsonObject) answer = visitor_get (who, "/auth/totp", &status);

  g_assert_cmpuint (status, ==, 200);
  g_assert_cmpint (json_object_get_boolean_member (answer, "isOn"), ==, is_on);
  g_assert_cmpint (json_object_get_int_member (answer, "recoveryCodes"), ==, codes);
}

/* --- tests ------------------------------------------------------------------------------------- */

static void
test_vectors (void)
{
  static const struct {
    gint64 seconds;
    const char *code;
  } vectors[] = {
    { 59, "94287082" },         { 1111111109, "07081804" }, { 1111111111, "14050471" },
    { 1234567890, "89005924" }, { 2000000000, "69279037" }, { 20000000000, "65353130" },
  };
  static const guint8 secret[] = "12345678901234567890";
  g_autofree char *base32 = tl_totp_base32 ((const guint8 *)"foobar", 6);

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++) {
    g_autofree char *code =
        tl_totp_code (secret, 20, (guint64)tl_totp_step (vectors[i].seconds), 8);

    g_assert_cmpstr (code, ==, vectors[i].code);
  }
  g_assert_cmpstr (base32, ==, "MZXW6YTBOI");
}

static void
test_window (void)
{
  static const guint8 secret[] = "12345678901234567890";
  const gint64 now = 1111111111, step = tl_totp_step (now);

  for (gint64 i = -3; i <= 3; i++) {
    g_autofree char *code = tl_totp_code (secret, 20, (guint64)(step + i), TL_TOTP_DIGITS);

    g_assert_cmpint (tl_totp_match (secret, 20, code, now, 0), ==, ABS (i) <= 1 ? step + i : -1);
    g_assert_cmpint (tl_totp_match (secret, 20, code, now, step), ==, i == 1 ? step + 1 : -1);
  }
  g_assert_cmpint (tl_totp_match (secret, 20, "", now, 0), ==, -1);
}

static void
test_sets_up (void)
{
  Person ada = { .login = "ada" };
  g_autofree char *wrong = NULL;
  g_autofree char *json = NULL;

  tl_test_server_add_user (server, "ada", "Ada");
  ada.visitor = visitor_new_as (server, "ada");
  assert_state (ada.visitor, FALSE, 0);
  refuse (ada.visitor, "/auth/totp", "{'password':'wrong'}", 403, "invalid_credentials");
  refuse (ada.visitor, "/auth/totp/confirm", "{'code':'123456'}", 404, "not_found");
  begin (&ada);
  wrong = code_of (&ada, -20);
  json = g_strdup_printf ("{'code':'%s'}", wrong);
  refuse (ada.visitor, "/auth/totp/confirm", json, 403, "invalid_code");
  assert_state (ada.visitor, FALSE, 0);
  g_assert_cmpuint (visitor_sign_in (ada.visitor, "ada", TL_TEST_PASSWORD), ==, 200);
  begin (&ada);
  confirm (&ada);
  assert_state (ada.visitor, TRUE, 10);
  refuse (ada.visitor, "/auth/totp", "{'password':'" TL_TEST_PASSWORD "'}", 409, "already_on");
  g_assert_cmpuint (visitor_sign_in (ada.visitor, "ada", TL_TEST_PASSWORD), ==, 403);
  visitor_free (ada.visitor);
  g_strfreev (ada.recovery);
}

static void
test_second_step (void)
{
  g_autoptr (Person) ben = person_new ("ben");
  g_autofree char *token = say_password ("ben");
  g_autofree char *old = code_of (ben, -20);
  g_autofree char *now = code_of (ben, 0);
  g_autofree char *next = code_of (ben, 1);

  say_code (token, "", 403, "invalid_code");
  say_code (token, old, 403, "invalid_code");
  say_code (token, now, 200, NULL);
  say_code (token, now, 403, "invalid_code");
  say_code (token, next, 200, NULL);
  say_code (token, now, 403, "invalid_code");
}

/* The code that set it up is used, too. */
static void
test_replay_of_confirmation (void)
{
  Person eve = { .login = "eve" };
  g_autofree char *code = NULL;
  g_autofree char *token = NULL;

  tl_test_server_add_user (server, "eve", "Eve");
  eve.visitor = visitor_new_as (server, "eve");
  begin (&eve);
  code = code_of (&eve, 0);
  confirm (&eve);
  token = say_password ("eve");
  say_code (token, code, 403, "invalid_code");
  visitor_free (eve.visitor);
  g_strfreev (eve.recovery);
}

static void
test_half_token (void)
{
  g_autoptr (Person) cleo = person_new ("cleo");
  g_autofree char *token = say_password ("cleo");
  g_autofree char *json = g_strdup_printf ("{'refreshToken':'%s'}", token);
  g_autofree char *code = NULL;
  g_autofree char *changed = g_strdup (token);
  g_autoptr (Visitor) thief = visitor_new (server);
  g_autoptr (JsonObject) session = NULL;
  guint status;

  thief->access = g_strdup (token);
  session = visitor_get (thief, "/jmap/session", &status);
  g_assert_cmpuint (status, ==, 401);
  refuse (thief, "/auth/refresh", json, 401, "invalid_token");
  g_clear_object (&thief->socket);
  changed[50] = changed[50] == 'A' ? 'B' : 'A';
  code = code_of (cleo, 0);
  say_code (changed, code, 401, "invalid_token");
  say_code (cleo->visitor->access, code, 401, "invalid_token");
  say_code ("", code, 401, "invalid_token");
  pass_time (301);
  g_free (code);
  code = code_of (cleo, 0);
  say_code (token, code, 401, "invalid_token");
}

/* Another password, or being suspended, ends what was begun. */
static void
test_half_token_ends (void)
{
  const char *const disable[] = { "user", "disable", "dora", NULL };
  g_autoptr (Person) dora = person_new ("dora");
  g_autofree char *before = say_password ("dora");
  g_autofree char *code = code_of (dora, 0);
  g_autofree char *done = NULL;

  g_assert_null (post (dora->visitor, "/auth/password",
                       "{'password':'" TL_TEST_PASSWORD "','newPassword':'quite another one'}", 204,
                       NULL));
  say_code (before, code, 401, "invalid_token");
  g_assert_null (post (dora->visitor, "/auth/password",
                       "{'newPassword':'" TL_TEST_PASSWORD "','password':'quite another one'}", 204,
                       NULL));
  g_free (before);
  before = say_password ("dora");
  done = tl_test_server_ctl (server, disable, NULL);
  say_code (before, code, 401, "invalid_token");
}

static void
test_recovery (void)
{
  g_autoptr (Person) finn = person_new ("finn");
  g_autofree char *token = say_password ("finn");
  g_autofree char *shouted = g_ascii_strup (finn->recovery[1], -1);
  g_autofree char *kept = NULL;

  say_code (token, finn->recovery[0], 200, NULL);
  say_code (token, finn->recovery[0], 403, "invalid_code");
  say_code (token, shouted, 200, NULL);
  assert_state (finn->visitor, TRUE, 8);
  kept = tl_test_server_sql (server, "SELECT count(*) FROM people.recovery_code "
                                     "WHERE octet_length(hash) <> 32");
  g_assert_cmpstr (kept, ==, "0");
}

/* Who knows the password and guesses codes is stopped, whatever they guess then, and however often they begin again. */
static void
test_brute_force (void)
{
  g_autoptr (Person) gus = person_new ("gus");
  g_autoptr (Visitor) visitor = visitor_new (server);
  g_autofree char *right = code_of (gus, 0);
  g_autofree char *waiting = NULL;

  for (guint i = 0; i < 5; i++) {
    g_autofree char *token = say_password ("gus");
    g_autofree char *wrong = code_of (gus, -30 - (gint64)i);

    say_code (token, wrong, 403, "invalid_code");
  }
  for (guint i = 0; i < 3; i++) {
    g_autofree char *token = say_password ("gus");

    say_code (token, i == 1 ? gus->recovery[0] : right, 429, "rate_limited");
    g_assert_cmpint (g_ascii_strtoll (visitor_header (visitor, "Retry-After"), NULL, 10), >, 0);
  }
  waiting = tl_test_server_sql (
      server,
      "UPDATE people.factor SET retry_at = now() WHERE retry_at > now() RETURNING failures");
  g_assert_cmpstr (waiting, ==, "5");
  {
    g_autofree char *token = say_password ("gus");
    g_autofree char *wrong = code_of (gus, -40);

    say_code (token, wrong, 403, "invalid_code");
    say_code (token, right, 429, "rate_limited");
    g_assert_cmpint (g_ascii_strtoll (visitor_header (visitor, "Retry-After"), NULL, 10), >, 60);
  }
}

/* Only who knows the password learns that there is a second factor. */
static void
test_enumeration (void)
{
  static const char *const wrong[] = { "{'login':'hal','password':'wrong'}",
                                       "{'login':'nobody','password':'wrong'}",
                                       "{'login':'ida','password':'wrong'}" };
  g_autoptr (Person) hal = person_new ("hal");
  g_autoptr (Visitor) visitor = visitor_new (server);
  g_autofree char *first = NULL;

  tl_test_server_add_user (server, "ida", "Ida");
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (JsonObject) answer =
        post (visitor, "/auth/login", wrong[i], 401, "invalid_credentials");
    g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), answer);
    g_autofree char *text = json_to_string (node, FALSE);

    if (first == NULL)
      first = g_steal_pointer (&text);
    else
      g_assert_cmpstr (text, ==, first);
  }
}

static void
test_turns_off (void)
{
  const char *const off[] = { "user", "totp-off", "jo", NULL };
  g_autoptr (Person) jo = person_new ("jo");
  g_autofree char *code = code_of (jo, 0);
  g_autofree char *json = g_strdup_printf ("{'password':'" TL_TEST_PASSWORD "','code':'%s'}", code);
  g_autofree char *without = g_strdup_printf ("{'password':'wrong','code':'%s'}", code);
  g_autofree char *said = NULL;
  g_autofree char *again = NULL;

  refuse (jo->visitor, "/auth/totp/off", without, 403, "invalid_credentials");
  refuse (jo->visitor, "/auth/totp/off", "{'password':'" TL_TEST_PASSWORD "'}", 403,
          "invalid_code");
  assert_state (jo->visitor, TRUE, 10);
  g_assert_null (post (jo->visitor, "/auth/totp/off", json, 204, NULL));
  assert_state (jo->visitor, FALSE, 0);
  g_assert_cmpuint (visitor_sign_in (jo->visitor, "jo", TL_TEST_PASSWORD), ==, 200);
  g_strfreev (g_steal_pointer (&jo->recovery));
  begin (jo);
  confirm (jo);
  said = tl_test_server_ctl (server, off, NULL);
  g_assert_nonnull (strstr (said, "password alone"));
  again = tl_test_server_ctl (server, off, NULL);
  g_assert_nonnull (strstr (again, "had no second factor"));
  g_assert_cmpuint (visitor_sign_in (jo->visitor, "jo", TL_TEST_PASSWORD), ==, 200);
}

static void
test_strangers (void)
{
  static const char *const paths[] = { "/auth/totp", "/auth/totp/confirm", "/auth/totp/off" };
  g_autoptr (Visitor) nobody = visitor_new (server);
  g_autoptr (JsonObject) state = NULL;
  guint status;

  state = visitor_get (nobody, "/auth/totp", &status);
  g_assert_cmpuint (status, ==, 401);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (JsonObject) answer = visitor_post (nobody, paths[i], "{}", &status);

    g_assert_cmpuint (status, ==, 401);
  }
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("tideline-clock-XXXXXX", NULL);
  clock_file = g_build_filename (folder, "clock", NULL);
  server = tl_test_server_new_with_clock (clock_file);
  g_test_add_func ("/second-factor/codes-are-those-of-the-rfc", test_vectors);
  g_test_add_func ("/second-factor/one-step-either-side-and-none-before-the-last", test_window);
  g_test_add_func ("/second-factor/is-on-when-a-code-confirmed-it", test_sets_up);
  g_test_add_func ("/second-factor/a-code-after-the-password-signs-in-once", test_second_step);
  g_test_add_func ("/second-factor/the-confirming-code-is-used", test_replay_of_confirmation);
  g_test_add_func ("/second-factor/what-is-between-the-steps-opens-nothing", test_half_token);
  g_test_add_func ("/second-factor/what-was-begun-ends-with-the-password", test_half_token_ends);
  g_test_add_func ("/second-factor/each-recovery-code-is-good-once", test_recovery);
  g_test_add_func ("/second-factor/guessing-codes-is-stopped", test_brute_force);
  g_test_add_func ("/second-factor/is-not-told-to-who-guesses-passwords", test_enumeration);
  g_test_add_func ("/second-factor/goes-with-password-and-code-or-the-administrator",
                   test_turns_off);
  g_test_add_func ("/second-factor/is-nothing-for-strangers", test_strangers);
  status = g_test_run ();
  tl_test_server_free (server);
  g_remove (clock_file);
  g_remove (folder);
  g_free (clock_file);
  return status;
}
