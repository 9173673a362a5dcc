/* list-focus.h: keys in a list that was not there yet: one that got the focus while it was empty hands it to a
 * row as soon as it has one, so that the arrow keys move. Main thread. */
#pragma once

#include <gtk/gtk.h>

/* Once, when the list has its model. */
void tl_list_focus_follow (GtkListView *list);
