/* push-key.h: keys on the curve P-256 as web push has them: numbers of 32 bytes, points of 65, base64url around. Any
 * thread. */
#pragma once

#include <glib.h>
#include <openssl/evp.h>

#define TL_POINT_BYTES 65 /* uncompressed */
#define TL_NUMBER_BYTES 32

typedef EVP_PKEY TlPushKey;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlPushKey, EVP_PKEY_free)

/* Exactly `length` bytes of base64url; FALSE for anything else. */
gboolean tl_push_decode (const char *text, guint8 *bytes, gsize length);
char *tl_push_encode (gconstpointer bytes, gsize length);
/* The other side's key from its point, or our own with its private number, too. NULL for what is not on the curve. */
TlPushKey *tl_push_key_new (const guint8 *point, const guint8 *private_key);
/* The point that belongs to a private number. */
gboolean tl_push_key_point (const guint8 *private_key, guint8 *point);
gboolean tl_push_key_make (guint8 *private_key);
