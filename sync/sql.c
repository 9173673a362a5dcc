/* sql.c: finds the statements of .sql resources by name. Any thread; keeps nothing. */
#include "sync/sql.h"

#include <gio/gio.h>
#include <string.h>

#define ROOT "/org/tideline/sync/"
#define MARK "-- name: "

char *
tl_sql_file (const char *file)
{
  g_autofree char *path = g_strconcat (ROOT, file, NULL);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  if (bytes == NULL)
    return NULL;
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

GHashTable *
tl_sql_sections (const char *file)
{
  GHashTable *sections = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *text = tl_sql_file (file);
  char *at;

  if (text == NULL)
    g_error ("no SQL in %s", file);
  at = g_str_has_prefix (text, MARK) ? text : strstr (text, "\n" MARK);
  while (at) {
    char *name = strstr (at, MARK) + strlen (MARK);
    char *body = name + strcspn (name, "\n");
    char *next = strstr (body, "\n" MARK);

    g_hash_table_insert (sections, g_strstrip (g_strndup (name, body - name)),
                         next ? g_strndup (body, next - body) : g_strdup (body));
    at = next;
  }
  return sections;
}
