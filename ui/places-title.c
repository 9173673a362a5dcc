/* places-title.c: see the header. Main thread. */
#include "ui/places-title.h"

GtkWidget *
tl_places_title_new (const char *words, const char *tooltip, const char *action)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *title = gtk_label_new (words);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (title, "caption-heading");
  gtk_widget_add_css_class (title, "dimmed");
  gtk_widget_add_css_class (line, "places-title");
  gtk_box_append (GTK_BOX (line), title);
  if (action) {
    GtkWidget *add = gtk_button_new_from_icon_name ("list-add-symbolic");

    gtk_widget_add_css_class (add, "flat");
    gtk_widget_set_tooltip_text (add, tooltip);
    gtk_actionable_set_action_name (GTK_ACTIONABLE (add), action);
    gtk_box_append (GTK_BOX (line), add);
  }
  return line;
}
