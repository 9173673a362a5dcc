/* A socket outlives its access token, not its session: whoever ends that, wherever. */
#include "tests/server/visitor.h"

static TlTestServer *server;

static gboolean
is_open (Visitor *who)
{
  return soup_websocket_connection_get_state (who->socket) == SOUP_WEBSOCKET_STATE_OPEN;
}

static gboolean
fail_late (gpointer data)
{
  g_error ("the socket stays open");
  return G_SOURCE_REMOVE;
}

static void
assert_closes (Visitor *who)
{
  guint timeout = g_timeout_add_seconds (20, fail_late, NULL);

  while (soup_websocket_connection_get_state (who->socket) != SOUP_WEBSOCKET_STATE_CLOSED)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
  g_assert_cmpuint (soup_websocket_connection_get_close_code (who->socket), ==,
                    SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
}

/* It answers, and did not close before it did. */
static void
assert_answers (Visitor *who)
{
  g_autoptr (JsonObject) response = NULL;

  visitor_send (who, "{'@type':'Request','using':['urn:ietf:params:jmap:core'],"
                     "'methodCalls':[['Core/echo',{},'c']]}");
  response = visitor_next (who, "Response");
  g_assert_true (is_open (who));
}

static Visitor *
open_as (const char *login)
{
  Visitor *self = visitor_new_as (server, login);

  visitor_open_socket (self);
  assert_answers (self);
  return self;
}

static void
sign_out (Visitor *who)
{
  g_autofree char *json = g_strdup_printf ("{'refreshToken':'%s'}", who->refresh);
  guint status;

  g_assert_null (visitor_post (who, "/auth/logout", json, &status));
  g_assert_cmpuint (status, ==, 204);
}

/* Its time is not over, but its session. */
static void
await_refusal (Visitor *who)
{
  gint64 until = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  guint status = 200;

  while (status != 401) {
    g_autoptr (JsonObject) answer = visitor_get (who, "/jmap/session", &status);

    g_assert_nonnull (answer);
    g_assert_cmpint (g_get_monotonic_time (), <, until);
  }
  json_object_unref (visitor_get (who, "/jmap/ws", &status));
  g_assert_cmpuint (status, ==, 401);
}

static void
test_signed_out (void)
{
  g_autoptr (Visitor) desk = open_as ("ada");
  g_autoptr (Visitor) laptop = open_as ("ada");

  visitor_send (desk, "{'@type':'WebSocketPushEnable','dataTypes':null,'objects':true}");
  json_object_unref (visitor_next (desk, "StateChange"));
  sign_out (desk);
  assert_closes (desk);
  assert_answers (laptop);
}

/* Another process did it: nobody woke this one. */
static void
test_revoked_elsewhere (void)
{
  g_autoptr (Visitor) ada = open_as ("ada");
  g_autoptr (Visitor) ben = open_as ("ben");
  g_autofree char *sql = g_strdup_printf (
      "UPDATE people.session SET revoked_at = now() WHERE account = %s", ada->account + 1);

  g_free (tl_test_server_sql (server, sql));
  assert_closes (ada);
  assert_answers (ben);
}

static void
test_disabled (void)
{
  g_autoptr (Visitor) cleo = open_as ("cleo");
  const char *const disable[] = { "user", "disable", "cleo", NULL };
  g_autofree char *said = tl_test_server_ctl (server, disable, NULL);
  g_autofree char *json = g_strdup_printf ("{'refreshToken':'%s'}", cleo->refresh);
  g_autoptr (JsonObject) refused = NULL;
  guint status;

  g_assert_nonnull (said);
  assert_closes (cleo);
  await_refusal (cleo);
  refused = visitor_post (cleo, "/auth/refresh", json, &status);
  g_assert_cmpuint (status, ==, 401);
  g_assert_cmpstr (json_object_get_string_member (refused, "error"), ==, "invalid_token");
  g_assert_cmpuint (visitor_sign_in (cleo, "cleo", TL_TEST_PASSWORD), ==, 401);
}

static void
test_too_late (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");

  sign_out (ada);
  await_refusal (ada);
}

static void
test_copied_token (void)
{
  g_autoptr (Visitor) ada = open_as ("ada");
  g_autofree char *json = g_strdup_printf ("{'refreshToken':'%s'}", ada->refresh);
  g_autofree char *next = NULL;
  g_autoptr (JsonObject) first = NULL, second = NULL, copied = NULL, after = NULL;
  guint status;

  first = visitor_post (ada, "/auth/refresh", json, &status);
  next = g_strdup_printf ("{'refreshToken':'%s'}",
                          json_object_get_string_member (first, "refreshToken"));
  second = visitor_post (ada, "/auth/refresh", next, &status);
  g_assert_cmpuint (status, ==, 200);
  assert_answers (ada);
  copied = visitor_post (ada, "/auth/refresh", json, &status);
  g_assert_cmpuint (status, ==, 401);
  g_autofree char *last = g_strdup_printf ("{'refreshToken':'%s'}",
                                           json_object_get_string_member (second, "refreshToken"));
  after = visitor_post (ada, "/auth/refresh", last, &status);
  g_assert_cmpuint (status, ==, 401);
  assert_closes (ada);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  server = tl_test_server_new ();
  tl_test_server_add_user (server, "ada", "Ada");
  tl_test_server_add_user (server, "ben", "Ben");
  tl_test_server_add_user (server, "cleo", "Cleo");
  g_test_add_func ("/doors/signing-out-closes-that-devices-socket", test_signed_out);
  g_test_add_func ("/doors/a-session-ended-elsewhere-closes-its-socket", test_revoked_elsewhere);
  g_test_add_func ("/doors/a-disabled-account-has-no-sockets", test_disabled);
  g_test_add_func ("/doors/a-token-of-an-ended-session-opens-nothing", test_too_late);
  g_test_add_func ("/doors/a-copied-refresh-token-ends-the-session", test_copied_token);
  status = g_test_run ();
  tl_test_server_free (server);
  return status;
}
