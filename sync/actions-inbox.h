/* actions-inbox.h: what a person does with what waits for them (sync/models/inbox.h), as futures like those of
 * sync/actions.h. */
#pragma once

#include "sync/replica.h"

/* Seen: a notification is read from now on, or not. */
DexFuture *tl_action_notification_read (TlReplica *replica, gint64 notification, gboolean read);
/* Put away (it is read then, too), or taken out again. */
DexFuture *tl_action_notification_done (TlReplica *replica, gint64 notification, gboolean done);
/* Away until `until` (ms); 0: back now. Of anything in the inbox. */
DexFuture *tl_action_snooze (TlReplica *replica, gint64 key, gint64 until);
/* Everything in the room is read. */
DexFuture *tl_action_room_all_read (TlReplica *replica, gint64 room);
