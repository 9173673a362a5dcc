/* blob-upload.c: Blob/upload (RFC 9404, 4.1): files made within a request, of text, base64, and parts of
 * other files. */
#include "server/services/storage/blob-methods.h"
#include "server/services/storage/storage.h"

#include <string.h>

#define TYPE_MAX 127

/* Why one is not made. */
#define UPLOAD_ERROR (upload_error_quark ())
static G_DEFINE_QUARK (tl - upload - error, upload_error) typedef enum {
  INVALID,
  TOO_LARGE,
  NOT_FOUND
} UploadError;

static const char *const error_names[] = {
  [INVALID] = "invalidProperties",
  [TOO_LARGE] = "tooLarge",
  [NOT_FOUND] = "blobNotFound",
};

G_GNUC_PRINTF (3, 4)
static gboolean
refuse (GError **error, UploadError code, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  *error = g_error_new_valist (UPLOAD_ERROR, (int)code, format, args);
  va_end (args);
  return FALSE;
}

/* --- one source ------------------------------------------------------------------------------------ */

static gboolean
append_base64 (GByteArray *bytes, const char *text, GError **error)
{
  gsize length = strlen (text);
  gsize plain = strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  g_autofree guchar *decoded = NULL;
  gsize size;

  if (length % 4 != 0 || length - plain > 2 || strspn (text + plain, "=") != length - plain)
    return refuse (error, INVALID, "data: “data:asBase64” is not base64");
  decoded = g_base64_decode (text, &size);
  g_byte_array_append (bytes, decoded, (guint)size);
  return TRUE;
}

/* UnsignedInt or null; -1 for nothing. FALSE for something else. */
static gboolean
read_number (JsonObject *source, const char *name, gint64 *value)
{
  g_autoptr (GError) error = NULL;

  return tl_arg_int (source, name, 0, G_MAXINT64, value, &error);
}

static gboolean
append_part (TlCall *call, GByteArray *bytes, JsonObject *source, const char *name, GError **error)
{
  const char *id = tl_blob_resolve (call, name);
  g_autoptr (GError) why = NULL;
  g_autoptr (GBytes) blob = NULL;
  gint64 offset = 0, length = -1;
  gint64 size;

  if (!read_number (source, "offset", &offset) || !read_number (source, "length", &length))
    return refuse (error, INVALID, "data: “offset” and “length” are numbers from 0");
  blob = id ? tl_storage_read (call->server, call->pg, call->account, id, &why) : NULL;
  if (blob == NULL && (why == NULL || g_error_matches (why, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)))
    return refuse (error, NOT_FOUND, "There is no blob “%.80s” to read", name);
  if (blob == NULL) {
    g_propagate_error (error, g_steal_pointer (&why));
    return FALSE;
  }
  size = (gint64)g_bytes_get_size (blob);
  if (offset > size || length > size - offset)
    return refuse (error, INVALID, "data: blob “%.80s” has only %" G_GINT64_FORMAT " bytes", name,
                   size);
  if (length < 0)
    length = size - offset;
  if ((gsize)length + bytes->len > call->server->config->max_upload)
    return refuse (error, TOO_LARGE, "The blob is larger than the server takes");
  if (length > 0)
    g_byte_array_append (bytes, (const guint8 *)g_bytes_get_data (blob, NULL) + offset,
                         (guint)length);
  return TRUE;
}

/* Exactly one of three members says what it is. */
static gboolean
append_source (TlCall *call, GByteArray *bytes, JsonNode *node, GError **error)
{
  static const char *const names[] = { "data:asText", "data:asBase64", "blobId" };
  JsonObject *source = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *values[3] = { NULL };
  guint n = 0;

  for (guint i = 0; source && i < G_N_ELEMENTS (names); i++)
    if (json_object_has_member (source, names[i])) {
      values[i] = tl_node_string (json_object_get_member (source, names[i]));
      n += values[i] ? 1 : 2;
    }
  if (n != 1)
    return refuse (error, INVALID,
                   "data: a source has one of data:asText, data:asBase64 and blobId, a string");
  if (values[0])
    g_byte_array_append (bytes, (const guint8 *)values[0], (guint)strlen (values[0]));
  return values[1]   ? append_base64 (bytes, values[1], error)
         : values[2] ? append_part (call, bytes, source, values[2], error)
                     : TRUE;
}

/* --- one blob -------------------------------------------------------------------------------------- */

static GBytes *
gather (TlCall *call, JsonObject *object, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  JsonNode *node = json_object_get_member (object, "data");
  JsonArray *sources = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = sources ? json_array_get_length (sources) : 0;

  if (sources == NULL) {
    refuse (error, INVALID, "data: a list of sources is wanted");
    return NULL;
  }
  if (n > TL_MAX_DATA_SOURCES) {
    refuse (error, TOO_LARGE, "More than %d sources", TL_MAX_DATA_SOURCES);
    return NULL;
  }
  for (guint i = 0; i < n; i++)
    if (!append_source (call, bytes, json_array_get_element (sources, i), error))
      return NULL;
  if (bytes->len > call->server->config->max_upload) {
    refuse (error, TOO_LARGE, "The blob is larger than the server takes");
    return NULL;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

/* NULL for none. */
static gboolean
read_type (JsonObject *object, const char **type, GError **error)
{
  JsonNode *node = json_object_get_member (object, "type");

  *type = NULL;
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  *type = tl_node_string (node);
  if (*type && strchr (*type, '/') && strlen (*type) <= TYPE_MAX)
    return TRUE;
  return refuse (error, INVALID, "type: a media type is wanted");
}

static gboolean
make (TlCall *call, const char *name, JsonNode *node, GString *out, GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *blob = NULL;
  const char *type;

  if (object == NULL)
    return refuse (error, INVALID, "data: an object is wanted");
  if (!read_type (object, &type, error) || !(bytes = gather (call, object, error)))
    return FALSE;
  blob = tl_storage_keep (call->server, call->pg, call->account, bytes,
                          type ? type : "application/octet-stream", error);
  if (blob == NULL)
    return FALSE;
  json_object_set_string_member (call->created, name, blob);
  tl_json_append_comma (out);
  tl_json_append_string (out, name);
  g_string_append_printf (out, ":{\"id\":\"%s\",\"type\":", blob);
  if (type)
    tl_json_append_string (out, type);
  else
    g_string_append (out, "null");
  g_string_append_printf (out, ",\"size\":%" G_GSIZE_FORMAT "}", g_bytes_get_size (bytes));
  return TRUE;
}

/* FALSE for what is not this object's fault. */
static gboolean
append_refusal (GString *out, const char *name, const GError *why)
{
  const char *type = why->domain == UPLOAD_ERROR ? error_names[why->code]
                     : g_error_matches (why, TL_SET_ERROR, TL_SET_ERROR_OVER_QUOTA) ? "overQuota"
                                                                                    : NULL;

  if (type == NULL)
    return FALSE;
  tl_json_append_comma (out);
  tl_json_append_string (out, name);
  g_string_append_printf (out, ":{\"type\":\"%s\",\"description\":", type);
  tl_json_append_string (out, why->message);
  if (g_error_matches (why, UPLOAD_ERROR, INVALID))
    g_string_append_printf (out, ",\"properties\":[\"%s\"]",
                            g_str_has_prefix (why->message, "type") ? "type" : "data");
  g_string_append_c (out, '}');
  return TRUE;
}

static gboolean
make_all (TlCall *call, JsonObject *create, GString *created, GString *not_created, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, create);
  while (json_object_iter_next_ordered (&iter, &name, &node)) {
    GError *why = NULL;

    if (make (call, name, node, created, &why))
      continue;
    if (!append_refusal (not_created, name, why)) {
      g_propagate_error (error, why);
      return FALSE;
    }
    g_error_free (why);
  }
  return TRUE;
}

gboolean
tl_blob_upload (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                GError **error)
{
  g_autoptr (GString) created = g_string_new ("{");
  g_autoptr (GString) not_created = g_string_new ("{");
  JsonObject *create = NULL;

  if (!tl_arg_object (args, "create", &create, error))
    return FALSE;
  if (create == NULL)
    return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“create” is missing");
  if (json_object_get_size (create) > TL_MAX_OBJECTS_IN_SET)
    return tl_refuse (error, TL_METHOD_ERROR_REQUEST_TOO_LARGE, "More than %d blobs",
                      TL_MAX_OBJECTS_IN_SET);
  if (!make_all (call, create, created, not_created, error))
    return FALSE;
  g_string_append_printf (out, "{\"accountId\":\"%s\",\"created\":%s", call->account_id,
                          created->len > 1 ? g_string_append_c (created, '}')->str : "null");
  g_string_append_printf (out, ",\"notCreated\":%s}",
                          not_created->len > 1 ? g_string_append_c (not_created, '}')->str
                                               : "null");
  return TRUE;
}
