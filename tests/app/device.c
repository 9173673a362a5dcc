/* device.c: the computer of a test's person (device.h). What runs on it dies with the test. */
#define _GNU_SOURCE
#include "tests/app/device.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

/* A bus without services: nothing on it but what the test starts. */
#define BUS_CONFIG                                                                                 \
  "<busconfig><type>session</type><listen>unix:dir=%s</listen><policy context=\"default\">"        \
  "<allow send_destination=\"*\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/>"                   \
  "</policy></busconfig>"

static void
die_with_test (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static GSubprocessLauncher *
launcher_new (const char *home)
{
  static const char *const folders[] = { "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME",
                                         "XDG_STATE_HOME", "XDG_RUNTIME_DIR" };
  GSubprocessLauncher *launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);

  g_subprocess_launcher_set_child_setup (launcher, die_with_test, NULL, NULL);
  g_subprocess_launcher_setenv (launcher, "HOME", home, TRUE);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autofree char *folder = g_build_filename (home, folders[i], NULL);

    g_assert_no_errno (g_mkdir_with_parents (folder, 0700));
    g_subprocess_launcher_setenv (launcher, folders[i], folder, TRUE);
  }
  return launcher;
}

/* --- bus and keyring ------------------------------------------------------------------------- */

static void
start_bus (Device *self)
{
  g_autofree char *config = g_build_filename (self->home, "bus.conf", NULL);
  g_autofree char *text = g_strdup_printf (BUS_CONFIG, self->home);
  g_autofree char *option = g_strconcat ("--config-file=", config, NULL);
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *address = NULL;
  g_autoptr (GError) error = NULL;

  g_file_set_contents (config, text, -1, &error);
  g_assert_no_error (error);
  g_subprocess_launcher_set_flags (self->launcher, G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                                       G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  self->bus = g_subprocess_launcher_spawn (self->launcher, &error, "dbus-daemon", option,
                                           "--nofork", "--print-address=1", NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->bus));
  address = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (address);
  g_subprocess_launcher_setenv (self->launcher, "DBUS_SESSION_BUS_ADDRESS", address, TRUE);
}

static gboolean
has_owner (GDBusConnection *bus, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
      bus, "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "NameHasOwner",
      g_variant_new ("(s)", name), NULL, 0, -1, NULL, &error);
  gboolean has;

  g_assert_no_error (error);
  g_variant_get (answer, "(b)", &has);
  return has;
}

static void
start_keyring (Device *self)
{
  const char *address = g_subprocess_launcher_getenv (self->launcher, "DBUS_SESSION_BUS_ADDRESS");
  gint64 until = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_set_flags (self->launcher, G_SUBPROCESS_FLAGS_STDIN_PIPE |
                                                       G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                                       G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  self->keyring =
      g_subprocess_launcher_spawn (self->launcher, &error, "gnome-keyring-daemon", "--foreground",
                                   "--unlock", "--components=secrets", NULL);
  g_assert_no_error (error);
  /* The keyring's password: an empty line. */
  g_output_stream_write_all (g_subprocess_get_stdin_pipe (self->keyring), "\n", 1, NULL, NULL,
                             &error);
  g_assert_no_error (error);
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->keyring), NULL, &error);
  g_assert_no_error (error);
  bus = g_dbus_connection_new_for_address_sync (address,
                                                G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                    G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                NULL, NULL, &error);
  g_assert_no_error (error);
  while (!has_owner (bus, "org.freedesktop.secrets")) {
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_usleep (5000);
  }
}

Device *
device_new (gboolean keyring)
{
  Device *self = g_new0 (Device, 1);

  self->home = g_dir_make_tmp ("tideline-device-XXXXXX", NULL);
  g_assert_nonnull (self->home);
  self->launcher = launcher_new (self->home);
  start_bus (self);
  if (keyring)
    start_keyring (self);
  return self;
}

static void
end (GSubprocess *process)
{
  g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, NULL);
  g_object_unref (process);
}

void
device_free (Device *self)
{
  const char *remove[] = { "rm", "-rf", self->home, NULL };

  if (self->keyring)
    end (self->keyring);
  end (self->bus);
  g_object_unref (self->launcher);
  g_spawn_sync (NULL, (char **)remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
  g_free (self->home);
  g_free (self->account);
  g_free (self->out);
  g_free (self->err);
  g_free (self);
}

/* --- running --------------------------------------------------------------------------------- */

static GSubprocess *
spawn (Device *self, GSubprocessFlags flags, const char *line)
{
  g_autofree char *program =
      g_build_filename (g_getenv ("TIDELINE_BUILD"), "app", "tideline", NULL);
  g_autofree char *quoted = g_shell_quote (program);
  g_autofree char *whole = g_strconcat (quoted, " ", line, NULL);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_shell_parse_argv (whole, NULL, &argv, &error);
  g_assert_no_error (error);
  g_subprocess_launcher_set_flags (self->launcher, flags);
  process = g_subprocess_launcher_spawnv (self->launcher, (const char *const *)argv, &error);
  g_assert_no_error (error);
  return process;
}

/* The sanitizer's remark about fibers is no word of the program. */
static char *
without_remarks (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GStrvBuilder) kept = g_strv_builder_new ();
  g_auto (GStrv) rest = NULL;

  for (guint i = 0; lines[i]; i++)
    if (strstr (lines[i], "WARNING: ASan doesn't fully support") == NULL)
      g_strv_builder_add (kept, lines[i]);
  rest = g_strv_builder_end (kept);
  return g_strjoinv ("\n", rest);
}

static int
run (Device *self, const char *input, const char *line)
{
  g_autoptr (GSubprocess) process =
      spawn (self,
             G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                 G_SUBPROCESS_FLAGS_STDERR_PIPE,
             line);
  g_autofree char *errors = NULL;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->out, g_free);
  g_clear_pointer (&self->err, g_free);
  g_subprocess_communicate_utf8 (process, input, NULL, &self->out, &errors, &error);
  g_assert_no_error (error);
  self->err = without_remarks (errors);
  g_test_message ("tideline %s\n%s", line, self->err);
  g_assert_true (g_subprocess_get_if_exited (process));
  return g_subprocess_get_exit_status (process);
}

#define FORMATTED(line)                                                                            \
  g_autofree char *line = NULL;                                                                    \
  va_list args;                                                                                    \
  va_start (args, format);                                                                         \
  line = g_strdup_vprintf (format, args);                                                          \
  va_end (args)

int
device_run (Device *self, const char *format, ...)
{
  FORMATTED (line);
  return run (self, "", line);
}

int
device_feed (Device *self, const char *input, const char *format, ...)
{
  FORMATTED (line);
  return run (self, input, line);
}

void
device_do (Device *self, const char *format, ...)
{
  FORMATTED (line);
  if (run (self, "", line) != 0)
    g_error ("tideline %s: %s", line, self->err);
}

JsonNode *
device_ask (Device *self, const char *format, ...)
{
  g_autofree char *whole = NULL;
  g_autoptr (GError) error = NULL;
  JsonNode *answer;

  FORMATTED (line);
  whole = g_strconcat (line, " --json", NULL);
  if (run (self, "", whole) != 0)
    g_error ("tideline %s: %s", whole, self->err);
  answer = json_from_string (self->out, &error);
  g_assert_no_error (error);
  return answer;
}

GSubprocess *
device_spawn (Device *self, const char *format, ...)
{
  FORMATTED (line);
  return spawn (self, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, line);
}

Device *
device_new_as (TlTestServer *server, const char *login)
{
  const char *url = tl_test_server_url (server);
  Device *self = device_new (TRUE);

  if (device_feed (self, TL_DEMO_PASSWORD "\n", "sign-in %s %s", url, login) != 0)
    g_error ("%s", self->err);
  self->account = g_strdup_printf ("%s/XDG_DATA_HOME/tideline/%s@%s", self->home, login,
                                   url + strlen ("http://"));
  g_assert_true (g_file_test (self->account, G_FILE_TEST_IS_DIR));
  device_do (self, "sync");
  return self;
}
