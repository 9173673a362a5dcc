/* provider.h: the external provider, as its discovery document tells of it: asked for once and then kept for an hour, its
 * keys too, and those again (once a minute at most) when a token is by one that is not known. Any thread; blocks. */
#pragma once

#include "server/edge/config.h"

#include <json-glib/json-glib.h>

typedef struct _TlOidcProvider TlOidcProvider;

/* NULL when none is configured. `config` is borrowed. */
TlOidcProvider *tl_oidc_provider_new (const TlConfig *config);
void tl_oidc_provider_free (TlOidcProvider *self);

/* Where people sign in; free. Errors are sentences for the log. */
char *tl_oidc_provider_page (TlOidcProvider *self, GError **error);
/* The claims of who signed in, for the code that the provider sent them back with. */
JsonObject *tl_oidc_provider_redeem (TlOidcProvider *self, const char *code, const char *redirect,
                                     const char *verifier, const char *nonce, GError **error);
