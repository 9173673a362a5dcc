/* hub.c: one thread that reads the change log as it grows and tells the sockets that listen.
 *
 * It looks when woken, by a commit here or by Redis, but not again at once: what many commit in 2 ms is
 * read together. Else it looks every 2 s (4 times a second while there is no Redis to wake it). What is
 * new is what its last snapshot did not see, as with /changes. The audience and the doors are its own;
 * others leave their wishes in the inbox, which it empties after reading the log and before telling
 * anybody: so whoever listened before a commit is told of it. Sockets of sessions that ended are closed
 * before anything is told. */
#include "server/jmap/hub.h"

#include "server/jmap/audience.h"
#include "server/jmap/doors.h"
#include "server/jmap/push.h"
#include "server/jmap/subscription.h"
#include "sync/wire/types.h"

#define SQL "jmap/hub.sql"
#define POLL_US (2 * G_USEC_PER_SEC)
#define GATHER_US 2000
#define POLL_WITHOUT_REDIS_US (G_USEC_PER_SEC / 4)
#define MAX_ROWS 5000
#define STATEMENT_SECONDS 10

typedef enum { ENTER, LISTEN, FORGET, LEAVE } WishKind;

typedef struct {
  WishKind kind;
  TlSocket *socket;
  char *session;
  gint64 account;
  guint32 types;
  gboolean objects;
} Wish;

enum { EPOCH, SNAPSHOT, ENDS, SCOPE, SCOPE_SEQ, TYPE, ID, KIND };

struct _TlHub {
  TlServer *server;
  GThread *thread;

  GMutex lock;
  GCond woken;
  GQueue inbox; /* of Wish */
  gboolean has_news;
  gboolean is_stopping;

  /* the thread's */
  TlPg *pg;
  TlAudience *audience;
  TlDoors *doors;
  char *epoch;
  char *snapshot;
  gboolean is_failing;
};

TlHub *
tl_hub_new (TlServer *server)
{
  TlHub *self = g_new0 (TlHub, 1);

  self->server = server;
  g_mutex_init (&self->lock);
  g_cond_init (&self->woken);
  g_queue_init (&self->inbox);
  self->audience = tl_audience_new ();
  self->doors = tl_doors_new (server->tokens);
  return self;
}

void
tl_hub_wake (TlHub *self)
{
  g_mutex_lock (&self->lock);
  self->has_news = TRUE;
  g_cond_signal (&self->woken);
  g_mutex_unlock (&self->lock);
}

void
tl_hub_committed (TlHub *self)
{
  tl_hub_wake (self);
  tl_redis_wake (self->server->redis);
}

static void
leave_wish (TlHub *self, Wish wish)
{
  tl_socket_ref (wish.socket);
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->inbox, g_memdup2 (&wish, sizeof wish));
  g_mutex_unlock (&self->lock);
}

void
tl_hub_listen (TlHub *self, TlSocket *socket, gint64 account, guint32 types, gboolean objects)
{
  leave_wish (self, (Wish){ LISTEN, socket, NULL, account, types, objects });
}

void
tl_hub_forget (TlHub *self, TlSocket *socket)
{
  leave_wish (self, (Wish){ FORGET, socket });
}

void
tl_hub_enter (TlHub *self, TlSocket *socket, const char *session)
{
  leave_wish (self, (Wish){ ENTER, socket, g_strdup (session) });
}

void
tl_hub_leave (TlHub *self, TlSocket *socket)
{
  leave_wish (self, (Wish){ LEAVE, socket });
}

/* --- the thread -------------------------------------------------------------------------------- */

static Wish *
take_wish (TlHub *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_queue_pop_head (&self->inbox);
}

static void
grant (TlHub *self, const Wish *wish)
{
  switch (wish->kind) {
  case ENTER:
    tl_doors_enter (self->doors, wish->socket, wish->session);
    return;
  case LISTEN:
    tl_audience_add (self->audience, wish->socket, wish->account, wish->types, wish->objects);
    return;
  case LEAVE:
    tl_doors_leave (self->doors, wish->socket);
    G_GNUC_FALLTHROUGH;
  case FORGET:
    tl_audience_remove (self->audience, wish->socket);
  }
}

static void
empty_inbox (TlHub *self)
{
  Wish *wish;

  while ((wish = take_wish (self))) {
    grant (self, wish);
    tl_socket_unref (wish->socket);
    g_free (wish->session);
    g_free (wish);
  }
}

static GArray *
read_rows (PGresult *result)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (TlPushRow));

  for (int i = 0; i < PQntuples (result) && !PQgetisnull (result, i, SCOPE); i++) {
    TlPushRow row = { .scope = g_ascii_strtoll (PQgetvalue (result, i, SCOPE), NULL, 10),
                      .scope_seq = g_ascii_strtoll (PQgetvalue (result, i, SCOPE_SEQ), NULL, 10),
                      .type = (guint8)g_ascii_strtoull (PQgetvalue (result, i, TYPE), NULL, 10),
                      .id = g_ascii_strtoll (PQgetvalue (result, i, ID), NULL, 10),
                      .kind = *PQgetvalue (result, i, KIND) };

    g_array_append_val (rows, row);
  }
  return rows;
}

static void
tell_account (TlAudienceAccount *account, const char *state)
{
  for (guint i = 0; i < account->listeners->len; i++) {
    const TlListener *listener = &g_array_index (account->listeners, TlListener, i);
    guint32 types = account->news & listener->types;

    if (types) {
      g_autofree char *text = tl_push_state_change (account->id, types, state);

      tl_socket_send_event (listener->socket, "state", state, text);
    }
  }
  account->news = 0;
}

/* Too much to look at one by one, or states began anew: everybody asks /changes. */
static gboolean
tell_everybody (TlHub *self, const char *state, GError **error)
{
  g_autoptr (GList) accounts = tl_audience_accounts (self->audience);

  for (GList *link = accounts; link; link = link->next) {
    TlAudienceAccount *account = link->data;

    account->scopes_known = FALSE;
    account->news = TL_TYPE_BITS_ALL;
    tell_account (account, state);
  }
  return tl_audience_load (self->audience, self->pg, error);
}

/* Who gained or lost a scope has to have its scopes read again before anything is told. */
static void
mark_movers (TlHub *self, GArray *rows)
{
  for (guint i = 0; i < rows->len; i++) {
    const TlPushRow *row = &g_array_index (rows, TlPushRow, i);
    GPtrArray *there = row->type == 0 ? tl_audience_of (self->audience, row->scope) : NULL;

    for (guint k = 0; there && k < there->len; k++)
      ((TlAudienceAccount *)there->pdata[k])->scopes_known = FALSE;
  }
}

static guint32
types_in (const TlPushRow *rows, guint n)
{
  guint32 types = 0;

  for (guint i = 0; i < n; i++)
    types |= rows[i].type ? 1u << rows[i].type : TL_TYPE_BITS_ALL;
  return types;
}

static gboolean
wants_objects (const TlListener *listener, guint32 types)
{
  return listener->objects && (types & ~listener->types) == 0;
}

/* The frame is made when the first socket wants it. */
static gboolean
send_objects (TlHub *self, GPtrArray *there, const TlPushRow *rows, guint n, guint32 types,
              GError **error)
{
  g_autoptr (GBytes) frame = NULL;
  g_autoptr (GError) failure = NULL;

  for (guint i = 0; i < there->len; i++) {
    const TlAudienceAccount *account = there->pdata[i];

    for (guint k = 0; k < account->listeners->len; k++) {
      const TlListener *listener = &g_array_index (account->listeners, TlListener, k);

      if (!wants_objects (listener, types))
        continue;
      if (frame == NULL)
        frame = tl_push_objects (self->pg, rows, n, &failure);
      if (failure) {
        g_propagate_error (error, g_steal_pointer (&failure));
        return FALSE;
      }
      if (frame == NULL)
        return TRUE;
      tl_socket_send_frame (listener->socket, frame);
    }
  }
  return TRUE;
}

/* `rows`: all of one scope. Whom to tell of a change of state is collected in `movers`. */
static gboolean
tell_scope (TlHub *self, const TlPushRow *rows, guint n, GPtrArray *movers, GError **error)
{
  GPtrArray *there = tl_audience_of (self->audience, rows->scope);
  guint32 types = types_in (rows, n);

  if (there == NULL)
    return TRUE;
  for (guint i = 0; i < there->len; i++) {
    TlAudienceAccount *account = there->pdata[i];

    if (account->news == 0)
      g_ptr_array_add (movers, account);
    account->news |= types;
  }
  return send_objects (self, there, rows, n, types, error);
}

static gboolean
tell (TlHub *self, GArray *rows, const char *state, GError **error)
{
  g_autoptr (GPtrArray) movers = g_ptr_array_new ();
  const TlPushRow *row = (const TlPushRow *)rows->data;
  gboolean done;

  mark_movers (self, rows);
  done = tl_audience_load (self->audience, self->pg, error);
  for (guint i = 0, n; done && i < rows->len; i += n) {
    for (n = 1; i + n < rows->len && row[i + n].scope == row[i].scope; n++)
      ;
    done = tell_scope (self, row + i, n, movers, error);
  }
  for (guint i = 0; i < movers->len; i++)
    tell_account (movers->pdata[i], state);
  return done;
}

/* Those that listen come first; subscriptions are told by jobs. `rows` NULL: anything may have happened. */
static gboolean
wake_subscriptions (TlHub *self, const GArray *rows, GError **error)
{
  g_autoptr (GArray) scopes = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; rows && i < rows->len; i++) {
    gint64 scope = g_array_index (rows, TlPushRow, i).scope;

    if (scopes->len == 0 || g_array_index (scopes, gint64, scopes->len - 1) != scope)
      g_array_append_val (scopes, scope);
  }
  return (rows && rows->len == 0) ||
         tl_push_subscriptions_wake (self->server, self->pg, rows ? scopes : NULL, error);
}

/* One look at the log. */
static gboolean
look (TlHub *self, GError **error)
{
  g_autofree char *most = g_strdup_printf ("%d", MAX_ROWS);
  const char *args[] = { self->snapshot, most };
  const char *name = self->snapshot ? "news" : "now";
  g_autofree char *prepared = g_strconcat ("hub.", name, NULL);
  g_autoptr (PGresult) result =
      tl_pg_query (self->pg, prepared, tl_sql (SQL, name), self->snapshot ? 2 : 0, args, error);
  g_autoptr (GArray) rows = NULL;
  g_autofree char *state = NULL;
  gboolean done;

  if (result == NULL)
    return FALSE;
  empty_inbox (self);
  if (!tl_doors_check (self->doors, self->pg, PQgetvalue (result, 0, ENDS), error))
    return FALSE;
  state = g_strconcat (PQgetvalue (result, 0, EPOCH), ".", PQgetvalue (result, 0, SNAPSHOT), NULL);
  rows = self->snapshot ? read_rows (result) : NULL;
  if (rows == NULL || rows->len == MAX_ROWS ||
      g_strcmp0 (self->epoch, PQgetvalue (result, 0, EPOCH)) != 0)
    done = tell_everybody (self, state, error) && wake_subscriptions (self, NULL, error);
  else
    done = tell (self, rows, state, error) && wake_subscriptions (self, rows, error);
  if (done) {
    g_set_str (&self->epoch, PQgetvalue (result, 0, EPOCH));
    g_set_str (&self->snapshot, PQgetvalue (result, 0, SNAPSHOT));
  }
  return done;
}

/* Gives FALSE when it is time to end. */
static gboolean
wait_for_news (TlHub *self)
{
  gint64 poll =
      tl_redis_is_up (self->server->redis) && !self->is_failing ? POLL_US : POLL_WITHOUT_REDIS_US;
  gint64 gathered = g_get_monotonic_time () + GATHER_US;
  gint64 until = g_get_monotonic_time () + poll;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  while (!self->is_stopping)
    if (!g_cond_wait_until (&self->woken, &self->lock, self->has_news ? gathered : until))
      break;
  self->has_news = FALSE;
  return !self->is_stopping;
}

static gpointer
run (gpointer data)
{
  TlHub *self = data;

  self->pg = tl_pg_new (self->server->config->postgresql);
  tl_pg_set_patience (self->pg, STATEMENT_SECONDS);
  do {
    g_autoptr (GError) error = NULL;
    gboolean done = look (self, &error);

    if (!done && !self->is_failing)
      g_warning ("Pushing pauses: %s", error->message);
    self->is_failing = !done;
  } while (wait_for_news (self));
  tl_pg_free (self->pg);
  return NULL;
}

void
tl_hub_start (TlHub *self)
{
  self->thread = g_thread_new ("hub", run, self);
}

void
tl_hub_stop (TlHub *self)
{
  g_mutex_lock (&self->lock);
  self->is_stopping = TRUE;
  g_cond_signal (&self->woken);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);
}

void
tl_hub_free (TlHub *self)
{
  empty_inbox (self);
  tl_doors_free (self->doors);
  tl_audience_free (self->audience);
  g_free (self->epoch);
  g_free (self->snapshot);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->woken);
  g_free (self);
}
