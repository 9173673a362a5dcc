/* clients.h: the programs that may have people sign in by a browser, and where each may have them sent afterwards. Any
 * thread, on its connection. */
#pragma once

#include "server/stores/pg.h"

#define TL_OAUTH_APP "tideline" /* the app, which every server knows */

typedef struct {
  char *id;
  char *name;
  char **redirects;
} TlOauthClient;

/* NULL without an error: there is none. */
TlOauthClient *tl_oauth_client_find (TlPg *pg, const char *id, GError **error);
void tl_oauth_client_free (TlOauthClient *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlOauthClient, tl_oauth_client_free)

/* To the letter, but for the port on the loopback (RFC 8252, 7.3). */
gboolean tl_oauth_client_takes (const TlOauthClient *self, const char *redirect);
/* May a client be sent there at all? https, http on 127.0.0.1 or [::1], or a scheme of its own with a dot in it. */
gboolean tl_oauth_redirect_is_fit (const char *redirect);
/* The source that a form which ends there needs (CSP); free. */
char *tl_oauth_redirect_source (const char *redirect);
