/* day-header.c: see the header; a message that is not loaded yet has no day. */
#include "ui/chat/day-header.h"

#include "sync/models/items.h"
#include "ui/words.h"

static void
header_setup (GtkListItemFactory *factory, GtkListHeader *header)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_set_halign (label, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (label, 14);
  gtk_widget_set_margin_bottom (label, 4);
  gtk_widget_add_css_class (label, "day");
  gtk_widget_add_css_class (label, "caption");
  gtk_list_header_set_child (header, label);
}

static void
header_show (TlMessageItem *item, GParamSpec *pspec, GtkLabel *label)
{
  g_autofree char *day = item->loaded ? tl_words_day (item->sent_at) : NULL;

  gtk_label_set_label (label, day ? day : "");
}

static void
header_bind (GtkListItemFactory *factory, GtkListHeader *header)
{
  TlMessageItem *item = gtk_list_header_get_item (header);
  GtkWidget *label = gtk_list_header_get_child (header);

  g_signal_connect_object (item, "notify", G_CALLBACK (header_show), label, 0);
  header_show (item, NULL, GTK_LABEL (label));
}

static void
header_unbind (GtkListItemFactory *factory, GtkListHeader *header)
{
  g_signal_handlers_disconnect_by_func (gtk_list_header_get_item (header), header_show,
                                        gtk_list_header_get_child (header));
}

GtkListItemFactory *
tl_day_header_factory_new (void)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (header_setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (header_bind), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (header_unbind), NULL);
  return factory;
}
