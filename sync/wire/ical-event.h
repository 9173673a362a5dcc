/* ical-event.h: VEVENTs as JSCalendar's JSON (the members of TlCalendarEvent). Of ical.c and its siblings. */
#pragma once

#include "sync/wire/ical-time.h"

typedef struct {
  const TlIcalPart *calendar; /* what the event lies in: its zones */
  TlIcalPart *event;
  GHashTable *files; /* as tl_ical_links_read() has it */
} TlIcalSource;

/* An event and its exceptions (of TlIcalSource, the event first). Sentences about what of it is not understood, and
 * only kept, go to `refused`; an error names the line of what it cannot be without. */
JsonObject *tl_ical_event_read (GPtrArray *sources, GPtrArray *refused, GError **error);
/* The instance that an exception is of, on the event's clock; FALSE when it is none. */
gboolean tl_ical_event_id (const TlIcalSource *source, const char *zone,
                           char id[TL_LOCAL_DATE_TIME_MAX]);
/* One without is known by what it says, so that it is not taken twice. */
char *tl_ical_event_uid (const TlIcalPart *event);
