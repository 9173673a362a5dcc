/* screen.h: an X server without a screen, and what its one window shows. */
#pragma once

#include <gio/gio.h>

typedef struct _Screen Screen;

/* Starts Xvfb on a free display; NULL with an error where there is none. */
Screen *screen_new (GError **error);
void screen_free (Screen *self);
const char *screen_display (Screen *self); /* ":7" */

/* Looks every 10 ms from now on until nothing changed for `quiet` seconds, or `most` have passed, and
 * tells when the picture first was as it then stays, but for a 200th of its points (a clock, a spinner):
 * monotonic microseconds, 0 when there never was anything to see. */
gint64 screen_settled (Screen *self, double quiet, double most);
/* Turns the wheel over the middle of what is `x` of the width from the left. */
void screen_scroll (Screen *self, double x, guint clicks);
