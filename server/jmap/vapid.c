/* vapid.c: a JWT with ES256 (RFC 7515, 7518): the claims are few and fixed. The key is the database's; who comes first
 * makes it. */
#include "server/jmap/vapid.h"

#include "server/jmap/push-key.h"
#include "server/services/notify/email.h"

#include <json-glib/json-glib.h>
#include <openssl/ec.h>
#include <sodium.h>
#include <string.h>

#define SQL "jmap/subscription.sql"
#define HEAD "{\"typ\":\"JWT\",\"alg\":\"ES256\"}"
#define SECONDS (12 * 60 * 60) /* a day at most */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_MD_CTX, EVP_MD_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ECDSA_SIG, ECDSA_SIG_free)

/* Scheme, host and port of the push service. */
static char *
origin_of (const char *url)
{
  const char *host = strstr (url, "://");

  return g_strndup (url, host ? (gsize)(host - url) + 3 + strcspn (host + 3, "/?#") : strlen (url));
}

static char *
claims_of (const char *url, const char *contact, gint64 expires)
{
  g_autoptr (JsonObject) claims = json_object_new ();
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), claims);
  g_autofree char *origin = origin_of (url);

  json_object_set_string_member (claims, "aud", origin);
  json_object_set_int_member (claims, "exp", expires);
  if (contact)
    json_object_set_string_member (claims, "sub", contact);
  return json_to_string (node, FALSE);
}

/* Two numbers of 32 bytes, where OpenSSL writes ASN.1. */
static char *
sign (TlPushKey *key, const char *text)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  g_autoptr (ECDSA_SIG) parts = NULL;
  guint8 der[128], flat[2 * TL_NUMBER_BYTES];
  const guint8 *at = der;
  size_t length = sizeof der;

  if (EVP_DigestSignInit (context, NULL, EVP_sha256 (), NULL, key) <= 0 ||
      EVP_DigestSign (context, der, &length, (const guint8 *)text, strlen (text)) <= 0)
    return NULL;
  parts = d2i_ECDSA_SIG (NULL, &at, (long)length);
  if (!parts || BN_bn2binpad (ECDSA_SIG_get0_r (parts), flat, TL_NUMBER_BYTES) != TL_NUMBER_BYTES ||
      BN_bn2binpad (ECDSA_SIG_get0_s (parts), flat + TL_NUMBER_BYTES, TL_NUMBER_BYTES) !=
          TL_NUMBER_BYTES)
    return NULL;
  return tl_push_encode (flat, sizeof flat);
}

char *
tl_vapid_header_with (const guint8 *private_key, const char *url, const char *contact,
                      gint64 expires)
{
  guint8 point[TL_POINT_BYTES];
  gboolean has_point = tl_push_key_point (private_key, point);
  g_autoptr (TlPushKey) key = has_point ? tl_push_key_new (point, private_key) : NULL;
  g_autofree char *claims = claims_of (url, contact, expires);
  g_autofree char *head = tl_push_encode (HEAD, strlen (HEAD));
  g_autofree char *body = tl_push_encode (claims, strlen (claims));
  g_autofree char *text = g_strconcat (head, ".", body, NULL);
  g_autofree char *signature = key ? sign (key, text) : NULL;
  g_autofree char *public = tl_push_encode (point, sizeof point);

  return signature ? g_strdup_printf ("vapid t=%s.%s, k=%s", text, signature, public) : NULL;
}

/* --- the server's key -------------------------------------------------------------------------- */

static PGresult *
ask (TlPg *pg, const char *name, int n, const char *const *args, GError **error)
{
  g_autofree char *prepared = g_strconcat ("vapid-", name, NULL);

  return tl_pg_query (pg, prepared, tl_sql (SQL, name), n, args, error);
}

static gboolean
make_key (TlPg *pg, GError **error)
{
  guint8 fresh[TL_NUMBER_BYTES];
  char hex[2 * sizeof fresh + 1];
  g_autoptr (PGresult) kept = NULL;

  if (!tl_push_key_make (fresh)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "No key for pushes can be made");
    return FALSE;
  }
  sodium_bin2hex (hex, sizeof hex, fresh, sizeof fresh);
  kept = ask (pg, "make-key", 1, (const char *const[]){ hex }, error);
  sodium_memzero (fresh, sizeof fresh);
  sodium_memzero (hex, sizeof hex);
  return kept != NULL;
}

static gboolean
find_key (TlPg *pg, guint8 *private_key, GError **error)
{
  g_autoptr (PGresult) row = ask (pg, "key", 0, NULL, error);

  if (row && PQntuples (row) == 0) {
    g_clear_pointer (&row, PQclear);
    if (make_key (pg, error))
      row = ask (pg, "key", 0, NULL, error); /* or somebody else's, who was quicker */
  }
  return row && sodium_hex2bin (private_key, TL_NUMBER_BYTES, PQgetvalue (row, 0, 0),
                                2 * TL_NUMBER_BYTES, NULL, NULL, NULL) == 0;
}

/* Whom a push service may write to, when there is somebody. */
static char *
contact_of (const TlConfig *config)
{
  if (tl_email_channel.is_on (config))
    return g_strconcat ("mailto:", config->mail.from, NULL);
  return g_str_has_prefix (config->public_url, "https://") ? g_strdup (config->public_url) : NULL;
}

char *
tl_vapid_header (TlServer *server, TlPg *pg, const char *url, GError **error)
{
  g_autofree char *contact = contact_of (server->config);
  guint8 key[TL_NUMBER_BYTES];
  char *header;

  if (!find_key (pg, key, error))
    return NULL;
  header = tl_vapid_header_with (key, url, contact, g_get_real_time () / G_USEC_PER_SEC + SECONDS);
  sodium_memzero (key, sizeof key);
  if (header == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "A push cannot be signed");
  return header;
}

char *
tl_vapid_public (TlPg *pg, GError **error)
{
  guint8 key[TL_NUMBER_BYTES], point[TL_POINT_BYTES];
  gboolean done = find_key (pg, key, error) && tl_push_key_point (key, point);

  sodium_memzero (key, sizeof key);
  return done ? tl_push_encode (point, sizeof point) : NULL;
}
