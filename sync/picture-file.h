/* picture-file.h: pictures in memory: as they are sent (upright, at most 2,048 pixels a side, without what the camera
 * wrote into it: place, owner), and as they are shown. Blocks: not in the main thread. */
#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

typedef struct {
  GBytes *bytes;
  const char *type; /* "image/jpeg", "image/png", "image/gif" */
  int width, height;
} TlPictureFile;

/* Somebody's picture, made smaller when its shorter side has more than `at_most` pixels; of an animation the first
 * frame. NULL for what is no picture, or takes more memory than anything shown is worth. */
GdkPixbuf *tl_picture_decode (GBytes *bytes, int at_most, GError **error);

/* Is it a picture that can be read? Then it is prepared. Animations stay as they are. FALSE without an error for what is no picture; with one when it is too large to be opened safely. */
gboolean tl_picture_file_prepare (GBytes *bytes, TlPictureFile *out, GError **error);
