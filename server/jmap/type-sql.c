/* type-sql.c: composes the statements of type-sql.h. The only text put into SQL is that of the field
 * tables and of type.sql. */
#include "server/jmap/type-sql.h"

#include "server/jmap/type.h"

#define FILE_SQL "jmap/type.sql"

typedef struct {
  char *visible;
  char *names[TL_N_TYPE_STATEMENTS];
  char *texts[TL_N_TYPE_STATEMENTS];
} TypeSql;

static const struct {
  const char *section;
  const char *mask;
} sections[TL_N_TYPE_STATEMENTS] = {
  [TL_TYPE_GET] = { "get", "$3" },           [TL_TYPE_ALL] = { "all", "$3" },
  [TL_TYPE_PAGE] = { "page", NULL },         [TL_TYPE_CURRENT] = { "current", NULL },
  [TL_TYPE_IN_SCOPE] = { "in_scope", NULL }, [TL_TYPE_CHANGES] = { "changes", NULL },
  [TL_TYPE_DELETE] = { "delete", NULL },     [TL_TYPE_QUOTE] = { "quote", NULL },
};

const TlTypeService *
tl_type_service (const TlType *type)
{
  for (guint i = 0; tl_type_services[i]; i++)
    if (tl_type_services[i]->type == type)
      return tl_type_services[i];
  return NULL;
}

const TlType *
tl_type_served (const char *name)
{
  for (guint i = 0; tl_type_services[i]; i++)
    if (g_strcmp0 (tl_type_services[i]->type->name, name) == 0)
      return tl_type_services[i]->type;
  return NULL;
}

char *
tl_type_table (const TlType *type)
{
  return g_strdup_printf ("%s.%s", type->schema, type->table);
}

static void
append_value (GString *sql, const TlField *field)
{
  static const char *const shapes[] = {
    [TL_FIELD_ID] = "'\"t' || t.\"%s\"::text || '\"'",
    [TL_FIELD_STRING] = "to_json(t.\"%s\")::text",
    [TL_FIELD_INT] = "t.\"%s\"::text",
    [TL_FIELD_BOOL] = "t.\"%s\"::text",
    [TL_FIELD_DATE] = "'\"' || sync.to_date(t.\"%s\") || '\"'",
    [TL_FIELD_JSON] = "t.\"%s\"::text",
  };
  g_auto (GStrv) parts = g_strsplit (shapes[field->kind], "%s", 2);

  g_string_append_printf (sql, "coalesce(%s%s%s, 'null')", parts[0], field->name, parts[1]);
}

/* concat() skips nulls, and is about twice as fast as json_build_object(). */
char *
tl_type_json (const TlType *type, const char *mask)
{
  GString *sql = g_string_new ("concat('{\"id\":\"t', t.id, '\"'");

  for (guint i = 0; i < type->n_fields; i++) {
    g_string_append (sql, ", ");
    if (mask)
      g_string_append_printf (sql,
                              "CASE WHEN (%s::bigint & %" G_GUINT64_FORMAT ") <> 0 THEN concat(",
                              mask, G_GUINT64_CONSTANT (1) << i);
    g_string_append_printf (sql, "',\"%s\":', ", type->fields[i].name);
    append_value (sql, &type->fields[i]);
    if (mask)
      g_string_append (sql, ") END");
  }
  g_string_append (sql, ", '}')");
  return g_string_free_and_steal (sql);
}

static char *
compose (const TlTypeService *service, TypeSql *sql, TlTypeStatement statement)
{
  g_autofree char *table = tl_type_table (service->type);
  g_autofree char *all = tl_type_json (service->type, NULL);
  g_autofree char *some = tl_type_json (service->type, sections[statement].mask);
  GString *text = g_string_new (tl_sql (FILE_SQL, sections[statement].section));

  g_string_replace (text, ":visible", sql->visible, 0);
  g_string_replace (text, ":table", table, 0);
  g_string_replace (text, ":json_all", all, 0);
  g_string_replace (text, ":json", some, 0);
  g_string_replace (text, ":quoted", service->text ? service->text : "id", 0);
  return g_string_free_and_steal (text);
}

static TypeSql *
type_sql_new (const TlTypeService *service)
{
  gboolean is_private = (service->type->flags & TL_TYPE_PRIVATE) != 0;
  g_autofree char *table = tl_type_table (service->type);
  GString *visible = g_string_new (tl_sql (FILE_SQL, is_private ? "visible_private" : "visible"));
  TypeSql *sql = g_new0 (TypeSql, 1);

  g_string_replace (visible, ":table", table, 0);
  sql->visible = g_string_free_and_steal (visible);
  for (guint i = 0; i < TL_N_TYPE_STATEMENTS; i++) {
    sql->names[i] = g_strdup_printf ("%s.%s", service->type->name, sections[i].section);
    sql->texts[i] = compose (service, sql, (TlTypeStatement)i);
  }
  return sql;
}

static const TypeSql *
type_sql (const TlType *type)
{
  static gsize once;
  static TypeSql *all[256];

  if (g_once_init_enter (&once)) {
    for (guint i = 0; tl_type_services[i]; i++)
      all[tl_type_services[i]->type->number] = type_sql_new (tl_type_services[i]);
    g_once_init_leave (&once, 1);
  }
  return all[type->number];
}

const char *
tl_type_visible (const TlType *type)
{
  return type_sql (type)->visible;
}

PGresult *
tl_type_query (TlPg *pg, const TlType *type, TlTypeStatement statement, int n,
               const char *const *args, GError **error)
{
  const TypeSql *sql = type_sql (type);

  return tl_pg_query (pg, sql->names[statement], sql->texts[statement], n, args, error);
}

char *
tl_pg_array (const gint64 *ids, guint n)
{
  GString *text = g_string_sized_new (2 + n * 8);

  g_string_append_c (text, '{');
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i ? "," : "", ids[i]);
  g_string_append_c (text, '}');
  return g_string_free_and_steal (text);
}
