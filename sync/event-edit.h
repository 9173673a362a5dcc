/* event-edit.h: an event that repeats, cut at one of its instances; answers. Pure functions; any thread. For
 * sync/actions-calendar.c. */
#pragma once

#include "sync/wire/types.h"

/* A patch that ends the event before instance `id`. */
JsonObject *tl_event_end_before (const TlCalendarEvent *event, const char *id);
/* The event from instance `id` on with `change` over it, as a body of its own, without uid and calendar. */
JsonObject *tl_event_rest (const TlCalendarEvent *event, const char *id, JsonObject *change);
/* A patch with `person`'s answer; NULL when they are not invited. */
JsonObject *tl_event_answer (const TlCalendarEvent *event, gint64 person, const char *answer);
/* How many answered how; `participants` as events have them. */
void tl_event_answers (const char *participants, guint *going, guint *maybe, guint * not,
                       guint *all);
