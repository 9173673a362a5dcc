/* calendar-choice.c: see the header. */
#include "ui/calendar/calendar-choice.h"

static gboolean
is_offered (gpointer item, gpointer data)
{
  return g_strcmp0 (TL_CALENDAR_ITEM (item)->role, "reader") != 0;
}

static void
name_setup (AdwComboRow *row, GtkListItem *cell)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child (cell, label);
}

static void
name_show (TlCalendarItem *item, GParamSpec *spec, GtkLabel *label)
{
  gtk_label_set_label (label, item->name ? item->name : "");
}

static void
name_bind (AdwComboRow *row, GtkListItem *cell)
{
  TlCalendarItem *item = gtk_list_item_get_item (cell);
  GtkWidget *label = gtk_list_item_get_child (cell);

  g_signal_connect_object (item, "notify", G_CALLBACK (name_show), label, 0);
  name_show (item, NULL, GTK_LABEL (label));
}

static void
name_unbind (AdwComboRow *row, GtkListItem *cell)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (cell), name_show,
                                        gtk_list_item_get_child (cell));
}

void
tl_calendar_choice_set_up (AdwComboRow *row, TlKeyList *calendars)
{
  g_autoptr (GtkListItemFactory) names = gtk_signal_list_item_factory_new ();
  GtkFilter *writable = GTK_FILTER (gtk_custom_filter_new (is_offered, NULL, NULL));
  g_autoptr (GListModel) offered =
      G_LIST_MODEL (gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (calendars)), writable));

  g_signal_connect_object (names, "setup", G_CALLBACK (name_setup), row, G_CONNECT_SWAPPED);
  g_signal_connect_object (names, "bind", G_CALLBACK (name_bind), row, G_CONNECT_SWAPPED);
  g_signal_connect_object (names, "unbind", G_CALLBACK (name_unbind), row, G_CONNECT_SWAPPED);
  adw_combo_row_set_factory (row, names);
  adw_combo_row_set_model (row, offered);
}

void
tl_calendar_choice_select (AdwComboRow *row, gint64 calendar)
{
  GListModel *model = adw_combo_row_get_model (row);
  guint n = model ? g_list_model_get_n_items (model) : 0;

  for (guint i = 0; i < n; i++) {
    g_autoptr (TlCalendarItem) item = g_list_model_get_item (model, i);

    if (calendar ? item->key == calendar : item->is_default) {
      adw_combo_row_set_selected (row, i);
      return;
    }
  }
}
