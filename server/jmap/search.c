/* search.c: Search/query: one search over all kinds, with a quotation of each hit. */
#include "server/jmap/call.h"
#include "server/jmap/type-sql.h"

#define MAX_HITS 100

/* 0-terminated numbers; NULL with *all set for all types. */
static gboolean
read_types (JsonObject *args, GByteArray *types, gboolean *all, GError **error)
{
  JsonArray *names = NULL;

  if (!tl_arg_array (args, "types", &names, error))
    return FALSE;
  *all = names == NULL;
  for (guint i = 0; names && i < json_array_get_length (names); i++) {
    const char *name = tl_node_string (json_array_get_element (names, i));
    const TlType *type = name ? tl_type_by_name (name) : NULL;

    if (type == NULL)
      return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“types” holds “%.100s”",
                        name ? name : "");
    g_byte_array_append (types, &type->number, 1);
  }
  g_byte_array_append (types, &(guint8){ 0 }, 1);
  return TRUE;
}

static gboolean
quote_type (TlCall *call, const TlType *type, GArray *hits, const char *text, GHashTable *quotes,
            GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (PGresult) result = NULL;
  g_autofree char *array = NULL;

  for (guint i = 0; i < hits->len; i++)
    if (g_array_index (hits, TlSearchHit, i).type == type->number)
      g_array_append_val (ids, g_array_index (hits, TlSearchHit, i).key);
  if (ids->len == 0)
    return TRUE;
  array = tl_pg_array ((const gint64 *)ids->data, ids->len);
  result = tl_type_query (call->pg, type, TL_TYPE_QUOTE, 3,
                          (const char *const[]){ call->account_number, array, text }, error);
  if (result == NULL)
    return FALSE;
  for (int i = 0; i < PQntuples (result); i++)
    g_hash_table_insert (quotes, g_strdup (PQgetvalue (result, i, 0)),
                         g_strdup (PQgetvalue (result, i, 1)));
  return TRUE;
}

static void
append_hit (GString *out, const TlSearchHit *hit, GHashTable *quotes)
{
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT, hit->key);
  const char *quote = g_hash_table_lookup (quotes, key);

  tl_json_append_comma (out);
  g_string_append_printf (out, "{\"type\":\"%s\",\"id\":\"t%s\",\"snippet\":",
                          tl_type_by_number (hit->type)->name, key);
  if (quote)
    tl_json_append_string (out, quote);
  else
    g_string_append (out, "null");
  g_string_append_c (out, '}');
}

gboolean
tl_call_search (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                GError **error)
{
  g_autoptr (GByteArray) types = g_byte_array_new ();
  g_autoptr (GHashTable) quotes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GArray) hits = NULL;
  TlSearch *search = call->server->search;
  const char *text = NULL;
  gint64 limit = 20;
  gboolean all;

  if (!tl_arg_string (args, "text", &text, error) ||
      !tl_arg_int (args, "limit", 1, G_MAXINT64, &limit, error) ||
      !read_types (args, types, &all, error))
    return FALSE;
  if (text == NULL)
    return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“text” is missing");
  hits = search->class->query (search, call->pg, call->account, text, all ? NULL : types->data,
                               (guint)MIN (limit, MAX_HITS), error);
  if (hits == NULL)
    return FALSE;
  for (guint i = 0; tl_type_services[i]; i++)
    if (tl_type_services[i]->text &&
        !quote_type (call, tl_type_services[i]->type, hits, text, quotes, error))
      return FALSE;
  g_string_append_printf (out, "{\"accountId\":\"%s\",\"hits\":[", call->account_id);
  for (guint i = 0; i < hits->len; i++)
    append_hit (out, &g_array_index (hits, TlSearchHit, i), quotes);
  g_string_append (out, "]}");
  return TRUE;
}
