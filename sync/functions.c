/* functions.c: SQL functions that SQLite lacks, for taking JSON apart in bulk. Any thread. */
#include "sync/functions.h"

#include "sync/wire/field.h"
#include "sync/wire/search-query.h"

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

static void
sort_key_function (sqlite3_context *context, int n, sqlite3_value **values)
{
  const char *text = (const char *)sqlite3_value_text (values[0]);
  g_autofree char *folded = text ? g_utf8_casefold (text, -1) : NULL;

  if (folded)
    sqlite3_result_text (context, g_utf8_collate_key (folded, -1), -1, g_free);
}

/* SQLite's text may be no UTF-8: of such there is nothing to compare. */
static void
plain_function (sqlite3_context *context, int n, sqlite3_value **values)
{
  const char *text = (const char *)sqlite3_value_text (values[0]);

  if (text && g_utf8_validate (text, -1, NULL))
    sqlite3_result_text (context, tl_search_plain (text), -1, g_free);
}

int
tl_functions_register (sqlite3 *handle)
{
  const int flags = SQLITE_UTF8 | SQLITE_INNOCUOUS;
  int rc = sqlite3_create_function_v2 (handle, "tl_ms", 1, flags | SQLITE_DETERMINISTIC, NULL,
                                       ms_function, NULL, NULL, NULL);

  if (rc == SQLITE_OK)
    rc = sqlite3_create_function_v2 (handle, "tl_plain", 1, flags | SQLITE_DETERMINISTIC, NULL,
                                     plain_function, NULL, NULL, NULL);
  if (rc != SQLITE_OK)
    return rc;
  return sqlite3_create_function_v2 (handle, "tl_sort_key", 1, flags, NULL, sort_key_function, NULL,
                                     NULL, NULL);
}
