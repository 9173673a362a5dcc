/* app.c: the real app on a full replica, seen from outside: its window's picture and its memory.
 *
 * It is the app of somebody who signed in before: on a session bus with a keyring and an X server of its own,
 * drawn by the software renderer, its replica synced with the server that is there. */
#include "tests/app/device.h"
#include "tests/bench/bench.h"
#include "tests/bench/stage.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#define STARTS 3
#define QUIET 1.5 /* seconds without a change: the window stays so */
#define MOST 15
#define CLICKS 400

typedef struct {
  Stage *stage;
  Device *device;
} Desktop;

static void
desktop_clear (Desktop *self)
{
  g_clear_pointer (&self->device, device_free);
  g_clear_pointer (&self->stage, stage_free);
}

static void
set_environment (Desktop *self)
{
  static const char *const fixed[][2] = { { "GDK_BACKEND", "x11" },
                                          { "GSK_RENDERER", "cairo" },
                                          { "GSETTINGS_BACKEND", "memory" } };
  GSubprocessLauncher *launcher = self->device->launcher;

  g_subprocess_launcher_setenv (launcher, "DISPLAY", stage_display (self->stage), TRUE);
  g_subprocess_launcher_unsetenv (launcher, "WAYLAND_DISPLAY");
  for (guint i = 0; i < G_N_ELEMENTS (fixed); i++)
    g_subprocess_launcher_setenv (launcher, fixed[i][0], fixed[i][1], TRUE);
}

/* A replica that was kept lies in the account's folder before one signs in, and is brought up to date. */
static gboolean
fill_replica (Desktop *self, Bench *bench, GError **error)
{
  g_autofree char *kept = bench_kept (bench, "desktop");
  g_autofree char *folder = g_strdup_printf ("%s/XDG_DATA_HOME/tideline/desktop@127.0.0.1:%u",
                                             self->device->home, bench->port);

  if (kept)
    bench_copy (kept, folder);
  if (device_feed (self->device, TL_TEST_PASSWORD "\n", "sign-in %s desktop",
                   tl_test_server_url (bench->server)) != 0 ||
      device_run (self->device, "sync") != 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the desktop did not sync: %s",
                 self->device->err);
    return FALSE;
  }
  if (kept == NULL)
    bench_keep (bench, "desktop", folder);
  return TRUE;
}

static gboolean
desktop_init (Desktop *self, Bench *bench, GError **error)
{
  self->stage = stage_new (error);
  if (self->stage == NULL)
    return FALSE;
  self->device = device_new (TRUE);
  set_environment (self);
  return fill_replica (self, bench, error);
}

static void
stop (GSubprocess **process)
{
  if (*process) {
    g_subprocess_send_signal (*process, SIGTERM);
    g_subprocess_wait (*process, NULL, NULL);
  }
  g_clear_object (process);
}

static double
memory_of (GSubprocess *app)
{
  int pid = (int)g_ascii_strtoll (g_subprocess_get_identifier (app), NULL, 10);

  return (double)bench_proc_bytes (pid, "smaps_rollup", "Pss") / (1 << 20);
}

typedef struct {
  double start, memory, scrolled;
} AppTimes;

/* One start, a scroll through the list, and the end. */
static gboolean
run_app (Desktop *self, AppTimes *times, GError **error)
{
  gint64 began = g_get_monotonic_time (), shown;
  GSubprocess *app = device_spawn (self->device, "--login desktop");

  shown = stage_settled (self->stage, QUIET, MOST);
  times->start = (double)(shown - began) / G_USEC_PER_SEC;
  times->memory = memory_of (app);
  stage_scroll (self->stage, 0.33, CLICKS);
  stage_settled (self->stage, QUIET, MOST);
  times->scrolled = memory_of (app);
  stop (&app);
  if (shown == 0 || times->memory == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the app showed no window");
  return shown > 0 && times->memory > 0;
}

/* The walk prints a figure a line. */
static gboolean
run_walk (Desktop *self, Bench *bench, GError **error)
{
  g_autofree char *program =
      g_build_filename (g_getenv ("TIDELINE_BUILD"), "tests/bench/walk", NULL);
  g_autoptr (GSubprocess) walk = NULL;
  g_autofree char *output = NULL;
  g_auto (GStrv) lines = NULL;

  g_subprocess_launcher_set_flags (self->device->launcher, G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                                               G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  walk = g_subprocess_launcher_spawn (self->device->launcher, error, program, NULL);
  if (walk == NULL || !g_subprocess_communicate_utf8 (walk, NULL, NULL, &output, NULL, error))
    return FALSE;
  lines = g_strsplit (output, "\n", -1);
  for (guint i = 0; lines[i] && lines[i][0]; i++) {
    char id[32];
    double value, cpu;

    if (sscanf (lines[i], "%31s %lf %lf", id, &value, &cpu) == 3)
      bench_figure (bench, id, value, cpu);
  }
  return g_subprocess_wait_check (walk, NULL, error);
}

static gboolean
run_all (Desktop *self, Bench *bench, GError **error)
{
  double starts[STARTS], memories[STARTS], scrolled[STARTS];

  for (guint run = 0; run < STARTS; run++) {
    AppTimes times;

    if (!run_app (self, &times, error))
      return FALSE;
    starts[run] = times.start;
    memories[run] = times.memory;
    scrolled[run] = times.scrolled;
  }
  bench_figure (bench, "app.start", bench_median (starts, STARTS), 0);
  bench_figure (bench, "app.memory", bench_median (memories, STARTS), 0);
  bench_figure (bench, "app.memory.scrolled", bench_median (scrolled, STARTS), 0);
  return TRUE;
}

void
bench_app (Bench *self)
{
  g_autofree char *program = g_build_filename (g_getenv ("TIDELINE_BUILD"), "app/tideline", NULL);
  g_autoptr (GError) error = NULL;
  Desktop desktop = { 0 };

  if (!g_file_test (program, G_FILE_TEST_IS_EXECUTABLE)) {
    bench_skip (self, "app.start", "the app is not built");
    return;
  }
  bench_need_server (self);
  if (!desktop_init (&desktop, self, &error) || !run_all (&desktop, self, &error) ||
      !run_walk (&desktop, self, &error))
    bench_skip (self, "app", error->message);
  desktop_clear (&desktop);
}
