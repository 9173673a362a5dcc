/* message-menu.c: see the header. The rows' actions are "message.reply", ".plan", ".copy", ".copy-link", ".edit" and
 * ".delete"; only one's own messages can be changed, and a file without words has nothing to copy. */
#include "ui/chat/message-menu.h"

#include <glib/gi18n-lib.h>

static GMenuModel *
sharing_new (TlMessageItem *item, const char *link)
{
  GMenu *section = g_menu_new ();

  g_menu_append (section, _ ("_Reply"), "message.reply");
  if (item->key > 0)
    g_menu_append (section, _ ("Make an _Event…"), "message.plan");
  if (item->body && *item->body)
    g_menu_append (section, _ ("_Copy"), "message.copy");
  if (link) {
    GMenuItem *copy = g_menu_item_new (_ ("Copy _Link Address"), NULL);

    g_menu_item_set_action_and_target (copy, "message.copy-link", "s", link);
    g_menu_append_item (section, copy);
    g_object_unref (copy);
  }
  return G_MENU_MODEL (section);
}

static GMenuModel *
changing_new (TlMessageItem *item)
{
  GMenu *section = g_menu_new ();

  if (item->delivery != TL_DELIVERY_FAILED)
    g_menu_append (section, _ ("_Edit"), "message.edit");
  g_menu_append (section, _ ("_Delete…"), "message.delete");
  return G_MENU_MODEL (section);
}

GtkWidget *
tl_message_menu_new (TlMessageItem *item, const char *link)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenuModel) sharing = sharing_new (item, link);
  GtkWidget *popover;

  g_menu_append_section (menu, NULL, sharing);
  if (item->is_mine) {
    g_autoptr (GMenuModel) changing = changing_new (item);

    g_menu_append_section (menu, NULL, changing);
  }
  popover = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  return popover;
}
