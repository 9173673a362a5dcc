/* db.h: one SQLite connection on one thread: statements by name from .sql resources, prepared once.
 *
 * A connection opened for an account has replica.db as `main` and local.db attached as `local`. */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

#define TL_DB_ERROR (tl_db_error_quark ())
GQuark tl_db_error_quark (void);
typedef enum {
  TL_DB_ERROR_CORRUPT,
  TL_DB_ERROR_NEWER, /* written by a newer version of the program */
  TL_DB_ERROR_FULL,  /* no space left on the disk */
  TL_DB_ERROR_BUSY,
  TL_DB_ERROR_OTHER,
} TlDbError;

typedef struct _TlDb TlDb;

/* dir: the account's folder. Applies missing migrations (numbered, one transaction each) when
 * `writing`. */
TlDb *tl_db_open (const char *dir, gboolean writing, GError **error);
void tl_db_close (TlDb *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlDb, tl_db_close)
sqlite3 *tl_db_handle (TlDb *self);

/* The statement `name` of `file` ("models/articles.sql"), reset and cleared. Not owned. */
sqlite3_stmt *tl_db_statement (TlDb *self, const char *file, const char *name);
/* A statement composed from a field table (sync/record-sql.c), kept under `name`. With `sql` NULL: NULL when
 * it was not composed yet. */
sqlite3_stmt *tl_db_composed (TlDb *self, const char *name, const char *sql);

/* TRUE with a row, FALSE at the end or with an error. */
gboolean tl_db_step (TlDb *self, sqlite3_stmt *statement, GError **error);
/* Runs to the end and resets. */
gboolean tl_db_run (TlDb *self, sqlite3_stmt *statement, GError **error);
gboolean tl_db_exec (TlDb *self, const char *file, const char *name, GError **error);

/* BEGIN IMMEDIATE (writing) or a snapshot of both files (reading). */
gboolean tl_db_begin (TlDb *self, GError **error);
gboolean tl_db_commit (TlDb *self, GError **error);
void tl_db_rollback (TlDb *self);
/* Frees the caches of the connection. */
void tl_db_forget (TlDb *self);

/* What SQLite said last, as an error that names the folder. Always FALSE. */
gboolean tl_db_fail (TlDb *self, GError **error);
