/* functions.h: the SQL functions of a connection. tl_ms (text): a UTCDate as milliseconds, null for what
 * is none. tl_sort_key (text): what sorts as people of the locale expect. tl_plain (text): tl_search_plain(). */
#pragma once

#include <sqlite3.h>

int tl_functions_register (sqlite3 *handle);
