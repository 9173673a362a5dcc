/* converge.c: the keystone. Random histories of four devices of three people against a real server, with something
 * of every kind (deeds.c, scene.h), through a proxy that loses, doubles, cuts and delays, with devices and now and
 * then the server, PostgreSQL or Redis killed by SIGKILL. When it is quiet again nothing waits in any outbox, every replica of a person
 * equals every other and one made anew, and every message that was written is there once.
 *
 * CONVERGE_HISTORIES: how many (300); CONVERGE_SEED: of the first (random, printed); CONVERGE_ROUNDS: how long
 * peace may take (60). A failing history names its seed; run it alone with CONVERGE_SEED=… CONVERGE_HISTORIES=1. */
#include "tests/converge/coverage.h"
#include "tests/converge/proxy.h"
#include "tests/converge/world.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define N_DEVICES 4
#define WHOLE_FROM 150 /* histories, that every kind comes up in */
#define ONE_FAULT_IN 6

typedef struct {
  const char *login;
  char *folder;
  GSubprocess *process;
  GOutputStream *input;
  GDataInputStream *output;
} Device;

typedef struct {
  TlTestServer *server;
  TlProxy *proxy;
  char *folder, *password_file, *feeds;
  Device devices[N_DEVICES];
  GHashTable *written; /* token -> its fate: "here", "deleted" */
  Coverage *coverage;
  guint kills, server_kills, postgres_kills, redis_kills, operations;
} Machine;

/* --- devices --------------------------------------------------------------------------------- */

static char *
read_line (Device *device)
{
  return g_data_input_stream_read_line (device->output, NULL, NULL, NULL);
}

static void
device_start (Machine *self, Device *device, guint16 port)
{
  g_autofree char *program =
      g_build_filename (g_getenv ("TIDELINE_BUILD"), "tests", "converge", "converge-client", NULL);
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u", port);
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;

  device->process = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program,
      device->folder, url, device->login, self->password_file, self->feeds, NULL);
  g_assert_no_error (error);
  device->input = g_subprocess_get_stdin_pipe (device->process);
  device->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (device->process));
  line = read_line (device);
  g_assert_cmpstr (line, ==, "ready");
}

static void
device_end (Device *device, gboolean by_force)
{
  if (by_force)
    g_subprocess_send_signal (device->process, SIGKILL);
  else
    g_output_stream_close (device->input, NULL, NULL);
  g_subprocess_wait (device->process, NULL, NULL);
  if (!by_force)
    g_assert_true (g_subprocess_get_successful (device->process));
  g_clear_object (&device->output);
  g_clear_object (&device->process);
}

static void
tell (Device *device, const char *command)
{
  g_autofree char *line = g_strconcat (command, "\n", NULL);

  g_assert_true (g_output_stream_write_all (device->input, line, strlen (line), NULL, NULL, NULL));
}

static char *
ask (Device *device, const char *command)
{
  char *answer;

  tell (device, command);
  answer = read_line (device);
  if (answer == NULL)
    g_error ("%s's device ended during “%s”", device->login, command);
  return answer;
}

static guint
number_from (const char *name, guint otherwise)
{
  const char *text = g_getenv (name);

  return text ? (guint)g_ascii_strtoull (text, NULL, 10) : otherwise;
}

/* --- a history ------------------------------------------------------------------------------- */

static void
note (Machine *self, const char *what)
{
  g_auto (GStrv) words = g_strsplit (what, " ", 2);

  self->operations++;
  if (g_str_equal (words[0], "send"))
    g_hash_table_replace (self->written, g_strdup (words[1]), (gpointer) "here");
  else if (g_str_equal (words[0], "delete"))
    g_hash_table_replace (self->written, g_strdup (words[1]), (gpointer) "deleted");
}

/* FALSE when it could not. */
static gboolean
is_synced (Machine *self, const char *answer)
{
  coverage_add (self->coverage, answer);
  return g_str_has_prefix (answer, "ok");
}

static gboolean
sync_device (Machine *self, Device *device)
{
  g_autofree char *answer = ask (device, "sync");

  return is_synced (self, answer);
}

static void
do_on (Machine *self, Device *device, const char *what, GRand *random)
{
  g_autofree char *command = g_strdup_printf ("%s %u", what, g_rand_int (random));
  g_autofree char *answer = ask (device, command);

  note (self, answer);
}

static void
kill_device (Machine *self, Device *device, GRand *random)
{
  /* In the middle of a round, wherever it is by then. */
  tell (device, "sync");
  g_usleep ((gulong)g_rand_int_range (random, 0, 25000));
  device_end (device, TRUE);
  device_start (self, device, tl_proxy_port (self->proxy));
  self->kills++;
}

/* While it answers, perhaps in the middle of a file. */
static void
kill_server (Machine *self, Device *device, GRand *random)
{
  g_autofree char *answer = NULL;

  do_on (self, device, "file", random);
  tell (device, "sync");
  g_usleep ((gulong)g_rand_int_range (random, 0, 25000));
  tl_test_server_kill (self->server);
  tl_test_server_start (self->server);
  answer = read_line (device);
  is_synced (self, answer);
  self->server_kills++;
}

/* Just after it was said that something is kept: it is. */
static void
kill_postgres (Machine *self, Device *device, GRand *random)
{
  do_on (self, device, "say", random);
  sync_device (self, device);
  tl_test_server_kill_child (self->server, "postgres");
  self->postgres_kills++;
}

/* News between processes stops for a moment; nothing else does. */
static void
kill_redis (Machine *self, Device *device, GRand *random)
{
  do_on (self, device, "say", random);
  tl_test_server_kill_child (self->server, "redis-server");
  sync_device (self, device);
  self->redis_kills++;
}

/* Everybody has been away for a while and comes back at once, so that their transactions overlap. */
static void
return_all (Machine *self, GRand *random)
{
  for (guint i = 0; i < N_DEVICES; i++)
    for (int n = g_rand_int_range (random, 1, 5); n > 0; n--)
      do_on (self, &self->devices[i], "op", random);
  for (guint i = 0; i < N_DEVICES; i++)
    tell (&self->devices[i], "sync");
  for (guint i = 0; i < N_DEVICES; i++) {
    g_autofree char *answer = read_line (&self->devices[i]);

    g_assert_nonnull (answer);
    is_synced (self, answer);
  }
}

static void
step (Machine *self, GRand *random)
{
  Device *device = &self->devices[g_rand_int_range (random, 0, N_DEVICES)];
  int draw = g_rand_int_range (random, 0, 1000);

  if (draw < 2)
    kill_server (self, device, random);
  else if (draw < 3)
    kill_postgres (self, device, random);
  else if (draw < 5)
    kill_redis (self, device, random);
  else if (draw < 18)
    kill_device (self, device, random);
  else if (draw < 90)
    g_free (ask (device, "live"));
  else if (draw < 120)
    return_all (self, random);
  else if (draw < 340)
    sync_device (self, device);
  else
    do_on (self, device, "op", random);
}

/* Messages whose create was refused (their room was left meanwhile) need not be anywhere. */
static void
discard_refused (Machine *self, Device *device)
{
  g_autofree char *line = ask (device, "discard");
  g_auto (GStrv) tokens = g_strsplit (line, " ", -1);

  for (guint t = 1; tokens[t]; t++)
    g_hash_table_replace (self->written, g_strdup (tokens[t]), (gpointer) "deleted");
}

/* Everything out and everything in; FALSE when something could not leave yet. */
static gboolean
settle (Machine *self)
{
  gboolean is_quiet = TRUE;

  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < N_DEVICES; i++) {
      gboolean is_done = sync_device (self, &self->devices[i]);
      g_autofree char *pending = ask (&self->devices[i], "pending");

      is_quiet &= is_done && g_str_equal (pending, "0 0");
      if (g_str_has_prefix (pending, "0 "))
        discard_refused (self, &self->devices[i]);
    }
  return is_quiet;
}

static char *
dump (Machine *self, Device *device)
{
  g_autofree char *path = g_strconcat (device->folder, "/dump", NULL);
  g_autofree char *command = g_strconcat ("dump ", path, NULL);
  g_autofree char *answer = ask (device, command);
  char *text = NULL;

  g_assert_cmpstr (answer, ==, "ok");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

/* What a device sees that never saw anything before. */
static char *
dump_anew (Machine *self, const char *login)
{
  Device device = { .login = login };
  g_autofree char *synced = NULL;
  g_autofree char *cleanup = NULL;
  char *text;

  device.folder = g_build_filename (self->folder, "anew-XXXXXX", NULL);
  g_assert_nonnull (g_mkdtemp (device.folder));
  device_start (self, &device, tl_proxy_port (self->proxy));
  synced = ask (&device, "sync");
  text = g_str_has_prefix (synced, "ok") ? dump (self, &device) : g_strdup (synced);
  device_end (&device, FALSE);
  cleanup = g_strdup_printf ("rm -rf '%s'", device.folder);
  g_assert_cmpint (system (cleanup), ==, 0);
  g_free (device.folder);
  return text;
}

static guint
occurrences (const char *text, const char *token)
{
  guint n = 0;

  for (const char *at = text; (at = strstr (at, token)); at += strlen (token))
    n++;
  return n;
}

static gboolean
report_difference (const char *a, const char *b, const char *what)
{
  g_auto (GStrv) left = g_strsplit (a, "\n", -1);
  g_auto (GStrv) right = g_strsplit (b, "\n", -1);

  g_test_message ("%s differ:", what);
  for (guint i = 0; left[i]; i++)
    if (!g_strv_contains ((const char *const *)right, left[i]))
      g_test_message ("  < %s", left[i]);
  for (guint i = 0; right[i]; i++)
    if (!g_strv_contains ((const char *const *)left, right[i]))
      g_test_message ("  > %s", right[i]);
  return FALSE;
}

/* The devices of one person agree; with `anew`, also with a device made now. `is_last`: say how not. */
static gboolean
is_converged (Machine *self, gboolean anew, gboolean is_last)
{
  g_autofree char *first = dump (self, &self->devices[0]);
  g_autofree char *second = dump (self, &self->devices[1]);

  if (!g_str_equal (first, second))
    return is_last && report_difference (first, second, "alice's devices");
  for (guint i = 1; anew && i < N_DEVICES; i++) {
    g_autofree char *old = dump (self, &self->devices[i]);
    g_autofree char *new = dump_anew (self, self->devices[i].login);

    if (!g_str_equal (old, new))
      return is_last && report_difference (old, new, self->devices[i].login);
  }
  return TRUE;
}

static void
check_messages (Machine *self, guint32 seed)
{
  g_autofree char *text = dump (self, &self->devices[0]);
  GHashTableIter iter;
  gpointer token, fate;

  g_hash_table_iter_init (&iter, self->written);
  while (g_hash_table_iter_next (&iter, &token, &fate)) {
    guint n = occurrences (text, token);

    if (n > 1 || (n == 0 && g_str_equal (fate, "here")))
      g_error ("seed %u: message %s is there %u times", seed, (char *)token, n);
  }
}

/* What each device says, for whoever reads the log. */
static void
report_unrest (Machine *self)
{
  for (guint i = 0; i < N_DEVICES; i++) {
    g_autofree char *synced = ask (&self->devices[i], "sync");
    g_autofree char *pending = ask (&self->devices[i], "pending");

    g_test_message ("%s's device: sync %s, pending %s", self->devices[i].login, synced, pending);
  }
}

/* PostgreSQL may only just be coming back, and a request that hangs is given up after a minute. */
static void
await_server (Machine *self)
{
  gint64 until = g_get_monotonic_time () + 150 * G_TIME_SPAN_SECOND;

  while (!sync_device (self, &self->devices[0]))
    if (g_get_monotonic_time () > until) {
      report_unrest (self);
      g_error ("The server does not come back");
    }
}

static void
run_history (Machine *self, guint32 seed, gboolean anew)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  int steps = g_rand_int_range (random, 10, 24);
  guint rounds = number_from ("CONVERGE_ROUNDS", 60);
  gboolean is_done = FALSE;

  tl_proxy_set_faults (self->proxy, seed, ONE_FAULT_IN);
  for (int i = 0; i < steps; i++)
    step (self, random);
  tl_proxy_set_faults (self->proxy, seed, 0);
  await_server (self);
  for (guint round = 0; !is_done && round < rounds; round++)
    is_done = settle (self) && is_converged (self, anew, round == rounds - 1);
  if (!is_done) {
    report_unrest (self);
    g_error ("seed %u did not converge", seed);
  }
  check_messages (self, seed);
}

/* --- the machine ----------------------------------------------------------------------------- */

static void
machine_start (Machine *self)
{
  static const char *const logins[N_DEVICES] = { "alice", "alice", "bob", "carol" };
  guint16 port;

  self->feeds = world_serve_feeds ();
  g_setenv ("TIDELINE_NEWS_ALLOW_PRIVATE_ADDRESSES", "true", TRUE);
  self->server = tl_test_server_new ();
  tl_test_server_add_user (self->server, "alice", "Alice");
  tl_test_server_add_user (self->server, "bob", "Bob");
  tl_test_server_add_user (self->server, "carol", "Carol");
  port = (guint16)g_ascii_strtoull (strrchr (tl_test_server_url (self->server), ':') + 1, NULL, 10);
  self->proxy = tl_proxy_new (port);
  self->folder = g_dir_make_tmp ("tideline-converge-XXXXXX", NULL);
  self->password_file = g_build_filename (self->folder, "password", NULL);
  g_assert_true (g_file_set_contents (self->password_file, TL_TEST_PASSWORD, -1, NULL));
  self->coverage = coverage_new ();
  self->written = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < N_DEVICES; i++) {
    self->devices[i].login = logins[i];
    self->devices[i].folder = g_strdup_printf ("%s/device-%u", self->folder, i);
    g_assert_cmpint (g_mkdir (self->devices[i].folder, 0700), ==, 0);
    device_start (self, &self->devices[i], tl_proxy_port (self->proxy));
    g_free (ask (&self->devices[i], "sync"));
  }
}

static void
machine_stop (Machine *self)
{
  g_autofree char *cleanup = g_strdup_printf ("rm -rf '%s'", self->folder);

  for (guint i = 0; i < N_DEVICES; i++) {
    device_end (&self->devices[i], FALSE);
    g_free (self->devices[i].folder);
  }
  tl_proxy_free (self->proxy);
  tl_test_server_free (self->server);
  g_assert_cmpint (system (cleanup), ==, 0);
  g_hash_table_unref (self->written);
  g_hash_table_unref (self->coverage);
  g_free (self->folder);
  g_free (self->password_file);
}

static void
test_converges (void)
{
  Machine self = { 0 };
  guint histories = number_from ("CONVERGE_HISTORIES", 300);
  guint32 seed = number_from ("CONVERGE_SEED", g_random_int_range (1, 1000000));
  guint counts[TL_N_FAULTS];

  g_test_message ("%u histories from seed %u", histories, seed);
  machine_start (&self);
  for (guint i = 0; i < histories; i++) {
    run_history (&self, seed + i, i % 20 == 19 || i + 1 == histories);
    if (i % 100 == 99)
      g_test_message ("%u histories agree", i + 1);
  }
  tl_proxy_counts (self.proxy, counts);
  g_test_message ("%u files are whole", world_check_files (self.server));
  g_test_message ("%u operations (%u refused), %u messages counted; killed: %u devices, %u times "
                  "the server, %u PostgreSQL, %u Redis",
                  self.operations, coverage_refused (self.coverage),
                  g_hash_table_size (self.written), self.kills, self.server_kills,
                  self.postgres_kills, self.redis_kills);
  g_test_message (
      "requests: %u whole, %u lost, %u cut, %u answers lost, %u doubled, %u answers cut, "
      "%u delayed",
      counts[TL_FAULT_NONE], counts[TL_FAULT_REQUEST_LOST], counts[TL_FAULT_REQUEST_CUT],
      counts[TL_FAULT_REPLY_LOST], counts[TL_FAULT_DOUBLED], counts[TL_FAULT_REPLY_CUT],
      counts[TL_FAULT_DELAYED]);
  /* Every kind in every way, refusals among them: what is not written here is not shown to converge. */
  g_assert_true (coverage_is_whole (self.coverage) || histories < WHOLE_FROM);
  g_assert_true (coverage_refused (self.coverage) > 0 || histories < WHOLE_FROM);
  machine_stop (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/converge/every-history-ends-in-agreement", test_converges);
  return g_test_run ();
}
