/* record-sql.h: the walkers between records and SQLite, and the statements of a type, composed once
 * from its field table (input is always a parameter). */
#pragma once

#include "sync/db.h"
#include "sync/wire/types.h"

/* For those who compose: the columns ("key, a, b, …"), and what an upsert does with a row that is there. */
void tl_record_columns (const TlType *type, GString *sql);
void tl_record_conflict (const TlType *type, GString *sql);

/* "key, a, b, …" of the type's columns from column `first` on of a row into a cleared record. */
void tl_record_read (const TlType *type, sqlite3_stmt *statement, int first, gpointer record);
/* One row of the type's table; NULL without an error when there is none. tl_record_free. */
gpointer tl_record_load (TlDb *db, const TlType *type, gint64 key, GError **error);
/* Upserts a whole record (absent fields become null). */
gboolean tl_record_store (TlDb *db, const TlType *type, gconstpointer record, GError **error);
gboolean tl_record_remove (TlDb *db, const TlType *type, gint64 key, GError **error);
