/* drafts.c: text as it is typed, in local.db, so that neither a crash nor a new replica loses it. */
#include "sync/actions.h"

#define SQL "sql/actions.sql"

typedef struct {
  char *place, *text;
} Draft;

static void
draft_free (gpointer data)
{
  Draft *draft = data;

  g_free (draft->place);
  g_free (draft->text);
  g_free (draft);
}

static Draft *
draft_new (const char *place, const char *text)
{
  Draft *draft = g_new0 (Draft, 1);

  draft->place = g_strdup (place);
  draft->text = g_strdup (text);
  return draft;
}

static gboolean
save (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  Draft *draft = data;
  gboolean is_empty = draft->text == NULL || *draft->text == 0;
  sqlite3_stmt *statement = tl_db_statement (db, SQL, is_empty ? "remove-draft" : "save-draft");

  sqlite3_bind_text (statement, 1, draft->place, -1, SQLITE_STATIC);
  if (!is_empty) {
    sqlite3_bind_text (statement, 2, draft->text, -1, SQLITE_STATIC);
    sqlite3_bind_int64 (statement, 3, g_get_real_time () / 1000);
  }
  tl_changes_local (changes);
  return tl_db_run (db, statement, error);
}

DexFuture *
tl_draft_save (TlReplica *replica, const char *place, const char *text)
{
  return tl_replica_write (replica, save, draft_new (place, text), draft_free);
}

static gpointer
load (TlDb *db, gpointer data, GError **error)
{
  Draft *draft = data;
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "load-draft");
  char *text = NULL;

  sqlite3_bind_text (statement, 1, draft->place, -1, SQLITE_STATIC);
  if (tl_db_step (db, statement, error))
    text = g_strdup ((const char *)sqlite3_column_text (statement, 0));
  return text;
}

static DexFuture *
to_string (DexFuture *read, gpointer data)
{
  const GValue *value = dex_future_get_value (read, NULL);
  return dex_future_new_take_string (g_value_get_pointer (value));
}

DexFuture *
tl_draft_load (TlReplica *replica, const char *place)
{
  return dex_future_then (
      tl_replica_read (replica, load, draft_new (place, NULL), draft_free, g_free), to_string, NULL,
      NULL);
}
