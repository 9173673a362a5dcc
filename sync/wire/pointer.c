/* pointer.c: walking JSON by pointer. */
#include "sync/wire/pointer.h"

#include <string.h>

static gboolean
unescape (char *part)
{
  char *to = part;

  for (const char *from = part; *from; from++, to++) {
    if (*from != '~') {
      *to = *from;
      continue;
    }
    from++;
    if (*from != '0' && *from != '1')
      return FALSE;
    *to = *from == '0' ? '~' : '/';
  }
  *to = '\0';
  return TRUE;
}

GStrv
tl_pointer_split (const char *path)
{
  g_auto (GStrv) parts = NULL;

  if (path[0] == '\0')
    return g_new0 (char *, 1);
  if (path[0] != '/')
    return NULL;
  parts = g_strsplit (path + 1, "/", -1);
  if (parts[0] == NULL) { /* "/" is the member named "" */
    g_strfreev (parts);
    parts = g_new0 (char *, 2);
    parts[0] = g_strdup ("");
  }
  for (guint i = 0; parts[i]; i++)
    if (!unescape (parts[i]))
      return NULL;
  return g_steal_pointer (&parts);
}

char *
tl_pointer_escape (const char *part)
{
  GString *text = g_string_new (part);

  g_string_replace (text, "~", "~0", 0);
  g_string_replace (text, "/", "~1", 0);
  return g_string_free_and_steal (text);
}

static JsonNode *walk (JsonNode *node, const char *const *parts, GError **error);

static JsonNode *
walk_all (JsonArray *array, const char *const *parts, GError **error)
{
  g_autoptr (JsonArray) found = json_array_new ();
  JsonNode *result;

  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *item = walk (json_array_get_element (array, i), parts, error);

    if (item == NULL)
      return NULL;
    if (JSON_NODE_HOLDS_ARRAY (item)) {
      JsonArray *inner = json_node_get_array (item);

      for (guint j = 0; j < json_array_get_length (inner); j++)
        json_array_add_element (found, json_node_ref (json_array_get_element (inner, j)));
      json_node_unref (item);
    } else {
      json_array_add_element (found, item);
    }
  }
  result = json_node_new (JSON_NODE_ARRAY);
  json_node_set_array (result, found);
  return result;
}

/* An array index: digits without a leading zero. */
static gboolean
parse_index (const char *part, guint length, guint *index)
{
  guint64 number;

  if (!g_ascii_isdigit (part[0]) || (part[0] == '0' && part[1] != '\0') ||
      !g_ascii_string_to_unsigned (part, 10, 0, G_MAXUINT, &number, NULL) || number >= length)
    return FALSE;
  *index = (guint)number;
  return TRUE;
}

static JsonNode *
walk (JsonNode *node, const char *const *parts, GError **error)
{
  JsonNode *next = NULL;
  guint index;

  if (parts[0] == NULL)
    return json_node_ref (node);
  if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_node_get_array (node);

    if (g_str_equal (parts[0], "*"))
      return walk_all (array, parts + 1, error);
    if (parse_index (parts[0], json_array_get_length (array), &index))
      next = json_array_get_element (array, index);
  } else if (JSON_NODE_HOLDS_OBJECT (node)) {
    next = json_object_get_member (json_node_get_object (node), parts[0]);
  }
  if (next == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is nothing at “%.100s”", parts[0]);
    return NULL;
  }
  return walk (next, parts + 1, error);
}

JsonNode *
tl_pointer_evaluate (JsonNode *root, const char *path, GError **error)
{
  g_auto (GStrv) parts = tl_pointer_split (path);

  if (parts == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "“%.100s” is not a JSON pointer",
                 path);
    return NULL;
  }
  return walk (root, (const char *const *)parts, error);
}
