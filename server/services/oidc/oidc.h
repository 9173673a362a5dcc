/* oidc.h: signing in at an external provider, on the way of /oauth/authorize (OpenID Connect Core 1.0). Any worker thread. */
#pragma once

#include "server/edge/http.h"

/* GET /oidc/start (slow: asks the provider): leaves for there; GET /oidc/callback (slow): comes back. */
void tl_oidc_start (TlRequest *request);
void tl_oidc_callback (TlRequest *request);
