/* A computer that was away for longer than the server's log goes back: it syncs anew, and what waited in its
 * outbox arrives. And what others may do to a terminal: nothing. */
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

static guint
count_messages (Device *device, gint64 room, const char *body)
{
  g_autoptr (JsonNode) node =
      device_ask (device, "list messages %" G_GINT64_FORMAT " --limit 1000", room);
  JsonArray *rows = json_node_get_array (node);
  guint count = 0;

  for (guint i = 0; i < json_array_get_length (rows); i++)
    count += g_str_equal (
        json_object_get_string_member (json_array_get_object_element (rows, i), "body"), body);
  return count;
}

/* A month goes by on the server, and its daily purge comes. */
static void
month_passes (void)
{
  gint64 until = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;
  gboolean is_purged = FALSE;

  g_free (tl_test_server_sql (server, "UPDATE sync.change SET at = at - interval '31 days'"));
  g_free (tl_test_server_sql (server, "UPDATE sync.job SET run_at = now() WHERE kind = 'purge'"));
  tl_test_server_stop (server);
  tl_test_server_start (server);
  while (!is_purged) {
    g_autofree char *left = tl_test_server_sql (
        server, "SELECT count(*) FROM sync.change WHERE at < now() - interval '30 days'");

    is_purged = g_str_equal (left, "0");
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_usleep (20000);
  }
}

static void
test_old_state (void)
{
  g_autoptr (Device) away = device_new_as (server, "robin");
  g_autoptr (Device) hers = device_new_as (server, "ines");
  gint64 room = boat_crew (away);
  g_autoptr (JsonNode) waiting = NULL;

  device_do (away, "send %" G_GINT64_FORMAT " 'before the journey'", room);
  tl_test_server_stop (server);
  device_run (away, "send %" G_GINT64_FORMAT " 'written at sea'", room);
  device_run (away, "send %" G_GINT64_FORMAT " 'and again'", room);
  tl_test_server_start (server);
  device_do (hers, "send %" G_GINT64_FORMAT " 'where are you?'", boat_crew (hers));
  month_passes ();
  device_do (away, "sync");
  waiting = device_ask (away, "outbox");
  g_assert_cmpuint (json_array_get_length (json_node_get_array (waiting)), ==, 0);
  device_do (hers, "sync");
  g_assert_cmpuint (count_messages (away, room, "before the journey"), ==, 1);
  g_assert_cmpuint (count_messages (away, room, "where are you?"), ==, 1);
  g_assert_cmpuint (count_messages (away, room, "written at sea"), ==, 1);
  g_assert_cmpuint (count_messages (hers, room, "written at sea"), ==, 1);
  g_assert_cmpuint (count_messages (hers, room, "and again"), ==, 1);
}

/* What others write is shown on the terminal, and never obeyed by it. */
static void
test_terminal (void)
{
  g_autoptr (Device) device = device_new_as (server, "robin");
  gint64 room = boat_crew (device);

  device_feed (device,
               "mark \x1b]0;owned\x07 \x1b[2J \xc2\x9b"
               "31m \xe2\x80\xaetxt\r\n1 2026 forged: line\n",
               "send %" G_GINT64_FORMAT, room);
  device_do (device, "list messages %" G_GINT64_FORMAT " --limit 1000", room);
  g_assert_nonnull (strstr (device->out, "forged: line"));
  g_assert_null (strstr (device->out, "\n1 2026"));
  for (const char *at = device->out; *at; at = g_utf8_next_char (at))
    g_assert_true (*at == '\n' || !g_unichar_iscntrl (g_utf8_get_char (at)));
  g_assert_null (strstr (device->out, "\xe2\x80\xae"));
  device_do (device, "list messages %" G_GINT64_FORMAT " --limit 1000 --json", room);
  for (const char *at = device->out; *at; at = g_utf8_next_char (at))
    g_assert_true (*at == '\n' || !g_unichar_iscntrl (g_utf8_get_char (at)));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  server = tl_test_server_new_demo ();
  g_test_add_func ("/cli/away-too-long-syncs-anew-and-loses-nothing", test_old_state);
  g_test_add_func ("/cli/others-cannot-command-the-terminal", test_terminal);
  status = g_test_run ();
  tl_test_server_free (server);
  return status;
}
