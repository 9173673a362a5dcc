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
/* Do kinds such as "reaction" tell? */
gboolean tl_preferences_tells (TlPreferences *self, const char *kind);

/* "22:00" to "07:00" around `minute` of the day? Equal ends: never. */
gboolean tl_hours_contain (const char *from, const char *to, guint minute);

/* Until then (ms) nothing disturbs; 0: it may. */
DexFuture *tl_action_do_not_disturb (TlReplica *replica, gint64 me, gint64 until);
