/* address.c: GET and POST /auth/email (docs/protocol.md): where a person is written to. By it a forgotten password is
 * changed, so whoever sets it says the password; tries are counted by account. It is written to once they opened the link
 * that goes there. Handlers: any worker thread. */
#include "server/services/notify/email.h"
#include "server/services/notify/words.h"
#include "server/services/user/auth.h"
#include "server/services/user/password.h"
#include "server/services/user/tokens.h"
#include "server/services/user/user.h"

#define SQL "user/address.sql"

static const TlRefusal bad_token = { 401, "invalid_token",
                                     "This sign-in has ended. Sign in again." };
static const TlRefusal no_mail = { 403, "no_mail", "This server sends no letters." };
static const TlRefusal bad_address = { 400, "invalid_address",
                                       "An address such as ines@example.org is wanted." };
static const TlRefusal too_often = {
  429, "rate_limited", "Another address was set just now. Wait a minute and try again."
};

typedef struct {
  char number[24]; /* of the account, as SQL takes it */
} Caller;

static PGresult *
ask (TlRequest *request, const char *name, int n, const char *const *args, GError **error)
{
  g_autofree char *prepared = g_strconcat (SQL, ".", name, NULL);

  return tl_pg_query (request->pg, prepared, tl_sql (SQL, name), n, args, error);
}

/* Who asks; answers when that is nobody, or there is no database to ask. */
static gboolean
find_caller (TlRequest *request, Caller *caller)
{
  const char *authorization = tl_request_header (request, "Authorization");
  guint8 session[TL_SESSION_BYTES];
  gint64 account = tl_tokens_session (request->server->tokens, authorization, session);

  if (account == 0) {
    tl_auth_refuse (request, &bad_token);
    return FALSE;
  }
  if (request->pg == NULL) {
    tl_auth_unavailable (request, NULL);
    return FALSE;
  }
  g_snprintf (caller->number, sizeof caller->number, "%" G_GINT64_FORMAT, account);
  return TRUE;
}

static void
answer_address (TlRequest *request, guint status, const char *address, gboolean is_confirmed)
{
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_boolean_member (object, "isOffered",
                                  tl_email_channel.is_on (request->server->config));
  if (address)
    json_object_set_string_member (object, "address", address);
  else
    json_object_set_null_member (object, "address");
  json_object_set_boolean_member (object, "isConfirmed", is_confirmed);
  tl_auth_answer (request, status, object);
}

void
tl_address_get (TlRequest *request)
{
  g_autoptr (PGresult) row = NULL;
  g_autoptr (GError) error = NULL;
  Caller caller;

  if (!find_caller (request, &caller))
    return;
  row = ask (request, "find", 1, (const char *const[]){ caller.number }, &error);
  if (row == NULL)
    tl_auth_unavailable (request, error);
  else if (PQntuples (row) == 0)
    answer_address (request, 200, NULL, FALSE);
  else
    answer_address (request, 200, PQgetvalue (row, 0, 0), *PQgetvalue (row, 0, 1) == 't');
}

/* --- setting ----------------------------------------------------------------------------------- */

static void
set_address (TlRequest *request, const Caller *caller, const char *address, const char *language)
{
  const char *args[] = { caller->number, address, language };
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) row = ask (request, "set", G_N_ELEMENTS (args), args, &error);
  gboolean is_confirmed;

  if (row && PQntuples (row) == 0) {
    tl_request_set_header (request, "Retry-After", "60");
    tl_auth_refuse (request, &too_often);
    return;
  }
  is_confirmed = row && *PQgetvalue (row, 0, 0) == 't';
  if (!row || (!is_confirmed && !tl_delivery_add_letter (request->server, request->pg,
                                                         caller->number, "confirm", &error)))
    tl_auth_unavailable (request, error);
  else
    answer_address (request, 200, address, is_confirmed);
}

static void
remove_address (TlRequest *request, const Caller *caller)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) gone =
      ask (request, "remove", 1, (const char *const[]){ caller->number }, &error);

  if (gone)
    answer_address (request, 200, NULL, FALSE);
  else
    tl_auth_unavailable (request, error);
}

void
tl_address_set (TlRequest *request)
{
  g_autoptr (JsonObject) body = NULL;
  const char *address, *language;
  Caller caller;

  if (!find_caller (request, &caller))
    return;
  body = tl_auth_body (request);
  if (body == NULL)
    return;
  address = tl_auth_string (body, "address");
  language = tl_auth_string (body, "language");
  if (address && *address && !tl_email_channel.is_on (request->server->config))
    tl_auth_refuse (request, &no_mail);
  else if (address == NULL || (*address && !tl_smtp_is_address (address)))
    tl_auth_refuse (request, &bad_address);
  else if (!tl_password_confirm (request, caller.number, body))
    return;
  else if (*address)
    set_address (request, &caller, address, tl_words_language (language ? language : ""));
  else
    remove_address (request, &caller);
}
