/* app.c: the real app on a full replica, seen from outside: its window's picture and its memory.
 *
 * The replica was synced from the server before by the sync library (client.c); the app signs in to that
 * server, on an X server and a session bus of their own, drawn by the software renderer. */
#include "tests/bench/bench.h"
#include "tests/bench/stage.h"

#include <signal.h>
#include <string.h>

#define STARTS 3
#define QUIET 1.5 /* seconds without a change: the window stays so */
#define MOST 15
#define CLICKS 400

typedef struct {
  Stage *stage;
  GSubprocess *bus;
  GSubprocessLauncher *launcher;
  char *password_file;
} Desktop;

static gboolean
start_bus (Desktop *self, GError **error)
{
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *address = NULL;

  self->bus =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, error,
                        "dbus-daemon", "--session", "--nofork", "--print-address", NULL);
  if (self->bus == NULL)
    return FALSE;
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->bus));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (output), FALSE);
  address = g_data_input_stream_read_line (output, NULL, NULL, error);
  if (address)
    g_subprocess_launcher_setenv (self->launcher, "DBUS_SESSION_BUS_ADDRESS", address, TRUE);
  return address != NULL;
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

static void
desktop_clear (Desktop *self)
{
  stop (&self->bus);
  g_clear_pointer (&self->stage, stage_free);
  g_clear_object (&self->launcher);
  g_free (self->password_file);
}

static void
set_environment (Desktop *self, Bench *bench)
{
  static const char *const folders[] = { "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME" };
  static const char *const fixed[][2] = { { "GDK_BACKEND", "x11" },
                                          { "GSK_RENDERER", "cairo" },
                                          { "GSETTINGS_BACKEND", "memory" },
                                          { "LC_ALL", "C.UTF-8" } };
  g_autofree char *data = g_build_filename (bench->scratch, "desktop", NULL);

  g_subprocess_launcher_setenv (self->launcher, "XDG_DATA_HOME", data, TRUE);
  g_subprocess_launcher_setenv (self->launcher, "DISPLAY", stage_display (self->stage), TRUE);
  g_subprocess_launcher_setenv (self->launcher, "TIDELINE_DEMO_PASSWORD_FILE", self->password_file,
                                TRUE);
  g_subprocess_launcher_unsetenv (self->launcher, "WAYLAND_DISPLAY");
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autofree char *folder = g_build_filename (bench->scratch, folders[i], NULL);
    g_subprocess_launcher_setenv (self->launcher, folders[i], folder, TRUE);
  }
  for (guint i = 0; i < G_N_ELEMENTS (fixed); i++)
    g_subprocess_launcher_setenv (self->launcher, fixed[i][0], fixed[i][1], TRUE);
}

static gboolean
desktop_init (Desktop *self, Bench *bench, GError **error)
{
  self->stage = stage_new (error);
  if (self->stage == NULL)
    return FALSE;
  self->launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                              G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  self->password_file = g_build_filename (bench->scratch, "password", NULL);
  set_environment (self, bench);
  return start_bus (self, error) &&
         g_file_set_contents_full (self->password_file, TL_TEST_PASSWORD, -1,
                                   G_FILE_SET_CONTENTS_NONE, 0600, error);
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
run_app (Desktop *self, Bench *bench, const char *program, AppTimes *times, GError **error)
{
  gint64 began = g_get_monotonic_time ();
  GSubprocess *app =
      g_subprocess_launcher_spawn (self->launcher, error, program, "--server",
                                   tl_test_server_url (bench->server), "--login", "desktop", NULL);
  gint64 shown;

  if (app == NULL)
    return FALSE;
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

static gboolean
run_all (Desktop *self, Bench *bench, const char *program, GError **error)
{
  double starts[STARTS], memories[STARTS], scrolled[STARTS];

  for (guint run = 0; run < STARTS; run++) {
    AppTimes times;

    if (!run_app (self, bench, program, &times, error))
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

/* The replica lies in the account's folder, whose name tells where the server was. */
static char *
account_folder (Bench *self, const char *data)
{
  g_autofree char *name = g_strdup_printf ("desktop@127.0.0.1:%u", self->port);

  return g_build_filename (data, "tideline", name, NULL);
}

char *
bench_desktop (Bench *self, char **why)
{
  g_autofree char *data = g_build_filename (self->scratch, "desktop", NULL);
  g_autofree char *folder = account_folder (self, data);
  g_autofree char *kept = bench_kept (self, "desktop");
  ClientTimes times;

  if (g_file_test (folder, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&data);
  if (kept)
    bench_copy (kept, folder);
  if (!bench_sync_client (self, data, "desktop", &times, why))
    return NULL;
  if (kept == NULL)
    bench_keep (self, "desktop", folder);
  return g_steal_pointer (&data);
}

void
bench_app (Bench *self)
{
  g_autofree char *program = g_build_filename (g_getenv ("TIDELINE_BUILD"), "app/tideline", NULL);
  g_autofree char *data = NULL;
  g_autofree char *why = NULL;
  g_autoptr (GError) error = NULL;
  Desktop desktop = { 0 };

  if (!g_file_test (program, G_FILE_TEST_IS_EXECUTABLE)) {
    bench_skip (self, "app.start", "the app is not built");
    return;
  }
  bench_need_server (self);
  data = bench_desktop (self, &why);
  if (data == NULL)
    bench_skip (self, "app.start", why);
  else if (!desktop_init (&desktop, self, &error) || !run_all (&desktop, self, program, &error))
    bench_skip (self, "app.start", error->message);
  desktop_clear (&desktop);
}
