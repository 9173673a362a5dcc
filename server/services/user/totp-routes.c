/* totp-routes.c: GET and POST /auth/totp, POST /auth/totp/confirm, /auth/totp/off (docs/protocol.md): a person's second
 * factor is set up, confirmed by a code of it, and turned off by the password and a code. Handlers: any worker thread. */
#include "server/services/user/factor.h"
#include "server/services/user/password.h"
#include "server/services/user/second-step.h"
#include "server/services/user/tokens.h"
#include "server/services/user/totp.h"
#include "server/services/user/user.h"

#define SQL "user/factor.sql"

static const TlRefusal bad_token = { 401, "invalid_token",
                                     "This sign-in has ended. Sign in again." };
static const TlRefusal already_on = { 409, "already_on", "The second step is on already." };

static gint64
find_caller (TlRequest *request)
{
  gint64 account =
      tl_tokens_account (request->server->tokens, tl_request_header (request, "Authorization"));

  if (account == 0)
    tl_auth_refuse (request, &bad_token);
  else if (request->pg == NULL)
    tl_auth_unavailable (request, NULL);
  else
    return account;
  return 0;
}

void
tl_totp_state (TlRequest *request)
{
  g_autoptr (JsonObject) object = json_object_new ();
  gint64 account = find_caller (request);
  g_autoptr (GError) error = NULL;
  TlFactorAnswer state;
  guint codes = 0;

  if (account == 0)
    return;
  state = tl_factor_state (request->pg, account, &codes, &error);
  if (state == TL_FACTOR_FAILED) {
    tl_auth_unavailable (request, error);
    return;
  }
  json_object_set_boolean_member (object, "isOn", state == TL_FACTOR_GOOD);
  json_object_set_int_member (object, "recoveryCodes", codes);
  tl_auth_answer (request, 200, object);
}

static void
answer_secret (TlRequest *request, const char *account, const char *secret, GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (PGresult) row =
      tl_pg_query (request->pg, SQL ".login", tl_sql (SQL, "login"), 1, &account, error);
  g_autofree char *uri = NULL;

  if (row == NULL || PQntuples (row) == 0)
    return;
  uri = tl_totp_uri (request->server->config->name, PQgetvalue (row, 0, 0), secret);
  json_object_set_string_member (object, "secret", secret);
  json_object_set_string_member (object, "uri", uri);
  tl_auth_answer (request, 200, object);
}

void
tl_totp_begin (TlRequest *request)
{
  gint64 account = find_caller (request);
  g_autoptr (JsonObject) body = account ? tl_auth_body (request) : NULL;
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, account);
  g_autofree char *secret = NULL;
  g_autoptr (GError) error = NULL;

  if (body == NULL || !tl_password_confirm (request, number, body))
    return;
  secret = tl_factor_begin (request->pg, account, &error);
  if (secret)
    answer_secret (request, number, secret, &error);
  else if (error == NULL)
    tl_auth_refuse (request, &already_on);
  if (error)
    tl_auth_unavailable (request, error);
}

void
tl_totp_confirm (TlRequest *request)
{
  gint64 account = find_caller (request);
  g_autoptr (JsonObject) body = account ? tl_auth_body (request) : NULL;
  const char *code = body ? tl_auth_string (body, "code") : NULL;
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *list;
  g_auto (GStrv) codes = NULL;
  g_autoptr (GError) error = NULL;

  if (body == NULL || !tl_second_step_check (request, account, code ? code : "", TRUE))
    return;
  codes = tl_factor_turn_on (request->pg, account, &error);
  if (codes == NULL) {
    tl_auth_unavailable (request, error);
    return;
  }
  g_message ("Account %" G_GINT64_FORMAT " has a second factor", account);
  list = json_array_new ();
  for (guint i = 0; codes[i]; i++)
    json_array_add_string_element (list, codes[i]);
  json_object_set_array_member (object, "recoveryCodes", list);
  tl_auth_answer (request, 200, object);
}

void
tl_totp_off (TlRequest *request)
{
  gint64 account = find_caller (request);
  g_autoptr (JsonObject) body = account ? tl_auth_body (request) : NULL;
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, account);
  const char *code = body ? tl_auth_string (body, "code") : NULL;
  g_autoptr (GError) error = NULL;

  if (body == NULL || !tl_password_confirm (request, number, body) ||
      !tl_second_step_check (request, account, code ? code : "", FALSE))
    return;
  if (tl_factor_turn_off (request->pg, account, &error) == TL_FACTOR_FAILED) {
    tl_auth_unavailable (request, error);
    return;
  }
  g_message ("Account %" G_GINT64_FORMAT " has no second factor any more", account);
  request->status = 204;
}
