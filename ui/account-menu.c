/* account-menu.c: see the header. */
#include "ui/account-menu.h"

#include "sync/account.h"

#include <glib/gi18n-lib.h>

static GMenuModel *
accounts_section (void)
{
  g_autoptr (GPtrArray) accounts = tl_accounts_list ();
  GMenu *section = g_menu_new ();

  for (guint i = 0; i < accounts->len; i++) {
    const TlAccount *account = accounts->pdata[i];
    g_autoptr (GUri) uri = g_uri_parse (account->server, G_URI_FLAGS_NONE, NULL);
    g_autofree char *id = tl_account_id (account);
    /* Translators: who, and on which server. */
    g_autofree char *label = g_strdup_printf (_ ("%s on %s"), account->name,
                                              uri ? g_uri_get_host (uri) : account->server);
    g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

    g_menu_item_set_action_and_target (item, "app.switch-account", "s", id);
    g_menu_append_item (section, item);
  }
  return G_MENU_MODEL (section);
}

static void
fill (GtkMenuButton *button, gpointer data)
{
  g_autoptr (GMenu) menu = g_menu_new (), more = g_menu_new ();
  g_autoptr (GMenuModel) accounts = accounts_section ();

  g_menu_append (more, _ ("_Add Account…"), "app.add-account");
  g_menu_append_section (menu, NULL, accounts);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (more));
  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
}

void
tl_account_menu_set_up (GtkMenuButton *button)
{
  gtk_menu_button_set_create_popup_func (button, fill, NULL, NULL);
}
