/* jobs.c: threads that claim due jobs, run them, and finish them.
 *
 * Every thread has its own connection and does the same: claims one job in one statement, runs it
 * outside of any transaction, finishes it in another statement that only takes effect while the lease
 * is still its own. With nothing due it sleeps until the next is, a kick, or half a minute (another
 * process may have enqueued something). */
#include "server/jobs/jobs.h"

#include <math.h>
#include <string.h>

#define SQL "jobs/jobs.sql"
#define IDLE_MS 30000
#define AWAY_MIN_MS 500
#define BACKOFF_SECONDS 5.0
#define BACKOFF_MAX_SECONDS (6 * 60 * 60.0)
#define ERROR_MAX 500
#define STATEMENT_SECONDS 120 /* the daily purge has much to look at */

struct _TlJobs {
  TlServer *server;
  const TlJobKind *const *kinds;
  char *names, *leases; /* PostgreSQL arrays, in the order of kinds */
  GPtrArray *threads;
  GMutex mutex;
  GCond cond;
  guint kicks; /* under the mutex, as */
  gboolean stopping;
};

/* --- one job ----------------------------------------------------------------------------------- */

static const TlJobKind *
find_kind (TlJobs *self, const char *name)
{
  for (guint i = 0; self->kinds[i]; i++)
    if (g_str_equal (self->kinds[i]->kind, name))
      return self->kinds[i];
  g_assert_not_reached (); /* the claim asks for our kinds only */
}

/* Doubles with each attempt, and spreads those that failed together. */
static gint64
backoff_ms (guint attempts)
{
  double seconds = MIN (BACKOFF_SECONDS * exp2 (MIN (attempts, 30)), BACKOFF_MAX_SECONDS);

  return (gint64)(seconds * g_random_double_range (0.75, 1.25) * 1000);
}

static gboolean
finish (TlPg *pg, const char *id, const char *lease, gint64 next_run, GError **error)
{
  g_autofree char *when = g_strdup_printf ("%" G_GINT64_FORMAT, next_run);
  const char *args[] = { id, lease, when };

  if (next_run == 0)
    return tl_pg_run (pg, "job-remove", tl_sql (SQL, "remove"), 2, args, error);
  return tl_pg_run (pg, "job-repeat", tl_sql (SQL, "repeat"), 3, args, error);
}

static gboolean
put_off (TlPg *pg, const char *id, const char *lease, guint attempts, const char *why,
         GError **error)
{
  g_autofree char *delay = g_strdup_printf ("%" G_GINT64_FORMAT, backoff_ms (attempts));
  g_autofree char *bounded = g_strndup (why, ERROR_MAX);
  g_autofree char *valid = g_utf8_make_valid (bounded, -1);
  const char *args[] = { id, lease, delay, valid };

  return tl_pg_run (pg, "job-retry", tl_sql (SQL, "retry"), 4, args, error);
}

static gboolean
run_job (TlJobs *self, TlPg *pg, PGresult *row, GError **error)
{
  const char *id = PQgetvalue (row, 0, 0), *lease = PQgetvalue (row, 0, 5);
  const TlJobKind *kind = find_kind (self, PQgetvalue (row, 0, 1));
  TlJob job = { .id = g_ascii_strtoll (id, NULL, 10),
                .key = PQgetvalue (row, 0, 2),
                .payload = PQgetvalue (row, 0, 3),
                .attempts = (guint)g_ascii_strtoull (PQgetvalue (row, 0, 4), NULL, 10) };
  g_autoptr (GError) failure = NULL;
  gint64 next_run = 0;
  gboolean done = kind->run (self->server, pg, &job, &next_run, &failure);

  tl_pg_rollback (pg); /* what a failed run left open */
  if (done)
    return finish (pg, id, lease, next_run, error);
  g_message ("Job %s “%s” failed (attempt %u): %s", kind->kind, job.key, job.attempts + 1,
             failure->message);
  return put_off (pg, id, lease, job.attempts, failure->message, error);
}

/* --- the threads ------------------------------------------------------------------------------- */

typedef enum { RAN, NOTHING_DUE, FAILED } Turn;

/* Claims and runs one job; sets *wait_ms when nothing is due. */
static Turn
take_turn (TlJobs *self, TlPg *pg, gint64 *wait_ms, GError **error)
{
  const char *args[] = { self->names, self->leases };
  g_autoptr (PGresult) row = tl_pg_query (pg, "job-claim", tl_sql (SQL, "claim"), 2, args, error);
  g_autoptr (PGresult) next = NULL;

  if (!row)
    return FAILED;
  if (PQntuples (row) > 0)
    return run_job (self, pg, row, error) ? RAN : FAILED;
  next = tl_pg_query (pg, "job-next-due", tl_sql (SQL, "next-due"), 1, args, error);
  if (!next)
    return FAILED;
  *wait_ms = IDLE_MS;
  if (!PQgetisnull (next, 0, 0))
    *wait_ms = CLAMP (g_ascii_strtoll (PQgetvalue (next, 0, 0), NULL, 10), 10, IDLE_MS);
  return NOTHING_DUE;
}

/* Sleeps unless there was a kick since `seen`. FALSE: it is time to end. */
static gboolean
sleep_until_kicked (TlJobs *self, guint *seen, gint64 wait_ms)
{
  gint64 until = g_get_monotonic_time () + wait_ms * 1000;
  gboolean go_on;

  g_mutex_lock (&self->mutex);
  while (!self->stopping && self->kicks == *seen)
    if (!g_cond_wait_until (&self->cond, &self->mutex, until))
      break;
  *seen = self->kicks;
  go_on = !self->stopping;
  g_mutex_unlock (&self->mutex);
  return go_on;
}

static gpointer
work (gpointer data)
{
  TlJobs *self = data;
  TlPg *pg = tl_pg_new (self->server->config->postgresql);
  gint64 wait_ms = 0, away_ms = AWAY_MIN_MS;
  guint seen = 0;

  tl_pg_set_patience (pg, STATEMENT_SECONDS);
  while (sleep_until_kicked (self, &seen, wait_ms)) {
    g_autoptr (GError) error = NULL;
    Turn turn = take_turn (self, pg, &wait_ms, &error);

    if (turn == FAILED) {
      if (away_ms == AWAY_MIN_MS)
        g_warning ("Jobs wait: %s", error->message);
      tl_pg_rollback (pg);
      wait_ms = away_ms;
      away_ms = MIN (away_ms * 2, IDLE_MS);
      continue;
    }
    away_ms = AWAY_MIN_MS;
    if (turn == RAN)
      wait_ms = 0;
  }
  tl_pg_free (pg);
  return NULL;
}

TlJobs *
tl_jobs_new (TlServer *server, const TlJobKind *const *kinds, guint threads)
{
  TlJobs *self = g_new0 (TlJobs, 1);
  g_autoptr (GString) names = g_string_new ("{");
  g_autoptr (GString) leases = g_string_new ("{");

  for (guint i = 0; kinds[i]; i++) {
    g_string_append_printf (names, "%s%s", i ? "," : "", kinds[i]->kind);
    g_string_append_printf (leases, "%s%u", i ? "," : "", kinds[i]->lease_seconds);
  }
  g_string_append_c (names, '}');
  g_string_append_c (leases, '}');
  self->server = server;
  self->kinds = kinds;
  self->names = g_string_free_and_steal (g_steal_pointer (&names));
  self->leases = g_string_free_and_steal (g_steal_pointer (&leases));
  self->threads = g_ptr_array_new ();
  for (guint i = 0; i < threads; i++)
    g_ptr_array_add (self->threads, g_thread_new ("job", work, self));
  return self;
}

void
tl_jobs_free (TlJobs *self)
{
  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  for (guint i = 0; i < self->threads->len; i++)
    g_thread_join (self->threads->pdata[i]);
  g_ptr_array_unref (self->threads);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self->names);
  g_free (self->leases);
  g_free (self);
}

void
tl_jobs_kick (TlJobs *self)
{
  g_mutex_lock (&self->mutex);
  self->kicks++;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

gboolean
tl_job_enqueue (TlPg *pg, const char *kind, const char *key, const char *payload, gint64 run_at,
                GError **error)
{
  g_autofree char *when = g_strdup_printf ("%" G_GINT64_FORMAT, run_at);
  const char *args[] = { kind, key, payload, when };

  return tl_pg_run (pg, "job-enqueue", tl_sql (SQL, "enqueue"), 4, args, error);
}
