/* pool.c: see the header. A thread takes the next piece of work, runs it, takes the next. */
#include "server/edge/pool.h"

typedef struct {
  TlPoolFunc func; /* NULL: the thread ends */
  gpointer data;
} Work;

struct _TlPool {
  char *conninfo;
  GAsyncQueue *queue; /* of Work */
  guint max_queued;
  GPtrArray *threads;
};

static gpointer
work (gpointer data)
{
  TlPool *self = data;
  g_autoptr (TlPg) pg = tl_pg_new (self->conninfo);

  for (;;) {
    g_autofree Work *next = g_async_queue_pop (self->queue);

    if (next->func == NULL)
      return NULL;
    next->func (pg, next->data);
  }
}

TlPool *
tl_pool_new (const char *name, const char *conninfo, guint threads, guint max_queued)
{
  TlPool *self = g_new0 (TlPool, 1);

  self->conninfo = g_strdup (conninfo);
  self->queue = g_async_queue_new_full (g_free);
  self->max_queued = max_queued;
  self->threads = g_ptr_array_new ();
  for (guint i = 0; i < threads; i++)
    g_ptr_array_add (self->threads, g_thread_new (name, work, self));
  return self;
}

void
tl_pool_free (TlPool *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->threads->len; i++)
    g_async_queue_push (self->queue, g_new0 (Work, 1));
  for (guint i = 0; i < self->threads->len; i++)
    g_thread_join (self->threads->pdata[i]);
  g_ptr_array_unref (self->threads);
  g_async_queue_unref (self->queue);
  g_free (self->conninfo);
  g_free (self);
}

gboolean
tl_pool_push (TlPool *self, TlPoolFunc func, gpointer data)
{
  Work *next;

  if (g_async_queue_length (self->queue) >= (int)self->max_queued)
    return FALSE;
  next = g_new (Work, 1);
  *next = (Work){ func, data };
  g_async_queue_push (self->queue, next);
  return TRUE;
}
