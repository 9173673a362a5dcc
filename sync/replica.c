/* replica.c: the threads that own an account's connections, and futures for what they do.
 *
 * One writer thread takes writes in order, each in one transaction; readers share a queue, and what can wait has a
 * reader of its own, so that totals never hold up what is on the screen. Jobs come from and go back to the thread that opened (its main context), where signals are emitted before the future
 * resolves. A write that was queued is done even when the replica is closed right after. */
#include "sync/replica.h"

#include "sync/migrate.h"
#include "sync/outbox.h"

#include <glib/gstdio.h>

#define N_READERS 3 /* the last one for what can wait */

struct _TlReplica {
  GObject parent;
  char *dir;
  gboolean was_reset;
  GMainContext *context;
  GAsyncQueue *writes, *reads, *patient; /* of Job */
  GThread *writer, *readers[N_READERS];
  gboolean is_open;
};

G_DEFINE_FINAL_TYPE (TlReplica, tl_replica, G_TYPE_OBJECT)

enum { CHANGED, REKEYED, N_SIGNALS };
static guint signals[N_SIGNALS];

typedef struct {
  TlReplica *replica;
  DexPromise *promise;
  TlWriteFunc write; /* one of them; neither: the thread ends */
  TlReadFunc read;
  gpointer data;
  GDestroyNotify destroy;
  GDestroyNotify free_result;
  TlChanges *changes;
  gpointer result;
  GError *error;
} Job;

typedef struct {
  GAsyncQueue *queue;
  TlDb *db;
  char *dir;
} Worker;

/* --- on the main context ------------------------------------------------------------------------ */

static void
job_free (gpointer data)
{
  Job *job = data;

  if (job->destroy)
    job->destroy (job->data);
  g_clear_pointer (&job->changes, tl_changes_free);
  g_clear_error (&job->error);
  dex_clear (&job->promise);
  g_clear_object (&job->replica);
  g_free (job);
}

static void
emit (TlReplica *self, const TlChanges *changes)
{
  for (guint i = 0; i < changes->rekeyed->len; i++) {
    const TlRekey *rekey = &g_array_index (changes->rekeyed, TlRekey, i);
    g_signal_emit (self, signals[REKEYED], 0, (guint)rekey->type, rekey->from, rekey->to);
  }
  if (changes->types != 0)
    g_signal_emit (self, signals[CHANGED], 0, changes);
}

static gboolean
is_dropped (Job *job)
{
  g_autoptr (GCancellable) dropped = g_object_ref (dex_promise_get_cancellable (job->promise));
  return g_cancellable_is_cancelled (dropped);
}

static void
resolve_pointer (Job *job)
{
  GValue value = G_VALUE_INIT;

  if (is_dropped (job)) {
    if (job->result && job->free_result)
      job->free_result (job->result);
    return;
  }
  g_value_init (&value, G_TYPE_POINTER);
  g_value_set_pointer (&value, job->result);
  dex_promise_resolve (job->promise, &value);
  g_value_unset (&value);
}

static gboolean
finish (gpointer data)
{
  Job *job = data;

  if (job->error)
    dex_promise_reject (job->promise, g_steal_pointer (&job->error));
  else if (job->read)
    resolve_pointer (job);
  else {
    emit (job->replica, job->changes);
    dex_promise_resolve_boolean (job->promise, TRUE);
  }
  return G_SOURCE_REMOVE;
}

/* --- in the threads ----------------------------------------------------------------------------- */

static void
hand_back (Job *job)
{
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, finish, job, job_free);
  g_source_attach (source, job->replica->context);
  g_source_unref (source);
}

static void
run_write (TlDb *db, Job *job)
{
  job->changes = tl_changes_new ();
  if (!tl_db_begin (db, &job->error))
    return;
  if (!job->write (db, job->changes, job->data, &job->error) || !tl_db_commit (db, &job->error))
    tl_db_rollback (db);
}

static void
run_read (TlDb *db, Job *job)
{
  if (is_dropped (job) || !tl_db_begin (db, &job->error))
    return;
  job->result = job->read (db, job->data, &job->error);
  tl_db_rollback (db);
}

static gpointer
work (gpointer data)
{
  Worker *worker = data;

  for (;;) {
    Job *job = g_async_queue_pop (worker->queue);

    if (job->write)
      run_write (worker->db, job);
    else if (job->read)
      run_read (worker->db, job);
    else {
      g_free (job);
      break;
    }
    if (g_error_matches (job->error, TL_DB_ERROR, TL_DB_ERROR_CORRUPT))
      tl_db_suspect (worker->dir);
    hand_back (job);
  }
  tl_db_close (worker->db);
  g_async_queue_unref (worker->queue);
  g_free (worker->dir);
  g_free (worker);
  return NULL;
}

static GThread *
start (const char *name, const char *dir, GAsyncQueue *queue, TlDb *db)
{
  Worker *worker = g_new0 (Worker, 1);

  worker->queue = g_async_queue_ref (queue);
  worker->db = db;
  worker->dir = g_strdup (dir);
  return g_thread_new (name, work, worker);
}

static GAsyncQueue *
reads_of (TlReplica *self, guint reader)
{
  return reader == N_READERS - 1 ? self->patient : self->reads;
}

/* --- opening and closing ------------------------------------------------------------------------ */

/* replica.db with its companions becomes replica.db.broken-N. */
static gboolean
set_aside (const char *dir, GError **error)
{
  static const char *const tails[] = { "", "-wal", "-shm" };
  g_autofree char *path = g_build_filename (dir, "replica.db", NULL);
  g_autofree char *aside = NULL;

  for (guint n = 1; aside == NULL || g_file_test (aside, G_FILE_TEST_EXISTS); n++) {
    g_free (aside);
    aside = g_strdup_printf ("%s.broken-%u", path, n);
  }
  for (guint i = 0; i < G_N_ELEMENTS (tails); i++) {
    g_autofree char *from = g_strconcat (path, tails[i], NULL);
    g_autofree char *to = g_strconcat (aside, tails[i], NULL);

    if (g_rename (from, to) != 0 && i == 0) {
      g_set_error (error, TL_DB_ERROR, TL_DB_ERROR_CORRUPT,
                   "%s is damaged and cannot be set aside: %s", path, g_strerror (errno));
      return FALSE;
    }
  }
  g_message ("%s was damaged: it is kept as %s and begun anew", path, aside);
  return TRUE;
}

static TlDb *
open_writing (TlReplica *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->dir, "replica.db", NULL);
  g_autoptr (GError) failed = NULL;
  TlDb *db;

  self->was_reset = !g_file_test (path, G_FILE_TEST_EXISTS);
  if (!tl_db_bring_up (self->dir, "local", error)) /* never set aside */
    return NULL;
  db = tl_db_open (self->dir, TRUE, &failed);
  if (db)
    return db;
  if (!g_error_matches (failed, TL_DB_ERROR, TL_DB_ERROR_CORRUPT)) {
    g_propagate_error (error, g_steal_pointer (&failed));
    return NULL;
  }
  if (!set_aside (self->dir, error))
    return NULL;
  self->was_reset = TRUE;
  return tl_db_open (self->dir, TRUE, error);
}

static gboolean
recover (TlDb *db, GError **error)
{
  g_autoptr (TlChanges) changes = tl_changes_new ();

  if (!tl_db_begin (db, error))
    return FALSE;
  if (tl_outbox_recover (db, changes, error) && tl_db_commit (db, error))
    return TRUE;
  tl_db_rollback (db);
  return FALSE;
}

TlReplica *
tl_replica_open (const char *dir, GError **error)
{
  g_autoptr (TlReplica) self = g_object_new (TL_TYPE_REPLICA, NULL);
  g_autoptr (TlDb) writing = NULL;
  g_autoptr (GPtrArray) reading = g_ptr_array_new_with_free_func ((GDestroyNotify)tl_db_close);

  self->dir = g_strdup (dir);
  writing = open_writing (self, error);
  if (writing == NULL || !recover (writing, error))
    return NULL;
  for (guint i = 0; i < N_READERS; i++) {
    TlDb *db = tl_db_open (dir, FALSE, error);
    if (db == NULL)
      return NULL;
    g_ptr_array_add (reading, db);
  }

  self->is_open = TRUE;
  self->writer = start ("replica-write", dir, self->writes, g_steal_pointer (&writing));
  for (guint i = 0; i < N_READERS; i++)
    self->readers[i] =
        start ("replica-read", dir, reads_of (self, i), g_ptr_array_steal_index (reading, 0));
  return g_steal_pointer (&self);
}

void
tl_replica_close (TlReplica *self)
{
  if (!self->is_open)
    return;
  self->is_open = FALSE;
  g_async_queue_push (self->writes, g_new0 (Job, 1));
  for (guint i = 0; i < N_READERS; i++)
    g_async_queue_push (reads_of (self, i), g_new0 (Job, 1));
  g_thread_join (self->writer);
  for (guint i = 0; i < N_READERS; i++)
    g_thread_join (self->readers[i]);
}

const char *
tl_replica_dir (TlReplica *self)
{
  return self->dir;
}

gboolean
tl_replica_was_reset (TlReplica *self)
{
  return self->was_reset;
}

/* --- jobs --------------------------------------------------------------------------------------- */

static Job *
job_new (TlReplica *self, gpointer data, GDestroyNotify destroy)
{
  Job *job = g_new0 (Job, 1);

  job->replica = g_object_ref (self);
  job->promise = dex_promise_new_cancellable ();
  job->data = data;
  job->destroy = destroy;
  return job;
}

static DexFuture *
queue (TlReplica *self, GAsyncQueue *jobs, Job *job)
{
  DexFuture *future = dex_ref (job->promise);

  if (self->is_open)
    g_async_queue_push (jobs, job);
  else {
    dex_promise_reject (job->promise,
                        g_error_new (G_IO_ERROR, G_IO_ERROR_CLOSED, "%s is closed", self->dir));
    job_free (job);
  }
  return future;
}

DexFuture *
tl_replica_write (TlReplica *self, TlWriteFunc func, gpointer data, GDestroyNotify destroy)
{
  Job *job = job_new (self, data, destroy);

  job->write = func;
  return queue (self, self->writes, job);
}

static DexFuture *
read_in (TlReplica *self, GAsyncQueue *jobs, TlReadFunc func, gpointer data, GDestroyNotify destroy,
         GDestroyNotify free_result)
{
  Job *job = job_new (self, data, destroy);

  job->read = func;
  job->free_result = free_result;
  return queue (self, jobs, job);
}

DexFuture *
tl_replica_read (TlReplica *self, TlReadFunc func, gpointer data, GDestroyNotify destroy,
                 GDestroyNotify free_result)
{
  return read_in (self, self->reads, func, data, destroy, free_result);
}

DexFuture *
tl_replica_read_patiently (TlReplica *self, TlReadFunc func, gpointer data, GDestroyNotify destroy,
                           GDestroyNotify free_result)
{
  return read_in (self, self->patient, func, data, destroy, free_result);
}

static gpointer
forget (TlDb *db, gpointer data, GError **error)
{
  tl_db_forget (db);
  return NULL;
}

void
tl_replica_refresh (TlReplica *self)
{
  g_autoptr (TlChanges) all = tl_changes_new ();

  tl_changes_all (all);
  dex_future_disown (tl_replica_read (self, forget, NULL, NULL, NULL));
  emit (self, all);
}

static void
tl_replica_finalize (GObject *object)
{
  TlReplica *self = TL_REPLICA (object);

  tl_replica_close (self);
  g_async_queue_unref (self->writes);
  g_async_queue_unref (self->reads);
  g_async_queue_unref (self->patient);
  g_main_context_unref (self->context);
  g_free (self->dir);
  G_OBJECT_CLASS (tl_replica_parent_class)->finalize (object);
}

static void
tl_replica_class_init (TlReplicaClass *class)
{
  G_OBJECT_CLASS (class)->finalize = tl_replica_finalize;
  signals[CHANGED] = g_signal_new ("changed", TL_TYPE_REPLICA, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[REKEYED] = g_signal_new ("rekeyed", TL_TYPE_REPLICA, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 3, G_TYPE_UINT, G_TYPE_INT64, G_TYPE_INT64);
}

static void
tl_replica_init (TlReplica *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->writes = g_async_queue_new ();
  self->reads = g_async_queue_new ();
  self->patient = g_async_queue_new ();
}
