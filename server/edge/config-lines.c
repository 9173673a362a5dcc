/* config-lines.c: reads a key file just far enough to know groups from keys from comments. */
#include "server/edge/config-lines.h"

#include <string.h>

/* The name in "[name]", or before "="; NULL when the line is no such. */
static char *
group_of (const char *line)
{
  const char *end = line[0] == '[' ? strchr (line, ']') : NULL;

  return end ? g_strndup (line + 1, (gsize)(end - line - 1)) : NULL;
}

static char *
key_of (const char *line)
{
  const char *equals = line[0] != '[' && line[0] != '#' ? strchr (line, '=') : NULL;

  return equals && equals > line ? g_strchomp (g_strndup (line, (gsize)(equals - line))) : NULL;
}

guint
tl_config_line (const char *text, const char *group, const char *key)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean is_in_group = FALSE;
  guint found = 0;

  for (guint i = 0; lines[i]; i++) {
    const char *line = g_strchug (lines[i]);
    g_autofree char *begun = group_of (line);
    g_autofree char *name = key_of (line);

    if (begun)
      is_in_group = g_str_equal (begun, group);
    if (is_in_group && (key ? g_strcmp0 (name, key) == 0 : begun != NULL))
      found = i + 1;
  }
  return found;
}

guint
tl_config_broken_line (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean has_group = FALSE;

  for (guint i = 0; lines[i]; i++) {
    const char *line = g_strchug (lines[i]);
    g_autofree char *begun = group_of (line);
    g_autofree char *name = key_of (line);

    has_group |= begun != NULL;
    if (*line != '\0' && *line != '\r' && *line != '#' && !begun && !(name && has_group))
      return i + 1;
  }
  return 0;
}
