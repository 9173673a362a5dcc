/* favicon.h: a feed's coloured square with the first letter of its title; the colour follows the title. */
#pragma once

#include <gtk/gtk.h>

#define TL_TYPE_FAVICON (tl_favicon_get_type ())
G_DECLARE_FINAL_TYPE (TlFavicon, tl_favicon, TL, FAVICON, GtkWidget)

/* Properties: title (char *), size (int, 16 unless told). */
void tl_favicon_set_title (TlFavicon *self, const char *title);
