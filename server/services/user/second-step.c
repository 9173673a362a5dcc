/* second-step.c: POST /auth/login/code (docs/protocol.md): a code after the password.
 *
 * The token between the two steps is sealed for this alone and opens nothing: account, until when (five minutes), and a
 * mark of the password, so that it is worth nothing once that is changed. Wrong codes are counted by account in the
 * database, and by address. Handlers: any worker thread. */
#include "server/services/user/second-step.h"

#include "server/services/user/factor.h"
#include "server/services/user/rate.h"
#include "server/services/user/tokens.h"
#include "server/services/user/user.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define SQL "user/factor.sql"
#define PURPOSE "second step"
#define STEP_SECONDS 300
#define MARK_BYTES 16

static const TlRefusal code_needed = {
  403, "code_needed", "A code of your authenticator app, or a recovery code, is needed."
};
static const TlRefusal bad_step = {
  401, "invalid_token", "This took too long, or the password was changed. Sign in again."
};
static const TlRefusal bad_code = { 403, "invalid_code",
                                    "This code is wrong, or was used before." };
static const TlRefusal no_factor = { 404, "not_found", "There is no second step for this." };
static const TlRefusal too_often = { 429, "rate_limited",
                                     "Too many wrong codes. Wait and try again." };

static void
mark_of (const char *hash, char mark[2 * MARK_BYTES + 1])
{
  guint8 bytes[MARK_BYTES];

  crypto_generichash (bytes, sizeof bytes, (const guint8 *)hash, strlen (hash), NULL, 0);
  sodium_bin2hex (mark, 2 * MARK_BYTES + 1, bytes, sizeof bytes);
}

char *
tl_second_step_token (TlRequest *request, gint64 account, const char *hash)
{
  gint64 expires = g_get_real_time () / G_USEC_PER_SEC + STEP_SECONDS;
  g_autofree char *text = NULL;
  char mark[2 * MARK_BYTES + 1];

  mark_of (hash, mark);
  text = g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s", account, expires, mark);
  return tl_tokens_seal (request->server->tokens, PURPOSE, text);
}

void
tl_second_step_ask (TlRequest *request, gint64 account, const char *hash)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *token = tl_second_step_token (request, account, hash);

  json_object_set_string_member (object, "error", code_needed.code);
  json_object_set_string_member (object, "message", code_needed.sentence);
  json_object_set_string_member (object, "token", token);
  tl_auth_answer (request, code_needed.status, object);
}

gint64
tl_second_step_person (TlRequest *request, const char *token, GError **error)
{
  g_autofree char *text = tl_tokens_unseal (request->server->tokens, PURPOSE, token);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_auto (GStrv) parts = text ? g_strsplit (text, " ", 3) : NULL;
  g_autoptr (PGresult) row = NULL;
  char mark[2 * MARK_BYTES + 1];

  if (parts == NULL || g_ascii_strtoll (parts[1], NULL, 10) <= now)
    return 0;
  row = tl_pg_query (request->pg, SQL ".step-person", tl_sql (SQL, "step-person"), 1,
                     (const char *const[]){ parts[0] }, error);
  if (row == NULL || PQntuples (row) == 0)
    return 0;
  mark_of (PQgetvalue (row, 0, 0), mark);
  if (strcmp (mark, parts[2]) != 0)
    return 0;
  return g_ascii_strtoll (parts[0], NULL, 10);
}

static void
refuse_for_now (TlRequest *request, guint wait)
{
  g_autofree char *seconds = g_strdup_printf ("%u", wait);

  tl_request_set_header (request, "Retry-After", seconds);
  tl_auth_refuse (request, &too_often);
}

gboolean
tl_second_step_check (TlRequest *request, gint64 account, const char *code, gboolean is_new)
{
  g_autoptr (GError) error = NULL;
  guint wait = 0;

  switch (tl_factor_check (request->pg, account, code, is_new, &wait, &error)) {
  case TL_FACTOR_GOOD:
    return TRUE;
  case TL_FACTOR_NONE:
    tl_auth_refuse (request, &no_factor);
    break;
  case TL_FACTOR_WRONG:
    tl_auth_refuse (request, &bad_code);
    break;
  case TL_FACTOR_WAIT:
    refuse_for_now (request, wait);
    break;
  case TL_FACTOR_FAILED:
    tl_auth_unavailable (request, error);
    break;
  }
  return FALSE;
}

static void
finish (TlRequest *request, const char *token, const char *code, const char *device)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *number = NULL;
  gint64 account = tl_second_step_person (request, token, &error);

  if (account == 0 && error) {
    tl_auth_unavailable (request, error);
  } else if (account == 0) {
    tl_auth_refuse (request, &bad_step);
  } else if (tl_second_step_check (request, account, code, FALSE)) {
    number = g_strdup_printf ("%" G_GINT64_FORMAT, account);
    tl_sign_in_as (request, number, device);
  }
}

void
tl_second_step (TlRequest *request)
{
  g_autoptr (JsonObject) body = tl_auth_body (request);
  const char *token, *code, *device;
  guint wait;

  if (body == NULL)
    return;
  token = tl_auth_string (body, "token");
  code = tl_auth_string (body, "code");
  device = tl_auth_string (body, "device");
  if (request->pg == NULL) {
    tl_auth_unavailable (request, NULL);
    return;
  }
  wait = tl_rate_take (request->server->sign_in_addresses, request->address);
  if (wait) {
    refuse_for_now (request, wait);
    return;
  }
  finish (request, token ? token : "", code ? code : "", device ? device : "");
  if (request->status == 200)
    tl_rate_give_back (request->server->sign_in_addresses, request->address);
}
