/* ical-people.h: who comes to an event and what reminds of it, to and from JSCalendar's JSON. Of ical.c and its
 * siblings. */
#pragma once

#include "sync/wire/ical-time.h"

/* Each sets its member, null when there is none. */
void tl_ical_people_read (const TlIcalPart *event, JsonObject *object);
void tl_ical_alerts_read (const TlIcalPart *calendar, const TlIcalPart *event, JsonObject *object);

/* What the member says now in place of what the event said; `node` may be null. People who are as in `before` keep
 * their lines. */
void tl_ical_people_write (TlIcalPart *event, JsonNode *node, JsonNode *before);
void tl_ical_alerts_write (TlIcalPart *event, JsonNode *node);
