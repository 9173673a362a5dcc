/* args.c: reading a call's arguments and writing its response. */
#include "server/jmap/call.h"

G_DEFINE_QUARK (tl_method_error, tl_method_error)

gboolean
tl_refuse (GError **error, TlMethodError code, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error) {
    *error = g_error_new_valist (TL_METHOD_ERROR, (int)code, format, args);
  }
  va_end (args);
  return FALSE;
}

static gboolean
refuse_kind (const char *name, const char *kind, GError **error)
{
  return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“%s” is not %s", name, kind);
}

/* NULL for null too. */
static JsonNode *
find (JsonObject *args, const char *name)
{
  JsonNode *node = json_object_get_member (args, name);

  return node && !JSON_NODE_HOLDS_NULL (node) ? node : NULL;
}

const char *
tl_node_string (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

gboolean
tl_arg_string (JsonObject *args, const char *name, const char **value, GError **error)
{
  JsonNode *node = find (args, name);

  if (node == NULL)
    return TRUE;
  *value = tl_node_string (node);
  return *value != NULL || refuse_kind (name, "a string", error);
}

gboolean
tl_arg_int (JsonObject *args, const char *name, gint64 min, gint64 max, gint64 *value,
            GError **error)
{
  JsonNode *node = find (args, name);
  gint64 number;

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return refuse_kind (name, "an integer", error);
  number = json_node_get_int (node);
  if (number < min || number > max)
    return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“%s” is out of range", name);
  *value = number;
  return TRUE;
}

gboolean
tl_arg_bool (JsonObject *args, const char *name, gboolean *value, GError **error)
{
  JsonNode *node = find (args, name);

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return refuse_kind (name, "a boolean", error);
  *value = json_node_get_boolean (node);
  return TRUE;
}

gboolean
tl_arg_array (JsonObject *args, const char *name, JsonArray **value, GError **error)
{
  JsonNode *node = find (args, name);

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return refuse_kind (name, "an array", error);
  *value = json_node_get_array (node);
  return TRUE;
}

gboolean
tl_arg_object (JsonObject *args, const char *name, JsonObject **value, GError **error)
{
  JsonNode *node = find (args, name);

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse_kind (name, "an object", error);
  *value = json_node_get_object (node);
  return TRUE;
}

void
tl_json_append_string (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (const char *p = text; *p; p++) {
    guchar c = (guchar)*p;

    if (c == '"' || c == '\\')
      g_string_append_c (out, '\\');
    if (c < 0x20)
      g_string_append_printf (out, "\\u%04x", c);
    else
      g_string_append_c (out, *p);
  }
  g_string_append_c (out, '"');
}

void
tl_json_append_node (GString *out, JsonNode *node)
{
  g_autofree char *text = json_to_string (node, FALSE);

  g_string_append (out, text);
}

void
tl_json_append_comma (GString *out)
{
  char last = out->str[out->len - 1];

  if (last != '[' && last != '{')
    g_string_append_c (out, ',');
}

void
tl_json_append_id (GString *out, gint64 id)
{
  tl_json_append_comma (out);
  g_string_append_printf (out, "\"t%" G_GINT64_FORMAT "\"", id);
}
