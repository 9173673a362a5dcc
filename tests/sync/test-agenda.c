/* test-agenda.c: what happens when, and what editing does to it. */
#include "sync/actions-calendar.h"
#include "sync/models/agenda.h"
#include "sync/wire/recurrence.h"
#include "tests/sync/models.h"

#include <locale.h>

#define HOUR (G_GINT64_CONSTANT (60) * 60 * 1000)
#define ME 1

static gint64
at (const char *local)
{
  gint64 ms = 0;

  g_assert_true (tl_local_to_ms (local, "Etc/UTC", &ms));
  return ms;
}

static gboolean
is_ready (TlAgenda *agenda)
{
  gboolean ready;

  g_object_get (agenda, "ready", &ready, NULL);
  return ready;
}

static TlAgenda *
agenda_of (TlReplica *replica, const char *from, const char *until)
{
  TlAgenda *agenda = tl_agenda_new (replica, ME);

  tl_agenda_ask (agenda, at (from), at (until));
  return agenda;
}

/* "title@local title@local": all occurrences. */
static char *
list (TlAgenda *agenda)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (agenda)); i++) {
    g_autoptr (TlOccurrenceItem) item = g_list_model_get_item (G_LIST_MODEL (agenda), i);
    char local[TL_LOCAL_DATE_TIME_MAX];

    tl_local_from_ms (item->start, "Etc/UTC", local);
    local[16] = '\0';
    g_string_append_printf (text, "%s%s@%s", i ? " " : "", item->title, local + 8);
  }
  return g_string_free_and_steal (text);
}

static void
await_list (TlAgenda *agenda, const char *expected)
{
  gint64 until = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  g_autofree char *last = NULL;

  for (;;) {
    g_autofree char *now = list (agenda);

    if (is_ready (agenda) && g_str_equal (now, expected))
      return;
    if (g_get_monotonic_time () > until)
      g_error ("waited in vain for “%s”, there is “%s”", expected, now);
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

static gint64
key_of (DexFuture *future)
{
  g_autoptr (DexFuture) own = future;
  g_autoptr (GError) error = NULL;
  const GValue *value = fixture_await (own, &error);

  g_assert_no_error (error);
  return g_value_get_int64 (value);
}

static TlEventSketch
sketch_of (gint64 calendar, const char *title, const char *start, TlRepeat repeat,
           const char *until)
{
  return (TlEventSketch){ .calendar = calendar,
                          .title = title,
                          .start = start,
                          .duration = "PT1H",
                          .time_zone = "Etc/UTC",
                          .repeat = repeat,
                          .until = until,
                          .reminder = 10 };
}

static gint64
add (TlReplica *replica, gint64 calendar, const char *title, const char *start, const char *until)
{
  TlEventSketch sketch =
      sketch_of (calendar, title, start, until ? TL_REPEAT_DAILY : TL_REPEAT_NEVER, until);

  return key_of (tl_action_new_event (replica, &sketch));
}

static gint64
make_calendar (TlReplica *replica)
{
  return key_of (tl_action_new_calendar (replica, "Home", "teal"));
}

#define LAST "2026-11-07T23:59:00"

static void
test_order (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  TlReplica *replica = models_open (dir);
  gint64 calendar = make_calendar (replica);
  TlAgenda *agenda = agenda_of (replica, "2026-11-01T00:00:00", "2026-12-01T00:00:00");

  add (replica, calendar, "b", "2026-11-05T12:00:00", NULL);
  add (replica, calendar, "a", "2026-11-05T09:00:00", NULL);
  add (replica, calendar, "far", "2027-11-05T09:00:00", NULL);
  add (replica, calendar, "d", "2026-11-04T10:00:00", LAST);
  await_list (agenda, "d@04T10:00 a@05T09:00 d@05T10:00 b@05T12:00 d@06T10:00 d@07T10:00");
  done (tl_action_hide_calendar (replica, calendar, TRUE));
  await_list (agenda, "");
  done (tl_action_hide_calendar (replica, calendar, FALSE));
  await_list (agenda, "d@04T10:00 a@05T09:00 d@05T10:00 b@05T12:00 d@06T10:00 d@07T10:00");
  tl_agenda_ask (agenda, at ("2027-11-01T00:00:00"), at ("2027-12-01T00:00:00"));
  await_list (agenda, "far@05T09:00");
  g_object_unref (agenda);
  tl_replica_close (replica);
}

/* The event and its operation lie in two files: a reader may be between them. */
static void
await_waiting (TlAgenda *agenda)
{
  gint64 op = 0;

  while (op == 0) {
    g_autoptr (TlOccurrenceItem) item = g_list_model_get_item (G_LIST_MODEL (agenda), 0);

    op = item->op;
    if (op == 0)
      g_main_context_iteration (NULL, TRUE);
  }
}

static void
count_changes (TlAgenda *agenda, guint position, guint removed, guint added, guint *total)
{
  *total += removed + added;
}

static void
test_little (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  TlReplica *replica = models_open (dir);
  gint64 calendar = make_calendar (replica);
  TlAgenda *agenda = agenda_of (replica, "2026-11-01T00:00:00", "2026-12-01T00:00:00");
  g_autoptr (TlOccurrenceItem) item = NULL;
  guint total = 0;

  add (replica, calendar, "d", "2026-11-04T10:00:00", LAST);
  await_list (agenda, "d@04T10:00 d@05T10:00 d@06T10:00 d@07T10:00");
  await_waiting (agenda);
  item = g_list_model_get_item (G_LIST_MODEL (agenda), 0);
  g_assert_cmpstr (item->color, ==, "teal");
  g_assert_true (item->is_writable && item->is_recurring && !item->is_all_day);
  g_signal_connect (agenda, "items-changed", G_CALLBACK (count_changes), &total);
  add (replica, calendar, "x", "2026-11-05T12:00:00", NULL);
  await_list (agenda, "d@04T10:00 d@05T10:00 x@05T12:00 d@06T10:00 d@07T10:00");
  g_assert_cmpuint (total, ==, 1);
  g_object_unref (agenda);
  tl_replica_close (replica);
}

static void
test_instances (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  TlReplica *replica = models_open (dir);
  gint64 calendar = make_calendar (replica), event;
  TlAgenda *agenda = agenda_of (replica, "2026-11-01T00:00:00", "2026-12-01T00:00:00");
  TlEventSketch later = sketch_of (calendar, "later", "2026-11-06T11:00:00", TL_REPEAT_DAILY, LAST);

  event = add (replica, calendar, "d", "2026-11-04T10:00:00", LAST);
  await_list (agenda, "d@04T10:00 d@05T10:00 d@06T10:00 d@07T10:00");
  done (tl_action_move_instance (replica, event, "2026-11-05T10:00:00", at ("2026-11-05T15:00:00"),
                                 at ("2026-11-05T17:00:00")));
  await_list (agenda, "d@04T10:00 d@05T15:00 d@06T10:00 d@07T10:00");
  done (tl_action_delete_instance (replica, event, "2026-11-04T10:00:00"));
  await_list (agenda, "d@05T15:00 d@06T10:00 d@07T10:00");
  done (tl_action_edit_following (replica, event, "2026-11-06T10:00:00", &later));
  await_list (agenda, "d@05T15:00 later@06T11:00 later@07T11:00");
  done (tl_action_delete_event (replica, event));
  await_list (agenda, "later@06T11:00 later@07T11:00");
  g_object_unref (agenda);
  tl_replica_close (replica);
}

static void
test_following_go (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  TlReplica *replica = models_open (dir);
  gint64 event = add (replica, make_calendar (replica), "d", "2026-11-04T10:00:00", LAST);
  TlAgenda *agenda = agenda_of (replica, "2026-11-01T00:00:00", "2026-12-01T00:00:00");

  done (tl_action_delete_following (replica, event, "2026-11-06T10:00:00"));
  await_list (agenda, "d@04T10:00 d@05T10:00");
  done (tl_action_delete_following (replica, event, "2026-11-04T10:00:00"));
  await_list (agenda, "");
  g_object_unref (agenda);
  tl_replica_close (replica);
}

/* What the editor does not show stays. */
static void
test_kept (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  TlReplica *replica = models_open (dir);
  TlEventSketch sketch = sketch_of (5, "f", "2026-11-04T10:00:00", TL_REPEAT_OTHER, NULL);
  g_autoptr (DexFuture) future = NULL;
  TlCalendarEvent *event;

  models_sql (
      replica,
      "INSERT INTO calendar (key, name, color) VALUES (5, 'Home', 'blue');"
      "INSERT INTO event (key, calendarId, title, start, recurrenceRules, alerts) VALUES (6, 5,"
      " 'e', '2026-11-04T10:00:00', '[{\"frequency\":\"daily\",\"count\":3}]',"
      " '{\"a\":{\"trigger\":{\"offset\":\"-PT10M\"}},\"b\":{\"trigger\":{\"offset\":"
      "\"-P1D\"}}}')");
  done (tl_action_edit_event (replica, 6, &sketch));
  future = tl_event_load (replica, 6);
  event = g_value_get_pointer (fixture_await (future, NULL));
  g_assert_cmpstr (event->title, ==, "f");
  g_assert_nonnull (strstr (event->recurrence_rules, "count"));
  g_assert_nonnull (strstr (event->alerts, "-P1D"));
  tl_record_free (&tl_calendar_event_type, event);
  tl_replica_close (replica);
}

/* Moved here, it keeps the clock of its own zone. */
static void
test_zone (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  TlReplica *replica = models_open (dir);
  TlAgenda *agenda = agenda_of (replica, "2026-11-01T00:00:00", "2026-12-01T00:00:00");

  models_sql (replica,
              "INSERT INTO calendar (key, name, color) VALUES (5, 'Home', 'blue');"
              "INSERT INTO event (key, calendarId, title, start, duration, timeZone) VALUES"
              " (6, 5, 'e', '2026-11-04T19:00:00', 'PT1H', 'Asia/Tokyo');"
              "INSERT INTO event_span VALUES (6, 0, 9000000000000)");
  await_list (agenda, "e@04T10:00");
  done (tl_action_move_instance (replica, 6, "", at ("2026-11-05T12:00:00"),
                                 at ("2026-11-05T13:00:00")));
  await_list (agenda, "e@05T12:00");
  g_object_unref (agenda);
  tl_replica_close (replica);
}

/* Until the one occurrence is one that was answered. */
static void
await_answer (TlAgenda *agenda)
{
  gint64 until = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  for (;;) {
    g_autoptr (TlOccurrenceItem) item = g_list_model_get_item (G_LIST_MODEL (agenda), 0);

    if (item && !item->is_unanswered)
      return;
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_main_context_iteration (NULL, FALSE);
    g_usleep (1000);
  }
}

static void
test_invitation (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  TlReplica *replica = models_open (dir);
  TlAgenda *agenda = agenda_of (replica, "2026-11-01T00:00:00", "2026-12-01T00:00:00");
  g_autoptr (TlOccurrenceItem) item = NULL;

  models_sql (replica,
              "INSERT INTO calendar (key, name, color) VALUES (5, 'Home', 'blue');"
              "INSERT INTO event (key, calendarId, title, start, timeZone, participants) VALUES"
              " (6, 5, 'haul-out', '2026-11-04T10:00:00', 'Etc/UTC',"
              " '{\"t1\":{\"participationStatus\":\"needs-action\"}}');"
              "INSERT INTO event_span VALUES (6, 1793786400000, 1793786400000)");
  await_list (agenda, "haul-out@04T10:00");
  item = g_list_model_get_item (G_LIST_MODEL (agenda), 0);
  g_assert_true (item->is_unanswered);
  done (tl_action_answer (replica, 6, ME, "accepted"));
  await_answer (agenda);
  g_object_unref (agenda);
  tl_replica_close (replica);
}

static void
test_many (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  TlReplica *replica = models_open (dir);
  TlAgenda *agenda;
  gint64 began;

  models_sql (
      replica,
      "INSERT INTO calendar (key, name, color) VALUES (5, 'Home', 'blue');"
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
      " INSERT INTO event (key, calendarId, title, start, duration, timeZone)"
      " SELECT i + 100, 5, 'e', strftime('%Y-%m-%dT%H:%M:%S', 1500000000 + i * 10800, 'unixepoch'),"
      " 'PT1H', 'Etc/UTC' FROM n;"
      "INSERT INTO event_span SELECT key, unixepoch(start) * 1000, unixepoch(start) * 1000 + "
      "3600000 FROM event");
  began = g_get_monotonic_time ();
  agenda = agenda_of (replica, "2026-10-26T00:00:00", "2026-12-07T00:00:00");
  while (!is_ready (agenda))
    g_main_context_iteration (NULL, TRUE);
  g_test_message ("six weeks of 100,000 events: %d ms",
                  (int)((g_get_monotonic_time () - began) / 1000));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (agenda)), ==, 42 * 8 + 1);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 2 * G_USEC_PER_SEC);
  g_object_unref (agenda);
  tl_replica_close (replica);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_setenv ("TZ", "Etc/UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_test_add_func ("/agenda/in-the-order-of-starts-without-hidden-calendars", test_order);
  g_test_add_func ("/agenda/changes-little-when-little-changes", test_little);
  g_test_add_func ("/agenda/one-instance-and-those-that-follow", test_instances);
  g_test_add_func ("/agenda/those-that-follow-go", test_following_go);
  g_test_add_func ("/agenda/what-the-editor-does-not-show-stays", test_kept);
  g_test_add_func ("/agenda/what-is-moved-keeps-its-zone", test_zone);
  g_test_add_func ("/agenda/invitations-are-answered", test_invitation);
  g_test_add_func ("/agenda/a-hundred-thousand-events-are-quick", test_many);
  return g_test_run ();
}
