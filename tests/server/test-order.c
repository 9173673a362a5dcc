/* Keeping order over HTTP: what one may do about somebody, and what comes of it. */
#include "tests/server/visitor.h"

static TlTestServer *server;

static guint
order (Visitor *who, const char *deed, const char *id, const char *role, const char *code)
{
  g_autofree char *path = g_strconcat ("/auth/people/", deed, NULL);
  g_autofree char *json = g_strdup_printf ("{'id':'%s','role':'%s'}", id, role);
  guint status;
  g_autoptr (JsonObject) answer = visitor_post (who, path, json, &status);

  g_assert_cmpstr (answer ? json_object_get_string_member (answer, "error") : NULL, ==, code);
  return status;
}

/* "role may may…" */
static char *
look (Visitor *who, const char *id)
{
  g_autofree char *path = g_strconcat ("/auth/people/", id, NULL);
  guint status;
  g_autoptr (JsonObject) answer = visitor_get (who, path, &status);
  GString *text = g_string_new (NULL);
  JsonArray *may;

  g_assert_cmpuint (status, ==, 200);
  may = json_object_get_array_member (answer, "may");
  g_string_append (text, json_object_get_string_member (answer, "role"));
  if (json_object_get_boolean_member (answer, "isSuspended"))
    g_string_append (text, " suspended");
  for (guint i = 0; i < json_array_get_length (may); i++)
    g_string_append_printf (text, " %s", json_array_get_string_element (may, i));
  return g_string_free_and_steal (text);
}

static void
assert_looks (Visitor *who, const char *id, const char *expected)
{
  g_autofree char *got = look (who, id);

  g_assert_cmpstr (got, ==, expected);
}

static void
set_role (const char *login, const char *role)
{
  g_autofree char *said =
      tl_test_server_ctl (server, (const char *[]){ "user", "role", login, role, NULL }, NULL);
}

static void
test_roles (void)
{
  g_autoptr (Visitor) ada = NULL, ben = NULL, cleo = NULL;

  set_role ("ada", "admin");
  set_role ("ben", "moderator");
  ada = visitor_new_as (server, "ada");
  ben = visitor_new_as (server, "ben");
  cleo = visitor_new_as (server, "cleo");
  assert_looks (ada, cleo->account, "member invite removeWords suspend giveRole deletePerson");
  assert_looks (ada, ada->account, "admin invite removeWords");
  assert_looks (ben, cleo->account, "member invite removeWords suspend");
  assert_looks (ben, ada->account, "admin invite removeWords");
  assert_looks (cleo, ben->account, "moderator");
  g_assert_cmpuint (order (cleo, "suspend", ben->account, "", "forbidden"), ==, 403);
  g_assert_cmpuint (order (ben, "suspend", ada->account, "", "forbidden"), ==, 403);
  g_assert_cmpuint (order (ben, "role", cleo->account, "admin", "forbidden"), ==, 403);
  g_assert_cmpuint (order (ada, "role", cleo->account, "queen", "invalid_arguments"), ==, 400);
  g_assert_cmpuint (order (ada, "role", "t999999", "admin", "not_found"), ==, 404);
  g_assert_cmpuint (order (ada, "banish", cleo->account, "", "not_found"), ==, 404);
  g_assert_cmpuint (order (ada, "role", cleo->account, "moderator", NULL), ==, 204);
  assert_looks (cleo, ben->account, "moderator invite removeWords");
  g_assert_cmpuint (order (ada, "role", cleo->account, "member", NULL), ==, 204);
}

static void
test_suspends (void)
{
  g_autoptr (Visitor) ben = visitor_new_as (server, "ben");
  g_autoptr (Visitor) cleo = visitor_new_as (server, "cleo");
  g_autofree char *json = g_strdup_printf ("{'refreshToken':'%s'}", cleo->refresh);
  g_autoptr (JsonObject) refused = NULL;
  guint status;

  visitor_open_socket (cleo);
  g_assert_cmpuint (order (ben, "suspend", cleo->account, "", NULL), ==, 204);
  while (soup_websocket_connection_get_state (cleo->socket) != SOUP_WEBSOCKET_STATE_CLOSED)
    g_main_context_iteration (NULL, TRUE);
  refused = visitor_post (cleo, "/auth/refresh", json, &status);
  g_assert_cmpuint (status, ==, 401);
  g_assert_cmpuint (visitor_sign_in (cleo, "cleo", TL_TEST_PASSWORD), ==, 401);
  assert_looks (ben, cleo->account, "member suspended invite removeWords suspend");
  g_assert_cmpuint (order (ben, "let-in", cleo->account, "", NULL), ==, 204);
  g_assert_cmpuint (visitor_sign_in (cleo, "cleo", TL_TEST_PASSWORD), ==, 200);
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
  g_test_add_func ("/order/is-kept-as-roles-allow", test_roles);
  g_test_add_func ("/order/who-is-suspended-is-out-at-once", test_suspends);
  status = g_test_run ();
  tl_test_server_free (server);
  return status;
}
