/* redis.h: wake-ups between processes. Redis is never the truth: a wake-up says that a scope has
 * news, the change log says what. Without Redis everything goes on by polling. */
#pragma once

#include <gio/gio.h>

typedef struct _TlRedis TlRedis;

/* `woken` runs on Redis's own thread for each wake-up that another process sent, and once after
 * each connect. An empty address makes one that does nothing. Never fails: connects in the background. */
TlRedis *tl_redis_new (const char *address, void (*woken) (gpointer data), gpointer data);
void tl_redis_free (TlRedis *self);
gboolean tl_redis_is_up (TlRedis *self);
/* Tells the other processes that something was committed. Never blocks the caller on the network. */
void tl_redis_wake (TlRedis *self);
