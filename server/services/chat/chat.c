/* chat.c: what the types of the chat service share: their statements, their words, and the two ends
 * of being in a room. Memberships decide who sees; rows of chat.room_member show who is there; both
 * change together, here. */
#include "server/services/chat/chat.h"

#include "server/services/notify/notify.h"
#include "server/services/social/social.h"

#include <string.h>

PGresult *
tl_chat_query (TlWrite *write, const char *name, int n, const gint64 *args, GError **error)
{
  return tl_hook_query (write, "chat/chat.sql", name, n, args, error);
}

gboolean
tl_chat_find_room (TlWrite *write, gint64 id, TlChatRoom *room, GError **error)
{
  g_autoptr (PGresult) found = tl_chat_query (write, "room-lock", 1, &id, error);

  if (found == NULL)
    return FALSE;
  if (PQntuples (found) == 1) {
    room->scope = tl_hook_number (found, 0, 0);
    room->is_direct = g_str_equal (PQgetvalue (found, 0, 1), "direct");
    if (tl_write_role (write, room->scope))
      return TRUE;
  }
  return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                         "roomId: there is no such room that you are in");
}

gboolean
tl_chat_add_member (TlWrite *write, gint64 room, gint64 scope, gint64 principal, const char *role,
                    GError **error)
{
  int number = g_str_equal (role, "owner") ? 1 : g_str_equal (role, "moderator") ? 2 : 3;
  g_autoptr (PGresult) row = tl_chat_query (
      write, "member-add", 4, (const gint64[]){ scope, room, principal, number }, error);

  if (row == NULL || !tl_write_join (write, principal, scope, role, error))
    return FALSE;
  tl_write_log (write, scope, &tl_room_member_type, tl_hook_number (row, 0, 0), TL_CREATED, NULL);
  return TRUE;
}

gboolean
tl_chat_leave (TlWrite *write, gint64 room, gint64 scope, gint64 principal, GError **error)
{
  g_autoptr (PGresult) marker =
      tl_chat_query (write, "marker-delete", 2, (const gint64[]){ principal, room }, error);

  if (marker == NULL)
    return FALSE;
  if (PQntuples (marker) == 1)
    tl_write_log (write, tl_hook_number (marker, 0, 0), &tl_read_marker_type, room, TL_DESTROYED,
                  NULL);
  return tl_notify_forget_lost (write, principal, scope, error) &&
         tl_write_leave (write, principal, scope, error);
}

gboolean
tl_chat_empty_room (TlWrite *write, gint64 id, gint64 scope, GError **error)
{
  g_autoptr (PGresult) closed = tl_chat_query (write, "room-close", 1, &id, error);
  g_autoptr (PGresult) messages = closed && tl_social_forget_room (write, scope, error)
                                      ? tl_chat_query (write, "messages-delete", 1, &scope, error)
                                      : NULL;
  g_autoptr (PGresult) members =
      messages ? tl_chat_query (write, "members-delete", 1, &id, error) : NULL;

  if (members == NULL)
    return FALSE;
  for (int i = 0; i < PQntuples (messages); i++)
    tl_write_log (write, scope, &tl_message_type, tl_hook_number (messages, i, 0), TL_DESTROYED,
                  NULL);
  for (int i = 0; i < PQntuples (members); i++) {
    tl_write_log (write, scope, &tl_room_member_type, tl_hook_number (members, i, 0), TL_DESTROYED,
                  NULL);
    if (!tl_chat_leave (write, id, scope, tl_hook_number (members, i, 1), error))
      return FALSE;
  }
  return TRUE;
}
