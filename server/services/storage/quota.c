/* quota.c: Quota/get and Quota/changes (RFC 9425, 4.2 and 4.3). Quotas are no rows: they are what the
 * configuration allows and what storage.usage counts. Their state is these numbers. */
#include "server/services/storage/quota.h"

#include "server/services/storage/blob-methods.h"

#include <stdio.h>

#define SQL "storage/storage.sql"
#define STATE "q%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT

static const struct {
  const char *id;
  const char *resource;
  const char *name;
} kinds[TL_N_QUOTAS] = {
  [TL_QUOTA_FILES] = { "files", "count", "Uploaded files" },
  [TL_QUOTA_OCTETS] = { "octets", "octets", "Bytes of uploaded files" },
};

gboolean
tl_quotas_read (TlCall *call, TlQuotas *quotas, GError **error)
{
  const char *args[] = { call->account_number };
  g_autoptr (PGresult) row =
      tl_pg_query (call->pg, "storage-usage", tl_sql (SQL, "usage"), 1, args, error);

  if (row == NULL)
    return FALSE;
  *quotas =
      (TlQuotas){ .limit = { call->server->config->max_files, call->server->config->max_octets } };
  for (int i = 0; i < TL_N_QUOTAS && PQntuples (row) > 0; i++)
    quotas->used[i] = g_ascii_strtoll (PQgetvalue (row, 0, i), NULL, 10);
  return TRUE;
}

char *
tl_quotas_state (const TlQuotas *quotas)
{
  return g_strdup_printf (STATE, quotas->used[0], quotas->used[1], quotas->limit[0],
                          quotas->limit[1]);
}

JsonObject *
tl_quota_object (const TlQuotas *quotas, TlQuotaKind kind)
{
  JsonObject *object = json_object_new ();
  JsonArray *types = json_array_new ();

  json_array_add_string_element (types, "Blob");
  json_object_set_string_member (object, "id", kinds[kind].id);
  json_object_set_string_member (object, "resourceType", kinds[kind].resource);
  json_object_set_int_member (object, "used", quotas->used[kind]);
  json_object_set_int_member (object, "hardLimit", quotas->limit[kind]);
  json_object_set_string_member (object, "scope", "account");
  json_object_set_string_member (object, "name", kinds[kind].name);
  json_object_set_array_member (object, "types", types);
  json_object_set_null_member (object, "warnLimit");
  json_object_set_null_member (object, "softLimit");
  json_object_set_null_member (object, "description");
  return object;
}

/* --- get ------------------------------------------------------------------------------------------- */

/* `object` with the id and the asked ones of its properties; NULL for a property that it has not. */
static JsonObject *
choose (JsonObject *object, JsonArray *names, GError **error)
{
  g_autoptr (JsonObject) chosen = json_object_new ();

  json_object_set_member (chosen, "id", json_object_dup_member (object, "id"));
  for (guint i = 0; i < json_array_get_length (names); i++) {
    const char *name = tl_node_string (json_array_get_element (names, i));

    if (name == NULL || !json_object_has_member (object, name)) {
      tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "A Quota has no property “%.100s”",
                 name ? name : "");
      return NULL;
    }
    json_object_set_member (chosen, name, json_object_dup_member (object, name));
  }
  return g_steal_pointer (&chosen);
}

static gboolean
append_quota (const TlQuotas *quotas, TlQuotaKind kind, JsonArray *names, GString *out,
              GError **error)
{
  g_autoptr (JsonObject) whole = tl_quota_object (quotas, kind);
  g_autoptr (JsonObject) object = names ? choose (whole, names, error) : json_object_ref (whole);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  if (object == NULL)
    return FALSE;
  json_node_set_object (node, object);
  tl_json_append_comma (out);
  tl_json_append_node (out, node);
  return TRUE;
}

/* Which are asked for, as bits; ids of none go to `not_found`. */
static gboolean
read_ids (JsonArray *ids, guint *wanted, GString *not_found, GError **error)
{
  *wanted = ids ? 0 : (1u << TL_N_QUOTAS) - 1;
  for (guint i = 0; ids && i < json_array_get_length (ids); i++) {
    const char *id = tl_node_string (json_array_get_element (ids, i));
    guint kind = 0;

    if (id == NULL)
      return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“ids” holds what is not an id");
    while (kind < TL_N_QUOTAS && !g_str_equal (kinds[kind].id, id))
      kind++;
    if (kind < TL_N_QUOTAS) {
      *wanted |= 1u << kind;
      continue;
    }
    tl_json_append_comma (not_found);
    tl_json_append_string (not_found, id);
  }
  return TRUE;
}

gboolean
tl_quota_get (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
              GError **error)
{
  g_autoptr (GString) not_found = g_string_new ("[");
  g_autofree char *state = NULL;
  JsonArray *ids = NULL, *names = NULL;
  TlQuotas quotas;
  guint wanted;

  if (!tl_arg_array (args, "ids", &ids, error) || !tl_arg_array (args, "properties", &names, error))
    return FALSE;
  if (ids && json_array_get_length (ids) > TL_MAX_OBJECTS_IN_GET)
    return tl_refuse (error, TL_METHOD_ERROR_REQUEST_TOO_LARGE, "More than %d ids",
                      TL_MAX_OBJECTS_IN_GET);
  if (!read_ids (ids, &wanted, not_found, error) || !tl_quotas_read (call, &quotas, error))
    return FALSE;
  state = tl_quotas_state (&quotas);
  g_string_append_printf (out, "{\"accountId\":\"%s\",\"state\":\"%s\",\"list\":[",
                          call->account_id, state);
  for (guint kind = 0; kind < TL_N_QUOTAS; kind++)
    if ((wanted & (1u << kind)) && !append_quota (&quotas, kind, names, out, error))
      return FALSE;
  g_string_append_printf (out, "],\"notFound\":%s]}", not_found->str);
  return TRUE;
}

/* --- changes --------------------------------------------------------------------------------------- */

static gboolean
parse_state (const char *text, TlQuotas *quotas)
{
  g_autofree char *again = NULL;

  if (sscanf (text, STATE, &quotas->used[0], &quotas->used[1], &quotas->limit[0],
              &quotas->limit[1]) != 4)
    return FALSE;
  again = tl_quotas_state (quotas);
  return g_str_equal (again, text);
}

/* Brings `known` to `now`, at most `max` quotas of it; what changed is appended to `updated`. */
static guint
catch_up (TlQuotas *known, const TlQuotas *now, gint64 max, GString *updated, gboolean *only_used)
{
  guint n = 0;

  for (guint i = 0; i < TL_N_QUOTAS && n < max; i++) {
    if (known->used[i] == now->used[i] && known->limit[i] == now->limit[i])
      continue;
    *only_used &= known->limit[i] == now->limit[i];
    known->used[i] = now->used[i];
    known->limit[i] = now->limit[i];
    tl_json_append_comma (updated);
    tl_json_append_string (updated, kinds[i].id);
    n++;
  }
  return n;
}

gboolean
tl_quota_changes (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                  GError **error)
{
  g_autoptr (GString) updated = g_string_new ("[");
  g_autofree char *last = NULL;
  g_autofree char *state = NULL;
  const char *since = NULL;
  gboolean only_used = TRUE;
  TlQuotas known, now;
  gint64 max = TL_N_QUOTAS;

  if (!tl_arg_string (args, "sinceState", &since, error) ||
      !tl_arg_int (args, "maxChanges", 1, G_MAXINT64, &max, error))
    return FALSE;
  if (since == NULL)
    return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“sinceState” is missing");
  if (!parse_state (since, &known))
    return tl_refuse (error, TL_METHOD_ERROR_CANNOT_CALCULATE_CHANGES, "This was never a state");
  if (!tl_quotas_read (call, &now, error))
    return FALSE;
  only_used &= catch_up (&known, &now, max, updated, &only_used) > 0;
  state = tl_quotas_state (&known);
  last = tl_quotas_state (&now);
  g_string_append_printf (out, "{\"accountId\":\"%s\",\"oldState\":\"%s\",\"newState\":\"%s\"",
                          call->account_id, since, state);
  g_string_append_printf (out,
                          ",\"hasMoreChanges\":%s,\"created\":[],\"updated\":%s],\"destroyed\":[]"
                          ",\"updatedProperties\":%s}",
                          g_str_equal (state, last) ? "false" : "true", updated->str,
                          only_used ? "[\"used\"]" : "null");
  return TRUE;
}
