/* oidc.c: see the header. What binds the two requests together (state, nonce, verifier, the browser's cookie) is kept by
 * hash for ten minutes, and taken once. */
#include "server/services/oidc/oidc.h"

#include "server/services/oauth/authorize.h"
#include "server/services/oauth/cookie.h"
#include "server/services/oauth/jwt.h"
#include "server/services/oidc/identity.h"
#include "server/services/oidc/provider.h"
#include "server/services/user/rate.h"

#include <sodium.h>
#include <string.h>

#define SQL "oidc/oidc.sql"
#define COOKIE "tideline-oidc"
#define SECONDS 600
#define SECRET_BYTES 32
#define SHA256_BYTES 32
#define HASH_HEX (2 * crypto_generichash_BYTES + 1)

enum { NONCE, VERIFIER, CLIENT, REDIRECT, STATE, CHALLENGE };

static void
hash_text (const char *text, char hex[HASH_HEX])
{
  guint8 hash[crypto_generichash_BYTES];

  crypto_generichash (hash, sizeof hash, (const guint8 *)text, strlen (text), NULL, 0);
  sodium_bin2hex (hex, HASH_HEX, hash, sizeof hash);
}

static char *
make_secret (void)
{
  guint8 bytes[SECRET_BYTES];

  randombytes_buf (bytes, sizeof bytes);
  return tl_jwt_encode (bytes, sizeof bytes);
}

/* What a person is told; the cause is for the log. */
static void
fail (TlRequest *request, const GError *error)
{
  g_warning ("%s %s: %s (request %s)", request->method, request->path,
             error ? error->message : "The provider is away", request->id);
  tl_oauth_say (request, 502, "oidc.title", "oidc.failed");
}

static char *
own_address (TlRequest *request)
{
  const char *base = request->server->config->public_url;

  return g_strconcat (base, g_str_has_suffix (base, "/") ? "oidc/callback" : "/oidc/callback",
                      NULL);
}

/* --- leaving ----------------------------------------------------------------------------------- */

static char *
address_there (TlRequest *request, const char *page, const char *state, const char *nonce,
               const char *verifier)
{
  const TlConfig *config = request->server->config;
  g_autofree char *back = own_address (request), *challenge = NULL;
  guint8 hash[SHA256_BYTES];
  const char *const fields[][2] = {
    { "client_id", config->oidc.client_id },
    { "redirect_uri", back },
    { "scope", config->oidc.scopes },
    { "state", state },
    { "nonce", nonce },
    { "code_challenge_method", "S256" },
  };
  GString *address = g_string_new (page);

  crypto_hash_sha256 (hash, (const guint8 *)verifier, strlen (verifier));
  challenge = tl_jwt_encode (hash, sizeof hash);
  g_string_append_printf (address, "%cresponse_type=code&code_challenge=%s",
                          strchr (page, '?') ? '&' : '?', challenge);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    g_string_append_printf (address, "&%s=", fields[i][0]);
    g_string_append_uri_escaped (address, fields[i][1], NULL, FALSE);
  }
  return g_string_free (address, FALSE);
}

static gboolean
begin (TlRequest *request, const TlOauthAsk *ask, const char *state, const char *nonce,
       const char *verifier, GError **error)
{
  char browser[TL_COOKIE_HEX], hash[HASH_HEX], browser_hash[HASH_HEX];
  const char *args[] = { hash,          browser_hash, nonce,         verifier, ask->client->id,
                         ask->redirect, ask->state,   ask->challenge };

  tl_cookie_keep (request, COOKIE, "/oidc", SECONDS, browser);
  hash_text (browser, browser_hash);
  hash_text (state, hash);
  return tl_pg_run (request->pg, SQL ".begin", tl_sql (SQL, "begin"), G_N_ELEMENTS (args), args,
                    error);
}

void
tl_oidc_start (TlRequest *request)
{
  TlOidcProvider *provider = request->server->oidc;
  g_autofree char *state = make_secret (), *nonce = make_secret (), *verifier = make_secret ();
  g_autofree char *page = NULL, *address = NULL;
  g_auto (TlOauthAsk) ask = { 0 };
  g_autoptr (GError) error = NULL;

  if (provider == NULL) {
    tl_oauth_say (request, 404, "oauth.bad.title", "oauth.bad.text");
    return;
  }
  if (tl_rate_take (request->server->sign_in_addresses, request->address)) {
    tl_oauth_say (request, 429, "later.title", "later.text");
    return;
  }
  if (!tl_oauth_ask_read (request, &ask))
    return;
  page = tl_oidc_provider_page (provider, &error);
  if (page == NULL || !begin (request, &ask, state, nonce, verifier, &error)) {
    fail (request, error);
    return;
  }
  address = address_there (request, page, state, nonce, verifier);
  tl_request_set_header (request, "Location", address);
  tl_request_set_header (request, "Cache-Control", "no-store");
  tl_request_set_header (request, "Referrer-Policy", "no-referrer");
  request->status = 303;
}

/* --- coming back ------------------------------------------------------------------------------- */

/* What was begun with this state in this browser; NULL: nothing, or `error` is set. */
static PGresult *
take (TlRequest *request, GError **error)
{
  const char *state = tl_request_query (request, "state");
  char browser[TL_COOKIE_HEX], hash[HASH_HEX], browser_hash[HASH_HEX];
  g_autoptr (PGresult) begun = NULL;

  if (state == NULL || !tl_cookie_read (request, COOKIE, browser))
    return NULL;
  hash_text (state, hash);
  hash_text (browser, browser_hash);
  begun = tl_pg_query (request->pg, SQL ".take", tl_sql (SQL, "take"), 2,
                       (const char *[]){ hash, browser_hash }, error);
  return begun && PQntuples (begun) == 1 ? g_steal_pointer (&begun) : NULL;
}

static gboolean
resume (TlRequest *request, PGresult *begun, TlOauthAsk *ask, GError **error)
{
  const char *state = PQgetisnull (begun, 0, STATE) ? NULL : PQgetvalue (begun, 0, STATE);

  ask->client = tl_oauth_client_find (request->pg, PQgetvalue (begun, 0, CLIENT), error);
  ask->redirect = g_strdup (PQgetvalue (begun, 0, REDIRECT));
  ask->state = g_strdup (state);
  ask->challenge = g_strdup (PQgetvalue (begun, 0, CHALLENGE));
  return ask->client && tl_oauth_client_takes (ask->client, ask->redirect);
}

static void
go_on (TlRequest *request, const TlOauthAsk *ask, PGresult *begun, const char *code)
{
  g_autofree char *back = own_address (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) person = NULL;
  g_autoptr (JsonObject) claims =
      tl_oidc_provider_redeem (request->server->oidc, code, back, PQgetvalue (begun, 0, VERIFIER),
                               PQgetvalue (begun, 0, NONCE), &error);

  if (claims)
    person = tl_identity_person (request->pg, request->server->config, claims, &error);
  if (person)
    tl_oauth_go_on (request, ask, person);
  else if (error)
    fail (request, error);
  else
    tl_oauth_say (request, 403, "oidc.title", "oidc.nobody");
}

void
tl_oidc_callback (TlRequest *request)
{
  const char *code = tl_request_query (request, "code"),
             *issuer = tl_request_query (request, "iss");
  g_auto (TlOauthAsk) ask = { 0 };
  g_autoptr (PGresult) begun = NULL;
  g_autoptr (GError) error = NULL;

  if (request->server->oidc == NULL || request->pg == NULL) {
    tl_oauth_put_off (request, NULL);
    return;
  }
  begun = take (request, &error);
  if (begun == NULL || !resume (request, begun, &ask, &error)) {
    if (error)
      tl_oauth_put_off (request, error);
    else
      tl_oauth_say (request, 400, "oidc.title", "oidc.old");
    return;
  }
  if (code == NULL || (issuer && strcmp (issuer, request->server->config->oidc.issuer) != 0))
    tl_oauth_send_back (request, &ask, "error", "access_denied");
  else
    go_on (request, &ask, begun, code);
}
