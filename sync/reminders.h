/* reminders.h: what is due to be told about events: their alerts (JSCalendar, offsets from start or end), put off or done
 * with by one's marks, on whatever device. By the clock of the wall: right after a suspend or a change of it. Main
 * thread. */
#pragma once

#include "sync/replica.h"

typedef struct {
  gint64 event;
  char *title, *location; /* or NULL */
  gint64 start, due;      /* ms */
  gboolean is_all_day;
} TlReminder;

#define TL_TYPE_REMINDERS (tl_reminders_get_type ())
G_DECLARE_FINAL_TYPE (TlReminders, tl_reminders, TL, REMINDERS, GObject)

/* Signals:
 *   due (const TlReminder *)  its time has come, an hour ago at most; once each
 *   done (gint64 event)       one that was told of is done with, put off, or gone */
TlReminders *tl_reminders_new (TlReplica *replica);
