/* title.c: see the header. The weight is an attribute: where a style class is taken away or added while a list
 * fills, GTK 4.18 does not always look the label's style up again. The class stays for who asks. */
#include "ui/title.h"

void
tl_title_set_read (GtkLabel *title, gboolean is_read)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (
      attributes, pango_attr_weight_new (is_read ? PANGO_WEIGHT_NORMAL : PANGO_WEIGHT_BOLD));
  gtk_label_set_attributes (title, attributes);
  if (is_read)
    gtk_widget_add_css_class (GTK_WIDGET (title), "read");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (title), "read");
}
