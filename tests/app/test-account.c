/* What a person does with their account from here: another password. */
#include "sync/remote-devices.h"
#include "tests/app/client.h"

#define OTHER "a heron on the pier"

static void
sign_in (Client *client, const char *login, const char *password, int code)
{
  g_autoptr (TlSecrets) secrets = tl_secrets_new ();
  g_autoptr (TlRemote) remote = tl_remote_new (tl_test_server_url (client_server), login, secrets);
  g_auto (GValue) person = G_VALUE_INIT;

  client_await (tl_remote_sign_in (remote, login, password, "another"), code ? NULL : &person,
                code);
}

static void
change (Client *client, const char *before, const char *password, int code)
{
  g_auto (GValue) done = G_VALUE_INIT;

  client_await (tl_remote_change_password (client->remote, before, password), code ? NULL : &done,
                code);
}

static void
test_password (Client *client, gconstpointer login)
{
  change (client, "not it", OTHER, TL_REMOTE_ERROR_REFUSED);
  change (client, TL_TEST_PASSWORD, "short", TL_REMOTE_ERROR_PROTOCOL);
  sign_in (client, login, TL_TEST_PASSWORD, 0);
  change (client, TL_TEST_PASSWORD, OTHER, 0);
  sign_in (client, login, TL_TEST_PASSWORD, TL_REMOTE_ERROR_SIGN_IN);
  sign_in (client, login, OTHER, 0);
  change (client, OTHER, TL_TEST_PASSWORD, 0); /* this device is signed in still */
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL); /* no keyring is a warning */
  dex_init ();
  client_server = tl_test_server_new ();
  tl_test_server_add_user (client_server, "cleo", "Cleo");
  g_test_add ("/account/another-password-wants-the-one-before", Client, "cleo", client_set_up,
              test_password, client_tear_down);
  status = g_test_run ();
  tl_test_server_free (client_server);
  return status;
}
