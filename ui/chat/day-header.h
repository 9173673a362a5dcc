/* day-header.h: the day above the messages of it. */
#pragma once

#include <gtk/gtk.h>

/* For a list of TlMessageItem in sections. */
GtkListItemFactory *tl_day_header_factory_new (void);
