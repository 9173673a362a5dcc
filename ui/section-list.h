/* section-list.h: a key list with its sections as GTK sees them, for header rows of a GtkListView. */
#pragma once

#include "sync/models/key-list.h"

#include <gtk/gtk.h>

#define TL_TYPE_SECTION_LIST (tl_section_list_get_type ())
G_DECLARE_FINAL_TYPE (TlSectionList, tl_section_list, TL, SECTION_LIST, GObject)

GListModel *tl_section_list_new (TlKeyList *list);
