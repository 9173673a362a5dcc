/* methods.c: the table of methods, and the one place where a call's errors become JMAP's. */
#include "server/jmap/methods.h"

#include <string.h>

static gboolean
echo (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out, GError **error)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, args);
  tl_json_append_node (out, node);
  return TRUE;
}

static const TlPlainMethod plain_methods[] = {
  { "Core/echo", TL_CAP_CORE, echo, FALSE },
  { "Snapshot/fetch", TL_CAP_SYNC, tl_call_snapshot, TRUE },
  { "Sync/changes", TL_CAP_SYNC, tl_call_catch_up, TRUE },
  { "Search/query", TL_CAP_SYNC, tl_call_search, TRUE },
  { NULL },
};

static const struct {
  const char *name;
  TlMethod run;
} type_methods[] = {
  { "get", tl_call_get },     { "changes", tl_call_changes },
  { "set", tl_call_set },     { "copy", tl_call_copy },
  { "query", tl_call_query }, { "queryChanges", tl_call_query_changes },
};

static const char *const error_names[] = {
  [TL_METHOD_ERROR_SERVER_UNAVAILABLE] = "serverUnavailable",
  [TL_METHOD_ERROR_SERVER_FAIL] = "serverFail",
  [TL_METHOD_ERROR_UNKNOWN_METHOD] = "unknownMethod",
  [TL_METHOD_ERROR_INVALID_ARGUMENTS] = "invalidArguments",
  [TL_METHOD_ERROR_INVALID_RESULT_REFERENCE] = "invalidResultReference",
  [TL_METHOD_ERROR_FORBIDDEN] = "forbidden",
  [TL_METHOD_ERROR_ACCOUNT_NOT_FOUND] = "accountNotFound",
  [TL_METHOD_ERROR_REQUEST_TOO_LARGE] = "requestTooLarge",
  [TL_METHOD_ERROR_CANNOT_CALCULATE_CHANGES] = "cannotCalculateChanges",
  [TL_METHOD_ERROR_TOO_MANY_CHANGES] = "tooManyChanges",
  [TL_METHOD_ERROR_STATE_MISMATCH] = "stateMismatch",
  [TL_METHOD_ERROR_FROM_ACCOUNT_NOT_FOUND] = "fromAccountNotFound",
  [TL_METHOD_ERROR_UNKNOWN_DATA_TYPE] = "unknownDataType",
  [TL_METHOD_ERROR_ANCHOR_NOT_FOUND] = "anchorNotFound",
  [TL_METHOD_ERROR_UNSUPPORTED_FILTER] = "unsupportedFilter",
  [TL_METHOD_ERROR_UNSUPPORTED_SORT] = "unsupportedSort",
};

static gboolean
find_of_type (const char *name, const char *verb, TlMethodEntry *entry)
{
  for (guint i = 0; tl_type_services[i]; i++) {
    const TlType *type = tl_type_services[i]->type;

    if (strlen (type->name) != (gsize)(verb - name) || !g_str_has_prefix (name, type->name))
      continue;
    for (guint j = 0; j < G_N_ELEMENTS (type_methods); j++)
      if (g_str_equal (verb + 1, type_methods[j].name)) {
        *entry =
            (TlMethodEntry){ type_methods[j].run, tl_type_services[i], type->capability, TRUE };
        return TRUE;
      }
  }
  return FALSE;
}

static gboolean
find_plain (const TlPlainMethod *methods, const char *name, TlMethodEntry *entry)
{
  for (; methods->name; methods++)
    if (g_str_equal (name, methods->name)) {
      *entry = (TlMethodEntry){ methods->run, NULL, methods->capability, methods->needs_account };
      return TRUE;
    }
  return FALSE;
}

gboolean
tl_method_find (const char *name, TlMethodEntry *entry)
{
  const char *verb = strchr (name, '/');

  return find_plain (plain_methods, name, entry) || find_plain (tl_service_methods, name, entry) ||
         (verb && find_of_type (name, verb, entry));
}

static gboolean
check_account (TlCall *call, JsonObject *args, GError **error)
{
  const char *id = NULL;

  if (!tl_arg_string (args, "accountId", &id, error))
    return FALSE;
  if (id == NULL)
    return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“accountId” is missing");
  if (!g_str_equal (id, call->account_id))
    return tl_refuse (error, TL_METHOD_ERROR_ACCOUNT_NOT_FOUND, "No account “%.40s” here", id);
  return TRUE;
}

static gboolean
run (TlCall *call, const char *name, JsonObject *args, GPtrArray *capabilities, GString *out,
     GError **error)
{
  TlMethodEntry entry;

  if (!tl_method_find (name, &entry) ||
      !g_ptr_array_find_with_equal_func (capabilities, entry.capability, g_str_equal, NULL))
    return tl_refuse (error, TL_METHOD_ERROR_UNKNOWN_METHOD, "There is no method “%.100s”", name);
  if (entry.needs_account && !check_account (call, args, error))
    return FALSE;
  return entry.run (call, entry.service, args, out, error);
}

/* What is not the client's doing is logged here, and told without detail. */
void
tl_method_append_error (GString *out, const GError *error)
{
  TlMethodError code = TL_METHOD_ERROR_SERVER_FAIL;
  const char *description = "The server could not do this; it says why in its log";

  if (error->domain == TL_METHOD_ERROR) {
    code = (TlMethodError)error->code;
    description = error->message;
  } else if (g_error_matches (error, TL_PG_ERROR, TL_PG_ERROR_AWAY)) {
    code = TL_METHOD_ERROR_SERVER_UNAVAILABLE;
    description = "The database is away; try again later";
  } else {
    g_warning ("%s", error->message);
  }
  g_string_append_printf (out, "{\"type\":\"%s\",\"description\":", error_names[code]);
  tl_json_append_string (out, description);
  g_string_append_c (out, '}');
}

gboolean
tl_method_run (TlCall *call, const char *name, JsonObject *args, GPtrArray *capabilities,
               GString *out)
{
  g_autoptr (GError) error = NULL;
  gsize start = out->len;

  if (run (call, name, args, capabilities, out, &error))
    return TRUE;
  if (error->domain != TL_METHOD_ERROR)
    g_prefix_error (&error, "%s: ", name);
  call->is_away = g_error_matches (error, TL_PG_ERROR, TL_PG_ERROR_AWAY);
  if (call->is_away)
    g_message ("%s", error->message);
  g_string_truncate (out, start);
  tl_method_append_error (out, error);
  return FALSE;
}
