/* send-key.h: Ctrl+Return in a text view sends, before the text view takes it for a new line. */
#pragma once

#include <gtk/gtk.h>

/* `send` gets the text view as its widget, and `data`. */
void tl_send_key_add (GtkTextView *text, GtkShortcutFunc send, gpointer data);
