/* password.c: what cannot be taken back takes the password again, not a token alone. Tries are counted by account,
 * together with those of a change of password. */
#include "server/services/user/password.h"

#include "server/services/user/people.h"
#include "server/services/user/rate.h"

#include <sodium.h>
#include <string.h>

static const TlRefusal bad_token = { 401, "invalid_token",
                                     "This sign-in has ended. Sign in again." };
static const TlRefusal bad_password = { 403, "invalid_credentials", "The password is wrong." };
static const TlRefusal too_often = { 429, "rate_limited",
                                     "Too many attempts. Wait a minute and try again." };

static gboolean
compare (TlRequest *request, const char *account, const char *password)
{
  const char *args[] = { account };
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) row = tl_pg_query (request->pg, "export.password",
                                          tl_sql ("user/export.sql", "password"), 1, args, &error);

  if (!row)
    tl_auth_unavailable (request, error);
  else if (PQntuples (row) == 0)
    tl_auth_refuse (request, &bad_token);
  else if (crypto_pwhash_str_verify (PQgetvalue (row, 0, 0), password, strlen (password)) != 0)
    tl_auth_refuse (request, &bad_password);
  else
    return TRUE;
  return FALSE;
}

gboolean
tl_password_confirm (TlRequest *request, const char *account, JsonObject *body)
{
  const char *password = tl_auth_string (body, "password");
  g_autofree char *key = g_strconcat ("password ", account, NULL);
  g_autofree char *seconds = NULL;
  guint wait;

  if (!password || strlen (password) > TL_PASSWORD_MAX) {
    tl_auth_refuse (request, &bad_password);
    return FALSE;
  }
  wait = tl_rate_take (request->server->sign_ins, key);
  if (wait) {
    seconds = g_strdup_printf ("%u", wait);
    tl_request_set_header (request, "Retry-After", seconds);
    tl_auth_refuse (request, &too_often);
    return FALSE;
  }
  if (!compare (request, account, password))
    return FALSE;
  tl_rate_forgive (request->server->sign_ins, key);
  return TRUE;
}
