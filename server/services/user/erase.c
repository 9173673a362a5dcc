/* erase.c: what somebody leaves, in two steps. First they are out; a request of theirs that is still answered may write
 * something until then. Then each service gives up what is theirs, in one transaction with its log entries, and what
 * lies in no company goes whatever table has it. A job does the second step at once and again a minute later. */
#include "server/services/user/erase.h"

#include "server/jmap/hub.h"
#include "server/jobs/jobs.h"
#include "server/services/calendar/calendar.h"
#include "server/services/chat/chat.h"
#include "server/services/notify/notify.h"
#include "server/services/notify/share.h"
#include "server/services/social/social.h"
#include "server/services/storage/collect.h"
#include "server/services/user/password.h"
#include "server/services/user/standing.h"
#include "server/services/user/tokens.h"
#include "server/services/user/user.h"

#define SQL "user/erase.sql"
#define KIND "person.erase"
#define LEASE_SECONDS 3600
#define AGAIN G_TIME_SPAN_MINUTE

static PGresult *
ask (TlPg *pg, const char *statement, const char *argument, GError **error)
{
  g_autofree char *name = g_strconcat ("erase.", statement, NULL);

  return tl_pg_query (pg, name, tl_sql (SQL, statement), 1, (const char *[]){ argument }, error);
}

static gboolean
run (TlPg *pg, const char *statement, const char *argument, GError **error)
{
  g_autoptr (PGresult) done = ask (pg, statement, argument, error);

  return done != NULL;
}

/* --- out --------------------------------------------------------------------------------------- */

gboolean
tl_erase_begin (TlPg *pg, gint64 account, gint64 by, GError **error)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, account);

  if (!tl_pg_begin (pg, error))
    return FALSE;
  if (tl_standing_take_turn (pg, account, by, TL_DEED_DELETE_PERSON, TRUE, error) &&
      run (pg, "mark", number, error) && run (pg, "end-sessions", number, error) &&
      tl_job_enqueue (pg, KIND, number, "{}", 0, error) && tl_pg_commit (pg, error))
    return TRUE;
  tl_pg_rollback (pg);
  return FALSE;
}

/* --- gone -------------------------------------------------------------------------------------- */

/* What is in the company of others. */
static gboolean
leave_company (TlWrite *write, GError **error)
{
  gint64 person = write->account;

  return tl_social_forget_person (write, person, error) &&
         tl_chat_forget_person (write, person, error) &&
         tl_calendar_forget_person (write, person, error) &&
         tl_notify_forget_person (write, person, error) &&
         tl_share_forget_person (write, person, error);
}

/* Somebody without a name, or nobody when nothing of others says who it was. */
static gboolean
lose_name (TlWrite *write, const char *number, GError **error)
{
  g_autoptr (PGresult) nobody = ask (write->pg, "nobody", number, error);
  g_autoptr (PGresult) named = nobody ? ask (write->pg, "is-named", number, error) : NULL;
  gboolean stays = named && *PQgetvalue (named, 0, 0) == 't';

  if (!named || PQntuples (nobody) == 0)
    return named != NULL;
  tl_write_log (write, g_ascii_strtoll (PQgetvalue (nobody, 0, 0), NULL, 10), &tl_principal_type,
                write->account, stays ? TL_UPDATED : TL_DESTROYED,
                stays ? "name,login,description,timeZone,avatarBlobId" : NULL);
  return stays || run (write->pg, "hide", number, error);
}

static PGresult *
erase (TlWrite *write, const char *number, GError **error)
{
  g_autoptr (PGresult) blobs = ask (write->pg, "blobs", number, error);

  if (!blobs || !leave_company (write, error) || !lose_name (write, number, error) ||
      !run (write->pg, "own", number, error))
    return NULL;
  return ask (write->pg, "drop-blobs", PQgetvalue (blobs, 0, 0), error);
}

gboolean
tl_erase_person (TlServer *server, TlPg *pg, gint64 account, GError **error)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, account);
  g_autoptr (PGresult) lock = NULL, gone = NULL;
  g_autoptr (GError) late = NULL;
  TlWrite write;

  if (!tl_write_begin (&write, server, pg, account, error))
    return FALSE;
  lock = ask (pg, "lock", number, error);
  if (lock && PQntuples (lock) == 1)
    gone = erase (&write, number, error);
  if (!gone) {
    tl_write_abort (&write);
    return lock && PQntuples (lock) == 0;
  }
  if (!tl_write_commit (&write, error))
    return FALSE;
  if (!tl_collect_bytes (pg, server->blobs, &late))
    g_warning ("Files of who left are removed later: %s", late->message);
  return TRUE;
}

static gboolean
run_job (TlServer *server, TlPg *pg, const TlJob *job, gint64 *next_run, GError **error)
{
  g_autoptr (PGresult) before = ask (pg, "lock", job->key, error);

  if (!before || PQntuples (before) == 0)
    return before != NULL;
  if (!tl_erase_person (server, pg, g_ascii_strtoll (job->key, NULL, 10), error))
    return FALSE;
  if (*PQgetvalue (before, 0, 0) != 't')
    *next_run = g_get_real_time () + AGAIN;
  return TRUE;
}

const TlJobKind tl_erase_job = { KIND, LEASE_SECONDS, run_job };

/* --- POST /auth/delete ------------------------------------------------------------------------- */

static const TlRefusal bad_token = { 401, "invalid_token",
                                     "This sign-in has ended. Sign in again." };
static const TlRefusal nobody = { 404, "not_found", "There is no such person." };

static void
begin (TlRequest *request, gint64 person, gint64 by)
{
  g_autoptr (GError) error = NULL;

  if (tl_erase_begin (request->pg, person, by, &error)) {
    g_message ("Account %" G_GINT64_FORMAT " is deleted, by account %" G_GINT64_FORMAT, person, by);
    tl_hub_committed (request->server->hub);
    tl_jobs_kick (request->server->jobs);
    request->status = 204;
  } else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)) {
    g_autofree char *sentence = g_strconcat (error->message, ".", NULL);

    tl_auth_refuse (request, &(TlRefusal){ 403, "forbidden", sentence });
  } else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)) {
    tl_auth_refuse (request, &nobody);
  } else {
    tl_auth_unavailable (request, error);
  }
}

void
tl_erase_ask (TlRequest *request)
{
  gint64 account =
      tl_tokens_account (request->server->tokens, tl_request_header (request, "Authorization"));
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, account);
  g_autoptr (JsonObject) body = NULL;
  gint64 person = account;
  const char *id;

  if (!account) {
    tl_auth_refuse (request, &bad_token);
    return;
  }
  if (!request->pg) {
    tl_auth_unavailable (request, NULL);
    return;
  }
  body = tl_auth_body (request);
  if (!body || !tl_password_confirm (request, number, body))
    return;
  id = tl_auth_string (body, "id");
  if (id && !tl_id_parse (id, &person))
    tl_auth_refuse (request, &nobody);
  else
    begin (request, person, account);
}
