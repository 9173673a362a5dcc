/* account-menu.h: the menu of the accounts that are signed in on this computer: who is shown, who else can be. Main
 * thread. */
#pragma once

#include <gtk/gtk.h>

/* It is filled each time it opens. */
void tl_account_menu_set_up (GtkMenuButton *button);
