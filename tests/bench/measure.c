/* measure.c: what the kernel knows of processes, and the arithmetic of figures. */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

gint64
bench_proc_bytes (int pid, const char *file, const char *name)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/%s", pid, file);
  g_autofree char *text = NULL;
  g_autofree char *key = g_strdup_printf ("\n%s:", name);
  const char *found;

  if (!g_file_get_contents (path, &text, NULL, NULL) || !(found = strstr (text, key)))
    return 0;
  return g_ascii_strtoll (found + strlen (key), NULL, 10) * 1024;
}

typedef struct {
  int pid, parent;
  gint64 ticks;
} Process;

static gboolean
read_process (const char *name, Process *process)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/stat", name);
  g_autofree char *text = NULL;
  const char *rest;
  gint64 user, kernel;

  if (!g_file_get_contents (path, &text, NULL, NULL) || !(rest = strrchr (text, ')')))
    return FALSE;
  if (sscanf (rest + 2,
              "%*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
              &process->parent, &user, &kernel) != 3)
    return FALSE;
  process->pid = (int)g_ascii_strtoll (name, NULL, 10);
  process->ticks = user + kernel;
  return TRUE;
}

static GArray *
read_processes (void)
{
  GArray *processes = g_array_new (FALSE, FALSE, sizeof (Process));
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  const char *name;
  Process process;

  while (dir && (name = g_dir_read_name (dir)))
    if (g_ascii_isdigit (name[0]) && read_process (name, &process))
      g_array_append_val (processes, process);
  return processes;
}

double
bench_cpu (int pid)
{
  g_autoptr (GArray) processes = read_processes ();
  g_autoptr (GHashTable) family = g_hash_table_new (NULL, NULL);
  gint64 ticks = 0;
  gboolean grew = TRUE;

  g_hash_table_add (family, GINT_TO_POINTER (pid));
  while (grew) {
    grew = FALSE;
    for (guint i = 0; i < processes->len; i++) {
      const Process *process = &g_array_index (processes, Process, i);
      if (g_hash_table_contains (family, GINT_TO_POINTER (process->parent)))
        grew |= g_hash_table_add (family, GINT_TO_POINTER (process->pid));
    }
  }
  for (guint i = 0; i < processes->len; i++) {
    const Process *process = &g_array_index (processes, Process, i);
    if (g_hash_table_contains (family, GINT_TO_POINTER (process->pid)))
      ticks += process->ticks;
  }
  return (double)ticks / (double)sysconf (_SC_CLK_TCK);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return (x > y) - (x < y);
}

gint64
bench_percentile (GArray *microseconds, double part)
{
  guint place;

  if (microseconds->len == 0)
    return 0;
  g_array_sort (microseconds, compare_times);
  place = (guint)(part * (double)(microseconds->len - 1) + 0.5);
  return g_array_index (microseconds, gint64, place);
}

static int
compare_values (gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double
bench_median (double *values, guint n)
{
  qsort (values, n, sizeof (double), compare_values);
  return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}
