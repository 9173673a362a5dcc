/* standalone.c: the keeper of the two children.
 *
 * They are spawned, watched and stopped by one thread, the keeper, which lives from start to stop:
 * the kernel's parent-death signal belongs to the thread that spawned. The caller's thread waits
 * until both answer; from then on the keeper starts again what dies alone. */
#include "server/standalone/standalone.h"

#include "server/standalone/home.h"
#include "server/standalone/postgres.h"
#include "server/standalone/redis-child.h"

#include <libpq-fe.h>
#include <signal.h>
#include <string.h>

#define READY_SECONDS 300 /* a large database may replay its log for long after a crash */
#define REDIS_SECONDS 10
#define RETRY_SECONDS 20 /* for processes that outlive a server that was killed */
#define STOP_POSTGRES_MS 15000
#define STOP_REDIS_MS 3000

struct _TlStandalone {
  TlHome home;
  TlChild postgres;
  TlChild redis;

  GThread *keeper;
  GMutex mutex;
  GCond cond;
  /* under the mutex, as the children are while the keeper runs: */
  gboolean spawned, ready, stopping;
  GError *spawn_error;
};

/* --- the keeper -------------------------------------------------------------------------------- */

static gboolean
spawn_both (TlStandalone *self, GError **error)
{
  return tl_child_spawn (&self->postgres, error) && tl_child_spawn (&self->redis, error);
}

static void
revive (TlStandalone *self, TlChild *child)
{
  g_autofree char *complaint = NULL;
  g_autoptr (GError) error = NULL;

  if (!tl_child_wait (child, 0, NULL))
    return;
  complaint = tl_child_complaint (child);
  g_warning ("%s ended by itself and is started again; its last words: %s", child->name, complaint);
  if (child == &self->postgres)
    tl_postgres_end_orphans (child);
  if (!tl_child_spawn (child, &error))
    g_warning ("%s", error->message);
}

/* Spawns, revives once a second what died after it was ready, stops: all on this thread. */
static gpointer
keep (gpointer data)
{
  TlStandalone *self = data;

  g_mutex_lock (&self->mutex);
  spawn_both (self, &self->spawn_error);
  self->spawned = TRUE;
  g_cond_broadcast (&self->cond);
  while (!self->stopping) {
    g_cond_wait_until (&self->cond, &self->mutex, g_get_monotonic_time () + G_TIME_SPAN_SECOND);
    if (self->ready && !self->stopping) {
      revive (self, &self->postgres);
      revive (self, &self->redis);
    }
  }
  g_mutex_unlock (&self->mutex);
  tl_child_stop (&self->redis, STOP_REDIS_MS);
  tl_child_stop (&self->postgres, STOP_POSTGRES_MS);
  return NULL;
}

static void
stop_keeper (TlStandalone *self)
{
  if (!self->keeper)
    return;
  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_clear_pointer (&self->keeper, g_thread_join);
}

static gboolean
start_keeper (TlStandalone *self, GError **error)
{
  self->spawned = self->ready = self->stopping = FALSE;
  self->keeper = g_thread_new ("keeper", keep, self);
  g_mutex_lock (&self->mutex);
  while (!self->spawned)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
  if (!self->spawn_error)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->spawn_error));
  return FALSE;
}

/* --- starting ---------------------------------------------------------------------------------- */

static gboolean
has_ended (TlStandalone *self, TlChild *child)
{
  gboolean ended;

  g_mutex_lock (&self->mutex);
  ended = tl_child_wait (child, 0, NULL);
  g_mutex_unlock (&self->mutex);
  return ended;
}

static gboolean
fail_start (TlChild *child, GError **error)
{
  g_autofree char *complaint = tl_child_complaint (child);

  g_set_error (error, G_IO_ERROR,
               strstr (complaint, "No space left") ? G_IO_ERROR_NO_SPACE : G_IO_ERROR_FAILED,
               "%s did not start: %s (all of it: %s)", child->name,
               *complaint ? complaint : "it said nothing", child->log);
  return FALSE;
}

static gboolean
postgres_answers (TlStandalone *self)
{
  g_autofree char *address = tl_postgres_conninfo (self->home.runtime, "postgres");
  g_autofree char *conninfo = g_strconcat (address, " connect_timeout=2", NULL);

  return PQping (conninfo) == PQPING_OK;
}

/* Asks every 10 ms. */
static gboolean
await_ready (TlStandalone *self, GError **error)
{
  gint64 began = g_get_monotonic_time ();
  gboolean postgres = FALSE, redis = FALSE;

  for (;;) {
    postgres = postgres || postgres_answers (self);
    redis = redis || tl_redis_child_answers (self->home.runtime);
    if (postgres && redis)
      return TRUE;
    if (!postgres && (has_ended (self, &self->postgres) ||
                      g_get_monotonic_time () - began > READY_SECONDS * G_TIME_SPAN_SECOND))
      return fail_start (&self->postgres, error);
    if (!redis && (has_ended (self, &self->redis) ||
                   g_get_monotonic_time () - began > REDIS_SECONDS * G_TIME_SPAN_SECOND))
      return fail_start (&self->redis, error);
    g_usleep (10000);
  }
}

/* Processes of a killed server let go of its memory a moment after it: try again until they have. */
static gboolean
run_children (TlStandalone *self, GError **error)
{
  gint64 until = g_get_monotonic_time () + RETRY_SECONDS * G_TIME_SPAN_SECOND;
  g_autoptr (GError) failure = NULL;

  while (!start_keeper (self, &failure) || !await_ready (self, &failure)) {
    stop_keeper (self);
    if (!strstr (failure->message, "shared memory block") || g_get_monotonic_time () > until) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    g_clear_error (&failure);
  }
  g_mutex_lock (&self->mutex);
  self->ready = TRUE;
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

static TlChild
new_child (const TlHome *home, const char *name, const char *log, int stop_signal)
{
  return (TlChild){ .name = name,
                    .log = g_build_filename (home->dir, "log", log, NULL),
                    .folder = -1,
                    .stop_signal = stop_signal,
                    .uid = home->uid,
                    .gid = home->gid };
}

static gboolean
prepare_children (TlStandalone *self, GError **error)
{
  /* SIGINT is PostgreSQL's fast shutdown: it ends sessions instead of waiting for them. */
  self->postgres = new_child (&self->home, "PostgreSQL", "postgresql.log", SIGINT);
  self->redis = new_child (&self->home, "Redis", "redis.log", SIGTERM);
  return tl_postgres_prepare (&self->postgres, self->home.dir, self->home.runtime, error) &&
         tl_redis_child_prepare (&self->redis, self->home.runtime, error);
}

TlStandalone *
tl_standalone_start (const char *dir, TlConfig *config, GError **error)
{
  TlStandalone *self = g_new0 (TlStandalone, 1);

  self->postgres.folder = self->redis.folder = -1;
  if (tl_home_open (&self->home, dir, config, error) && prepare_children (self, error) &&
      run_children (self, error) && tl_postgres_create_database (self->home.runtime, error))
    return self;
  tl_standalone_stop (self);
  return NULL;
}

void
tl_standalone_stop (TlStandalone *self)
{
  stop_keeper (self);
  tl_child_clear (&self->postgres);
  tl_child_clear (&self->redis);
  g_clear_error (&self->spawn_error);
  tl_home_close (&self->home);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}
