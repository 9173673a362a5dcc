/* event-files.h: the files among an event's links: a JSCalendar Link (RFC 8984, 1.4.11) with rel enclosure and a blobId.
 * Pure functions; any thread. */
#pragma once

#include <json-glib/json-glib.h>

/* As attachments are listed (docs/protocol.md), in the order of the links; other links are left out. */
JsonArray *tl_event_files_list (JsonObject *links);
/* The same as text; NULL for none. `links` as events have them. */
char *tl_event_files_of (const char *links);
/* `links` with these files (a list, or NULL) in the place of those it had; other links stay. */
char *tl_event_files_put (const char *links, const char *files);
