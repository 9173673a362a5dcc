/* device.c: see the header. */
#include "tests/converge/device.h"

#include "tests/fixtures/clock.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

void
device_init (Device *self, const char *login, const char *program, char *folder)
{
  self->login = login;
  self->program = program;
  self->folder = folder;
  self->clock = g_strconcat (folder, ".clock", NULL);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
}

void
device_clear (Device *self)
{
  g_free (self->folder);
  g_free (self->clock);
}

static char *
find_program (Device *self)
{
  gboolean is_script = g_str_has_suffix (self->program, ".py");

  return g_build_filename (g_getenv (is_script ? "TIDELINE_SOURCE" : "TIDELINE_BUILD"), "tests",
                           "converge", self->program, NULL);
}

void
device_start (Device *self, const DeviceWorld *world)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autofree char *program = find_program (self);
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;

  tl_clock_give (launcher, self->clock);
  self->process =
      g_subprocess_launcher_spawn (launcher, &error, program, self->folder, world->url, self->login,
                                   world->password_file, world->feeds, NULL);
  g_assert_no_error (error);
  self->input = g_subprocess_get_stdin_pipe (self->process);
  self->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  line = device_hear (self);
  g_assert_cmpstr (line, ==, "ready");
}

void
device_end (Device *self, gboolean by_force)
{
  if (by_force)
    g_subprocess_send_signal (self->process, SIGKILL);
  else
    g_output_stream_close (self->input, NULL, NULL);
  g_subprocess_wait (self->process, NULL, NULL);
  if (!by_force)
    g_assert_true (g_subprocess_get_successful (self->process));
  g_clear_object (&self->output);
  g_clear_object (&self->process);
}

void
device_tell (Device *self, const char *command)
{
  g_autofree char *line = g_strconcat (command, "\n", NULL);

  g_assert_true (g_output_stream_write_all (self->input, line, strlen (line), NULL, NULL, NULL));
}

char *
device_hear (Device *self)
{
  return g_data_input_stream_read_line (self->output, NULL, NULL, NULL);
}

char *
device_ask (Device *self, const char *command)
{
  char *answer;

  device_tell (self, command);
  answer = device_hear (self);
  if (answer == NULL)
    g_error ("%s's device ended during “%s”", self->login, command);
  return answer;
}
