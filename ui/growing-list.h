/* growing-list.h: a list model of which a GtkListView sees few rows at first, and all of it some frames later: GTK
 * makes and measures two hundred rows for a long list before it paints the ten that fit. */
#pragma once

#include <gtk/gtk.h>

#define TL_TYPE_GROWING_LIST (tl_growing_list_get_type ())
G_DECLARE_FINAL_TYPE (TlGrowingList, tl_growing_list, TL, GROWING_LIST, GObject)

/* Takes `base`, whose sections are kept; grows while `view` is on the screen. One a view. */
GListModel *tl_growing_list_new (GListModel *base, GtkListView *view);
/* Row `position` will be selected or scrolled to: shows all if it is not shown yet. Gives `position` back. */
guint tl_growing_list_reach (GtkListView *view, guint position);
