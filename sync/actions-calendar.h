/* actions-calendar.h: what a person can do with calendars and events; futures as in sync/actions.h. */
#pragma once

#include "sync/replica.h"
#include "sync/wire/recurrence.h"

/* The rules that the editor offers; others are kept as they are. */
typedef enum {
  TL_REPEAT_NEVER,
  TL_REPEAT_DAILY,
  TL_REPEAT_WEEKDAYS,
  TL_REPEAT_WEEKLY,
  TL_REPEAT_FORTNIGHTLY,
  TL_REPEAT_MONTHLY,
  TL_REPEAT_YEARLY,
  TL_REPEAT_OTHER,
} TlRepeat;

TlRepeat tl_repeat_of (const char *rules);
/* LocalDateTime that a rule of these ends at, or NULL. */
char *tl_repeat_until (const char *rules);

#define TL_NO_REMINDER (-1)
/* Minutes before, of the last one; TL_NO_REMINDER for none. Of alerts as events have them. */
int tl_reminder_of (const char *alerts);

/* An event as the editor has it. */
typedef struct {
  gint64 calendar;
  const char *title, *location, *description;
  const char *start;     /* LocalDateTime */
  const char *duration;  /* Duration */
  const char *time_zone; /* NULL: floating */
  gboolean is_all_day;
  TlRepeat repeat;   /* TL_REPEAT_OTHER: left as it is */
  const char *until; /* LocalDateTime of the last one, or NULL */
  int reminder;      /* minutes before, or TL_NO_REMINDER */
  const char *links; /* JSON (sync/wire/event-files.h); NULL: left as they are */
  gint64 made_of;    /* a message or an article, or 0 */
  const char *draft; /* the place of the draft that a new one was, which goes; may be NULL */
} TlEventSketch;

/* Resolves to the event's key (G_TYPE_INT64). */
DexFuture *tl_action_new_event (TlReplica *replica, const TlEventSketch *sketch);
/* All instances. Rules and reminders that say what the sketch says stay as they are. */
DexFuture *tl_action_edit_event (TlReplica *replica, gint64 event, const TlEventSketch *sketch);
/* One instance: what differs becomes its exception. */
DexFuture *tl_action_edit_instance (TlReplica *replica, gint64 event, const char *id,
                                    const TlEventSketch *sketch);
/* This instance and those behind it: they become an event of their own. */
DexFuture *tl_action_edit_following (TlReplica *replica, gint64 event, const char *id,
                                     const TlEventSketch *sketch);
/* To [start, end), ms; whole days: midnights here. `id` "" for a single event (then all of it). */
DexFuture *tl_action_move_instance (TlReplica *replica, gint64 event, const char *id, gint64 start,
                                    gint64 end);
DexFuture *tl_action_delete_following (TlReplica *replica, gint64 event, const char *id);
DexFuture *tl_action_delete_event (TlReplica *replica, gint64 event);
DexFuture *tl_action_delete_instance (TlReplica *replica, gint64 event, const char *id);
/* "accepted", "tentative", "declined". */
DexFuture *tl_action_answer (TlReplica *replica, gint64 event, gint64 me, const char *answer);

/* Reminders due up to then (ms) are done with; or come again at `until`. */
DexFuture *tl_action_acknowledge (TlReplica *replica, gint64 event, gint64 up_to);
DexFuture *tl_action_snooze_reminder (TlReplica *replica, gint64 event, gint64 until);

DexFuture *tl_action_new_calendar (TlReplica *replica, const char *name, const char *color);
DexFuture *tl_action_edit_calendar (TlReplica *replica, gint64 calendar, const char *name,
                                    const char *color);
DexFuture *tl_action_delete_calendar (TlReplica *replica, gint64 calendar);
DexFuture *tl_action_hide_calendar (TlReplica *replica, gint64 calendar, gboolean hidden);
DexFuture *tl_action_default_calendar (TlReplica *replica, gint64 calendar);
DexFuture *tl_action_share_calendar (TlReplica *replica, gint64 calendar, gint64 person,
                                     const char *role);
