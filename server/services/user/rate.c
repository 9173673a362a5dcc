/* rate.c: counts tries by key in windows of a minute, each beginning with a key's first try.
 *
 * Tries are counted before their outcome is known, so that many at once don't slip through. At most
 * MAX_KEYS are kept: windows that are over go first, then all of them. */
#include "server/services/user/rate.h"

#define WINDOW (60 * G_USEC_PER_SEC)
#define MAX_KEYS 20000

typedef struct {
  gint64 began;
  guint count;
} Window;

struct _TlRate {
  GMutex lock;
  GHashTable *windows;
  guint per_minute;
};

TlRate *
tl_rate_new (guint per_minute)
{
  TlRate *self = g_new0 (TlRate, 1);

  g_mutex_init (&self->lock);
  self->windows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->per_minute = per_minute;
  return self;
}

void
tl_rate_free (TlRate *self)
{
  g_hash_table_unref (self->windows);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static gboolean
is_over (gpointer key, gpointer value, gpointer now)
{
  return ((Window *)value)->began + WINDOW <= *(gint64 *)now;
}

static Window *
window_of (TlRate *self, const char *key, gint64 now)
{
  Window *window = g_hash_table_lookup (self->windows, key);

  if (window == NULL) {
    if (g_hash_table_size (self->windows) >= MAX_KEYS)
      g_hash_table_foreach_remove (self->windows, is_over, &now);
    if (g_hash_table_size (self->windows) >= MAX_KEYS)
      g_hash_table_remove_all (self->windows);
    window = g_new0 (Window, 1);
    g_hash_table_insert (self->windows, g_strdup (key), window);
  }
  if (window->count == 0 || window->began + WINDOW <= now)
    *window = (Window){ .began = now };
  return window;
}

guint
tl_rate_take (TlRate *self, const char *key)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gint64 now = g_get_monotonic_time ();
  Window *window = window_of (self, key, now);

  if (window->count >= self->per_minute)
    return (guint)((window->began + WINDOW - now + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
  window->count++;
  return 0;
}

void
tl_rate_forgive (TlRate *self, const char *key)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_hash_table_remove (self->windows, key);
}

void
tl_rate_give_back (TlRate *self, const char *key)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Window *window = g_hash_table_lookup (self->windows, key);

  if (window && window->count > 0)
    window->count--;
}
