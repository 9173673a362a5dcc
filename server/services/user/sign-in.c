/* sign-in.c: POST /auth/login, /auth/refresh, /auth/logout (docs/protocol.md).
 *
 * A refresh token is base64url of the session's UUID and a secret; only a hash of the secret is kept.
 * An unknown login costs as much time as a wrong password. Handlers: any worker thread. */
#include "server/jmap/hub.h"
#include "server/services/user/auth.h"
#include "server/services/user/rate.h"
#include "server/services/user/second-step.h"
#include "server/services/user/tokens.h"
#include "server/services/user/user.h"

#include <sodium.h>
#include <string.h>

#define SQL "user/user.sql"
#define ACCESS_SECONDS 600
#define REUSE_STEPS 10000 /* 60 days and more of refreshes */
#define LOGIN_MAX 64
#define PASSWORD_MAX 1024
#define DEVICE_MAX 200
#define HASH_HEX (2 * crypto_generichash_BYTES + 1)
#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING

typedef struct {
  guint8 session[TL_SESSION_BYTES];
  guint8 secret[TL_SECRET_BYTES];
} RefreshToken;

static const TlRefusal bad_credentials = { 401, "invalid_credentials",
                                           "The name or the password is wrong." };
static const TlRefusal bad_token = { 401, "invalid_token",
                                     "This sign-in has ended. Sign in again." };
static const TlRefusal too_often = { 429, "rate_limited",
                                     "Too many attempts to sign in. Wait a minute and try again." };
/* --- tokens ------------------------------------------------------------------------------------ */

static void
hash_secret (const guint8 *secret, char hex[HASH_HEX])
{
  guint8 hash[crypto_generichash_BYTES];

  crypto_generichash (hash, sizeof hash, secret, TL_SECRET_BYTES, NULL, 0);
  sodium_bin2hex (hex, HASH_HEX, hash, sizeof hash);
}

static gboolean
read_token (JsonObject *body, RefreshToken *token)
{
  const char *text = tl_auth_string (body, "refreshToken");
  gsize length;

  return text &&
         sodium_base642bin ((guint8 *)token, sizeof *token, text, strlen (text), NULL, &length,
                            NULL, BASE64) == 0 &&
         length == sizeof *token;
}

static void
answer_signed_in (TlRequest *request, gint64 account, const char *name, const RefreshToken *token)
{
  TlTokens *tokens = request->server->tokens;
  g_autofree char *access = tl_tokens_make (tokens, account, token->session, ACCESS_SECONDS);
  g_autoptr (JsonObject) object = json_object_new ();
  char refresh[sodium_base64_ENCODED_LEN (sizeof *token, BASE64)];
  char id[TL_ID_MAX];

  sodium_bin2base64 (refresh, sizeof refresh, (const guint8 *)token, sizeof *token, BASE64);
  json_object_set_string_member (object, "accountId", tl_id_format (account, id));
  json_object_set_string_member (object, "accessToken", access);
  json_object_set_int_member (object, "expiresIn", ACCESS_SECONDS);
  json_object_set_string_member (object, "refreshToken", refresh);
  json_object_set_string_member (object, "name", name);
  tl_auth_answer (request, 200, object);
}

/* --- login ------------------------------------------------------------------------------------- */

/* What a password is compared with when there is nobody to compare with. */
static const char *
dummy_hash (void)
{
  static char text[crypto_pwhash_STRBYTES];
  static gsize once;

  if (g_once_init_enter (&once)) {
    char password[TL_SECRET_BYTES];

    randombytes_buf (password, sizeof password);
    if (crypto_pwhash_str (text, password, sizeof password, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                           crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
      g_warning ("There is not enough memory to hash a password");
    g_once_init_leave (&once, 1);
  }
  return text;
}

/* The row of who signs in with `password`: account and name. NULL without an error: nobody. */
static PGresult *
find_person (TlPg *pg, const char *login, const char *password, GError **error)
{
  const char *args[] = { login };
  g_autoptr (PGresult) row =
      tl_pg_query (pg, "user.find-login", tl_sql (SQL, "find-login"), 1, args, error);
  gboolean known;
  const char *hash;

  if (row == NULL)
    return NULL;
  known = PQntuples (row) == 1;
  hash = known ? PQgetvalue (row, 0, 2) : dummy_hash ();
  if (crypto_pwhash_str_verify (hash, password, strlen (password)) != 0 || !known ||
      *PQgetvalue (row, 0, 3) == 't')
    return NULL;
  return g_steal_pointer (&row);
}

static gboolean
open_session (TlPg *pg, const char *account, const char *device, RefreshToken *token,
              GError **error)
{
  g_autofree char *name =
      g_utf8_substring (device, 0, MIN (g_utf8_strlen (device, -1), DEVICE_MAX));
  char uuid[TL_SESSION_TEXT];
  char hash[HASH_HEX];
  const char *args[] = { uuid, account, name, hash };

  randombytes_buf (token, sizeof *token);
  tl_session_format (token->session, uuid);
  hash_secret (token->secret, hash);
  return tl_pg_run (pg, "user.session-add", tl_sql (SQL, "session-add"), G_N_ELEMENTS (args), args,
                    error);
}

void
tl_sign_in_as (TlRequest *request, const char *account, const char *name, const char *device)
{
  g_autoptr (GError) error = NULL;
  RefreshToken token;

  if (open_session (request->pg, account, device, &token, &error))
    answer_signed_in (request, g_ascii_strtoll (account, NULL, 10), name, &token);
  else
    tl_auth_unavailable (request, error);
  sodium_memzero (&token, sizeof token);
}

static void
sign_in (TlRequest *request, const char *login, const char *password, const char *device)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) person = find_person (request->pg, login, password, &error);

  if (person && *PQgetvalue (person, 0, 4) == 't')
    tl_second_step_ask (request, g_ascii_strtoll (PQgetvalue (person, 0, 0), NULL, 10),
                        PQgetvalue (person, 0, 2));
  else if (person)
    tl_sign_in_as (request, PQgetvalue (person, 0, 0), PQgetvalue (person, 0, 1), device);
  else if (error)
    tl_auth_unavailable (request, error);
  else
    tl_auth_refuse (request, &bad_credentials);
}

/* Seconds until this may be tried: who tries one login often waits, and who tries many from one address. */
static guint
wait_for (TlRequest *request, const char *key)
{
  guint wait = tl_rate_take (request->server->sign_in_addresses, request->address);

  return wait ? wait : tl_rate_take (request->server->sign_ins, key);
}

void
tl_sign_in (TlRequest *request)
{
  g_autoptr (JsonObject) body = tl_auth_body (request);
  const char *login, *password, *device;
  g_autofree char *folded = NULL;
  g_autofree char *key = NULL;
  guint wait;

  if (body == NULL)
    return;
  login = tl_auth_string (body, "login");
  password = tl_auth_string (body, "password");
  device = tl_auth_string (body, "device");
  if (login == NULL || password == NULL || strlen (login) > LOGIN_MAX ||
      strlen (password) > PASSWORD_MAX) {
    tl_auth_refuse (request, &bad_credentials);
    return;
  }
  if (request->pg == NULL) {
    tl_auth_unavailable (request, NULL);
    return;
  }
  folded = g_utf8_casefold (login, -1);
  key = g_strconcat (request->address, " ", folded, NULL);
  wait = wait_for (request, key);
  if (wait) {
    g_autofree char *seconds = g_strdup_printf ("%u", wait);

    tl_request_set_header (request, "Retry-After", seconds);
    tl_auth_refuse (request, &too_often);
    return;
  }
  sign_in (request, login, password, device ? device : "");
  if (request->status != 401) {
    tl_rate_forgive (request->server->sign_ins, key);
    tl_rate_give_back (request->server->sign_in_addresses, request->address);
  }
}

/* --- refresh, logout --------------------------------------------------------------------------- */

static gboolean
is_hash (const char *kept, const char *shown)
{
  return strlen (kept) == strlen (shown) && sodium_memcmp (kept, shown, strlen (shown)) == 0;
}

/* Is the token in use one that follows from the one shown? Then it was shown a second time after the
 * next one was used: by whoever copied it, or by whom it was copied from. */
static gboolean
was_used_before (TlTokens *tokens, const RefreshToken *token, const char *kept)
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

/* Makes `token` the session's next one, in a transaction. The row of its person; NULL without an error: no such token.
 * The one shown stays good until the next was used. */
static PGresult *
rotate (TlTokens *tokens, TlPg *pg, RefreshToken *token, GError **error)
{
  char uuid[TL_SESSION_TEXT];
  char shown[HASH_HEX];
  char next[HASH_HEX];
  const char *args[] = { uuid, shown, next };
  g_autoptr (PGresult) row = NULL;

  tl_session_format (token->session, uuid);
  hash_secret (token->secret, shown);
  row = tl_pg_query (pg, "user.session-find", tl_sql (SQL, "session-find"), 1, args, error);
  if (row == NULL || PQntuples (row) == 0)
    return NULL;
  if (!is_hash (PQgetvalue (row, 0, 2), shown) && !is_hash (PQgetvalue (row, 0, 3), shown)) {
    if (was_used_before (tokens, token, PQgetvalue (row, 0, 2)) &&
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

void
tl_sign_in_refresh (TlRequest *request)
{
  g_autoptr (JsonObject) body = tl_auth_body (request);
  g_autoptr (PGresult) row = NULL;
  g_autoptr (GError) error = NULL;
  RefreshToken token;

  if (body == NULL)
    return;
  if (request->pg == NULL) {
    tl_auth_unavailable (request, NULL);
    return;
  }
  if (!read_token (body, &token)) {
    tl_auth_refuse (request, &bad_token);
    return;
  }
  if (tl_pg_begin (request->pg, &error))
    row = rotate (request->server->tokens, request->pg, &token, &error);
  if (row && !tl_pg_commit (request->pg, &error))
    g_clear_pointer (&row, PQclear);
  tl_pg_rollback (request->pg);
  if (row)
    answer_signed_in (request, g_ascii_strtoll (PQgetvalue (row, 0, 0), NULL, 10),
                      PQgetvalue (row, 0, 1), &token);
  else if (error)
    tl_auth_unavailable (request, error);
  else
    tl_auth_refuse (request, &bad_token);
  sodium_memzero (&token, sizeof token);
}

/* Signing out twice, or with a token that is no more, is fine too. */
void
tl_sign_out (TlRequest *request)
{
  g_autoptr (JsonObject) body = tl_auth_body (request);
  g_autoptr (GError) error = NULL;
  char uuid[TL_SESSION_TEXT];
  char hash[HASH_HEX];
  const char *args[] = { uuid, hash };
  RefreshToken token;

  if (body == NULL)
    return;
  if (read_token (body, &token)) {
    tl_session_format (token.session, uuid);
    hash_secret (token.secret, hash);
    if (request->pg == NULL || !tl_pg_run (request->pg, "user.session-end",
                                           tl_sql (SQL, "session-end"), 2, args, &error)) {
      tl_auth_unavailable (request, error);
      return;
    }
    tl_hub_committed (request->server->hub);
  }
  request->status = 204;
}

void
tl_sign_in_server (TlRequest *request)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *server = json_object_new ();

  json_object_set_string_member (server, "tideline", request->server->config->name);
  json_object_set_string_member (server, "registration", request->server->config->registration);
  json_node_take_object (node, server);
  tl_request_answer_json (request, 200, json_to_string (node, FALSE));
}
