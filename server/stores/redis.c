/* redis.c: wake-ups over one pub/sub channel, on a thread of its own.
 *
 * Two connections, as a subscribed one cannot publish. A wake-up has no content but who sent it, so
 * any number of tl_redis_wake calls that wait become one message, and any number of messages that
 * arrived become one call of `woken`; what could not be sent is sent after the reconnect. A silent
 * connection is pinged, and given up when it stays silent. */
#include "server/stores/redis.h"

#include "server/stores/redis-connect.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define CHANNEL "tideline:wake"
#define CONNECT_MS 2000
#define PING_MS 15000
#define BACKOFF_MIN_MS 100
#define BACKOFF_MAX_MS 10000

struct _TlRedis {
  char *address;
  char *self_id;
  void (*woken) (gpointer data);
  gpointer data;

  GThread *thread;
  int wake_fd; /* eventfds: something to publish; */
  int stop_fd; /* time to end */
  gint up;     /* atomic */

  /* the thread's */
  redisContext *subscribed;
  redisContext *publisher;
  gboolean unsent;
  gboolean pinged;
};

redisContext *
tl_redis_connect (const char *address, guint milliseconds)
{
  const struct timeval timeout = { milliseconds / 1000, milliseconds % 1000 * 1000 };
  redisContext *context = NULL;

  if (g_str_has_prefix (address, "unix:")) {
    context = redisConnectUnixWithTimeout (address + strlen ("unix:"), timeout);
  } else {
    const char *colon = strrchr (address, ':');
    g_autofree char *host = colon ? g_strndup (address, colon - address) : g_strdup (address);
    context = redisConnectWithTimeout (host, colon ? atoi (colon + 1) : 6379, timeout);
  }
  if (context && !context->err && redisSetTimeout (context, timeout) == REDIS_OK)
    return context;
  g_clear_pointer (&context, redisFree);
  return NULL;
}

static gboolean
command_succeeds (redisContext *context, const char *command, const char *a, const char *b)
{
  const char *argv[] = { command, a, b };
  redisReply *reply = redisCommandArgv (context, b ? 3 : 2, argv, NULL);
  gboolean succeeds = reply && reply->type != REDIS_REPLY_ERROR;

  if (reply)
    freeReplyObject (reply);
  return succeeds;
}

static void
disconnect (TlRedis *self)
{
  g_atomic_int_set (&self->up, FALSE);
  g_clear_pointer (&self->subscribed, redisFree);
  g_clear_pointer (&self->publisher, redisFree);
}

static gboolean
connect_both (TlRedis *self)
{
  self->subscribed = tl_redis_connect (self->address, CONNECT_MS);
  self->publisher = self->subscribed ? tl_redis_connect (self->address, CONNECT_MS) : NULL;
  if (!self->publisher || !command_succeeds (self->subscribed, "SUBSCRIBE", CHANNEL, NULL)) {
    disconnect (self);
    return FALSE;
  }
  self->pinged = FALSE;
  g_atomic_int_set (&self->up, TRUE);
  return TRUE;
}

static gboolean
publish (TlRedis *self)
{
  self->unsent = !command_succeeds (self->publisher, "PUBLISH", CHANNEL, self->self_id);
  return !self->unsent;
}

/* Is it ["message", channel, id] of another process? */
static gboolean
is_wake_up (TlRedis *self, const redisReply *reply)
{
  return reply->type == REDIS_REPLY_ARRAY && reply->elements == 3 && reply->element[0]->str &&
         strcmp (reply->element[0]->str, "message") == 0 && reply->element[2]->str &&
         strcmp (reply->element[2]->str, self->self_id) != 0;
}

/* Reads what has arrived. */
static gboolean
receive (TlRedis *self)
{
  gboolean wake = FALSE;
  void *reply = NULL;

  if (redisBufferRead (self->subscribed) != REDIS_OK)
    return FALSE;
  self->pinged = FALSE;
  for (;;) {
    if (redisGetReplyFromReader (self->subscribed, &reply) != REDIS_OK)
      return FALSE;
    if (!reply)
      break;
    wake = wake || is_wake_up (self, reply);
    freeReplyObject (reply);
  }
  if (wake)
    self->woken (self->data);
  return TRUE;
}

static gboolean
ping (TlRedis *self)
{
  int done = 0;

  if (self->pinged || redisAppendCommand (self->subscribed, "PING") != REDIS_OK)
    return FALSE;
  self->pinged = TRUE;
  while (!done)
    if (redisBufferWrite (self->subscribed, &done) != REDIS_OK)
      return FALSE;
  return TRUE;
}

/* Until the connection fails or the thread is to end (FALSE). */
static gboolean
serve (TlRedis *self)
{
  for (;;) {
    struct pollfd fds[] = { { .fd = self->stop_fd, .events = POLLIN },
                            { .fd = self->wake_fd, .events = POLLIN },
                            { .fd = self->subscribed->fd, .events = POLLIN } };
    int n = poll (fds, G_N_ELEMENTS (fds), PING_MS);
    guint64 count;

    if (n < 0 && errno == EINTR)
      continue;
    if (fds[0].revents)
      return FALSE;
    if (n == 0 && !ping (self))
      return TRUE;
    if (fds[1].revents && (read (self->wake_fd, &count, sizeof count) < 0 || !publish (self)))
      return TRUE;
    if (fds[2].revents && !receive (self))
      return TRUE;
  }
}

static gpointer
run (gpointer data)
{
  TlRedis *self = data;
  struct pollfd stop = { .fd = self->stop_fd, .events = POLLIN };
  int wait = BACKOFF_MIN_MS;
  gboolean stopped = FALSE;

  while (!stopped) {
    if (connect_both (self)) {
      wait = BACKOFF_MIN_MS;
      self->woken (self->data);
      stopped = (!self->unsent || publish (self)) && !serve (self);
      disconnect (self);
      if (!stopped)
        g_message ("Redis at %s is away; going on by polling", self->address);
    }
    stopped = stopped || poll (&stop, 1, g_random_int_range (wait / 2, wait + 1)) > 0;
    wait = MIN (wait * 2, BACKOFF_MAX_MS);
  }
  return NULL;
}

TlRedis *
tl_redis_new (const char *address, void (*woken) (gpointer data), gpointer data)
{
  TlRedis *self = g_new0 (TlRedis, 1);

  self->address = g_strdup (address);
  self->self_id = g_uuid_string_random ();
  self->woken = woken;
  self->data = data;
  self->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  self->stop_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (*address)
    self->thread = g_thread_new ("redis", run, self);
  return self;
}

void
tl_redis_free (TlRedis *self)
{
  eventfd_write (self->stop_fd, 1);
  if (self->thread)
    g_thread_join (self->thread);
  close (self->wake_fd);
  close (self->stop_fd);
  g_free (self->address);
  g_free (self->self_id);
  g_free (self);
}

gboolean
tl_redis_is_up (TlRedis *self)
{
  return g_atomic_int_get (&self->up);
}

void
tl_redis_wake (TlRedis *self)
{
  eventfd_write (self->wake_fd, 1);
}
