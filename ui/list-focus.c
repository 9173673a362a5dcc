/* list-focus.c: a list without rows takes the focus itself and keeps it when rows come. The selected row gets it,
 * or the first, once they are laid out. */
#include "ui/list-focus.h"

static gboolean
hand_on (gpointer data)
{
  GtkSelectionModel *model = gtk_list_view_get_model (data);
  g_autoptr (GtkBitset) selected = model ? gtk_selection_model_get_selection (model) : NULL;

  if (model == NULL || !gtk_widget_is_focus (data) ||
      g_list_model_get_n_items (G_LIST_MODEL (model)) == 0)
    return G_SOURCE_REMOVE;
  gtk_list_view_scroll_to (data,
                           gtk_bitset_is_empty (selected) ? 0 : gtk_bitset_get_minimum (selected),
                           GTK_LIST_SCROLL_FOCUS, NULL);
  return G_SOURCE_REMOVE;
}

static void
rows_changed (GtkWidget *list)
{
  if (gtk_widget_is_focus (list))
    g_idle_add_full (G_PRIORITY_LOW, hand_on, g_object_ref (list), g_object_unref);
}

void
tl_list_focus_follow (GtkListView *list)
{
  g_signal_connect_object (gtk_list_view_get_model (list), "items-changed",
                           G_CALLBACK (rows_changed), list, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}
