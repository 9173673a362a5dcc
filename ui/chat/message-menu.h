/* message-menu.h: what can be done with one message, as the menu of its row. */
#pragma once

#include "sync/models/items.h"

#include <gtk/gtk.h>

/* A popover for a TlMessageRow, whose actions it names; `link`: the address it was opened on, or NULL. */
GtkWidget *tl_message_menu_new (TlMessageItem *item, const char *link);
