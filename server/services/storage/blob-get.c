/* blob-get.c: Blob/get (RFC 9404, 4.2): bytes of files, or digests of them, within a response. */
#include "server/services/storage/blob-methods.h"
#include "server/services/storage/storage.h"

#include <string.h>

#define MAX_OCTETS (16 * 1024 * 1024) /* of data in one response */

typedef enum { DATA = 1 << 0, TEXT = 1 << 1, BASE64 = 1 << 2, SIZE = 1 << 3 } Property;

static const struct {
  const char *name;
  GChecksumType type;
} digests[] = {
  { "digest:sha", G_CHECKSUM_SHA1 },
  { "digest:sha-256", G_CHECKSUM_SHA256 },
  { "digest:sha-512", G_CHECKSUM_SHA512 },
};

typedef struct {
  guint properties;
  guint digests; /* bit i: digests[i] */
  gint64 offset, length;
  gsize room; /* octets that may yet be told */
  GString *not_found;
} BlobGet;

static gboolean
read_property (BlobGet *self, const char *name)
{
  static const struct {
    const char *name;
    guint property;
  } names[] = {
    { "id", 0 },      { "data", DATA }, { "data:asText", TEXT }, { "data:asBase64", BASE64 },
    { "size", SIZE },
  };

  for (guint i = 0; name && i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i].name, name)) {
      self->properties |= names[i].property;
      return TRUE;
    }
  for (guint i = 0; name && i < G_N_ELEMENTS (digests); i++)
    if (g_str_equal (digests[i].name, name)) {
      self->digests |= 1u << i;
      return TRUE;
    }
  return FALSE;
}

static gboolean
read_properties (BlobGet *self, JsonObject *args, GError **error)
{
  JsonArray *names = NULL;

  self->properties = DATA | SIZE;
  if (!tl_arg_array (args, "properties", &names, error))
    return FALSE;
  if (names)
    self->properties = 0;
  for (guint i = 0; names && i < json_array_get_length (names); i++) {
    const char *name = tl_node_string (json_array_get_element (names, i));

    if (!read_property (self, name))
      return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "A Blob has no property “%.100s”",
                        name ? name : "");
  }
  return TRUE;
}

/* As a string: any byte of valid UTF-8, also NUL. */
static void
append_text (GString *out, const char *data, gsize length)
{
  for (const char *end = data + length; data < end; data++) {
    gsize plain = strnlen (data, (gsize)(end - data));
    g_autofree char *part = g_strndup (data, plain);
    gsize start = out->len;

    tl_json_append_string (out, part);
    g_string_erase (out, (gssize)start, 1);
    g_string_truncate (out, out->len - 1);
    data += plain;
    if (data < end)
      g_string_append (out, "\\u0000");
  }
}

/* data:asText where it can be text; data:asBase64 when that was asked for, or it is no text. */
static void
append_data (const BlobGet *self, GString *out, const char *data, gsize length)
{
  gboolean is_text = g_utf8_validate_len (data, length, NULL) || length == 0;
  g_autofree char *base64 = NULL;

  if (!is_text && (self->properties & (TEXT | DATA)))
    g_string_append (out, ",\"isEncodingProblem\":true");
  if ((self->properties & TEXT) || ((self->properties & DATA) && is_text)) {
    g_string_append (out, is_text ? ",\"data:asText\":\"" : ",\"data:asText\":null");
    if (is_text) {
      append_text (out, data, length);
      g_string_append_c (out, '"');
    }
  }
  if ((self->properties & BASE64) || ((self->properties & DATA) && !is_text)) {
    base64 = g_base64_encode ((const guchar *)data, length);
    g_string_append_printf (out, ",\"data:asBase64\":\"%s\"", base64);
  }
}

static void
append_digests (const BlobGet *self, GString *out, const char *data, gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (digests); i++) {
    g_autoptr (GChecksum) checksum = NULL;
    g_autofree char *base64 = NULL;
    guint8 digest[64];
    gsize size = sizeof digest;

    if ((self->digests & (1u << i)) == 0)
      continue;
    checksum = g_checksum_new (digests[i].type);
    g_checksum_update (checksum, (const guchar *)data, (gssize)length);
    g_checksum_get_digest (checksum, digest, &size);
    base64 = g_base64_encode (digest, size);
    g_string_append_printf (out, ",\"%s\":\"%s\"", digests[i].name, base64);
  }
}

static gboolean
append_blob (BlobGet *self, GString *out, const char *name, GBytes *bytes, GError **error)
{
  gsize size = g_bytes_get_size (bytes);
  gsize offset = MIN ((gsize)self->offset, size);
  gsize length = self->length < 0 ? size - offset : MIN ((gsize)self->length, size - offset);
  const char *data = g_bytes_get_data (bytes, NULL);
  gboolean is_truncated =
      self->offset > (gint64)size || (self->length >= 0 && (gsize)self->length > size - offset);

  data = size ? data + offset : "";
  if (self->properties & (DATA | TEXT | BASE64)) {
    if (length > self->room)
      return tl_refuse (error, TL_METHOD_ERROR_REQUEST_TOO_LARGE,
                        "More than %d bytes; ask with “offset” and “length”, or download it",
                        MAX_OCTETS);
    self->room -= length;
  }
  tl_json_append_comma (out);
  g_string_append (out, "{\"id\":");
  tl_json_append_string (out, name);
  append_data (self, out, data, length);
  append_digests (self, out, data, length);
  if (is_truncated)
    g_string_append (out, ",\"isTruncated\":true");
  if (self->properties & SIZE)
    g_string_append_printf (out, ",\"size\":%" G_GSIZE_FORMAT, size);
  g_string_append_c (out, '}');
  return TRUE;
}

static gboolean
append_one (TlCall *call, BlobGet *self, const char *name, GString *out, GError **error)
{
  const char *id = tl_blob_resolve (call, name);
  g_autoptr (GError) why = NULL;
  g_autoptr (GBytes) bytes =
      id ? tl_storage_read (call->server, call->pg, call->account, id, &why) : NULL;

  if (bytes)
    return append_blob (self, out, id, bytes, error);
  if (why && !g_error_matches (why, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&why));
    return FALSE;
  }
  tl_json_append_comma (self->not_found);
  tl_json_append_string (self->not_found, name);
  return TRUE;
}

static gboolean
append_all (TlCall *call, BlobGet *self, JsonArray *ids, GString *out, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  g_string_append_printf (out, "{\"accountId\":\"%s\",\"list\":[", call->account_id);
  for (guint i = 0; i < json_array_get_length (ids); i++) {
    const char *name = tl_node_string (json_array_get_element (ids, i));

    if (name == NULL)
      return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“ids” holds what is not an id");
    if (g_hash_table_add (seen, (gpointer)name) && !append_one (call, self, name, out, error))
      return FALSE;
  }
  g_string_append_printf (out, "],\"notFound\":%s]}", self->not_found->str);
  return TRUE;
}

gboolean
tl_blob_get (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
             GError **error)
{
  BlobGet self = { .length = -1, .room = MAX_OCTETS };
  JsonArray *ids = NULL;
  gboolean done;

  if (!tl_arg_array (args, "ids", &ids, error) || !read_properties (&self, args, error) ||
      !tl_arg_int (args, "offset", 0, G_MAXINT64, &self.offset, error) ||
      !tl_arg_int (args, "length", 0, G_MAXINT64, &self.length, error))
    return FALSE;
  if (ids == NULL)
    return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“ids” is missing");
  if (json_array_get_length (ids) > TL_MAX_OBJECTS_IN_GET)
    return tl_refuse (error, TL_METHOD_ERROR_REQUEST_TOO_LARGE, "More than %d ids",
                      TL_MAX_OBJECTS_IN_GET);
  self.not_found = g_string_new ("[");
  done = append_all (call, &self, ids, out, error);
  g_string_free (self.not_found, TRUE);
  return done;
}
