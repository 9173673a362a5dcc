/* kill -9 of the program, the server and PostgreSQL at random moments of sending: what was accepted arrives, and
 * arrives once, at every computer. The seed is g_test's. */
#include "tests/app/device.h"

#include <string.h>

static TlTestServer *server;
static Device *desk, *laptop, *hers;
static gint64 room;
static guint written; /* bodies are numbered over the whole test */

static gint64
first_room (Device *device)
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

/* How often each body is there: body -> count. */
static GHashTable *
bodies (Device *device)
{
  g_autoptr (JsonNode) node =
      device_ask (device, "list messages %" G_GINT64_FORMAT " --limit 9999", room);
  JsonArray *rows = json_node_get_array (node);
  GHashTable *counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < json_array_get_length (rows); i++) {
    const char *body =
        json_object_get_string_member (json_array_get_object_element (rows, i), "body");
    gpointer count = g_hash_table_lookup (counts, body);
    g_hash_table_insert (counts, g_strdup (body), GUINT_TO_POINTER (GPOINTER_TO_UINT (count) + 1));
  }
  return counts;
}

static void
sync_at_last (Device *device)
{
  gint64 until = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;

  while (device_run (device, "sync") != 0)
    g_assert_cmpint (g_get_monotonic_time (), <, until);
}

/* `accepted[i]` says that line `from + i` was taken: it is everywhere once. The others: the same everywhere, at
 * most once. */
static void
assert_arrived (guint from, GArray *accepted)
{
  Device *devices[] = { desk, laptop, hers };
  g_autoptr (JsonNode) waiting = NULL;
  GHashTable *counts[3];

  for (guint i = 0; i < 3; i++)
    sync_at_last (devices[i]);
  waiting = device_ask (desk, "outbox");
  g_assert_cmpuint (json_array_get_length (json_node_get_array (waiting)), ==, 0);
  for (guint i = 0; i < 3; i++)
    counts[i] = bodies (devices[i]);
  for (guint n = 0; n < accepted->len; n++) {
    g_autofree char *body = g_strdup_printf ("line %u", from + n);
    guint here = GPOINTER_TO_UINT (g_hash_table_lookup (counts[0], body));

    g_assert_cmpuint (here, <=, 1);
    if (g_array_index (accepted, gboolean, n))
      g_assert_cmpuint (here, ==, 1);
    for (guint i = 1; i < 3; i++)
      g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (counts[i], body)), ==, here);
  }
  for (guint i = 0; i < 3; i++)
    g_hash_table_unref (counts[i]);
}

static void
random_moment (guint max_ms)
{
  g_usleep ((gulong)g_test_rand_int_range (0, (int)max_ms * 1000));
}

/* Sends a line; `strike` happens at a random moment of it. Was it accepted? */
static gboolean
send_under (void (*strike) (GSubprocess *sending), guint max_ms)
{
  g_autoptr (GSubprocess) sending =
      device_spawn (desk, "send %" G_GINT64_FORMAT " 'line %u'", room, written++);

  random_moment (max_ms);
  strike (sending);
  g_subprocess_wait (sending, NULL, NULL);
  return g_subprocess_get_successful (sending);
}

static void
run (void (*strike) (GSubprocess *sending), guint times, guint max_ms, gboolean all_accepted)
{
  g_autoptr (GArray) accepted = g_array_new (FALSE, FALSE, sizeof (gboolean));
  guint from = written;

  for (guint i = 0; i < times; i++) {
    gboolean is_accepted = send_under (strike, max_ms);

    g_assert_true (is_accepted || !all_accepted);
    g_array_append_val (accepted, is_accepted);
  }
  assert_arrived (from, accepted);
}

/* --- tests ----------------------------------------------------------------------------------- */

static void
strike_program (GSubprocess *sending)
{
  g_subprocess_force_exit (sending);
}

static void
test_program (void)
{
  run (strike_program, 60, 400, FALSE);
}

static void
strike_server (GSubprocess *sending)
{
  tl_test_server_kill (server);
  g_subprocess_wait (sending, NULL, NULL);
  tl_test_server_start (server);
}

static void
test_server (void)
{
  run (strike_server, 10, 300, TRUE);
}

static void
strike_postgres (GSubprocess *sending)
{
  tl_test_server_kill_child (server, "postgres");
}

/* tidelined starts it again; a later round finds it. */
static void
test_postgres (void)
{
  for (guint i = 0; i < 5; i++) {
    run (strike_postgres, 1, 300, TRUE);
  }
}

static void
strike_redis (GSubprocess *sending)
{
  tl_test_server_kill_child (server, "redis-server");
}

static void
test_redis (void)
{
  for (guint i = 0; i < 3; i++)
    run (strike_redis, 1, 300, TRUE);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  server = tl_test_server_new_demo ();
  desk = device_new_as (server, "robin");
  laptop = device_new_as (server, "robin");
  hers = device_new_as (server, "ines");
  room = first_room (desk);
  g_test_add_func ("/cli-killed/the-program-at-any-moment", test_program);
  g_test_add_func ("/cli-killed/the-server-at-any-moment", test_server);
  g_test_add_func ("/cli-killed/postgresql-at-any-moment", test_postgres);
  g_test_add_func ("/cli-killed/redis-at-any-moment", test_redis);
  status = g_test_run ();
  device_free (desk);
  device_free (laptop);
  device_free (hers);
  tl_test_server_free (server);
  return status;
}
