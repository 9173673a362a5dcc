/* signing-keys.c: see the header. The set is replaced as a whole, under the lock; a key in it never changes. A private half
 * is a seed of 32 bytes, kept as nonce and secretbox. */
#include "server/services/oauth/signing-keys.h"

#include "server/services/oauth/jwt.h"
#include "sync/wire/field.h"

#include <sodium.h>
#include <string.h>

#define SQL "oauth/keys.sql"
#define TYPE "at+jwt"
#define KID_BYTES 16
#define SKEW 60 /* seconds that clocks of processes may differ */
#define LONGEST 3600
#define SEALED_BYTES                                                                               \
  (crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + crypto_sign_SEEDBYTES)
#define SEALED_HEX (2 * SEALED_BYTES + 1)
#define PUBLIC_HEX (2 * crypto_sign_PUBLICKEYBYTES + 1)

typedef struct {
  char *kid;
  guint8 public[crypto_sign_PUBLICKEYBYTES];
  guint8 *private; /* guarded; NULL: sealed by another secret */
  gint64 use_from; /* seconds since 1970 */
} Key;

struct _TlSigningKeys {
  guint8 *seal; /* guarded */
  char *issuer; /* set once, atomic */
  GRWLock lock;
  GPtrArray *keys; /* of Key, newest first; under the lock */
};

G_STATIC_ASSERT (TL_SIGNING_SEAL_BYTES == crypto_secretbox_KEYBYTES);
G_STATIC_ASSERT (TL_JWT_PRIVATE_BYTES == crypto_sign_SECRETKEYBYTES);

static void
key_free (Key *key)
{
  g_free (key->kid);
  sodium_free (key->private);
  g_free (key);
}

TlSigningKeys *
tl_signing_keys_new (const guint8 seal[TL_SIGNING_SEAL_BYTES])
{
  TlSigningKeys *self = g_new0 (TlSigningKeys, 1);

  self->seal = sodium_malloc (TL_SIGNING_SEAL_BYTES);
  memcpy (self->seal, seal, TL_SIGNING_SEAL_BYTES);
  g_rw_lock_init (&self->lock);
  self->keys = g_ptr_array_new_with_free_func ((GDestroyNotify)key_free);
  return self;
}

void
tl_signing_keys_free (TlSigningKeys *self)
{
  sodium_free (self->seal);
  g_free (self->issuer);
  g_ptr_array_unref (self->keys);
  g_rw_lock_clear (&self->lock);
  g_free (self);
}

void
tl_signing_keys_set_issuer (TlSigningKeys *self, const char *issuer)
{
  gsize length = strlen (issuer);

  while (length > 0 && issuer[length - 1] == '/')
    length--;
  g_atomic_pointer_set (&self->issuer, g_strndup (issuer, length));
}

const char *
tl_signing_keys_issuer (TlSigningKeys *self)
{
  return g_atomic_pointer_get (&self->issuer);
}

/* --- loading ----------------------------------------------------------------------------------- */

static guint8 *
unseal (TlSigningKeys *self, const char *hex)
{
  guint8 sealed[SEALED_BYTES], seed[crypto_sign_SEEDBYTES], public[crypto_sign_PUBLICKEYBYTES];
  const guint8 *box = sealed + crypto_secretbox_NONCEBYTES;
  guint8 *private = NULL;
  gsize length;

  if (sodium_hex2bin (sealed, sizeof sealed, hex, strlen (hex), NULL, &length, NULL) == 0 &&
      length == sizeof sealed &&
      crypto_secretbox_open_easy (seed, box, sizeof sealed - crypto_secretbox_NONCEBYTES, sealed,
                                  self->seal) == 0) {
    private = sodium_malloc (crypto_sign_SECRETKEYBYTES);
    crypto_sign_seed_keypair (public, private, seed);
  }
  sodium_memzero (seed, sizeof seed);
  return private;
}

static GPtrArray *
read_keys (TlSigningKeys *self, TlPg *pg, GError **error)
{
  g_autoptr (PGresult) rows = tl_pg_query (pg, SQL ".keys", tl_sql (SQL, "keys"), 0, NULL, error);
  GPtrArray *keys;

  if (rows == NULL)
    return NULL;
  keys = g_ptr_array_new_with_free_func ((GDestroyNotify)key_free);
  for (int i = 0; i < PQntuples (rows); i++) {
    const char *public = PQgetvalue (rows, i, 1);
    Key *key = g_new0 (Key, 1);

    key->kid = g_strdup (PQgetvalue (rows, i, 0));
    sodium_hex2bin (key->public, sizeof key->public, public, strlen (public), NULL, NULL, NULL);
    key->private = unseal (self, PQgetvalue (rows, i, 2));
    key->use_from = g_ascii_strtoll (PQgetvalue (rows, i, 3), NULL, 10);
    g_ptr_array_add (keys, key);
  }
  return keys;
}

static gboolean
add_key (TlSigningKeys *self, TlPg *pg, gboolean at_once, GError **error)
{
  guint8 sealed[SEALED_BYTES], seed[crypto_sign_SEEDBYTES], hash[KID_BYTES];
  guint8 public[crypto_sign_PUBLICKEYBYTES], private[crypto_sign_SECRETKEYBYTES];
  char public_hex[PUBLIC_HEX], sealed_hex[SEALED_HEX];
  g_autofree char *kid = NULL;

  randombytes_buf (seed, sizeof seed);
  crypto_sign_seed_keypair (public, private, seed);
  randombytes_buf (sealed, crypto_secretbox_NONCEBYTES);
  crypto_secretbox_easy (sealed + crypto_secretbox_NONCEBYTES, seed, sizeof seed, sealed,
                         self->seal);
  sodium_memzero (seed, sizeof seed);
  sodium_memzero (private, sizeof private);
  crypto_generichash (hash, sizeof hash, public, sizeof public, NULL, 0);
  kid = tl_jwt_encode (hash, sizeof hash);
  sodium_bin2hex (public_hex, sizeof public_hex, public, sizeof public);
  sodium_bin2hex (sealed_hex, sizeof sealed_hex, sealed, sizeof sealed);
  if (!tl_pg_run (pg, SQL ".add", tl_sql (SQL, "add"), 4,
                  (const char *[]){ kid, public_hex, sealed_hex, at_once ? "t" : "f" }, error))
    return FALSE;
  g_message ("Access tokens are to be signed by another key: %s", kid);
  return TRUE;
}

static gboolean
has_private (gconstpointer key, gconstpointer data)
{
  return ((const Key *)key)->private != NULL;
}

/* Within a transaction. */
static gboolean
add_when_due (TlSigningKeys *self, TlPg *pg, GError **error)
{
  g_autoptr (GPtrArray) keys = NULL;
  g_autoptr (PGresult) newest = NULL;
  gboolean may_go_on, can_sign;

  if (!tl_pg_run (pg, SQL ".lock", tl_sql (SQL, "lock"), 0, NULL, error) ||
      !(keys = read_keys (self, pg, error)) ||
      !(newest = tl_pg_query (pg, SQL ".newest", tl_sql (SQL, "newest"), 0, NULL, error)))
    return FALSE;
  can_sign = g_ptr_array_find_with_equal_func (keys, NULL, has_private, NULL);
  may_go_on = PQntuples (newest) == 1 && *PQgetvalue (newest, 0, 1) == 't' && keys->len > 0 &&
              ((Key *)keys->pdata[0])->private;
  return may_go_on || add_key (self, pg, !can_sign, error);
}

gboolean
tl_signing_keys_load (TlSigningKeys *self, TlPg *pg, GError **error)
{
  gboolean done =
      tl_pg_begin (pg, error) && add_when_due (self, pg, error) && tl_pg_commit (pg, error);
  GPtrArray *keys, *before;

  tl_pg_rollback (pg);
  keys = done ? read_keys (self, pg, error) : NULL;
  if (keys == NULL)
    return FALSE;
  g_rw_lock_writer_lock (&self->lock);
  before = self->keys;
  self->keys = keys;
  g_rw_lock_writer_unlock (&self->lock);
  g_ptr_array_unref (before);
  return TRUE;
}

/* --- tokens ------------------------------------------------------------------------------------ */

/* The newest whose time has come; while there is none, the oldest. Under the lock. */
static const Key *
signer (TlSigningKeys *self, gint64 now)
{
  const Key *found = NULL;

  for (guint i = 0; i < self->keys->len; i++) {
    const Key *key = self->keys->pdata[i];

    if (key->private)
      found = key;
    if (found && found->use_from <= now)
      break;
  }
  return found;
}

static JsonObject *
claims_of (TlSigningKeys *self, gint64 account, const char *session, const char *client, gint64 now,
           guint seconds)
{
  JsonObject *claims = json_object_new ();
  const char *issuer = tl_signing_keys_issuer (self);
  guint8 number[KID_BYTES];
  g_autofree char *id = NULL;
  char subject[TL_ID_MAX];

  randombytes_buf (number, sizeof number);
  id = tl_jwt_encode (number, sizeof number);
  json_object_set_string_member (claims, "iss", issuer);
  json_object_set_string_member (claims, "aud", issuer);
  json_object_set_string_member (claims, "sub", tl_id_format (account, subject));
  json_object_set_string_member (claims, "sid", session);
  json_object_set_string_member (claims, "client_id", client);
  json_object_set_int_member (claims, "iat", now);
  json_object_set_int_member (claims, "exp", now + seconds);
  json_object_set_string_member (claims, "jti", id);
  return claims;
}

char *
tl_signing_keys_make (TlSigningKeys *self, gint64 account, const char *session, const char *client,
                      guint seconds)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (JsonObject) claims = claims_of (self, account, session, client, now, seconds);
  const Key *key;
  char *text = NULL;

  g_rw_lock_reader_lock (&self->lock);
  key = signer (self, now);
  if (key)
    text = tl_jwt_make (TYPE, key->kid, claims, key->private);
  g_rw_lock_reader_unlock (&self->lock);
  return text;
}

/* `kid` is compared with those that we have, and nothing else is done with it. */
static gboolean
is_ours (TlSigningKeys *self, const TlJwt *token)
{
  const char *kid = tl_jwt_string (token->head, "kid");
  gboolean found = FALSE;

  g_rw_lock_reader_lock (&self->lock);
  for (guint i = 0; kid && !found && i < self->keys->len; i++) {
    const Key *key = self->keys->pdata[i];

    found = strcmp (key->kid, kid) == 0 && tl_jwt_is_by (token, TYPE, key->public);
  }
  g_rw_lock_reader_unlock (&self->lock);
  return found;
}

/* The bytes of a UUID as we write it. */
static gboolean
read_session (const char *text, guint8 *session)
{
  gsize length;

  return text && strlen (text) == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' &&
         text[23] == '-' && sodium_hex2bin (session, 16, text, 36, "-", &length, NULL) == 0 &&
         length == 16;
}

gint64
tl_signing_keys_verify (TlSigningKeys *self, const char *text, guint8 *session)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  const char *issuer = tl_signing_keys_issuer (self);
  g_autoptr (TlJwt) token = tl_jwt_parse (text);
  gint64 from, until, account;
  const char *subject;

  if (token == NULL || issuer == NULL || !is_ours (self, token) ||
      g_strcmp0 (tl_jwt_string (token->claims, "iss"), issuer) != 0 ||
      g_strcmp0 (tl_jwt_string (token->claims, "aud"), issuer) != 0 ||
      !tl_jwt_number (token->claims, "iat", &from) ||
      !tl_jwt_number (token->claims, "exp", &until) || from > now + SKEW || until <= now ||
      until > now + LONGEST || !read_session (tl_jwt_string (token->claims, "sid"), session))
    return 0;
  subject = tl_jwt_string (token->claims, "sub");
  return subject && tl_id_parse (subject, &account) && account > 0 ? account : 0;
}

JsonNode *
tl_signing_keys_public (TlSigningKeys *self)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *set = json_object_new ();
  JsonArray *list = json_array_new ();

  g_rw_lock_reader_lock (&self->lock);
  for (guint i = 0; i < self->keys->len; i++) {
    const Key *key = self->keys->pdata[i];
    JsonObject *object = json_object_new ();
    g_autofree char *x = tl_jwt_encode (key->public, sizeof key->public);

    json_object_set_string_member (object, "kty", "OKP");
    json_object_set_string_member (object, "crv", "Ed25519");
    json_object_set_string_member (object, "alg", "EdDSA");
    json_object_set_string_member (object, "use", "sig");
    json_object_set_string_member (object, "kid", key->kid);
    json_object_set_string_member (object, "x", x);
    json_array_add_object_element (list, object);
  }
  g_rw_lock_reader_unlock (&self->lock);
  json_object_set_array_member (set, "keys", list);
  json_node_take_object (node, set);
  return node;
}
