/* sign-in.c: POST /auth/login, /auth/refresh, /auth/logout (docs/protocol.md).
 *
 * An unknown login costs as much time as a wrong password. Handlers: any worker thread. */
#include "server/services/user/sign-in.h"
#include "server/jmap/hub.h"
#include "server/services/user/auth.h"
#include "server/services/user/rate.h"
#include "server/services/user/second-step.h"
#include "server/services/user/sessions.h"
#include "server/services/user/user.h"
#include "server/stores/counts.h"

#include <sodium.h>
#include <string.h>

#define SQL "user/user.sql"
#define LOGIN_MAX 64
#define PASSWORD_MAX 1024
#define KNOWN_SECONDS (30 * 24 * 3600)

static const TlRefusal bad_credentials = { 401, "invalid_credentials",
                                           "The name or the password is wrong." };
static const TlRefusal bad_token = { 401, "invalid_token",
                                     "This sign-in has ended. Sign in again." };
static const TlRefusal too_often = { 429, "rate_limited",
                                     "Too many attempts to sign in. Wait a minute and try again." };
static void
answer_signed_in (TlRequest *request, PGresult *person, const TlRefreshToken *token)
{
  gint64 account = g_ascii_strtoll (PQgetvalue (person, 0, 0), NULL, 10);
  TlTokens *tokens = request->server->tokens;
  g_autofree char *access = tl_tokens_make (tokens, account, token->session, TL_ACCESS_SECONDS);
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *refresh = tl_refresh_token_format (token);
  char id[TL_ID_MAX];

  json_object_set_string_member (object, "accountId", tl_id_format (account, id));
  json_object_set_string_member (object, "accessToken", access);
  json_object_set_int_member (object, "expiresIn", TL_ACCESS_SECONDS);
  json_object_set_string_member (object, "refreshToken", refresh);
  json_object_set_string_member (object, "name", PQgetvalue (person, 0, 1));
  json_object_set_string_member (object, "login", PQgetvalue (person, 0, 2));
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

PGresult *
tl_sign_in_find (TlPg *pg, const char *login, const char *password, GError **error)
{
  const char *args[] = { login };
  g_autoptr (PGresult) row = NULL;
  gboolean known;
  const char *hash;

  if (strlen (login) > LOGIN_MAX || strlen (password) > PASSWORD_MAX)
    return NULL;
  row = tl_pg_query (pg, "user.find-login", tl_sql (SQL, "find-login"), 1, args, error);
  if (row == NULL)
    return NULL;
  known = PQntuples (row) == 1;
  hash = known ? PQgetvalue (row, 0, 2) : dummy_hash ();
  if (crypto_pwhash_str_verify (hash, password, strlen (password)) != 0 || !known ||
      *PQgetvalue (row, 0, 3) == 't')
    return NULL;
  return g_steal_pointer (&row);
}

void
tl_sign_in_as (TlRequest *request, const char *account, const char *device)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) person = NULL;
  TlRefreshToken token;

  person = tl_session_open (request->pg, account, device, NULL, &token, &error);
  if (person)
    answer_signed_in (request, person, &token);
  else
    tl_auth_unavailable (request, error);
  sodium_memzero (&token, sizeof token);
}

static void
sign_in (TlRequest *request, const char *login, const char *password, const char *device)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) person = tl_sign_in_find (request->pg, login, password, &error);

  if (person && *PQgetvalue (person, 0, 4) == 't')
    tl_second_step_ask (request, g_ascii_strtoll (PQgetvalue (person, 0, 0), NULL, 10),
                        PQgetvalue (person, 0, 2));
  else if (person)
    tl_sign_in_as (request, PQgetvalue (person, 0, 0), device);
  else if (error)
    tl_auth_unavailable (request, error);
  else
    tl_auth_refuse (request, &bad_credentials);
}

/* Of who tries it from where. */
static char *
key_of (TlRequest *request, const char *folded)
{
  return g_strconcat (request->address, " ", folded, NULL);
}

/* Who guesses from everywhere at once is stopped, and who signed in from here lately is not stopped by them. */
static guint
wait_for_login (TlRequest *request, const char *folded)
{
  g_autofree char *known = g_strconcat ("known ", request->address, " ", folded, NULL);

  return tl_counts_knows (request->server->counts, known)
             ? 0
             : tl_rate_take (request->server->sign_in_logins, folded);
}

guint
tl_sign_in_wait (TlRequest *request, const char *login)
{
  g_autofree char *folded = g_utf8_casefold (login, -1), *key = key_of (request, folded);
  guint wait = tl_rate_take (request->server->sign_in_addresses, request->address);

  wait = wait ? wait : tl_rate_take (request->server->sign_ins, key);
  return wait ? wait : wait_for_login (request, folded);
}

void
tl_sign_in_forgive (TlRequest *request, const char *login)
{
  g_autofree char *folded = g_utf8_casefold (login, -1), *key = key_of (request, folded);
  g_autofree char *known = g_strconcat ("known ", key, NULL);

  tl_rate_forgive (request->server->sign_ins, key);
  tl_rate_give_back (request->server->sign_in_addresses, request->address);
  tl_rate_give_back (request->server->sign_in_logins, folded);
  tl_counts_remember (request->server->counts, known, KNOWN_SECONDS);
}

void
tl_sign_in (TlRequest *request)
{
  g_autoptr (JsonObject) body = tl_auth_body (request);
  const char *login, *password, *device;
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
  wait = tl_sign_in_wait (request, login);
  if (wait) {
    g_autofree char *seconds = g_strdup_printf ("%u", wait);

    tl_request_set_header (request, "Retry-After", seconds);
    tl_auth_refuse (request, &too_often);
    return;
  }
  sign_in (request, login, password, device ? device : "");
  if (request->status != 401)
    tl_sign_in_forgive (request, login);
}

/* --- refresh, logout --------------------------------------------------------------------------- */

void
tl_sign_in_refresh (TlRequest *request)
{
  g_autoptr (JsonObject) body = tl_auth_body (request);
  g_autoptr (PGresult) row = NULL;
  g_autoptr (GError) error = NULL;
  TlRefreshToken token;

  if (body == NULL)
    return;
  if (request->pg == NULL) {
    tl_auth_unavailable (request, NULL);
    return;
  }
  if (!tl_refresh_token_read (tl_auth_string (body, "refreshToken"), &token)) {
    tl_auth_refuse (request, &bad_token);
    return;
  }
  row = tl_session_rotate (request->server->tokens, request->pg, NULL, &token, &error);
  if (row)
    answer_signed_in (request, row, &token);
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
  TlRefreshToken token;

  if (body == NULL)
    return;
  if (tl_refresh_token_read (tl_auth_string (body, "refreshToken"), &token)) {
    if (request->pg == NULL || !tl_session_end (request->pg, &token, &error)) {
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
