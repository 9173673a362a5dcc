/* Instances of events: rules, clocks that change, exceptions, and rules that would go on for ever. */
#include "sync/wire/recurrence.h"

#include <string.h>

typedef struct {
  const char *start, *duration, *zone, *rules, *overrides;
  gboolean all_day;
} Sketch;

static TlCalendarEvent
event_of (const Sketch *sketch)
{
  return (TlCalendarEvent){ .start = (char *)sketch->start,
                            .duration = (char *)sketch->duration,
                            .time_zone = (char *)sketch->zone,
                            .recurrence_rules = (char *)sketch->rules,
                            .recurrence_overrides = (char *)sketch->overrides,
                            .show_without_time = sketch->all_day ? TL_TRUE : TL_FALSE };
}

static gint64
utc (const char *local)
{
  gint64 ms;

  g_assert_true (tl_local_to_ms (local, NULL, &ms));
  return ms;
}

/* The instances' starts in UTC, "+" an instance that was cut off. */
static void
expect (const Sketch *sketch, const char *from, const char *until, const char *expected)
{
  TlCalendarEvent event = event_of (sketch);
  gboolean is_cut;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) instances = NULL;
  g_autoptr (GString) got = g_string_new (NULL);

  tl_event_check (&event, &error);
  g_assert_no_error (error);
  instances = tl_event_instances (&event, "Europe/Berlin", utc (from), utc (until), &is_cut);
  for (guint i = 0; i < instances->len; i++) {
    char local[TL_LOCAL_DATE_TIME_MAX];

    tl_local_from_ms (g_array_index (instances, TlInstance, i).start, NULL, local);
    g_string_append_printf (got, "%s%s", got->len ? " " : "", local);
  }
  g_assert_cmpstr (got->str, ==, expected);
  g_assert_false (is_cut);
}

static void
test_single (void)
{
  const Sketch sketch = { "2026-11-23T12:30:00", "PT1H30M", "Europe/Stockholm" };

  expect (&sketch, "2026-11-23T00:00:00", "2026-11-24T00:00:00", "2026-11-23T11:30:00");
  expect (&sketch, "2026-11-23T12:59:59", "2026-11-24T00:00:00", "2026-11-23T11:30:00");
  expect (&sketch, "2026-11-23T13:00:00", "2026-11-24T00:00:00", "");
}

/* At nine by the clock on the wall, before and after the clocks go back. */
static void
test_clocks_change (void)
{
  const Sketch sketch = { "2026-10-19T09:00:00", "PT1H", "Europe/Berlin",
                          "[{\"frequency\":\"weekly\"}]" };
  const Sketch gap = { "2026-03-28T02:30:00", "PT30M", "Europe/Berlin",
                       "[{\"frequency\":\"daily\",\"count\":3}]" };
  const Sketch fold = { "2026-10-24T02:30:00", "PT30M", "Europe/Berlin",
                        "[{\"frequency\":\"daily\",\"count\":3}]" };

  expect (&sketch, "2026-10-18T00:00:00", "2026-11-03T00:00:00",
          "2026-10-19T07:00:00 2026-10-26T08:00:00 2026-11-02T08:00:00");
  expect (&gap, "2026-03-01T00:00:00", "2026-04-01T00:00:00",
          "2026-03-28T01:30:00 2026-03-29T01:30:00 2026-03-30T00:30:00");
  expect (&fold, "2026-10-01T00:00:00", "2026-11-01T00:00:00",
          "2026-10-24T00:30:00 2026-10-25T00:30:00 2026-10-26T01:30:00");
}

static void
test_rules (void)
{
  const Sketch leap = { "2024-02-29T10:00:00", NULL, "Etc/UTC", "[{\"frequency\":\"yearly\"}]" };
  const Sketch last_friday = {
    "2026-01-30T10:00:00", NULL, "Etc/UTC",
    "[{\"frequency\":\"monthly\",\"byDay\":[{\"day\":\"fr\",\"nthOfPeriod\":-1}],\"until\":"
    "\"2026-04-01T00:00:00\"}]"
  };
  const Sketch two = { "2026-01-05T10:00:00", NULL, "Etc/UTC",
                       "[{\"frequency\":\"weekly\",\"interval\":2,\"byDay\":[{\"day\":\"mo\"},"
                       "{\"day\":\"we\"}],\"count\":4}]" };

  expect (&leap, "2024-01-01T00:00:00", "2033-01-01T00:00:00",
          "2024-02-29T10:00:00 2028-02-29T10:00:00 2032-02-29T10:00:00");
  expect (&last_friday, "2026-01-01T00:00:00", "2027-01-01T00:00:00",
          "2026-01-30T10:00:00 2026-02-27T10:00:00 2026-03-27T10:00:00");
  expect (&two, "2026-01-01T00:00:00", "2027-01-01T00:00:00",
          "2026-01-05T10:00:00 2026-01-07T10:00:00 2026-01-19T10:00:00 2026-01-21T10:00:00");
  expect (&two, "2026-01-10T00:00:00", "2026-01-20T00:00:00", "2026-01-19T10:00:00");
}

static void
test_exceptions (void)
{
  const Sketch sketch = { "2026-01-05T10:00:00", "PT1H", "Etc/UTC",
                          "[{\"frequency\":\"daily\",\"count\":4}]",
                          "{\"2026-01-06T10:00:00\":{\"excluded\":true},"
                          "\"2026-01-07T10:00:00\":{\"start\":\"2026-03-01T08:00:00\","
                          "\"title\":\"Moved\"},"
                          "\"2026-01-20T10:00:00\":{}}" };
  TlCalendarEvent event = event_of (&sketch);
  TlCalendarEvent *moved = tl_event_instance (&event, "2026-01-07T10:00:00");
  gint64 start, end;

  expect (&sketch, "2026-01-01T00:00:00", "2027-01-01T00:00:00",
          "2026-01-05T10:00:00 2026-01-08T10:00:00 2026-01-20T10:00:00 2026-03-01T08:00:00");
  expect (&sketch, "2026-03-01T00:00:00", "2026-03-02T00:00:00", "2026-03-01T08:00:00");
  g_assert_cmpstr (moved->title, ==, "Moved");
  g_assert_cmpstr (moved->start, ==, "2026-03-01T08:00:00");
  tl_record_free (&tl_calendar_event_type, moved);
  tl_event_span (&event, &start, &end);
  g_assert_cmpint (start, ==, utc ("2026-01-05T10:00:00"));
  g_assert_cmpint (end, ==, utc ("2026-03-01T09:00:00"));
}

static void
test_all_day (void)
{
  const Sketch sketch = { "2026-10-24T00:00:00", "P2D", NULL, NULL, NULL, TRUE };
  TlCalendarEvent event = event_of (&sketch);
  g_autoptr (GArray) instances = tl_event_instances (
      &event, "Europe/Berlin", utc ("2026-10-25T00:00:00"), utc ("2026-10-26T00:00:00"), NULL);
  const TlInstance *instance = &g_array_index (instances, TlInstance, 0);

  g_assert_cmpuint (instances->len, ==, 1);
  g_assert_cmpint (instance->start, ==, utc ("2026-10-23T22:00:00"));
  g_assert_cmpint (instance->end, ==, utc ("2026-10-25T23:00:00")); /* 49 hours */
}

static void
test_endless (void)
{
  const Sketch every_second = { "2020-01-01T00:00:00", NULL, "Etc/UTC",
                                "[{\"frequency\":\"secondly\"}]" };
  const Sketch never = { "2026-01-30T00:00:00", NULL, "Etc/UTC",
                         "[{\"frequency\":\"yearly\",\"byMonth\":[\"2\"],\"byMonthDay\":[30]}]" };
  TlCalendarEvent event = event_of (&every_second), none = event_of (&never);
  gint64 begin = g_get_monotonic_time (), start, end;
  gboolean is_cut;
  g_autoptr (GArray) instances = tl_event_instances (&event, "Etc/UTC", utc ("2026-01-01T00:00:00"),
                                                     utc ("2026-02-01T00:00:00"), &is_cut);
  g_autoptr (GArray) few = tl_event_instances (&none, "Etc/UTC", utc ("2026-01-01T00:00:00"),
                                               utc ("2030-01-01T00:00:00"), NULL);

  g_assert_true (is_cut);
  g_assert_cmpuint (instances->len, <=, TL_MAX_INSTANCES);
  g_assert_cmpuint (few->len, ==, 1);
  tl_event_span (&event, &start, &end);
  g_assert_cmpint (end, ==, TL_FOR_EVER);
  g_test_message ("%" G_GINT64_FORMAT " ms", (g_get_monotonic_time () - begin) / 1000);
}

static void
test_refused (void)
{
  static const struct {
    Sketch sketch;
    const char *why;
  } cases[] = {
    { { "2026-11-23", NULL, NULL }, "start" },
    { { "2026-02-30T10:00:00", NULL, NULL }, "start" },
    { { "2026-11-23T12:30:00", "1h", NULL }, "duration" },
    { { "2026-11-23T12:30:00", "P", NULL }, "duration" },
    { { "2026-11-23T12:30:00", "P99999999W", NULL }, "duration" },
    { { "2026-11-23T12:30:00", NULL, "Mars/Olympus" }, "timeZone" },
    { { "2026-11-23T12:30:00", NULL, "../../etc/passwd" }, "timeZone" },
    { { "2026-11-23T12:30:00", NULL, NULL, "{}" }, "recurrenceRules" },
    { { "2026-11-23T12:30:00", NULL, NULL, "[{\"frequency\":\"often\"}]" }, "recurrenceRules" },
    { { "2026-11-23T12:30:00", NULL, NULL, "[{\"frequency\":\"daily\",\"interval\":0}]" },
      "interval" },
    { { "2026-11-23T12:30:00", NULL, NULL,
        "[{\"frequency\":\"daily\",\"byHour\":[\"x;COUNT=1\"],\"byMonthDay\":[40]}]" },
      "byMonthDay" },
    { { "2026-11-23T12:30:00", NULL, NULL, NULL, "{\"soon\":{}}" }, "recurrenceOverrides" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    TlCalendarEvent event = event_of (&cases[i].sketch);
    g_autoptr (GError) error = NULL;

    g_assert_false (tl_event_check (&event, &error));
    g_assert_nonnull (strstr (error->message, cases[i].why));
  }
}

static void
test_durations (void)
{
  static const struct {
    const char *text;
    gint64 ms;
  } cases[] = { { "PT1H30M", 5400000 },
                { "P1D", 86400000 },
                { "P2W", 1209600000 },
                { "P1DT12H", 129600000 },
                { "PT0S", 0 },
                { "PT15S", 15000 },
                { "P1H", -1 },
                { "", -1 },
                { "PT", 0 } };

  for (guint i = 0; i + 1 < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (tl_duration_to_ms (cases[i].text), ==, cases[i].ms);
  for (guint i = 0; i < 100; i++) {
    gint64 ms = g_test_rand_int_range (0, G_MAXINT32) / 1000 * G_GINT64_CONSTANT (1000);
    g_autofree char *text = tl_duration_from_ms (ms);

    g_assert_cmpint (tl_duration_to_ms (text), ==, ms);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recurrence/one-event", test_single);
  g_test_add_func ("/recurrence/the-clock-on-the-wall", test_clocks_change);
  g_test_add_func ("/recurrence/rules", test_rules);
  g_test_add_func ("/recurrence/exceptions", test_exceptions);
  g_test_add_func ("/recurrence/days", test_all_day);
  g_test_add_func ("/recurrence/what-never-ends-is-cut-off", test_endless);
  g_test_add_func ("/recurrence/what-cannot-be-followed-is-refused", test_refused);
  g_test_add_func ("/recurrence/durations", test_durations);
  return g_test_run ();
}
