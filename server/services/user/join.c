/* join.c: makes invitations, and takes in who comes by one.
 *
 * A token is 24 random bytes; its hash finds it. All that costs time is done before anything is looked up, so that how
 * long it takes says nothing of what is there. The use of an invitation is counted in the transaction that adds the
 * person: of two at once on the last use one waits, and finds none. */
#include "server/services/user/join.h"

#include "server/services/user/people.h"

#include <sodium.h>
#include <string.h>

#define SQL "user/join.sql"
#define TOKEN_BYTES 24
#define NEAR_MAX 1000 /* logins that are tried */
#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define HASH_HEX (2 * crypto_generichash_BYTES + 1)

static PGresult *
ask (TlPg *pg, const char *name, const char *statement, int n, const char *const *args,
     GError **error)
{
  return tl_pg_query (pg, name, tl_sql (SQL, statement), n, args, error);
}

/* Of any text, so that what is no token at all is found as little as another one. */
static void
hash_token (const char *token, char hex[HASH_HEX])
{
  guint8 hash[crypto_generichash_BYTES];

  crypto_generichash (hash, sizeof hash, (const guint8 *)token, strlen (token), NULL, 0);
  sodium_bin2hex (hex, HASH_HEX, hash, sizeof hash);
}

static gboolean
check_invitation (const TlInvitation *invitation, GError **error)
{
  const char *sentence = NULL;

  if (!tl_people_is_role (invitation->role))
    sentence = "A role is admin, moderator or member";
  else if (invitation->uses < 1 || invitation->uses > TL_INVITATION_USES_MAX)
    sentence = "An invitation is good for 1 to 1000 people";
  else if (invitation->days < 1 || invitation->days > TL_INVITATION_DAYS_MAX)
    sentence = "An invitation is good for 1 to 365 days";
  if (sentence)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, sentence);
  return sentence == NULL;
}

char *
tl_invitation_make (TlPg *pg, const TlInvitation *invitation, char **expires, GError **error)
{
  g_autofree char *uses = g_strdup_printf ("%u", invitation->uses);
  g_autofree char *days = g_strdup_printf ("%u", invitation->days);
  g_autofree char *by =
      invitation->by ? g_strdup_printf ("%" G_GINT64_FORMAT, invitation->by) : NULL;
  char token[sodium_base64_ENCODED_LEN (TOKEN_BYTES, BASE64)];
  guint8 bytes[TOKEN_BYTES];
  char hash[HASH_HEX];
  const char *args[] = { hash, invitation->role, uses, days, by };
  g_autoptr (PGresult) row = NULL;

  if (!check_invitation (invitation, error))
    return NULL;
  if (sodium_init () < 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "libsodium finds no source of randomness");
    return NULL;
  }
  randombytes_buf (bytes, sizeof bytes);
  sodium_bin2base64 (token, sizeof token, bytes, sizeof bytes, BASE64);
  hash_token (token, hash);
  row = ask (pg, "user.invite", "invite", G_N_ELEMENTS (args), args, error);
  if (!row)
    return NULL;
  *expires = g_strdup (PQgetvalue (row, 0, 1));
  return g_strdup (token);
}

char *
tl_invitation_link (const char *base, const char *token)
{
  return g_strconcat (base, g_str_has_suffix (base, "/") ? "join/" : "/join/", token, NULL);
}

/* --- joining ----------------------------------------------------------------------------------- */

/* The role that the invitation gives; NULL when it is not good. */
static char *
take (TlPg *pg, const char *token, GError **error)
{
  char hash[HASH_HEX];
  const char *args[] = { hash };
  g_autoptr (PGresult) row = NULL;

  hash_token (token, hash);
  row = ask (pg, "user.invitation-take", "take", 1, args, error);
  if (row && PQntuples (row) == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                 "This invitation is not good, or not any more");
  return row && PQntuples (row) > 0 ? g_strdup (PQgetvalue (row, 0, 0)) : NULL;
}

/* Within the transaction. The directory is locked from here on: nobody else joins meanwhile. */
static gboolean
check_look (TlPg *pg, const char *login, GError **error)
{
  const char *args[] = { login };
  g_autoptr (PGresult) row = NULL;
  gboolean resembles;

  if (!tl_people_lock_directory (pg, error))
    return FALSE;
  row = ask (pg, "user.resembles", "resembles", 1, args, error);
  if (!row)
    return FALSE;
  resembles = *PQgetvalue (row, 0, 0) == 't';
  if (resembles)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                 "The login “%s” is taken, or looks like one that is", login);
  return !resembles;
}

static gint64
join (TlPg *pg, const char *login, const char *name, const char *hashed, const char *token,
      GError **error)
{
  g_autofree char *role = token ? take (pg, token, error) : g_strdup ("member");

  if (!role || !check_look (pg, login, error))
    return 0;
  return tl_people_add_within (pg, login, name, hashed, role, error);
}

gint64
tl_people_join (TlPg *pg, const char *login, const char *name, const char *password,
                const char *token, GError **error)
{
  g_autofree char *hashed = NULL;
  gint64 account;

  if (!tl_people_check (login, name, password, "member", error))
    return 0;
  hashed = tl_people_hash (password, error);
  if (!hashed || !tl_pg_begin (pg, error))
    return 0;
  account = join (pg, login, name, hashed, token, error);
  if (account && tl_pg_commit (pg, error))
    return account;
  tl_pg_rollback (pg);
  return 0;
}

gint64
tl_people_join_near (TlPg *pg, const char *login, const char *name, GError **error)
{
  guint8 bytes[TOKEN_BYTES];
  char password[sodium_base64_ENCODED_LEN (TOKEN_BYTES, BASE64)];
  g_autofree char *hashed = NULL;

  randombytes_buf (bytes, sizeof bytes);
  sodium_bin2base64 (password, sizeof password, bytes, sizeof bytes, BASE64);
  hashed = tl_people_hash (password, error);
  sodium_memzero (password, sizeof password);
  for (guint i = 1; hashed && i <= NEAR_MAX; i++) {
    g_autofree char *near = i > 1 ? g_strdup_printf ("%s%u", login, i) : g_strdup (login);
    g_autoptr (GError) cause = NULL;

    if (check_look (pg, near, &cause))
      return tl_people_add_within (pg, near, name, hashed, "member", error);
    if (!g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_EXISTS)) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return 0;
    }
  }
  if (hashed)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "No login near “%s” is free", login);
  return 0;
}
