/* devices.c: GET /auth/devices, POST /auth/devices/end, POST /auth/password (docs/protocol.md): where a
 * person is signed in, signing out there, another password.
 *
 * A session that ends here is refused and its sockets are closed as with every other end: the database
 * counts it, each process looks. A password is changed by whoever knows the one before; tries are
 * counted by account. Handlers: any worker thread. */
#include "server/jmap/hub.h"
#include "server/services/user/auth.h"
#include "server/services/user/people.h"
#include "server/services/user/rate.h"
#include "server/services/user/tokens.h"
#include "server/services/user/user.h"

#include <sodium.h>
#include <string.h>

#define SQL "user/devices.sql"

typedef struct {
  gint64 account;
  char number[24]; /* of the account, as SQL takes it */
  char session[TL_SESSION_TEXT];
} Caller;

static const TlRefusal bad_token = { 401, "invalid_token",
                                     "This sign-in has ended. Sign in again." };
static const TlRefusal no_device = { 404, "not_found", "You are not signed in on such a device." };
static const TlRefusal bad_password = { 403, "invalid_credentials", "The password is wrong." };
static const TlRefusal unfit_password = { 400, "invalid_password",
                                          "A password has 8 to 1024 bytes." };
static const TlRefusal too_often = { 429, "rate_limited",
                                     "Too many attempts. Wait a minute and try again." };

/* Who asks; answers when that is nobody, or there is no database to ask. */
static gboolean
find_caller (TlRequest *request, Caller *caller)
{
  const char *authorization = tl_request_header (request, "Authorization");
  guint8 session[TL_SESSION_BYTES];

  caller->account = tl_tokens_session (request->server->tokens, authorization, session);
  if (!caller->account) {
    tl_auth_refuse (request, &bad_token);
    return FALSE;
  }
  if (request->pg == NULL) {
    tl_auth_unavailable (request, NULL);
    return FALSE;
  }
  g_snprintf (caller->number, sizeof caller->number, "%" G_GINT64_FORMAT, caller->account);
  tl_session_format (session, caller->session);
  return TRUE;
}

static PGresult *
ask (TlRequest *request, const char *name, const char *statement, const Caller *caller,
     const char *session, GError **error)
{
  const char *args[] = { caller->number, session };

  return tl_pg_query (request->pg, name, tl_sql (SQL, statement), 2, args, error);
}

static JsonObject *
describe (PGresult *rows, int row)
{
  JsonObject *device = json_object_new ();

  json_object_set_string_member (device, "id", PQgetvalue (rows, row, 0));
  json_object_set_string_member (device, "name", PQgetvalue (rows, row, 1));
  json_object_set_string_member (device, "signedInAt", PQgetvalue (rows, row, 2));
  json_object_set_string_member (device, "seenAt", PQgetvalue (rows, row, 3));
  json_object_set_boolean_member (device, "isThis", *PQgetvalue (rows, row, 4) == 't');
  return device;
}

void
tl_devices_list (TlRequest *request)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (PGresult) rows = NULL;
  g_autoptr (GError) error = NULL;
  JsonArray *devices;
  Caller caller;

  if (!find_caller (request, &caller))
    return;
  rows = ask (request, "user.devices", "devices", &caller, caller.session, &error);
  if (!rows) {
    tl_auth_unavailable (request, error);
    return;
  }
  devices = json_array_new ();
  for (int i = 0; i < PQntuples (rows); i++)
    json_array_add_object_element (devices, describe (rows, i));
  json_object_set_array_member (object, "devices", devices);
  tl_auth_answer (request, 200, object);
}

void
tl_devices_end (TlRequest *request)
{
  g_autoptr (JsonObject) body = NULL;
  g_autoptr (PGresult) row = NULL;
  g_autoptr (GError) error = NULL;
  const char *id;
  Caller caller;

  if (!find_caller (request, &caller))
    return;
  body = tl_auth_body (request);
  if (!body)
    return;
  id = tl_auth_string (body, "id");
  if (!id || !g_uuid_string_is_valid (id)) {
    tl_auth_refuse (request, &no_device);
    return;
  }
  row = ask (request, "user.device-end", "device-end", &caller, id, &error);
  if (!row) {
    tl_auth_unavailable (request, error);
  } else if (PQntuples (row) == 0) {
    tl_auth_refuse (request, &no_device);
  } else {
    tl_hub_committed (request->server->hub);
    request->status = 204;
  }
}

/* --- password ---------------------------------------------------------------------------------- */

static void
change_password (TlRequest *request, const Caller *caller, const char *before, const char *password)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) row =
      ask (request, "user.password-find", "password-find", caller, caller->session, &error);
  const char *kept;

  if (!row) {
    tl_auth_unavailable (request, error);
    return;
  }
  if (PQntuples (row) == 0) {
    tl_auth_refuse (request, &bad_token);
    return;
  }
  kept = PQgetvalue (row, 0, 0);
  if (crypto_pwhash_str_verify (kept, before, strlen (before)) != 0) {
    tl_auth_refuse (request, &bad_password);
  } else if (tl_people_change_password (request->pg, caller->account, caller->session, kept,
                                        password, &error)) {
    tl_hub_committed (request->server->hub);
    request->status = 204;
  } else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT)) {
    tl_auth_refuse (request, &unfit_password);
  } else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)) {
    tl_auth_refuse (request, &bad_password);
  } else {
    tl_auth_unavailable (request, error);
  }
}

void
tl_password_change (TlRequest *request)
{
  g_autoptr (JsonObject) body = NULL;
  g_autofree char *key = NULL;
  const char *before, *password;
  Caller caller;
  guint wait;

  if (!find_caller (request, &caller))
    return;
  body = tl_auth_body (request);
  if (!body)
    return;
  before = tl_auth_string (body, "password");
  password = tl_auth_string (body, "newPassword");
  if (!before || !password || strlen (before) > TL_PASSWORD_MAX) {
    tl_auth_refuse (request, &bad_password);
    return;
  }
  key = g_strconcat ("password ", caller.number, NULL);
  wait = tl_rate_take (request->server->sign_ins, key);
  if (wait) {
    g_autofree char *seconds = g_strdup_printf ("%u", wait);

    tl_request_set_header (request, "Retry-After", seconds);
    tl_auth_refuse (request, &too_often);
    return;
  }
  change_password (request, &caller, before, password);
  if (request->status != bad_password.status)
    tl_rate_forgive (request->server->sign_ins, key);
}
