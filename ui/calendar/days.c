/* days.c: GDateTime behind whole numbers; a day is what the calendar calls one, 23 or 25 hours too. */
#include "ui/calendar/days.h"

#include "sync/wire/recurrence.h"

#include <langinfo.h>

#define EPOCH_JULIAN 719163 /* g_date_get_julian() of 1970-01-01 */

static void
to_gdate (gint64 day, GDate *date)
{
  g_date_clear (date, 1);
  g_date_set_julian (date, (guint32)(day + EPOCH_JULIAN));
}

gint64
tl_day_from_date (int year, int month, int date)
{
  GDate value;

  g_date_clear (&value, 1);
  g_date_set_dmy (&value, (GDateDay)date, (GDateMonth)month, (GDateYear)year);
  return (gint64)g_date_get_julian (&value) - EPOCH_JULIAN;
}

void
tl_day_to_date (gint64 day, int *year, int *month, int *date)
{
  GDate value;

  to_gdate (day, &value);
  *year = g_date_get_year (&value);
  *month = g_date_get_month (&value);
  *date = g_date_get_day (&value);
}

static gint64
floor_div (gint64 a, gint64 b)
{
  return a / b - (a % b < 0);
}

gint64
tl_day_of (gint64 ms)
{
  g_autoptr (GTimeZone) zone = tl_zone_here ();
  gint64 seconds = floor_div (ms, 1000);
  int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, seconds);

  return floor_div (seconds + g_time_zone_get_offset (zone, interval), 24 * 60 * 60);
}

gint64
tl_day_today (void)
{
  return tl_day_of (g_get_real_time () / 1000);
}

gint64
tl_day_start (gint64 day)
{
  g_autoptr (GDateTime) midnight = NULL;
  int year, month, date;

  tl_day_to_date (day, &year, &month, &date);
  midnight = g_date_time_new_local (year, month, date, 0, 0, 0);
  return g_date_time_to_unix (midnight) * 1000;
}

int
tl_day_weekday (gint64 day)
{
  GDate value;

  to_gdate (day, &value);
  return g_date_get_weekday (&value);
}

gint64
tl_day_add_months (gint64 day, int months)
{
  GDate date;

  to_gdate (day, &date);
  if (months > 0)
    g_date_add_months (&date, (guint)months);
  else
    g_date_subtract_months (&date, (guint)-months);
  return tl_day_from_date (g_date_get_year (&date), (int)g_date_get_month (&date),
                           g_date_get_day (&date));
}

gint64
tl_day_week_start (gint64 day, int first)
{
  return day - (tl_day_weekday (day) - first + 7) % 7;
}

static int wanted_first;

void
tl_day_set_first_of_week (int day)
{
  wanted_first = day;
}

int
tl_day_first_of_week (void)
{
  /* glibc: the locale's first day counted from the one of _NL_TIME_WEEK_1STDAY, a Sunday or a Monday. */
  const char *first = nl_langinfo (_NL_TIME_FIRST_WEEKDAY);
  guint origin = GPOINTER_TO_UINT (nl_langinfo (_NL_TIME_WEEK_1STDAY));
  int number = first ? *first : 1;
  int base = origin == 19971201 ? 1 : 7; /* 1997-12-01 was a Monday */

  return wanted_first ? wanted_first : (base - 1 + number - 1) % 7 + 1;
}

static gboolean has_week_numbers;

gboolean
tl_day_has_week_numbers (void)
{
  return has_week_numbers;
}

void
tl_day_set_week_numbers (gboolean has)
{
  has_week_numbers = has;
}

char *
tl_day_format (gint64 day, const char *format)
{
  g_autoptr (GDateTime) noon = NULL;
  int year, month, date;

  tl_day_to_date (day, &year, &month, &date);
  noon = g_date_time_new_local (year, month, date, 12, 0, 0);
  return g_date_time_format (noon, format);
}

int
tl_day_week_number (gint64 day)
{
  GDate value;

  to_gdate (day, &value);
  return (int)g_date_get_iso8601_week_of_year (&value);
}

char *
tl_day_local (gint64 day, int minutes)
{
  int year, month, date;

  tl_day_to_date (day + minutes / 1440, &year, &month, &date);
  minutes %= 1440;
  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:00", year, month, date, minutes / 60,
                          minutes % 60);
}

int
tl_clock_minutes (gint64 ms)
{
  g_autoptr (GDateTime) time = tl_time_here (ms);

  return g_date_time_get_hour (time) * 60 + g_date_time_get_minute (time);
}
