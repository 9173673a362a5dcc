/* apply.c: the server's objects in bulk: one INSERT … SELECT per type over json_each.
 *
 * The statement of a type is composed once from its field table. Objects with pending operations are left
 * out of it: their base is set and they are shown anew. Objects are whole: a property left out is null. */
#include "sync/apply.h"

#include "sync/derived.h"
#include "sync/overlay.h"
#include "sync/record-sql.h"

#define SQL "sql/apply.sql"
#define IS_ID                                                                                      \
  "value ->> '$.id' GLOB 't[1-9]*' AND NOT value ->> '$.id' GLOB 't*[^0-9]*' "                     \
  "AND length(value ->> '$.id') < 20"
#define KEY "CAST(substr(value ->> '$.id', 2) AS INTEGER)"

static void
append_value (GString *sql, const TlField *field)
{
  static const char *const forms[] = {
    [TL_FIELD_ID] = "CAST(substr(value ->> '$.%s', 2) AS INTEGER)",
    [TL_FIELD_STRING] = "value ->> '$.%s'",
    [TL_FIELD_INT] = "value ->> '$.%s'",
    [TL_FIELD_BOOL] = "value ->> '$.%s'",
    [TL_FIELD_DATE] = "tl_ms(value ->> '$.%s')",
    [TL_FIELD_JSON] = "nullif(value -> '$.%s', 'null')",
  };
  g_auto (GStrv) parts = g_strsplit (forms[field->kind], "%s", 2);

  g_string_append_printf (sql, ", %s%s%s", parts[0], field->name, parts[1]);
}

/* The values are read from binary JSON, made once a row. In the order of keys, because the full-text index
 * writes out what it has gathered whenever a key is smaller than the one before. */
static sqlite3_stmt *
upsert_statement (TlDb *db, const TlType *type)
{
  char name[64];
  sqlite3_stmt *statement;
  g_autoptr (GString) sql = g_string_new ("INSERT INTO main.");

  g_snprintf (name, sizeof name, "%s.apply", type->name);
  statement = tl_db_composed (db, name, NULL);
  if (statement)
    return statement;
  g_string_append_printf (sql, "%s (", type->table);
  tl_record_columns (type, sql);
  g_string_append (sql, ") SELECT " KEY);
  for (guint i = 0; i < type->n_fields; i++)
    append_value (sql, &type->fields[i]);
  g_string_append_printf (sql,
                          " FROM (SELECT jsonb(value) AS value FROM json_each(?1, ?2) "
                          "WHERE type = 'object' LIMIT -1) WHERE " IS_ID " AND NOT "
                          "EXISTS (SELECT 1 FROM main.base WHERE base.type = %u AND base.key = " KEY
                          ") ORDER BY 1",
                          type->number);
  tl_record_conflict (type, sql);
  g_string_append_printf (sql, " RETURNING key%s",
                          tl_derived_columns (type) ? tl_derived_columns (type) : "");
  return tl_db_composed (db, name, sql->str);
}

/* Walks over the upserted rows; the statement stays out of others' way: only derived.c runs beside it. */
static gint
upsert (TlDb *db, TlChanges *changes, const TlType *type, const char *json, const char *path,
        GError **error)
{
  sqlite3_stmt *statement = upsert_statement (db, type);
  gboolean is_derived = tl_derived_columns (type) != NULL;
  g_autoptr (GError) failed = NULL;
  gint n = 0;

  sqlite3_bind_text (statement, 1, json, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, path, -1, SQLITE_STATIC);
  for (; failed == NULL && tl_db_step (db, statement, &failed); n++) {
    gint64 key = sqlite3_column_int64 (statement, 0);

    tl_changes_add (changes, type, key);
    if (is_derived)
      tl_derived_put_row (db, type, key, (const char *)sqlite3_column_text (statement, 1),
                          (const char *)sqlite3_column_text (statement, 2), &failed);
  }
  if (failed == NULL)
    return n;
  g_propagate_error (error, g_steal_pointer (&failed));
  return -1;
}

/* All keys that a statement gives; NULL on error. */
static GArray *
collect (TlDb *db, sqlite3_stmt *statement, GError **error)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) failed = NULL;

  while (tl_db_step (db, statement, &failed)) {
    gint64 key = sqlite3_column_int64 (statement, 0);
    g_array_append_val (keys, key);
  }
  if (failed == NULL)
    return g_steal_pointer (&keys);
  g_propagate_error (error, g_steal_pointer (&failed));
  return NULL;
}

static sqlite3_stmt *
about (TlDb *db, const char *name, const char *json, const char *path, const TlType *type)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, name);

  sqlite3_bind_text (statement, 1, json, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, path, -1, SQLITE_STATIC);
  if (type)
    sqlite3_bind_int (statement, 3, type->number);
  return statement;
}

static gboolean
has_any (TlDb *db, const char *name, const TlType *type)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, name);
  gboolean any;

  sqlite3_bind_int (statement, 1, type->number);
  any = tl_db_step (db, statement, NULL);
  sqlite3_reset (statement);
  return any;
}

static gint
tell_bases (TlDb *db, TlChanges *changes, const TlType *type, const char *json, const char *path,
            GError **error)
{
  g_autoptr (GArray) keys = NULL;

  if (!has_any (db, "base-any", type))
    return 0;
  keys = collect (db, about (db, "base-told", json, path, type), error);
  for (guint i = 0; keys && i < keys->len; i++)
    if (!tl_apply_overlay (db, changes, type, g_array_index (keys, gint64, i), error))
      return -1;
  return keys ? (gint)keys->len : -1;
}

gint
tl_apply_objects (TlDb *db, TlChanges *changes, const TlType *type, const char *json,
                  const char *path, GError **error)
{
  gint told = tell_bases (db, changes, type, json, path, error), n;

  if (told < 0)
    return -1;
  if (has_any (db, "stale-any", type) &&
      !tl_db_run (db, about (db, "stale-brought", json, path, type), error))
    return -1;
  n = upsert (db, changes, type, json, path, error);
  return n < 0 ? -1 : n + told;
}

static gboolean
run_about_object (TlDb *db, const char *name, const TlType *type, gint64 key, gboolean *found,
                  GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, name);
  g_autoptr (GError) failed = NULL;

  sqlite3_bind_int (statement, 1, type->number);
  sqlite3_bind_int64 (statement, 2, key);
  *found = tl_db_step (db, statement, &failed);
  sqlite3_reset (statement);
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

static gboolean
forget_object (TlDb *db, TlChanges *changes, const TlType *type, gint64 key, GError **error)
{
  gboolean dirty, unused;

  if (!run_about_object (db, "base-gone", type, key, &dirty, error))
    return FALSE;
  tl_changes_add (changes, type, key);
  if (dirty && !tl_apply_overlay (db, changes, type, key, error))
    return FALSE;
  if (!dirty &&
      (!tl_record_remove (db, type, key, error) || !tl_derived_remove (db, type, key, error)))
    return FALSE;
  return run_about_object (db, "base-never", type, key, &unused, error);
}

static gboolean
forget_objects (TlDb *db, TlChanges *changes, const TlType *type, GArray *keys, GError **error)
{
  for (guint i = 0; keys && i < keys->len; i++)
    if (!forget_object (db, changes, type, g_array_index (keys, gint64, i), error))
      return FALSE;
  return keys != NULL;
}

gboolean
tl_apply_destroyed (TlDb *db, TlChanges *changes, const TlType *type, const char *json,
                    const char *path, GError **error)
{
  g_autoptr (GArray) keys = collect (db, about (db, "ids", json, path, NULL), error);

  return forget_objects (db, changes, type, keys, error);
}

/* --- meta, and beginning anew ------------------------------------------------------------------- */

char *
tl_replica_get_meta (TlDb *db, const char *name)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "meta-get");
  char *value = NULL;

  sqlite3_bind_text (statement, 1, name, -1, SQLITE_STATIC);
  if (tl_db_step (db, statement, NULL))
    value = g_strdup ((const char *)sqlite3_column_text (statement, 0));
  sqlite3_reset (statement);
  return value;
}

gboolean
tl_replica_set_meta (TlDb *db, const char *name, const char *value, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, value ? "meta-set" : "meta-remove");

  sqlite3_bind_text (statement, 1, name, -1, SQLITE_STATIC);
  if (value)
    sqlite3_bind_text (statement, 2, value, -1, SQLITE_STATIC);
  return tl_db_run (db, statement, error);
}

gboolean
tl_replica_begin_anew (TlDb *db, TlChanges *changes, GError **error)
{
  for (guint i = 0; tl_types[i]; i++) {
    g_autofree char *name = g_strconcat (tl_types[i]->name, ".stale", NULL);
    g_autofree char *sql = g_strdup_printf (
        "INSERT OR IGNORE INTO main.stale SELECT %u, key FROM main.%s WHERE key > 0",
        tl_types[i]->number, tl_types[i]->table);

    if (!tl_db_run (db, tl_db_composed (db, name, sql), error))
      return FALSE;
  }
  return tl_db_exec (db, SQL, "meta-anew", error);
}

gboolean
tl_replica_end_anew (TlDb *db, TlChanges *changes, GError **error)
{
  for (guint i = 0; tl_types[i]; i++) {
    sqlite3_stmt *statement = tl_db_statement (db, SQL, "stale-keys");
    g_autoptr (GArray) keys = NULL;

    sqlite3_bind_int (statement, 1, tl_types[i]->number);
    keys = collect (db, statement, error);
    if (!forget_objects (db, changes, tl_types[i], keys, error))
      return FALSE;
  }
  return tl_db_exec (db, SQL, "stale-done", error);
}

gboolean
tl_apply_unconfirmed (TlDb *db, const TlType *type, gint64 key, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "unconfirmed");

  sqlite3_bind_int (statement, 1, type->number);
  sqlite3_bind_int64 (statement, 2, key);
  return tl_db_run (db, statement, error);
}
