/* recurrence-rule.h: JSCalendar's RecurrenceRule (RFC 8984, 4.3.3) to and from iCalendar's RRULE (RFC 5545, 3.3.10). Of
 * recurrence.c and ical.c. */
#pragma once

#include <json-glib/json-glib.h>

/* "FREQ=WEEKLY;BYDAY=MO,WE"; NULL with an error that names the member. `until` is in the event's zone, local. */
char *tl_rule_format (JsonObject *rule, GError **error);
/* The other way; `until_zone`: the event's zone, into which a UTC UNTIL is put. */
JsonObject *tl_rule_parse (const char *rrule, const char *until_zone, GError **error);
