/* functions.c: SQL functions that SQLite lacks, for taking JSON apart in bulk. Any thread. */
#include "sync/functions.h"

#include "sync/wire/field.h"

static void
ms_function (sqlite3_context *context, int n, sqlite3_value **values)
{
  const char *text = (const char *)sqlite3_value_text (values[0]);
  gint64 ms;

  if (tl_date_parse (text, &ms))
    sqlite3_result_int64 (context, ms);
  else
    sqlite3_result_null (context);
}

int
tl_functions_register (sqlite3 *handle)
{
  return sqlite3_create_function_v2 (handle, "tl_ms", 1,
                                     SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL,
                                     ms_function, NULL, NULL, NULL);
}
