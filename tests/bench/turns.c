/* turns.c: see the header. GLib's poll function is where the loop sleeps. */
#include "tests/bench/turns.h"

#include <stdlib.h>
#include <time.h>

static struct {
  gint64 woke, longest;
  double woke_cpu, most_cpu;
  const char *step, *longest_in;
} turns;

double
turns_cpu (void)
{
  struct timespec spent;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &spent);
  return (double)spent.tv_sec + (double)spent.tv_nsec / 1e9;
}

static int
sleep_and_wake (GPollFD *fds, guint n, int timeout)
{
  gint64 turn = g_get_monotonic_time () - turns.woke;
  int ready;

  turns.most_cpu = MAX (turns.most_cpu, turns_cpu () - turns.woke_cpu);
  if (turn > turns.longest) {
    turns.longest = turn;
    turns.longest_in = turns.step;
  }
  ready = g_poll (fds, n, timeout);
  turns.woke = g_get_monotonic_time ();
  turns.woke_cpu = turns_cpu ();
  return ready;
}

void
turns_watch (void)
{
  turns.woke = g_get_monotonic_time ();
  turns.woke_cpu = turns_cpu ();
  turns.step = turns.longest_in = "the beginning";
  g_main_context_set_poll_func (NULL, sleep_and_wake);
}

void
turns_step (const char *step)
{
  turns.step = g_intern_string (step);
}

double
turns_longest (const char **step, double *cpu)
{
  *step = turns.longest_in;
  *cpu = turns.most_cpu;
  return (double)turns.longest / 1000;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return (x > y) - (x < y);
}

double
turns_percentile (GArray *microseconds, double part)
{
  g_array_sort (microseconds, compare_times);
  return (double)g_array_index (microseconds, gint64,
                                (guint)(part * (double)(microseconds->len - 1) + 0.5));
}

static int
compare_values (gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

void
turns_sort (double *values, guint n)
{
  qsort (values, n, sizeof (double), compare_values);
}
