/* engine.c: the loop. Main thread, one fiber; the only place that decides when to sync and logs why not.
 *
 * Rounds and pushes never overlap: frames that come during a round wait for its end. */
#include "sync/engine.h"

#include "sync/outbox.h"
#include "sync/round.h"
#include "sync/uploads.h"

#include <string.h>
#include <unistd.h>

#define POLL_SECONDS 60 /* with a push connection, "now and then anyway" */
#define POLL_WITHOUT_PUSH 15
#define BACKOFF_MAX_SECONDS 60
#define ELSEWHERE_SECONDS 2
#define AFTER_PUSH_MS 400 /* gathers what a push brought into one round */
#define AFTER_END_MS 1000
#define MAX_FRAMES 1000 /* held during a round; more: dropped, /changes tells */

struct _TlEngine {
  GObject parent;
  TlReplica *replica;
  TlRemote *remote;
  TlAccount *account;
  TlRound round;
  int lock;

  TlSyncState state;
  gint64 since;
  guint waiting, refused;
  double progress;
  char *message;

  gboolean is_running, is_stopping, is_listening, is_open;
  gboolean is_kicked; /* a round is due */
  DexPromise *wake;   /* what the loop sleeps on */
  GQueue frames;      /* of char * */
  guint failures;
  guint push_timer;
  GFileMonitor *monitor;
  GNetworkMonitor *network;
  DexFuture *loop;
};

enum {
  PROP_STATE = 1,
  PROP_WAITING,
  PROP_REFUSED,
  PROP_PROGRESS,
  PROP_SINCE,
  PROP_MESSAGE,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];
enum { MESSAGE_ARRIVED, NOTIFICATION_ARRIVED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlEngine, tl_engine, G_TYPE_OBJECT)

GType
tl_sync_state_get_type (void)
{
  static gsize type;
  static const GEnumValue values[] = {
    { TL_SYNC_OFFLINE, "TL_SYNC_OFFLINE", "offline" },
    { TL_SYNC_FIRST, "TL_SYNC_FIRST", "first" },
    { TL_SYNC_SYNCING, "TL_SYNC_SYNCING", "syncing" },
    { TL_SYNC_SYNCED, "TL_SYNC_SYNCED", "synced" },
    { TL_SYNC_SIGN_IN, "TL_SYNC_SIGN_IN", "sign-in" },
    { TL_SYNC_ELSEWHERE, "TL_SYNC_ELSEWHERE", "elsewhere" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("TlSyncState", values));
  return type;
}

/* --- properties ------------------------------------------------------------------------------ */

static void
tl_engine_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  TlEngine *self = TL_ENGINE (object);

  switch (id) {
  case PROP_STATE:
    g_value_set_enum (value, self->state);
    break;
  case PROP_WAITING:
    g_value_set_uint (value, self->waiting);
    break;
  case PROP_REFUSED:
    g_value_set_uint (value, self->refused);
    break;
  case PROP_PROGRESS:
    g_value_set_double (value, self->progress);
    break;
  case PROP_SINCE:
    g_value_set_int64 (value, self->since);
    break;
  case PROP_MESSAGE:
    g_value_set_string (value, self->message);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
set_state (TlEngine *self, TlSyncState state, const char *message)
{
  if (g_set_str (&self->message, message))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
  if (self->state == state)
    return;
  self->state = state;
  self->since = g_get_real_time () / 1000;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SINCE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
set_progress (double fraction, gpointer data)
{
  TlEngine *self = data;

  self->progress = fraction;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
  set_state (self, TL_SYNC_FIRST, NULL);
}

/* Of what is being sent. */
static void
set_sent (double fraction, gpointer data)
{
  TlEngine *self = data;

  self->progress = fraction;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
  set_state (self, TL_SYNC_SYNCING, NULL);
}

static void
arrived (const TlArrival *arrivals, guint n, gpointer data)
{
  for (guint i = 0; i < n; i++)
    if (arrivals[i].room != 0)
      g_signal_emit (data, signals[MESSAGE_ARRIVED], 0, arrivals[i].room, arrivals[i].message);
    else
      g_signal_emit (data, signals[NOTIFICATION_ARRIVED], 0, arrivals[i].message);
}

static void
tl_engine_finalize (GObject *object)
{
  TlEngine *self = TL_ENGINE (object);

  g_queue_clear_full (&self->frames, g_free);
  tl_round_clear (&self->round);
  g_clear_object (&self->replica);
  g_clear_object (&self->remote);
  g_clear_object (&self->monitor);
  g_clear_pointer (&self->account, tl_account_free);
  g_clear_handle_id (&self->push_timer, g_source_remove);
  g_free (self->message);
  dex_clear (&self->wake);
  dex_clear (&self->loop);
  if (self->lock >= 0)
    close (self->lock);
  G_OBJECT_CLASS (tl_engine_parent_class)->finalize (object);
}

static void
tl_engine_class_init (TlEngineClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = tl_engine_finalize;
  object_class->get_property = tl_engine_get_property;
  properties[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, TL_TYPE_SYNC_STATE, TL_SYNC_OFFLINE, flags);
  properties[PROP_WAITING] = g_param_spec_uint ("waiting", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_REFUSED] = g_param_spec_uint ("refused", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, flags);
  properties[PROP_SINCE] =
      g_param_spec_int64 ("since", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[MESSAGE_ARRIVED] =
      g_signal_new ("message-arrived", TL_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_INT64);
  signals[NOTIFICATION_ARRIVED] =
      g_signal_new ("notification-arrived", TL_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
tl_engine_init (TlEngine *self)
{
  self->lock = -1;
  self->since = g_get_real_time () / 1000;
  g_queue_init (&self->frames);
}

TlSyncState
tl_engine_state (TlEngine *self)
{
  return self->state;
}

/* --- the outbox's numbers -------------------------------------------------------------------- */

static gpointer
count_ops (TlDb *db, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) ops = tl_outbox_list (db, error);
  guint *counts;

  if (ops == NULL)
    return NULL;
  counts = g_new0 (guint, 2);
  for (guint i = 0; i < ops->len; i++)
    counts[((TlOp *)ops->pdata[i])->status == TL_OP_REFUSED]++;
  return counts;
}

static DexFuture *
counted (DexFuture *future, gpointer data)
{
  TlEngine *self = data;
  g_autofree guint *counts = dex_await_pointer (dex_ref (future), NULL);

  if (counts && counts[0] != self->waiting) {
    self->waiting = counts[0];
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WAITING]);
  }
  if (counts && counts[1] != self->refused) {
    self->refused = counts[1];
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REFUSED]);
  }
  return NULL;
}

/* Something local was written: count, and send it. */
static void
replica_changed (TlReplica *replica, const TlChanges *changes, TlEngine *self)
{
  if ((changes->types & 1) == 0)
    return;
  dex_future_disown (
      dex_future_then (tl_replica_read (self->replica, count_ops, NULL, NULL, g_free), counted,
                       g_object_ref (self), g_object_unref));
}

static void
waiting_changed (TlEngine *self)
{
  if (self->waiting > 0)
    tl_engine_kick (self);
}

static void
woken_by_other (gpointer data)
{
  TlEngine *self = data;

  tl_replica_refresh (self->replica);
  tl_engine_kick (self);
}

static void
network_changed (GNetworkMonitor *network, gboolean is_available, TlEngine *self)
{
  self->failures = 0;
  if (is_available)
    tl_engine_kick (self);
}

TlEngine *
tl_engine_new (TlReplica *replica, TlRemote *remote, const TlAccount *account)
{
  TlEngine *self = g_object_new (TL_TYPE_ENGINE, NULL);

  self->replica = g_object_ref (replica);
  self->remote = g_object_ref (remote);
  self->account = tl_account_copy (account);
  tl_round_init (&self->round, replica, remote, account->key);
  self->round.progress = set_progress;
  self->round.arrived = arrived;
  self->round.sent = set_sent;
  self->round.data = self;
  self->network = g_network_monitor_get_default ();
  g_signal_connect_object (replica, "changed", G_CALLBACK (replica_changed), self, 0);
  g_signal_connect_object (self->network, "network-changed", G_CALLBACK (network_changed), self, 0);
  g_signal_connect (self, "notify::waiting", G_CALLBACK (waiting_changed), NULL);
  return self;
}

/* --- the push connection --------------------------------------------------------------------- */

static gboolean
kick_after_push (gpointer data)
{
  TlEngine *self = data;

  self->push_timer = 0;
  tl_engine_kick (self);
  return G_SOURCE_REMOVE;
}

static void
wake_up (TlEngine *self)
{
  if (self->wake && dex_future_is_pending (DEX_FUTURE (self->wake)))
    dex_promise_resolve_boolean (self->wake, TRUE);
}

static void
push_opened (gpointer data)
{
  TlEngine *self = data;

  self->is_open = TRUE;
  tl_engine_kick (self);
}

static void
push_frame (const char *text, gpointer data)
{
  TlEngine *self = data;

  if (self->push_timer == 0)
    self->push_timer = g_timeout_add (AFTER_PUSH_MS, kick_after_push, self);
  if (strstr (text, "\"SyncPush\"") && g_queue_get_length (&self->frames) < MAX_FRAMES) {
    g_queue_push_tail (&self->frames, g_strdup (text));
    wake_up (self);
  }
}

/* A connection that broke says first that the network is gone: a round finds out. */
static DexFuture *
push_ended (DexFuture *future, gpointer data)
{
  TlEngine *self = data;

  if (self->is_open && !self->is_stopping && self->push_timer == 0)
    self->push_timer = g_timeout_add (AFTER_END_MS, kick_after_push, self);
  self->is_open = FALSE;
  self->is_listening = FALSE;
  wake_up (self);
  return NULL;
}

static DexFuture *
listen (TlEngine *self)
{
  static const TlRemoteEvents events = { push_opened, push_frame };

  self->is_listening = TRUE;
  return dex_future_finally (tl_remote_listen (self->remote, &events, self), push_ended,
                             g_object_ref (self), g_object_unref);
}

/* --- the loop -------------------------------------------------------------------------------- */

static gboolean
release_ops (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  return tl_outbox_release (db, changes, error);
}

/* In a fiber. What a process that held the lock before had under way may never have arrived: it waits again. */
static gboolean
take_lock (TlEngine *self, GError **error)
{
  if (self->lock >= 0)
    return TRUE;
  self->lock = tl_account_lock (self->account, error);
  return self->lock >= 0 &&
         dex_await (tl_replica_write (self->replica, release_ops, NULL, NULL), error);
}

/* Sleeps until something happens or `ms` passed. */
static void
sleep_for (TlEngine *self, guint ms)
{
  if (self->is_kicked || self->is_stopping || !g_queue_is_empty (&self->frames))
    return;
  dex_clear (&self->wake);
  self->wake = dex_promise_new ();
  dex_await (
      dex_future_first (dex_ref (DEX_FUTURE (self->wake)), dex_timeout_new_msec ((int)ms), NULL),
      NULL);
}

static guint
backoff_ms (TlEngine *self)
{
  guint seconds = MIN (1u << MIN (self->failures, 6), BACKOFF_MAX_SECONDS);

  return (guint)(seconds * 1000 * g_random_double_range (0.7, 1.3));
}

static void
show_failure (TlEngine *self, const GError *error)
{
  TlSyncState state = TL_SYNC_OFFLINE;

  if (g_error_matches (error, TL_REMOTE_ERROR, TL_REMOTE_ERROR_SIGN_IN))
    state = TL_SYNC_SIGN_IN;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY))
    state = TL_SYNC_ELSEWHERE;
  set_state (self, state, error->message);
}

static gboolean
show_syncing (gpointer data)
{
  TlEngine *self = data;

  if (self->state == TL_SYNC_SYNCED)
    set_state (self, TL_SYNC_SYNCING, NULL);
  return G_SOURCE_CONTINUE;
}

/* In a fiber: a round, and how it went. */
static gboolean
run_round (TlEngine *self, GError **error)
{
  guint timer;
  gboolean is_done;

  self->is_kicked = FALSE;
  if (!take_lock (self, error))
    return FALSE;
  timer = g_timeout_add (500, show_syncing, self);
  is_done = tl_round_run (&self->round, error);
  g_source_remove (timer);
  return is_done;
}

static void
apply_frames (TlEngine *self)
{
  while (!g_queue_is_empty (&self->frames) && !self->is_stopping) {
    g_autofree char *frame = g_queue_pop_head (&self->frames);
    g_autoptr (GError) error = NULL;

    if (!tl_round_push (&self->round, frame, &error))
      g_message ("A push could not be applied: %s", error->message);
  }
}

static void
one_turn (TlEngine *self, gint64 *next_poll)
{
  g_autoptr (GError) error = NULL;

  apply_frames (self);
  if (!self->is_kicked && g_get_monotonic_time () < *next_poll)
    return;
  if (run_round (self, &error)) {
    self->failures = 0;
    set_state (self, TL_SYNC_SYNCED, NULL);
    if (!self->is_listening && !self->is_stopping)
      dex_future_disown (listen (self));
    *next_poll = g_get_monotonic_time () +
                 (self->is_listening ? POLL_SECONDS : POLL_WITHOUT_PUSH) * G_USEC_PER_SEC;
    return;
  }
  if (g_strcmp0 (self->message, error->message) != 0)
    g_message ("Sync stopped: %s", error->message);
  show_failure (self, error);
  if (self->state == TL_SYNC_ELSEWHERE) {
    tl_replica_refresh (self->replica);
    *next_poll = g_get_monotonic_time () + ELSEWHERE_SECONDS * G_USEC_PER_SEC;
    return;
  }
  *next_poll = g_get_monotonic_time () + backoff_ms (self) * 1000;
  self->failures++;
}

static DexFuture *
loop_fiber (gpointer data)
{
  TlEngine *self = data;
  gint64 next_poll = 0;

  tl_uploads_clean (self->replica);
  while (!self->is_stopping) {
    one_turn (self, &next_poll);
    sleep_for (self, (guint)CLAMP ((next_poll - g_get_monotonic_time ()) / 1000, 0, 60000));
  }
  tl_remote_hang_up (self->remote);
  self->is_running = FALSE;
  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
  return dex_future_new_for_boolean (TRUE);
}

DexFuture *
tl_engine_start (TlEngine *self)
{
  g_return_val_if_fail (!self->is_running, NULL);
  self->is_running = TRUE;
  self->is_stopping = FALSE;
  self->monitor = tl_account_watch (self->account, woken_by_other, self);
  dex_clear (&self->loop);
  self->loop = dex_scheduler_spawn (NULL, 0, loop_fiber, g_object_ref (self), g_object_unref);
  return dex_ref (self->loop);
}

DexFuture *
tl_engine_stop (TlEngine *self)
{
  self->is_stopping = TRUE;
  g_clear_object (&self->monitor);
  g_clear_handle_id (&self->push_timer, g_source_remove);
  wake_up (self);
  return self->loop ? dex_ref (self->loop) : dex_future_new_for_boolean (TRUE);
}

void
tl_engine_kick (TlEngine *self)
{
  self->is_kicked = TRUE;
  wake_up (self);
}

static DexFuture *
once_fiber (gpointer data)
{
  TlEngine *self = data;
  GError *error = NULL;

  if (!run_round (self, &error)) {
    show_failure (self, error);
    return dex_future_new_for_error (error);
  }
  set_state (self, TL_SYNC_SYNCED, NULL);
  return dex_future_new_for_boolean (TRUE);
}

DexFuture *
tl_engine_sync_once (TlEngine *self)
{
  return dex_scheduler_spawn (NULL, 0, once_fiber, g_object_ref (self), g_object_unref);
}
