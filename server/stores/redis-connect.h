/* redis-connect.h: a connection to Redis for who talks to it. Any thread; blocks for `milliseconds` at most, and so does each
 * command on it. */
#pragma once

#include <glib.h>
#include <hiredis/hiredis.h>

/* "unix:/path" or "host:port"; NULL when it is not there. */
redisContext *tl_redis_connect (const char *address, guint milliseconds);
