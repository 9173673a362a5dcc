/* stage.c: see the header. Pictures are kept at a fourth of the points, and only those that differ. */
#include "tests/bench/stage.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define WIDTH 1280
#define HEIGHT 840
#define HEIGHT_MIDDLE 420
#define STEP 2
#define WATCHED 640 /* lines from the top: below, toasts come and go */
#define POINTS ((WIDTH / STEP) * (WATCHED / STEP))
#define SAME (POINTS - POINTS / 200)
#define LOOK_US 10000

struct _Stage {
  GSubprocess *server;
  char *name;
  Display *display;
};

typedef struct {
  gint64 when;
  guint32 *points;
} Picture;

/* Xvfb chooses the number and writes it to the descriptor. */
Stage *
stage_new (GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  Stage *self = g_new0 (Stage, 1);
  char number[16] = { 0 };
  int pipes[2];

  if (!g_unix_open_pipe (pipes, FD_CLOEXEC, error))
    return NULL;
  g_subprocess_launcher_take_fd (launcher, pipes[1], 3);
  self->server = g_subprocess_launcher_spawn (
      launcher, error, "Xvfb", "-displayfd", "3", "-screen", "0",
      G_STRINGIFY (WIDTH) "x" G_STRINGIFY (HEIGHT) "x24", "-nolisten", "tcp", NULL);
  g_clear_object (&launcher);
  if (self->server && read (pipes[0], number, sizeof number - 1) > 0) {
    self->name = g_strconcat (":", g_strchomp (number), NULL);
    self->display = XOpenDisplay (self->name);
  }
  close (pipes[0]);
  if (self->display)
    return self;
  if (self->server)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Xvfb did not start");
  stage_free (self);
  return NULL;
}

void
stage_free (Stage *self)
{
  if (self->display)
    XCloseDisplay (self->display);
  if (self->server) {
    g_subprocess_send_signal (self->server, SIGTERM);
    g_subprocess_wait (self->server, NULL, NULL);
  }
  g_clear_object (&self->server);
  g_free (self->name);
  g_free (self);
}

const char *
stage_display (Stage *self)
{
  return self->name;
}

static guint32 *
look (Stage *self)
{
  XImage *image = XGetImage (self->display, DefaultRootWindow (self->display), 0, 0, WIDTH, WATCHED,
                             AllPlanes, ZPixmap);
  guint32 *points = g_new (guint32, POINTS), *next = points;

  for (int y = 0; y < WATCHED; y += STEP) {
    const guint32 *line = (const guint32 *)(const void *)(image->data + y * image->bytes_per_line);
    for (int x = 0; x < WIDTH; x += STEP)
      *next++ = line[x] & 0xffffff;
  }
  XDestroyImage (image);
  return points;
}

static guint
count_same (const guint32 *a, const guint32 *b)
{
  guint n = 0;

  for (guint i = 0; i < POINTS; i++)
    n += a[i] == b[i];
  return n;
}

static void
picture_clear (gpointer data)
{
  g_free (((Picture *)data)->points);
}

/* Every picture that is not the one before, from now on. */
static GArray *
watch (Stage *self, double quiet, double most)
{
  GArray *pictures = g_array_new (FALSE, FALSE, sizeof (Picture));
  gint64 began = g_get_monotonic_time (), last = began, now = began;

  g_array_set_clear_func (pictures, picture_clear);
  while ((double)(now - began) < most * G_USEC_PER_SEC &&
         (pictures->len < 2 || (double)(now - last) < quiet * G_USEC_PER_SEC)) {
    guint32 *points = look (self);
    Picture picture = { now, points };

    if (pictures->len == 0 ||
        count_same (g_array_index (pictures, Picture, pictures->len - 1).points, points) < SAME) {
      g_array_append_val (pictures, picture);
      last = now;
    } else {
      g_free (points);
    }
    g_usleep (LOOK_US);
    now = g_get_monotonic_time ();
  }
  return pictures;
}

gint64
stage_settled (Stage *self, double quiet, double most)
{
  g_autoptr (GArray) pictures = watch (self, quiet, most);
  const guint32 *final = g_array_index (pictures, Picture, pictures->len - 1).points;

  for (guint i = 1; i < pictures->len; i++)
    if (count_same (g_array_index (pictures, Picture, i).points, final) >= SAME)
      return g_array_index (pictures, Picture, i).when;
  return 0;
}

void
stage_scroll (Stage *self, double x, guint clicks)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GSubprocess) wheel = NULL;
  g_autofree char *across = g_strdup_printf ("%d", (int)(WIDTH * x));
  g_autofree char *times = g_strdup_printf ("%u", clicks);

  g_subprocess_launcher_setenv (launcher, "DISPLAY", self->name, TRUE);
  wheel = g_subprocess_launcher_spawn (launcher, NULL, "xdotool", "mousemove", across,
                                       G_STRINGIFY (HEIGHT_MIDDLE), "click", "--repeat", times,
                                       "--delay", "20", "5", NULL);
  if (wheel)
    g_subprocess_wait (wheel, NULL, NULL);
}
