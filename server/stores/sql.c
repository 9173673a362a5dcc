/* sql.c: statements kept in .sql resources: "-- name: x" starts one, the next or the end closes it.
 *
 * Files are read once and kept for the life of the process; any thread may ask. */
#include "server/stores/pg.h"

#include <string.h>

#define PREFIX "/org/tideline/server/"
#define MARK "-- name: "

static GHashTable *
read_sections (const char *file)
{
  g_autofree char *path = g_strconcat (PREFIX, file, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, 0, &error);
  GHashTable *sections = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) parts = NULL;

  if (bytes == NULL)
    g_error ("SQL file “%s”: %s", file, error->message);
  parts = g_strsplit (g_bytes_get_data (bytes, NULL), MARK, -1);
  for (guint i = 1; parts[i]; i++) {
    char *end = strchr (parts[i], '\n');
    char *text;

    if (end == NULL)
      g_error ("SQL file “%s”: a section without statement: %s", file, parts[i]);
    text = g_strstrip (g_strdup (end + 1));
    if (g_str_has_suffix (text, ";"))
      text[strlen (text) - 1] = '\0';
    *end = '\0';
    if (!g_hash_table_insert (sections, g_strdup (g_strstrip (parts[i])), text))
      g_error ("SQL file “%s”: “%s” stands there twice", file, parts[i]);
  }
  return sections;
}

const char *
tl_sql (const char *file, const char *name)
{
  static GMutex lock;
  static GHashTable *files;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  GHashTable *sections;
  const char *text;

  if (files == NULL)
    files = g_hash_table_new (g_str_hash, g_str_equal);
  sections = g_hash_table_lookup (files, file);
  if (sections == NULL) {
    sections = read_sections (file);
    g_hash_table_insert (files, g_strdup (file), sections);
  }
  text = g_hash_table_lookup (sections, name);
  if (text == NULL)
    g_error ("SQL file “%s” has no statement “%s”", file, name);
  return text;
}
