/* growing-list.h: a list model of which a GtkListView sees few rows at first, and all of it some frames later: GTK
 * makes and measures two hundred rows for a long list before it paints the ten that fit. */
#pragma once

#include <gtk/gtk.h>

#define TL_TYPE_GROWING_LIST (tl_growing_list_get_type ())
G_DECLARE_FINAL_TYPE (TlGrowingList, tl_growing_list, TL, GROWING_LIST, GObject)

/* Takes `base`, whose sections are kept; grows while `view` is on the screen. One a view. */
GListModel *tl_growing_list_new (GListModel *base, GtkListView *view);
/* The same, but the last rows are there first: positions are those of the base only when all of it is shown. */
GListModel *tl_growing_list_new_from_end (GListModel *base, GtkListView *view);
/* Where the view has row `position` of the base, after showing all if it was not shown yet. */
guint tl_growing_list_reach (GtkListView *view, guint position);
/* Where the base has what is row `position` of the view. */
guint tl_growing_list_in_base (GtkListView *view, guint position);
