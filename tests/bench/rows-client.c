/* rows-client.c: the shipped client: a first sync in a process of its own (client.c), and how long a
 * message needs from one person to another whose engine runs in this process. */
#include "tests/bench/jmap.h"

#include "sync/engine.h"

#include <stdio.h>
#include <string.h>

#define PUSHES 300
#define WARM_UP 10
#define PATIENCE (5 * G_USEC_PER_SEC)
#define CATCH_UP_MS 20000

/* Runs this program as a client; what it printed, NULL when it failed. */
static char *
run_client (Bench *self, const char *data, const char *login)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  char *output = NULL;

  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", data, TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, "/proc/self/exe", "--client",
                                         tl_test_server_url (self->server), login, TL_TEST_PASSWORD,
                                         NULL);
  if (process == NULL)
    return NULL;
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, NULL);
  return output;
}

gboolean
bench_sync_client (Bench *self, const char *data, const char *login, ClientTimes *times, char **why)
{
  g_autofree char *output = run_client (self, data, login);

  if (output && sscanf (output, "%lf %lf %lf %lf %lf", &times->first, &times->all, &times->before,
                        &times->most, &times->cpu) == 5)
    return TRUE;
  *why = g_strdup_printf ("the client said: %.200s", output ? g_strchomp (output) : "nothing");
  return FALSE;
}

void
bench_replica (Bench *self)
{
  double rates[3], costs[3], screens[3], growths[3];

  bench_need_server (self);
  for (guint run = 0; run < G_N_ELEMENTS (rates); run++) {
    g_autofree char *data = g_strdup_printf ("%s/replica%u", self->scratch, run);
    g_autofree char *why = NULL;
    ClientTimes times;

    if (!bench_sync_client (self, data, "reader", &times, &why)) {
      bench_skip (self, "sync.first.replica", why);
      return;
    }
    rates[run] = BENCH_OF_EACH * 1e6 / times.all;
    costs[run] = times.cpu / BENCH_OF_EACH;
    screens[run] = times.first / 1e3;
    growths[run] = (times.most - times.before) / (1 << 20);
  }
  bench_figure (self, "sync.first.replica", bench_median (rates, G_N_ELEMENTS (rates)),
                bench_median (costs, G_N_ELEMENTS (costs)));
  bench_figure (self, "sync.first.screen", bench_median (screens, G_N_ELEMENTS (screens)), 0);
  bench_figure (self, "sync.memory", bench_median (growths, G_N_ELEMENTS (growths)), 0);
}

/* --- pushes ------------------------------------------------------------------------------------ */

typedef struct {
  Bench *bench;
  const BenchPerson *from, *to;
  GMainLoop *loop;
  TlEngine *engine;
  GThread *sender;
  char *why; /* it failed */
  GArray *times;

  GMutex lock;
  GCond shown;
  GHashTable *seen; /* message -> when, monotonic; under the lock */
} Push;

static void
replica_changed (TlReplica *replica, const TlChanges *changes, Push *self)
{
  gint64 now = g_get_monotonic_time ();
  GHashTableIter iter;
  const TlObjectRef *ref;

  if (changes->keys == NULL)
    return;
  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, changes->keys);
  while (g_hash_table_iter_next (&iter, (gpointer *)&ref, NULL))
    if (ref->type == tl_message_type.number && !g_hash_table_contains (self->seen, &ref->key))
      g_hash_table_insert (self->seen, g_memdup2 (&ref->key, sizeof ref->key),
                           g_memdup2 (&now, sizeof now));
  g_cond_signal (&self->shown);
  g_mutex_unlock (&self->lock);
}

/* When the message was shown; 0: not within some seconds. */
static gint64
await_shown (Push *self, gint64 message)
{
  gint64 until = g_get_monotonic_time () + PATIENCE;
  gint64 *when;
  gint64 result;

  g_mutex_lock (&self->lock);
  while (!(when = g_hash_table_lookup (self->seen, &message)))
    if (!g_cond_wait_until (&self->shown, &self->lock, until))
      break;
  result = when ? *when : 0;
  g_mutex_unlock (&self->lock);
  return result;
}

/* From before the request is sent to when the other's replica shows the message. */
static gboolean
send_one (Push *self, HttpLine *line, guint i)
{
  g_autoptr (GBytes) request =
      jmap_send (self->from, self->to->rooms[i % BENCH_ROOMS_EACH], "Are you there yet?");
  gint64 began = g_get_monotonic_time ();
  gsize length;
  const char *answer = http_exchange (line, request, &length, NULL);
  const char *id = answer ? memmem (answer, length, "\"id\":\"t", 7) : NULL;
  gint64 shown = id ? await_shown (self, g_ascii_strtoll (id + 7, NULL, 10)) : 0;
  gint64 took = shown - began;

  if (shown == 0) {
    self->why = g_strdup (id ? "a message was not shown within five seconds"
                             : "a message could not be sent");
    return FALSE;
  }
  if (i >= WARM_UP)
    g_array_append_val (self->times, took);
  return TRUE;
}

static gpointer
send_all (gpointer data)
{
  Push *self = data;
  g_autoptr (HttpLine) line = http_line_new (self->bench->port);
  g_autoptr (GRand) random = g_rand_new_with_seed (11);

  for (guint i = 0; i < PUSHES + WARM_UP && send_one (self, line, i); i++)
    g_usleep ((gulong)g_rand_int_range (random, 2000, 20000));
  g_main_loop_quit (self->loop);
  return NULL;
}

static void
state_changed (TlEngine *engine, GParamSpec *spec, Push *self)
{
  if (self->sender == NULL && tl_engine_state (engine) == TL_SYNC_SYNCED)
    self->sender = g_thread_new ("sender", send_all, self);
}

static gboolean
listen_and_send (Push *self, GError **error)
{
  const char *server = tl_test_server_url (self->bench->server), *login = "person2";
  g_autoptr (TlSecrets) secrets = tl_secrets_new ();
  g_autoptr (TlRemote) remote = tl_remote_new (server, login, secrets);
  g_autoptr (JsonObject) person =
      dex_await_boxed (tl_remote_sign_in (remote, login, TL_TEST_PASSWORD, "bench"), error);
  g_autofree char *dir = g_build_filename (self->bench->scratch, "push", NULL);
  TlAccount account = { dir, (char *)server, (char *)login, (char *)login, self->to->key };
  g_autoptr (TlReplica) replica = NULL;

  g_mkdir_with_parents (dir, 0700);
  if (person == NULL || !(replica = tl_replica_open (dir, error)))
    return FALSE;
  g_signal_connect (replica, "changed", G_CALLBACK (replica_changed), self);
  self->engine = tl_engine_new (replica, remote, &account);
  g_signal_connect (self->engine, "notify::state", G_CALLBACK (state_changed), self);
  dex_await (tl_engine_start (self->engine), NULL);
  tl_replica_close (replica);
  return TRUE;
}

static DexFuture *
listen_fiber (gpointer data)
{
  Push *self = data;
  g_autoptr (GError) error = NULL;

  if (!listen_and_send (self, &error)) {
    self->why = g_strdup (error->message);
    g_main_loop_quit (self->loop);
  }
  return dex_future_new_for_boolean (TRUE);
}

static gboolean
never_synced (gpointer data)
{
  Push *self = data;

  if (self->sender == NULL) {
    self->why = g_strdup ("the listener did not catch up");
    g_main_loop_quit (self->loop);
  }
  return G_SOURCE_CONTINUE;
}

/* The sender has ended: the loop turns until the engine has, too. */
static void
stop_listening (Push *self)
{
  g_autoptr (DexFuture) stopped = NULL;

  if (self->sender)
    g_thread_join (self->sender);
  if (self->engine)
    stopped = tl_engine_stop (self->engine);
  while (stopped && dex_future_is_pending (stopped))
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&self->engine);
}

void
bench_push (Bench *self)
{
  Push push = { .bench = self,
                .from = &self->people[3],
                .to = &self->people[2],
                .loop = g_main_loop_new (NULL, FALSE),
                .times = g_array_new (FALSE, FALSE, sizeof (gint64)),
                .seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free) };

  guint timer;

  bench_need_server (self);
  dex_future_disown (dex_scheduler_spawn (NULL, 0, listen_fiber, &push, NULL));
  timer = g_timeout_add (CATCH_UP_MS, never_synced, &push);
  g_main_loop_run (push.loop);
  g_source_remove (timer);
  stop_listening (&push);
  if (push.why) {
    bench_skip (self, "sync.push", push.why);
  } else {
    bench_figure (self, "sync.push.p50", (double)bench_percentile (push.times, 0.5) / 1000, 0);
    bench_figure (self, "sync.push.p99", (double)bench_percentile (push.times, 0.99) / 1000, 0);
  }
  g_free (push.why);
  g_array_unref (push.times);
  g_hash_table_unref (push.seen);
  g_main_loop_unref (push.loop);
}
