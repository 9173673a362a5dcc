/* show.c: how commands answer: what PostgreSQL gave, as a table for people or as JSON for scripts
 * (--json), where each row is an object and the columns' names are its members. */
#include "server/ctl/ctl.h"

#include <stdio.h>

/* pg_type.oid */
#define OID_BOOL 16
#define OID_INT8 20
#define OID_INT4 23

gboolean tl_show_json = FALSE;

static void
build_value (JsonBuilder *builder, const PGresult *rows, int row, int column)
{
  const char *text = PQgetvalue (rows, row, column);

  if (PQgetisnull (rows, row, column)) {
    json_builder_add_null_value (builder);
    return;
  }
  switch (PQftype (rows, column)) {
  case OID_BOOL:
    json_builder_add_boolean_value (builder, *text == 't');
    break;
  case OID_INT8:
  case OID_INT4:
    json_builder_add_int_value (builder, g_ascii_strtoll (text, NULL, 10));
    break;
  default:
    json_builder_add_string_value (builder, text);
  }
}

static void
build_row (JsonBuilder *builder, const PGresult *rows, int row)
{
  json_builder_begin_object (builder);
  for (int column = 0; column < PQnfields (rows); column++) {
    json_builder_set_member_name (builder, PQfname (rows, column));
    build_value (builder, rows, row, column);
  }
  json_builder_end_object (builder);
}

void
tl_show_json_of (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, TRUE);

  printf ("%s\n", text);
}

static const char *
cell (const PGresult *rows, int row, int column)
{
  if (row < 0)
    return PQfname (rows, column);
  if (PQgetisnull (rows, row, column))
    return "-";
  if (PQftype (rows, column) == OID_BOOL)
    return *PQgetvalue (rows, row, column) == 't' ? "yes" : "no";
  return PQgetvalue (rows, row, column);
}

static int
measure (const PGresult *rows, int column)
{
  glong widest = 0;

  for (int row = -1; row < PQntuples (rows); row++)
    widest = MAX (widest, g_utf8_strlen (cell (rows, row, column), -1));
  return (int)widest;
}

static void
print_table (const PGresult *rows)
{
  int last = PQnfields (rows) - 1;
  g_autofree int *widths = g_new (int, last + 1);

  for (int column = 0; column <= last; column++)
    widths[column] = measure (rows, column);
  for (int row = -1; row < PQntuples (rows); row++)
    for (int column = 0; column <= last; column++) {
      const char *text = cell (rows, row, column);
      int gap = column == last ? 0 : widths[column] - (int)g_utf8_strlen (text, -1) + 2;
      printf ("%s%*s%s", text, gap, "", column == last ? "\n" : "");
    }
}

void
tl_show_rows (const PGresult *rows, const char *none)
{
  g_autoptr (JsonBuilder) builder = NULL;

  if (!tl_show_json && PQntuples (rows) == 0) {
    printf ("%s\n", none);
  } else if (!tl_show_json) {
    print_table (rows);
  } else {
    builder = json_builder_new ();
    json_builder_begin_array (builder);
    for (int row = 0; row < PQntuples (rows); row++)
      build_row (builder, rows, row);
    json_builder_end_array (builder);
    tl_show_json_of (builder);
  }
}

void
tl_show_done (const PGresult *row, const char *format, ...)
{
  g_autoptr (JsonBuilder) builder = NULL;
  va_list args;

  if (tl_show_json) {
    builder = json_builder_new ();
    build_row (builder, row, 0);
    tl_show_json_of (builder);
    return;
  }
  va_start (args, format);
  vprintf (format, args);
  va_end (args);
}
