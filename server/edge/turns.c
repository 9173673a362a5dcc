/* turns.c: counts by account under one lock; who has none under way is not kept. */
#include "server/edge/turns.h"

struct _TlTurns {
  guint limit;
  GMutex lock;
  GHashTable *taken; /* account -> count */
};

TlTurns *
tl_turns_new (guint limit)
{
  TlTurns *self = g_new0 (TlTurns, 1);

  self->limit = limit;
  g_mutex_init (&self->lock);
  self->taken = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  return self;
}

void
tl_turns_free (TlTurns *self)
{
  g_hash_table_unref (self->taken);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
set_count (TlTurns *self, gint64 account, guint n)
{
  if (n == 0)
    g_hash_table_remove (self->taken, &account);
  else
    g_hash_table_insert (self->taken, g_memdup2 (&account, sizeof account), GUINT_TO_POINTER (n));
}

static guint
count_of (TlTurns *self, gint64 account)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->taken, &account));
}

gboolean
tl_turns_take (TlTurns *self, gint64 account)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  guint n = count_of (self, account);

  if (n >= self->limit)
    return FALSE;
  set_count (self, account, n + 1);
  return TRUE;
}

void
tl_turns_give (TlTurns *self, gint64 account)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  set_count (self, account, count_of (self, account) - 1);
}
