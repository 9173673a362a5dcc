/* What a person does with their account from here: another password, a copy of everything, the end, an address for letters; joining and inviting. */
#include "server/services/user/totp.h"
#include "sync/remote-devices.h"
#include "sync/remote-people.h"
#include "sync/remote-save.h"
#include "tests/app/client.h"
#include "tests/fixtures/smtp.h"

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

/* Everything of oneself, in a file; a file that cannot be made is an error. */
static void
test_export (Client *client, gconstpointer login)
{
  g_autofree char *path = g_build_filename (client->folder, "mine.zip", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) nowhere = g_file_new_for_path ("/nonexistent/mine.zip");
  g_auto (GValue) blob = G_VALUE_INIT, done = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  g_autoptr (DexFuture) failed = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  client_await (tl_remote_export (client->remote, "not it"), NULL, TL_REMOTE_ERROR_REFUSED);
  client_await (tl_remote_export (client->remote, TL_TEST_PASSWORD), &blob, 0);
  client_await (tl_remote_save (client->remote, g_value_get_string (&blob), file), &done, 0);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_cmpuint (length, >, 22);
  g_assert_cmpmem (bytes, 4, "PK\3\4", 4);
  client_await (tl_remote_save (client->remote, "b0", file), NULL, TL_REMOTE_ERROR_REFUSED);
  failed = tl_remote_save (client->remote, g_value_get_string (&blob), nowhere);
  while (dex_future_is_pending (failed))
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (dex_future_get_value (failed, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_invite (Client *client, gconstpointer login)
{
  g_auto (GValue) list = G_VALUE_INIT;

  client_await (tl_remote_invitations (client->remote), &list, 0);
  g_assert_false (json_object_get_boolean_member (g_value_get_boxed (&list), "mayInvite"));
  client_await (tl_remote_invite (client->remote, 1, 7), NULL, TL_REMOTE_ERROR_REFUSED);
}

static void
test_delete (Client *client, gconstpointer login)
{
  g_auto (GValue) done = G_VALUE_INIT;

  client_await (tl_remote_delete_account (client->remote, "not it"), NULL, TL_REMOTE_ERROR_REFUSED);
  client_await (tl_remote_delete_account (client->remote, TL_TEST_PASSWORD), &done, 0);
  sign_in (client, login, TL_TEST_PASSWORD, TL_REMOTE_ERROR_SIGN_IN);
}

static void
assert_address (Client *client, const char *address, gboolean is_confirmed)
{
  g_auto (GValue) answer = G_VALUE_INIT;
  JsonObject *object;

  client_await (tl_remote_address (client->remote), &answer, 0);
  object = g_value_get_boxed (&answer);
  g_assert_true (json_object_get_boolean_member (object, "isOffered"));
  g_assert_cmpstr (json_object_get_string_member_with_default (object, "address", NULL), ==,
                   address);
  g_assert_cmpint (json_object_get_boolean_member (object, "isConfirmed"), ==, is_confirmed);
}

static void
test_address (Client *client, gconstpointer login)
{
  g_autoptr (TlSecrets) secrets = tl_secrets_new ();
  g_autoptr (TlRemote) nobody = tl_remote_new (tl_test_server_url (client_server), "", secrets);
  g_auto (GValue) set = G_VALUE_INIT, asked = G_VALUE_INIT;
  g_autofree char *letter = NULL, *other = NULL;

  assert_address (client, NULL, FALSE);
  client_await (tl_remote_set_address (client->remote, "cleo@example.org", "not it"), NULL,
                TL_REMOTE_ERROR_REFUSED);
  client_await (tl_remote_set_address (client->remote, "cleo@example.org", TL_TEST_PASSWORD), &set,
                0);
  letter = tl_test_smtp_await (1);
  assert_address (client, "cleo@example.org", FALSE);
  g_free (tl_test_server_sql (client_server, "UPDATE people.email SET confirmed_at = now()"));
  assert_address (client, "cleo@example.org", TRUE);
  client_await (tl_remote_forgotten (nobody, "cleo@example.org"), &asked, 0);
  other = tl_test_smtp_await (2);
  client_await (tl_remote_forgotten (nobody, "cleo"), NULL, TL_REMOTE_ERROR_PROTOCOL);
}

/* Of the key that cleo sets up. */
static char *
code_now (gint64 steps)
{
  g_autofree char *hex =
      tl_test_server_sql (client_server, "SELECT encode(secret, 'hex') FROM people.factor");
  guint8 secret[TL_TOTP_BYTES];
  gint64 step = tl_totp_step (g_get_real_time () / G_USEC_PER_SEC) + steps;

  for (guint i = 0; i < TL_TOTP_BYTES; i++)
    secret[i] =
        (guint8)(g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]));
  return tl_totp_code (secret, TL_TOTP_BYTES, (guint64)step, TL_TOTP_DIGITS);
}

static const char *
recovery_code (const GValue *answer, guint i)
{
  return json_array_get_string_element (
      json_object_get_array_member (g_value_get_boxed (answer), "recoveryCodes"), i);
}

static void
test_second_step (Client *client, gconstpointer login)
{
  g_autoptr (TlSecrets) secrets = tl_secrets_new ();
  g_autoptr (TlRemote) remote = tl_remote_new (tl_test_server_url (client_server), login, secrets);
  g_auto (GValue) key = G_VALUE_INIT, codes = G_VALUE_INIT, state = G_VALUE_INIT,
                  person = G_VALUE_INIT, off = G_VALUE_INIT;
  g_autofree char *code = NULL;

  client_await (tl_remote_begin_factor (client->remote, "not it"), NULL, TL_REMOTE_ERROR_REFUSED);
  client_await (tl_remote_begin_factor (client->remote, TL_TEST_PASSWORD), &key, 0);
  code = code_now (0);
  client_await (tl_remote_confirm_factor (client->remote, "nothing"), NULL,
                TL_REMOTE_ERROR_REFUSED);
  client_await (tl_remote_confirm_factor (client->remote, code), &codes, 0);
  client_await (tl_remote_factor (client->remote), &state, 0);
  g_assert_true (json_object_get_boolean_member (g_value_get_boxed (&state), "isOn"));
  client_await (tl_remote_sign_in (remote, login, TL_TEST_PASSWORD, "another"), NULL,
                TL_REMOTE_ERROR_CODE);
  client_await (tl_remote_sign_in_code (remote, login, code, "another"), NULL,
                TL_REMOTE_ERROR_REFUSED);
  client_await (tl_remote_sign_in_code (remote, login, recovery_code (&codes, 0), "another"),
                &person, 0);
  g_assert_cmpstr (json_object_get_string_member (g_value_get_boxed (&person), "name"), ==, "Cleo");
  client_await (tl_remote_end_factor (client->remote, TL_TEST_PASSWORD, recovery_code (&codes, 0)),
                NULL, TL_REMOTE_ERROR_REFUSED);
  client_await (tl_remote_end_factor (client->remote, TL_TEST_PASSWORD, recovery_code (&codes, 1)),
                &off, 0);
  sign_in (client, login, TL_TEST_PASSWORD, 0);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL); /* no keyring is a warning */
  dex_init ();
  tl_test_smtp_start ();
  client_server = tl_test_server_new ();
  tl_test_server_add_user (client_server, "cleo", "Cleo");
  g_test_add ("/account/another-password-wants-the-one-before", Client, "cleo", client_set_up,
              test_password, client_tear_down);
  g_test_add ("/account/a-code-is-the-second-step", Client, "cleo", client_set_up, test_second_step,
              client_tear_down);
  g_test_add ("/account/an-address-is-set-and-a-forgotten-password-asked-for", Client, "cleo",
              client_set_up, test_address, client_tear_down);
  g_test_add ("/account/everything-of-oneself-is-saved", Client, "cleo", client_set_up, test_export,
              client_tear_down);
  g_test_add ("/account/members-invite-when-they-may", Client, "cleo", client_set_up, test_invite,
              client_tear_down);
  g_test_add ("/account/is-deleted", Client, "cleo", client_set_up, test_delete, client_tear_down);
  status = g_test_run ();
  tl_test_server_free (client_server);
  return status;
}
