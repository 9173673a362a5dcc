/* span.h: from when to when an event happens, in the table event_span: so that those that touch a range are an index
 * read. Writer thread. */
#pragma once

#include "sync/db.h"
#include "sync/wire/types.h"

gboolean tl_span_put (TlDb *db, const TlCalendarEvent *event, GError **error);
gboolean tl_span_remove (TlDb *db, gint64 key, GError **error);
