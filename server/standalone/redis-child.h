/* redis-child.h: the private Redis of a stand-alone folder. Keeps nothing on disk. */
#pragma once

#include "server/standalone/child.h"

/* Prepares `child` to serve on a socket in `runtime`. */
gboolean tl_redis_child_prepare (TlChild *child, const char *runtime, GError **error);
/* "unix:…", as TlConfig.redis has it. */
char *tl_redis_child_address (const char *runtime);
gboolean tl_redis_child_answers (const char *runtime);
