/* span.c: see the header. */
#include "sync/span.h"

#include "sync/wire/recurrence.h"

#define SQL "sql/span.sql"

gboolean
tl_span_put (TlDb *db, const TlCalendarEvent *event, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "put");
  gint64 start, end;

  tl_event_span (event, &start, &end);
  sqlite3_bind_int64 (statement, 1, event->record.key);
  sqlite3_bind_int64 (statement, 2, start);
  sqlite3_bind_int64 (statement, 3, end);
  return tl_db_run (db, statement, error);
}

gboolean
tl_span_remove (TlDb *db, gint64 key, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "remove");

  sqlite3_bind_int64 (statement, 1, key);
  return tl_db_run (db, statement, error);
}
