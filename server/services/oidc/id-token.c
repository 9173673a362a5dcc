/* id-token.c: keys and signatures by OpenSSL; RSA (RFC 8017), P-256 and Ed25519. */
#include "server/services/oidc/id-token.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <sodium.h>
#include <string.h>

#define SKEW 60 /* seconds that the provider's clock may differ */
#define KEYS_MAX 50
#define BYTES_MAX 1024 /* of a number in a key */
#define RSA_BITS_MIN 2048
#define P256_BYTES 32

static gboolean
refuse (GError **error, GIOErrorEnum code, const char *sentence)
{
  g_set_error_literal (error, G_IO_ERROR, code, sentence);
  return FALSE;
}

/* --- keys -------------------------------------------------------------------------------------- */

/* Member `name` of base64url; the bytes at `into`, 0 for none. */
static gsize
bytes_of (JsonObject *key, const char *name, guint8 into[BYTES_MAX])
{
  const char *text = tl_jwt_string (key, name);
  gsize length = 0;

  if (text == NULL || sodium_base642bin (into, BYTES_MAX, text, strlen (text), NULL, &length, NULL,
                                         sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
    return 0;
  return length;
}

static EVP_PKEY *
key_from (const char *type, OSSL_PARAM_BLD *build)
{
  OSSL_PARAM *params = OSSL_PARAM_BLD_to_param (build);
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name (NULL, type, NULL);
  EVP_PKEY *key = NULL;

  if (params && context && EVP_PKEY_fromdata_init (context) == 1 &&
      EVP_PKEY_fromdata (context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
    key = NULL;
  EVP_PKEY_CTX_free (context);
  OSSL_PARAM_free (params);
  return key;
}

static EVP_PKEY *
rsa_key (JsonObject *object)
{
  guint8 modulus[BYTES_MAX], exponent[BYTES_MAX];
  gsize n = bytes_of (object, "n", modulus), e = bytes_of (object, "e", exponent);
  BIGNUM *number = BN_bin2bn (modulus, (int)n, NULL), *power = BN_bin2bn (exponent, (int)e, NULL);
  OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new ();
  EVP_PKEY *key = NULL;

  if (n > 0 && e > 0 && BN_num_bits (number) >= RSA_BITS_MIN &&
      OSSL_PARAM_BLD_push_BN (build, OSSL_PKEY_PARAM_RSA_N, number) &&
      OSSL_PARAM_BLD_push_BN (build, OSSL_PKEY_PARAM_RSA_E, power))
    key = key_from ("RSA", build);
  OSSL_PARAM_BLD_free (build);
  BN_free (number);
  BN_free (power);
  return key;
}

static EVP_PKEY *
p256_key (JsonObject *object)
{
  guint8 point[1 + 2 * P256_BYTES] = { POINT_CONVERSION_UNCOMPRESSED }, x[BYTES_MAX], y[BYTES_MAX];
  OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new ();
  EVP_PKEY *key = NULL;

  if (g_strcmp0 (tl_jwt_string (object, "crv"), "P-256") == 0 &&
      bytes_of (object, "x", x) == P256_BYTES && bytes_of (object, "y", y) == P256_BYTES) {
    memcpy (point + 1, x, P256_BYTES);
    memcpy (point + 1 + P256_BYTES, y, P256_BYTES);
    if (OSSL_PARAM_BLD_push_utf8_string (build, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) &&
        OSSL_PARAM_BLD_push_octet_string (build, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point))
      key = key_from ("EC", build);
  }
  OSSL_PARAM_BLD_free (build);
  return key;
}

static EVP_PKEY *
ed25519_key (JsonObject *object)
{
  guint8 x[BYTES_MAX];

  if (g_strcmp0 (tl_jwt_string (object, "crv"), "Ed25519") != 0 ||
      bytes_of (object, "x", x) != crypto_sign_PUBLICKEYBYTES)
    return NULL;
  return EVP_PKEY_new_raw_public_key (EVP_PKEY_ED25519, NULL, x, crypto_sign_PUBLICKEYBYTES);
}

/* --- algorithms -------------------------------------------------------------------------------- */

/* ES256's signature is two numbers (RFC 7518, 3.4); OpenSSL wants them in DER. */
static GBytes *
in_der (GBytes *signature)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (signature, &length);
  ECDSA_SIG *pair;
  guint8 *der = NULL;
  int size;
  GBytes *result;

  if (length != 2 * P256_BYTES)
    return NULL;
  pair = ECDSA_SIG_new ();
  ECDSA_SIG_set0 (pair, BN_bin2bn (bytes, P256_BYTES, NULL),
                  BN_bin2bn (bytes + P256_BYTES, P256_BYTES, NULL));
  size = i2d_ECDSA_SIG (pair, &der);
  result = size > 0 ? g_bytes_new (der, (gsize)size) : NULL;
  OPENSSL_free (der);
  ECDSA_SIG_free (pair);
  return result;
}

static const struct {
  const char *name, *key_type;
  EVP_PKEY *(*key) (JsonObject *object);
  const EVP_MD *(*digest) (void);
  GBytes *(*signature) (GBytes *signature);
} algorithms[] = {
  { "RS256", "RSA", rsa_key, EVP_sha256, g_bytes_ref },
  { "ES256", "EC", p256_key, EVP_sha256, in_der },
  { "EdDSA", "OKP", ed25519_key, NULL, g_bytes_ref },
};

static int
find_algorithm (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (g_str_equal (algorithms[i].name, name))
      return (int)i;
  return -1;
}

gboolean
tl_id_token_is_algorithm (const char *text)
{
  return find_algorithm (text) >= 0;
}

static gboolean
is_signed_by (const TlJwt *token, int algorithm, EVP_PKEY *key)
{
  g_autoptr (GBytes) signature = algorithms[algorithm].signature (token->signature);
  const EVP_MD *digest = algorithms[algorithm].digest ? algorithms[algorithm].digest () : NULL;
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  gboolean is_good;

  is_good =
      signature && EVP_DigestVerifyInit (context, NULL, digest, NULL, key) == 1 &&
      EVP_DigestVerify (context, g_bytes_get_data (signature, NULL), g_bytes_get_size (signature),
                        (const guint8 *)token->is_signed, strlen (token->is_signed)) == 1;
  EVP_MD_CTX_free (context);
  return is_good;
}

/* For signing, of the algorithm's kind, and of this name (a token without a name takes a set of one). */
static gboolean
is_candidate (JsonObject *key, int algorithm, const char *kid)
{
  const char *use = tl_jwt_string (key, "use"), *alg = tl_jwt_string (key, "alg");

  return g_strcmp0 (tl_jwt_string (key, "kty"), algorithms[algorithm].key_type) == 0 &&
         (use == NULL || g_str_equal (use, "sig")) &&
         (alg == NULL || g_str_equal (alg, algorithms[algorithm].name)) &&
         (kid == NULL || g_strcmp0 (tl_jwt_string (key, "kid"), kid) == 0);
}

static JsonObject *
find_key (JsonObject *keys, int algorithm, const char *kid)
{
  JsonNode *node = json_object_get_member (keys, "keys");
  JsonArray *list = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = list ? MIN (json_array_get_length (list), KEYS_MAX) : 0, found = 0;
  JsonObject *key = NULL;

  for (guint i = 0; i < n; i++) {
    JsonNode *each = json_array_get_element (list, i);

    if (JSON_NODE_HOLDS_OBJECT (each) &&
        is_candidate (json_node_get_object (each), algorithm, kid)) {
      key = json_node_get_object (each);
      found++;
    }
  }
  return found == 1 ? key : NULL;
}

static gboolean
check_signature (const TlJwt *token, JsonObject *keys, const char *algorithm, GError **error)
{
  int which = find_algorithm (algorithm);
  JsonObject *object;
  EVP_PKEY *key;
  gboolean is_good;

  if (which < 0 || g_strcmp0 (tl_jwt_string (token->head, "alg"), algorithm) != 0)
    return refuse (error, G_IO_ERROR_PERMISSION_DENIED,
                   "The provider's token is of another algorithm than is configured");
  object = find_key (keys, which, tl_jwt_string (token->head, "kid"));
  if (object == NULL)
    return refuse (error, G_IO_ERROR_NOT_FOUND,
                   "The provider's token is by a key that the provider does not tell of");
  key = algorithms[which].key (object);
  is_good = key && is_signed_by (token, which, key);
  EVP_PKEY_free (key);
  return is_good || refuse (error, G_IO_ERROR_PERMISSION_DENIED,
                            "The provider's token is not signed by the provider");
}

/* --- claims ------------------------------------------------------------------------------------ */

/* `aud` is one name or several; with several, `azp` says whose it is. */
static gboolean
is_for (JsonObject *claims, const char *client)
{
  JsonNode *node = json_object_get_member (claims, "aud");
  const char *party = tl_jwt_string (claims, "azp");
  JsonArray *list;

  if (party && !g_str_equal (party, client))
    return FALSE;
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return g_strcmp0 (tl_jwt_string (claims, "aud"), client) == 0;
  list = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (list); i++) {
    JsonNode *each = json_array_get_element (list, i);

    if (json_node_get_value_type (each) == G_TYPE_STRING &&
        g_str_equal (json_node_get_string (each), client))
      return json_array_get_length (list) == 1 || party != NULL;
  }
  return FALSE;
}

static gboolean
check_claims (JsonObject *claims, const TlIdTokenRules *rules, GError **error)
{
  const char *nonce = tl_jwt_string (claims, "nonce"), *subject = tl_jwt_string (claims, "sub");
  gint64 from, until;

  if (g_strcmp0 (tl_jwt_string (claims, "iss"), rules->issuer) != 0)
    return refuse (error, G_IO_ERROR_PERMISSION_DENIED, "The token is of another provider");
  if (!is_for (claims, rules->client))
    return refuse (error, G_IO_ERROR_PERMISSION_DENIED, "The token is for another program");
  if (nonce == NULL || strlen (nonce) != strlen (rules->nonce) ||
      sodium_memcmp (nonce, rules->nonce, strlen (nonce)) != 0)
    return refuse (error, G_IO_ERROR_PERMISSION_DENIED, "The token is of another sign-in");
  if (!tl_jwt_number (claims, "exp", &until) || !tl_jwt_number (claims, "iat", &from) ||
      until <= rules->now - SKEW || from > rules->now + SKEW)
    return refuse (error, G_IO_ERROR_PERMISSION_DENIED,
                   "The token is not of now (are the clocks right?)");
  return (subject && *subject && strlen (subject) <= 255) ||
         refuse (error, G_IO_ERROR_PERMISSION_DENIED, "The token does not say who it is about");
}

gboolean
tl_id_token_check (const TlJwt *token, JsonObject *keys, const TlIdTokenRules *rules,
                   GError **error)
{
  return check_signature (token, keys, rules->algorithm, error) &&
         check_claims (token->claims, rules, error);
}
