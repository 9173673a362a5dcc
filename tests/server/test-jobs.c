/* Leased jobs on a real PostgreSQL: once at a time, again after a failure, taken over from the dead. */
#include "server/jobs/jobs.h"
#include "tests/fixtures/postgres.h"

#include <string.h>

#define MANY 200

static TlConfig config;
static TlServer server = { .config = &config };
static TlPg *pg;

static GMutex mutex;
static GCond cond;
static guint runs; /* all of these under the mutex */
static guint running[MANY];
static gboolean gate_open;
static guint last_attempts;

static void
open_gate (gboolean is_open)
{
  g_mutex_lock (&mutex);
  gate_open = is_open;
  g_cond_broadcast (&cond);
  g_mutex_unlock (&mutex);
}

static void
await_runs (guint n)
{
  gint64 until = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;

  g_mutex_lock (&mutex);
  while (runs < n)
    g_assert_true (g_cond_wait_until (&cond, &mutex, until));
  g_mutex_unlock (&mutex);
}

static void
count_run (const TlJob *job)
{
  g_mutex_lock (&mutex);
  runs++;
  last_attempts = job->attempts;
  g_cond_broadcast (&cond);
  g_mutex_unlock (&mutex);
}

/* --- kinds ------------------------------------------------------------------------------------- */

static gboolean
run_alone (TlServer *self, TlPg *own, const TlJob *job, gint64 *next_run, GError **error)
{
  guint n = (guint)atoi (job->key);

  g_assert_cmpstr (job->payload, ==, "{\"a\": 1}");
  g_mutex_lock (&mutex);
  g_assert_cmpuint (running[n]++, ==, 0);
  g_mutex_unlock (&mutex);
  g_thread_yield ();
  g_mutex_lock (&mutex);
  running[n]--;
  g_mutex_unlock (&mutex);
  count_run (job);
  return TRUE;
}

/* Its first run waits for the gate. */
static gboolean
run_gated (TlServer *self, TlPg *own, const TlJob *job, gint64 *next_run, GError **error)
{
  gboolean is_first;

  g_mutex_lock (&mutex);
  is_first = runs == 0;
  g_mutex_unlock (&mutex);
  count_run (job);
  g_mutex_lock (&mutex);
  while (is_first && !gate_open)
    g_cond_wait (&cond, &mutex);
  g_mutex_unlock (&mutex);
  return TRUE;
}

static gboolean
run_failing (TlServer *self, TlPg *own, const TlJob *job, gint64 *next_run, GError **error)
{
  g_assert_true (tl_pg_begin (own, NULL)); /* and leaves it open */
  count_run (job);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the tide is “%s”", "out");
  return FALSE;
}

static gboolean
run_again (TlServer *self, TlPg *own, const TlJob *job, gint64 *next_run, GError **error)
{
  count_run (job);
  if (g_str_equal (job->key, "later"))
    *next_run = g_get_real_time () + G_TIME_SPAN_HOUR;
  else if (runs < 3)
    *next_run = g_get_real_time () + 50 * G_TIME_SPAN_MILLISECOND;
  return TRUE;
}

static const TlJobKind alone = { "alone", 60, run_alone };
static const TlJobKind gated = { "gated", 1, run_gated };
static const TlJobKind long_gated = { "long-gated", 60, run_gated };
static const TlJobKind failing = { "failing", 60, run_failing };
static const TlJobKind again = { "again", 60, run_again };
static const TlJobKind *const kinds[] = { &alone, &gated, &long_gated, &failing, &again, NULL };

/* --- helpers ----------------------------------------------------------------------------------- */

static void
reset (void)
{
  g_autoptr (GError) error = NULL;

  runs = 0;
  gate_open = FALSE;
  g_assert_true (tl_pg_script (pg, "TRUNCATE sync.job", &error));
  g_assert_no_error (error);
}

static void
enqueue (const char *kind, const char *key, gint64 run_at)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (tl_job_enqueue (pg, kind, key, "{\"a\": 1}", run_at, &error));
  g_assert_no_error (error);
}

static char *
value (const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) result = tl_pg_query (pg, sql, sql, 0, NULL, &error);

  g_assert_no_error (error);
  return g_strdup (PQntuples (result) ? PQgetvalue (result, 0, 0) : "");
}

static void
await_value (const char *sql, const char *expected)
{
  gint64 until = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;

  for (;;) {
    g_autofree char *found = value (sql);
    if (g_str_equal (found, expected))
      return;
    if (g_get_monotonic_time () > until)
      g_assert_cmpstr (found, ==, expected);
    g_usleep (2000);
  }
}

/* --- tests ------------------------------------------------------------------------------------- */

static void
test_once (void)
{
  TlJobs *one, *other;

  reset ();
  for (guint i = 0; i < MANY; i++) {
    g_autofree char *key = g_strdup_printf ("%u", i);
    enqueue ("alone", key, 0);
  }
  one = tl_jobs_new (&server, kinds, 4);
  other = tl_jobs_new (&server, kinds, 4);
  await_value ("SELECT count(*) FROM sync.job", "0");
  g_assert_cmpuint (runs, ==, MANY);
  tl_jobs_free (one);
  tl_jobs_free (other);
}

static void
test_taken_over (void)
{
  TlJobs *one, *other;

  reset ();
  enqueue ("gated", "1", 0);
  one = tl_jobs_new (&server, kinds, 1);
  await_runs (1);
  other = tl_jobs_new (&server, kinds, 1);
  await_runs (2);
  g_assert_cmpuint (last_attempts, ==, 1);
  await_value ("SELECT count(*) FROM sync.job", "0");
  /* The first comes back from the dead: nothing of it may take effect on a job of the same name. */
  enqueue ("gated", "1", g_get_real_time () + G_TIME_SPAN_HOUR);
  open_gate (TRUE);
  tl_jobs_free (one);
  tl_jobs_free (other);
  await_value ("SELECT count(*) FROM sync.job", "1");
}

static void
test_backoff (void)
{
  static const char delay[] =
      "SELECT round(extract(epoch FROM run_at - now()) * 1000) FROM sync.job";
  g_autofree char *first = NULL, *second = NULL;
  TlJobs *jobs;

  reset ();
  enqueue ("failing", "1", 0);
  jobs = tl_jobs_new (&server, kinds, 2);
  await_value ("SELECT last_error FROM sync.job WHERE leased_by IS NULL", "the tide is “out”");
  first = value (delay);
  g_assert_cmpint (atoi (first), >, 2000);
  g_assert_cmpint (atoi (first), <=, 6250);
  enqueue ("failing", "1", 0);
  tl_jobs_kick (jobs);
  await_value ("SELECT attempts FROM sync.job WHERE leased_by IS NULL", "2");
  g_assert_cmpuint (last_attempts, ==, 1);
  second = value (delay);
  g_assert_cmpint (atoi (second), >, 6300);
  g_assert_cmpint (atoi (second), <=, 12500);
  tl_jobs_free (jobs);
}

static void
test_asked_while_running (void)
{
  TlJobs *jobs;

  reset ();
  enqueue ("long-gated", "1", 0);
  jobs = tl_jobs_new (&server, kinds, 2);
  await_runs (1);
  enqueue ("long-gated", "1", 0);
  tl_jobs_kick (jobs);
  open_gate (TRUE);
  await_runs (2);
  await_value ("SELECT count(*) FROM sync.job", "0");
  tl_jobs_free (jobs);
}

static void
test_repeated (void)
{
  TlJobs *jobs;

  reset ();
  enqueue ("again", "soon", g_get_real_time () + 100 * G_TIME_SPAN_MILLISECOND);
  jobs = tl_jobs_new (&server, kinds, 2);
  await_runs (3);
  await_value ("SELECT count(*) FROM sync.job", "0");
  enqueue ("again", "later", 0);
  tl_jobs_kick (jobs);
  await_value ("SELECT run_at BETWEEN now() + interval '59 minutes' AND now() + interval '1 hour' "
               "AND attempts = 0 FROM sync.job",
               "t");
  g_assert_cmpuint (runs, ==, 4);
  tl_jobs_free (jobs);
}

static void
test_other_kinds (void)
{
  static const TlJobKind *const only_alone[] = { &alone, NULL };
  TlJobs *jobs;

  reset ();
  enqueue ("failing", "1", 0);
  enqueue ("alone", "1", 0);
  jobs = tl_jobs_new (&server, only_alone, 1);
  await_value ("SELECT string_agg(kind, ',') FROM sync.job", "failing");
  tl_jobs_free (jobs);
  g_assert_cmpuint (runs, ==, 1);
}

static void
enqueue_nothing (gpointer data)
{
  tl_jobs_kick (data);
}

static void
test_crash (void)
{
  TlJobs *jobs;
  g_autoptr (GError) error = NULL;

  reset ();
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL); /* warns that jobs wait */
  jobs = tl_jobs_new (&server, kinds, 2);
  tl_test_postgres_crash (enqueue_nothing, jobs);
  while (!tl_job_enqueue (pg, "alone", "1", "{\"a\": 1}", 0, NULL))
    g_usleep (1000);
  await_runs (1);
  tl_jobs_free (jobs);
}

/* It is asked for in a transaction that ends only while the first run is being finished. */
static void
test_asked_late (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TlPg) other = tl_pg_new (config.postgresql);
  TlJobs *jobs;

  reset ();
  enqueue ("long-gated", "k", 0);
  jobs = tl_jobs_new (&server, kinds, 2);
  await_runs (1);
  g_assert_true (tl_pg_begin (other, &error) &&
                 tl_job_enqueue (other, "long-gated", "k", "{}", 0, &error));
  g_assert_no_error (error);
  open_gate (TRUE);
  await_value ("SELECT count(*) FROM pg_stat_activity "
               "WHERE wait_event_type = 'Lock' AND datname = current_database()",
               "1");
  g_assert_true (tl_pg_commit (other, &error));
  tl_jobs_kick (jobs);
  await_runs (2);
  await_value ("SELECT count(*) FROM sync.job", "0");
  tl_jobs_free (jobs);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  config.postgresql = tl_test_database_new ();
  pg = tl_pg_new (config.postgresql);
  g_assert_true (tl_migrate (pg, &error));
  g_test_add_func ("/jobs/no-job-runs-twice-at-once", test_once);
  g_test_add_func ("/jobs/an-expired-lease-is-taken-over", test_taken_over);
  g_test_add_func ("/jobs/a-failure-is-tried-again-later-and-later", test_backoff);
  g_test_add_func ("/jobs/asked-for-while-it-runs-means-once-more", test_asked_while_running);
  g_test_add_func ("/jobs/a-job-says-when-it-runs-next", test_repeated);
  g_test_add_func ("/jobs/other-kinds-are-left-alone", test_other_kinds);
  g_test_add_func ("/jobs/a-crash-of-postgresql-is-survived", test_crash);
  g_test_add_func ("/jobs/asked-for-while-one-is-finished-runs-again", test_asked_late);
  status = g_test_run ();
  tl_pg_free (pg);
  g_free (config.postgresql);
  return status;
}
