/* Access tokens that are JWTs: what is ours is taken, and whatever anybody else could make of it is not. The keys are in a
 * real database, one of them put there by the test, so that it can sign whatever it wants to. */
#include "server/services/oauth/jwt.h"
#include "server/services/oauth/signing-keys.h"
#include "server/services/user/tokens.h"
#include "tests/server/household.h"

#include <sodium.h>
#include <string.h>

#define ISSUER "https://harbour.example"
#define SESSION "0f0e0d0c-0b0a-4908-8706-050403020100"
#define ACCOUNT 4711
#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING

static Household *house;
static guint8 seal[TL_SIGNING_SEAL_BYTES];
static guint8 private[crypto_sign_SECRETKEYBYTES], public[crypto_sign_PUBLICKEYBYTES];

static TlSigningKeys *
keys_new (const guint8 *secret)
{
  TlSigningKeys *keys = tl_signing_keys_new (secret);
  g_autoptr (GError) error = NULL;

  tl_signing_keys_set_issuer (keys, ISSUER "/");
  tl_signing_keys_load (keys, house->pg, &error);
  g_assert_no_error (error);
  return keys;
}

/* A key of the test's, which signed until the server's own took over. */
static void
add_own_key (void)
{
  guint8 seed[crypto_sign_SEEDBYTES];
  guint8 sealed[crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + sizeof seed] = { 0 };
  char public_hex[2 * sizeof public + 1], sealed_hex[2 * sizeof sealed + 1];

  randombytes_buf (seed, sizeof seed);
  crypto_sign_seed_keypair (public, private, seed);
  crypto_secretbox_easy (sealed + crypto_secretbox_NONCEBYTES, seed, sizeof seed, sealed, seal);
  sodium_bin2hex (public_hex, sizeof public_hex, public, sizeof public);
  sodium_bin2hex (sealed_hex, sizeof sealed_hex, sealed, sizeof sealed);
  g_free (household_sql (house->pg,
                         "INSERT INTO people.signing_key (kid, public, private, use_from) VALUES "
                         "('own', decode('%s', 'hex'), decode('%s', 'hex'), now())",
                         public_hex, sealed_hex));
}

/* What the server would say, with `json`'s members in its place; null takes one out. */
static JsonObject *
claims_with (const char *json)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  JsonObject *claims = json_object_new ();
  g_autoptr (JsonNode) other = NULL;
  g_autoptr (GString) text = g_string_new (json);
  g_autofree char *past = g_strdup_printf ("%" G_GINT64_FORMAT, now - 1);
  g_autofree char *future = g_strdup_printf ("%" G_GINT64_FORMAT, now + 600);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  char id[TL_ID_MAX];

  g_string_replace (text, "'", "\"", 0);
  g_string_replace (text, "PAST", past, 0);
  g_string_replace (text, "FUTURE", future, 0);
  other = json_from_string (text->str, NULL);
  json_object_set_string_member (claims, "iss", ISSUER);
  json_object_set_string_member (claims, "aud", ISSUER);
  json_object_set_string_member (claims, "sub", tl_id_format (ACCOUNT, id));
  json_object_set_string_member (claims, "sid", SESSION);
  json_object_set_int_member (claims, "iat", now);
  json_object_set_int_member (claims, "exp", now + 600);
  json_object_iter_init (&iter, json_node_get_object (other));
  while (json_object_iter_next (&iter, &name, &value))
    if (JSON_NODE_HOLDS_NULL (value))
      json_object_remove_member (claims, name);
    else
      json_object_set_member (claims, name, json_node_copy (value));
  return claims;
}

static gint64
account_of (TlSigningKeys *keys, const char *text)
{
  guint8 session[TL_SESSION_BYTES];

  return tl_signing_keys_verify (keys, text, session);
}

static void
test_own (void)
{
  TlSigningKeys *keys = keys_new (seal);
  g_autofree char *text = tl_signing_keys_make (keys, ACCOUNT, SESSION, "tideline", 600);
  g_autoptr (TlJwt) token = tl_jwt_parse (text);
  guint8 session[TL_SESSION_BYTES];
  char words[TL_SESSION_TEXT];

  g_assert_cmpint (tl_signing_keys_verify (keys, text, session), ==, ACCOUNT);
  tl_session_format (session, words);
  g_assert_cmpstr (words, ==, SESSION);
  g_assert_cmpstr (tl_jwt_string (token->claims, "iss"), ==, ISSUER);
  g_assert_cmpstr (tl_jwt_string (token->claims, "client_id"), ==, "tideline");
  g_assert_cmpstr (tl_jwt_string (token->head, "typ"), ==, "at+jwt");
  tl_signing_keys_free (keys);
}

static void
test_claims (void)
{
  static const struct {
    const char *claims;
    gint64 account;
  } cases[] = {
    { "{}", ACCOUNT },
    { "{'extra':[1,2,{'x':null}]}", ACCOUNT },
    { "{'exp':PAST}", 0 },
    { "{'exp':null}", 0 },
    { "{'exp':'FUTURE'}", 0 },
    { "{'exp':99999999999}", 0 },
    { "{'exp':-1}", 0 },
    { "{'exp':1e300}", 0 },
    { "{'iat':FUTURE}", 0 },
    { "{'iat':null}", 0 },
    { "{'iss':'https://elsewhere.example'}", 0 },
    { "{'iss':'" ISSUER "/'}", 0 },
    { "{'iss':null}", 0 },
    { "{'iss':['" ISSUER "']}", 0 },
    { "{'aud':'https://elsewhere.example'}", 0 },
    { "{'aud':null}", 0 },
    { "{'sub':null}", 0 },
    { "{'sub':'t0'}", 0 },
    { "{'sub':'-1'}", 0 },
    { "{'sub':4711}", 0 },
    { "{'sub':'t4711; DROP TABLE people.account'}", 0 },
    { "{'sid':null}", 0 },
    { "{'sid':'" SESSION "0'}", 0 },
    { "{'sid':'0f0e0d0c0b0a49088706050403020100aaaa'}", 0 },
    { "{'sid':'../../../../../../etc/passwd-aaaaaaaa'}", 0 },
  };
  TlSigningKeys *keys = keys_new (seal);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonObject) claims = claims_with (cases[i].claims);
    g_autofree char *text = tl_jwt_make ("at+jwt", "own", claims, private);

    g_test_message ("%s", cases[i].claims);
    g_assert_cmpint (account_of (keys, text), ==, cases[i].account);
  }
  tl_signing_keys_free (keys);
}

static char *
encode_text (const char *json)
{
  g_autoptr (GString) text = g_string_new (json);

  g_string_replace (text, "'", "\"", 0);
  return tl_jwt_encode (text->str, text->len);
}

/* `head` as it is said, the claims of ours, signed by `how`: 's' our key, 'o' another one, 'h' HMAC under our public key,
 * 'n' not at all, 't' cut short, 'l' longer. */
static char *
forge (const char *head, char how)
{
  g_autoptr (JsonObject) claims = claims_with ("{}");
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), claims);
  g_autofree char *json = json_to_string (node, FALSE);
  g_autofree char *first = encode_text (head), *second = tl_jwt_encode (json, strlen (json));
  g_autofree char *text = g_strconcat (first, ".", second, NULL), *end = NULL;
  guint8 signature[crypto_sign_BYTES + 1] = { 0 }, mac[crypto_auth_hmacsha256_BYTES];
  guint8 other[crypto_sign_SECRETKEYBYTES], other_public[crypto_sign_PUBLICKEYBYTES];
  gsize length = how == 'n' ? 0 : how == 't' ? 63 : how == 'l' ? 65 : 64;

  crypto_sign_keypair (other_public, other);
  crypto_sign_detached (signature, NULL, (const guint8 *)text, strlen (text),
                        how == 'o' ? other : private);
  crypto_auth_hmacsha256 (mac, (const guint8 *)text, strlen (text), public);
  end = how == 'h' ? tl_jwt_encode (mac, sizeof mac) : tl_jwt_encode (signature, length);
  return g_strconcat (text, ".", end, NULL);
}

static void
test_heads (void)
{
  static const struct {
    const char *head;
    char how;
    gint64 account;
  } cases[] = {
    { "{'alg':'EdDSA','typ':'at+jwt','kid':'own'}", 's', ACCOUNT },
    { "{'alg':'EdDSA','typ':'AT+JWT','kid':'own'}", 's', ACCOUNT },
    { "{'alg':'EdDSA','typ':'at+jwt','kid':'own'}", 'o', 0 },
    { "{'alg':'EdDSA','typ':'at+jwt','kid':'own'}", 'n', 0 },
    { "{'alg':'EdDSA','typ':'at+jwt','kid':'own'}", 't', 0 },
    { "{'alg':'EdDSA','typ':'at+jwt','kid':'own'}", 'l', 0 },
    { "{'alg':'none','typ':'at+jwt','kid':'own'}", 'n', 0 },
    { "{'alg':'none','typ':'at+jwt','kid':'own'}", 's', 0 },
    { "{'alg':'NONE','typ':'at+jwt'}", 'n', 0 },
    { "{'alg':'HS256','typ':'at+jwt','kid':'own'}", 'h', 0 },
    { "{'alg':'HS256','typ':'at+jwt','kid':'own'}", 's', 0 },
    { "{'alg':'EdDSA','typ':'JWT','kid':'own'}", 's', 0 },
    { "{'alg':'EdDSA','kid':'own'}", 's', 0 },
    { "{'alg':'EdDSA','typ':'at+jwt'}", 's', 0 },
    { "{'alg':'EdDSA','typ':'at+jwt','kid':''}", 's', 0 },
    { "{'alg':'EdDSA','typ':'at+jwt','kid':'../../own'}", 's', 0 },
    { "{'alg':'EdDSA','typ':'at+jwt','kid':'own\\' OR \\'1\\'=\\'1'}", 's', 0 },
    { "{'alg':'EdDSA','typ':'at+jwt','kid':['own']}", 's', 0 },
    { "{'alg':['EdDSA'],'typ':'at+jwt','kid':'own'}", 's', 0 },
    { "{'alg':'EdDSA','typ':'at+jwt','kid':'own','crit':['exp']}", 's', 0 },
    { "{'alg':'EdDSA','typ':'at+jwt','kid':'own','jwk':{'kty':'OKP'}}", 'o', 0 },
    { "{'alg':'EdDSA','typ':'at+jwt','kid':'other','jku':'http://127.0.0.1/keys'}", 'o', 0 },
    { "['alg','EdDSA']", 's', 0 },
    { "", 's', 0 },
    { "{", 's', 0 },
  };
  TlSigningKeys *keys = keys_new (seal);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = forge (cases[i].head, cases[i].how);

    g_test_message ("%s, %c", cases[i].head, cases[i].how);
    g_assert_cmpint (account_of (keys, text), ==, cases[i].account);
  }
  tl_signing_keys_free (keys);
}

static void
test_shapes (void)
{
  TlSigningKeys *keys = keys_new (seal);
  g_autofree char *good = tl_signing_keys_make (keys, ACCOUNT, SESSION, "tideline", 600);
  g_autofree char *dot = g_strconcat (good, ".", NULL), *space = g_strconcat (" ", good, NULL);
  g_autofree char *padded = g_strconcat (good, "=", NULL);
  g_autofree char *long_one = g_strnfill (TL_JWT_MAX + 1, 'A');
  const char *const bad[] = { "", ".", "..", "...", "a.b.c", dot, space, padded, long_one };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_cmpint (account_of (keys, bad[i]), ==, 0);
  for (gsize i = 0; i < strlen (good); i++) {
    g_autofree char *changed = g_strdup (good);

    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    g_assert_cmpint (account_of (keys, changed), ==, 0);
    changed[i] = '\0';
    g_assert_cmpint (account_of (keys, changed), ==, 0);
  }
  tl_signing_keys_free (keys);
}

static guint
told_keys (TlSigningKeys *keys)
{
  g_autoptr (JsonNode) node = tl_signing_keys_public (keys);
  g_autofree char *text = json_to_string (node, FALSE);

  g_assert_null (strstr (text, "\"d\":")); /* never the private half */
  return json_array_get_length (json_object_get_array_member (json_node_get_object (node), "keys"));
}

static void
load (TlSigningKeys *keys)
{
  g_autoptr (GError) error = NULL;

  tl_signing_keys_load (keys, house->pg, &error);
  g_assert_no_error (error);
}

static char *
kid_of (const char *text)
{
  g_autoptr (TlJwt) token = tl_jwt_parse (text);

  return g_strdup (tl_jwt_string (token->head, "kid"));
}

/* Told before it signs; what was signed before stays good until it runs out. */
static void
test_rotation (void)
{
  TlSigningKeys *keys = keys_new (seal), *other = keys_new (seal);
  g_autofree char *before = tl_signing_keys_make (keys, ACCOUNT, SESSION, "tideline", 600);
  g_autofree char *kid = kid_of (before), *meanwhile = NULL, *after = NULL, *next = NULL;
  guint n = told_keys (keys);

  g_free (household_sql (house->pg, "UPDATE people.signing_key SET is_over = true"));
  load (keys);
  load (other);
  g_assert_cmpuint (told_keys (keys), ==, n + 1);
  meanwhile = tl_signing_keys_make (keys, ACCOUNT, SESSION, "tideline", 600);
  next = kid_of (meanwhile);
  g_assert_cmpstr (next, ==, kid);
  g_free (household_sql (house->pg, "UPDATE people.signing_key SET use_from = use_from - interval "
                                    "'6 minutes'"));
  load (keys);
  load (other);
  after = tl_signing_keys_make (other, ACCOUNT, SESSION, "tideline", 600);
  g_free (next);
  next = kid_of (after);
  g_assert_cmpstr (next, !=, kid);
  g_assert_cmpint (account_of (keys, after), ==, ACCOUNT);
  g_assert_cmpint (account_of (keys, before), ==, ACCOUNT);
  tl_signing_keys_free (keys);
  tl_signing_keys_free (other);
}

/* A database that came here with the secret of another server. */
static void
test_other_secret (void)
{
  guint8 strange[TL_SIGNING_SEAL_BYTES] = { 9 };
  TlSigningKeys *keys = keys_new (seal), *stranger = keys_new (strange);
  g_autofree char *before = tl_signing_keys_make (keys, ACCOUNT, SESSION, "tideline", 600);
  g_autofree char *text = tl_signing_keys_make (stranger, ACCOUNT, SESSION, "tideline", 600);

  g_assert_nonnull (text);
  g_assert_cmpint (account_of (stranger, text), ==, ACCOUNT);
  g_assert_cmpint (account_of (stranger, before), ==, ACCOUNT); /* public halves need no secret */
  tl_signing_keys_free (keys);
  tl_signing_keys_free (stranger);
}

static void
test_dropped (void)
{
  TlSigningKeys *keys = keys_new (seal);
  g_autofree char *before = tl_signing_keys_make (keys, ACCOUNT, SESSION, "tideline", 600);
  g_autofree char *after = NULL;

  g_free (household_sql (house->pg, "DELETE FROM people.signing_key"));
  load (keys);
  after = tl_signing_keys_make (keys, ACCOUNT, SESSION, "tideline", 600);
  g_assert_cmpint (account_of (keys, before), ==, 0);
  g_assert_cmpint (account_of (keys, after), ==, ACCOUNT);
  tl_signing_keys_free (keys);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
  house = household_new ();
  randombytes_buf (seal, sizeof seal);
  add_own_key ();
  g_test_add_func ("/signing-keys/what-is-ours-says-who-and-in-which-session", test_own);
  g_test_add_func ("/signing-keys/every-claim-is-looked-at", test_claims);
  g_test_add_func ("/signing-keys/what-a-head-says-of-itself-decides-nothing", test_heads);
  g_test_add_func ("/signing-keys/one-letter-changed-and-it-is-nothing", test_shapes);
  g_test_add_func ("/signing-keys/a-key-is-told-before-it-signs-and-after", test_rotation);
  g_test_add_func ("/signing-keys/another-secret-makes-a-key-of-its-own", test_other_secret);
  g_test_add_func ("/signing-keys/without-its-key-a-token-is-nothing", test_dropped);
  status = g_test_run ();
  household_free (house);
  return status;
}
