/* title.h: the title of a row in a list, bold while what it names is unread. */
#pragma once

#include <gtk/gtk.h>

void tl_title_set_read (GtkLabel *title, gboolean is_read);
