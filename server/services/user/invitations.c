/* invitations.c: GET and POST /auth/invitations, POST /auth/invitations/revoke (docs/protocol.md, Joining): who is
 * signed in invites others, as members, as far as their role and the configuration allow. Handlers: any worker
 * thread. */
#include "server/services/user/auth.h"
#include "server/services/user/join.h"
#include "server/services/user/roles.h"
#include "server/services/user/tokens.h"
#include "server/services/user/user.h"

#define SQL "user/join.sql"
#define USES_MAX 50
#define DAYS_MAX 30
#define OPEN_MAX 20

typedef struct {
  gint64 account;
  char number[24];
  char session[TL_SESSION_TEXT];
  gboolean may_invite;
} Caller;

static const TlRefusal bad_token = { 401, "invalid_token",
                                     "This sign-in has ended. Sign in again." };
static const TlRefusal forbidden = { 403, "forbidden", "You cannot invite others to this server." };
static const TlRefusal too_many = {
  403, "too_many", "You have many invitations open. Revoke some, or wait until they end."
};
static const TlRefusal unfit = { 400, "invalid_invitation",
                                 "An invitation is for 1 to 50 people, and for 1 to 30 days." };
static const TlRefusal not_found = { 404, "not_found", "You have no such invitation." };

static PGresult *
ask (TlRequest *request, const char *name, const char *statement, const Caller *caller,
     const char *second, GError **error)
{
  const char *args[] = { caller->number, second };

  return tl_pg_query (request->pg, name, tl_sql (SQL, statement), second ? 2 : 1, args, error);
}

static gboolean
is_inviting (TlRequest *request, const char *role)
{
  const TlConfig *config = request->server->config;

  return !g_str_equal (config->registration, "closed") &&
         (tl_role_may (role, TL_DEED_INVITE, NULL) || config->members_invite);
}

/* Who asks; answers when that is nobody, or there is no database to ask. */
static gboolean
find_caller (TlRequest *request, Caller *caller)
{
  const char *authorization = tl_request_header (request, "Authorization");
  guint8 session[TL_SESSION_BYTES];
  g_autoptr (PGresult) row = NULL;
  g_autoptr (GError) error = NULL;

  caller->account = tl_tokens_session (request->server->tokens, authorization, session);
  if (!caller->account) {
    tl_auth_refuse (request, &bad_token);
    return FALSE;
  }
  g_snprintf (caller->number, sizeof caller->number, "%" G_GINT64_FORMAT, caller->account);
  tl_session_format (session, caller->session);
  row =
      request->pg ? ask (request, "user.caller", "caller", caller, caller->session, &error) : NULL;
  if (!row) {
    tl_auth_unavailable (request, error);
    return FALSE;
  }
  if (PQntuples (row) == 0) {
    tl_auth_refuse (request, &bad_token);
    return FALSE;
  }
  caller->may_invite = is_inviting (request, PQgetvalue (row, 0, 0));
  return TRUE;
}

/* --- list, revoke ------------------------------------------------------------------------------ */

static JsonObject *
describe (PGresult *rows, int row)
{
  JsonObject *invitation = json_object_new ();

  json_object_set_string_member (invitation, "id", PQgetvalue (rows, row, 0));
  json_object_set_int_member (invitation, "uses",
                              g_ascii_strtoll (PQgetvalue (rows, row, 1), NULL, 10));
  json_object_set_string_member (invitation, "createdAt", PQgetvalue (rows, row, 2));
  json_object_set_string_member (invitation, "expiresAt", PQgetvalue (rows, row, 3));
  return invitation;
}

void
tl_invitations_list (TlRequest *request)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (PGresult) rows = NULL;
  g_autoptr (GError) error = NULL;
  JsonArray *invitations;
  Caller caller;

  if (!find_caller (request, &caller))
    return;
  rows = ask (request, "user.invitations", "invitations", &caller, NULL, &error);
  if (!rows) {
    tl_auth_unavailable (request, error);
    return;
  }
  invitations = json_array_new ();
  for (int i = 0; i < PQntuples (rows); i++)
    json_array_add_object_element (invitations, describe (rows, i));
  json_object_set_boolean_member (object, "mayInvite", caller.may_invite);
  json_object_set_array_member (object, "invitations", invitations);
  tl_auth_answer (request, 200, object);
}

void
tl_invitations_revoke (TlRequest *request)
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
  if (!id || !g_ascii_string_to_signed (id, 10, 1, G_MAXINT64, NULL, NULL)) {
    tl_auth_refuse (request, &not_found);
    return;
  }
  row = ask (request, "user.invitation-revoke", "revoke-own", &caller, id, &error);
  if (!row)
    tl_auth_unavailable (request, error);
  else if (PQntuples (row) == 0)
    tl_auth_refuse (request, &not_found);
  else
    request->status = 204;
}

/* --- make -------------------------------------------------------------------------------------- */

static void
answer_made (TlRequest *request, const char *token, const char *expires)
{
  g_autofree char *link = tl_invitation_link (request->server->config->public_url, token);
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "link", link);
  json_object_set_string_member (object, "expiresAt", expires);
  tl_auth_answer (request, 200, object);
}

/* Within a transaction, so that one's open invitations are counted one after the other. */
static char *
make (TlRequest *request, const Caller *caller, const TlInvitation *invitation, char **expires,
      GError **error)
{
  g_autoptr (PGresult) lock =
      ask (request, "user.lock-inviter", "lock-inviter", caller, NULL, error);
  g_autoptr (PGresult) count =
      lock ? ask (request, "user.open-invitations", "open-invitations", caller, NULL, error) : NULL;
  g_autofree char *token = NULL;

  if (!count)
    return NULL;
  if (g_ascii_strtoll (PQgetvalue (count, 0, 0), NULL, 10) >= OPEN_MAX)
    return g_strdup ("");
  token = tl_invitation_make (request->pg, invitation, expires, error);
  return token && tl_pg_commit (request->pg, error) ? g_steal_pointer (&token) : NULL;
}

void
tl_invitations_make (TlRequest *request)
{
  g_autoptr (JsonObject) body = NULL;
  TlInvitation invitation = { .role = "member" };
  g_autofree char *expires = NULL, *token = NULL;
  g_autoptr (GError) error = NULL;
  gint64 uses, days;
  Caller caller;

  if (!find_caller (request, &caller))
    return;
  body = tl_auth_body (request);
  if (!body)
    return;
  uses = json_object_get_int_member_with_default (body, "uses", 1);
  days = json_object_get_int_member_with_default (body, "days", 7);
  if (!caller.may_invite) {
    tl_auth_refuse (request, &forbidden);
    return;
  }
  if (uses < 1 || uses > USES_MAX || days < 1 || days > DAYS_MAX) {
    tl_auth_refuse (request, &unfit);
    return;
  }
  invitation.uses = (guint)uses;
  invitation.days = (guint)days;
  invitation.by = caller.account;
  if (tl_pg_begin (request->pg, &error))
    token = make (request, &caller, &invitation, &expires, &error);
  tl_pg_rollback (request->pg);
  if (!token)
    tl_auth_unavailable (request, error);
  else if (!*token)
    tl_auth_refuse (request, &too_many);
  else
    answer_made (request, token, expires);
}
