/* pool.h: worker threads, each with its own PostgreSQL connection, and the bounded queue before them. */
#pragma once

#include "server/stores/pg.h"

typedef struct _TlPool TlPool;
typedef void (*TlPoolFunc) (TlPg *pg, gpointer data);

TlPool *tl_pool_new (const char *name, const char *conninfo, guint threads, guint max_queued);
/* Lets what is queued finish, then joins the threads. */
void tl_pool_free (TlPool *self);
/* FALSE when the queue is full: `func` will not be called. Any thread. */
gboolean tl_pool_push (TlPool *self, TlPoolFunc func, gpointer data);
