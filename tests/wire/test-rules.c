/* Random rules against an oracle that knows nothing of how they are expanded: it walks over all days and asks of each
 * whether the rule (RFC 5545, 3.3.10) means it. */
#include "sync/wire/recurrence.h"

#include <string.h>

#define DAY_MS (24 * 60 * 60 * G_GINT64_CONSTANT (1000))
#define RULES 2000
#define WINDOW_DAYS 1500

static const char *const frequencies[] = { "daily", "weekly", "monthly", "yearly" };
static const char *const names[] = { "mo", "tu", "we", "th", "fr", "sa", "su" };

typedef enum { DAILY, WEEKLY, MONTHLY, YEARLY } Frequency;

/* Zero: not said. */
typedef struct {
  Frequency frequency;
  int interval, count, until; /* until: a day */
  int month, month_day, nth;
  guint days; /* bit 0: Monday */
} Rule;

typedef struct {
  int number;                            /* since 1970 */
  int year, month, day, weekday, length; /* weekday 0: Monday; length of the month */
} Day;

static Day
day_of (int number)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (number * DAY_MS / 1000);
  Day day = { .number = number };

  g_date_time_get_ymd (time, &day.year, &day.month, &day.day);
  day.weekday = g_date_time_get_day_of_week (time) - 1;
  day.length = g_date_get_days_in_month ((GDateMonth)day.month, (GDateYear)day.year);
  return day;
}

static gboolean
is_period (const Rule *rule, const Day *first, const Day *day)
{
  int periods = day->number - first->number;

  if (rule->frequency == WEEKLY)
    periods = (day->number - day->weekday - first->number + first->weekday) / 7;
  else if (rule->frequency == MONTHLY)
    periods = (day->year - first->year) * 12 + day->month - first->month;
  else if (rule->frequency == YEARLY)
    periods = day->year - first->year;
  return periods % rule->interval == 0;
}

static gboolean
is_nth (const Rule *rule, const Day *day)
{
  if (rule->nth > 0)
    return (day->day - 1) / 7 + 1 == rule->nth;
  return rule->nth == 0 || (day->length - day->day) / 7 + 1 == -rule->nth;
}

/* What the rule does not say is as with the first one, down from its frequency. */
static gboolean
is_meant (const Rule *rule, const Day *first, const Day *day)
{
  gboolean says_day = rule->days || rule->month_day;

  if (!is_period (rule, first, day))
    return FALSE;
  if (rule->month ? day->month != rule->month
                  : rule->frequency == YEARLY && !says_day && day->month != first->month)
    return FALSE;
  if (rule->month_day && day->day != rule->month_day &&
      day->day - day->length - 1 != rule->month_day)
    return FALSE;
  if (rule->days && (!(rule->days & 1u << day->weekday) || !is_nth (rule, day)))
    return FALSE;
  if (says_day)
    return TRUE;
  return rule->frequency == DAILY ||
         (rule->frequency == WEEKLY ? day->weekday == first->weekday : day->day == first->day);
}

static Rule
random_rule (GRand *rand)
{
  Rule rule = { .frequency = (Frequency)g_rand_int_range (rand, 0, 4),
                .interval = g_rand_int_range (rand, 1, 4) };

  if (g_rand_int_range (rand, 0, 4) == 0)
    rule.month = g_rand_int_range (rand, 1, 13);
  if (g_rand_boolean (rand))
    rule.days = (guint)g_rand_int_range (rand, 1, 128);
  if (rule.frequency != WEEKLY && g_rand_int_range (rand, 0, 3) == 0)
    rule.month_day =
        g_rand_boolean (rand) ? g_rand_int_range (rand, 1, 32) : g_rand_int_range (rand, -31, 0);
  if (rule.days && !rule.month_day &&
      (rule.frequency == MONTHLY || (rule.frequency == YEARLY && rule.month)) &&
      g_rand_boolean (rand))
    rule.nth =
        g_rand_boolean (rand) ? g_rand_int_range (rand, 1, 6) : g_rand_int_range (rand, -5, 0);
  if (g_rand_boolean (rand))
    rule.count = g_rand_int_range (rand, 1, 40);
  return rule;
}

static char *
json_of (const Rule *rule)
{
  GString *json = g_string_new (NULL);
  const char *comma = "";

  g_string_printf (json, "[{\"frequency\":\"%s\",\"interval\":%d", frequencies[rule->frequency],
                   rule->interval);
  if (rule->count)
    g_string_append_printf (json, ",\"count\":%d", rule->count);
  if (rule->until) {
    char local[TL_LOCAL_DATE_TIME_MAX];

    tl_local_from_ms (rule->until * DAY_MS + DAY_MS / 2, NULL, local);
    g_string_append_printf (json, ",\"until\":\"%s\"", local);
  }
  if (rule->month)
    g_string_append_printf (json, ",\"byMonth\":[\"%d\"]", rule->month);
  if (rule->month_day)
    g_string_append_printf (json, ",\"byMonthDay\":[%d]", rule->month_day);
  if (rule->days)
    g_string_append (json, ",\"byDay\":[");
  for (guint i = 0; i < 7; i++)
    if (rule->days & 1u << i) {
      g_string_append_printf (json, "%s{\"day\":\"%s\"", comma, names[i]);
      if (rule->nth)
        g_string_append_printf (json, ",\"nthOfPeriod\":%d", rule->nth);
      g_string_append_c (json, '}');
      comma = ",";
    }
  g_string_append (json, rule->days ? "]}]" : "}]");
  return g_string_free_and_steal (json);
}

/* The days, from the first, that the rule means within the window. */
static GString *
expected (const Rule *rule, const Day *first, int from, int until)
{
  GString *days = g_string_new (NULL);
  int count = 0;

  for (int number = first->number; number < until; number++) {
    Day day = day_of (number);

    if (!is_meant (rule, first, &day))
      continue;
    if ((rule->count && count++ >= rule->count) || (rule->until && number > rule->until))
      break;
    if (number >= from)
      g_string_append_printf (days, " %d", number);
  }
  return days;
}

static void
check_rule (Rule *rule, GRand *rand)
{
  Day first = day_of (g_rand_int_range (rand, 18000, 22000));
  int limit = first.number + 3000, from, until;
  char start[TL_LOCAL_DATE_TIME_MAX];
  g_autofree char *json = NULL;
  g_autoptr (GString) got = g_string_new (NULL), wanted = NULL;
  g_autoptr (GArray) instances = NULL;
  TlCalendarEvent event = { .start = start };

  while (first.number < limit && !is_meant (rule, &first, &first))
    first = day_of (first.number + 1);
  if (first.number == limit) /* 31 February */
    return;
  if (!rule->count && g_rand_boolean (rand))
    rule->until = first.number + g_rand_int_range (rand, 0, WINDOW_DAYS);
  from = first.number + g_rand_int_range (rand, -100, 400);
  until = from + g_rand_int_range (rand, 1, WINDOW_DAYS);
  tl_local_from_ms (first.number * DAY_MS + DAY_MS / 2, NULL, start);
  event.recurrence_rules = json = json_of (rule);
  event.time_zone = (char *)"Etc/UTC";
  instances = tl_event_instances (&event, NULL, from * DAY_MS, until * DAY_MS, NULL);
  for (guint i = 0; i < instances->len; i++)
    g_string_append_printf (got, " %d",
                            (int)(g_array_index (instances, TlInstance, i).start / DAY_MS));
  wanted = expected (rule, &first, from, until);
  if (!g_str_equal (got->str, wanted->str))
    g_error ("%s from %s, days %d to %d:\n%s\nis not\n%s", json, start, from, until, got->str,
             wanted->str);
}

static void
test_random_rules (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32)g_test_rand_int ());

  for (guint i = 0; i < RULES; i++) {
    Rule rule = random_rule (rand);

    check_rule (&rule, rand);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rules/mean-the-days-that-the-standard-says", test_random_rules);
  return g_test_run ();
}
