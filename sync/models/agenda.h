/* agenda.h: what happens in a stretch of time: the instances of all events of the calendars that are not hidden, in the
 * order of their starts. A GListModel of TlOccurrenceItem that follows the replica; main thread. */
#pragma once

#include "sync/models/items.h"
#include "sync/models/key-list.h"

/* Never changes: another state of it is another item. */
#define TL_TYPE_OCCURRENCE_ITEM (tl_occurrence_item_get_type ())
G_DECLARE_FINAL_TYPE (TlOccurrenceItem, tl_occurrence_item, TL, OCCURRENCE_ITEM, GObject)
struct _TlOccurrenceItem {
  GObject parent;
  gint64 key;        /* the event's */
  char *id;          /* the instance's (sync/wire/recurrence.h); "" for a single event */
  gint64 start, end; /* ms; an all-day one's are the midnights here */
  char *title, *location, *calendar_name;
  char *color; /* one of the nine, the person's own choice before the calendar's */
  gint64 calendar_key;
  gboolean is_all_day, is_recurring, is_cancelled, is_tentative;
  gboolean is_unanswered; /* an invitation that waits for one's answer */
  gboolean is_writable;
  gint64 op; /* the outbox operation while it is not sent */
};

#define TL_TYPE_AGENDA (tl_agenda_get_type ())
G_DECLARE_FINAL_TYPE (TlAgenda, tl_agenda, TL, AGENDA, GObject)

/* `me`: one's principal. Property: ready (boolean): the first answer is there. */
TlAgenda *tl_agenda_new (TlReplica *replica, gint64 me);
/* What touches [from, until), ms. */
void tl_agenda_ask (TlAgenda *self, gint64 from, gint64 until);
/* The IANA name of the zone that this computer is in. */
char *tl_agenda_home_zone (void);

#define TL_TYPE_CALENDAR_ITEM (tl_calendar_item_get_type ())
G_DECLARE_FINAL_TYPE (TlCalendarItem, tl_calendar_item, TL, CALENDAR_ITEM, GObject)
struct _TlCalendarItem {
  GObject parent;
  gboolean loaded;
  gint64 key;
  char *name, *color, *role;
  gboolean is_hidden, is_default;
  guint members;
};
/* By name. Of TlCalendarItem. */
TlKeyList *tl_calendar_list_new (TlReplica *replica, gint64 me);

/* All events of a calendar (0: of all): resolves to a GPtrArray * of TlCalendarEvent, owned. */
DexFuture *tl_events_load (TlReplica *replica, gint64 calendar);
/* A whole event: resolves to a TlCalendarEvent * (tl_record_free), or NOT_FOUND. */
DexFuture *tl_event_load (TlReplica *replica, gint64 event);
