/* personal.c: the types Settings (one a person), Draft (one a place) and Filter. All private. */
#include "server/services/user/user.h"

#include "server/services/hooks.h"

#define SQL "user/personal.sql"

static gboolean
are_kinds (JsonNode *node)
{
  JsonObjectIter iter;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, NULL, &value))
    if (json_node_get_value_type (value) != G_TYPE_BOOLEAN)
      return FALSE;
  return TRUE;
}

static gboolean
is_email (JsonNode *node)
{
  static const char *const whens[] = { "each", "daily", "never", NULL };
  JsonObject *email = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonNode *when = email ? json_object_get_member (email, "when") : NULL;
  JsonNode *hour = email ? json_object_get_member (email, "hour") : NULL;
  JsonNode *kinds = email ? json_object_get_member (email, "kinds") : NULL;

  return email &&
         (!when || (json_node_get_value_type (when) == G_TYPE_STRING &&
                    tl_hook_is_one_of (json_node_get_string (when), whens))) &&
         (!hour || (json_node_get_value_type (hour) == G_TYPE_INT64 &&
                    json_node_get_int (hour) >= 0 && json_node_get_int (hour) < 24)) &&
         (!kinds || are_kinds (kinds));
}

static gboolean
check_settings (JsonObject *object, GError **error)
{
  JsonNode *email = json_object_get_member (object, "email");

  return !email || JSON_NODE_HOLDS_NULL (email) || is_email (email) ||
         tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                         "email: {“when”: “each”, “daily” or “never”, “hour”, “kinds”} is wanted");
}

static gboolean
create_settings (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  *scope = 0;
  return tl_hook_id (object, "principalId") == write->account
             ? check_settings (object, error)
             : tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                               "principalId: settings are one's own");
}

static gboolean
update_settings (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, JsonObject *patch,
                 GError **error)
{
  return check_settings (patch, error);
}

const TlTypeService tl_settings_service = {
  .type = &tl_settings_type,
  .create = create_settings,
  .update = update_settings,
  .destroy = tl_hook_destroy_own,
};

/* --- drafts -------------------------------------------------------------------------------------- */

static gboolean
create_draft (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  g_autofree char *own = g_strdup_printf ("%" G_GINT64_FORMAT, write->private_scope);
  const char *args[] = { own, tl_hook_string (object, "place") };
  g_autoptr (PGresult) gone =
      tl_pg_query (write->pg, SQL ".draft-at", tl_sql (SQL, "draft-at"), 2, args, error);

  if (gone == NULL)
    return FALSE;
  for (int i = 0; i < PQntuples (gone); i++)
    tl_write_log (write, write->private_scope, &tl_draft_type, tl_hook_number (gone, i, 0),
                  TL_DESTROYED, NULL);
  tl_hook_set_now (object, "changedAt");
  *scope = 0;
  return TRUE;
}

static gboolean
update_draft (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, JsonObject *patch,
              GError **error)
{
  tl_hook_set_now (patch, "changedAt");
  return TRUE;
}

const TlTypeService tl_draft_service = {
  .type = &tl_draft_type,
  .create = create_draft,
  .update = update_draft,
  .destroy = tl_hook_destroy_own,
  .date = "changedAt",
};

/* --- filters ------------------------------------------------------------------------------------- */

static gboolean
check_filter (JsonObject *object, GError **error)
{
  static const char *const actions[] = { "hide", "warn", "silence", NULL };
  const char *action = tl_hook_string (object, "action");

  return action == NULL || tl_hook_is_one_of (action, actions) ||
         tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                         "action: “hide”, “warn” or “silence” is wanted");
}

static gboolean
create_filter (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  g_autofree char *words = tl_hook_trimmed (object, "words");

  if (words == NULL && tl_hook_id (object, "personId") == 0)
    return tl_hook_refuse (error, TL_SET_ERROR_INVALID_PROPERTIES,
                           "words: a filter needs words or a person");
  tl_hook_set_now (object, "createdAt");
  *scope = 0;
  return check_filter (object, error);
}

static gboolean
update_filter (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, JsonObject *patch,
               GError **error)
{
  return check_filter (patch, error);
}

const TlTypeService tl_content_filter_service = {
  .type = &tl_content_filter_type,
  .create = create_filter,
  .update = update_filter,
  .destroy = tl_hook_destroy_own,
};
