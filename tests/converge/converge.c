/* converge.c: the keystone. Random histories of five devices of three people against a real server, with something
 * of every kind (deeds.c, scene.h), through a proxy that loses, doubles, cuts and delays (proxy.h), with devices and
 * stores killed, clocks that jump, logs cut and a backup restored (faults.h); one device is a program of another make
 * that knows only what RFC 8620 says (plain.py). When it is quiet again nothing waits in any outbox, every replica of
 * a person equals every other and one made anew, and every message that was written is there once.
 *
 * CONVERGE_HISTORIES: how many (250); CONVERGE_SEED: of the first (random, printed); CONVERGE_ROUNDS: how long
 * peace may take (60); CONVERGE_OFTEN=WHAT:NUMBER: so many of a thousand steps are one of the faults of faults.c by
 * name, "watch" (a device listens while another writes), "live" (it listens) or "together" (all come back at once);
 * CONVERGE_SKIP=SEED.STEP,…: without these steps. A failing history names its seed and tells its steps; shrink.py finds
 * the few that it needs. */
#include "tests/converge/faults.h"
#include "tests/converge/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHOLE_FROM 150 /* histories, that every kind comes up in */
#define ONE_FAULT_IN 6
#define ONE_RESTORE_IN 120 /* histories: it takes seconds */

static guint
number_from (const char *name, guint otherwise)
{
  const char *text = g_getenv (name);

  return text ? (guint)g_ascii_strtoull (text, NULL, 10) : otherwise;
}

/* --- a history ------------------------------------------------------------------------------- */

/* Everybody has been away for a while and comes back at once, so that their transactions overlap. */
static void
return_all (Machine *self, GRand *random)
{
  for (guint i = 0; i < N_DEVICES; i++)
    for (int n = g_rand_int_range (random, 1, 5); n > 0; n--)
      machine_do (self, &self->devices[i], "op", random);
  for (guint i = 0; i < N_DEVICES; i++)
    device_tell (&self->devices[i], "sync");
  for (guint i = 0; i < N_DEVICES; i++)
    machine_hear_sync (self, &self->devices[i]);
}

static void
live_on (Machine *self, Device *device)
{
  g_autofree char *answer = device_ask (device, "live");

  machine_tell (self, device, "live", answer);
}

/* A device listens while another one of its person's, or of somebody else's, writes. */
static void
watch (Machine *self, Device *listening, GRand *random)
{
  guint other = (guint)(listening - self->devices) + (guint)g_rand_int_range (random, 1, N_DEVICES);
  Device *writing = &self->devices[other % N_DEVICES];

  live_on (self, listening);
  for (int n = g_rand_int_range (random, 3, 8); n > 0; n--) {
    machine_do (self, writing, "op", random);
    machine_sync (self, writing);
  }
}

static void
step (Machine *self, Device *device, GRand *random)
{
  guint watched = machine_share ("watch", 20), live = watched + machine_share ("live", 60);
  guint together = live + machine_share ("together", 30);
  guint draw;

  if (fault_strikes (self, device, random))
    return;
  draw = (guint)g_rand_int_range (random, 0, 1000);
  if (draw < watched)
    watch (self, device, random);
  else if (draw < live)
    live_on (self, device);
  else if (draw < together)
    return_all (self, random);
  else if (draw < together + 230)
    machine_sync (self, device);
  else
    machine_do (self, device, "op", random);
}

/* Messages whose create was refused (their room was left meanwhile) need not be anywhere. */
static void
discard_refused (Machine *self, Device *device)
{
  g_autofree char *line = device_ask (device, "discard");
  g_auto (GStrv) tokens = g_strsplit (line, " ", -1);

  for (guint t = 1; tokens[t]; t++)
    machine_set_fate (self, tokens[t], "deleted");
}

/* Everything out and everything in; FALSE when something could not leave yet. */
static gboolean
settle (Machine *self)
{
  gboolean is_quiet = TRUE;

  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < N_DEVICES; i++) {
      gboolean is_done = machine_sync (self, &self->devices[i]);
      g_autofree char *pending = device_ask (&self->devices[i], "pending");

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
  g_autofree char *answer = device_ask (device, command);
  char *text = NULL;

  g_assert_cmpstr (answer, ==, "ok");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

/* What a device of the same make sees that never saw anything before. */
static char *
dump_anew (Machine *self, const Device *old)
{
  g_autofree char *folder = g_build_filename (self->folder, "anew", NULL);
  g_autofree char *cleanup = g_strdup_printf ("rm -rf '%s' '%s.clock'", folder, folder);
  g_autofree char *synced = NULL;
  Device device;
  char *text;

  device_init (&device, old->login, old->program, g_steal_pointer (&folder));
  device_start (&device, &self->world);
  synced = device_ask (&device, "sync");
  text = g_str_has_prefix (synced, "ok") ? dump (self, &device) : g_strdup (synced);
  device_end (&device, FALSE);
  device_clear (&device);
  g_assert_cmpint (system (cleanup), ==, 0);
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
    g_autofree char *new = dump_anew (self, &self->devices[i]);

    if (!g_str_equal (old, new))
      return is_last && report_difference (old, new, self->devices[i].login);
  }
  return TRUE;
}

static void
tell_story (Machine *self)
{
  fputs (self->story->str, stdout);
  fflush (stdout);
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

    if (n <= 1 && (n == 1 || !g_str_equal (fate, "here")))
      continue;
    tell_story (self);
    g_error ("seed %u: message %s is there %u times", seed, (char *)token, n);
  }
}

/* What each device says, for whoever reads the log. */
static void
report_unrest (Machine *self)
{
  for (guint i = 0; i < N_DEVICES; i++) {
    g_autofree char *synced = device_ask (&self->devices[i], "sync");
    g_autofree char *pending = device_ask (&self->devices[i], "pending");

    g_test_message ("%s's device: sync %s, pending %s", self->devices[i].login, synced, pending);
  }
}

/* PostgreSQL may only just be coming back, and a request that hangs is given up after a minute. */
static void
await_server (Machine *self, guint32 seed)
{
  gint64 until = g_get_monotonic_time () + 150 * G_TIME_SPAN_SECOND;

  while (!machine_sync (self, &self->devices[0])) {
    if (g_get_monotonic_time () > until || !tl_test_server_is_alive (self->server)) {
      report_unrest (self);
      tell_story (self);
      tl_test_server_assert_alive (self->server);
      g_error ("seed %u: the server does not come back", seed);
    }
  }
}

/* Each step draws from a seed of its own, so that the others stay what they are when one is left out. */
static void
make_history (Machine *self, guint32 seed, const char *skipped)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_auto (GStrv) skip = g_strsplit (skipped, ",", -1);
  int steps = g_rand_int_range (random, 10, 24);
  gboolean is_restored = seed % ONE_RESTORE_IN == ONE_RESTORE_IN / 2;

  for (int i = 0; i < steps; i++) {
    guint32 words[] = { seed, (guint32)i };
    g_autoptr (GRand) own = g_rand_new_with_seed_array (words, G_N_ELEMENTS (words));
    g_autofree char *name = g_strdup_printf ("%u.%d", seed, i);
    Device *device;

    if (is_restored && i == steps / 3)
      fault_back_up (self);
    if (is_restored && i == steps * 2 / 3)
      fault_restore (self);
    if (g_strv_contains ((const char *const *)skip, name))
      continue;
    g_string_append_printf (self->story, "# step %s\n", name);
    device = &self->devices[g_rand_int_range (own, 0, N_DEVICES)];
    if (i != steps / 2 || !fault_is_due (self, device, seed, own))
      step (self, device, own);
  }
}

static void
run_history (Machine *self, guint32 seed, gboolean anew, const char *skipped)
{
  guint rounds = number_from ("CONVERGE_ROUNDS", 60);
  gboolean is_done = FALSE;
  gsize told;

  if (g_getenv ("CONVERGE_SKIP") == NULL)
    g_string_truncate (self->story, 0);
  tl_proxy_set_faults (self->proxy, seed, ONE_FAULT_IN);
  make_history (self, seed, skipped);
  told = self->story->len;
  tl_proxy_set_faults (self->proxy, seed, 0);
  await_server (self, seed);
  for (guint round = 0; !is_done && round < rounds; round++)
    is_done = settle (self) && is_converged (self, anew, round == rounds - 1);
  g_string_truncate (self->story, told);
  if (!is_done) {
    report_unrest (self);
    tell_story (self);
    g_error ("seed %u did not converge", seed);
  }
  check_messages (self, seed);
}

static void
report (Machine *self)
{
  g_autofree char *struck = fault_report ();
  guint counts[TL_N_FAULTS];

  tl_proxy_counts (self->proxy, counts);
  g_test_message ("%u operations (%u refused), %u messages counted; %s", self->operations,
                  coverage_refused (self->coverage), g_hash_table_size (self->written), struck);
  g_test_message (
      "requests: %u whole, %u lost, %u cut, %u answers lost, %u doubled, %u answers cut, "
      "%u delayed",
      counts[TL_FAULT_NONE], counts[TL_FAULT_REQUEST_LOST], counts[TL_FAULT_REQUEST_CUT],
      counts[TL_FAULT_REPLY_LOST], counts[TL_FAULT_DOUBLED], counts[TL_FAULT_REPLY_CUT],
      counts[TL_FAULT_DELAYED]);
}

static void
test_converges (void)
{
  Machine self = { 0 };
  guint histories = number_from ("CONVERGE_HISTORIES", 250);
  guint32 seed = number_from ("CONVERGE_SEED", g_random_int_range (1, 1000000));
  const char *skipped = g_getenv ("CONVERGE_SKIP") ?: "";

  g_test_message ("%u histories from seed %u", histories, seed);
  machine_start (&self);
  for (guint i = 0; i < histories; i++) {
    run_history (&self, seed + i, i % 20 == 19 || i + 1 == histories, skipped);
    if (i % 100 == 99)
      g_test_message ("%u histories agree", i + 1);
  }
  g_test_message ("%u files are whole", world_check_files (self.server));
  report (&self);
  /* Every kind in every way, refusals and each fault among them: what is not there is not shown to converge. */
  g_assert_true (coverage_is_whole (self.coverage) || histories < WHOLE_FROM);
  g_assert_true (coverage_refused (self.coverage) > 0 || histories < WHOLE_FROM);
  g_assert_true (fault_all_struck () || histories < WHOLE_FROM);
  machine_stop (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/converge/every-history-ends-in-agreement", test_converges);
  return g_test_run ();
}
