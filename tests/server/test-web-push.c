/* The examples of RFC 8291, section 5, byte by byte, and of RFC 8292, section 2.4. */
#include "server/jmap/push-key.h"
#include "server/jmap/vapid.h"
#include "server/jmap/web-push.h"

#include <openssl/ec.h>
#include <string.h>

#define P256DH                                                                                     \
  "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
#define AUTH "BTBZMqHH6r4Tts7J_aSIgg"

static guint8 *
bytes (const char *base64)
{
  gsize length;

  return g_base64_decode (base64, &length);
}

static void
test_example (void)
{
  g_autofree guint8 *private_key = bytes ("yfWPiYE+n46HLnH0KqZOF1fJJU3MYrct3AELtAQ+oRw=");
  g_autofree guint8 *salt = bytes ("DGv6ra1nlYgDCS1FRnbzlw==");
  g_autoptr (GBytes) message = tl_web_push_encrypt_with (
      P256DH, AUTH, "When I grow up, I want to be a watermelon", private_key, salt);
  gsize length;
  const guint8 *data = g_bytes_get_data (message, &length);
  g_autofree char *base64 = g_base64_encode (data, length);

  g_assert_cmpstr (base64, ==,
                   "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI/"
                   "c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A/"
                   "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj/"
                   "Qulcy4a+fN");
}

static void
test_fresh (void)
{
  g_autoptr (GBytes) one = tl_web_push_encrypt (P256DH, AUTH, "x");
  g_autoptr (GBytes) other = tl_web_push_encrypt (P256DH "=", AUTH "==", "x");

  g_assert_cmpuint (g_bytes_get_size (one), ==, 86 + 1 + 1 + 16);
  g_assert_false (g_bytes_equal (one, other));
}

static void
test_wrong_keys (void)
{
  g_autofree char *off_curve = g_strdup (P256DH);

  off_curve[40] = off_curve[40] == 'A' ? 'B' : 'A';
  g_assert_true (tl_web_push_check_keys (P256DH, AUTH));
  g_assert_false (tl_web_push_check_keys (off_curve, AUTH));
  g_assert_false (tl_web_push_check_keys (P256DH, "short"));
  g_assert_false (tl_web_push_check_keys ("", AUTH));
  g_assert_null (tl_web_push_encrypt (off_curve, AUTH, "x"));
}

/* --- who pushes (RFC 8292) --------------------------------------------------------------------- */

#define SAID                                                                                       \
  "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0"  \
  "NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0"
#define SIGNATURE                                                                                  \
  "i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA"
#define SIGNER                                                                                     \
  "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"

static gboolean
is_signed (const char *text, const char *signature, const char *signer)
{
  guint8 flat[64], point[65], *der = NULL;
  ECDSA_SIG *parts = ECDSA_SIG_new ();
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  TlPushKey *key;
  gboolean done;
  int length;

  g_assert_true (tl_push_decode (signature, flat, sizeof flat));
  g_assert_true (tl_push_decode (signer, point, sizeof point));
  key = tl_push_key_new (point, NULL);
  ECDSA_SIG_set0 (parts, BN_bin2bn (flat, 32, NULL), BN_bin2bn (flat + 32, 32, NULL));
  length = i2d_ECDSA_SIG (parts, &der);
  done = EVP_DigestVerifyInit (context, NULL, EVP_sha256 (), NULL, key) == 1 &&
         EVP_DigestVerify (context, der, (size_t)length, (const guint8 *)text, strlen (text)) == 1;
  OPENSSL_free (der);
  ECDSA_SIG_free (parts);
  EVP_MD_CTX_free (context);
  EVP_PKEY_free (key);
  return done;
}

static void
test_signer (void)
{
  guint8 key[TL_NUMBER_BYTES], point[TL_POINT_BYTES];
  g_autofree char *header = NULL, *own = NULL, *said = NULL, *signature = NULL, *bare = NULL;
  const char *dot;

  g_assert_true (is_signed (SAID, SIGNATURE, SIGNER));
  g_assert_true (tl_push_key_make (key) && tl_push_key_point (key, point));
  own = tl_push_encode (point, sizeof point);
  header =
      tl_vapid_header_with (key, "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
                            "mailto:push@example.com", 1453523768);
  g_assert_true (g_str_has_prefix (header, "vapid t=" SAID "."));
  g_assert_true (g_str_has_suffix (header, own));
  dot = header + strlen ("vapid t=" SAID ".");
  signature = g_strndup (dot, strcspn (dot, ","));
  g_assert_true (is_signed (SAID, signature, own));
  g_assert_false (is_signed (SAID, SIGNATURE, own));
  g_assert_false (is_signed (SAID "x", signature, own));
  bare = tl_vapid_header_with (key, "https://push.example.net:8443?x", NULL, 1);
  said = tl_push_encode ("{\"aud\":\"https://push.example.net:8443\",\"exp\":1}", 47);
  g_assert_nonnull (strstr (bare, said));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web-push/the-example-of-the-rfc", test_example);
  g_test_add_func ("/web-push/keys-are-fresh", test_fresh);
  g_test_add_func ("/web-push/keys-that-are-none", test_wrong_keys);
  g_test_add_func ("/web-push/says-who-pushes-as-the-example-does", test_signer);
  return g_test_run ();
}
