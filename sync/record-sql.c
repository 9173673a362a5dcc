/* record-sql.c: statements composed from field tables, and records to and from rows.
 *
 * Only names from the static tables are put into SQL; every value is a parameter. Columns are `key` and then
 * the fields in their order. */
#include "sync/record-sql.h"

static sqlite3_stmt *
kept (TlDb *db, const TlType *type, const char *what, char *(*compose) (const TlType *))
{
  char name[64];
  sqlite3_stmt *statement;
  g_autofree char *sql = NULL;

  g_snprintf (name, sizeof name, "%s.%s", type->name, what);
  statement = tl_db_composed (db, name, NULL);
  if (statement)
    return statement;
  sql = compose (type);
  return tl_db_composed (db, name, sql);
}

void
tl_record_columns (const TlType *type, GString *sql)
{
  g_string_append (sql, "key");
  for (guint i = 0; i < type->n_fields; i++)
    g_string_append_printf (sql, ", \"%s\"", type->fields[i].name);
}

void
tl_record_conflict (const TlType *type, GString *sql)
{
  g_string_append (sql, " ON CONFLICT (key) DO UPDATE SET ");
  for (guint i = 0; i < type->n_fields; i++)
    g_string_append_printf (sql, "%s\"%s\" = excluded.\"%s\"", i ? ", " : "", type->fields[i].name,
                            type->fields[i].name);
}

static char *
compose_load (const TlType *type)
{
  GString *sql = g_string_new ("SELECT ");

  tl_record_columns (type, sql);
  g_string_append_printf (sql, " FROM main.%s WHERE key = ?1", type->table);
  return g_string_free (sql, FALSE);
}

static char *
compose_store (const TlType *type)
{
  GString *sql = g_string_new ("INSERT INTO main.");

  g_string_append_printf (sql, "%s (", type->table);
  tl_record_columns (type, sql);
  g_string_append (sql, ") VALUES (?1");
  for (guint i = 0; i < type->n_fields; i++)
    g_string_append_printf (sql, ", ?%u", i + 2);
  g_string_append_c (sql, ')');
  tl_record_conflict (type, sql);
  return g_string_free (sql, FALSE);
}

static char *
compose_remove (const TlType *type)
{
  return g_strdup_printf ("DELETE FROM main.%s WHERE key = ?1", type->table);
}

static void
read_field (const TlField *field, sqlite3_stmt *statement, int column, gpointer record)
{
  gboolean is_null = sqlite3_column_type (statement, column) == SQLITE_NULL;
  gint64 number = is_null ? 0 : sqlite3_column_int64 (statement, column);

  switch (field->kind) {
  case TL_FIELD_ID:
  case TL_FIELD_INT:
    G_STRUCT_MEMBER (gint64, record, field->offset) = number;
    break;
  case TL_FIELD_DATE:
    G_STRUCT_MEMBER (gint64, record, field->offset) = is_null ? TL_DATE_NULL : number;
    break;
  case TL_FIELD_BOOL:
    G_STRUCT_MEMBER (TlTristate, record, field->offset) = is_null ? TL_NULL : number != 0;
    break;
  case TL_FIELD_STRING:
  case TL_FIELD_JSON:
    G_STRUCT_MEMBER (char *, record, field->offset) =
        g_strdup ((const char *)sqlite3_column_text (statement, column));
    break;
  }
}

void
tl_record_read (const TlType *type, sqlite3_stmt *statement, int first, gpointer record)
{
  TlRecord *head = record;

  tl_record_clear (type, record);
  head->key = sqlite3_column_int64 (statement, first);
  for (guint i = 0; i < type->n_fields; i++)
    read_field (&type->fields[i], statement, first + 1 + (int)i, record);
  head->present =
      type->n_fields == 64 ? G_MAXUINT64 : (G_GUINT64_CONSTANT (1) << type->n_fields) - 1;
}

gpointer
tl_record_load (TlDb *db, const TlType *type, gint64 key, GError **error)
{
  sqlite3_stmt *statement = kept (db, type, "load", compose_load);
  gpointer record;

  sqlite3_bind_int64 (statement, 1, key);
  if (!tl_db_step (db, statement, error))
    return NULL;
  record = tl_record_new (type);
  tl_record_read (type, statement, 0, record);
  sqlite3_reset (statement);
  return record;
}

static void
bind_field (const TlField *field, sqlite3_stmt *statement, int column, gconstpointer record)
{
  gint64 number;

  switch (field->kind) {
  case TL_FIELD_ID:
    number = G_STRUCT_MEMBER (gint64, record, field->offset);
    if (number != 0)
      sqlite3_bind_int64 (statement, column, number);
    break;
  case TL_FIELD_INT:
    sqlite3_bind_int64 (statement, column, G_STRUCT_MEMBER (gint64, record, field->offset));
    break;
  case TL_FIELD_DATE:
    number = G_STRUCT_MEMBER (gint64, record, field->offset);
    if (number != TL_DATE_NULL)
      sqlite3_bind_int64 (statement, column, number);
    break;
  case TL_FIELD_BOOL:
    if (G_STRUCT_MEMBER (TlTristate, record, field->offset) != TL_NULL)
      sqlite3_bind_int (statement, column, G_STRUCT_MEMBER (TlTristate, record, field->offset));
    break;
  case TL_FIELD_STRING:
  case TL_FIELD_JSON:
    sqlite3_bind_text (statement, column, G_STRUCT_MEMBER (char *, record, field->offset), -1,
                       SQLITE_STATIC);
    break;
  }
}

gboolean
tl_record_store (TlDb *db, const TlType *type, gconstpointer record, GError **error)
{
  const TlRecord *head = record;
  sqlite3_stmt *statement = kept (db, type, "store", compose_store);

  sqlite3_bind_int64 (statement, 1, head->key);
  for (guint i = 0; i < type->n_fields; i++)
    if (head->present & (G_GUINT64_CONSTANT (1) << i))
      bind_field (&type->fields[i], statement, (int)i + 2, record);
  return tl_db_run (db, statement, error);
}

gboolean
tl_record_remove (TlDb *db, const TlType *type, gint64 key, GError **error)
{
  sqlite3_stmt *statement = kept (db, type, "remove", compose_remove);

  sqlite3_bind_int64 (statement, 1, key);
  return tl_db_run (db, statement, error);
}
