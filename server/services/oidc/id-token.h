/* id-token.h: what an external provider says of who signed in there (OpenID Connect Core 1.0, 3.1.3.7). Which algorithm,
 * which issuer and whom it is for, we say; the token's head chooses among the issuer's keys and nothing else. Any
 * thread. */
#pragma once

#include "server/services/oauth/jwt.h"

typedef struct {
  const char *issuer, *client, *algorithm; /* "RS256", "ES256" or "EdDSA" */
  const char *nonce;
  gint64 now; /* seconds since 1970 */
} TlIdTokenRules;

gboolean tl_id_token_is_algorithm (const char *text);
/* `keys`: a key set (RFC 7517). G_IO_ERROR_NOT_FOUND: it is by no key of these, but may be by a newer one; for all else
 * G_IO_ERROR_PERMISSION_DENIED. Errors say nothing of the token's contents. */
gboolean tl_id_token_check (const TlJwt *token, JsonObject *keys, const TlIdTokenRules *rules,
                            GError **error);
