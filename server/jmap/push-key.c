/* push-key.c: by OpenSSL. */
#include "server/jmap/push-key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <string.h>

#define POINT TL_POINT_BYTES
#define SECRET TL_NUMBER_BYTES

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY_CTX, EVP_PKEY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OSSL_PARAM, OSSL_PARAM_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIGNUM, BN_free)

gboolean
tl_push_decode (const char *text, guint8 *bytes, gsize length)
{
  g_autofree char *plain = g_strdup (text);
  g_autofree char *padded = NULL;
  g_autofree guchar *decoded = NULL;
  gsize n;

  g_strdelimit (g_strdelimit (plain, "-", '+'), "_", '/');
  while (g_str_has_suffix (plain, "="))
    plain[strlen (plain) - 1] = '\0';
  padded = g_strconcat (plain, "===" + (strlen (plain) % 4 ? strlen (plain) % 4 - 1 : 3), NULL);
  decoded = g_base64_decode (padded, &n);
  if (n != length)
    return FALSE;
  memcpy (bytes, decoded, length);
  return TRUE;
}

char *
tl_push_encode (gconstpointer bytes, gsize length)
{
  char *text = g_base64_encode (bytes, length);

  g_strdelimit (g_strdelimit (text, "+", '-'), "/", '_');
  while (g_str_has_suffix (text, "="))
    text[strlen (text) - 1] = '\0';
  return text;
}

TlPushKey *
tl_push_key_new (const guint8 *point, const guint8 *private_key)
{
  g_autoptr (OSSL_PARAM_BLD) builder = OSSL_PARAM_BLD_new ();
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, "EC", NULL);
  g_autoptr (BIGNUM) number = private_key ? BN_bin2bn (private_key, SECRET, NULL) : NULL;
  g_autoptr (OSSL_PARAM) params = NULL;
  TlPushKey *key = NULL;

  OSSL_PARAM_BLD_push_utf8_string (builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string (builder, OSSL_PKEY_PARAM_PUB_KEY, point, POINT);
  if (number)
    OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_PRIV_KEY, number);
  params = OSSL_PARAM_BLD_to_param (builder);
  if (EVP_PKEY_fromdata_init (context) <= 0 ||
      EVP_PKEY_fromdata (context, &key, number ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) <=
          0)
    return NULL;
  return key;
}

gboolean
tl_push_key_point (const guint8 *private_key, guint8 *point)
{
  EC_GROUP *group = EC_GROUP_new_by_curve_name (NID_X9_62_prime256v1);
  EC_POINT *found = EC_POINT_new (group);
  g_autoptr (BIGNUM) number = BN_bin2bn (private_key, SECRET, NULL);
  gboolean done =
      EC_POINT_mul (group, found, number, NULL, NULL, NULL) == 1 &&
      EC_POINT_point2oct (group, found, POINT_CONVERSION_UNCOMPRESSED, point, POINT, NULL) == POINT;

  EC_POINT_free (found);
  EC_GROUP_free (group);
  return done;
}

gboolean
tl_push_key_make (guint8 *private_key)
{
  g_autoptr (TlPushKey) fresh = EVP_EC_gen ("prime256v1");
  BIGNUM *number = NULL;
  gboolean done = fresh && EVP_PKEY_get_bn_param (fresh, OSSL_PKEY_PARAM_PRIV_KEY, &number) &&
                  BN_bn2binpad (number, private_key, SECRET) == SECRET;

  BN_clear_free (number);
  return done;
}
