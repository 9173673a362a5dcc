/* patch.c: applying a PatchObject. What it doesn't touch is shared with the object patched. */
#include "sync/wire/patch.h"

#include "sync/wire/pointer.h"

#include <string.h>

#define MAX_DEPTH 64

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error)
    *error = g_error_new_valist (G_IO_ERROR, G_IO_ERROR_INVALID_DATA, format, args);
  va_end (args);
  return FALSE;
}

static JsonObject *
copy_members (JsonObject *object)
{
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (copy, name, json_node_ref (value));
  return copy;
}

/* `object` is a copy of its own already; the objects on the way down become so. */
static gboolean
set_at (JsonObject *object, const char *const *parts, const char *key, JsonNode *value,
        gboolean is_property, GError **error)
{
  JsonNode *child;
  JsonNode *own;
  JsonObject *copy;

  if (parts[1] == NULL) {
    if (JSON_NODE_HOLDS_NULL (value) && !is_property)
      json_object_remove_member (object, parts[0]);
    else
      json_object_set_member (object, parts[0], json_node_ref (value));
    return TRUE;
  }
  child = json_object_get_member (object, parts[0]);
  if (child && JSON_NODE_HOLDS_ARRAY (child))
    return refuse (error, "“%.100s” points into an array", key);
  if (child == NULL || !JSON_NODE_HOLDS_OBJECT (child))
    return refuse (error, "“%.100s” has a parent that is not there", key);
  copy = copy_members (json_node_get_object (child));
  own = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (own, copy);
  json_object_set_member (object, parts[0], own);
  return set_at (copy, parts + 1, key, value, FALSE, error);
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* `keys` end in "/" and are sorted: a prefix comes right before what it is a prefix of. */
static gboolean
check_prefixes (GPtrArray *keys, GError **error)
{
  g_ptr_array_sort (keys, compare_keys);
  for (guint i = 1; i < keys->len; i++)
    if (g_str_has_prefix (keys->pdata[i], keys->pdata[i - 1]))
      return refuse (error, "“%.100s” is a prefix of another pointer of the patch",
                     (const char *)keys->pdata[i - 1]);
  return TRUE;
}

static GStrv
split_key (const char *key, GError **error)
{
  g_autofree char *path = g_strconcat ("/", key, NULL);
  g_auto (GStrv) parts = tl_pointer_split (path);

  if (parts && g_strv_length (parts) <= MAX_DEPTH)
    return g_steal_pointer (&parts);
  refuse (error, "“%.100s” is not a JSON pointer", key);
  return NULL;
}

JsonObject *
tl_patch_apply (JsonObject *object, JsonObject *patch, GError **error)
{
  g_autoptr (JsonObject) result = copy_members (object);
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, patch);
  while (json_object_iter_next_ordered (&iter, &key, &value))
    g_ptr_array_add (keys, g_strconcat (key, "/", NULL));
  if (!check_prefixes (keys, error))
    return NULL;
  json_object_iter_init_ordered (&iter, patch);
  while (json_object_iter_next_ordered (&iter, &key, &value)) {
    g_auto (GStrv) parts = split_key (key, error);

    if (parts == NULL ||
        !set_at (result, (const char *const *)parts, key, value, parts[1] == NULL, error))
      return NULL;
  }
  return g_steal_pointer (&result);
}

char *
tl_patch_property (const char *key)
{
  g_auto (GStrv) parts = split_key (key, NULL);

  return parts ? g_strdup (parts[0]) : g_strdup (key);
}
