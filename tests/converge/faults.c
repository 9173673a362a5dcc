/* faults.c: see the header. */
#include "tests/converge/faults.h"

#include "tests/fixtures/clock.h"

#include <string.h>

#define MOST_US 25000 /* into a round, wherever it is by then */
#define ONE_IN 40     /* histories, of each */

static guint counts[N_FAULTS];

/* --- processes ----------------------------------------------------------------------------------- */

static void
wait_a_moment (GRand *random)
{
  g_usleep ((gulong)g_rand_int_range (random, 0, MOST_US));
}

static void
kill_device (Machine *self, Device *device, GRand *random)
{
  device_tell (device, "sync");
  wait_a_moment (random);
  device_end (device, TRUE);
  device_start (device, &self->world);
}

/* While it answers, perhaps in the middle of a file. */
static void
kill_server (Machine *self, Device *device, GRand *random)
{
  machine_do (self, device, "file", random);
  device_tell (device, "sync");
  wait_a_moment (random);
  tl_test_server_kill (self->server);
  tl_test_server_start (self->server);
  machine_hear_sync (self, device);
}

/* Just after it was said that something is kept: it is. */
static void
kill_postgres (Machine *self, Device *device, GRand *random)
{
  machine_do (self, device, "say", random);
  machine_sync (self, device);
  tl_test_server_kill_child (self->server, "postgres");
}

/* News between processes stops for a moment; nothing else does. */
static void
kill_redis (Machine *self, Device *device, GRand *random)
{
  machine_do (self, device, "say", random);
  tl_test_server_kill_child (self->server, "redis-server");
  machine_sync (self, device);
}

/* --- time ---------------------------------------------------------------------------------------- */

/* A device may be a year off; a server, minutes or some hours, past what a token lives. */
static void
jump_clock (Machine *self, Device *device, GRand *random)
{
  gboolean is_server = g_rand_int_range (random, 0, 3) == 0;
  gint32 most = is_server ? 6 * 3600 : 400 * 24 * 3600;

  tl_clock_set (is_server ? self->clock : device->clock, g_rand_int_range (random, -most, most));
}

/* A month passes for the log, and the daily purge: devices that were not there since have to begin anew. */
static void
cut_log (Machine *self, Device *device, GRand *random)
{
  gint64 until = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;
  gboolean is_cut = FALSE;

  machine_do (self, device, "say", random);
  g_free (tl_test_server_sql (self->server, "UPDATE sync.change SET at = at - interval '31 days'"));
  g_free (tl_test_server_sql (self->server,
                              "UPDATE sync.job SET run_at = now() + interval '1 second', "
                              "leased_until = NULL WHERE kind = 'purge'"));
  tl_test_server_kill (self->server); /* before it is due */
  tl_test_server_start (self->server);
  while (!is_cut) {
    g_autofree char *old = tl_test_server_sql (
        self->server, "SELECT count(*) FROM sync.change WHERE at < now() - interval '30 days'");

    is_cut = g_str_equal (old, "0");
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_usleep (is_cut ? 0 : 20000);
  }
}

/* --- a backup ------------------------------------------------------------------------------------ */

static char *
backup_folder (Machine *self)
{
  return g_build_filename (self->folder, "backup", NULL);
}

/* What was written until now, and is not known to be kept, may go with what is written from now on. */
void
fault_back_up (Machine *self)
{
  g_autofree char *kept = tl_test_server_sql (
      self->server, "SELECT string_agg (substr (body, 1, 17), ' ') FROM chat.message "
                    "WHERE body ~ '^m[0-9a-f]{16}'");
  g_autofree char *folder = backup_folder (self);
  const char *const command[] = { "backup", folder, NULL };

  g_free (tl_test_server_ctl (self->server, command, NULL));
  g_set_str (&self->kept, kept);
}

static void
forgive (Machine *self)
{
  GHashTableIter iter;
  gpointer token, fate;

  g_hash_table_iter_init (&iter, self->written);
  while (g_hash_table_iter_next (&iter, &token, &fate))
    if (g_str_equal (fate, "here") && !(self->kept && strstr (self->kept, token)))
      g_hash_table_iter_replace (&iter, (gpointer) "perhaps");
}

/* What waits in an outbox is nobody's to lose. */
static void
claim_waiting (Machine *self, Device *device)
{
  g_autofree char *line = device_ask (device, "waiting");
  g_auto (GStrv) tokens = g_strsplit (line, " ", -1);

  for (guint t = 1; tokens[t]; t++)
    machine_set_fate (self, tokens[t], "here");
}

void
fault_restore (Machine *self)
{
  g_autofree char *folder = backup_folder (self);
  const char *const command[] = { "restore", "--force", folder, NULL };

  tl_test_server_stop (self->server);
  g_free (tl_test_server_ctl (self->server, command, NULL));
  machine_tell (self, self->devices, "fault", "restored");
  forgive (self);
  for (guint i = 0; i < N_DEVICES; i++) {
    claim_waiting (self, &self->devices[i]);
    device_end (&self->devices[i], FALSE);
  }
  tl_test_server_start (self->server);
  for (guint i = 0; i < N_DEVICES; i++)
    device_start (&self->devices[i], &self->world);
  counts[FAULT_RESTORE]++;
}

/* --- which --------------------------------------------------------------------------------------- */

static const struct {
  const char *name, *told;
  guint of_thousand;
  void (*strike) (Machine *self, Device *device, GRand *random);
} faults[N_FAULTS] = {
  [FAULT_DEVICE] = { "device", "devices killed", 13, kill_device },
  [FAULT_SERVER] = { "server", "servers killed", 2, kill_server },
  [FAULT_POSTGRES] = { "postgres", "PostgreSQL killed", 1, kill_postgres },
  [FAULT_REDIS] = { "redis", "Redis killed", 2, kill_redis },
  [FAULT_CLOCK] = { "clock", "clocks jumped", 15, jump_clock },
  [FAULT_LOG] = { "log", "logs cut", 2, cut_log },
  [FAULT_RESTORE] = { "restore", "restored", 0, NULL },
};

static void
strike (Machine *self, Device *device, Fault fault, GRand *random)
{
  machine_tell (self, device, "fault", faults[fault].told);
  faults[fault].strike (self, device, random);
  counts[fault]++;
}

gboolean
fault_strikes (Machine *self, Device *device, GRand *random)
{
  guint draw = (guint)g_rand_int_range (random, 0, 1000);

  for (Fault fault = 0; fault < FAULT_RESTORE; fault++) {
    guint share = machine_share (faults[fault].name, faults[fault].of_thousand);

    if (draw < share) {
      strike (self, device, fault, random);
      return TRUE;
    }
    draw -= share;
  }
  return FALSE;
}

gboolean
fault_is_due (Machine *self, Device *device, guint32 seed, GRand *random)
{
  guint32 fault = seed % ONE_IN;

  if (fault >= FAULT_RESTORE)
    return FALSE;
  strike (self, device, (Fault)fault, random);
  return TRUE;
}

char *
fault_report (void)
{
  GString *words = g_string_new (NULL);

  for (Fault fault = 0; fault < N_FAULTS; fault++)
    g_string_append_printf (words, "%s%s: %u", fault ? ", " : "", faults[fault].told,
                            counts[fault]);
  return g_string_free (words, FALSE);
}

gboolean
fault_all_struck (void)
{
  for (Fault fault = 0; fault < N_FAULTS; fault++)
    if (counts[fault] == 0)
      return FALSE;
  return TRUE;
}
