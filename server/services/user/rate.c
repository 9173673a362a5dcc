/* rate.c: counts tries by key in windows, each beginning with a key's first try.
 *
 * Tries are counted before their outcome is known, so that many at once don't slip through. At most
 * MAX_KEYS are kept: windows that are over go first, then all of them. */
#include "server/services/user/rate.h"

#define MAX_KEYS 20000

typedef struct {
  gint64 began;
  guint count;
} Window;

struct _TlRate {
  GMutex lock;
  GHashTable *windows;
  TlCounts *counts;
  char *name;
  guint most, seconds;
};

TlRate *
tl_rate_new (TlCounts *counts, const char *name, guint most, guint seconds)
{
  TlRate *self = g_new0 (TlRate, 1);

  self->counts = counts;
  self->name = g_strdup (name);
  self->most = most;
  self->seconds = seconds;
  g_mutex_init (&self->lock);
  self->windows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
tl_rate_free (TlRate *self)
{
  g_hash_table_unref (self->windows);
  g_mutex_clear (&self->lock);
  g_free (self->name);
  g_free (self);
}

static gint64
length_of (TlRate *self)
{
  return self->seconds * (gint64)G_USEC_PER_SEC;
}

/* Of those that began before `then`. */
static gboolean
is_over (gpointer key, gpointer value, gpointer then)
{
  return ((Window *)value)->began <= *(gint64 *)then;
}

static Window *
window_of (TlRate *self, const char *key, gint64 now)
{
  Window *window = g_hash_table_lookup (self->windows, key);
  gint64 then = now - length_of (self);

  if (window == NULL) {
    if (g_hash_table_size (self->windows) >= MAX_KEYS)
      g_hash_table_foreach_remove (self->windows, is_over, &then);
    if (g_hash_table_size (self->windows) >= MAX_KEYS)
      g_hash_table_remove_all (self->windows);
    window = g_new0 (Window, 1);
    g_hash_table_insert (self->windows, g_strdup (key), window);
  }
  if (window->count == 0 || window->began <= then)
    *window = (Window){ .began = now };
  return window;
}

/* At this process. */
static guint
take_here (TlRate *self, const char *key)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gint64 now = g_get_monotonic_time ();
  Window *window = window_of (self, key, now);

  if (window->count >= self->most)
    return (guint)((window->began + length_of (self) - now + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
  window->count++;
  return 0;
}

static void
give_back_here (TlRate *self, const char *key)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Window *window = g_hash_table_lookup (self->windows, key);

  if (window && window->count > 0)
    window->count--;
}

static char *
shared_key (TlRate *self, const char *key)
{
  return g_strconcat (self->name, " ", key, NULL);
}

guint
tl_rate_take (TlRate *self, const char *key)
{
  g_autofree char *shared = shared_key (self, key);
  guint wait = take_here (self, key);
  gint64 count, left;

  if (wait || !tl_counts_add (self->counts, shared, self->seconds, &count, &left) ||
      count <= self->most)
    return wait;
  give_back_here (self, key);
  return (guint)(left / 1000) + 1;
}

void
tl_rate_forgive (TlRate *self, const char *key)
{
  g_autofree char *shared = shared_key (self, key);

  g_mutex_lock (&self->lock);
  g_hash_table_remove (self->windows, key);
  g_mutex_unlock (&self->lock);
  tl_counts_forget (self->counts, shared);
}

void
tl_rate_give_back (TlRate *self, const char *key)
{
  g_autofree char *shared = shared_key (self, key);

  give_back_here (self, key);
  tl_counts_take_back (self->counts, shared);
}
