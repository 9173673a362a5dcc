/* provider.c: see the header. What the provider says is bounded in size and time, and believed only where it is signed.
 * One lock for what is kept; nothing is fetched under it. */
#include "server/services/oidc/provider.h"

#include "server/services/oidc/id-token.h"
#include "server/stores/curl.h"

#include <string.h>

#define ABOUT "/.well-known/openid-configuration"
#define ANSWER_MAX (256 * 1024)
#define CONNECT_SECONDS 5L
#define SECONDS 15L
#define KEEP (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define KEYS_AGAIN (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)

struct _TlOidcProvider {
  const TlConfig *config;
  GMutex lock;
  JsonObject *about, *keys; /* under the lock; NULL: not known (any more) */
  gint64 about_at, keys_at; /* monotonic; when they came */
  gint64 again_at;          /* when keys were last asked for before their time */
};

TlOidcProvider *
tl_oidc_provider_new (const TlConfig *config)
{
  TlOidcProvider *self;

  if (config->oidc.issuer == NULL)
    return NULL;
  self = g_new0 (TlOidcProvider, 1);
  self->config = config;
  g_mutex_init (&self->lock);
  return self;
}

void
tl_oidc_provider_free (TlOidcProvider *self)
{
  g_clear_pointer (&self->about, json_object_unref);
  g_clear_pointer (&self->keys, json_object_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* --- asking ------------------------------------------------------------------------------------ */

static size_t
take (char *data, size_t size, size_t n, void *user)
{
  GByteArray *answer = user;

  if (answer->len + size * n > ANSWER_MAX)
    return 0;
  g_byte_array_append (answer, (const guint8 *)data, (guint)(size * n));
  return size * n;
}

/* The JSON object at `address`, asked for with `form` (NULL: GET). It follows nowhere. */
static JsonObject *
fetch (TlOidcProvider *self, const char *address, const char *form, GError **error)
{
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  g_autoptr (JsonParser) parser = json_parser_new ();
  const char *secret = self->config->oidc.client_secret;
  CURL *curl = tl_curl_handle ();
  JsonNode *root = NULL;
  CURLcode done;
  long status = 0;

  curl_easy_setopt (curl, CURLOPT_URL, address);
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, SECONDS);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, answer);
  if (form)
    curl_easy_setopt (curl, CURLOPT_POSTFIELDS, form);
  if (form && secret) {
    g_autofree char *id = g_uri_escape_string (self->config->oidc.client_id, NULL, FALSE);
    g_autofree char *word = g_uri_escape_string (secret, NULL, FALSE);

    curl_easy_setopt (curl, CURLOPT_USERNAME, id); /* RFC 6749, 2.3.1 */
    curl_easy_setopt (curl, CURLOPT_PASSWORD, word);
  }
  done = curl_easy_perform (curl);
  curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &status);
  if (done == CURLE_OK && status == 200 && answer->len > 0 &&
      g_utf8_validate ((const char *)answer->data, answer->len, NULL) &&
      json_parser_load_from_data (parser, (const char *)answer->data, answer->len, NULL))
    root = json_parser_get_root (parser);
  if (root && JSON_NODE_HOLDS_OBJECT (root))
    return json_object_ref (json_node_get_object (root));
  if (done != CURLE_OK)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED,
                 "The provider does not answer at %s: %s", address, curl_easy_strerror (done));
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                 "The provider answers with status %ld and no JSON object at %s", status, address);
  return NULL;
}

static gboolean
is_near (const char *address)
{
  return g_str_has_prefix (address, "http://127.0.0.1") ||
         g_str_has_prefix (address, "http://[::1]");
}

/* An address of the document: by TLS, as the issuer's is, unless that is on this machine. */
static const char *
address_in (TlOidcProvider *self, JsonObject *about, const char *name, GError **error)
{
  const char *address = tl_jwt_string (about, name);

  if (address && (g_str_has_prefix (address, "https://") ||
                  (is_near (self->config->oidc.issuer) && is_near (address))))
    return address;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               "The provider's document has no %s that begins with https://", name);
  return NULL;
}

/* --- what is kept ------------------------------------------------------------------------------ */

static JsonObject *
fetch_about (TlOidcProvider *self, GError **error)
{
  const char *issuer = self->config->oidc.issuer;
  gsize length = strlen (issuer);
  g_autofree char *address = g_strdup_printf (
      "%.*s" ABOUT, (int)(g_str_has_suffix (issuer, "/") ? length - 1 : length), issuer);
  g_autoptr (JsonObject) about = fetch (self, address, NULL, error);

  if (about == NULL)
    return NULL;
  if (g_strcmp0 (tl_jwt_string (about, "issuer"), issuer) != 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                 "The document at %s is another issuer's than “%s”", address, issuer);
    return NULL;
  }
  return g_steal_pointer (&about);
}

/* Takes one of `kept` when it is young enough. */
static JsonObject *
recall (TlOidcProvider *self, JsonObject **kept, gint64 at)
{
  JsonObject *object = NULL;

  g_mutex_lock (&self->lock);
  if (*kept && g_get_monotonic_time () - at < KEEP)
    object = json_object_ref (*kept);
  g_mutex_unlock (&self->lock);
  return object;
}

static void
keep (TlOidcProvider *self, JsonObject **kept, gint64 *at, JsonObject *object)
{
  g_mutex_lock (&self->lock);
  g_clear_pointer (kept, json_object_unref);
  *kept = json_object_ref (object);
  *at = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
}

static JsonObject *
about (TlOidcProvider *self, GError **error)
{
  JsonObject *object = recall (self, &self->about, self->about_at);

  if (object == NULL && (object = fetch_about (self, error)))
    keep (self, &self->about, &self->about_at, object);
  return object;
}

/* `again`: those that are kept will not do. */
static JsonObject *
keys (TlOidcProvider *self, JsonObject *document, gboolean again, GError **error)
{
  JsonObject *object = again ? NULL : recall (self, &self->keys, self->keys_at);
  const char *address;

  if (object || !(address = address_in (self, document, "jwks_uri", error)))
    return object;
  object = fetch (self, address, NULL, error);
  if (object)
    keep (self, &self->keys, &self->keys_at, object);
  return object;
}

/* So that nobody's tokens make us ask on and on. */
static gboolean
may_ask_again (TlOidcProvider *self)
{
  gboolean may;

  g_mutex_lock (&self->lock);
  may = self->again_at == 0 || g_get_monotonic_time () - self->again_at > KEYS_AGAIN;
  if (may)
    self->again_at = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
  return may;
}

char *
tl_oidc_provider_page (TlOidcProvider *self, GError **error)
{
  g_autoptr (JsonObject) document = about (self, error);

  return document ? g_strdup (address_in (self, document, "authorization_endpoint", error)) : NULL;
}

/* --- who it is --------------------------------------------------------------------------------- */

static gboolean
check (TlOidcProvider *self, JsonObject *document, const TlJwt *token, const char *nonce,
       GError **error)
{
  TlIdTokenRules rules = { self->config->oidc.issuer, self->config->oidc.client_id,
                           self->config->oidc.algorithm, nonce,
                           g_get_real_time () / G_USEC_PER_SEC };
  g_autoptr (JsonObject) known = keys (self, document, FALSE, error), newer = NULL;
  g_autoptr (GError) cause = NULL;

  if (known == NULL)
    return FALSE;
  if (tl_id_token_check (token, known, &rules, &cause))
    return TRUE;
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) && may_ask_again (self)) {
    newer = keys (self, document, TRUE, error);
    return newer && tl_id_token_check (token, newer, &rules, error);
  }
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static void
add (GString *form, const char *name, const char *value)
{
  g_string_append_printf (form, "%s%s=", form->len ? "&" : "", name);
  g_string_append_uri_escaped (form, value, NULL, FALSE);
}

JsonObject *
tl_oidc_provider_redeem (TlOidcProvider *self, const char *code, const char *redirect,
                         const char *verifier, const char *nonce, GError **error)
{
  g_autoptr (JsonObject) document = about (self, error);
  const char *address = document ? address_in (self, document, "token_endpoint", error) : NULL;
  g_autoptr (GString) form = g_string_new (NULL);
  g_autoptr (JsonObject) answer = NULL;
  g_autoptr (TlJwt) token = NULL;
  const char *text;

  if (address == NULL)
    return NULL;
  add (form, "grant_type", "authorization_code");
  add (form, "code", code);
  add (form, "redirect_uri", redirect);
  add (form, "code_verifier", verifier);
  if (self->config->oidc.client_secret == NULL)
    add (form, "client_id", self->config->oidc.client_id);
  answer = fetch (self, address, form->str, error);
  text = answer ? tl_jwt_string (answer, "id_token") : NULL;
  token = text ? tl_jwt_parse (text) : NULL;
  if (token && check (self, document, token, nonce, error))
    return json_object_ref (token->claims);
  if (answer && token == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                         "The provider gave no token that says who signed in");
  return NULL;
}
