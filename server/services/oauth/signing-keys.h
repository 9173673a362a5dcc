/* signing-keys.h: the server's keys for access tokens that are JWTs (RFC 9068), which others may verify, too, by
 * /oauth/jwks.json. They lie in the database, the private half sealed; each process keeps those that count in memory, so
 * that verifying asks nobody. Any thread. */
#pragma once

#include "server/stores/pg.h"

#include <json-glib/json-glib.h>

#define TL_SIGNING_SEAL_BYTES 32

typedef struct _TlSigningKeys TlSigningKeys;

/* `seal`: what the private halves are sealed with. There are none before the first load. */
TlSigningKeys *tl_signing_keys_new (const guint8 seal[TL_SIGNING_SEAL_BYTES]);
void tl_signing_keys_free (TlSigningKeys *self);
/* Who signs, as the tokens say; once. */
void tl_signing_keys_set_issuer (TlSigningKeys *self, const char *issuer);
const char *tl_signing_keys_issuer (TlSigningKeys *self);
/* Reads the keys anew, and makes one when the newest is too old, over, or sealed by another secret. Within a minute of
 * every change: a new key is not used sooner. */
gboolean tl_signing_keys_load (TlSigningKeys *self, TlPg *pg, GError **error);

/* A token of `account` in the session (a UUID as text), good for `seconds`; NULL when there is no key (yet). */
char *tl_signing_keys_make (TlSigningKeys *self, gint64 account, const char *session,
                            const char *client, guint seconds);
/* The account; 0 when it is not ours, for something else, or ran out. `session`: 16 bytes. */
gint64 tl_signing_keys_verify (TlSigningKeys *self, const char *text, guint8 *session);
/* As RFC 7517 has it. */
JsonNode *tl_signing_keys_public (TlSigningKeys *self);
