/* sidebar-row.h: one row of the sidebar: a place, a folder or a feed. */
#pragma once

#include "sync/media.h"

#include <gtk/gtk.h>

#define TL_TYPE_SIDEBAR_ROW (tl_sidebar_row_get_type ())
G_DECLARE_FINAL_TYPE (TlSidebarRow, tl_sidebar_row, TL, SIDEBAR_ROW, GtkBox)

/* Signals: toggled () on the folder's arrow; clicked (). */
/* `media`: for the faces of people. */
GtkWidget *tl_sidebar_row_new (TlMedia *media);
/* The cell's item: a TlPlace or a TlFeedItem; `is_folded`: of a folder. NULL unbinds. */
void tl_sidebar_row_bind (TlSidebarRow *self, GtkListItem *cell, gboolean is_folded);
void tl_sidebar_row_set_folded (TlSidebarRow *self, gboolean is_folded);
GtkListItem *tl_sidebar_row_cell (TlSidebarRow *self);
