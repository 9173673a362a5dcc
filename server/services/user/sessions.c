/* sessions.c: see the header. Only a hash of a token's secret is kept. */
#include "server/services/user/sessions.h"

#include <sodium.h>
#include <string.h>

#define SQL "user/user.sql"
#define REUSE_STEPS 10000 /* 60 days and more of refreshes */
#define DEVICE_MAX 200
#define HASH_HEX (2 * crypto_generichash_BYTES + 1)
#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING

static void
hash_secret (const guint8 *secret, char hex[HASH_HEX])
{
  guint8 hash[crypto_generichash_BYTES];

  crypto_generichash (hash, sizeof hash, secret, TL_SECRET_BYTES, NULL, 0);
  sodium_bin2hex (hex, HASH_HEX, hash, sizeof hash);
}

char *
tl_refresh_token_format (const TlRefreshToken *token)
{
  gsize size = sodium_base64_ENCODED_LEN (sizeof *token, BASE64);

  return sodium_bin2base64 (g_malloc (size), size, (const guint8 *)token, sizeof *token, BASE64);
}

gboolean
tl_refresh_token_read (const char *text, TlRefreshToken *token)
{
  gsize length;

  return text &&
         sodium_base642bin ((guint8 *)token, sizeof *token, text, strlen (text), NULL, &length,
                            NULL, BASE64) == 0 &&
         length == sizeof *token;
}

PGresult *
tl_session_open (TlPg *pg, const char *account, const char *device, const char *client,
                 TlRefreshToken *token, GError **error)
{
  g_autofree char *name =
      g_utf8_substring (device, 0, MIN (g_utf8_strlen (device, -1), DEVICE_MAX));
  char uuid[TL_SESSION_TEXT];
  char hash[HASH_HEX];
  const char *args[] = { uuid, account, name, hash, client };

  randombytes_buf (token, sizeof *token);
  tl_session_format (token->session, uuid);
  hash_secret (token->secret, hash);
  return tl_pg_query (pg, "user.session-add", tl_sql (SQL, "session-add"), G_N_ELEMENTS (args),
                      args, error);
}

static gboolean
is_hash (const char *kept, const char *shown)
{
  return strlen (kept) == strlen (shown) && sodium_memcmp (kept, shown, strlen (shown)) == 0;
}

/* Is the token in use one that follows from the one shown? Then it was shown a second time after the
 * next one was used: by whoever copied it, or by whom it was copied from. */
static gboolean
was_used_before (TlTokens *tokens, const TlRefreshToken *token, const char *kept)
{
  guint8 secret[TL_SECRET_BYTES];
  char hash[HASH_HEX];
  gboolean found = FALSE;

  memcpy (secret, token->secret, sizeof secret);
  for (guint i = 0; i < REUSE_STEPS && !found; i++) {
    tl_tokens_next_secret (tokens, token->session, secret, secret);
    hash_secret (secret, hash);
    found = is_hash (kept, hash);
  }
  sodium_memzero (secret, sizeof secret);
  return found;
}

/* Within a transaction, which ends when the token was copied. */
static PGresult *
rotate (TlTokens *tokens, TlPg *pg, const char *client, TlRefreshToken *token, GError **error)
{
  char uuid[TL_SESSION_TEXT];
  char shown[HASH_HEX];
  char next[HASH_HEX];
  const char *args[] = { uuid, shown, next };
  g_autoptr (PGresult) row = NULL;

  tl_session_format (token->session, uuid);
  hash_secret (token->secret, shown);
  row = tl_pg_query (pg, "user.session-find", tl_sql (SQL, "session-find"), 1, args, error);
  if (row == NULL || PQntuples (row) == 0 ||
      (client && strcmp (PQgetvalue (row, 0, 5), client) != 0))
    return NULL;
  if (!is_hash (PQgetvalue (row, 0, 3), shown) && !is_hash (PQgetvalue (row, 0, 4), shown)) {
    if (was_used_before (tokens, token, PQgetvalue (row, 0, 3)) &&
        tl_pg_run (pg, "user.session-stolen", tl_sql (SQL, "session-stolen"), 1, args, error) &&
        tl_pg_commit (pg, error))
      g_message ("A refresh token was shown again after its successor was used: session %s of "
                 "account %s is ended",
                 uuid, PQgetvalue (row, 0, 0));
    return NULL;
  }
  tl_tokens_next_secret (tokens, token->session, token->secret, token->secret);
  hash_secret (token->secret, next);
  if (!tl_pg_run (pg, "user.session-rotate", tl_sql (SQL, "session-rotate"), G_N_ELEMENTS (args),
                  args, error))
    return NULL;
  return g_steal_pointer (&row);
}

PGresult *
tl_session_rotate (TlTokens *tokens, TlPg *pg, const char *client, TlRefreshToken *token,
                   GError **error)
{
  PGresult *row = NULL;

  if (tl_pg_begin (pg, error))
    row = rotate (tokens, pg, client, token, error);
  if (row && !tl_pg_commit (pg, error))
    g_clear_pointer (&row, PQclear);
  tl_pg_rollback (pg);
  return row;
}

gboolean
tl_session_end (TlPg *pg, const TlRefreshToken *token, GError **error)
{
  char uuid[TL_SESSION_TEXT];
  char hash[HASH_HEX];
  const char *args[] = { uuid, hash };

  tl_session_format (token->session, uuid);
  hash_secret (token->secret, hash);
  return tl_pg_run (pg, "user.session-end", tl_sql (SQL, "session-end"), 2, args, error);
}
