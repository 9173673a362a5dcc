/* oauth.h: signing in by a browser: OAuth 2.0 (RFC 6749) with PKCE (RFC 7636), as RFC 8252 and RFC 9700 would have it:
 * codes alone, public clients alone. Any worker thread. */
#pragma once

#include "server/edge/http.h"

/* GET /.well-known/oauth-authorization-server (RFC 8414), /oauth/jwks.json (RFC 7517). */
void tl_oauth_about (TlRequest *request);
void tl_oauth_keys (TlRequest *request);
/* GET /oauth/authorize: the page; POST (slow: argon2id): what was filled in. */
void tl_oauth_authorize (TlRequest *request);
void tl_oauth_sign_in (TlRequest *request);
/* POST /oauth/token, /oauth/revoke (RFC 7009). */
void tl_oauth_token (TlRequest *request);
void tl_oauth_revoke (TlRequest *request);
