/* calendar-file.h: events to and from a file (sync/wire/ical.h). Parsing and reading happen in other threads. */
#pragma once

#include "sync/replica.h"
#include "sync/wire/ical.h"

/* Resolves to a TlIcal * (G_TYPE_POINTER), owned; rejects with a sentence. */
DexFuture *tl_calendar_file_read (GFile *file);
/* One event, or with 0 all of the calendar; calendar 0: of all. Resolves to the text (G_TYPE_BYTES). `name`: the
 * calendar's. */
DexFuture *tl_calendar_text (TlReplica *replica, gint64 calendar, gint64 event, const char *name);
/* The same into a file. */
DexFuture *tl_calendar_file_write (TlReplica *replica, gint64 calendar, gint64 event,
                                   const char *name, GFile *file);
