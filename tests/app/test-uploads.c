/* A large file leaves in pieces: it goes on where it was when the server was killed, the connection was lost, or the
 * program began anew, and progress is told. */
#include "tests/app/client.h"

#include <string.h>

#define SIZE (5 * 1024 * 1024 + 77)
#define PIECE (1024 * 1024)

typedef struct {
  Client *client;
  GBytes *bytes;
  gsize kill_after; /* 0: never */
  GArray *told;     /* gsize */
} Sending;

static GBytes *
large_file (void)
{
  static guint8 n_files;
  guint8 *bytes = g_malloc (SIZE);

  for (gsize i = 0; i < SIZE; i++)
    bytes[i] = (guint8)g_test_rand_int ();
  bytes[0] = n_files++;
  return g_bytes_new_take (bytes, SIZE);
}

static void
sent (gsize bytes, gpointer data)
{
  Sending *sending = data;

  g_array_append_val (sending->told, bytes);
  if (sending->kill_after > 0 && bytes >= sending->kill_after) {
    sending->kill_after = 0;
    tl_test_server_kill (client_server);
  }
}

static DexFuture *
send_fiber (gpointer data)
{
  Sending *sending = data;
  GError *error = NULL;

  return tl_remote_upload_in_pieces (sending->client->remote, sending->bytes, "image/png", sent,
                                     sending, &error)
             ? dex_future_new_for_boolean (TRUE)
             : dex_future_new_for_error (error);
}

/* Where it began and all that was told. Fails with `code` unless that is -1. */
static GArray *
send_file (Client *client, GBytes *bytes, gsize kill_after, int code)
{
  Sending sending = { client, bytes, kill_after, g_array_new (FALSE, FALSE, sizeof (gsize)) };
  g_auto (GValue) done = G_VALUE_INIT;

  client_await (dex_scheduler_spawn (NULL, 0, send_fiber, &sending, NULL), code < 0 ? &done : NULL,
                code);
  return sending.told;
}

static void
assert_told (GArray *told, gsize first, gsize last)
{
  g_assert_cmpuint (told->len, >, 0);
  g_assert_cmpuint (g_array_index (told, gsize, 0), ==, first);
  g_assert_cmpuint (g_array_index (told, gsize, told->len - 1), ==, last);
  for (guint i = 1; i < told->len; i++)
    g_assert_cmpuint (g_array_index (told, gsize, i), >, g_array_index (told, gsize, i - 1));
}

static void
assert_there (Client *client, GBytes *bytes)
{
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_autofree char *blob = g_strconcat ("b", hash, NULL);
  g_auto (GValue) value = G_VALUE_INIT;

  client_await (tl_remote_download (client->remote, blob, 0), &value, 0);
  g_assert_true (g_bytes_equal (g_value_get_boxed (&value), bytes));
}

static void
test_at_once (Client *client, gconstpointer login)
{
  g_autoptr (GBytes) bytes = large_file ();
  g_autoptr (GArray) told = send_file (client, bytes, 0, -1);
  g_autoptr (GArray) again = NULL;

  assert_told (told, 0, SIZE);
  g_assert_cmpuint (told->len, ==, 7);
  assert_there (client, bytes);
  again = send_file (client, bytes, 0, -1);
  assert_told (again, SIZE, SIZE); /* the server has it */
}

static void
test_killed (Client *client, gconstpointer login)
{
  g_autoptr (GBytes) bytes = large_file ();
  g_autoptr (GArray) first = send_file (client, bytes, 2 * PIECE, TL_REMOTE_ERROR_OFFLINE);
  g_autoptr (GArray) second = NULL, third = NULL;

  assert_told (first, 0, 2 * PIECE);
  tl_test_server_start (client_server);
  second = send_file (client, bytes, 4 * PIECE, TL_REMOTE_ERROR_OFFLINE);
  assert_told (second, 2 * PIECE, 4 * PIECE);
  tl_test_server_start (client_server);
  third = send_file (client, bytes, 0, -1);
  assert_told (third, 4 * PIECE, SIZE);
  assert_there (client, bytes);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL); /* no keyring is a warning */
  client_server = tl_test_server_new_demo ();
  g_test_add ("/uploads/in-pieces-and-told", Client, "robin", client_set_up, test_at_once,
              client_tear_down);
  g_test_add ("/uploads/go-on-after-the-server-was-killed", Client, "robin", client_set_up,
              test_killed, client_tear_down);
  status = g_test_run ();
  tl_test_server_free (client_server);
  return status;
}
