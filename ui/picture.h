/* picture.h: a picture of an article, loaded on the side. Its size never depends on whether it is there:
 * fixed (a thumbnail, cropped to fill), or as wide as it may be with the height that its aspect asks for. */
#pragma once

#include "sync/media.h"

#include <gtk/gtk.h>

#define TL_TYPE_PICTURE (tl_picture_get_type ())
G_DECLARE_FINAL_TYPE (TlPicture, tl_picture, TL, PICTURE, GtkWidget)

/* Property: size (int), of a square thumbnail in pixels; 0: by aspect. */
/* What to show: a name of tl_media_load(), NULL for nothing. width and height as the article says, 0 when it doesn't. */
void tl_picture_show (TlPicture *self, TlMedia *media, const char *hash, int width, int height);
/* By aspect, but no wider than `pixels` and not much higher, and as wide by nature: for a bubble. */
void tl_picture_set_widest (TlPicture *self, int pixels);
/* As large as it is told to be, cropped to fill. */
void tl_picture_set_covers (TlPicture *self, gboolean covers);
void tl_picture_set_alternative (TlPicture *self, const char *text);
