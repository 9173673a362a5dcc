/* totp.c: the arithmetic of RFC 6238. Codes are compared in a time that tells nothing, and each of the three steps is
 * looked at whichever matches. */
#include "server/services/user/totp.h"

#include <sodium.h>
#include <string.h>

#define SHA1_BYTES 20

static guint32
truncate_hmac (const guint8 mac[SHA1_BYTES])
{
  const guint8 *at = mac + (mac[SHA1_BYTES - 1] & 0xf);

  return (guint32)(at[0] & 0x7f) << 24 | (guint32)at[1] << 16 | (guint32)at[2] << 8 | at[3];
}

char *
tl_totp_code (const guint8 *secret, gsize length, guint64 step, guint digits)
{
  GHmac *hmac = g_hmac_new (G_CHECKSUM_SHA1, secret, length);
  guint64 counter = GUINT64_TO_BE (step);
  guint8 mac[SHA1_BYTES];
  gsize size = sizeof mac;
  guint32 modulus = 1;

  g_hmac_update (hmac, (const guint8 *)&counter, sizeof counter);
  g_hmac_get_digest (hmac, mac, &size);
  g_hmac_unref (hmac);
  for (guint i = 0; i < digits; i++)
    modulus *= 10;
  return g_strdup_printf ("%0*u", (int)digits, truncate_hmac (mac) % modulus);
}

gint64
tl_totp_step (gint64 seconds)
{
  return seconds / TL_TOTP_SECONDS;
}

gint64
tl_totp_match (const guint8 *secret, gsize length, const char *code, gint64 now, gint64 last)
{
  gint64 found = -1;

  if (strlen (code) != TL_TOTP_DIGITS)
    return -1;
  for (gint64 step = tl_totp_step (now) - 1; step <= tl_totp_step (now) + 1; step++) {
    g_autofree char *right = tl_totp_code (secret, length, (guint64)step, TL_TOTP_DIGITS);

    if (sodium_memcmp (right, code, TL_TOTP_DIGITS) == 0 && step > last)
      found = step;
  }
  return found;
}

char *
tl_totp_base32 (const guint8 *secret, gsize length)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  GString *text = g_string_new (NULL);
  guint32 bits = 0;
  guint n = 0;

  for (gsize i = 0; i < length; i++) {
    bits = bits << 8 | secret[i];
    for (n += 8; n >= 5; n -= 5)
      g_string_append_c (text, letters[bits >> (n - 5) & 31]);
    bits &= (1u << n) - 1;
  }
  if (n)
    g_string_append_c (text, letters[bits << (5 - n) & 31]);
  return g_string_free_and_steal (text);
}

char *
tl_totp_uri (const char *issuer, const char *login, const char *base32)
{
  g_autofree char *whose = g_uri_escape_string (issuer, NULL, FALSE);
  g_autofree char *who = g_uri_escape_string (login, NULL, FALSE);

  return g_strdup_printf ("otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=%d&"
                          "period=%d",
                          whose, who, base32, whose, TL_TOTP_DIGITS, TL_TOTP_SECONDS);
}
