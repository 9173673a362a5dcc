/* pool.c: see the header. A thread takes the next piece of work, runs it, takes the next. */
#include "server/edge/pool.h"

typedef struct {
  TlPoolFunc func; /* NULL: the thread ends */
  gpointer data;
} Work;

struct _TlPool {
  char *conninfo;
  guint patience;
  GAsyncQueue *queue;  /* of Work */
  gboolean is_stopped; /* under the queue's lock */
  guint max_queued;
  GPtrArray *threads;
};

/* Under the queue's lock. */
static void
push (TlPool *self, TlPoolFunc func, gpointer data)
{
  Work *next = g_new (Work, 1);

  *next = (Work){ func, data };
  g_async_queue_push_unlocked (self->queue, next);
}

static gpointer
work (gpointer data)
{
  TlPool *self = data;
  g_autoptr (TlPg) pg = tl_pg_new (self->conninfo);

  tl_pg_set_patience (pg, self->patience);
  for (;;) {
    g_autofree Work *next = g_async_queue_pop (self->queue);

    if (next->func == NULL)
      return NULL;
    next->func (pg, next->data);
  }
}

TlPool *
tl_pool_new (const char *name, const char *conninfo, guint patience, guint threads,
             guint max_queued)
{
  TlPool *self = g_new0 (TlPool, 1);

  self->conninfo = g_strdup (conninfo);
  self->patience = patience;
  self->queue = g_async_queue_new ();
  self->max_queued = max_queued;
  self->threads = g_ptr_array_new ();
  for (guint i = 0; i < threads; i++)
    g_ptr_array_add (self->threads, g_thread_new (name, work, self));
  return self;
}

gboolean
tl_pool_push (TlPool *self, TlPoolFunc func, gpointer data)
{
  gboolean is_taken;

  g_async_queue_lock (self->queue);
  is_taken =
      !self->is_stopped && g_async_queue_length_unlocked (self->queue) < (int)self->max_queued;
  if (is_taken)
    push (self, func, data);
  g_async_queue_unlock (self->queue);
  return is_taken;
}

void
tl_pool_stop (TlPool *self)
{
  g_async_queue_lock (self->queue);
  self->is_stopped = TRUE;
  for (guint i = 0; i < self->threads->len; i++)
    push (self, NULL, NULL);
  g_async_queue_unlock (self->queue);
  for (guint i = 0; i < self->threads->len; i++)
    g_thread_join (self->threads->pdata[i]);
  g_ptr_array_set_size (self->threads, 0);
}

void
tl_pool_free (TlPool *self)
{
  tl_pool_stop (self);
  g_ptr_array_unref (self->threads);
  g_async_queue_unref (self->queue);
  g_free (self->conninfo);
  g_free (self);
}
