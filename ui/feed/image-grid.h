/* image-grid.h: the pictures of a post: one by its aspect, up to four in a mosaic. Sized before any is there. */
#pragma once

#include "sync/media.h"

#include <gtk/gtk.h>

#define TL_TYPE_IMAGE_GRID (tl_image_grid_get_type ())
G_DECLARE_FINAL_TYPE (TlImageGrid, tl_image_grid, TL, IMAGE_GRID, GtkWidget)

/* `json`: of the item; NULL for none, it is invisible then. A click opens the picture. */
void tl_image_grid_show (TlImageGrid *self, TlMedia *media, const char *json);
