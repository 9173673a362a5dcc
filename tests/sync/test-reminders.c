/* test-reminders.c: when events are told of, and when not any more. */
#include "sync/actions-calendar.h"
#include "sync/reminders.h"
#include "sync/wire/recurrence.h"
#include "tests/sync/models.h"

#include <locale.h>

#define MINUTE (G_GINT64_CONSTANT (60) * 1000)

static gint64
now_ms (void)
{
  return g_get_real_time () / 1000;
}

/* An event `minutes` and `seconds` from now with a reminder `before` minutes ahead. */
static void
add_event (TlReplica *replica, gint64 key, gint64 in_ms, int before)
{
  char start[TL_LOCAL_DATE_TIME_MAX];
  g_autofree char *sql = NULL;
  gint64 at = now_ms () + in_ms;

  tl_local_from_ms (at, "Etc/UTC", start);
  sql = g_strdup_printf (
      "INSERT INTO event (key, calendarId, title, start, duration, timeZone, alerts) VALUES"
      " (%d, 5, 'e%d', '%s', 'PT1H', 'Etc/UTC', '{\"1\":{\"trigger\":{\"offset\":\"-PT%dM\"}}}');"
      "INSERT INTO event_span VALUES (%d, %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT ")",
      (int)key, (int)key, start, before, (int)key, at - 1000, at + 60 * MINUTE);
  models_sql (replica, sql);
}

static void
heard_due (TlReminders *reminders, const TlReminder *reminder, GString *heard)
{
  g_string_append_printf (heard, "%s ", reminder->title);
}

static void
heard_done (TlReminders *reminders, gint64 event, GString *heard)
{
  g_string_append_printf (heard, "-%d ", (int)event);
}

static TlReminders *
listen_to (TlReplica *replica, GString *heard)
{
  TlReminders *reminders = tl_reminders_new (replica);

  g_signal_connect (reminders, "due", G_CALLBACK (heard_due), heard);
  g_signal_connect (reminders, "done", G_CALLBACK (heard_done), heard);
  return reminders;
}

static void
await_heard (GString *heard, const char *expected)
{
  gint64 until = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (!g_str_equal (heard->str, expected)) {
    if (g_get_monotonic_time () > until)
      g_error ("waited in vain for “%s”, heard “%s”", expected, heard->str);
    g_main_context_iteration (NULL, FALSE);
    g_usleep (1000);
  }
}

static void
done (DexFuture *future)
{
  g_autoptr (DexFuture) own = future;
  g_autoptr (GError) error = NULL;

  fixture_await (own, &error);
  g_assert_no_error (error);
}

static void
test_due (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  TlReplica *replica = models_open (dir);
  g_autoptr (GString) heard = g_string_new (NULL);
  TlReminders *reminders;

  add_event (replica, 1, 5 * MINUTE + 2000, 5);
  add_event (replica, 2, 60 * MINUTE, 5);
  add_event (replica, 3, -80 * MINUTE, 5);
  reminders = listen_to (replica, heard);
  models_settle (replica);
  await_heard (heard, "e1 ");
  g_object_unref (reminders);
  tl_replica_close (replica);
}

static void
test_elsewhere (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  TlReplica *replica = models_open (dir);
  g_autoptr (GString) heard = g_string_new (NULL);
  TlReminders *reminders = listen_to (replica, heard);

  add_event (replica, 1, 3 * MINUTE, 5);
  await_heard (heard, "e1 ");
  done (tl_action_acknowledge (replica, 1, now_ms ()));
  await_heard (heard, "e1 -1 ");
  models_settle (replica);
  g_assert_cmpstr (heard->str, ==, "e1 -1 ");
  g_object_unref (reminders);
  tl_replica_close (replica);
}

static void
test_snoozed (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  TlReplica *replica = models_open (dir);
  g_autoptr (GString) heard = g_string_new (NULL);
  TlReminders *reminders = listen_to (replica, heard);

  add_event (replica, 1, 3 * MINUTE, 5);
  await_heard (heard, "e1 ");
  done (tl_action_snooze_reminder (replica, 1, now_ms () + 1500));
  await_heard (heard, "e1 -1 ");
  await_heard (heard, "e1 -1 e1 ");
  g_object_unref (reminders);
  tl_replica_close (replica);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_setenv ("TZ", "Etc/UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_test_add_func ("/reminders/come-in-time-and-not-hours-late", test_due);
  g_test_add_func ("/reminders/end-when-dismissed-anywhere", test_elsewhere);
  g_test_add_func ("/reminders/come-again-when-snoozed", test_snoozed);
  return g_test_run ();
}
