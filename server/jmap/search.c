/* search.c: Search/query: one search over all kinds, with a quotation of each hit. */
#include "server/jmap/call.h"
#include "server/jmap/type-sql.h"

#include <string.h>

#define MAX_HITS 100
#define MAX_POSITION 10000

static GArray *
find (TlCall *call, const TlSearchAsk *ask, guint *counts, GError **error)
{
  TlSearch *search = call->server->search;

  if (counts)
    memset (counts, 0, TL_SEARCH_COUNTS * sizeof *counts);
  if (!tl_search_query_asks (ask->query))
    return g_array_new (FALSE, FALSE, sizeof (TlSearchHit));
  return search->class->query (search, call->pg, ask, counts, error);
}

GArray *
tl_call_search_hits (TlCall *call, const char *text, const guint8 *types, guint limit,
                     GError **error)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (TlSearchQuery) query = tl_search_query_parse (text, g_get_real_time () / 1000, zone);
  const TlSearchAsk ask = { query, call->account, types, 0, limit };

  return find (call, &ask, NULL, error);
}

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

static void
append_counts (GString *out, const guint counts[TL_SEARCH_COUNTS])
{
  g_string_append (out, "],\"counts\":{");
  for (guint i = 1; i < TL_SEARCH_COUNTS; i++)
    if (counts[i] > 0) {
      tl_json_append_comma (out);
      g_string_append_printf (out, "\"%s\":%u", tl_type_by_number (i)->name, counts[i]);
    }
  g_string_append (out, "}}");
}

static gboolean
append_hits (TlCall *call, const TlSearchAsk *ask, guint *counts, GString *out, GError **error)
{
  g_autoptr (GHashTable) quotes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *words = tl_search_tsquery (ask->query, TRUE);
  g_autoptr (GArray) hits = find (call, ask, counts, error);

  if (hits == NULL)
    return FALSE;
  for (guint i = 0; tl_type_services[i]; i++)
    if (tl_type_services[i]->text &&
        !quote_type (call, tl_type_services[i]->type, hits, words, quotes, error))
      return FALSE;
  g_string_append_printf (out, "{\"accountId\":\"%s\",\"hits\":[", call->account_id);
  for (guint i = 0; i < hits->len; i++)
    append_hit (out, &g_array_index (hits, TlSearchHit, i), quotes);
  if (counts)
    append_counts (out, counts);
  else
    g_string_append (out, "]}");
  return TRUE;
}

/* What is no zone's name is UTC. */
static GTimeZone *
zone_of (const char *name)
{
  GTimeZone *zone = name ? g_time_zone_new_identifier (name) : NULL;

  return zone ? zone : g_time_zone_new_utc ();
}

gboolean
tl_call_search (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                GError **error)
{
  g_autoptr (GByteArray) types = g_byte_array_new ();
  g_autoptr (TlSearchQuery) query = NULL;
  g_autoptr (GTimeZone) zone = NULL;
  const char *text = NULL, *zone_name = NULL;
  guint counts[TL_SEARCH_COUNTS];
  gint64 limit = 20, position = 0;
  gboolean all, wants_counts = FALSE;

  if (!tl_arg_string (args, "text", &text, error) ||
      !tl_arg_string (args, "timeZone", &zone_name, error) ||
      !tl_arg_int (args, "position", 0, MAX_POSITION, &position, error) ||
      !tl_arg_int (args, "limit", 1, G_MAXINT64, &limit, error) ||
      !tl_arg_bool (args, "calculateCounts", &wants_counts, error) ||
      !read_types (args, types, &all, error))
    return FALSE;
  if (text == NULL)
    return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“text” is missing");
  zone = zone_of (zone_name);
  query = tl_search_query_parse (text, g_get_real_time () / 1000, zone);
  return append_hits (call,
                      &(const TlSearchAsk){ .query = query,
                                            .account = call->account,
                                            .types = all ? NULL : types->data,
                                            .position = (guint)position,
                                            .limit = (guint)MIN (limit, MAX_HITS) },
                      wants_counts ? counts : NULL, out, error);
}
