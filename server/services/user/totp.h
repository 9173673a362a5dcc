/* totp.h: codes of the time (RFC 6238, over HOTP, RFC 4226): SHA-1, steps of 30 seconds, six digits, as the authenticator
 * apps take for granted. Pure; any thread. */
#pragma once

#include <glib.h>

#define TL_TOTP_BYTES 20 /* of a secret */
#define TL_TOTP_DIGITS 6
#define TL_TOTP_SECONDS 30

/* The code of a step, `digits` (at most 8) of them. */
char *tl_totp_code (const guint8 *secret, gsize length, guint64 step, guint digits);
gint64 tl_totp_step (gint64 seconds);
/* Which step `code` is of: that of `now` or one either side, later than `last`; -1 for none. */
gint64 tl_totp_match (const guint8 *secret, gsize length, const char *code, gint64 now,
                      gint64 last);

/* Base32 (RFC 4648), without padding. */
char *tl_totp_base32 (const guint8 *secret, gsize length);
/* What an authenticator app scans. */
char *tl_totp_uri (const char *issuer, const char *login, const char *base32);
