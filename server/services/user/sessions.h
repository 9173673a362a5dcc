/* sessions.h: where somebody is signed in, and the refresh tokens that keep it so: base64url of the session's UUID and a
 * secret. Any thread, on its connection. */
#pragma once

#include "server/services/user/tokens.h"
#include "server/stores/pg.h"

#define TL_ACCESS_SECONDS 600 /* how long an access token is good */

typedef struct {
  guint8 session[TL_SESSION_BYTES];
  guint8 secret[TL_SECRET_BYTES];
} TlRefreshToken;

/* Of its person: account, name, login. `client`: the program that it is for (server/services/oauth/clients.h), NULL for the
 * app's own way of signing in. */
PGresult *tl_session_open (TlPg *pg, const char *account, const char *device, const char *client,
                           TlRefreshToken *token, GError **error);
/* Makes `token` the session's next one, in a transaction of its own. The same of its person; NULL without an error: there is no such token, or it is another program's (`client` NULL: any will do). The one shown stays good until the
 * next was used; shown again after that, it was copied, and the session ends. */
PGresult *tl_session_rotate (TlTokens *tokens, TlPg *pg, const char *client, TlRefreshToken *token,
                             GError **error);
/* One that is no more is fine. */
gboolean tl_session_end (TlPg *pg, const TlRefreshToken *token, GError **error);

char *tl_refresh_token_format (const TlRefreshToken *token);
gboolean tl_refresh_token_read (const char *text, TlRefreshToken *token);
