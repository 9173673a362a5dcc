/* query.c: Foo/query (RFC 8620, 5.5). The queryState is the account's state, read in the same snapshot as the
 * results: what changed of the type since then tells what changed in the results (query-changes.c). */
#include "server/jmap/query.h"

#include "server/jmap/type-sql.h"

static gint64
number_of (PGresult *result)
{
  return g_ascii_strtoll (PQgetvalue (result, 0, 0), NULL, 10);
}

/* Statements of queries are as many as there are filters: they are not kept prepared. */
PGresult *
tl_query_ask (TlFilter *filter, GError **error, const char *format, ...)
{
  va_list args;
  g_autofree char *sql = NULL;

  va_start (args, format);
  sql = g_strdup_vprintf (format, args);
  va_end (args);
  return tl_pg_query (filter->call->pg, NULL, sql, (int)filter->values->len,
                      (const char *const *)filter->values->pdata, error);
}

gboolean
tl_query_count (TlQuery *self, TlFilter *filter, GError **error)
{
  g_autoptr (PGresult) result =
      tl_query_ask (filter, error, "SELECT count(*) %s AND %s",
                    tl_type_visible (filter->service->type), filter->sql->str);

  if (result == NULL)
    return FALSE;
  self->total = number_of (result);
  return TRUE;
}

gboolean
tl_query_begin (TlCall *call, GError **error)
{
  tl_call_forget_states (call);
  return tl_pg_script (call->pg, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", error);
}

static gboolean
find_anchor (TlQuery *self, TlFilter *filter, GError **error)
{
  g_autoptr (PGresult) result = NULL;
  g_autofree char *text = NULL;
  g_autofree char *parameter = NULL;
  gint64 key = 0;

  tl_id_parse (self->anchor, &key);
  text = g_strdup_printf ("%" G_GINT64_FORMAT, key);
  parameter = tl_filter_value (filter, text, "bigint");
  result = tl_query_ask (
      filter, error,
      "SELECT n FROM (SELECT t.id, row_number() OVER (ORDER BY %s) - 1 AS n %s AND %s) r "
      "WHERE id = %s",
      self->order, tl_type_visible (filter->service->type), filter->sql->str, parameter);
  g_ptr_array_set_size (filter->values, (int)filter->values->len - 1);
  if (result == NULL)
    return FALSE;
  if (PQntuples (result) == 0)
    return tl_refuse (error, TL_METHOD_ERROR_ANCHOR_NOT_FOUND, "“%.40s” is not among the results",
                      self->anchor);
  self->position = MAX (0, number_of (result) + self->offset);
  return TRUE;
}

gboolean
tl_query_read (TlQuery *self, JsonObject *args, TlFilter *filter, GError **error)
{
  JsonObject *conditions = NULL;
  JsonArray *sort = NULL;

  if (!tl_arg_object (args, "filter", &conditions, error) ||
      !tl_arg_array (args, "sort", &sort, error) ||
      !tl_arg_bool (args, "calculateTotal", &self->wants_total, error) ||
      !tl_filter_add (filter, conditions, error))
    return FALSE;
  self->order = tl_filter_order (filter->service->type, sort, error);
  return self->order != NULL;
}

static gboolean
read_window (TlQuery *self, JsonObject *args, GError **error)
{
  return tl_arg_string (args, "anchor", &self->anchor, error) &&
         tl_arg_int (args, "position", -G_MAXINT32, G_MAXINT32, &self->position, error) &&
         tl_arg_int (args, "anchorOffset", -G_MAXINT32, G_MAXINT32, &self->offset, error) &&
         tl_arg_int (args, "limit", 0, G_MAXINT64, &self->limit, error);
}

/* A position before the start counts from the end. */
static gboolean
find_position (TlQuery *self, TlFilter *filter, GError **error)
{
  if (self->anchor && !find_anchor (self, filter, error))
    return FALSE;
  if ((self->wants_total || self->position < 0) && !tl_query_count (self, filter, error))
    return FALSE;
  if (self->position < 0)
    self->position = MAX (0, self->total + self->position);
  return TRUE;
}

static void
append (TlCall *call, const TlQuery *self, gboolean can_calculate, gint64 asked, const char *state,
        PGresult *ids, GString *out)
{
  g_string_append_printf (out,
                          "{\"accountId\":\"%s\",\"queryState\":\"%s\","
                          "\"canCalculateChanges\":%s,\"position\":%" G_GINT64_FORMAT,
                          call->account_id, state, can_calculate ? "true" : "false",
                          self->position);
  if (self->wants_total)
    g_string_append_printf (out, ",\"total\":%" G_GINT64_FORMAT, self->total);
  if (asked > self->limit)
    g_string_append_printf (out, ",\"limit\":%" G_GINT64_FORMAT, self->limit);
  g_string_append (out, ",\"ids\":[");
  for (int i = 0; i < PQntuples (ids); i++) {
    tl_json_append_comma (out);
    g_string_append_printf (out, "\"t%s\"", PQgetvalue (ids, i, 0));
  }
  g_string_append (out, "]}");
}

static gboolean
run (TlCall *call, TlQuery *self, TlFilter *filter, GString *out, GError **error)
{
  g_autoptr (PGresult) ids = NULL;
  g_autofree char *state = NULL;
  gint64 asked = self->limit;

  self->limit = MIN (self->limit, TL_MAX_QUERY);
  state = tl_jmap_state (call->pg, error);
  if (state == NULL || !find_position (self, filter, error))
    return FALSE;
  ids = tl_query_ask (filter, error,
                      "SELECT t.id %s AND %s ORDER BY %s LIMIT %" G_GINT64_FORMAT
                      " OFFSET %" G_GINT64_FORMAT,
                      tl_type_visible (filter->service->type), filter->sql->str, self->order,
                      self->limit, self->position);
  if (ids == NULL)
    return FALSE;
  append (call, self, !filter->is_unfollowed, asked, state, ids, out);
  return TRUE;
}

gboolean
tl_call_query (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
               GError **error)
{
  TlQuery query = { .limit = G_MAXINT64, .total = -1 };
  g_autoptr (TlFilter) filter = tl_filter_new (call, service);
  gboolean done = read_window (&query, args, error) &&
                  tl_query_read (&query, args, filter, error) && tl_query_begin (call, error) &&
                  run (call, &query, filter, out, error);

  tl_pg_rollback (call->pg);
  g_free (query.order);
  return done;
}
