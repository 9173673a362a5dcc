/* local-time.c: LocalDateTime and Duration (RFC 8984, 1.4) in zones of the system's database.
 *
 * GLib keeps a zone only while somebody holds it, and reads its file again otherwise: those that were asked for are
 * held here, and the one of this place is looked up once in some seconds. Any thread. */
#include "sync/wire/recurrence.h"

#include <stdio.h>
#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define LONGEST (200 * 366 * DAY)
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

/* Seconds since 1970 as if the local time were UTC. */
static gboolean
parse_local (const char *local, gint64 *seconds)
{
  int year, month, day, hour, minute, second, end = 0;
  g_autoptr (GDateTime) time = NULL;

  if (local == NULL ||
      sscanf (local, "%4d-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second,
              &end) != 6 ||
      end != TL_LOCAL_DATE_TIME_MAX - 1 || local[end] != '\0' || second > 59)
    return FALSE;
  time = g_date_time_new_utc (year, month, day, hour, minute, second);
  if (time == NULL)
    return FALSE;
  *seconds = g_date_time_to_unix (time);
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

void
tl_local_from_ms (gint64 ms, const char *zone, char local[TL_LOCAL_DATE_TIME_MAX])
{
  g_autoptr (GTimeZone) found = find_zone (zone);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (ms * 1000);
  g_autoptr (GDateTime) time = utc && found ? g_date_time_to_timezone (utc, found)
                               : utc        ? g_date_time_ref (utc)
                                            : NULL;
  int year, month, day;

  g_strlcpy (local, "1970-01-01T00:00:00", TL_LOCAL_DATE_TIME_MAX);
  if (time == NULL)
    return;
  g_date_time_get_ymd (time, &year, &month, &day);
  g_snprintf (local, TL_LOCAL_DATE_TIME_MAX, "%04d-%02d-%02dT%02d:%02d:%02d", year, month, day,
              g_date_time_get_hour (time), g_date_time_get_minute (time),
              g_date_time_get_second (time));
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
