/* places-title.h: the heading of a group of places in the side bar. */
#pragma once

#include <gtk/gtk.h>

/* With a button that adds one to the group, when `action` is not NULL. */
GtkWidget *tl_places_title_new (const char *words, const char *tooltip, const char *action);
