/* stage.h: an X server without a screen, and what its one window shows. */
#pragma once

#include <gio/gio.h>

typedef struct _Stage Stage;

/* Starts Xvfb on a free display; NULL with an error where there is none. */
Stage *stage_new (GError **error);
void stage_free (Stage *self);
const char *stage_display (Stage *self); /* ":7" */

/* Looks every 10 ms from now on until nothing changed for `quiet` seconds, or `most` have passed, and
 * tells when the picture first was as it then stays, but for a 200th of its points (a clock, a spinner):
 * monotonic microseconds, 0 when there never was anything to see. */
gint64 stage_settled (Stage *self, double quiet, double most);
/* Turns the wheel over the middle of what is `x` of the width from the left. */
void stage_scroll (Stage *self, double x, guint clicks);
