/* client.c: see the header. */
#include "tests/app/client.h"

#include "sync/wire/field.h"

TlTestServer *client_server;

void
client_await (DexFuture *future, GValue *value, int code)
{
  g_autoptr (GError) error = NULL;
  const GValue *result;

  while (dex_future_is_pending (future))
    g_main_context_iteration (NULL, TRUE);
  result = dex_future_get_value (future, &error);
  if (value) {
    g_assert_no_error (error);
    g_value_init (value, G_VALUE_TYPE (result));
    g_value_copy (result, value);
  } else {
    g_assert_error (error, TL_REMOTE_ERROR, code);
  }
  dex_unref (future);
}

void
client_set_up (Client *client, gconstpointer login)
{
  g_autoptr (GError) error = NULL;
  g_auto (GValue) person = G_VALUE_INIT;
  gboolean is_demo = g_str_equal (login, "robin");

  client->folder = g_dir_make_tmp ("tideline-search-XXXXXX", &error);
  g_assert_no_error (error);
  client->replica = tl_replica_open (client->folder, &error);
  g_assert_no_error (error);
  client->secrets = tl_secrets_new ();
  client->remote = tl_remote_new (tl_test_server_url (client_server), login, client->secrets);
  client_await (tl_remote_sign_in (client->remote, login,
                                   is_demo ? TL_DEMO_PASSWORD : TL_TEST_PASSWORD, "test"),
                &person, 0);
  g_assert_true (tl_id_parse (
      json_object_get_string_member (g_value_get_boxed (&person), "accountId"), &client->me));
}

void
client_tear_down (Client *client, gconstpointer login)
{
  const char *argv[] = { "rm", "-rf", client->folder, NULL };

  tl_replica_close (client->replica);
  g_object_unref (client->replica);
  g_object_unref (client->remote);
  g_object_unref (client->secrets);
  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (client->folder);
}
