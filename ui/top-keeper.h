/* top-keeper.h: a list that shows its top goes on showing it when rows come in above or the width changes. GTK's list
 * view holds on to its first row instead, which pushes the row's section header out of view. */
#pragma once

#include <gtk/gtk.h>

/* From now on, as long as the scrolled window lives. */
void tl_top_keeper_attach (GtkScrolledWindow *scroller);
/* Other content: back to the top, and stay there. */
void tl_top_keeper_reset (GtkScrolledWindow *scroller);
/* Something below was scrolled to on purpose. */
void tl_top_keeper_leave (GtkScrolledWindow *scroller);
/* Rows may have come. */
void tl_top_keeper_rows_changed (GtkScrolledWindow *scroller);
