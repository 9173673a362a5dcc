/* feed-date.h: the dates of feeds, as they are found. */
#pragma once

#include <glib.h>

/* Milliseconds since 1970 of an RFC 822 or ISO 8601 date or one of their many relatives; no zone means
 * UTC. FALSE when it is no date. */
gboolean tl_feed_date_parse (const char *text, gint64 *ms);
