/* tooltip.h: the tooltip of a widget in a row. */
#pragma once

#include <gtk/gtk.h>

/* When it is another than before: GTK asks the X server where the pointer is each time one is set. */
void tl_tooltip_set (GtkWidget *widget, const char *text);
