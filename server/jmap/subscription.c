/* subscription.c: PushSubscription/set (RFC 8620, 7.2.2): without account and state, each object in a
 * transaction of its own. */
#include "server/jmap/subscription.h"

#include "server/jmap/set.h"
#include "server/jmap/web-push.h"
#include "server/services/news/link.h"

#include <string.h>

#define MAX_PER_ACCOUNT 50
#define MAX_PER_MINUTE 10
#define MAX_DEVICE 255

static gboolean
refuse (GError **error, TlSetError code, const char *sentence)
{
  g_set_error_literal (error, TL_SET_ERROR, (int)code, sentence);
  return FALSE;
}

static gboolean
wrong (GError **error, const char *sentence)
{
  return refuse (error, TL_SET_ERROR_INVALID_PROPERTIES, sentence);
}

/* --- what may be said ------------------------------------------------------------------------------ */

/* As PostgreSQL takes it, NULL for null. */
static gboolean
read_types (JsonNode *node, char **types, GError **error)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  *types = NULL;
  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  for (guint i = 0; array && i < json_array_get_length (array); i++)
    if (tl_node_string (json_array_get_element (array, i)) == NULL)
      return wrong (error, "types: names of types are wanted, or null");
  if (array == NULL || json_array_get_length (array) == 0 || json_array_get_length (array) > 100)
    return wrong (error, "types: names of types are wanted, or null");
  *types = json_to_string (node, FALSE);
  return TRUE;
}

static gboolean
read_expires (JsonNode *node, const char **expires, GError **error)
{
  gint64 ms;

  *expires = tl_node_string (node);
  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (*expires == NULL || !tl_date_parse (*expires, &ms))
    return wrong (error, "expires: a UTC date is wanted, or null");
  return ms > g_get_real_time () / 1000 || wrong (error, "expires: that has passed");
}

static gboolean
read_url (TlCall *call, JsonNode *node, const char **url, GError **error)
{
  gboolean is_insecure;
  g_autofree char *resolved = NULL;

  *url = tl_node_string (node);
  resolved = *url ? tl_link_resolve (NULL, *url) : NULL;
  is_insecure =
      resolved && !g_str_has_prefix (resolved, "https://") &&
      !(call->server->config->allow_private_feeds && g_str_has_prefix (resolved, "http://"));
  return (resolved && !is_insecure) || wrong (error, "url: an https address is wanted");
}

static gboolean
read_keys (JsonNode *node, const char *keys[2], GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  keys[0] = keys[1] = NULL;
  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  for (guint i = 0; object && i < 2; i++) {
    JsonNode *key = json_object_get_member (object, i ? "auth" : "p256dh");

    keys[i] = key ? tl_node_string (key) : NULL;
  }
  return (keys[0] && keys[1] && tl_web_push_check_keys (keys[0], keys[1])) ||
         wrong (error, "keys: p256dh and auth are wanted, as RFC 8291 has them");
}

/* --- set ------------------------------------------------------------------------------------------- */

typedef struct {
  const char *device, *url, *expires;
  const char *keys[2];
  char *types;
} Asked;

static gboolean
read_member (TlCall *call, Asked *asked, const char *name, JsonNode *value, GError **error)
{
  if (g_str_equal (name, "deviceClientId")) {
    asked->device = tl_node_string (value);
    return (asked->device && *asked->device && strlen (asked->device) <= MAX_DEVICE) ||
           wrong (error, "deviceClientId: a text of at most 255 bytes is wanted");
  }
  if (g_str_equal (name, "url"))
    return read_url (call, value, &asked->url, error);
  if (g_str_equal (name, "keys"))
    return read_keys (value, asked->keys, error);
  if (g_str_equal (name, "expires"))
    return read_expires (value, &asked->expires, error);
  if (g_str_equal (name, "types")) {
    g_clear_pointer (&asked->types, g_free);
    return read_types (value, &asked->types, error);
  }
  if (g_str_equal (name, "verificationCode"))
    return JSON_NODE_HOLDS_NULL (value) ||
           wrong (error, "verificationCode: comes by the first push");
  g_set_error (error, TL_SET_ERROR, TL_SET_ERROR_INVALID_PROPERTIES,
               "%.100s: is no property of PushSubscription", name);
  return FALSE;
}

static gboolean
has_room (TlCall *call, GError **error)
{
  const char *args[] = { call->account_number };
  g_autoptr (PGresult) count = tl_subscription_ask (call, "count", 1, args, error);

  if (count == NULL)
    return FALSE;
  if (g_ascii_strtoll (PQgetvalue (count, 0, 0), NULL, 10) >= MAX_PER_ACCOUNT)
    return refuse (error, TL_SET_ERROR_OVER_QUOTA, "An account has 50 push subscriptions at most");
  return g_ascii_strtoll (PQgetvalue (count, 0, 1), NULL, 10) < MAX_PER_MINUTE ||
         refuse (error, TL_SET_ERROR_RATE_LIMIT, "That were many at once; wait a minute");
}

static gboolean
insert (TlCall *call, const Asked *asked, const char *name, GString *out, GError **error)
{
  g_autofree char *code = g_uuid_string_random ();
  const char *args[] = { call->session, call->account_number, asked->device,
                         asked->url,    asked->keys[0],       asked->keys[1],
                         code,          asked->types,         asked->expires };
  g_autofree char *id = NULL;
  g_autoptr (PGresult) made = tl_subscription_ask (call, "create", 9, args, error);

  if (made == NULL)
    return FALSE;
  id = g_strconcat ("t", PQgetvalue (made, 0, 0), NULL);
  json_object_set_string_member (call->created, name, id);
  g_string_append_printf (out, "{\"id\":\"%s\",\"expires\":\"%s\"}", id, PQgetvalue (made, 0, 1));
  return TRUE;
}

static gboolean
create (TlCall *call, const char *name, JsonNode *node, GString *out, GError **error)
{
  Asked asked = { 0 };
  JsonObjectIter iter;
  const char *member;
  JsonNode *value;
  gboolean done = TRUE;

  if (call->session == NULL)
    return refuse (error, TL_SET_ERROR_FORBIDDEN, "Only who has signed in can be pushed to");
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return wrong (error, "url: an object is wanted");
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (done && json_object_iter_next_ordered (&iter, &member, &value))
    done = read_member (call, &asked, member, value, error);
  if (done && (asked.device == NULL || asked.url == NULL))
    done = wrong (error, asked.device ? "url: is missing" : "deviceClientId: is missing");
  done = done && has_room (call, error) && insert (call, &asked, name, out, error);
  g_free (asked.types);
  return done;
}

static gboolean
update_member (TlCall *call, const char *id, const char *name, JsonNode *value, GString *told,
               GError **error)
{
  const char *args[] = { call->session, id, NULL };
  g_autofree char *types = NULL;
  g_autoptr (PGresult) done = NULL;

  if (g_str_equal (name, "verificationCode")) {
    args[2] = tl_node_string (value);
    done = tl_subscription_ask (call, "verify", 3, args, error);
    return done && (PQntuples (done) == 1 ||
                    wrong (error, "verificationCode: is not the one that was pushed"));
  }
  if (g_str_equal (name, "types")) {
    if (!read_types (value, &types, error))
      return FALSE;
    args[2] = types;
    done = tl_subscription_ask (call, "set-types", 3, args, error);
    return done != NULL;
  }
  if (g_str_equal (name, "expires")) {
    if (!read_expires (value, &args[2], error))
      return FALSE;
    done = tl_subscription_ask (call, "set-expires", 3, args, error);
    if (done && PQntuples (done) == 1 && g_strcmp0 (PQgetvalue (done, 0, 0), args[2]) != 0)
      g_string_append_printf (told, "{\"expires\":\"%s\"}", PQgetvalue (done, 0, 0));
    return done != NULL;
  }
  g_set_error (error, TL_SET_ERROR, TL_SET_ERROR_INVALID_PROPERTIES, "%.100s: cannot be changed",
               name);
  return FALSE;
}

/* The number of an id that this session has one with, newly allocated. */
static char *
find_number (TlCall *call, const char *name, GError **error)
{
  const char *id = name[0] == '#'
                       ? json_object_get_string_member_with_default (call->created, name + 1, "")
                       : name;
  g_autofree char *number = NULL;
  g_autoptr (PGresult) found = NULL;
  gint64 key = 0;

  tl_id_parse (id, &key);
  number = g_strdup_printf ("%" G_GINT64_FORMAT, key);
  found = tl_subscription_ask (call, "is-there", 2, (const char *const[]){ call->session, number },
                               error);
  if (found == NULL)
    return NULL;
  if (PQntuples (found) == 1)
    return g_steal_pointer (&number);
  g_set_error (error, TL_SET_ERROR, TL_SET_ERROR_NOT_FOUND, "There is no PushSubscription “%.40s”",
               name);
  return NULL;
}

static gboolean
update (TlCall *call, const char *name, JsonNode *node, GString *out, GError **error)
{
  g_autofree char *number = find_number (call, name, error);
  gsize start = out->len;
  JsonObjectIter iter;
  const char *member;
  JsonNode *value;

  if (number == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (error, TL_SET_ERROR_INVALID_PATCH, "A patch is an object");
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &member, &value))
    if (!update_member (call, number, member, value, out, error))
      return FALSE;
  if (out->len == start)
    g_string_append (out, "null");
  return TRUE;
}

static gboolean
destroy (TlCall *call, const char *name, JsonNode *node, GString *out, GError **error)
{
  g_autofree char *number = find_number (call, name, error);
  const char *args[] = { call->session, number };
  g_autoptr (PGresult) gone = number ? tl_subscription_ask (call, "destroy", 2, args, error) : NULL;

  return gone != NULL;
}

/* --- the answer ------------------------------------------------------------------------------------ */

typedef gboolean (*Act) (TlCall *call, const char *name, JsonNode *node, GString *out,
                         GError **error);

typedef struct {
  GString *done, *refused;
} Lists;

/* FALSE when it is not this one's fault. An update that is refused is undone whole. */
static gboolean
act (TlCall *call, Act what, const char *name, JsonNode *node, Lists *lists, GError **error)
{
  g_autoptr (GString) value = g_string_new (NULL);
  g_autoptr (GError) why = NULL;
  GString *list;

  if (!tl_pg_begin (call->pg, error))
    return FALSE;
  if (what (call, name, node, value, &why)) {
    if (!tl_pg_commit (call->pg, error))
      return FALSE;
  } else {
    tl_pg_rollback (call->pg);
    if (!tl_set_is_refusal (why)) {
      g_propagate_error (error, g_steal_pointer (&why));
      return FALSE;
    }
  }
  list = why ? lists->refused : lists->done;
  tl_json_append_comma (list);
  tl_json_append_string (list, name);
  if (why || what != destroy)
    g_string_append_c (list, ':');
  if (why)
    tl_set_append_refusal (list, why, NULL);
  else
    g_string_append (list, value->str);
  return TRUE;
}

static gboolean
act_on_all (TlCall *call, Act what, JsonObject *objects, Lists *lists, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, objects);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    if (!act (call, what, name, node, lists, error))
      return FALSE;
  return TRUE;
}

static gboolean
destroy_all (TlCall *call, JsonArray *ids, Lists *lists, GError **error)
{
  for (guint i = 0; i < json_array_get_length (ids); i++) {
    const char *name = tl_node_string (json_array_get_element (ids, i));

    if (name == NULL)
      return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS,
                        "“destroy” holds what is not an id");
    if (!act (call, destroy, name, NULL, lists, error))
      return FALSE;
  }
  return TRUE;
}

static void
append_lists (GString *out, const char *done, const char *refused, Lists *lists)
{
  gboolean is_list = lists->done->str[0] == '[';

  g_string_append_printf (out, "%s\"%s\":%s%s", out->str[out->len - 1] == '{' ? "" : ",", done,
                          lists->done->len > 1 ? lists->done->str : "null",
                          lists->done->len == 1 ? ""
                          : is_list             ? "]"
                                                : "}");
  g_string_append_printf (out, ",\"%s\":%s%s", refused,
                          lists->refused->len > 1 ? lists->refused->str : "null",
                          lists->refused->len > 1 ? "}" : "");
  g_string_free (lists->done, TRUE);
  g_string_free (lists->refused, TRUE);
}

gboolean
tl_push_subscription_set (TlCall *call, const TlTypeService *service, JsonObject *args,
                          GString *out, GError **error)
{
  JsonObject *creates = NULL, *updates = NULL;
  JsonArray *destroys = NULL;
  Lists lists[] = { { g_string_new ("{"), g_string_new ("{") },
                    { g_string_new ("{"), g_string_new ("{") },
                    { g_string_new ("["), g_string_new ("{") } };
  gboolean done = tl_arg_object (args, "create", &creates, error) &&
                  tl_arg_object (args, "update", &updates, error) &&
                  tl_arg_array (args, "destroy", &destroys, error) &&
                  (!creates || act_on_all (call, create, creates, &lists[0], error)) &&
                  (!updates || act_on_all (call, update, updates, &lists[1], error)) &&
                  (!destroys || destroy_all (call, destroys, &lists[2], error));

  if (creates && call->server->jobs)
    tl_jobs_kick (call->server->jobs); /* they are to be verified */
  g_string_append_c (out, '{');
  append_lists (out, "created", "notCreated", &lists[0]);
  append_lists (out, "updated", "notUpdated", &lists[1]);
  append_lists (out, "destroyed", "notDestroyed", &lists[2]);
  g_string_append_c (out, '}');
  return done;
}
