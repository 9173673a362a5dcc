/* quota-query.c: Quota/query and Quota/queryChanges (RFC 9425, 4.4 and 4.5) over the account's two quotas. */
#include "server/services/storage/blob-methods.h"
#include "server/services/storage/quota.h"

#include <string.h>

#define MAX_DEPTH 8

static const char *const filtered[] = { "name", "scope", "resourceType", "type", NULL };

typedef struct {
  const char *anchor;
  gint64 position, offset, limit;
  gboolean wants_total;
} Window;

/* --- filter ---------------------------------------------------------------------------------------- */

static gboolean matches (JsonObject *quota, JsonObject *filter, guint depth, gboolean *match,
                         GError **error);

static gboolean
match_operator (JsonObject *quota, JsonObject *filter, const char *operator, guint depth,
                gboolean *match, GError **error)
{
  gboolean is_and = g_str_equal (operator, "AND");
  gboolean is_not = g_str_equal (operator, "NOT");
  JsonArray *conditions = NULL;
  gboolean any = FALSE, all = TRUE;

  if (!is_and && !is_not && !g_str_equal (operator, "OR"))
    return tl_refuse (error, TL_METHOD_ERROR_UNSUPPORTED_FILTER,
                      "There is no operator “%.20s”", operator);
  if (!tl_arg_array (filter, "conditions", &conditions, error))
    return FALSE;
  for (guint i = 0; conditions && i < json_array_get_length (conditions); i++) {
    JsonNode *node = json_array_get_element (conditions, i);
    gboolean one;

    if (!JSON_NODE_HOLDS_OBJECT (node))
      return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS,
                        "filter: a condition is not an object");
    if (!matches (quota, json_node_get_object (node), depth + 1, &one, error))
      return FALSE;
    any |= one;
    all &= one;
  }
  *match = is_and ? all : is_not ? !any : any;
  return TRUE;
}

/* A name is found by any part of it, the others are compared whole. */
static gboolean
match_condition (JsonObject *quota, const char *name, const char *wanted)
{
  const char *value;

  if (g_str_equal (name, "type"))
    return g_str_equal (wanted, "Blob");
  value = json_object_get_string_member (quota, name);
  if (g_str_equal (name, "name")) {
    g_autofree char *folded = g_utf8_casefold (value, -1);
    g_autofree char *part = g_utf8_casefold (wanted, -1);

    return strstr (folded, part) != NULL;
  }
  return g_str_equal (value, wanted);
}

static gboolean
matches (JsonObject *quota, JsonObject *filter, guint depth, gboolean *match, GError **error)
{
  const char *operator= NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  *match = TRUE;
  if (depth > MAX_DEPTH)
    return tl_refuse (error, TL_METHOD_ERROR_UNSUPPORTED_FILTER, "Deeper than %d", MAX_DEPTH);
  if (!tl_arg_string (filter, "operator", &operator, error))
    return FALSE;
  if (operator)
    return match_operator (quota, filter, operator, depth, match, error);
  json_object_iter_init (&iter, filter);
  while (json_object_iter_next (&iter, &name, &value)) {
    if (!g_strv_contains (filtered, name))
      return tl_refuse (error, TL_METHOD_ERROR_UNSUPPORTED_FILTER, "There is no filter “%.100s”",
                        name);
    if (tl_node_string (value) == NULL)
      return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "filter: “%s” is not a string",
                        name);
    *match &= match_condition (quota, name, tl_node_string (value));
  }
  return TRUE;
}

/* --- sort ------------------------------------------------------------------------------------------ */

typedef struct {
  gboolean by_used;
  int sign;
} Order;

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  JsonObject *one = *(JsonObject *const *)a;
  JsonObject *other = *(JsonObject *const *)b;
  const GArray *orders = data;

  for (guint i = 0; i < orders->len; i++) {
    const Order *order = &g_array_index (orders, Order, i);
    gint64 x = json_object_get_int_member (one, "used");
    gint64 y = json_object_get_int_member (other, "used");
    int found = order->by_used ? (x > y) - (x < y)
                               : strcmp (json_object_get_string_member (one, "name"),
                                         json_object_get_string_member (other, "name"));

    if (found)
      return found * order->sign;
  }
  return 0;
}

static gboolean
read_sort (JsonArray *sort, GArray *orders, GError **error)
{
  for (guint i = 0; sort && i < json_array_get_length (sort); i++) {
    JsonNode *node = json_array_get_element (sort, i);
    const char *property = NULL;
    gboolean ascending = TRUE;
    Order order;

    if (!JSON_NODE_HOLDS_OBJECT (node))
      return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“sort” holds no Comparator");
    if (!tl_arg_string (json_node_get_object (node), "property", &property, error) ||
        !tl_arg_bool (json_node_get_object (node), "isAscending", &ascending, error))
      return FALSE;
    if (g_strcmp0 (property, "name") != 0 && g_strcmp0 (property, "used") != 0)
      return tl_refuse (error, TL_METHOD_ERROR_UNSUPPORTED_SORT, "Cannot sort by “%.100s”",
                        property ? property : "");
    order = (Order){ g_str_equal (property, "used"), ascending ? 1 : -1 };
    g_array_append_val (orders, order);
  }
  return TRUE;
}

/* --- the answer ------------------------------------------------------------------------------------ */

static const char *
id_of (GPtrArray *found, guint i)
{
  return json_object_get_string_member (found->pdata[i], "id");
}

static gboolean
find_position (Window *window, GPtrArray *found, GError **error)
{
  guint at = 0;

  if (window->anchor == NULL) {
    if (window->position < 0)
      window->position = MAX (0, window->position + (gint64)found->len);
    return TRUE;
  }
  while (at < found->len && !g_str_equal (id_of (found, at), window->anchor))
    at++;
  if (at == found->len)
    return tl_refuse (error, TL_METHOD_ERROR_ANCHOR_NOT_FOUND, "“%.40s” is not among the results",
                      window->anchor);
  window->position = MAX (0, at + window->offset);
  return TRUE;
}

static gboolean
find (const TlQuotas *quotas, JsonObject *filter, JsonArray *sort, GPtrArray *found, GError **error)
{
  g_autoptr (GArray) orders = g_array_new (FALSE, FALSE, sizeof (Order));

  if (!read_sort (sort, orders, error))
    return FALSE;
  for (guint kind = 0; kind < TL_N_QUOTAS; kind++) {
    g_autoptr (JsonObject) quota = tl_quota_object (quotas, kind);
    gboolean match = TRUE;

    if (filter && !matches (quota, filter, 1, &match, error))
      return FALSE;
    if (match)
      g_ptr_array_add (found, json_object_ref (quota));
  }
  g_ptr_array_sort_with_data (found, compare, orders);
  return TRUE;
}

static gboolean
read_window (Window *window, JsonObject *args, GError **error)
{
  return tl_arg_string (args, "anchor", &window->anchor, error) &&
         tl_arg_int (args, "position", -G_MAXINT32, G_MAXINT32, &window->position, error) &&
         tl_arg_int (args, "anchorOffset", -G_MAXINT32, G_MAXINT32, &window->offset, error) &&
         tl_arg_int (args, "limit", 0, G_MAXINT64, &window->limit, error) &&
         tl_arg_bool (args, "calculateTotal", &window->wants_total, error);
}

gboolean
tl_quota_query (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify)json_object_unref);
  Window window = { .limit = G_MAXINT64 };
  JsonObject *filter = NULL;
  JsonArray *sort = NULL;
  g_autofree char *state = NULL;
  TlQuotas quotas;

  if (!tl_arg_object (args, "filter", &filter, error) ||
      !tl_arg_array (args, "sort", &sort, error) || !read_window (&window, args, error) ||
      !tl_quotas_read (call, &quotas, error) || !find (&quotas, filter, sort, found, error) ||
      !find_position (&window, found, error))
    return FALSE;
  state = tl_quotas_state (&quotas);
  g_string_append_printf (out,
                          "{\"accountId\":\"%s\",\"queryState\":\"%s\","
                          "\"canCalculateChanges\":false,\"position\":%" G_GINT64_FORMAT,
                          call->account_id, state, window.position);
  if (window.wants_total)
    g_string_append_printf (out, ",\"total\":%u", found->len);
  g_string_append (out, ",\"ids\":[");
  for (gint64 i = window.position; i < found->len && window.limit-- > 0; i++) {
    tl_json_append_comma (out);
    tl_json_append_string (out, id_of (found, (guint)i));
  }
  g_string_append (out, "]}");
  return TRUE;
}

gboolean
tl_quota_query_changes (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                        GError **error)
{
  const char *since = NULL;

  if (!tl_arg_string (args, "sinceQueryState", &since, error))
    return FALSE;
  if (since == NULL)
    return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“sinceQueryState” is missing");
  return tl_refuse (error, TL_METHOD_ERROR_CANNOT_CALCULATE_CHANGES, "There are two: query again");
}
