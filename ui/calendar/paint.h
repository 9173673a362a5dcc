/* paint.h: what the drawn views draw with. Lengths in pixels of the widget. */
#pragma once

#include <gtk/gtk.h>

/* One line, or as many as `height` has room for (0: one); what does not fit ends in dots. */
void tl_paint_text (GtkWidget *widget, GtkSnapshot *snapshot, const char *text, double x, double y,
                    double width, double height, GdkRGBA color, double scale, PangoWeight weight);
void tl_paint_fill (GtkSnapshot *snapshot, double x, double y, double width, double height,
                    double radius, GdkRGBA color);
void tl_paint_outline (GtkSnapshot *snapshot, double x, double y, double width, double height,
                       GdkRGBA color);
