/* subscription-get.c: PushSubscription/get (RFC 8620, 7.2.1). They are of no account and have no state; a
 * session sees its own alone. Where it points is never told again. */
#include "server/jmap/subscription.h"

#define SQL "jmap/subscription.sql"

PGresult *
tl_subscription_ask (TlCall *call, const char *name, int n, const char *const *args, GError **error)
{
  g_autofree char *prepared = g_strconcat ("subscription-", name, NULL);

  return tl_pg_query (call->pg, prepared, tl_sql (SQL, name), n, args, error);
}

static const char *const properties[] = { "id", "deviceClientId", "verificationCode", "expires",
                                          "types" };

/* Bits of `properties`. */
static gboolean
read_properties (JsonObject *args, guint *wanted, GError **error)
{
  JsonArray *names = NULL;

  *wanted = (1u << G_N_ELEMENTS (properties)) - 1;
  if (!tl_arg_array (args, "properties", &names, error))
    return FALSE;
  if (names)
    *wanted = 1;
  for (guint i = 0; names && i < json_array_get_length (names); i++) {
    const char *name = tl_node_string (json_array_get_element (names, i));
    guint at = 0;

    if (g_strcmp0 (name, "url") == 0 || g_strcmp0 (name, "keys") == 0)
      return tl_refuse (error, TL_METHOD_ERROR_FORBIDDEN, "“%s” is never told again", name);
    while (name && at < G_N_ELEMENTS (properties) && !g_str_equal (properties[at], name))
      at++;
    if (name == NULL || at == G_N_ELEMENTS (properties))
      return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS,
                        "A PushSubscription has no property “%.100s”", name ? name : "");
    *wanted |= 1u << at;
  }
  return TRUE;
}

static void
append_one (PGresult *rows, int row, guint wanted, GString *out)
{
  tl_json_append_comma (out);
  g_string_append_printf (out, "{\"id\":\"t%s\"", PQgetvalue (rows, row, 0));
  for (int i = 1; i < (int)G_N_ELEMENTS (properties); i++) {
    if (!(wanted & (1u << i)))
      continue;
    g_string_append_printf (out, ",\"%s\":", properties[i]);
    if (PQgetisnull (rows, row, i))
      g_string_append (out, "null");
    else if (i == 4) /* types: JSON already */
      g_string_append (out, PQgetvalue (rows, row, i));
    else
      tl_json_append_string (out, PQgetvalue (rows, row, i));
  }
  g_string_append_c (out, '}');
}

static int
find_row (PGresult *rows, const char *id)
{
  for (int i = 0; id[0] == 't' && i < PQntuples (rows); i++)
    if (g_str_equal (PQgetvalue (rows, i, 0), id + 1))
      return i;
  return -1;
}

gboolean
tl_push_subscription_get (TlCall *call, const TlTypeService *service, JsonObject *args,
                          GString *out, GError **error)
{
  const char *query[] = { call->session };
  g_autoptr (GString) not_found = g_string_new ("[");
  g_autoptr (PGresult) rows = NULL;
  JsonArray *ids = NULL;
  guint wanted;

  if (!tl_arg_array (args, "ids", &ids, error) || !read_properties (args, &wanted, error))
    return FALSE;
  rows = tl_subscription_ask (call, "get", 1, query, error);
  if (rows == NULL)
    return FALSE;
  g_string_append (out, "{\"list\":[");
  for (int i = 0; ids == NULL && i < PQntuples (rows); i++)
    append_one (rows, i, wanted, out);
  for (guint i = 0; ids && i < json_array_get_length (ids); i++) {
    const char *id = tl_node_string (json_array_get_element (ids, i));

    if (id == NULL)
      return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“ids” holds what is not an id");
    if (find_row (rows, id) >= 0) {
      append_one (rows, find_row (rows, id), wanted, out);
    } else {
      tl_json_append_comma (not_found);
      tl_json_append_string (not_found, id);
    }
  }
  g_string_append_printf (out, "],\"notFound\":%s]}", not_found->str);
  return TRUE;
}
