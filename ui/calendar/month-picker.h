/* month-picker.h: a GtkCalendar that says what its buttons do. */
#pragma once

#include <gtk/gtk.h>

GtkWidget *tl_month_picker_new (void);
