/* web-push.c: RFC 8291 by OpenSSL: a fresh key for each message, one record of at most 4,096 bytes. */
#include "server/jmap/web-push.h"

#include "server/jmap/push-key.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <string.h>

#define POINT TL_POINT_BYTES
#define SECRET TL_NUMBER_BYTES
#define SALT 16
#define TAG 16
#define HEAD (SALT + 4 + 1 + POINT)
#define RECORD 4096

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY_CTX, EVP_PKEY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_KDF_CTX, EVP_KDF_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_KDF, EVP_KDF_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)

static gboolean
agree (TlPushKey *ours, TlPushKey *theirs, guint8 secret[SECRET])
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new (ours, NULL);
  gsize length = SECRET;

  return EVP_PKEY_derive_init (context) > 0 && EVP_PKEY_derive_set_peer (context, theirs) > 0 &&
         EVP_PKEY_derive (context, secret, &length) > 0 && length == SECRET;
}

/* HKDF with SHA-256. */
static gboolean
derive (const guint8 *salt, const guint8 *secret, const void *info, gsize info_length, guint8 *key,
        gsize length)
{
  g_autoptr (EVP_KDF) hkdf = EVP_KDF_fetch (NULL, "HKDF", NULL);
  g_autoptr (EVP_KDF_CTX) context = EVP_KDF_CTX_new (hkdf);
  OSSL_PARAM params[] = {
    OSSL_PARAM_construct_utf8_string (OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0),
    OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_SALT, (void *)salt, SALT),
    OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_KEY, (void *)secret, SECRET),
    OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_INFO, (void *)info, info_length),
    OSSL_PARAM_construct_end (),
  };

  return EVP_KDF_derive (context, key, length, params) > 0;
}

/* RFC 8291, 3.4: both points are bound into the key. */
static gboolean
derive_input (const guint8 *auth, const guint8 *shared, const guint8 *theirs, const guint8 *ours,
              guint8 input[SECRET])
{
  guint8 info[14 + 2 * POINT] = "WebPush: info";

  memcpy (info + 14, theirs, POINT);
  memcpy (info + 14 + POINT, ours, POINT);
  return derive (auth, shared, info, sizeof info, input, SECRET);
}

/* The last and only record ends with a 2. */
static gboolean
seal (const guint8 *key, const guint8 *nonce, const char *text, gsize length, guint8 *out)
{
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  const guint8 end = 2;
  int n = 0, more = 0, last = 0;

  return EVP_EncryptInit_ex2 (context, EVP_aes_128_gcm (), key, nonce, NULL) &&
         EVP_EncryptUpdate (context, out, &n, (const guint8 *)text, (int)length) &&
         EVP_EncryptUpdate (context, out + n, &more, &end, 1) &&
         EVP_EncryptFinal_ex (context, out + n + more, &last) &&
         EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_GCM_GET_TAG, TAG, out + length + 1);
}

static void
write_head (guint8 *message, const guint8 *salt, const guint8 *point)
{
  memcpy (message, salt, SALT);
  message[SALT] = message[SALT + 1] = message[SALT + 3] = 0;
  message[SALT + 2] = RECORD >> 8;
  message[SALT + 4] = POINT;
  memcpy (message + SALT + 5, point, POINT);
}

GBytes *
tl_web_push_encrypt_with (const char *p256dh, const char *auth, const char *text,
                          const guint8 *private_key, const guint8 *salt)
{
  static const char key_info[] = "Content-Encoding: aes128gcm";
  static const char nonce_info[] = "Content-Encoding: nonce";
  guint8 theirs[POINT], ours[POINT], secret[SALT], shared[SECRET], input[SECRET];
  guint8 key[16], nonce[12];
  g_autoptr (TlPushKey) their_key = NULL;
  g_autoptr (TlPushKey) our_key = NULL;
  gsize length = strlen (text);
  g_autofree guint8 *message = g_malloc (HEAD + length + 1 + TAG);

  if (length + 1 + TAG > RECORD || !tl_push_decode (p256dh, theirs, POINT) ||
      !tl_push_decode (auth, secret, SALT) || !tl_push_key_point (private_key, ours))
    return NULL;
  their_key = tl_push_key_new (theirs, NULL);
  our_key = tl_push_key_new (ours, private_key);
  if (!their_key || !our_key || !agree (our_key, their_key, shared) ||
      !derive_input (secret, shared, theirs, ours, input) ||
      !derive (salt, input, key_info, sizeof key_info, key, sizeof key) ||
      !derive (salt, input, nonce_info, sizeof nonce_info, nonce, sizeof nonce))
    return NULL;
  write_head (message, salt, ours);
  if (!seal (key, nonce, text, length, message + HEAD))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&message), HEAD + length + 1 + TAG);
}

GBytes *
tl_web_push_encrypt (const char *p256dh, const char *auth, const char *text)
{
  guint8 private_key[SECRET], salt[SALT];
  gboolean done = tl_push_key_make (private_key) && RAND_bytes (salt, SALT) == 1;

  return done ? tl_web_push_encrypt_with (p256dh, auth, text, private_key, salt) : NULL;
}

gboolean
tl_web_push_check_keys (const char *p256dh, const char *auth)
{
  guint8 point[POINT], secret[SALT];
  g_autoptr (TlPushKey) key = NULL;

  if (!tl_push_decode (p256dh, point, POINT) || !tl_push_decode (auth, secret, SALT))
    return FALSE;
  key = tl_push_key_new (point, NULL);
  return key != NULL;
}
