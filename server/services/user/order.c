/* order.c: GET and POST /auth/people/… (docs/protocol.md, Keeping order): what the one who asks may do about somebody,
 * and doing it. Handlers: any worker thread. */
#include "server/jmap/hub.h"
#include "server/services/user/auth.h"
#include "server/services/user/standing.h"
#include "server/services/user/tokens.h"
#include "server/services/user/user.h"

#include "sync/wire/types.h"

static const TlRefusal bad_token = { 401, "invalid_token",
                                     "This sign-in has ended. Sign in again." };
static const TlRefusal nobody = { 404, "not_found", "There is no such person." };

static void
answer_error (TlRequest *request, const GError *error)
{
  g_autofree char *sentence = error ? g_strconcat (error->message, ".", NULL) : NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    tl_auth_refuse (request, &(TlRefusal){ 403, "forbidden", sentence });
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT))
    tl_auth_refuse (request, &(TlRefusal){ 400, "invalid_arguments", sentence });
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    tl_auth_refuse (request, &nobody);
  else
    tl_auth_unavailable (request, error);
}

/* Who asks, by a token that is good still; 0 when that was answered already. */
static gint64
find_caller (TlRequest *request)
{
  gint64 account =
      tl_tokens_account (request->server->tokens, tl_request_header (request, "Authorization"));

  if (!account)
    tl_auth_refuse (request, &bad_token);
  else if (!request->pg)
    tl_auth_unavailable (request, NULL);
  return request->pg ? account : 0;
}

/* --- asking ------------------------------------------------------------------------------------ */

static JsonObject *
describe (PGresult *person, const char *role, gboolean is_own)
{
  const char *whose = PQgetvalue (person, 0, 1);
  JsonObject *object = json_object_new ();
  JsonArray *may = json_array_new ();

  for (TlDeed deed = 0; deed < TL_N_DEEDS; deed++) {
    gboolean is_about_people = deed != TL_DEED_INVITE && deed != TL_DEED_REMOVE_WORDS;

    if (!(is_own && is_about_people) && tl_role_may (role, deed, is_about_people ? whose : NULL))
      json_array_add_string_element (may, tl_deed_name (deed));
  }
  json_object_set_string_member (object, "role", whose);
  json_object_set_boolean_member (object, "isSuspended", *PQgetvalue (person, 0, 2) == 't');
  json_object_set_array_member (object, "may", may);
  return object;
}

void
tl_order_person (TlRequest *request)
{
  gint64 account = find_caller (request), person;
  g_autofree char *role = NULL, *number = NULL;
  g_autoptr (PGresult) row = NULL;
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (GError) error = NULL;

  if (!account)
    return;
  if (!tl_id_parse (request->rest, &person)) {
    tl_auth_refuse (request, &nobody);
    return;
  }
  role = tl_standing_role (request->pg, account, &error);
  number = g_strdup_printf ("%" G_GINT64_FORMAT, person);
  if (!error)
    row = tl_pg_query (request->pg, "standing.person", tl_sql ("user/standing.sql", "person"), 1,
                       (const char *[]){ number }, &error);
  if (!row) {
    tl_auth_unavailable (request, error);
  } else if (PQntuples (row) == 0) {
    tl_auth_refuse (request, &nobody);
  } else {
    object = describe (row, role, person == account);
    tl_auth_answer (request, 200, object);
  }
}

/* --- doing ------------------------------------------------------------------------------------- */

static PGresult *
give_role (TlRequest *request, gint64 person, JsonObject *body, gint64 by, GError **error)
{
  const char *role = tl_auth_string (body, "role");

  return tl_standing_give_role (request->pg, person, role ? role : "", by, error);
}

static PGresult *
suspend (TlRequest *request, gint64 person, JsonObject *body, gint64 by, GError **error)
{
  return tl_standing_suspend (request->pg, person, by, error);
}

static PGresult *
let_in (TlRequest *request, gint64 person, JsonObject *body, gint64 by, GError **error)
{
  return tl_standing_let_in (request->pg, person, by, error);
}

static const struct {
  const char *path;
  PGresult *(*run) (TlRequest *request, gint64 person, JsonObject *body, gint64 by, GError **error);
} deeds[] = {
  { "role", give_role },
  { "suspend", suspend },
  { "let-in", let_in },
};

void
tl_order_do (TlRequest *request)
{
  gint64 account = find_caller (request), person;
  g_autoptr (JsonObject) body = account ? tl_auth_body (request) : NULL;
  const char *id = body ? tl_auth_string (body, "id") : NULL;
  g_autoptr (PGresult) done = NULL;
  g_autoptr (GError) error = NULL;
  guint i = 0;

  if (!body)
    return;
  while (i < G_N_ELEMENTS (deeds) && !g_str_equal (request->rest, deeds[i].path))
    i++;
  if (i == G_N_ELEMENTS (deeds) || !id || !tl_id_parse (id, &person)) {
    tl_auth_refuse (request, &nobody);
    return;
  }
  done = deeds[i].run (request, person, body, account, &error);
  if (!done) {
    answer_error (request, error);
    return;
  }
  g_message ("Account %" G_GINT64_FORMAT ": %s, by account %" G_GINT64_FORMAT, person,
             deeds[i].path, account);
  tl_hub_committed (request->server->hub);
  request->status = 204;
}
