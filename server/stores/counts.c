/* counts.c: one connection for all threads, one at a time: what is counted is rare and slow anyway. */
#include "server/stores/counts.h"

#include "server/stores/redis-connect.h"

#include <string.h>

#define PREFIX "tideline:count:"
#define AGAIN G_USEC_PER_SEC

struct _TlCounts {
  char *address;
  GMutex lock;
  redisContext *context; /* NULL: not connected; under the lock, as is */
  gint64 away_until;     /* monotonic */
};

/* The end is set with the first one, so that tries do not put it off. */
static const char add_script[] = "local n = redis.call('INCR', KEYS[1]) "
                                 "if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end "
                                 "return {n, redis.call('PTTL', KEYS[1])}";
static const char take_back_script[] =
    "local n = tonumber(redis.call('GET', KEYS[1]) or '0') "
    "if n > 0 then return redis.call('DECR', KEYS[1]) end return 0";

TlCounts *
tl_counts_new (const char *address)
{
  TlCounts *self = g_new0 (TlCounts, 1);

  self->address = g_strdup (address);
  g_mutex_init (&self->lock);
  return self;
}

void
tl_counts_free (TlCounts *self)
{
  g_clear_pointer (&self->context, redisFree);
  g_mutex_clear (&self->lock);
  g_free (self->address);
  g_free (self);
}

/* Who tried to sign in from where is nobody's to read. */
static char *
name_of (const char *key)
{
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, key, -1);

  return g_strconcat (PREFIX, hash, NULL);
}

static void
go_away (TlCounts *self)
{
  g_clear_pointer (&self->context, redisFree);
  self->away_until = g_get_monotonic_time () + AGAIN;
}

/* NULL: Redis is away. */
static redisReply *
ask (TlCounts *self, int n, const char **words)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  redisReply *reply = NULL;

  if (*self->address == '\0' || g_get_monotonic_time () < self->away_until)
    return NULL;
  if (self->context == NULL)
    self->context = tl_redis_connect (self->address, TL_COUNTS_MS);
  if (self->context)
    reply = redisCommandArgv (self->context, n, words, NULL);
  if (reply == NULL)
    go_away (self);
  return reply;
}

static void
tell (TlCounts *self, int n, const char **words)
{
  redisReply *reply = ask (self, n, words);

  if (reply)
    freeReplyObject (reply);
}

gboolean
tl_counts_add (TlCounts *self, const char *key, guint seconds, gint64 *count, gint64 *left)
{
  g_autofree char *name = name_of (key), *lasts = g_strdup_printf ("%u000", seconds);
  const char *words[] = { "EVAL", add_script, "1", name, lasts };
  redisReply *reply = ask (self, G_N_ELEMENTS (words), words);
  gboolean is_good = reply && reply->type == REDIS_REPLY_ARRAY && reply->elements == 2 &&
                     reply->element[0]->type == REDIS_REPLY_INTEGER &&
                     reply->element[1]->type == REDIS_REPLY_INTEGER;

  if (is_good) {
    *count = reply->element[0]->integer;
    *left = MAX (reply->element[1]->integer, 0);
  }
  if (reply)
    freeReplyObject (reply);
  return is_good;
}

void
tl_counts_take_back (TlCounts *self, const char *key)
{
  g_autofree char *name = name_of (key);
  const char *words[] = { "EVAL", take_back_script, "1", name };

  tell (self, G_N_ELEMENTS (words), words);
}

void
tl_counts_forget (TlCounts *self, const char *key)
{
  g_autofree char *name = name_of (key);
  const char *words[] = { "DEL", name };

  tell (self, G_N_ELEMENTS (words), words);
}

void
tl_counts_remember (TlCounts *self, const char *key, guint seconds)
{
  g_autofree char *name = name_of (key), *lasts = g_strdup_printf ("%u", seconds);
  const char *words[] = { "SET", name, "1", "EX", lasts };

  tell (self, G_N_ELEMENTS (words), words);
}

gboolean
tl_counts_knows (TlCounts *self, const char *key)
{
  g_autofree char *name = name_of (key);
  const char *words[] = { "EXISTS", name };
  redisReply *reply = ask (self, G_N_ELEMENTS (words), words);
  gboolean knows = reply == NULL || reply->type != REDIS_REPLY_INTEGER || reply->integer > 0;

  if (reply)
    freeReplyObject (reply);
  return knows;
}
