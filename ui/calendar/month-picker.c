/* month-picker.c: GTK 4.18 leaves its calendar and the four buttons of it without a name. */
#include "ui/calendar/month-picker.h"

#include <glib/gi18n-lib.h>

GtkWidget *
tl_month_picker_new (void)
{
  static const char *const names[] = { N_ ("Month before"), N_ ("Month after"), N_ ("Year before"),
                                       N_ ("Year after") };
  GtkWidget *calendar =
      g_object_new (GTK_TYPE_CALENDAR, "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP, NULL);
  GtkWidget *header = gtk_widget_get_first_child (calendar);
  guint n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (header); child && n < G_N_ELEMENTS (names);
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_BUTTON (child))
      gtk_widget_set_tooltip_text (child, _ (names[n++]));
  gtk_accessible_update_property (GTK_ACCESSIBLE (calendar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Days of the month"), -1);
  return calendar;
}
