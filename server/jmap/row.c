/* row.c: one statement for each set of properties that is written, made from the field table. */
#include "server/jmap/row.h"

#include "server/jmap/type-sql.h"

typedef struct {
  GPtrArray *values; /* of char *, NULL-able */
  guint64 mask;
  GString *names;  /* "a", "b" */
  GString *places; /* $3, $4 */
  GString *sets;   /* "a" = $3, "b" = $4 */
} Columns;

static char *
value_text (const TlField *field, JsonNode *value)
{
  gint64 key;

  if (value == NULL || JSON_NODE_HOLDS_NULL (value))
    return NULL;
  switch (field->kind) {
  case TL_FIELD_ID:
    tl_id_parse (json_node_get_string (value), &key);
    return g_strdup_printf ("%" G_GINT64_FORMAT, key);
  case TL_FIELD_INT:
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (value));
  case TL_FIELD_BOOL:
    return g_strdup (json_node_get_boolean (value) ? "true" : "false");
  case TL_FIELD_JSON:
    return json_to_string (value, FALSE);
  default:
    return json_node_dup_string (value);
  }
}

/* The first two parameters are id and scope. */
static void
columns_init (Columns *self, const TlType *type, gint64 id, gint64 scope, JsonObject *object)
{
  *self = (Columns){ .values = g_ptr_array_new_with_free_func (g_free),
                     .names = g_string_new (NULL),
                     .places = g_string_new (NULL),
                     .sets = g_string_new (NULL) };
  g_ptr_array_add (self->values, g_strdup_printf ("%" G_GINT64_FORMAT, id));
  g_ptr_array_add (self->values, g_strdup_printf ("%" G_GINT64_FORMAT, scope));
  for (guint i = 0; i < type->n_fields; i++) {
    const TlField *field = &type->fields[i];

    if (!json_object_has_member (object, field->name))
      continue;
    g_ptr_array_add (self->values,
                     value_text (field, json_object_get_member (object, field->name)));
    g_string_append_printf (self->names, ", \"%s\"", field->name);
    g_string_append_printf (self->places, ", $%u", self->values->len);
    g_string_append_printf (self->sets, "%s\"%s\" = $%u", self->sets->len ? ", " : "", field->name,
                            self->values->len);
    self->mask |= G_GUINT64_CONSTANT (1) << i;
  }
}

static void
columns_clear (Columns *self)
{
  g_ptr_array_unref (self->values);
  g_string_free (self->names, TRUE);
  g_string_free (self->places, TRUE);
  g_string_free (self->sets, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Columns, columns_clear)

static PGresult *
run (TlPg *pg, const TlType *type, const char *verb, const Columns *columns, const char *sql,
     GError **error)
{
  g_autofree char *name =
      g_strdup_printf ("%s.%s.%" G_GINT64_MODIFIER "x", type->name, verb, columns->mask);

  return tl_pg_query (pg, name, sql, (int)columns->values->len,
                      (const char *const *)columns->values->pdata, error);
}

PGresult *
tl_row_insert (TlPg *pg, const TlType *type, gint64 id, gint64 scope, JsonObject *object,
               guint64 mask, GError **error)
{
  g_auto (Columns) columns = { 0 };
  g_autofree char *table = tl_type_table (type);
  g_autofree char *parameter = NULL;
  g_autofree char *json = NULL;
  g_autofree char *sql = NULL;

  columns_init (&columns, type, id, scope, object);
  g_ptr_array_add (columns.values, g_strdup_printf ("%" G_GUINT64_FORMAT, mask));
  parameter = g_strdup_printf ("$%u", columns.values->len);
  json = tl_type_json (type, parameter);
  sql = g_strdup_printf ("INSERT INTO %s AS t (id, scope%s) "
                         "VALUES (coalesce(nullif($1::bigint, 0), nextval('sync.object_id')), "
                         "$2%s) RETURNING t.id, %s",
                         table, columns.names->str, columns.places->str, json);
  return run (pg, type, "insert", &columns, sql, error);
}

gboolean
tl_row_update (TlPg *pg, const TlType *type, gint64 id, gint64 scope, JsonObject *patch,
               GError **error)
{
  g_auto (Columns) columns = { 0 };
  g_autofree char *table = tl_type_table (type);
  g_autofree char *sql = NULL;
  g_autoptr (PGresult) result = NULL;

  columns_init (&columns, type, id, scope, patch);
  sql = g_strdup_printf ("UPDATE %s SET %s WHERE id = $1::bigint AND scope = $2::bigint", table,
                         columns.sets->str);
  result = run (pg, type, "update", &columns, sql, error);
  return result != NULL;
}
