/* ical-time.c: a TZID is an IANA name, one with something before it or with other separators, a Windows name (CLDR's
 * table, by ICU), or whatever its VTIMEZONE says: its X-LIC-LOCATION, else the first zone with the same offsets in
 * January and July. An unknown one floats. Any thread. */
#include "sync/wire/ical-time.h"

#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/uenum.h>
#include <unicode/ustring.h>

#define UTC "Etc/UTC"
#define LONGEST_TZID 255
#define MOST_FOUND 256

/* --- zones --------------------------------------------------------------------------------------- */

static const char *
known (const char *name)
{
  return strlen (name) < 64 && tl_zone_is_known (name) ? g_intern_string (name) : NULL;
}

/* "/mozilla.org/2005/Europe/Berlin", "America-Chicago", "(UTC+01:00) Europe/Berlin". */
static const char *
by_name (const char *tzid)
{
  g_autofree char *slashed = g_strdelimit (g_strdup (tzid), "- ", '/');
  const char *names[] = { tzid, slashed };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    for (const char *at = names[i]; at; at = strchr (at, '/')) {
      const char *zone;

      at += *at == '/';
      zone = *at ? known (at) : NULL;
      if (zone && (i == 0 || strchr (zone, '/')))
        return zone;
    }
  return NULL;
}

static const char *
by_windows_name (const char *tzid)
{
  UChar wide[64], found[64];
  char name[64];
  UErrorCode status = U_ZERO_ERROR;
  int32_t length;

  /* what fills a buffer has no end there: a warning to ICU */
  u_strFromUTF8 (wide, G_N_ELEMENTS (wide), &length, tzid, -1, &status);
  if (status != U_ZERO_ERROR)
    return NULL;
  length =
      ucal_getTimeZoneIDForWindowsID (wide, length, NULL, found, G_N_ELEMENTS (found), &status);
  if (U_FAILURE (status) || length <= 0)
    return NULL;
  u_strToUTF8 (name, sizeof name, NULL, found, length, &status);
  return status != U_ZERO_ERROR ? NULL : known (name);
}

/* "+0530": seconds; FALSE for what is none. */
static gboolean
read_offset (const TlIcalLine *line, int *seconds)
{
  const char *value = line ? line->value : "";
  gsize length = strlen (value);
  int number;

  if ((length != 5 && length != 7) || (*value != '+' && *value != '-') ||
      strspn (value + 1, "0123456789") != length - 1)
    return FALSE;
  number = atoi (value + 1) * (length == 5 ? 100 : 1);
  *seconds = number / 10000 * 3600 + number / 100 % 100 * 60 + number % 100;
  if (*value == '-')
    *seconds = -*seconds;
  return TRUE;
}

typedef struct {
  int winter, summer; /* seconds, in January and in July */
} Offsets;

/* The last of each kind counts. */
static gboolean
offsets_of (const TlIcalPart *definition, Offsets *offsets)
{
  int standard = 0, daylight = 0;
  gboolean is_any = FALSE, has_daylight = FALSE, is_northern = TRUE;

  for (guint i = 0; i < definition->parts->len; i++) {
    const TlIcalPart *part = definition->parts->pdata[i];
    const TlIcalLine *start = tl_ical_part_line (part, "DTSTART");
    int offset;

    if (!read_offset (tl_ical_part_line (part, "TZOFFSETTO"), &offset))
      continue;
    if (g_str_equal (part->name, "DAYLIGHT")) {
      g_autofree char *month = g_strndup (start ? start->value : "", 6);

      is_northern = strlen (month) < 6 || atoi (month + 4) < 7;
      has_daylight = TRUE;
      daylight = offset;
    } else {
      standard = offset;
    }
    is_any = TRUE;
  }
  offsets->winter = has_daylight && !is_northern ? daylight : standard;
  offsets->summer = has_daylight && is_northern ? daylight : standard;
  return is_any;
}

static gboolean
has_offsets (const char *zone, const Offsets *offsets)
{
  gint64 winter, summer, zero_winter, zero_summer;

  tl_local_to_ms ("2026-01-15T12:00:00", zone, &winter);
  tl_local_to_ms ("2026-07-15T12:00:00", zone, &summer);
  tl_local_to_ms ("2026-01-15T12:00:00", NULL, &zero_winter);
  tl_local_to_ms ("2026-07-15T12:00:00", NULL, &zero_summer);
  return zero_winter - winter == offsets->winter * G_GINT64_CONSTANT (1000) &&
         zero_summer - summer == offsets->summer * G_GINT64_CONSTANT (1000);
}

static const char *
search_offsets (const Offsets *offsets)
{
  int32_t raw = MIN (offsets->winter, offsets->summer) * 1000;
  UErrorCode status = U_ZERO_ERROR;
  UEnumeration *zones =
      ucal_openTimeZoneIDEnumeration (UCAL_ZONE_TYPE_CANONICAL_LOCATION, NULL, &raw, &status);
  const char *name, *found = NULL;

  if (U_FAILURE (status))
    return NULL;
  while (found == NULL && (name = uenum_next (zones, NULL, &status)) && U_SUCCESS (status)) {
    const char *zone = known (name);

    if (zone && has_offsets (zone, offsets))
      found = zone;
  }
  uenum_close (zones);
  return found;
}

/* Found once: a search reads many zones. */
static const char *
by_offsets (const Offsets *offsets)
{
  static GMutex lock;
  static GHashTable *found; /* of Offsets as text: zones or "" */
  g_autofree char *key = g_strdup_printf ("%d %d", offsets->winter, offsets->summer);
  const char *zone;

  g_mutex_lock (&lock);
  if (found == NULL)
    found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  zone = g_hash_table_lookup (found, key);
  if (zone == NULL) {
    if (g_hash_table_size (found) >= MOST_FOUND)
      g_hash_table_remove_all (found);
    zone = search_offsets (offsets);
    zone = zone ? zone : "";
    g_hash_table_insert (found, g_steal_pointer (&key), (char *)zone);
  }
  g_mutex_unlock (&lock);
  return *zone ? zone : NULL;
}

static const char *
by_definition (const TlIcalPart *calendar, const char *tzid)
{
  for (guint i = 0; i < calendar->parts->len; i++) {
    const TlIcalPart *part = calendar->parts->pdata[i];
    const TlIcalLine *id = tl_ical_part_line (part, "TZID");
    const TlIcalLine *location = tl_ical_part_line (part, "X-LIC-LOCATION");
    Offsets offsets;

    if (!g_str_equal (part->name, "VTIMEZONE") || id == NULL || !g_str_equal (id->value, tzid))
      continue;
    if (location && known (location->value))
      return known (location->value);
    return offsets_of (part, &offsets) ? by_offsets (&offsets) : NULL;
  }
  return NULL;
}

static const char *
find_zone (const TlIcalPart *calendar, const char *tzid)
{
  const char *zone;

  if (strlen (tzid) > LONGEST_TZID)
    return NULL;
  zone = by_name (tzid);
  zone = zone ? zone : by_windows_name (tzid);
  return zone ? zone : by_definition (calendar, tzid);
}

/* --- times --------------------------------------------------------------------------------------- */

gboolean
tl_ical_time_read (const TlIcalPart *calendar, const TlIcalLine *line, const char *value,
                   TlIcalTime *time)
{
  g_autofree char *tzid = tl_ical_line_param (line, "TZID");
  gsize digits = strspn (value, "0123456789");
  const char *clock = value + 9;
  gsize length = digits == 8 && value[8] == 'T' ? strspn (clock, "0123456789") : 0;
  gboolean is_utc = length > 0 && clock[length] == 'Z';
  gint64 ms;

  memset (time, 0, sizeof *time);
  if (digits != 8 || (value[8] != '\0' && length != 4 && length != 6) ||
      (length > 0 && clock[length + is_utc] != '\0'))
    return FALSE;
  time->is_date = length == 0;
  g_snprintf (time->local, sizeof time->local, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s", value, value + 4,
              value + 6, length ? clock : "00", length ? clock + 2 : "00",
              length == 6 ? clock + 4 : "00");
  if (is_utc)
    time->zone = UTC;
  else if (tzid && length)
    time->zone = find_zone (calendar, tzid);
  return tl_local_to_ms (time->local, NULL, &ms);
}

gint64
tl_ical_time_ms (const TlIcalTime *time)
{
  gint64 ms = 0;

  tl_local_to_ms (time->local, time->zone, &ms);
  return ms;
}

void
tl_ical_time_move (TlIcalTime *time, const char *zone)
{
  if (time->zone && zone && !g_str_equal (time->zone, zone))
    tl_local_from_ms (tl_ical_time_ms (time), zone, time->local);
  time->zone = zone;
}

gboolean
tl_ical_duration_read (const char *value, gint64 *ms)
{
  gboolean is_negative = *value == '-';

  *ms = tl_duration_to_ms (value + (*value == '-' || *value == '+'));
  if (*ms < 0)
    return FALSE;
  if (is_negative)
    *ms = -*ms;
  return TRUE;
}

char *
tl_ical_time_write (const char *local, const char *zone, gboolean is_date)
{
  g_autofree char *plain = g_strdup (local);
  gboolean is_utc = g_strcmp0 (zone, UTC) == 0;
  char *to = plain;

  for (const char *from = local; *from; from++)
    if (*from != '-' && *from != ':')
      *to++ = *from;
  *to = '\0';
  if (is_date)
    return g_strdup_printf (";VALUE=DATE:%.8s", plain);
  return zone && !is_utc ? g_strdup_printf (";TZID=%s:%s", zone, plain)
                         : g_strdup_printf (":%s%s", plain, is_utc ? "Z" : "");
}

TlIcalPart *
tl_ical_zone_write (const char *zone)
{
  icaltimezone *found = icaltimezone_get_builtin_timezone (zone);
  icalcomponent *component = found ? icaltimezone_get_component (found) : NULL;
  char *text = component ? icalcomponent_as_ical_string_r (component) : NULL;
  g_autoptr (GPtrArray) refused = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (TlIcalPart) root =
      text ? tl_ical_part_read (text, strlen (text), refused, NULL) : NULL;
  TlIcalPart *definition = root ? g_ptr_array_steal_index (root->parts, 0) : NULL;

  icalmemory_free_buffer (text);
  if (definition) {
    tl_ical_part_drop_lines (definition, "TZID");
    tl_ical_part_take_line (definition, g_strdup_printf ("TZID:%s", zone));
  }
  return definition;
}
