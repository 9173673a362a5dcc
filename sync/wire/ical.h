/* ical.h: iCalendar (RFC 5545) to and from events. What an event came as is kept (TlCalendarEvent.ical) and is what
 * it goes out as, with the properties put in that changed since: nothing is lost on the way. Bounded: size, number
 * of components, depth, length of lines. Any thread. */
#pragma once

#include "sync/wire/recurrence.h"

#define TL_ICAL_MAX (32 * 1024 * 1024)
/* As base64 it is a line that is read again. */
#define TL_ICAL_FILE_MAX (512 * 1024)

typedef struct {
  GPtrArray *
      events; /* of TlCalendarEvent, key and calendar 0; one a UID, its exceptions in recurrenceOverrides */
  GPtrArray *refused; /* of char *: "line 12: why", a sentence each; what wasn't taken */
  GHashTable *files;  /* blob id -> GBytes: what the text has of the files that links name */
  char *name;         /* X-WR-CALNAME or NAME, or NULL */
  char *color;        /* nearest of our nine, or NULL */
} TlIcal;

/* Fails only when the whole is no calendar; the error names the line. */
TlIcal *tl_ical_parse (const char *text, gsize length, GError **error);
void tl_ical_free (TlIcal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlIcal, tl_ical_free)

/* The files of events on their way out. */
typedef struct {
  GHashTable
      *bytes; /* blob id -> GBytes: these stand in the text, none longer than TL_ICAL_FILE_MAX */
  const char *address; /* where the others are, below it: "https://…/"; NULL: they are left out */
} TlIcalFiles;

/* One VCALENDAR with all of them, its VTIMEZONEs included, folded, CRLF. */
char *tl_ical_format (const TlCalendarEvent *const *events, guint n, const char *name,
                      const TlIcalFiles *files);
