/* asker.c: keeps one read in flight. A read carries its number, so that an answer which was dropped
 * while it was on its way back is known. Main thread. */
#include "sync/models/asker.h"

struct _TlAsker {
  TlReplica *replica;
  const TlQuestion *question;
  gpointer owner; /* NULL when it has gone */
  DexFuture *asking;
  guint number;
  gboolean again;
};

typedef struct {
  TlAsker *asker;
  guint number;
} Call;

static void
asker_clear (gpointer data)
{
  TlAsker *self = data;
  g_object_unref (self->replica);
}

static void
call_free (gpointer data)
{
  Call *call = data;

  g_rc_box_release_full (call->asker, asker_clear);
  g_free (call);
}

static DexFuture *
on_answer (DexFuture *future, gpointer data)
{
  const Call *call = data;
  TlAsker *self = call->asker;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  gpointer result = value ? g_value_get_pointer (value) : NULL;

  if (self->owner == NULL || call->number != self->number) {
    g_clear_pointer (&result, self->question->free_result);
    return NULL;
  }
  dex_clear (&self->asking);
  if (error)
    self->question->fail (self->owner, error);
  else
    self->question->answer (self->owner, result);
  if (self->owner && self->again && self->asking == NULL)
    tl_asker_ask (self);
  return NULL;
}

TlAsker *
tl_asker_new (TlReplica *replica, const TlQuestion *question, gpointer owner)
{
  TlAsker *self = g_rc_box_new0 (TlAsker);

  self->replica = g_object_ref (replica);
  self->question = question;
  self->owner = owner;
  return self;
}

void
tl_asker_free (TlAsker *self)
{
  self->owner = NULL;
  dex_clear (&self->asking);
  g_rc_box_release_full (self, asker_clear);
}

void
tl_asker_ask (TlAsker *self)
{
  DexFuture *(*read) (TlReplica *, TlReadFunc, gpointer, GDestroyNotify, GDestroyNotify);
  gpointer asked;
  Call *call;

  self->again = self->asking != NULL;
  if (self->again)
    return;
  read = self->question->can_wait ? tl_replica_read_patiently : tl_replica_read;
  asked = self->question->begin (self->owner);
  if (asked == NULL)
    return;
  call = g_new (Call, 1);
  call->asker = g_rc_box_acquire (self);
  call->number = ++self->number;
  self->asking = dex_future_finally (read (self->replica, self->question->read, asked,
                                           self->question->free_asked, self->question->free_result),
                                     on_answer, call, call_free);
}

gboolean
tl_asker_is_asking (TlAsker *self)
{
  return self->asking != NULL;
}

void
tl_asker_ask_anew (TlAsker *self)
{
  self->number++;
  dex_clear (&self->asking);
  tl_asker_ask (self);
}
