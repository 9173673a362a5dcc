/* export-job.c: POST and GET /auth/export (docs/protocol.md, One's own data), and the job that makes the archive, puts
 * it among the blobs and forgets it after a week. Handlers: any worker thread; the job: a jobs thread. */
#include "server/jobs/jobs.h"
#include "server/services/storage/collect.h"
#include "server/services/storage/storage.h"
#include "server/services/user/auth.h"
#include "server/services/user/export.h"
#include "server/services/user/password.h"
#include "server/services/user/tokens.h"
#include "server/services/user/user.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define SQL "user/export.sql"
#define KIND "person.export"
#define LEASE_SECONDS 3600
#define WEEK (7 * G_TIME_SPAN_DAY)
#define ATTEMPTS 3

/* What "find" tells. */
enum { BLOB, SIZE, MADE, EXPIRES, FAILED, WORKING, OLD };

static PGresult *
ask (TlPg *pg, const char *statement, const char *account, const char *second, const char *third,
     GError **error)
{
  g_autofree char *name = g_strconcat ("export.", statement, NULL);
  const char *args[] = { account, second, third };

  return tl_pg_query (pg, name, tl_sql (SQL, statement), third ? 3 : second ? 2 : 1, args, error);
}

/* --- asking ------------------------------------------------------------------------------------ */

static const TlRefusal bad_token = { 401, "invalid_token",
                                     "This sign-in has ended. Sign in again." };

static char *
find_caller (TlRequest *request)
{
  gint64 account =
      tl_tokens_account (request->server->tokens, tl_request_header (request, "Authorization"));

  if (!account)
    tl_auth_refuse (request, &bad_token);
  else if (!request->pg)
    tl_auth_unavailable (request, NULL);
  else
    return g_strdup_printf ("%" G_GINT64_FORMAT, account);
  return NULL;
}

static void
answer_state (TlRequest *request, const char *account, guint status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) row = ask (request->pg, "find", account, NULL, NULL, &error);
  g_autoptr (JsonObject) object = json_object_new ();
  const char *state = "none";

  if (!row) {
    tl_auth_unavailable (request, error);
    return;
  }
  if (PQntuples (row) > 0 && *PQgetvalue (row, 0, WORKING) == 't')
    state = "working";
  else if (PQntuples (row) > 0 && *PQgetvalue (row, 0, FAILED) == 't')
    state = "failed";
  else if (PQntuples (row) > 0 && !PQgetisnull (row, 0, BLOB)) {
    state = "ready";
    json_object_set_string_member (object, "blobId", PQgetvalue (row, 0, BLOB));
    json_object_set_int_member (object, "size",
                                g_ascii_strtoll (PQgetvalue (row, 0, SIZE), NULL, 10));
    json_object_set_string_member (object, "madeAt", PQgetvalue (row, 0, MADE));
    json_object_set_string_member (object, "expiresAt", PQgetvalue (row, 0, EXPIRES));
  }
  json_object_set_string_member (object, "state", state);
  tl_auth_answer (request, status, object);
}

void
tl_export_state (TlRequest *request)
{
  g_autofree char *account = find_caller (request);

  if (account)
    answer_state (request, account, 200);
}

void
tl_export_ask (TlRequest *request)
{
  g_autofree char *account = find_caller (request);
  g_autoptr (JsonObject) body = account ? tl_auth_body (request) : NULL;
  g_autoptr (PGresult) row = NULL;
  g_autoptr (GError) error = NULL;

  if (!body || !tl_password_confirm (request, account, body))
    return;
  if (tl_pg_begin (request->pg, &error))
    row = ask (request->pg, "ask", account, NULL, NULL, &error);
  if (row &&
      (PQntuples (row) == 0 || tl_job_enqueue (request->pg, KIND, account, "{}", 0, &error)) &&
      tl_pg_commit (request->pg, &error)) {
    tl_jobs_kick (request->server->jobs);
    answer_state (request, account, 202);
  } else {
    tl_pg_rollback (request->pg);
    tl_auth_unavailable (request, error);
  }
}

/* --- making ------------------------------------------------------------------------------------ */

/* The archive that was there goes from the database, then from the store. */
static gboolean
forget (TlServer *server, TlPg *pg, const char *account, GError **error)
{
  g_autoptr (PGresult) gone = ask (pg, "forget", account, NULL, NULL, error);
  const char *blob = gone && PQntuples (gone) > 0 ? PQgetvalue (gone, 0, 0) : NULL;
  g_autoptr (PGresult) dropped = NULL;

  if (!blob)
    return gone != NULL;
  dropped = ask (pg, "drop-blob", blob, NULL, NULL, error);
  return dropped && tl_collect_bytes (pg, server->blobs, error);
}

static gboolean
keep (TlServer *server, TlPg *pg, const char *account, const char *path, GError **error)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, error);
  g_autoptr (GBytes) bytes = file ? g_mapped_file_get_bytes (file) : NULL;
  g_autofree char *blob = bytes ? tl_blob_id (bytes) : NULL;
  g_autofree char *size =
      bytes ? g_strdup_printf ("%" G_GSIZE_FORMAT, g_bytes_get_size (bytes)) : NULL;
  g_autoptr (PGresult) made = NULL;

  if (!bytes || !tl_storage_begin_put (server, pg, blob, bytes, error))
    return FALSE;
  made = ask (pg, "made", account, blob, size, error);
  if (made && tl_pg_commit (pg, error))
    return TRUE;
  tl_pg_rollback (pg);
  return FALSE;
}

static gboolean
make (TlServer *server, TlPg *pg, const char *account, GError **error)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("tideline-export-XXXXXX", &path, error);
  gboolean done;

  if (fd < 0)
    return FALSE;
  done = tl_export_write (server, pg, g_ascii_strtoll (account, NULL, 10), fd, error);
  close (fd);
  done = done && forget (server, pg, account, error) && keep (server, pg, account, path, error);
  g_unlink (path);
  return done;
}

/* Made, it runs again when the archive is to go. The person may be gone by then, or have asked anew. */
static gboolean
run (TlServer *server, TlPg *pg, const TlJob *job, gint64 *next_run, GError **error)
{
  g_autoptr (PGresult) row = ask (pg, "find", job->key, NULL, NULL, error);
  g_autoptr (GError) failure = NULL;
  g_autoptr (PGresult) ended = NULL;

  if (!row)
    return FALSE;
  if (PQntuples (row) == 0 || *PQgetvalue (row, 0, FAILED) == 't')
    return TRUE;
  if (*PQgetvalue (row, 0, OLD) == 't') {
    ended =
        forget (server, pg, job->key, error) ? ask (pg, "end", job->key, NULL, NULL, error) : NULL;
    return ended != NULL;
  }
  if (*PQgetvalue (row, 0, WORKING) != 't' || make (server, pg, job->key, &failure)) {
    *next_run = g_get_real_time () + WEEK + G_TIME_SPAN_MINUTE;
    return TRUE;
  }
  if (job->attempts + 1 >= ATTEMPTS)
    ended = ask (pg, "failed", job->key, failure->message, NULL, NULL);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

const TlJobKind tl_export_job = { KIND, LEASE_SECONDS, run };
