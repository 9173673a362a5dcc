/* member.c: the type RoomMember: inviting, roles, leaving. A room always has an owner: when the last
 * one leaves, the eldest member becomes it; when the last member leaves, the room goes. */
#include "server/services/chat/chat.h"
#include "server/services/social/social.h"

static const char *const roles[] = { "owner", "moderator", "member", NULL };
static const char *const inviters[] = { "owner", "moderator", NULL };

static gboolean
is_owner (const char *role)
{
  return g_strcmp0 (role, "owner") == 0;
}

static gboolean
check_role (JsonObject *object, GError **error)
{
  if (tl_hook_is_one_of (json_object_get_string_member_with_default (object, "role", NULL), roles))
    return TRUE;
  return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                         "role: “owner”, “moderator” or “member” is wanted");
}

static gboolean
check_invited (TlWrite *write, gint64 room, gint64 principal, GError **error)
{
  g_autoptr (PGresult) known = tl_chat_query (write, "person-known", 1, &principal, error);
  g_autoptr (PGresult) there =
      known ? tl_chat_query (write, "member-find", 2, (const gint64[]){ room, principal }, error)
            : NULL;

  if (there == NULL)
    return FALSE;
  if (tl_hook_number (known, 0, 0) != 1)
    return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                           "principalId: there is nobody with this id");
  if (PQntuples (there) > 0)
    return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                           "principalId: this person is in the room already");
  return TRUE;
}

static gboolean
create (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  gint64 room_id = tl_hook_id (object, "roomId");
  const char *own;
  TlChatRoom room;

  if (!tl_chat_find_room (write, room_id, &room, error))
    return FALSE;
  own = tl_write_role (write, room.scope);
  if (!tl_hook_is_one_of (own, inviters))
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN,
                           "Only an owner or a moderator invites people");
  if (room.is_direct)
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN, "A direct room has exactly two people");
  if (!json_object_has_member (object, "role"))
    json_object_set_string_member (object, "role", "member");
  if (!check_role (object, error))
    return FALSE;
  if (!is_owner (own) && !g_str_equal (json_object_get_string_member (object, "role"), "member"))
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN, "Only an owner gives roles");
  tl_hook_set_now (object, "joinedAt");
  *scope = room.scope;
  return check_invited (write, room_id, tl_hook_id (object, "principalId"), error);
}

static gboolean
created (TlWrite *write, gint64 id, gint64 scope, JsonObject *object, GError **error)
{
  return tl_write_join (write, tl_hook_id (object, "principalId"), scope,
                        json_object_get_string_member (object, "role"), error);
}

/* --- roles ------------------------------------------------------------------------------------- */

static gboolean
set_role (TlWrite *write, gint64 scope, gint64 principal, const char *role, GError **error)
{
  int number = is_owner (role) ? 1 : g_str_equal (role, "moderator") ? 2 : 3;
  g_autoptr (PGresult) done =
      tl_chat_query (write, "role-set", 3, (const gint64[]){ scope, principal, number }, error);

  return done != NULL;
}

/* Of `members`, is there an owner beside `principal`? */
static gboolean
has_other_owner (PGresult *members, gint64 principal)
{
  for (int i = 0; i < PQntuples (members); i++)
    if (is_owner (PQgetvalue (members, i, 2)) && tl_hook_number (members, i, 1) != principal)
      return TRUE;
  return FALSE;
}

static gboolean
update (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, JsonObject *patch,
        GError **error)
{
  gint64 room_id = tl_hook_id (current, "roomId");
  gint64 principal = tl_hook_id (current, "principalId");
  g_autoptr (PGresult) members = NULL;
  TlChatRoom room;
  const char *role;

  if (!json_object_has_member (patch, "role"))
    return TRUE;
  if (!tl_chat_find_room (write, room_id, &room, error))
    return FALSE;
  if (!is_owner (tl_write_role (write, scope)))
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN, "Only an owner gives roles");
  if (!check_role (patch, error))
    return FALSE;
  members = tl_chat_query (write, "members", 1, &room_id, error);
  if (members == NULL)
    return FALSE;
  role = json_object_get_string_member (patch, "role");
  if (!is_owner (role) && !has_other_owner (members, principal))
    return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                           "role: a room needs an owner; make somebody else one first");
  return set_role (write, scope, principal, role, error);
}

/* --- leaving ----------------------------------------------------------------------------------- */

/* Oneself always; others as owner, and plain members as moderator. */
static gboolean
may_remove (TlWrite *write, gint64 scope, gint64 principal, const char *role)
{
  const char *own = tl_write_role (write, scope);

  return principal == write->account || is_owner (own) ||
         (g_strcmp0 (own, "moderator") == 0 && g_str_equal (role, "member"));
}

static gboolean
hand_over (TlWrite *write, gint64 scope, PGresult *members, gint64 leaving, GError **error)
{
  int heir = tl_hook_number (members, 0, 1) == leaving ? 1 : 0;
  gint64 id = tl_hook_number (members, heir, 0);
  g_autoptr (PGresult) promoted = tl_chat_query (write, "member-promote", 1, &id, error);

  if (promoted == NULL)
    return FALSE;
  tl_write_log (write, scope, &tl_room_member_type, id, TL_UPDATED, "role");
  return set_role (write, scope, tl_hook_number (members, heir, 1), "owner", error);
}

static gboolean
delete_room (TlWrite *write, gint64 id, gint64 scope, GError **error)
{
  g_autoptr (PGresult) gone = NULL;

  if (!tl_chat_empty_room (write, id, scope, error))
    return FALSE;
  gone = tl_chat_query (write, "room-delete", 1, &id, error);
  tl_write_log (write, scope, &tl_room_type, id, TL_DESTROYED, NULL);
  return gone != NULL;
}

static gboolean
destroy (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, GError **error)
{
  gint64 room_id = tl_hook_id (current, "roomId");
  gint64 principal = tl_hook_id (current, "principalId");
  g_autoptr (PGresult) members = NULL;
  TlChatRoom room;

  if (!tl_chat_find_room (write, room_id, &room, error))
    return FALSE;
  if (!may_remove (write, scope, principal, json_object_get_string_member (current, "role")))
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN,
                           "Owners remove anybody, moderators remove members");
  if (room.is_direct)
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN,
                           "A direct room has exactly two people; its owner can delete it");
  members = tl_chat_query (write, "members", 1, &room_id, error);
  if (members == NULL)
    return FALSE;
  if (PQntuples (members) == 1)
    return delete_room (write, room_id, scope, error);
  if (!has_other_owner (members, principal) && !hand_over (write, scope, members, principal, error))
    return FALSE;
  return tl_chat_leave (write, room_id, scope, principal, error);
}

/* --- being deleted ----------------------------------------------------------------------------- */

static gboolean
forget_messages (TlWrite *write, gint64 person, GError **error)
{
  g_autoptr (PGresult) messages = tl_chat_query (write, "messages-by", 1, &person, error);

  for (int i = 0; messages && i < PQntuples (messages); i++) {
    gint64 id = tl_hook_number (messages, i, 0);
    g_autoptr (PGresult) gone = tl_social_forget (write, id, error)
                                    ? tl_chat_query (write, "message-delete", 1, &id, error)
                                    : NULL;

    if (!gone)
      return FALSE;
    tl_write_log (write, tl_hook_number (messages, i, 1), &tl_message_type, id, TL_DESTROYED, NULL);
  }
  return messages != NULL;
}

static gboolean
forget_room (TlWrite *write, gint64 person, PGresult *rooms, int row, GError **error)
{
  gint64 id = tl_hook_number (rooms, row, 0), room = tl_hook_number (rooms, row, 1);
  gint64 scope = tl_hook_number (rooms, row, 2);
  gboolean is_kept = *PQgetvalue (rooms, row, 3) == 't';
  gboolean is_direct = *PQgetvalue (rooms, row, 4) == 't';
  g_autoptr (PGresult) members = tl_chat_query (write, "members", 1, &room, error);
  g_autoptr (PGresult) gone = NULL;

  if (!members || is_kept)
    return members != NULL;
  if (is_direct || PQntuples (members) == 1)
    return delete_room (write, room, scope, error);
  if (!has_other_owner (members, person) && !hand_over (write, scope, members, person, error))
    return FALSE;
  gone = tl_chat_query (write, "member-delete", 1, &id, error);
  tl_write_log (write, scope, &tl_room_member_type, id, TL_DESTROYED, NULL);
  return gone && tl_chat_leave (write, room, scope, person, error);
}

gboolean
tl_chat_forget_person (TlWrite *write, gint64 person, GError **error)
{
  g_autoptr (PGresult) rooms = NULL;

  if (!forget_messages (write, person, error))
    return FALSE;
  rooms = tl_chat_query (write, "rooms-of", 1, &person, error);
  for (int i = 0; rooms && i < PQntuples (rooms); i++)
    if (!forget_room (write, person, rooms, i, error))
      return FALSE;
  return rooms != NULL;
}

const TlTypeService tl_room_member_service = {
  .type = &tl_room_member_type,
  .create = create,
  .created = created,
  .update = update,
  .destroy = destroy,
  .date = "joinedAt",
};
