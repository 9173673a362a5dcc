/* notify.h: what is worth telling whom. A notification lies in its owner's private scope, so that it reaches
 * every device by the ordinary delta; inbox marks say what became of any thing in the inbox. */
#pragma once

#include "server/services/hooks.h"

extern const TlTypeService tl_notification_service;
extern const TlTypeService tl_inbox_mark_service;

/* Tells `account`, within `write`, that `actor` did something about `subject`. Telling oneself does nothing; what a
 * filter of theirs silences is there, and read already, so that no device notifies of it.
 * `kind`: as in sync/wire/types.h; `preview`: the first line of it, or NULL. */
gboolean tl_notify (TlWrite *write, gint64 account, const char *kind, const TlType *subject_type,
                    gint64 subject, gint64 actor, const char *preview, GError **error);
/* What `actor` did about `subject` was taken back: `account` is told no more of it. `preview` NULL: any. */
gboolean tl_notify_withdraw (TlWrite *write, gint64 account, const char *kind, gint64 subject,
                             gint64 actor, const char *preview, GError **error);
/* The subject is gone: so is what was told about it. */
gboolean tl_notify_forget (TlWrite *write, gint64 subject, GError **error);
/* `person` is: so is what was told of their doings. */
gboolean tl_notify_forget_person (TlWrite *write, gint64 person, GError **error);
/* The same for all messages of a room, before they go. `scope`: the room's. */
gboolean tl_notify_forget_room (TlWrite *write, gint64 scope, GError **error);
/* `account` leaves `scope`, and is told no more of the messages and posts there. */
gboolean tl_notify_forget_lost (TlWrite *write, gint64 account, gint64 scope, GError **error);
