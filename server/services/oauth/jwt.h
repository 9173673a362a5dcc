/* jwt.h: JSON Web Tokens (RFC 7519) in their compact form (RFC 7515): taken apart and made. What a token's head says of
 * itself decides nothing here: whoever asks says which algorithm and which key it must be. Any thread. */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#define TL_JWT_MAX 8192 /* bytes of a token */
#define TL_JWT_SEED_BYTES 32
#define TL_JWT_PUBLIC_BYTES 32
#define TL_JWT_PRIVATE_BYTES 64

typedef struct {
  JsonObject *head;
  JsonObject *claims;
  GBytes *signature;
  char *is_signed; /* the text that the signature is about */
} TlJwt;

/* NULL for what is no such token, is longer than TL_JWT_MAX, or wants what is not understood (`crit`). Nothing is
 * verified. */
TlJwt *tl_jwt_parse (const char *text);
void tl_jwt_free (TlJwt *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlJwt, tl_jwt_free)

/* Of this algorithm and type, and signed by the private half of `key`? */
gboolean tl_jwt_is_by (const TlJwt *self, const char *type, const guint8 key[TL_JWT_PUBLIC_BYTES]);
/* EdDSA with Ed25519 (RFC 8037). */
char *tl_jwt_make (const char *type, const char *kid, JsonObject *claims,
                   const guint8 key[TL_JWT_PRIVATE_BYTES]);

/* A string or a whole number of the head or the claims; NULL, FALSE when it is none. */
const char *tl_jwt_string (JsonObject *object, const char *name);
gboolean tl_jwt_number (JsonObject *object, const char *name, gint64 *number);

/* base64url without padding. */
char *tl_jwt_encode (gconstpointer bytes, gsize length);
