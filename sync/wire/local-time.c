/* local-time.c: LocalDateTime and Duration (RFC 8984, 1.4) in zones of the system's database.
 *
 * GLib keeps a zone only while somebody holds it, and reads its file again otherwise: those that were asked for are
 * held here, and the one of this place is looked up once in some seconds. Any thread. */
#include "sync/wire/recurrence.h"

#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define LONGEST (200 * 366 * DAY)
#define EPOCH_JULIAN 719163 /* g_date_get_julian() of 1970-01-01 */
#define LAST_JULIAN 3652059 /* of 9999-12-31 */
#define HERE_FOR_US (5 * G_USEC_PER_SEC)

static GMutex lock;
static GHashTable *zones; /* of the database's, by name */
static GTimeZone *here;
static gint64 here_until;

/* Under the lock. */
static GTimeZone *
hold_zone (const char *name)
{
  GTimeZone *zone = zones ? g_hash_table_lookup (zones, name) : NULL;

  if (zone || (zone = g_time_zone_new_identifier (name)) == NULL)
    return zone;
  if (zones == NULL)
    zones =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_time_zone_unref);
  g_hash_table_insert (zones, g_strdup (name), zone);
  return zone;
}

/* NULL for a zone that nobody knows. */
static GTimeZone *
find_zone (const char *name)
{
  GTimeZone *zone;

  if (name == NULL || *name == '\0' || *name == ':' || *name == '/' || strstr (name, ".."))
    return NULL;
  g_mutex_lock (&lock);
  zone = hold_zone (name);
  if (zone)
    g_time_zone_ref (zone);
  g_mutex_unlock (&lock);
  return zone;
}

GTimeZone *
tl_zone_here (void)
{
  gint64 now = g_get_monotonic_time ();
  GTimeZone *zone;

  g_mutex_lock (&lock);
  if (now >= here_until) {
    g_clear_pointer (&here, g_time_zone_unref);
    here = g_time_zone_new_local ();
    here_until = now + HERE_FOR_US;
  }
  zone = g_time_zone_ref (here);
  g_mutex_unlock (&lock);
  return zone;
}

GDateTime *
tl_time_here (gint64 ms)
{
  g_autoptr (GTimeZone) zone = tl_zone_here ();
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (ms * 1000);

  return utc ? g_date_time_to_timezone (utc, zone) : g_date_time_new_now (zone);
}

gboolean
tl_zone_is_known (const char *zone)
{
  g_autoptr (GTimeZone) found = find_zone (zone);

  return found != NULL;
}

/* `n` digits; -1 for what is none. */
static int
digits (const char *text, guint n)
{
  int value = 0;

  for (guint i = 0; i < n; i++) {
    if (!g_ascii_isdigit (text[i]))
      return -1;
    value = value * 10 + text[i] - '0';
  }
  return value;
}

/* Seconds since 1970 as if the local time were UTC. */
static gboolean
parse_local (const char *local, gint64 *seconds)
{
  int year, month, day, hour, minute, second;
  GDate date;

  if (local == NULL || strlen (local) != TL_LOCAL_DATE_TIME_MAX - 1 || local[4] != '-' ||
      local[7] != '-' || local[10] != 'T' || local[13] != ':' || local[16] != ':')
    return FALSE;
  year = digits (local, 4);
  month = digits (local + 5, 2);
  day = digits (local + 8, 2);
  hour = digits (local + 11, 2);
  minute = digits (local + 14, 2);
  second = digits (local + 17, 2);
  if (year < 1 || month < 1 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
      second < 0 || second > 59 ||
      !g_date_valid_dmy ((GDateDay)day, (GDateMonth)month, (GDateYear)year))
    return FALSE;
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
  *seconds = ((gint64)g_date_get_julian (&date) - EPOCH_JULIAN) * (DAY / SECOND) + hour * 3600 +
             minute * 60 + second;
  return TRUE;
}

/* Of a doubled time the first is meant; a skipped one has the offset from before the change. */
static gint64
offset_at (GTimeZone *zone, gint64 local_seconds)
{
  int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_DAYLIGHT, local_seconds);

  if (interval < 0)
    interval = g_time_zone_find_interval (zone, G_TIME_TYPE_DAYLIGHT, local_seconds - 86400);
  return interval < 0 ? 0 : g_time_zone_get_offset (zone, interval);
}

gboolean
tl_local_to_ms (const char *local, const char *zone, gint64 *ms)
{
  g_autoptr (GTimeZone) found = find_zone (zone);
  gint64 seconds;

  if (!parse_local (local, &seconds))
    return FALSE;
  *ms = (seconds - (found ? offset_at (found, seconds) : 0)) * SECOND;
  return TRUE;
}

static gint64
floor_div (gint64 a, gint64 b)
{
  return a / b - (a % b < 0);
}

void
tl_local_from_ms (gint64 ms, const char *zone, char local[TL_LOCAL_DATE_TIME_MAX])
{
  g_autoptr (GTimeZone) found = find_zone (zone);
  gint64 seconds = floor_div (ms, SECOND), day;
  guint rest;
  GDate date;

  if (found)
    seconds += g_time_zone_get_offset (
        found, g_time_zone_find_interval (found, G_TIME_TYPE_UNIVERSAL, seconds));
  day = floor_div (seconds, DAY / SECOND);
  rest = (guint)(seconds - day * (DAY / SECOND));
  g_strlcpy (local, "1970-01-01T00:00:00", TL_LOCAL_DATE_TIME_MAX);
  if (day + EPOCH_JULIAN < 1 || day + EPOCH_JULIAN > LAST_JULIAN)
    return;
  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32)(day + EPOCH_JULIAN));
  g_snprintf (local, TL_LOCAL_DATE_TIME_MAX, "%04u-%02u-%02uT%02u:%02u:%02u",
              (guint)g_date_get_year (&date), (guint)g_date_get_month (&date),
              (guint)g_date_get_day (&date), rest / 3600, rest / 60 % 60, rest % 60);
}

/* One number and its letter; FALSE at the end or for what is none. */
static gboolean
read_part (const char **at, const char *letters, gint64 *number, char *letter)
{
  char *end;

  if (!g_ascii_isdigit (**at))
    return FALSE;
  *number = (gint64)g_ascii_strtoull (*at, &end, 10);
  *letter = *end;
  if (*letter == '\0' || strchr (letters, *letter) == NULL || *number > LONGEST / SECOND)
    return FALSE;
  *at = end + 1;
  return TRUE;
}

gint64
tl_duration_to_ms (const char *duration)
{
  static const struct {
    char letter;
    gint64 ms;
  } units[] = { { 'W', 7 * DAY }, { 'D', DAY }, { 'H', HOUR }, { 'M', MINUTE }, { 'S', SECOND } };
  const char *at = duration;
  gboolean is_time = FALSE, is_any = FALSE;
  gint64 sum = 0, number;
  char letter;

  if (at == NULL || *at++ != 'P')
    return -1;
  for (; *at; is_any = TRUE) {
    if (!is_time && *at == 'T') {
      is_time = TRUE;
      at++;
    }
    if (!read_part (&at, is_time ? "HMS" : "WD", &number, &letter))
      return -1;
    for (guint i = 0; i < G_N_ELEMENTS (units); i++)
      if (units[i].letter == letter) {
        if (number > LONGEST / units[i].ms)
          return -1;
        sum += number * units[i].ms;
      }
  }
  return is_any && sum <= LONGEST ? sum : -1;
}

static void
append_part (GString *text, gint64 *ms, gint64 unit, char letter)
{
  if (*ms >= unit)
    g_string_append_printf (text, "%" G_GINT64_FORMAT "%c", *ms / unit, letter);
  *ms %= unit;
}

char *
tl_duration_from_ms (gint64 ms)
{
  GString *text = g_string_new ("P");

  ms = MAX (ms, 0);
  append_part (text, &ms, DAY, 'D');
  if (ms >= SECOND)
    g_string_append_c (text, 'T');
  append_part (text, &ms, HOUR, 'H');
  append_part (text, &ms, MINUTE, 'M');
  append_part (text, &ms, SECOND, 'S');
  if (text->len == 1)
    g_string_append (text, "T0S");
  return g_string_free_and_steal (text);
}
