/* Where somebody is signed in, signing out there, and another password; over HTTP on a real server. */
#include "tests/server/visitor.h"

static TlTestServer *server;

#define OTHER_PASSWORD "a lantern in the street"
#define UNKNOWN "6ba7b810-9dad-41d1-80b4-00c04fd430c8"

static guint
post (Visitor *who, const char *path, const char *json, const char *code)
{
  guint status;
  g_autoptr (JsonObject) answer = visitor_post (who, path, json, &status);

  g_assert_cmpstr (answer ? json_object_get_string_member (answer, "error") : NULL, ==, code);
  return status;
}

static guint
change (Visitor *who, const char *before, const char *password, const char *code)
{
  g_autofree char *json =
      g_strdup_printf ("{'password':'%s','newPassword':'%s'}", before, password);

  return post (who, "/auth/password", json, code);
}

static guint
end (Visitor *who, const char *id, const char *code)
{
  g_autofree char *json = g_strdup_printf ("{'id':'%s'}", id);

  return post (who, "/auth/devices/end", json, code);
}

static JsonArray *
devices (Visitor *who)
{
  guint status;
  g_autoptr (JsonObject) answer = visitor_get (who, "/auth/devices", &status);

  g_assert_cmpuint (status, ==, 200);
  g_assert_cmpstr (visitor_header (who, "Cache-Control"), ==, "no-store");
  return json_array_ref (json_object_get_array_member (answer, "devices"));
}

static const char *
member (JsonArray *list, guint i, const char *name)
{
  return json_object_get_string_member (json_array_get_object_element (list, i), name);
}

/* The device that asks comes first. */
static char *
own_id (Visitor *who)
{
  g_autoptr (JsonArray) list = devices (who);

  g_assert_true (
      json_object_get_boolean_member (json_array_get_object_element (list, 0), "isThis"));
  return g_strdup (member (list, 0, "id"));
}

static void
wait_until_closed (Visitor *who)
{
  while (soup_websocket_connection_get_state (who->socket) != SOUP_WEBSOCKET_STATE_CLOSED)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (soup_websocket_connection_get_close_code (who->socket), ==,
                    SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
}

static void
assert_signed_out (Visitor *who)
{
  g_autofree char *json = g_strdup_printf ("{'refreshToken':'%s'}", who->refresh);
  g_autoptr (JsonObject) session = NULL;
  guint status;

  session = visitor_get (who, "/jmap/session", &status);
  g_assert_cmpuint (status, ==, 401);
  g_assert_cmpuint (post (who, "/auth/refresh", json, "invalid_token"), ==, 401);
}

static void
test_lists (void)
{
  g_autoptr (Visitor) desk = visitor_new_as (server, "ada");
  g_autoptr (Visitor) phone = visitor_new_as (server, "ada");
  g_autoptr (Visitor) ben = visitor_new_as (server, "ben");
  g_autofree char *desk_id = own_id (desk);
  g_autofree char *phone_id = own_id (phone);
  g_autoptr (JsonArray) list = devices (desk);
  g_autoptr (JsonArray) bens = devices (ben);
  g_autoptr (GDateTime) seen = g_date_time_new_from_iso8601 (member (list, 1, "seenAt"), NULL);
  g_autoptr (GDateTime) since = g_date_time_new_from_iso8601 (member (list, 1, "signedInAt"), NULL);

  g_assert_cmpuint (json_array_get_length (list), ==, 2);
  g_assert_cmpuint (json_array_get_length (bens), ==, 1);
  g_assert_cmpstr (member (list, 1, "id"), ==, phone_id);
  g_assert_false (
      json_object_get_boolean_member (json_array_get_object_element (list, 1), "isThis"));
  g_assert_nonnull (member (list, 1, "name"));
  g_assert_cmpint (g_date_time_compare (since, seen), <=, 0);
  g_assert_cmpuint (end (desk, phone_id, NULL), ==, 204);
  g_assert_cmpuint (end (desk, desk_id, NULL), ==, 204);
}

static void
test_ends (void)
{
  g_autoptr (Visitor) desk = visitor_new_as (server, "ada");
  g_autoptr (Visitor) phone = visitor_new_as (server, "ada");
  g_autofree char *id = own_id (phone);
  g_autofree char *own = own_id (desk);
  g_autoptr (JsonArray) left = NULL;

  visitor_open_socket (phone);
  g_assert_cmpuint (end (desk, id, NULL), ==, 204);
  wait_until_closed (phone);
  assert_signed_out (phone);
  left = devices (desk);
  g_assert_cmpuint (json_array_get_length (left), ==, 1);
  g_assert_cmpuint (end (desk, id, NULL), ==, 204);
  g_assert_cmpuint (end (desk, own, NULL), ==, 204);
}

static void
test_others (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autoptr (Visitor) ben = visitor_new_as (server, "ben");
  g_autofree char *id = own_id (ada);
  g_autoptr (JsonArray) list = NULL;

  g_assert_cmpuint (end (ben, id, "not_found"), ==, 404);
  g_assert_cmpuint (end (ben, UNKNOWN, "not_found"), ==, 404);
  g_assert_cmpuint (end (ben, "7", "not_found"), ==, 404);
  g_assert_cmpuint (post (ben, "/auth/devices/end", "{'id':[]}", "not_found"), ==, 404);
  g_assert_cmpuint (post (ben, "/auth/devices/end", "[]", "invalid_request"), ==, 400);
  list = devices (ada);
  g_assert_cmpstr (member (list, 0, "id"), ==, id);
  g_assert_cmpuint (end (ada, id, NULL), ==, 204);
}

static void
test_strangers (void)
{
  static const char *const paths[] = { "/auth/devices/end", "/auth/password" };
  g_autoptr (Visitor) nobody = visitor_new (server);
  g_autoptr (JsonObject) list = NULL;
  guint status;

  list = visitor_get (nobody, "/auth/devices", &status);
  g_assert_cmpuint (status, ==, 401);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (JsonObject) answer = visitor_post (nobody, paths[i], "{}", &status);

    g_assert_cmpuint (status, ==, 401);
  }
}

static void
test_password (void)
{
  g_autoptr (Visitor) desk = visitor_new_as (server, "cleo");
  g_autoptr (Visitor) phone = visitor_new_as (server, "cleo");
  g_autoptr (Visitor) later = visitor_new (server);
  g_autoptr (JsonArray) left = NULL;

  visitor_open_socket (phone);
  g_assert_cmpuint (change (desk, "wrong", OTHER_PASSWORD, "invalid_credentials"), ==, 403);
  g_assert_cmpuint (change (desk, TL_TEST_PASSWORD, "short", "invalid_password"), ==, 400);
  g_assert_cmpuint (post (desk, "/auth/password", "{'newPassword':7}", "invalid_credentials"), ==,
                    403);
  g_assert_cmpuint (change (desk, TL_TEST_PASSWORD, OTHER_PASSWORD, NULL), ==, 204);
  wait_until_closed (phone);
  assert_signed_out (phone);
  left = devices (desk);
  g_assert_cmpuint (json_array_get_length (left), ==, 1);
  g_assert_cmpuint (visitor_sign_in (later, "cleo", TL_TEST_PASSWORD), ==, 401);
  g_assert_cmpuint (visitor_sign_in (later, "cleo", OTHER_PASSWORD), ==, 200);
}

static void
test_limits (void)
{
  g_autoptr (Visitor) ben = visitor_new_as (server, "ben");

  for (guint i = 0; i < 10; i++)
    g_assert_cmpuint (change (ben, "wrong", OTHER_PASSWORD, "invalid_credentials"), ==, 403);
  g_assert_cmpuint (change (ben, TL_TEST_PASSWORD, OTHER_PASSWORD, "rate_limited"), ==, 429);
  g_assert_cmpint (g_ascii_strtoll (visitor_header (ben, "Retry-After"), NULL, 10), >, 0);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  server = tl_test_server_new ();
  tl_test_server_add_user (server, "ada", "Ada Lovelace");
  tl_test_server_add_user (server, "ben", "Ben");
  tl_test_server_add_user (server, "cleo", "Cleo");
  g_test_add_func ("/devices/are-listed-to-whose-they-are", test_lists);
  g_test_add_func ("/devices/signed-out-from-afar-lose-socket-and-tokens", test_ends);
  g_test_add_func ("/devices/of-others-are-not-found", test_others);
  g_test_add_func ("/devices/are-nothing-for-strangers", test_strangers);
  g_test_add_func ("/devices/a-new-password-signs-out-the-others", test_password);
  g_test_add_func ("/devices/tries-to-guess-a-password-are-limited", test_limits);
  status = g_test_run ();
  tl_test_server_free (server);
  return status;
}
