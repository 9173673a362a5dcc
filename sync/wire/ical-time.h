/* ical-time.h: iCalendar's times and zones to and from JSCalendar's. Of ical.c and its siblings. */
#pragma once

#include "sync/wire/ical-tree.h"
#include "sync/wire/recurrence.h"

typedef struct {
  char local[TL_LOCAL_DATE_TIME_MAX];
  const char *zone; /* IANA name, static; NULL: floats */
  gboolean is_date;
} TlIcalTime;

/* One value of a line: "20261123T123000Z" with the line's TZID, which `calendar`'s VTIMEZONEs may define. */
gboolean tl_ical_time_read (const TlIcalPart *calendar, const TlIcalLine *line, const char *value,
                            TlIcalTime *time);
/* The same instant on the clock of `zone`; floating ones stay. */
void tl_ical_time_move (TlIcalTime *time, const char *zone);
gint64 tl_ical_time_ms (const TlIcalTime *time);
/* "-PT15M", "+P1W": ms, or FALSE. */
gboolean tl_ical_duration_read (const char *value, gint64 *ms);

/* ";VALUE=DATE:20261123", ";TZID=Europe/Stockholm:20261123T123000", ":…Z": behind a property's name. */
char *tl_ical_time_write (const char *local, const char *zone, gboolean is_date);
/* The VTIMEZONE of an IANA zone, or NULL. */
TlIcalPart *tl_ical_zone_write (const char *zone);
