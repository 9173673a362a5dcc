/* pool.h: worker threads, each with its own PostgreSQL connection, and the bounded queue before them. */
#pragma once

#include "server/stores/pg.h"

typedef struct _TlPool TlPool;
typedef void (*TlPoolFunc) (TlPg *pg, gpointer data);

/* `patience`: seconds that a statement may take, see pg.h. */
TlPool *tl_pool_new (const char *name, const char *conninfo, guint patience, guint threads,
                     guint max_queued);
/* FALSE when the queue is full or the pool stopped: `func` will not be called. Any thread. */
gboolean tl_pool_push (TlPool *self, TlPoolFunc func, gpointer data);
/* Takes nothing more, lets what is queued finish, joins the threads. */
void tl_pool_stop (TlPool *self);
/* After everybody who pushes is gone. */
void tl_pool_free (TlPool *self);
