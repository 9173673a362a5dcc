/* ical-links.h: what an event points to (URL, ATTACH) and the files it has (ATTACH with the bytes in it; RFC 5545,
 * 3.8.1.1), to and from JSCalendar's links. Of ical.c and its siblings. */
#pragma once

#include "sync/wire/ical-tree.h"
#include "sync/wire/ical.h"

/* Sets "links", null when there are none. `files` (blob id -> GBytes) takes the files, whose lines go out of `event`
 * then; NULL: they are left where they are. */
void tl_ical_links_read (TlIcalPart *event, GHashTable *files, JsonObject *object);
/* `own`, an instance, has the files of all. */
void tl_ical_links_share (JsonObject *event, JsonObject *own);
/* Does a line wait for its file's bytes? */
gboolean tl_ical_links_wait (const TlIcalPart *event);
/* What the member says now; a line that says the same stays as it is. `files` NULL: none is written. */
void tl_ical_links_write (TlIcalPart *event, JsonNode *node, const TlIcalFiles *files);
