/* message.c: the types Message and ReadMarker. A message is its sender's to change, and a read marker
 * only goes forward, whatever order its updates arrive in. */
#include "server/services/chat/chat.h"

#include "server/services/notify/delivery.h"
#include "server/services/notify/mentions.h"
#include "server/services/social/social.h"
#include "server/services/storage/attachments.h"

static const char *const writers[] = { "owner", "moderator", "member", NULL };
static const char *const keepers[] = { "owner", "moderator", NULL };

static gboolean
brings_something (JsonObject *message)
{
  static const char *const names[] = { "attachments", "card" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    JsonNode *node = json_object_get_member (message, names[i]);
    if (node && !JSON_NODE_HOLDS_NULL (node))
      return TRUE;
  }
  return FALSE;
}

/* The body without the space around it; nothing but space is refused, unless something comes along. */
static gboolean
tidy_body (JsonObject *object, JsonObject *message, GError **error)
{
  g_autofree char *body = tl_hook_trimmed (object, "body");

  if (body == NULL && brings_something (message))
    body = g_strdup ("");
  if (body == NULL)
    return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                           "body: a message needs some text");
  json_object_set_string_member (object, "body", body);
  return TRUE;
}

/* Tells those in the room whom the body names and the one before, NULL-able, didn't. */
static gboolean
tell_mentioned (TlWrite *write, gint64 id, gint64 scope, const char *body, const char *before,
                GError **error)
{
  g_autoptr (GArray) people = tl_mentions_find (write, body, error);
  g_autoptr (GArray) told = people ? tl_mentions_find (write, before, error) : NULL;

  return told && tl_mentions_tell (write, people, told, scope, &tl_message_type, id, body, error);
}

static gboolean
check_reply (TlWrite *write, gint64 reply_to, gint64 scope, GError **error)
{
  g_autoptr (PGresult) found = NULL;

  if (reply_to == 0)
    return TRUE;
  found = tl_chat_query (write, "message-in", 2, (const gint64[]){ reply_to, scope }, error);
  if (found == NULL)
    return FALSE;
  return PQntuples (found) == 1 ||
         tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                         "replyToId: there is no such message in the room");
}

/* The scope of the room that `object` is about, when the writer is in it, and as what; 0 on error.
 * Unlike tl_chat_find_room() this locks nothing: people write at the same time. */
static gint64
room_scope (TlWrite *write, JsonObject *object, const char **role, GError **error)
{
  const gint64 args[] = { tl_hook_id (object, "roomId"), write->account };
  g_autoptr (PGresult) found = tl_chat_query (write, "room-find", 2, args, error);

  if (found == NULL)
    return 0;
  if (PQntuples (found) == 0) {
    tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                    "roomId: there is no such room that you are in");
    return 0;
  }
  *role = g_intern_string (PQgetvalue (found, 0, 1));
  return tl_hook_number (found, 0, 0);
}

static gboolean
create (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  const char *role;

  *scope = room_scope (write, object, &role, error);
  if (*scope == 0)
    return FALSE;
  if (!tl_hook_is_one_of (role, writers))
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN, "Only members write in a room");
  if (!tl_attachments_check (write, object, "attachments", TL_ATTACH_FILES, error) ||
      !tl_card_check (object, error) || !tidy_body (object, object, error) ||
      !check_reply (write, tl_hook_id (object, "replyToId"), *scope, error))
    return FALSE;
  tl_hook_set_id (object, "senderId", write->account);
  tl_hook_set_now (object, "sentAt");
  return TRUE;
}

static gboolean
created (TlWrite *write, gint64 id, gint64 scope, JsonObject *object, GError **error)
{
  return tl_attachments_show (write, object, "attachments", scope, id, error) &&
         tell_mentioned (write, id, scope, tl_hook_string (object, "body"), NULL, error) &&
         tl_delivery_add_direct (write, scope, id, error);
}

static gboolean
update (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, JsonObject *patch,
        GError **error)
{
  if (tl_hook_id (current, "senderId") != write->account)
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN, "Only its sender changes a message");
  if (!json_object_has_member (patch, "body"))
    return TRUE;
  tl_hook_set_now (patch, "editedAt");
  return tidy_body (patch, current, error) &&
         tell_mentioned (write, id, scope, tl_hook_string (patch, "body"),
                         tl_hook_string (current, "body"), error);
}

static gboolean
destroy (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, GError **error)
{
  gboolean may = tl_hook_id (current, "senderId") == write->account ||
                 tl_hook_is_one_of (tl_write_role (write, scope), keepers);

  if (!may && !tl_hook_may (write, TL_DEED_REMOVE_WORDS, &may, error))
    return FALSE;
  if (may)
    return tl_social_forget (write, id, error);
  return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN,
                         "Its sender, an owner or a moderator deletes a message");
}

const TlTypeService tl_message_service = {
  .type = &tl_message_type,
  .create = create,
  .created = created,
  .update = update,
  .destroy = destroy,
  .date = "sentAt",
  .text = "body",
};

/* --- read markers ------------------------------------------------------------------------------ */

static gint64
up_to (JsonObject *object)
{
  return json_object_get_int_member_with_default (object, "upTo", 0);
}

static gboolean
check_up_to (JsonObject *object, GError **error)
{
  return up_to (object) >= 0 ||
         tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES, "upTo: a message's seq is wanted");
}

static gboolean
create_marker (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  const char *role;

  *scope = 0;
  return room_scope (write, object, &role, error) != 0 && check_up_to (object, error);
}

static gboolean
update_marker (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, JsonObject *patch,
               GError **error)
{
  if (!check_up_to (patch, error))
    return FALSE;
  if (json_object_has_member (patch, "upTo"))
    json_object_set_int_member (patch, "upTo", MAX (up_to (patch), up_to (current)));
  return TRUE;
}

static gboolean
destroy_marker (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, GError **error)
{
  return TRUE;
}

const TlTypeService tl_read_marker_service = {
  .type = &tl_read_marker_type,
  .create = create_marker,
  .update = update_marker,
  .destroy = destroy_marker,
};
