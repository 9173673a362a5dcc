/* chat.h: the chat service: four types, and what their files share. Everything here runs within the
 * transaction of one /set call. */
#pragma once

#include "server/services/hooks.h"

extern const TlTypeService tl_room_service;
extern const TlTypeService tl_room_member_service;
extern const TlTypeService tl_message_service;
extern const TlTypeService tl_read_marker_service;

typedef struct {
  gint64 scope;
  gboolean is_direct;
} TlChatRoom;

/* Runs statement `name` of chat.sql with numbers. */
PGresult *tl_chat_query (TlWrite *write, const char *name, int n, const gint64 *args,
                         GError **error);

/* Room `id`, when the writer is in it; it is locked against other changes of who is in it. */
gboolean tl_chat_find_room (TlWrite *write, gint64 id, TlChatRoom *room, GError **error);
/* Deletes everything of a room but the room's own row, and ends everybody's membership. */
gboolean tl_chat_empty_room (TlWrite *write, gint64 id, gint64 scope, GError **error);

/* Makes `principal` a member: the row, the membership, the log. */
gboolean tl_chat_add_member (TlWrite *write, gint64 room, gint64 scope, gint64 principal,
                             const char *role, GError **error);
/* Ends `principal`'s membership, and removes the read marker that goes with it. */
gboolean tl_chat_leave (TlWrite *write, gint64 room, gint64 scope, gint64 principal,
                        GError **error);
/* What `person` wrote goes, and they leave every room, as everybody may; who was with them in a direct room keeps it, with
 * somebody who left. */
gboolean tl_chat_forget_person (TlWrite *write, gint64 person, GError **error);
