/* room.c: the type Room. A room is a scope of its own; who makes it owns it. A direct room has exactly
 * two people, who have one such room at most, and is named by them. */
#include "server/services/chat/chat.h"

#define MAX_MEMBERS 500

static const char *const kinds[] = { "group", "direct", NULL };
static const char *const extra[] = { "members", NULL };

/* The people to invite: ids without repetition and without the writer. NULL on error. */
static GArray *
read_members (TlWrite *write, JsonObject *object, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  JsonNode *node = json_object_get_member (object, "members");
  JsonArray *list;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return g_steal_pointer (&ids);
  list = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  if (list == NULL || json_array_get_length (list) > MAX_MEMBERS) {
    tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                    "members: an array of at most 500 principal ids is wanted");
    return NULL;
  }
  for (guint i = 0; i < json_array_get_length (list); i++) {
    JsonNode *item = json_array_get_element (list, i);
    gint64 id;

    if (json_node_get_value_type (item) != G_TYPE_STRING ||
        !tl_id_parse (json_node_get_string (item), &id)) {
      tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES, "members: not a principal's id");
      return NULL;
    }
    if (id != write->account && g_hash_table_add (seen, g_memdup2 (&id, sizeof id)))
      g_array_append_val (ids, id);
  }
  return g_steal_pointer (&ids);
}

static gboolean
check_people (TlWrite *write, GArray *ids, GError **error)
{
  for (guint i = 0; i < ids->len; i++) {
    gint64 id = g_array_index (ids, gint64, i);
    g_autoptr (PGresult) count = tl_chat_query (write, "person-known", 1, &id, error);

    if (count == NULL)
      return FALSE;
    if (tl_hook_number (count, 0, 0) != 1) {
      g_set_error (error, TL_SET_ERROR, TL_SET_ERROR_INVALID_PROPERTIES,
                   "members: there is nobody with the id t%" G_GINT64_FORMAT, id);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
check_direct (TlWrite *write, GArray *others, GError **error)
{
  gint64 pair[2];
  g_autoptr (PGresult) lock = NULL;
  g_autoptr (PGresult) found = NULL;

  if (others->len != 1)
    return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                           "members: a direct room is made with exactly one other person");
  pair[0] = MIN (write->account, g_array_index (others, gint64, 0));
  pair[1] = MAX (write->account, g_array_index (others, gint64, 0));
  lock = tl_chat_query (write, "direct-lock", 2, pair, error);
  found = lock ? tl_chat_query (write, "direct-find", 2, pair, error) : NULL;
  if (found == NULL)
    return FALSE;
  if (PQntuples (found) > 0) {
    g_set_error (error, TL_SET_ERROR, TL_SET_ERROR_INVALID_PROPERTIES,
                 "members: you have a direct room with this person already, t%s",
                 PQgetvalue (found, 0, 0));
    return FALSE;
  }
  return TRUE;
}

/* Names are a line without space around; a direct room has none of its own. */
static gboolean
tidy_name (JsonObject *object, gboolean is_direct, GError **error)
{
  g_autofree char *name = tl_hook_trimmed (object, "name");

  if (name == NULL)
    json_object_set_null_member (object, "name");
  else if (is_direct)
    return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                           "name: a direct room is named by the two people in it");
  else
    json_object_set_string_member (object, "name", name);
  return TRUE;
}

static gboolean
create (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  const char *kind = json_object_get_string_member_with_default (object, "kind", "group");
  gboolean is_direct = g_str_equal (kind, "direct");
  g_autoptr (GArray) others = NULL;

  if (!tl_hook_is_one_of (kind, kinds))
    return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                           "kind: “group” or “direct” is wanted");
  others = read_members (write, object, error);
  if (others == NULL || !tidy_name (object, is_direct, error) ||
      !check_people (write, others, error))
    return FALSE;
  if (is_direct && !check_direct (write, others, error))
    return FALSE;
  json_object_set_string_member (object, "kind", kind);
  tl_hook_set_id (object, "createdBy", write->account);
  tl_hook_set_now (object, "createdAt");
  *scope = tl_write_new_scope (write, "room", error);
  return *scope != 0;
}

static gboolean
created (TlWrite *write, gint64 id, gint64 scope, JsonObject *object, GError **error)
{
  g_autoptr (GArray) others = read_members (write, object, error);

  if (others == NULL || !tl_chat_add_member (write, id, scope, write->account, "owner", error))
    return FALSE;
  for (guint i = 0; i < others->len; i++)
    if (!tl_chat_add_member (write, id, scope, g_array_index (others, gint64, i), "member", error))
      return FALSE;
  return TRUE;
}

static gboolean
update (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, JsonObject *patch,
        GError **error)
{
  static const char *const may[] = { "owner", "moderator", NULL };
  const char *kind = json_object_get_string_member (current, "kind");

  if (!tl_hook_is_one_of (tl_write_role (write, scope), may))
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN,
                           "Only an owner or a moderator changes a room");
  return !json_object_has_member (patch, "name") ||
         tidy_name (patch, g_str_equal (kind, "direct"), error);
}

static gboolean
destroy (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, GError **error)
{
  TlChatRoom room;

  if (!tl_chat_find_room (write, id, &room, error))
    return FALSE;
  if (g_strcmp0 (tl_write_role (write, scope), "owner") != 0)
    return tl_hook_refuse (error, TL_SET_ERROR_FORBIDDEN, "Only an owner deletes a room");
  return tl_chat_empty_room (write, id, scope, error);
}

const TlTypeService tl_room_service = {
  .type = &tl_room_type,
  .create = create,
  .created = created,
  .update = update,
  .destroy = destroy,
  .date = "createdAt",
  .extra = extra,
};
