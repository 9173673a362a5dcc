/* filter.c: FilterOperators over generic conditions (RFC 8620, 5.5). */
#include "server/jmap/filter.h"

#include "server/jmap/type-sql.h"

#define MAX_DEPTH 8
#define MAX_CONDITIONS 64
#define MAX_FOUND 1000

TlFilter *
tl_filter_new (TlCall *call, const TlTypeService *service)
{
  TlFilter *self = g_new0 (TlFilter, 1);

  self->call = call;
  self->service = service;
  self->is_unfollowed = service->changes_silently;
  self->values = g_ptr_array_new_with_free_func (g_free);
  self->sql = g_string_new (NULL);
  g_ptr_array_add (self->values, g_strdup (call->account_number));
  return self;
}

void
tl_filter_free (TlFilter *self)
{
  g_ptr_array_unref (self->values);
  g_string_free (self->sql, TRUE);
  g_free (self);
}

char *
tl_filter_value (TlFilter *self, const char *value, const char *type)
{
  g_ptr_array_add (self->values, g_strdup (value));
  return g_strdup_printf ("$%u::%s", self->values->len, type);
}

static gboolean
unsupported (const char *name, GError **error)
{
  return tl_refuse (error, TL_METHOD_ERROR_UNSUPPORTED_FILTER, "There is no filter “%.100s”", name);
}

static char *
value_text (const TlField *field, JsonNode *value)
{
  gint64 key;

  switch (field->kind) {
  case TL_FIELD_ID:
    tl_id_parse (json_node_get_string (value), &key);
    return g_strdup_printf ("%" G_GINT64_FORMAT, key);
  case TL_FIELD_INT:
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (value));
  case TL_FIELD_BOOL:
    return g_strdup (json_node_get_boolean (value) ? "true" : "false");
  default:
    return json_node_dup_string (value);
  }
}

static gboolean
add_equal (TlFilter *self, const TlField *field, JsonNode *value, GError **error)
{
  static const char *const types[] = { [TL_FIELD_ID] = "bigint",
                                       [TL_FIELD_INT] = "bigint",
                                       [TL_FIELD_BOOL] = "boolean",
                                       [TL_FIELD_DATE] = "timestamptz",
                                       [TL_FIELD_STRING] = "text" };
  g_autofree char *text = NULL;
  g_autofree char *parameter = NULL;

  if (JSON_NODE_HOLDS_NULL (value)) {
    g_string_append_printf (self->sql, "t.\"%s\" IS NULL", field->name);
    return TRUE;
  }
  if (!tl_field_check (field, value, NULL))
    return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "filter: “%s” has a wrong value",
                      field->name);
  text = value_text (field, value);
  parameter = tl_filter_value (self, text, types[field->kind]);
  g_string_append_printf (self->sql, "t.\"%s\" = %s", field->name, parameter);
  return TRUE;
}

static gboolean
is_among (const char *const *names, const char *name)
{
  return names && g_strv_contains (names, name);
}

/* Any part of it, whatever the case. */
static gboolean
add_part (TlFilter *self, const TlField *field, JsonNode *value, GError **error)
{
  g_autofree char *parameter = NULL;

  if (tl_node_string (value) == NULL)
    return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "filter: “%s” is not a string",
                      field->name);
  parameter = tl_filter_value (self, tl_node_string (value), "text");
  g_string_append_printf (self->sql, "position(lower(%s) in lower(t.\"%s\")) > 0", parameter,
                          field->name);
  return TRUE;
}

/* The parameter of a date; NULL when it is none. */
static char *
date_value (TlFilter *self, JsonNode *value, GError **error)
{
  const char *text = tl_node_string (value);
  gint64 ms;

  if (tl_date_parse (text, &ms))
    return tl_filter_value (self, text, "timestamptz");
  tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "filter: not a UTC date");
  return NULL;
}

static gboolean
add_date (TlFilter *self, const char *operator, JsonNode * value, GError **error)
{
  g_autofree char *parameter = date_value (self, value, error);

  if (parameter)
    g_string_append_printf (self->sql, "t.\"%s\" %s %s", self->service->date, operator, parameter);
  return parameter != NULL;
}

/* What overlaps all that lies before the parameter, or after it: the column's index serves. */
static gboolean
add_range (TlFilter *self, gboolean is_before, JsonNode *value, GError **error)
{
  g_autofree char *parameter = date_value (self, value, error);

  if (parameter)
    g_string_append_printf (
        self->sql, is_before ? "t.%s && tstzrange(NULL, %s)" : "t.%s && tstzrange(%s, NULL, '()')",
        self->service->range, parameter);
  return parameter != NULL;
}

static gboolean
add_text (TlFilter *self, JsonNode *value, GError **error)
{
  const guint8 types[] = { self->service->type->number, 0 };
  const char *text = tl_node_string (value);
  g_autoptr (GArray) hits = NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *array = NULL;
  g_autofree char *parameter = NULL;

  if (text == NULL)
    return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "filter: “text” is not a string");
  self->is_unfollowed = TRUE;
  hits = tl_call_search_hits (self->call, text, types, MAX_FOUND, error);
  if (hits == NULL)
    return FALSE;
  for (guint i = 0; i < hits->len; i++)
    g_array_append_val (ids, g_array_index (hits, TlSearchHit, i).key);
  array = tl_pg_array ((const gint64 *)ids->data, ids->len);
  parameter = tl_filter_value (self, array, "bigint[]");
  g_string_append_printf (self->sql, "t.id = ANY (%s)", parameter);
  return TRUE;
}

static gboolean
add_condition (TlFilter *self, const char *name, JsonNode *value, GError **error)
{
  const TlField *field = tl_type_field (self->service->type, name, NULL);

  if (++self->conditions > MAX_CONDITIONS)
    return tl_refuse (error, TL_METHOD_ERROR_UNSUPPORTED_FILTER, "More than %d conditions",
                      MAX_CONDITIONS);
  if (field && is_among (self->service->parts, name))
    return add_part (self, field, value, error);
  if (field && field->kind != TL_FIELD_JSON &&
      (field->kind != TL_FIELD_STRING || is_among (self->service->words, name)))
    return add_equal (self, field, value, error);
  if (self->service->range && g_str_equal (name, "before"))
    return add_range (self, TRUE, value, error);
  if (self->service->range && g_str_equal (name, "after"))
    return add_range (self, FALSE, value, error);
  if (self->service->date && g_str_equal (name, "before"))
    return add_date (self, "<", value, error);
  if (self->service->date && g_str_equal (name, "after"))
    return add_date (self, ">=", value, error);
  if (self->service->text && g_str_equal (name, "text"))
    return add_text (self, value, error);
  return unsupported (name, error);
}

static gboolean add (TlFilter *self, JsonObject *filter, guint depth, GError **error);

/* NOT: none of the conditions holds. */
static gboolean
add_operator (TlFilter *self, const char *operator, JsonObject * filter, guint depth,
              GError **error)
{
  gboolean is_not = g_str_equal (operator, "NOT");
  gboolean is_and = g_str_equal (operator, "AND");
  JsonArray *conditions = NULL;

  if (!is_not && !is_and && !g_str_equal (operator, "OR"))
    return unsupported (operator, error);
  if (!tl_arg_array (filter, "conditions", &conditions, error))
    return FALSE;
  if (conditions == NULL)
    return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "filter: no “conditions”");
  g_string_append_printf (self->sql, "%s(%s", is_not ? "NOT " : "", is_and ? "true" : "false");
  for (guint i = 0; i < json_array_get_length (conditions); i++) {
    JsonNode *node = json_array_get_element (conditions, i);

    if (!JSON_NODE_HOLDS_OBJECT (node))
      return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS,
                        "filter: a condition is not an object");
    g_string_append (self->sql, is_and ? " AND " : " OR ");
    if (!add (self, json_node_get_object (node), depth + 1, error))
      return FALSE;
  }
  g_string_append_c (self->sql, ')');
  return TRUE;
}

/* A condition that is null for a row doesn't hold: NOT takes it. */
static gboolean
add (TlFilter *self, JsonObject *filter, guint depth, GError **error)
{
  const char *operator= NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (depth > MAX_DEPTH)
    return tl_refuse (error, TL_METHOD_ERROR_UNSUPPORTED_FILTER, "Deeper than %d", MAX_DEPTH);
  if (!tl_arg_string (filter, "operator", &operator, error))
    return FALSE;
  if (operator)
    return add_operator (self, operator, filter, depth, error);
  g_string_append (self->sql, "coalesce(true");
  json_object_iter_init_ordered (&iter, filter);
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    g_string_append (self->sql, " AND ");
    if (!add_condition (self, name, value, error))
      return FALSE;
  }
  g_string_append (self->sql, ", false)");
  return TRUE;
}

gboolean
tl_filter_add (TlFilter *self, JsonObject *filter, GError **error)
{
  if (filter)
    return add (self, filter, 1, error);
  g_string_append (self->sql, "true");
  return TRUE;
}

static gboolean
add_sort (const TlType *type, JsonNode *node, GString *sql, GError **error)
{
  const char *property = NULL;
  const char *collation = NULL;
  gboolean ascending = TRUE;
  const TlField *field;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“sort” holds no Comparator");
  if (!tl_arg_string (json_node_get_object (node), "property", &property, error) ||
      !tl_arg_string (json_node_get_object (node), "collation", &collation, error) ||
      !tl_arg_bool (json_node_get_object (node), "isAscending", &ascending, error))
    return FALSE;
  if (property == NULL)
    return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“sort”: no “property”");
  field = tl_type_field (type, property, NULL);
  if (collation || (!g_str_equal (property, "id") && (!field || field->kind == TL_FIELD_JSON)))
    return tl_refuse (error, TL_METHOD_ERROR_UNSUPPORTED_SORT, "Cannot sort by “%.100s”", property);
  g_string_append_printf (sql, "t.\"%s\" %s, ", field ? field->name : "id",
                          ascending ? "ASC NULLS FIRST" : "DESC NULLS LAST");
  return TRUE;
}

char *
tl_filter_order (const TlType *type, JsonArray *sort, GError **error)
{
  GString *sql = g_string_new (NULL);

  for (guint i = 0; sort && i < json_array_get_length (sort); i++)
    if (!add_sort (type, json_array_get_element (sort, i), sql, error)) {
      g_string_free (sql, TRUE);
      return NULL;
    }
  g_string_append (sql, "t.id");
  return g_string_free_and_steal (sql);
}
