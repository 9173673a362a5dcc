/* search-day.c: the days, weeks, months and years that a search names, in the zone of who asks. Any thread. */
#include "sync/wire/search-query.h"

#include <stdio.h>
#include <string.h>

typedef enum { DAY, WEEK, MONTH, YEAR } Unit;

static GDateTime *
add (GDateTime *time, Unit unit, int n)
{
  return unit == DAY     ? g_date_time_add_days (time, n)
         : unit == WEEK  ? g_date_time_add_weeks (time, n)
         : unit == MONTH ? g_date_time_add_months (time, n)
                         : g_date_time_add_years (time, n);
}

static GDateTime *
midnight (GTimeZone *zone, int year, int month, int day)
{
  return g_date_time_new (zone, year, month, day, 0, 0, 0);
}

static GDateTime *
begin_of (GDateTime *time, Unit unit)
{
  GTimeZone *zone = g_date_time_get_timezone (time);
  int year, month, day;
  g_autoptr (GDateTime) monday = NULL;

  if (unit == WEEK)
    monday = g_date_time_add_days (time, 1 - g_date_time_get_day_of_week (time));
  g_date_time_get_ymd (monday ? monday : time, &year, &month, &day);
  return midnight (zone, year, unit == YEAR ? 1 : month, unit >= MONTH ? 1 : day);
}

/* Takes `begin`, which may be NULL: out of what a date can be. */
static gboolean
take_span (GDateTime *begin, Unit unit, gint64 *from, gint64 *until)
{
  g_autoptr (GDateTime) end = begin ? add (begin, unit, 1) : NULL;

  if (end) {
    *from = g_date_time_to_unix (begin) * 1000;
    *until = g_date_time_to_unix (end) * 1000;
  }
  g_clear_pointer (&begin, g_date_time_unref);
  return end != NULL;
}

/* What ends with a - is on its way to more. */
static gboolean
read_number (const char *text, GTimeZone *zone, gint64 *from, gint64 *until)
{
  g_auto (GStrv) parts = g_strsplit (text, "-", 4);
  guint n = g_strv_length (parts);
  guint64 values[3] = { 0, 1, 1 };

  if (n > 1 && *parts[n - 1] == '\0')
    n--;
  if (n < 1 || n > 3)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!g_ascii_string_to_unsigned (parts[i], 10, 1, i == 0 ? 9999 : 31, &values[i], NULL))
      return FALSE;
  return take_span (midnight (zone, (int)values[0], (int)values[1], (int)values[2]),
                    n == 1   ? YEAR
                    : n == 2 ? MONTH
                             : DAY,
                    from, until);
}

static gboolean
read_unit (const char *name, Unit *unit)
{
  static const char *const names[] = { "day", "week", "month", "year" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (name, names[i])) {
      *unit = (Unit)i;
      return TRUE;
    }
  return FALSE;
}

/* "last week", "this-month": the day of `now` moved by one, and what it is in. */
static gboolean
read_neighbour (const char *text, GDateTime *now, gint64 *from, gint64 *until)
{
  static const char *const words[] = { "last", "this", "next" };
  g_auto (GStrv) parts = g_strsplit_set (text, " -", 2);
  Unit unit;

  if (g_strv_length (parts) != 2 || !read_unit (parts[1], &unit))
    return FALSE;
  for (int i = 0; i < (int)G_N_ELEMENTS (words); i++)
    if (g_str_equal (parts[0], words[i])) {
      g_autoptr (GDateTime) begin = begin_of (now, unit);
      return take_span (add (begin, unit, i - 1), unit, from, until);
    }
  return FALSE;
}

/* "3d": the day that was so long ago. */
static gboolean
read_ago (const char *text, GDateTime *now, gint64 *from, gint64 *until)
{
  static const char letters[] = "dwmy";
  guint n;
  char letter, rest;
  g_autoptr (GDateTime) then = NULL;

  if (!g_ascii_isdigit (*text) || sscanf (text, "%4u%c%c", &n, &letter, &rest) != 2 ||
      !strchr (letters, letter))
    return FALSE;
  then = add (now, (Unit)(strchr (letters, letter) - letters), -(int)n);
  return then && take_span (begin_of (then, DAY), DAY, from, until);
}

static gboolean
read_day_word (const char *text, GDateTime *now, gint64 *from, gint64 *until)
{
  static const char *const near[] = { "yesterday", "today", "tomorrow" };
  static const char *const weekdays[] = { "monday", "tuesday",  "wednesday", "thursday",
                                          "friday", "saturday", "sunday" };
  g_autoptr (GDateTime) today = begin_of (now, DAY);
  int weekday = g_date_time_get_day_of_week (today) - 1;

  for (int i = 0; i < (int)G_N_ELEMENTS (near); i++)
    if (g_str_equal (text, near[i]))
      return take_span (g_date_time_add_days (today, i - 1), DAY, from, until);
  for (int i = 0; i < (int)G_N_ELEMENTS (weekdays); i++)
    if (g_str_equal (text, weekdays[i]))
      return take_span (g_date_time_add_days (today, -((weekday - i + 7) % 7)), DAY, from, until);
  return FALSE;
}

gboolean
tl_search_day (const char *text, gint64 now, GTimeZone *zone, gint64 *from, gint64 *until)
{
  g_autofree char *word = g_ascii_strdown (text, -1);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (now / 1000);
  g_autoptr (GDateTime) here = utc ? g_date_time_to_timezone (utc, zone) : NULL;

  if (read_number (word, zone, from, until))
    return TRUE;
  return here && (read_day_word (word, here, from, until) ||
                  read_neighbour (word, here, from, until) || read_ago (word, here, from, until));
}
