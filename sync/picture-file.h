/* picture-file.h: a picture as it is sent: upright, at most 2,048 pixels a side, without what the camera wrote into
 * it (place, owner). */
#pragma once

#include <gio/gio.h>

typedef struct {
  GBytes *bytes;
  const char *type; /* "image/jpeg", "image/png", "image/gif" */
  int width, height;
} TlPictureFile;

/* Is it a picture that can be read? Then it is prepared (blocks: not in the main thread). Animations stay as they
 * are. FALSE without an error for what is no picture; with one when it is too large to be opened safely. */
gboolean tl_picture_file_prepare (GBytes *bytes, TlPictureFile *out, GError **error);
