/* preferences.h: a person's settings (sync/wire/types.h, Settings) as they stand, and what follows from them. Follows the
 * replica; main thread. */
#pragma once

#include "sync/replica.h"
#include "sync/wire/types.h"

#define TL_TYPE_PREFERENCES (tl_preferences_get_type ())
G_DECLARE_FINAL_TYPE (TlPreferences, tl_preferences, TL, PREFERENCES, GObject)

/* Property: quiet-until (int64 ms, 0: not by hand). Signal: changed (). */
TlPreferences *tl_preferences_new (TlReplica *replica, gint64 me);
/* What was read last; all defaults before. */
const TlSettings *tl_preferences_get (TlPreferences *self);
/* Is nothing to disturb now: by hand, or by the hours of every day. */
gboolean tl_preferences_is_quiet (TlPreferences *self, gint64 now);
/* May something that happened disturb now: neither is it quiet, nor is one busy by the calendar, if that is to count.
 * (Reminders of events do disturb those who are at another one.) */
gboolean tl_preferences_may_disturb (TlPreferences *self, gint64 now);
/* The hours of every day when nothing is to disturb, as "22:00"; FALSE: there are none. */
gboolean tl_preferences_hours (TlPreferences *self, char **from, char **to);
/* Do kinds such as "reaction" tell? "message": rooms; "words": also what was written. */
gboolean tl_preferences_tells (TlPreferences *self, const char *kind);

/* What is told by e-mail: how often ("each", "daily", "never"), at which hour, and whether of `kind`. */
const char *tl_preferences_mails (TlPreferences *self, guint *hour);
gboolean tl_preferences_mails_of (TlPreferences *self, const char *kind);

/* "22:00" to "07:00" around `minute` of the day? Equal ends: never. */
gboolean tl_hours_contain (const char *from, const char *to, guint minute);

/* NULL: none. */
DexFuture *tl_action_quiet_hours (TlReplica *replica, gint64 me, const char *from, const char *to);
DexFuture *tl_action_notify_of (TlPreferences *self, TlReplica *replica, const char *kind,
                                gboolean tells);
/* Does being busy by the calendar count? */
DexFuture *tl_action_quiet_when_busy (TlReplica *replica, gint64 me, gboolean is_quiet);
DexFuture *tl_action_mail (TlPreferences *self, TlReplica *replica, const char *when, guint hour);
DexFuture *tl_action_mail_of (TlPreferences *self, TlReplica *replica, const char *kind,
                              gboolean mails);
/* 1 Monday … 7 Sunday; 0: as the locale. */
DexFuture *tl_action_week_start (TlReplica *replica, gint64 me, int day);
/* Minutes before, of new events; -1: none, 0: as the app does. */
DexFuture *tl_action_reminder_minutes (TlReplica *replica, gint64 me, int minutes);
/* Until then (ms) nothing disturbs; 0: it may. */
DexFuture *tl_action_do_not_disturb (TlReplica *replica, gint64 me, gint64 until);
