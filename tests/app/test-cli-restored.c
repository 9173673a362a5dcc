/* A server comes back from a backup: what its people's computers had of later is gone there too, and what they had
 * not sent arrives, once. */
#include "tests/app/device.h"

#include <string.h>

static TlTestServer *server;

static gint64
boat_crew (Device *device)
{
  g_autoptr (JsonNode) node = device_ask (device, "list rooms");
  JsonArray *rows = json_node_get_array (node);

  for (guint i = 0; i < json_array_get_length (rows); i++) {
    JsonObject *row = json_array_get_object_element (rows, i);
    if (g_str_equal (json_object_get_string_member (row, "name"), "Boat crew"))
      return json_object_get_int_member (row, "key");
  }
  g_assert_not_reached ();
}

static void
assert_messages (Device *device, const char *body, guint expected)
{
  g_autoptr (JsonNode) node =
      device_ask (device, "list messages %" G_GINT64_FORMAT " --limit 1000", boat_crew (device));
  JsonArray *rows = json_node_get_array (node);
  guint count = 0;

  for (guint i = 0; i < json_array_get_length (rows); i++)
    count += g_str_equal (
        json_object_get_string_member (json_array_get_object_element (rows, i), "body"), body);
  g_assert_cmpuint (count, ==, expected);
}

static void
assert_outbox (Device *device, guint expected)
{
  g_autoptr (JsonNode) waiting = device_ask (device, "outbox");

  g_assert_cmpuint (json_array_get_length (json_node_get_array (waiting)), ==, expected);
}

static void
ctl (const char *command, const char *option, const char *argument)
{
  const char *const arguments[] = { command, option ? option : argument, option ? argument : NULL,
                                    NULL };
  g_autofree char *said = tl_test_server_ctl (server, arguments, NULL);

  g_test_message ("%s", said);
}

/* Its session is of after the backup: it has to sign in again, and keeps all it has. */
static void
sign_in_again (Device *device, const char *login)
{
  g_assert_cmpint (device_run (device, "sync"), !=, 0);
  assert_outbox (device, 1);
  if (device_feed (device, TL_DEMO_PASSWORD "\n", "sign-in %s %s", tl_test_server_url (server),
                   login) != 0)
    g_error ("%s", device->err);
  device_do (device, "sync");
}

/* What the restore set aside, and the backup. */
static void
clean_up (const char *backup)
{
  const char *argv[] = {
    "sh", "-c", "rm -rf \"$0\".before-* \"$1\"", tl_test_server_folder (server), backup, NULL
  };

  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
}

static void
test_restored (void)
{
  g_autoptr (Device) his = device_new_as (server, "robin");
  g_autoptr (Device) hers = device_new_as (server, "ines");
  g_autofree char *backup = g_dir_make_tmp ("tideline-backup-XXXXXX", NULL);
  gint64 room = boat_crew (his);

  device_do (his, "send %" G_GINT64_FORMAT " 'before the backup'", room);
  ctl ("backup", NULL, backup);
  device_do (his, "send %" G_GINT64_FORMAT " 'after the backup'", room);
  device_do (hers, "sync");
  assert_messages (hers, "after the backup", 1);
  tl_test_server_stop (server);
  device_run (his, "send %" G_GINT64_FORMAT " 'his without a server'", room);
  device_run (hers, "send %" G_GINT64_FORMAT " 'hers without a server'", room);
  ctl ("restore", "--force", backup);
  tl_test_server_start (server);

  sign_in_again (his, "robin");
  sign_in_again (hers, "ines");
  device_do (his, "sync");
  for (guint i = 0; i < 2; i++) {
    Device *device = i ? hers : his;

    assert_outbox (device, 0);
    assert_messages (device, "before the backup", 1);
    assert_messages (device, "after the backup", 0);
    assert_messages (device, "his without a server", 1);
    assert_messages (device, "hers without a server", 1);
  }
  clean_up (backup);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  server = tl_test_server_new_demo ();
  g_test_add_func ("/cli/a-restored-server-gets-what-waits-once", test_restored);
  status = g_test_run ();
  tl_test_server_free (server);
  return status;
}
