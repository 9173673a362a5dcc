/* filters-page.c: the rows follow the list. Main thread. */
#include "ui/preferences/filters-page.h"

#include "ui/preferences/filter-dialog.h"

#include <glib/gi18n-lib.h>

typedef struct {
  TlReplica *replica;
  gint64 me;
  TlKeyList *filters;
  GtkListBox *list;
} Page;

static void
page_free (gpointer data)
{
  Page *page = data;

  g_signal_handlers_disconnect_by_data (page->filters, page);
  g_object_unref (page->replica);
  g_object_unref (page->filters);
  g_free (page);
}

static char *
place_names (guint places)
{
  static const char *const names[] = { N_ ("Home"), N_ ("Everyone"), N_ ("Notifications"),
                                       N_ ("Articles") };
  g_autoptr (GString) text = g_string_new (NULL);

  if (places == TL_FILTER_ALL)
    return g_strdup (_ ("Everywhere"));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (places & 1u << i)
      g_string_append_printf (text, "%s%s", text->len ? ", " : "", _ (names[i]));
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static char *
title_of (TlFilterItem *item)
{
  g_auto (GStrv) lines = g_strsplit (item->words ? item->words : "", "\n", -1);
  g_autofree char *words = g_strjoinv (", ", lines);

  if (item->person == 0)
    return g_steal_pointer (&words);
  if (*words == '\0')
    return g_strdup (item->person_name ? item->person_name : "");
  /* Translators: words, and who writes them */
  return g_strdup_printf (_ ("%s, by %s"), words, item->person_name ? item->person_name : "");
}

static void
update_row (TlFilterItem *item, GParamSpec *spec, GtkWidget *row)
{
  static const char *const actions[] = { N_ ("Hidden"), N_ ("Folded"), N_ ("Never notified") };
  g_autofree char *title = title_of (item), *places = place_names (item->places);
  gboolean is_over = item->expires_at > 0 && item->expires_at < g_get_real_time () / 1000;
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_local (item->expires_at / 1000);
  g_autofree char *until = item->expires_at > 0 ? g_date_time_format (utc, "%x") : NULL;
  g_autoptr (GString) text = g_string_new (_ (actions[item->action]));

  if (!item->loaded)
    return;
  if (item->action != TL_FILTER_SILENCE)
    g_string_append_printf (text, " · %s", places);
  if (is_over)
    g_string_append_printf (text, " · %s", _ ("ended"));
  else if (until)
    g_string_append_printf (text, " · %s %s", _ ("until"), until);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text->str);
}

static GtkWidget *
row_new (gpointer item, gpointer data)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "filter", g_object_ref (item), g_object_unref);
  g_signal_connect_object (item, "notify", G_CALLBACK (update_row), row, 0);
  update_row (item, NULL, row);
  return row;
}

static void
open_row (GtkListBox *list, GtkListBoxRow *row, Page *page)
{
  TlFilterItem *item = g_object_get_data (G_OBJECT (row), "filter");

  if (item->loaded)
    adw_dialog_present (tl_filter_dialog_new (page->replica, page->me, item), GTK_WIDGET (list));
}

static void
add_clicked (GtkButton *button, Page *page)
{
  adw_dialog_present (tl_filter_dialog_new (page->replica, page->me, NULL), GTK_WIDGET (button));
}

static void
filters_changed (Page *page)
{
  gboolean is_empty = g_list_model_get_n_items (G_LIST_MODEL (page->filters)) == 0;

  gtk_widget_set_visible (GTK_WIDGET (page->list), !is_empty);
}

AdwPreferencesPage *
tl_filters_page_new (TlReplica *replica, gint64 me)
{
  AdwPreferencesPage *self = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  GtkWidget *add = gtk_button_new_with_mnemonic (_ ("_Add Filter"));
  Page *page = g_new0 (Page, 1);

  page->replica = g_object_ref (replica);
  page->me = me;
  page->filters = tl_filter_list_new (replica);
  page->list = GTK_LIST_BOX (gtk_list_box_new ());
  g_object_set_data_full (G_OBJECT (self), "page", page, page_free);
  gtk_widget_add_css_class (GTK_WIDGET (page->list), "boxed-list");
  gtk_list_box_set_selection_mode (page->list, GTK_SELECTION_NONE);
  gtk_list_box_bind_model (page->list, G_LIST_MODEL (page->filters), row_new, NULL, NULL);
  g_signal_connect (page->list, "row-activated", G_CALLBACK (open_row), page);
  g_signal_connect (add, "clicked", G_CALLBACK (add_clicked), page);
  g_signal_connect_swapped (page->filters, "items-changed", G_CALLBACK (filters_changed), page);
  gtk_widget_set_valign (add, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (add, "flat");
  adw_preferences_group_set_title (group, _ ("Filters"));
  adw_preferences_group_set_description (
      group,
      _ ("Posts and articles with these words, or of these people, are hidden, folded or not "
         "notified of, on every device"));
  adw_preferences_group_set_header_suffix (group, add);
  adw_preferences_group_add (group, GTK_WIDGET (page->list));
  adw_preferences_page_add (self, group);
  filters_changed (page);
  return self;
}
