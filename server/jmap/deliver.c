/* deliver.c: pushes to subscriptions (RFC 8620, 7.2), each a job of its own: the verification first, then a
 * StateChange whenever something happened of the types asked for. Many changes meanwhile are one push. Who
 * does not take it is tried again, later each time, until the subscription runs out or its service says
 * that it is gone. Jobs' threads, but for the waking. */
#include "server/jmap/push.h"
#include "server/jmap/state.h"
#include "server/jmap/subscription.h"
#include "server/jmap/type-sql.h"
#include "server/jmap/type.h"
#include "server/jmap/vapid.h"
#include "server/jmap/web-push.h"
#include "server/services/news/fetch.h"
#include "sync/wire/types.h"

#include <string.h>

#define SQL "jmap/subscription.sql"
#define MAX_VERIFY_ATTEMPTS 5
#define MAX_ATTEMPTS 40

enum { ACCOUNT, URL, P256DH, AUTH, CODE, VERIFIED, TYPES, TOLD };

static PGresult *
ask (TlPg *pg, const char *name, int n, const char *const *args, GError **error)
{
  g_autofree char *prepared = g_strconcat ("deliver-", name, NULL);

  return tl_pg_query (pg, prepared, tl_sql (SQL, name), n, args, error);
}

static gboolean
forget (TlPg *pg, const char *id, GError **error)
{
  g_autoptr (PGresult) gone = ask (pg, "forget", 1, &id, error);

  return gone != NULL;
}

/* FALSE when it has to be tried again. */
static gboolean
post (TlServer *server, TlPg *pg, PGresult *row, const char *text, guint *status, GError **error)
{
  g_autofree char *vapid = tl_vapid_header (server, pg, PQgetvalue (row, 0, URL), error);
  g_autofree char *who = g_strconcat ("Authorization: ", vapid, NULL);
  const char *headers[] = { "Content-Type: application/json", "TTL: 86400", who, NULL, NULL };
  gboolean has_keys = !PQgetisnull (row, 0, P256DH);
  g_autoptr (GBytes) body =
      has_keys ? tl_web_push_encrypt (PQgetvalue (row, 0, P256DH), PQgetvalue (row, 0, AUTH), text)
               : g_bytes_new (text, strlen (text));

  if (vapid == NULL)
    return FALSE;
  if (body == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "A push is too long to encrypt");
    return FALSE;
  }
  if (has_keys)
    headers[3] = "Content-Encoding: aes128gcm";
  return tl_post (PQgetvalue (row, 0, URL), body, headers, server->config->allow_private_feeds,
                  status, error);
}

static gboolean
is_gone (guint status)
{
  return status == 404 || status == 410;
}

static gboolean
verify (TlServer *server, TlPg *pg, const TlJob *job, gint64 *next_run, GError **error)
{
  g_autoptr (PGresult) row = ask (pg, "load", 1, &job->key, error);
  g_autofree char *text = NULL;
  guint status = 0;

  if (row == NULL)
    return FALSE;
  if (PQntuples (row) == 0 || PQgetvalue (row, 0, VERIFIED)[0] == 't' ||
      job->attempts >= MAX_VERIFY_ATTEMPTS)
    return TRUE;
  text = g_strdup_printf ("{\"@type\":\"PushVerification\",\"pushSubscriptionId\":\"t%s\","
                          "\"verificationCode\":\"%s\"}",
                          job->key, PQgetvalue (row, 0, CODE));
  if (post (server, pg, row, text, &status, error))
    return TRUE;
  if (!is_gone (status))
    return FALSE;
  g_clear_error (error);
  return forget (pg, job->key, error);
}

/* --- what changed ---------------------------------------------------------------------------------- */

static guint32
bits_of_names (const char *names)
{
  g_auto (GStrv) list = g_strsplit (names, ",", -1);
  guint32 bits = 0;

  for (guint i = 0; list[i]; i++) {
    const TlType *type = tl_type_served (list[i]);

    if (type)
      bits |= TL_TYPE_BIT (type);
  }
  return bits;
}

/* A membership that changed may have changed anything. */
static guint32
bits_of_numbers (const char *numbers)
{
  g_auto (GStrv) list = g_strsplit (numbers, ",", -1);
  guint32 bits = 0;

  for (guint i = 0; list[i]; i++)
    bits |= g_str_equal (list[i], "0") ? TL_TYPE_BITS_ALL
                                       : 1u << (guint)g_ascii_strtoull (list[i], NULL, 10);
  return bits;
}

/* The types to tell of; *state: the one now. */
static gboolean
find_news (TlPg *pg, PGresult *row, guint32 *types, char **state, GError **error)
{
  g_auto (TlState) told = { 0 };
  gboolean is_known = tl_state_parse (PQgetvalue (row, 0, TOLD), &told);
  const char *args[] = { PQgetvalue (row, 0, ACCOUNT), is_known ? told.since : "1:1:" };
  g_autoptr (PGresult) news = ask (pg, "news", 2, args, error);

  if (news == NULL)
    return FALSE;
  *state = g_strdup (PQgetvalue (news, 0, 0));
  *types = bits_of_numbers (PQgetvalue (news, 0, 2));
  if (!is_known || told.epoch != g_ascii_strtoull (PQgetvalue (news, 0, 1), NULL, 10))
    *types = TL_TYPE_BITS_ALL;
  if (!PQgetisnull (row, 0, TYPES))
    *types &= bits_of_names (PQgetvalue (row, 0, TYPES));
  return TRUE;
}

static gboolean
remember (TlPg *pg, const char *id, const char *state, GError **error)
{
  const char *args[] = { id, state };
  g_autoptr (PGresult) done = ask (pg, "told", 2, args, error);

  return done != NULL;
}

static gboolean
push (TlServer *server, TlPg *pg, const TlJob *job, gint64 *next_run, GError **error)
{
  g_autoptr (PGresult) row = ask (pg, "load", 1, &job->key, error);
  g_autofree char *state = NULL;
  g_autofree char *text = NULL;
  guint32 types;
  guint status = 0;
  gint64 account;

  if (row == NULL)
    return FALSE;
  if (PQntuples (row) == 0 || PQgetvalue (row, 0, VERIFIED)[0] != 't')
    return TRUE;
  if (!find_news (pg, row, &types, &state, error))
    return FALSE;
  if (types) {
    account = g_ascii_strtoll (PQgetvalue (row, 0, ACCOUNT), NULL, 10);
    text = tl_push_state_change (account, types, state);
    if (!post (server, pg, row, text, &status, error) && !is_gone (status) &&
        job->attempts < MAX_ATTEMPTS)
      return FALSE;
    g_clear_error (error);
    if (is_gone (status) || job->attempts >= MAX_ATTEMPTS)
      return forget (pg, job->key, error);
  }
  return remember (pg, job->key, state, error);
}

const TlJobKind tl_push_job = { "push", 120, push };
const TlJobKind tl_push_verify_job = { "push-verify", 120, verify };

/* --- waking ---------------------------------------------------------------------------------------- */

gboolean
tl_push_subscriptions_wake (TlServer *server, TlPg *pg, const GArray *scopes, GError **error)
{
  g_autofree char *array =
      scopes ? tl_pg_array ((const gint64 *)(const void *)scopes->data, scopes->len) : NULL;
  const char *args[] = { array };
  TlJobs *jobs = g_atomic_pointer_get (&server->jobs); /* the hub is there before */
  g_autoptr (PGresult) woken = ask (pg, "wake", 1, args, error);

  if (woken && PQntuples (woken) > 0 && jobs)
    tl_jobs_kick (jobs);
  return woken != NULL;
}
