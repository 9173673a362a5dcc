/* sql.h: .sql resources in sections: a line "-- name: x" starts the statement x. */
#pragma once

#include <glib.h>

/* The sections of a file below /org/tideline/sync/, by name; aborts when there is no such file (a
 * programming error). */
GHashTable *tl_sql_sections (const char *file);
/* A whole file; NULL when there is none. */
char *tl_sql_file (const char *file);
