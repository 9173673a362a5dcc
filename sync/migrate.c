/* migrate.c: one file of an account on its way up: sound, of a schema we know, migrated.
 *
 * A small file is checked whole each time; a large one only when its last user did not end well (its
 * -wal is still there) or somebody read damage, because the check reads every page. */
#include "sync/migrate.h"

#include "sync/sql.h"

#include <errno.h>
#include <glib/gstdio.h>

#define SMALL (16 * 1024 * 1024)
#define BUSY_MS 10000

G_DEFINE_QUARK (tl - db - error - quark, tl_db_error)

static gboolean
is_full (sqlite3 *handle, int rc)
{
  int cause = handle ? sqlite3_system_errno (handle) : 0;

  return (rc & 0xff) == SQLITE_FULL ||
         ((rc & 0xff) == SQLITE_IOERR && (cause == ENOSPC || cause == EFBIG || cause == EDQUOT));
}

gboolean
tl_db_error (sqlite3 *handle, int rc, const char *where, GError **error)
{
  const char *why = handle ? sqlite3_errmsg (handle) : sqlite3_errstr (rc);

  if (is_full (handle, rc))
    g_set_error (error, TL_DB_ERROR, TL_DB_ERROR_FULL, "No space is left on the disk for %s",
                 where);
  else if ((rc & 0xff) == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_NOTADB)
    g_set_error (error, TL_DB_ERROR, TL_DB_ERROR_CORRUPT, "%s is damaged: %s", where, why);
  else if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED)
    g_set_error (error, TL_DB_ERROR, TL_DB_ERROR_BUSY, "%s is in use by another program", where);
  else
    g_set_error (error, TL_DB_ERROR, TL_DB_ERROR_OTHER, "%s: %s", where, why);
  return FALSE;
}

static char *
suspicion (const char *dir)
{
  return g_build_filename (dir, "replica.db.suspect", NULL);
}

void
tl_db_suspect (const char *dir)
{
  g_autofree char *path = suspicion (dir);
  g_file_set_contents (path, "", 0, NULL);
}

static gboolean
wants_check (const char *dir, const char *path)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *suspect = suspicion (dir);
  GStatBuf info;

  return (g_stat (path, &info) == 0 && info.st_size <= SMALL) ||
         g_file_test (wal, G_FILE_TEST_EXISTS) || g_file_test (suspect, G_FILE_TEST_EXISTS);
}

static int
keep_first_text (void *data, int n, char **values, char **names)
{
  char **text = data;

  if (*text == NULL && n > 0)
    *text = g_strdup (values[0]);
  return 0;
}

static gboolean
pragma (sqlite3 *handle, const char *sql, const char *path, char **value, GError **error)
{
  int rc = sqlite3_exec (handle, sql, keep_first_text, value, NULL);

  return rc == SQLITE_OK || tl_db_error (handle, rc, path, error);
}

static gboolean
is_sound (sqlite3 *handle, const char *path, GError **error)
{
  g_autofree char *verdict = NULL;

  if (!pragma (handle, "PRAGMA quick_check(1)", path, &verdict, error))
    return FALSE;
  if (g_strcmp0 (verdict, "ok") == 0)
    return TRUE;
  g_set_error (error, TL_DB_ERROR, TL_DB_ERROR_CORRUPT, "%s is damaged: %s", path, verdict);
  return FALSE;
}

static gboolean
run_migration (sqlite3 *handle, const char *path, const char *sql, int version, GError **error)
{
  g_autofree char *all = g_strdup_printf ("%s\nPRAGMA user_version = %d; COMMIT;", sql, version);
  int rc = sqlite3_exec (handle, all, NULL, NULL, NULL);

  return rc == SQLITE_OK || tl_db_error (handle, rc, path, error);
}

static gboolean
read_version (sqlite3 *handle, const char *path, int *version, GError **error)
{
  g_autofree char *text = NULL;

  if (!pragma (handle, "PRAGMA user_version", path, &text, error))
    return FALSE;
  *version = text ? (int)g_ascii_strtoll (text, NULL, 10) : 0;
  return TRUE;
}

static int
newest_version (const char *name)
{
  int version = 0;

  for (;; version++) {
    g_autofree char *file = g_strdup_printf ("sql/%s-%03d.sql", name, version + 1);
    g_autofree char *sql = tl_sql_file (file);
    if (sql == NULL)
      return version;
  }
}

static gboolean
migrate (sqlite3 *handle, const char *path, const char *name, GError **error)
{
  int newest = newest_version (name), version;

  for (;;) {
    g_autofree char *file = NULL, *sql = NULL;

    if (!read_version (handle, path, &version, error))
      return FALSE;
    if (version > newest) {
      g_set_error (error, TL_DB_ERROR, TL_DB_ERROR_NEWER,
                   "%s was written by a newer version of Tideline (its schema is %d, this one "
                   "knows %d): please update",
                   path, version, newest);
      return FALSE;
    }
    if (version == newest)
      return TRUE;
    /* the version is read again under the lock: another process may be migrating too */
    if (!pragma (handle, "BEGIN IMMEDIATE", path, NULL, error) ||
        !read_version (handle, path, &version, error))
      return FALSE;
    file = g_strdup_printf ("sql/%s-%03d.sql", name, version + 1);
    sql = tl_sql_file (file);
    if (!run_migration (handle, path, sql ? sql : "", MIN (version + 1, newest), error))
      return FALSE;
  }
}

gboolean
tl_db_bring_up (const char *dir, const char *name, GError **error)
{
  g_autofree char *base = g_strconcat (name, ".db", NULL);
  g_autofree char *path = g_build_filename (dir, base, NULL);
  g_autofree char *suspect = suspicion (dir), *mode = NULL;
  gboolean check = wants_check (dir, path), fine;
  sqlite3 *handle = NULL;
  int rc = sqlite3_open_v2 (path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);

  if (rc != SQLITE_OK) {
    tl_db_error (handle, rc, path, error);
    sqlite3_close (handle);
    return FALSE;
  }
  sqlite3_busy_timeout (handle, BUSY_MS);
  fine = pragma (handle, "PRAGMA journal_mode = WAL", path, &mode, error) &&
         (!check || is_sound (handle, path, error)) && migrate (handle, path, name, error);
  sqlite3_close (handle);
  if (fine && g_str_equal (name, "replica"))
    g_unlink (suspect);
  return fine;
}
