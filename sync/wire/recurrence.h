/* recurrence.h: when an event happens: its instances, by libical, bounded in number and in time. Pure
 * functions over the JSCalendar members of a TlCalendarEvent (RFC 8984, 4.3); any thread. */
#pragma once

#include "sync/wire/types.h"

#define TL_LOCAL_DATE_TIME_MAX 20 /* "2026-11-23T12:30:00" */
#define TL_MAX_INSTANCES 5000     /* of one event in one question */
#define TL_FOR_EVER G_MAXINT64

typedef struct {
  gint64 start, end; /* ms since 1970 UTC; equal for an instant */
  char id
      [TL_LOCAL_DATE_TIME_MAX]; /* recurrence id: the local start that the rule gives; "" for a single event */
} TlInstance;

/* Are start, duration, zone, rules, overrides ones that we can work with? Otherwise an error that names the
 * property ("recurrenceRules: …"). */
gboolean tl_event_check (const TlCalendarEvent *event, GError **error);

/* The instances that touch [from, until) in the order of their starts (GArray of TlInstance), moved, excluded and
 * added ones as recurrenceOverrides say. `home`: IANA name of the zone that floating and all-day events are in.
 * A zone nobody knows counts as UTC; a rule that gives too many or takes too long ends at the bound (*is_cut). */
GArray *tl_event_instances (const TlCalendarEvent *event, const char *home, gint64 from,
                            gint64 until, gboolean *is_cut);
/* From the first instance's begin to the last one's end (TL_FOR_EVER); in UTC with a day's room at each end when
 * the event floats. */
void tl_event_span (const TlCalendarEvent *event, gint64 *start, gint64 *end);
/* A copy as instance `id` has it: its override laid over (tl_record_free). */
TlCalendarEvent *tl_event_instance (const TlCalendarEvent *event, const char *id);

/* "2026-11-23T12:30:00" in `zone` to and from ms. A time that a change of clocks skips or doubles: the first
 * that can be meant (RFC 5545, 3.3.5). */
gboolean tl_local_to_ms (const char *local, const char *zone, gint64 *ms);
void tl_local_from_ms (gint64 ms, const char *zone, char local[TL_LOCAL_DATE_TIME_MAX]);
/* "PT1H30M" to and from ms; days and weeks are nominal. -1: not one. */
gint64 tl_duration_to_ms (const char *duration);
char *tl_duration_from_ms (gint64 ms);
gboolean tl_zone_is_known (const char *zone);
/* The zone of this place, some seconds old at the most, and a time in it. */
GTimeZone *tl_zone_here (void);
GDateTime *tl_time_here (gint64 ms);
