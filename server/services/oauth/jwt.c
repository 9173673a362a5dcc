/* jwt.c: by libsodium. base64url is read strictly: one token has one spelling. */
#include "server/services/oauth/jwt.h"

#include <sodium.h>
#include <string.h>

#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING

char *
tl_jwt_encode (gconstpointer bytes, gsize length)
{
  gsize size = sodium_base64_ENCODED_LEN (length, BASE64);

  return sodium_bin2base64 (g_malloc (size), size, bytes, length, BASE64);
}

static GBytes *
decode (const char *text)
{
  gsize most = strlen (text), length;
  guint8 *bytes = g_malloc (most + 1);

  if (sodium_base642bin (bytes, most, text, most, NULL, &length, NULL, BASE64) == 0)
    return g_bytes_new_take (bytes, length);
  g_free (bytes);
  return NULL;
}

static JsonObject *
decode_object (const char *text)
{
  g_autoptr (GBytes) bytes = decode (text);
  g_autoptr (JsonParser) parser = json_parser_new ();
  gsize length = 0;
  const char *json = bytes ? g_bytes_get_data (bytes, &length) : NULL;
  JsonNode *root;

  if (length == 0 || *json != '{' || !g_utf8_validate (json, (gssize)length, NULL) ||
      !json_parser_load_from_data (parser, json, (gssize)length, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  return root && JSON_NODE_HOLDS_OBJECT (root) ? json_object_ref (json_node_get_object (root))
                                               : NULL;
}

TlJwt *
tl_jwt_parse (const char *text)
{
  g_auto (GStrv) parts = NULL;
  g_autoptr (TlJwt) self = g_new0 (TlJwt, 1);

  if (strnlen (text, TL_JWT_MAX + 1) > TL_JWT_MAX)
    return NULL;
  parts = g_strsplit (text, ".", 4);
  if (g_strv_length (parts) != 3)
    return NULL;
  self->head = decode_object (parts[0]);
  self->claims = decode_object (parts[1]);
  self->signature = decode (parts[2]);
  if (self->head == NULL || self->claims == NULL || self->signature == NULL ||
      json_object_has_member (self->head, "crit"))
    return NULL;
  self->is_signed = g_strconcat (parts[0], ".", parts[1], NULL);
  return g_steal_pointer (&self);
}

void
tl_jwt_free (TlJwt *self)
{
  g_clear_pointer (&self->head, json_object_unref);
  g_clear_pointer (&self->claims, json_object_unref);
  g_clear_pointer (&self->signature, g_bytes_unref);
  g_free (self->is_signed);
  g_free (self);
}

gboolean
tl_jwt_is_by (const TlJwt *self, const char *type, const guint8 key[TL_JWT_PUBLIC_BYTES])
{
  const char *said = tl_jwt_string (self->head, "typ");
  gsize length;
  const guint8 *signature = g_bytes_get_data (self->signature, &length);

  return g_strcmp0 (tl_jwt_string (self->head, "alg"), "EdDSA") == 0 && said &&
         g_ascii_strcasecmp (said, type) == 0 && length == crypto_sign_BYTES &&
         crypto_sign_verify_detached (signature, (const guint8 *)self->is_signed,
                                      strlen (self->is_signed), key) == 0;
}

static char *
encode_object (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *json = json_to_string (node, FALSE);

  return tl_jwt_encode (json, strlen (json));
}

char *
tl_jwt_make (const char *type, const char *kid, JsonObject *claims,
             const guint8 key[TL_JWT_PRIVATE_BYTES])
{
  g_autoptr (JsonObject) head = json_object_new ();
  g_autofree char *head_text = NULL, *claims_text = NULL, *text = NULL, *end = NULL;
  guint8 signature[crypto_sign_BYTES];

  json_object_set_string_member (head, "alg", "EdDSA");
  json_object_set_string_member (head, "typ", type);
  json_object_set_string_member (head, "kid", kid);
  head_text = encode_object (head);
  claims_text = encode_object (claims);
  text = g_strconcat (head_text, ".", claims_text, NULL);
  crypto_sign_detached (signature, NULL, (const guint8 *)text, strlen (text), key);
  end = tl_jwt_encode (signature, sizeof signature);
  return g_strconcat (text, ".", end, NULL);
}

const char *
tl_jwt_string (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node)
                                                                  : NULL;
}

gboolean
tl_jwt_number (JsonObject *object, const char *name, gint64 *number)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *number = json_node_get_int (node);
  return TRUE;
}
