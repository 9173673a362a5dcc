/* The example of RFC 8291, section 5, byte by byte. */
#include "server/jmap/web-push.h"

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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web-push/the-example-of-the-rfc", test_example);
  g_test_add_func ("/web-push/keys-are-fresh", test_fresh);
  g_test_add_func ("/web-push/keys-that-are-none", test_wrong_keys);
  return g_test_run ();
}
