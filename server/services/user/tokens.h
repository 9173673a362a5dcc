/* tokens.h: access tokens, signed, so that a request needs no session look-up, and the chain of a
 * session's refresh tokens. Any thread. */
#pragma once

#include "server/server.h"

typedef struct _TlSigningKeys TlSigningKeys; /* server/services/oauth/signing-keys.h */

#define TL_SESSION_BYTES 16 /* a session's UUID */
#define TL_SESSION_TEXT 37  /* that UUID in words, and a NUL */
#define TL_SECRET_BYTES 32

/* The 32 bytes that sign lie in `secret_file`; made, readable by its owner only, when missing. */
TlTokens *tl_tokens_new (const char *secret_file, GError **error);
void tl_tokens_free (TlTokens *self);

/* An access token of `account`, good for `seconds`. */
char *tl_tokens_make (TlTokens *self, gint64 account, const guint8 *session, guint seconds);
/* The account whose token an Authorization header's value carries; 0 when there is none, it is not
 * ours, or it ran out. */
gint64 tl_tokens_account (TlTokens *self, const char *authorization_header);

/* The same, and the session that it was made for. */
gint64 tl_tokens_session (TlTokens *self, const char *authorization_header,
                          guint8 session[TL_SESSION_BYTES]);

/* The keys of access tokens that are JWTs. */
TlSigningKeys *tl_tokens_signing (TlTokens *self);

/* A token with `text` in it, which anybody may read and nobody can make or change, good for `purpose` alone. */
char *tl_tokens_seal (TlTokens *self, const char *purpose, const char *text);
/* The text; NULL when it is none of ours, or for something else. */
char *tl_tokens_unseal (TlTokens *self, const char *purpose, const char *token);

/* Tokens of these sessions (a set of UUIDs as text, taken) are refused from now on, others no more. */
void tl_tokens_refuse (TlTokens *self, GHashTable *sessions);

/* The refresh secret that follows `secret`: always the same one, so that a refresh whose reply was
 * lost is answered again alike. */
void tl_tokens_next_secret (TlTokens *self, const guint8 *session, const guint8 *secret,
                            guint8 *next);

void tl_session_format (const guint8 session[TL_SESSION_BYTES], char text[TL_SESSION_TEXT]);
