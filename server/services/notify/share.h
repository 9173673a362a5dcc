/* share.h: ShareNotification (RFC 9670, 3): a person is told when others let them see or change something, or no
 * longer do. Made by the server, destroyed by who has read it; our own client tells by Notification instead. */
#pragma once

#include "server/services/hooks.h"

extern const TlTypeService tl_share_notification_service;

/* Tells `account`, within `write`, that its role in `object` has become another. NULL: none. Telling
 * oneself does nothing. `name`: the object's. */
gboolean tl_share_notify (TlWrite *write, gint64 account, const TlType *object_type, gint64 object,
                          const char *name, const char *old_role, const char *new_role,
                          GError **error);
/* What was told of `person`'s doings goes. */
gboolean tl_share_forget_person (TlWrite *write, gint64 person, GError **error);
