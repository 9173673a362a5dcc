/* query-changes.c: Foo/queryChanges (RFC 8620, 5.6).
 *
 * What a filter takes and where a sort puts it depends on the object alone. So objects that nothing
 * happened to stand to each other as before, and all others are told as removed, and as added where they
 * are now. A search depends on more: then the client asks again. */
#include "server/jmap/changes.h"
#include "server/jmap/query.h"
#include "server/jmap/type-sql.h"

typedef struct {
  const char *since;
  const char *up_to;
  gint64 max;
  GArray *ids; /* of gint64: all that something happened to */
  char *state;
} Delta;

static gboolean
read_args (Delta *self, JsonObject *args, GError **error)
{
  if (!tl_arg_string (args, "sinceQueryState", &self->since, error) ||
      !tl_arg_string (args, "upToId", &self->up_to, error) ||
      !tl_arg_int (args, "maxChanges", 1, G_MAXINT64, &self->max, error))
    return FALSE;
  return self->since ||
         tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“sinceQueryState” is missing");
}

/* id and place of those that are among the results, in order. */
static PGresult *
find_added (const Delta *self, const TlQuery *query, TlFilter *filter, GError **error)
{
  g_autofree char *array = tl_pg_array ((const gint64 *)self->ids->data, self->ids->len);
  g_autofree char *parameter = tl_filter_value (filter, array, "bigint[]");
  PGresult *added = tl_query_ask (
      filter, error,
      "SELECT id, n FROM (SELECT t.id, row_number() OVER (ORDER BY %s) - 1 AS n %s AND %s) r "
      "WHERE id = ANY (%s) ORDER BY n",
      query->order, tl_type_visible (filter->service->type), filter->sql->str, parameter);

  g_ptr_array_set_size (filter->values, (int)filter->values->len - 1);
  return added;
}

static void
append (TlCall *call, const Delta *self, const TlQuery *query, PGresult *added, GString *out)
{
  g_string_append_printf (out,
                          "{\"accountId\":\"%s\",\"oldQueryState\":\"%s\",\"newQueryState\":\"%s\"",
                          call->account_id, self->since, self->state);
  if (query->wants_total)
    g_string_append_printf (out, ",\"total\":%" G_GINT64_FORMAT, query->total);
  g_string_append (out, ",\"removed\":[");
  for (guint i = 0; i < self->ids->len; i++)
    tl_json_append_id (out, g_array_index (self->ids, gint64, i));
  g_string_append (out, "],\"added\":[");
  for (int i = 0; i < PQntuples (added); i++)
    g_string_append_printf (out, "%s{\"id\":\"t%s\",\"index\":%s}", i ? "," : "",
                            PQgetvalue (added, i, 0), PQgetvalue (added, i, 1));
  g_string_append (out, "]}");
}

static gboolean
run (TlCall *call, Delta *self, TlQuery *query, TlFilter *filter, GString *out, GError **error)
{
  g_autoptr (PGresult) added = NULL;

  if (filter->is_unfollowed)
    return tl_refuse (error, TL_METHOD_ERROR_CANNOT_CALCULATE_CHANGES,
                      "What changed in this query's results cannot be told: query again");
  if (!tl_changes_ids (call, filter->service, self->since, self->ids, &self->state, error) ||
      (query->wants_total && !tl_query_count (query, filter, error)))
    return FALSE;
  added = find_added (self, query, filter, error);
  if (added == NULL)
    return FALSE;
  if (self->ids->len + PQntuples (added) > self->max)
    return tl_refuse (error, TL_METHOD_ERROR_TOO_MANY_CHANGES, "There are %d changes",
                      (int)self->ids->len + PQntuples (added));
  append (call, self, query, added, out);
  return TRUE;
}

gboolean
tl_call_query_changes (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                       GError **error)
{
  TlQuery query = { .total = -1 };
  Delta delta = { .max = G_MAXINT64, .ids = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  g_autoptr (TlFilter) filter = tl_filter_new (call, service);
  gboolean done = read_args (&delta, args, error) && tl_query_read (&query, args, filter, error) &&
                  tl_query_begin (call, error) && run (call, &delta, &query, filter, out, error);

  tl_pg_rollback (call->pg);
  g_free (query.order);
  g_array_unref (delta.ids);
  g_free (delta.state);
  return done;
}
