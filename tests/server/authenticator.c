/* authenticator.c: see the header. */
#include "tests/server/authenticator.h"

#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

void
authenticator_read (const char *base32, guint8 secret[TL_TOTP_BYTES])
{
  guint bits = 0, n = 0, at = 0;

  for (const char *p = base32; *p; p++) {
    bits = bits << 5 | (guint)(strchr (LETTERS, *p) - LETTERS);
    n += 5;
    if (n >= 8)
      secret[at++] = (guint8)(bits >> (n -= 8));
  }
  g_assert_cmpuint (at, ==, TL_TOTP_BYTES);
}

char *
authenticator_code (const char *base32)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  guint8 secret[TL_TOTP_BYTES];

  authenticator_read (base32, secret);
  return tl_totp_code (secret, sizeof secret, (guint64)tl_totp_step (now), TL_TOTP_DIGITS);
}
