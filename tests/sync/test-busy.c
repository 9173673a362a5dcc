/* test-busy.c: when a calendar says that one is busy, and that this keeps what happened from disturbing, if one wants. */
#include "sync/models/busy.h"
#include "sync/models/preferences.h"
#include "sync/wire/recurrence.h"
#include "tests/sync/models.h"

#include <locale.h>

#define ME 7
#define MINUTE (G_GINT64_CONSTANT (60) * 1000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

typedef struct {
  FixtureDir *dir;
  TlReplica *replica;
  gint64 now;
} Desk;

static void
set_up (Desk *self, gconstpointer data)
{
  self->dir = fixture_dir ();
  self->replica = models_open (self->dir);
  self->now = g_get_real_time () / 1000;
  models_sql (self->replica,
              "INSERT INTO calendar (key, name) VALUES (5, 'Mine'), (6, 'Theirs');"
              "INSERT INTO calendar_member (key, calendarId, principalId, role) VALUES"
              " (51, 5, 7, 'owner'), (61, 6, 8, 'owner'), (62, 6, 7, 'member')");
}

static void
tear_down (Desk *self, gconstpointer data)
{
  tl_replica_close (self->replica);
  fixture_remove (self->dir);
}

/* An hour, beginning `in` ms from now; more of its columns and their values, SQL, or "". */
static void
add_event (Desk *self, gint64 key, int calendar, gint64 in, const char *columns, const char *values)
{
  char start[TL_LOCAL_DATE_TIME_MAX];
  g_autofree char *sql = NULL;
  gint64 at = self->now + in;

  tl_local_from_ms (at, "Etc/UTC", start);
  sql = g_strdup_printf (
      "INSERT INTO event (key, calendarId, title, start, duration, timeZone%s) VALUES"
      " (%d, %d, 'e', '%s', 'PT1H', 'Etc/UTC'%s);"
      "INSERT INTO event_span VALUES (%d, %" G_GINT64_FORMAT ", 9000000000000000)",
      columns, (int)key, calendar, start, values, (int)key, at - 1000);
  models_sql (self->replica, sql);
}

static void
turn (gint64 until)
{
  g_assert_cmpint (g_get_monotonic_time (), <, until);
  g_main_context_iteration (NULL, FALSE);
  g_usleep (1000);
}

#define SENTINEL (20 * HOUR)

/* What was read says so of the sentinel, too. */
static void
assert_busy (Desk *self, gint64 in, gboolean expected)
{
  TlBusy *busy = tl_busy_new (self->replica, ME);
  gint64 until = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (!tl_busy_is (busy, self->now + SENTINEL + MINUTE))
    turn (until);
  g_assert_cmpint (tl_busy_is (busy, self->now + in), ==, expected);
  tl_busy_free (busy);
}

static void
test_times (Desk *self, gconstpointer data)
{
  add_event (self, 9, 5, SENTINEL, "", "");
  add_event (self, 1, 5, -30 * MINUTE, "", "");
  add_event (self, 2, 5, 2 * HOUR - 7 * DAY, ", recurrenceRules",
             ", '[{\"frequency\":\"daily\"}]'");
  assert_busy (self, 0, TRUE);
  assert_busy (self, 45 * MINUTE, FALSE);
  assert_busy (self, 2 * HOUR + 30 * MINUTE, TRUE);
  assert_busy (self, 4 * HOUR, FALSE);
  assert_busy (self, 26 * HOUR + 30 * MINUTE, TRUE);
}

static void
test_what_counts (Desk *self, gconstpointer data)
{
  static const struct {
    int calendar;
    const char *columns, *values;
    gboolean is_busy;
  } cases[] = {
    { 5, "", "", TRUE },
    { 5, ", freeBusyStatus", ", 'free'", FALSE },
    { 5, ", status", ", 'cancelled'", FALSE },
    { 5, ", showWithoutTime", ", 1", FALSE },
    { 6, "", "", FALSE }, /* somebody else's */
    { 6, ", participants", ", '{\"t7\":{\"participationStatus\":\"accepted\"}}'", TRUE },
    { 6, ", participants", ", '{\"t7\":{\"participationStatus\":\"needs-action\"}}'", FALSE },
    { 6, ", participants", ", '{\"t8\":{\"participationStatus\":\"accepted\"}}'", FALSE },
    { 5, ", participants", ", '{\"t7\":{\"participationStatus\":\"declined\"}}'", FALSE },
  };

  add_event (self, 9, 5, SENTINEL, "", "");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    add_event (self, 100 + i, cases[i].calendar, -30 * MINUTE, cases[i].columns, cases[i].values);
    g_test_message ("case %u", i);
    assert_busy (self, 0, cases[i].is_busy);
    models_sql (self->replica, "DELETE FROM event WHERE key >= 100");
  }
  models_sql (self->replica,
              "INSERT INTO calendar (key, name) VALUES (4, 'Hidden');"
              "INSERT INTO calendar_member (key, calendarId, principalId, role) VALUES"
              " (41, 4, 7, 'owner')");
  add_event (self, 1, 4, -30 * MINUTE, "", "");
  models_sql (self->replica,
              "INSERT INTO calendar_mark (key, calendarId, isHidden) VALUES (4, 4, 1)");
  assert_busy (self, 0, FALSE);
}

static void
await_disturb (Desk *self, TlPreferences *preferences, gboolean expected)
{
  gint64 until = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (tl_preferences_may_disturb (preferences, self->now) != expected)
    turn (until);
}

static void
test_wanted (Desk *self, gconstpointer data)
{
  TlPreferences *preferences = tl_preferences_new (self->replica, ME);

  add_event (self, 1, 5, -30 * MINUTE, "", "");
  await_disturb (self, preferences, TRUE);
  models_sql (self->replica,
              "INSERT INTO settings (key, principalId, quietWhenBusy) VALUES (7, 7, 1)");
  await_disturb (self, preferences, FALSE);
  g_assert_true (tl_preferences_may_disturb (preferences, self->now + HOUR));
  g_assert_false (tl_preferences_is_quiet (preferences, self->now));
  models_sql (self->replica, "DELETE FROM event; DELETE FROM event_span");
  await_disturb (self, preferences, TRUE);
  g_object_unref (preferences);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_setenv ("TZ", "Etc/UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_test_add ("/busy/by-the-hours-of-events", Desk, NULL, set_up, test_times, tear_down);
  g_test_add ("/busy/by-what-is-one-s-own", Desk, NULL, set_up, test_what_counts, tear_down);
  g_test_add ("/busy/nothing-disturbs-if-one-wants", Desk, NULL, set_up, test_wanted, tear_down);
  return g_test_run ();
}
