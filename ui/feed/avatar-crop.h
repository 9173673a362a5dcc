/* avatar-crop.h: a picture of which one chooses the square that is shown: drag it, scroll or + and - to see more or less
 * of it, arrow keys. Main thread. */
#pragma once

#include <adwaita.h>

#define TL_TYPE_AVATAR_CROP (tl_avatar_crop_get_type ())
G_DECLARE_FINAL_TYPE (TlAvatarCrop, tl_avatar_crop, TL, AVATAR_CROP, GtkWidget)

GtkWidget *tl_avatar_crop_new (GdkPixbuf *picture);
/* How much nearer than the whole picture, 1 to 4. */
GtkAdjustment *tl_avatar_crop_get_zoom (TlAvatarCrop *self);
/* As the picture is moved by so many of its pixels. */
void tl_avatar_crop_move (TlAvatarCrop *self, double x, double y);
/* The square, at most `pixels` wide. */
GdkPixbuf *tl_avatar_crop_get (TlAvatarCrop *self, int pixels);
