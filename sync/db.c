/* db.c: a connection to an account's two files and its prepared statements.
 *
 * Belongs to one thread. A statement that is handed out is reset and cleared, so it must not be one that is
 * being stepped through: who walks over rows and calls others collects first. */
#include "sync/db.h"

#include "sync/functions.h"
#include "sync/migrate.h"
#include "sync/sql.h"

#define BUSY_MS 10000
#define SQL "sql/db.sql"

typedef struct {
  GHashTable *texts;      /* name to SQL */
  GHashTable *statements; /* name to sqlite3_stmt */
} File;

struct _TlDb {
  sqlite3 *handle;
  char *dir;
  GHashTable *files;    /* path to File */
  GHashTable *composed; /* name to sqlite3_stmt */
  gboolean writing;
};

static void
finalize (gpointer statement)
{
  sqlite3_finalize (statement);
}

static void
file_free (gpointer data)
{
  File *file = data;

  g_hash_table_unref (file->statements);
  g_hash_table_unref (file->texts);
  g_free (file);
}

static File *
load_file (TlDb *self, const char *path)
{
  File *file = g_new (File, 1);

  file->texts = tl_sql_sections (path);
  file->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize);
  g_hash_table_insert (self->files, g_strdup (path), file);
  return file;
}

static File *
file_of (TlDb *self, const char *path)
{
  File *file = g_hash_table_lookup (self->files, path);

  return file ? file : load_file (self, path);
}

gboolean
tl_db_fail (TlDb *self, GError **error)
{
  return tl_db_error (self->handle, sqlite3_extended_errcode (self->handle), self->dir, error);
}

/* A statement that does not compile is a programming error, unless it cannot because of the file. */
static sqlite3_stmt *
prepare (TlDb *self, const char *name, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  int rc = sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);

  if (rc == SQLITE_ERROR)
    g_error ("SQL %s: %s", name, sqlite3_errmsg (self->handle));
  return statement;
}

static sqlite3_stmt *
fresh (sqlite3_stmt *statement)
{
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return statement;
}

sqlite3_stmt *
tl_db_statement (TlDb *self, const char *path, const char *name)
{
  File *file = file_of (self, path);
  sqlite3_stmt *statement = g_hash_table_lookup (file->statements, name);
  const char *sql;

  if (statement)
    return fresh (statement);
  sql = g_hash_table_lookup (file->texts, name);
  if (sql == NULL)
    g_error ("no SQL named %s in %s", name, path);
  statement = prepare (self, name, sql);
  if (statement)
    g_hash_table_insert (file->statements, g_strdup (name), statement);
  return statement;
}

sqlite3_stmt *
tl_db_composed (TlDb *self, const char *name, const char *sql)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->composed, name);

  if (statement)
    return fresh (statement);
  if (sql == NULL)
    return NULL;
  statement = prepare (self, name, sql);
  if (statement)
    g_hash_table_insert (self->composed, g_strdup (name), statement);
  return statement;
}

gboolean
tl_db_step (TlDb *self, sqlite3_stmt *statement, GError **error)
{
  int rc;

  if (statement == NULL) /* it could not be prepared: the file cannot be read */
    return tl_db_fail (self, error);
  rc = sqlite3_step (statement);
  if (rc == SQLITE_ROW)
    return TRUE;
  if (rc != SQLITE_DONE)
    tl_db_fail (self, error);
  sqlite3_reset (statement);
  return FALSE;
}

gboolean
tl_db_run (TlDb *self, sqlite3_stmt *statement, GError **error)
{
  g_autoptr (GError) failed = NULL;

  while (tl_db_step (self, statement, &failed))
    ;
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

gboolean
tl_db_exec (TlDb *self, const char *file, const char *name, GError **error)
{
  return tl_db_run (self, tl_db_statement (self, file, name), error);
}

gboolean
tl_db_begin (TlDb *self, GError **error)
{
  return tl_db_exec (self, SQL, self->writing ? "begin-write" : "begin-read", error);
}

/* A statement left half-way would hold its snapshot beyond the transaction. */
static void
reset_all (TlDb *self)
{
  for (sqlite3_stmt *statement = sqlite3_next_stmt (self->handle, NULL); statement;
       statement = sqlite3_next_stmt (self->handle, statement))
    if (sqlite3_stmt_busy (statement))
      sqlite3_reset (statement);
}

gboolean
tl_db_commit (TlDb *self, GError **error)
{
  reset_all (self);
  return tl_db_exec (self, SQL, "commit", error);
}

void
tl_db_rollback (TlDb *self)
{
  reset_all (self);
  if (!sqlite3_get_autocommit (self->handle)) /* SQLite itself rolls back on some errors */
    tl_db_exec (self, SQL, "rollback", NULL);
}

void
tl_db_forget (TlDb *self)
{
  sqlite3_db_release_memory (self->handle);
}

sqlite3 *
tl_db_handle (TlDb *self)
{
  return self->handle;
}

/* Pragmas come several in a section. */
static gboolean
run_settings (TlDb *self, const char *name, GError **error)
{
  const char *sql = g_hash_table_lookup (file_of (self, SQL)->texts, name);

  return sqlite3_exec (self->handle, sql, NULL, NULL, NULL) == SQLITE_OK ||
         tl_db_fail (self, error);
}

static gboolean
connect_files (TlDb *self, GError **error)
{
  g_autofree char *replica = g_build_filename (self->dir, "replica.db", NULL);
  g_autofree char *local = g_build_filename (self->dir, "local.db", NULL);
  sqlite3_stmt *attach;

  if (sqlite3_open_v2 (replica, &self->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
      SQLITE_OK)
    return tl_db_fail (self, error);
  sqlite3_busy_timeout (self->handle, BUSY_MS);
  sqlite3_extended_result_codes (self->handle, TRUE);
  attach = tl_db_statement (self, SQL, "attach");
  sqlite3_bind_text (attach, 1, local, -1, SQLITE_STATIC);
  if (!tl_db_run (self, attach, error) ||
      !run_settings (self, self->writing ? "settings" : "settings-read", error))
    return FALSE;
  return tl_functions_register (self->handle) == SQLITE_OK || tl_db_fail (self, error);
}

TlDb *
tl_db_open (const char *dir, gboolean writing, GError **error)
{
  g_autoptr (TlDb) self = NULL;

  if (writing && (!tl_db_bring_up (dir, "local", error) || !tl_db_bring_up (dir, "replica", error)))
    return NULL;
  self = g_new0 (TlDb, 1);
  self->dir = g_strdup (dir);
  self->writing = writing;
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, file_free);
  self->composed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize);
  return connect_files (self, error) ? g_steal_pointer (&self) : NULL;
}

void
tl_db_close (TlDb *self)
{
  g_hash_table_unref (self->files);
  g_hash_table_unref (self->composed);
  sqlite3_close (self->handle);
  g_free (self->dir);
  g_free (self);
}
