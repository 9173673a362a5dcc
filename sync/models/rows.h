/* rows.h: vectors of rows (GArray of TlKeyRow): read from a statement, and compared. */
#pragma once

#include "sync/models/key-list.h"

/* Appends rows of (key, section). */
gboolean tl_rows_read (TlDb *db, sqlite3_stmt *statement, GArray *rows, GError **error);
/* Appends rows of (key, milliseconds): their section is the local day, counted from 1970-01-01. */
gboolean tl_rows_read_days (TlDb *db, sqlite3_stmt *statement, GArray *rows, GError **error);

/* A column's text, copied; NULL for null. */
static inline char *
tl_row_text (sqlite3_stmt *row, int column)
{
  return g_strdup ((const char *)sqlite3_column_text (row, column));
}

/* As one line of at most 200 letters. */
char *tl_row_line (sqlite3_stmt *row, int column);

/* Rows [old_start, old_end) gave way to [new_start, new_end). */
typedef struct {
  guint old_start, old_end, new_start, new_end;
} TlHunk;
/* The fewest rows removed and added that make `old` `new` (GArray of TlHunk, in order). A row whose
 * section differs is another one. Keys are unique in each. */
GArray *tl_rows_diff (const GArray *old_rows, const GArray *new_rows);
