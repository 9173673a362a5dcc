/* notifier.h: tells of new messages by desktop notifications: one per room, withdrawn when the room is read
 * on any device, none for what is being looked at, none at first sync. */
#pragma once

#include "sync/engine.h"
#include "sync/models/preferences.h"

#include <gio/gio.h>

typedef struct _TlNotifier TlNotifier;

/* Notifications open rooms by the application's action open-room (x) and mark them by mark-room-read (x). */
TlNotifier *tl_notifier_new (GApplication *application, TlReplica *replica, TlEngine *engine,
                             TlPreferences *preferences, gint64 me);
void tl_notifier_free (TlNotifier *self);
/* The room on the screen of an active window; 0 for none. */
void tl_notifier_set_looked_at (TlNotifier *self, gint64 room);
/* Marks the room as read up to its newest message. */
void tl_notifier_mark_read (TlNotifier *self, gint64 room);
