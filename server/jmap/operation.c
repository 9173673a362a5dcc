/* operation.c: operations are done once. The result is stored in the transaction that did it; a refusal
 * is not stored, so that it may be tried again when things have changed. */
#include "server/jmap/set.h"
#include "server/jmap/type-sql.h"
#include "server/jmap/write.h"

enum { OP_ID, KIND, TYPE, ID, SCOPE, VALUE };

static void
collect (GString *array, const char *op_id)
{
  if (op_id && g_uuid_string_is_valid (op_id))
    g_string_append_printf (array, "%s%s", array->len > 1 ? "," : "", op_id);
}

static void
collect_of (JsonObject *objects, const char *member, GString *array)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (objects == NULL)
    return;
  json_object_iter_init (&iter, objects);
  while (json_object_iter_next (&iter, &name, &value)) {
    JsonNode *op = value;

    if (member && JSON_NODE_HOLDS_OBJECT (value))
      op = json_object_get_member (json_node_get_object (value), member);
    if (op)
      collect (array, tl_node_string (op));
  }
}

static gint64
number_at (PGresult *result, int row, int column)
{
  return g_ascii_strtoll (PQgetvalue (result, row, column), NULL, 10);
}

/* What was done to another type is remembered as of no kind: its operation id cannot be used here. */
static TlSetResult *
read_row (TlSet *set, PGresult *rows, int i)
{
  TlSetResult *result = g_new0 (TlSetResult, 1);

  if (number_at (rows, i, TYPE) == set->service->type->number)
    result->kind = (TlChangeKind)PQgetvalue (rows, i, KIND)[0];
  result->op_id = g_strdup (PQgetvalue (rows, i, OP_ID));
  result->id = number_at (rows, i, ID);
  result->scope = number_at (rows, i, SCOPE);
  result->json = g_strdup (PQgetisnull (rows, i, VALUE) ? "null" : PQgetvalue (rows, i, VALUE));
  return result;
}

gboolean
tl_operations_load (TlSet *set, GError **error)
{
  GString *array = g_string_new ("{");
  g_autoptr (PGresult) rows = NULL;
  gboolean done = TRUE;

  collect_of (set->create, "@opId", array);
  collect_of (set->update, "@opId", array);
  collect_of (set->destroy_ops, NULL, array);
  if (array->len > 1) {
    const char *args[] = { set->call->account_number, NULL };

    g_string_append_c (array, '}');
    args[1] = array->str;
    rows = tl_write_query (set->write.pg, "operations", 2, args, error);
    done = rows != NULL;
    for (int i = 0; done && i < PQntuples (rows); i++) {
      TlSetResult *result = read_row (set, rows, i);

      g_hash_table_insert (set->operations, result->op_id, result);
    }
  }
  g_string_free (array, TRUE);
  return done;
}

/* A create that is retried after its object was destroyed tells of that again. */
static gboolean
log_tombstone (TlSet *set, const TlSetResult *old, GError **error)
{
  g_autofree char *scope = g_strdup_printf ("%" G_GINT64_FORMAT, old->scope);
  g_autofree char *ids = tl_pg_array (&old->id, 1);
  const char *args[] = { scope, ids };
  g_autoptr (PGresult) found =
      tl_type_query (set->write.pg, set->service->type, TL_TYPE_IN_SCOPE, 2, args, error);

  if (found == NULL)
    return FALSE;
  if (PQntuples (found) == 0)
    tl_write_log (&set->write, old->scope, set->service->type, old->id, TL_DESTROYED, NULL);
  return TRUE;
}

static gboolean
is_used_here (TlSet *set, const TlSetResult *result)
{
  for (guint i = 0; i < set->results->len; i++) {
    const TlSetResult *other = set->results->pdata[i];

    if (other != result && other->error == NULL && g_strcmp0 (other->op_id, result->op_id) == 0)
      return TRUE;
  }
  return FALSE;
}

gboolean
tl_operation_recall (TlSet *set, TlSetResult *result, gboolean *done, GError **error)
{
  const TlSetResult *old;

  *done = FALSE;
  if (result->op_id == NULL)
    return TRUE;
  old = g_hash_table_lookup (set->operations, result->op_id);
  if (!g_uuid_string_is_valid (result->op_id) || is_used_here (set, result) ||
      (old && (old->kind != result->kind || (result->id != 0 && old->id != result->id)))) {
    result->error = g_error_new (TL_SET_ERROR, TL_SET_ERROR_INVALID_PROPERTIES,
                                 "@opId: is not a UUID, or was used for something else");
    return FALSE;
  }
  if (old == NULL)
    return TRUE;
  *done = TRUE;
  result->id = old->id;
  result->scope = old->scope;
  result->json = g_strdup (old->json);
  result->is_old = TRUE;
  return result->kind != TL_CREATED || log_tombstone (set, old, error);
}

static void
append_operation (GString *json, const TlType *type, const TlSetResult *result)
{
  tl_json_append_comma (json);
  g_string_append_printf (
      json,
      "{\"op\":\"%s\",\"result\":{\"kind\":\"%c\",\"type\":%u,\"id\":%" G_GINT64_FORMAT
      ",\"scope\":%" G_GINT64_FORMAT ",\"value\":%s}}",
      result->op_id, result->kind, type->number, result->id, result->scope,
      result->json ? result->json : "null");
}

gboolean
tl_operations_commit (TlSet *set, GError **error)
{
  GString *json = g_string_new ("[");
  GError *why = NULL;
  gboolean is_empty, done;

  for (guint i = 0; i < set->results->len; i++) {
    const TlSetResult *result = set->results->pdata[i];

    if (result->op_id && !result->error && !result->is_old)
      append_operation (json, set->service->type, result);
  }
  is_empty = json->len == 1;
  g_string_append_c (json, ']');
  if (!is_empty) {
    const char *args[] = { set->call->account_number, json->str };

    done = tl_pg_run_and_commit (set->write.pg, "write.store_operations",
                                 tl_sql ("jmap/write.sql", "store_operations"), 2, args, &why);
  } else {
    done = tl_pg_commit (set->write.pg, &why);
  }
  g_string_free (json, TRUE);
  /* Somebody else did it meanwhile: trying again finds the result. */
  if (g_error_matches (why, TL_PG_ERROR, TL_PG_ERROR_UNIQUE))
    why->code = TL_PG_ERROR_CONFLICT;
  if (why)
    g_propagate_error (error, why);
  return done;
}
