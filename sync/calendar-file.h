/* calendar-file.h: events to and from a file (sync/wire/ical.h). Parsing and reading happen in other threads. */
#pragma once

#include "sync/media.h"
#include "sync/replica.h"
#include "sync/wire/ical.h"

/* Resolves to a TlIcal * (G_TYPE_POINTER), owned; rejects with a sentence. */
DexFuture *tl_calendar_file_read (GFile *file);
typedef struct {
  TlReplica *replica;
  TlMedia *media; /* has or gets the files of events */
  gint64 me;
  gint64 calendar, event; /* one event, or with 0 all of the calendar; calendar 0: of all */
  const char *name;       /* of the calendar */
} TlCalendarWish;

/* Resolves to the text (G_TYPE_BYTES). `wish` is copied. */
DexFuture *tl_calendar_text (const TlCalendarWish *wish);
/* The same into a file. */
DexFuture *tl_calendar_file_write (const TlCalendarWish *wish, GFile *file);
