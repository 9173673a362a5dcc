/* Wake-ups over a real Redis: others hear them, oneself does not, and a restart is survived. */
#include "server/services/user/rate.h"
#include "server/standalone/redis-child.h"
#include "server/stores/redis.h"

#include <glib/gstdio.h>
#include <pwd.h>
#include <signal.h>
#include <unistd.h>

static char *folder;
static TlChild child;

typedef struct {
  GMutex mutex;
  GCond cond;
  guint count;
} Counter;

static void
woken (gpointer data)
{
  Counter *counter = data;

  g_mutex_lock (&counter->mutex);
  counter->count++;
  g_cond_broadcast (&counter->cond);
  g_mutex_unlock (&counter->mutex);
}

/* Waits until it was woken more than `seen` times. */
static guint
await_more (Counter *counter, guint seen)
{
  gint64 until = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;
  guint count;

  g_mutex_lock (&counter->mutex);
  while (counter->count <= seen)
    g_assert_true (g_cond_wait_until (&counter->cond, &counter->mutex, until));
  count = counter->count;
  g_mutex_unlock (&counter->mutex);
  return count;
}

static void
await_up (TlRedis *redis, gboolean up)
{
  gint64 until = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;

  while (tl_redis_is_up (redis) != up) {
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_usleep (1000);
  }
}

static void
start_redis (void)
{
  g_autoptr (GError) error = NULL;
  gint64 until = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;

  g_assert_true (tl_child_spawn (&child, &error));
  while (!tl_redis_child_answers (folder)) {
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_usleep (1000);
  }
}

static void
set_up (void)
{
  const struct passwd *user = geteuid () == 0 ? getpwnam ("nobody") : NULL;
  g_autoptr (GError) error = NULL;

  folder = g_dir_make_tmp ("tideline-redis-XXXXXX", &error);
  g_assert_no_error (error);
  child = (TlChild){ .name = "Redis", .folder = -1, .stop_signal = SIGTERM };
  child.log = g_build_filename (folder, "log", NULL);
  if (user) {
    child.uid = user->pw_uid;
    child.gid = user->pw_gid;
    g_assert_no_errno (chown (folder, child.uid, child.gid));
  }
  g_assert_true (tl_redis_child_prepare (&child, folder, &error));
  start_redis ();
}

static void
tear_down (void)
{
  const char *argv[] = { "rm", "-rf", folder, NULL };

  tl_child_stop (&child, 5000);
  tl_child_clear (&child);
  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (folder);
}

static void
test_wake (void)
{
  g_autofree char *address = tl_redis_child_address (folder);
  Counter one = { 0 }, other = { 0 };
  TlRedis *a = tl_redis_new (address, woken, &one);
  TlRedis *b = tl_redis_new (address, woken, &other);
  guint a_seen = await_more (&one, 0);
  guint b_seen = await_more (&other, 0);

  tl_redis_wake (a);
  b_seen = await_more (&other, b_seen);
  /* What b answers arrives behind a's own, which a must have left out. */
  tl_redis_wake (b);
  g_assert_cmpuint (await_more (&one, a_seen), ==, a_seen + 1);
  g_assert_cmpuint (other.count, ==, b_seen);
  tl_redis_free (a);
  tl_redis_free (b);
}

static void
test_restart (void)
{
  g_autofree char *address = tl_redis_child_address (folder);
  Counter one = { 0 }, other = { 0 };
  TlRedis *a = tl_redis_new (address, woken, &one);
  TlRedis *b = tl_redis_new (address, woken, &other);
  guint a_seen = await_more (&one, 0);
  guint b_seen = await_more (&other, 0);

  kill (child.pid, SIGKILL);
  tl_child_wait (&child, 5000, NULL);
  await_up (a, FALSE);
  await_up (b, FALSE);
  tl_redis_wake (a);
  start_redis ();
  await_more (&one, a_seen);
  await_more (&other, b_seen);
  await_up (a, TRUE);
  await_up (b, TRUE);
  b_seen = other.count;
  tl_redis_wake (a);
  await_more (&other, b_seen);
  tl_redis_free (a);
  tl_redis_free (b);
}

static void
test_without (void)
{
  Counter counter = { 0 };
  TlRedis *none = tl_redis_new ("", woken, &counter);
  TlRedis *wrong = tl_redis_new ("unix:/nonexistent/redis.sock", woken, &counter);

  tl_redis_wake (none);
  tl_redis_wake (wrong);
  g_assert_false (tl_redis_is_up (none));
  g_assert_false (tl_redis_is_up (wrong));
  tl_redis_free (none);
  tl_redis_free (wrong);
  g_assert_cmpuint (counter.count, ==, 0);
}

/* --- counted together --------------------------------------------------------------------------- */

/* Tries spread over two processes are counted together; what is given back is anybody's again. */
static void
test_rates (void)
{
  g_autofree char *address = tl_redis_child_address (folder);
  TlCounts *counts[] = { tl_counts_new (address), tl_counts_new (address) };
  TlRate *rates[] = { tl_rate_new (counts[0], "test", 4, 60),
                      tl_rate_new (counts[1], "test", 4, 60) };

  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (tl_rate_take (rates[i % 2], "ada"), ==, 0);
  for (guint i = 0; i < 2; i++) {
    guint wait = tl_rate_take (rates[i], "ada");

    g_assert_cmpuint (wait, >, 0);
    g_assert_cmpuint (wait, <=, 61);
    g_assert_cmpuint (tl_rate_take (rates[i], "ben"), ==, 0);
  }
  tl_rate_forgive (rates[0], "ada");
  g_assert_cmpuint (tl_rate_take (rates[0], "ada"), ==, 0);
  tl_rate_give_back (rates[0], "ada");
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (tl_rate_take (rates[0], "ada"), ==, 0);
  g_assert_cmpuint (tl_rate_take (rates[0], "ada"), >, 0);
  for (guint i = 0; i < 2; i++) {
    tl_rate_free (rates[i]);
    tl_counts_free (counts[i]);
  }
}

/* A window is over by itself. */
static void
test_window (void)
{
  g_autofree char *address = tl_redis_child_address (folder);
  TlCounts *counts = tl_counts_new (address);
  gint64 count, left;

  g_assert_true (tl_counts_add (counts, "short", 1, &count, &left));
  g_assert_cmpint (count, ==, 1);
  g_assert_cmpint (left, <=, 1000);
  while (count > 0) { /* until it begins at one again */
    g_assert_true (tl_counts_add (counts, "short", 1, &count, &left));
    if (count == 1)
      break;
    g_usleep (20000);
  }
  tl_counts_remember (counts, "known", 60);
  g_assert_true (tl_counts_knows (counts, "known"));
  g_assert_false (tl_counts_knows (counts, "unknown"));
  tl_counts_free (counts);
}

/* Without Redis each process counts for itself, and nobody waits. */
static void
test_rates_alone (void)
{
  g_autofree char *address = tl_redis_child_address (folder);
  TlCounts *counts = tl_counts_new (address), *none = tl_counts_new ("");
  TlRate *rate = tl_rate_new (counts, "alone", 3, 60), *own = tl_rate_new (none, "alone", 3, 60);

  g_assert_cmpuint (tl_rate_take (rate, "ada"), ==, 0);
  kill (child.pid, SIGSTOP); /* it listens, and does not answer */
  g_assert_cmpuint (tl_rate_take (rate, "ada"), ==, 0);
  kill (child.pid, SIGKILL);
  tl_child_wait (&child, 5000, NULL);
  g_assert_cmpuint (tl_rate_take (rate, "ada"), ==, 0);
  g_assert_cmpuint (tl_rate_take (rate, "ada"), >, 0);
  g_assert_true (tl_counts_knows (counts, "anything"));
  start_redis ();
  g_assert_cmpuint (tl_rate_take (rate, "ada"), >, 0);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (tl_rate_take (own, "ada"), ==, 0);
  g_assert_cmpuint (tl_rate_take (own, "ada"), >, 0);
  tl_rate_free (rate);
  tl_rate_free (own);
  tl_counts_free (counts);
  tl_counts_free (none);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  set_up ();
  g_test_add_func ("/redis/a-wake-up-reaches-others-and-not-oneself", test_wake);
  g_test_add_func ("/redis/a-restart-is-survived", test_restart);
  g_test_add_func ("/redis/without-redis-nothing-blocks", test_without);
  g_test_add_func ("/redis/tries-at-two-processes-are-counted-together", test_rates);
  g_test_add_func ("/redis/a-window-is-over-by-itself", test_window);
  g_test_add_func ("/redis/without-redis-each-counts-alone", test_rates_alone);
  status = g_test_run ();
  tear_down ();
  return status;
}
