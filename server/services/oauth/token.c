/* token.c: POST /oauth/token and /oauth/revoke: codes and refresh tokens for tokens, and their end.
 *
 * A code is used before it is looked at, whatever comes of it: one that is tried with the wrong verifier, redirect or
 * client is spent. Used a second time, it ends the session of the first. Any worker thread. */
#include "server/jmap/hub.h"
#include "server/services/oauth/clients.h"
#include "server/services/oauth/form.h"
#include "server/services/oauth/oauth.h"
#include "server/services/oauth/signing-keys.h"
#include "server/services/user/sessions.h"
#include "sync/wire/field.h"

#include <sodium.h>
#include <string.h>

#define SQL "oauth/oauth.sql"
#define HASH_HEX (2 * crypto_generichash_BYTES + 1)
#define VERIFIER_MIN 43 /* RFC 7636, 4.1 */
#define VERIFIER_MAX 128
#define SHA256_BYTES 32
#define CHALLENGE_BYTES 44

static PGresult *
ask (TlRequest *request, const char *name, int n, const char *const *args, GError **error)
{
  g_autofree char *prepared = g_strconcat (SQL, ".", name, NULL);

  return tl_pg_query (request->pg, prepared, tl_sql (SQL, name), n, args, error);
}

static void
answer_tokens (TlRequest *request, PGresult *person, const char *client,
               const TlRefreshToken *token)
{
  TlSigningKeys *keys = tl_tokens_signing (request->server->tokens);
  gint64 account = g_ascii_strtoll (PQgetvalue (person, 0, 0), NULL, 10);
  g_autofree char *refresh = tl_refresh_token_format (token);
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *access = NULL;
  char session[TL_SESSION_TEXT];
  char id[TL_ID_MAX];

  tl_session_format (token->session, session);
  access = tl_signing_keys_make (keys, account, session, client, TL_ACCESS_SECONDS);
  if (access == NULL) {
    tl_oauth_unavailable (request, NULL);
    return;
  }
  json_object_set_string_member (object, "access_token", access);
  json_object_set_string_member (object, "token_type", "Bearer");
  json_object_set_int_member (object, "expires_in", TL_ACCESS_SECONDS);
  json_object_set_string_member (object, "refresh_token", refresh);
  json_object_set_string_member (object, "accountId", tl_id_format (account, id));
  json_object_set_string_member (object, "name", PQgetvalue (person, 0, 1));
  json_object_set_string_member (object, "login", PQgetvalue (person, 0, 2));
  tl_oauth_answer (request, 200, object);
}

/* --- a code ------------------------------------------------------------------------------------ */

/* Does `verifier` belong to the challenge that the code was asked for with? */
static gboolean
is_verified (const char *challenge, const char *verifier)
{
  gsize length = verifier ? strlen (verifier) : 0;
  guint8 hash[SHA256_BYTES];
  char text[CHALLENGE_BYTES];

  if (length < VERIFIER_MIN || length > VERIFIER_MAX)
    return FALSE;
  crypto_hash_sha256 (hash, (const guint8 *)verifier, length);
  sodium_bin2base64 (text, sizeof text, hash, sizeof hash,
                     sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return strlen (challenge) == strlen (text) && sodium_memcmp (text, challenge, strlen (text)) == 0;
}

static gboolean
is_for (PGresult *code, GHashTable *form, const char *client)
{
  const char *redirect = tl_oauth_field (form, "redirect_uri");

  return *PQgetvalue (code, 0, 4) == 't' && strcmp (PQgetvalue (code, 0, 1), client) == 0 &&
         g_strcmp0 (redirect, PQgetvalue (code, 0, 2)) == 0 &&
         is_verified (PQgetvalue (code, 0, 3), tl_oauth_field (form, "code_verifier"));
}

/* Uses the code of `hash`, in a transaction; the person whose session it begins. NULL without an error:
 * it is not good. */
static PGresult *
exchange (TlRequest *request, GHashTable *form, const char *client, const char *hash,
          TlRefreshToken *token, GError **error)
{
  const char *device = tl_oauth_field (form, "device");
  g_autoptr (PGresult) code = ask (request, "use-code", 1, &hash, error);
  g_autoptr (PGresult) person = NULL, kept = NULL;
  char session[TL_SESSION_TEXT];

  if (code == NULL)
    return NULL;
  if (PQntuples (code) == 0) {
    g_autoptr (PGresult) ended = ask (request, "end-by-code", 1, &hash, error);

    if (ended && PQntuples (ended) > 0)
      g_message ("A code was used twice: session %s of account %s is ended",
                 PQgetvalue (ended, 0, 0), PQgetvalue (ended, 0, 1));
    return NULL;
  }
  if (!is_for (code, form, client))
    return NULL;
  person = tl_session_open (request->pg, PQgetvalue (code, 0, 0), device ? device : client, client,
                            token, error);
  if (person == NULL)
    return NULL;
  tl_session_format (token->session, session);
  kept = ask (request, "code-session", 2, (const char *[]){ hash, session }, error);
  return kept ? g_steal_pointer (&person) : NULL;
}

static void
by_code (TlRequest *request, GHashTable *form, const char *client)
{
  const char *code = tl_oauth_field (form, "code");
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) person = NULL;
  guint8 hash[crypto_generichash_BYTES];
  char hex[HASH_HEX];
  TlRefreshToken token;

  if (code == NULL || tl_oauth_field (form, "redirect_uri") == NULL ||
      tl_oauth_field (form, "code_verifier") == NULL) {
    tl_oauth_refuse (request, "invalid_request",
                     "A code wants code, redirect_uri, client_id and code_verifier.");
    return;
  }
  crypto_generichash (hash, sizeof hash, (const guint8 *)code, strlen (code), NULL, 0);
  sodium_bin2hex (hex, sizeof hex, hash, sizeof hash);
  if (tl_pg_begin (request->pg, &error))
    person = exchange (request, form, client, hex, &token, &error);
  if (!error && !tl_pg_commit (request->pg, &error))
    g_clear_pointer (&person, PQclear);
  tl_pg_rollback (request->pg);
  if (error) {
    tl_oauth_unavailable (request, error);
  } else if (person) {
    answer_tokens (request, person, client, &token);
  } else {
    tl_hub_committed (request->server->hub);
    tl_oauth_refuse (request, "invalid_grant", "This code is not good, or not any more.");
  }
  sodium_memzero (&token, sizeof token);
}

/* --- a refresh token --------------------------------------------------------------------------- */

static void
by_refresh_token (TlRequest *request, GHashTable *form, const char *client)
{
  const char *text = tl_oauth_field (form, "refresh_token");
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) person = NULL;
  TlRefreshToken token;

  if (text == NULL) {
    tl_oauth_refuse (request, "invalid_request", "There is no refresh_token.");
    return;
  }
  if (tl_refresh_token_read (text, &token))
    person = tl_session_rotate (request->server->tokens, request->pg, client, &token, &error);
  if (person)
    answer_tokens (request, person, client, &token);
  else if (error)
    tl_oauth_unavailable (request, error);
  else
    tl_oauth_refuse (request, "invalid_grant", "This sign-in has ended. Sign in again.");
  sodium_memzero (&token, sizeof token);
}

/* The fields, and whose they are; answers and gives NULL when that is nobody. */
static GHashTable *
read_form (TlRequest *request, const char **client)
{
  g_autoptr (GHashTable) form = tl_oauth_form (request);

  *client = form ? tl_oauth_field (form, "client_id") : NULL;
  if (*client == NULL)
    tl_oauth_refuse (request, "invalid_request",
                     form ? "There is no client_id." : "A form is wanted that says nothing twice.");
  else if (request->pg == NULL)
    tl_oauth_unavailable (request, NULL);
  else
    return g_steal_pointer (&form);
  return NULL;
}

void
tl_oauth_token (TlRequest *request)
{
  const char *client, *grant;
  g_autoptr (GHashTable) form = read_form (request, &client);

  if (form == NULL)
    return;
  grant = tl_oauth_field (form, "grant_type");
  if (g_strcmp0 (grant, "authorization_code") == 0)
    by_code (request, form, client);
  else if (g_strcmp0 (grant, "refresh_token") == 0)
    by_refresh_token (request, form, client);
  else
    tl_oauth_refuse (request, "unsupported_grant_type",
                     "The grant_type is authorization_code or refresh_token.");
}

/* --- the end ----------------------------------------------------------------------------------- */

/* By an access token: the session that it is of. */
static gboolean
end_by_access (TlRequest *request, const char *text, const char *client, GError **error)
{
  TlSigningKeys *keys = tl_tokens_signing (request->server->tokens);
  guint8 session[TL_SESSION_BYTES];
  char id[TL_SESSION_TEXT];
  g_autoptr (PGresult) ended = NULL;

  if (tl_signing_keys_verify (keys, text, session) == 0)
    return TRUE;
  tl_session_format (session, id);
  ended = ask (request, "end-session", 2, (const char *[]){ id, client }, error);
  return ended != NULL;
}

/* A token that is no more, or never was, is fine (RFC 7009, 2.2). */
void
tl_oauth_revoke (TlRequest *request)
{
  const char *client;
  g_autoptr (GHashTable) form = read_form (request, &client);
  const char *text = form ? tl_oauth_field (form, "token") : NULL;
  g_autoptr (GError) error = NULL;
  TlRefreshToken token;
  gboolean done;

  if (form == NULL)
    return;
  if (text == NULL) {
    tl_oauth_refuse (request, "invalid_request", "There is no token.");
    return;
  }
  if (tl_refresh_token_read (text, &token))
    done = tl_session_end (request->pg, &token, &error);
  else
    done = end_by_access (request, text, client, &error);
  sodium_memzero (&token, sizeof token);
  if (!done) {
    tl_oauth_unavailable (request, error);
    return;
  }
  tl_hub_committed (request->server->hub);
  request->status = 200;
}
