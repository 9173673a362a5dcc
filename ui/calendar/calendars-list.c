/* calendars-list.c: a list of check buttons that follow their items. */
#include "ui/calendar/calendars-list.h"

#include "sync/actions-calendar.h"
#include "sync/models/agenda.h"
#include "ui/calendar/calendar-colors.h"
#include "ui/calendar/calendar-dialog.h"

#include <glib/gi18n-lib.h>

typedef struct {
  TlReplica *replica;
  TlMedia *media;
  gint64 me;
} Context;

static void
context_free (gpointer data)
{
  g_object_unref (((Context *)data)->replica);
  g_free (data);
}

static void
toggled (GtkCheckButton *check, Context *context)
{
  TlCalendarItem *item = g_object_get_data (G_OBJECT (check), "item");
  gboolean hidden = !gtk_check_button_get_active (check);

  if (item && item->loaded && item->is_hidden != hidden)
    dex_future_disown (tl_action_hide_calendar (context->replica, item->key, hidden));
}

/* A check button in the calendar's colour, its name, and whether others see it. */
static void
item_changed (TlCalendarItem *item, GParamSpec *spec, GtkWidget *check)
{
  GtkWidget *name =
      gtk_widget_get_first_child (gtk_check_button_get_child (GTK_CHECK_BUTTON (check)));
  const char *classes[] = { tl_calendar_class (item->color), NULL };
  const char *words = item->name ? item->name : "";

  if (!item->loaded)
    return;
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), !item->is_hidden);
  gtk_widget_set_css_classes (check, classes);
  gtk_label_set_label (GTK_LABEL (name), words);
  gtk_widget_set_visible (gtk_widget_get_next_sibling (name), item->members > 1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

static void
more_clicked (GtkButton *button, Context *context)
{
  TlCalendarItem *item = g_object_get_data (G_OBJECT (button), "item");

  if (item->loaded)
    adw_dialog_present (
        tl_calendar_dialog_new (context->replica, context->media, context->me, item),
        GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (button))));
}

static GtkWidget *
more_new (TlCalendarItem *item, Context *context)
{
  GtkWidget *more = gtk_button_new_from_icon_name ("view-more-symbolic");

  gtk_widget_add_css_class (more, "flat");
  gtk_widget_add_css_class (more, "circular");
  gtk_widget_set_valign (more, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (more, _ ("About This Calendar"));
  g_object_set_data (G_OBJECT (more), "item", item);
  g_signal_connect (more, "clicked", G_CALLBACK (more_clicked), context);
  return more;
}

static GtkWidget *
row_new (gpointer object, gpointer data)
{
  TlCalendarItem *item = object;
  GtkWidget *row = gtk_list_box_row_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *name = gtk_label_new (NULL), *shared = gtk_label_new (_ ("shared"));

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (shared, "caption");
  gtk_widget_add_css_class (shared, "dimmed");
  gtk_box_append (GTK_BOX (line), name);
  gtk_box_append (GTK_BOX (line), shared);
  gtk_check_button_set_child (GTK_CHECK_BUTTON (check), line);
  g_object_set_data (G_OBJECT (check), "item", item);
  gtk_widget_set_focusable (row, FALSE);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_hexpand (check, TRUE);
  gtk_box_append (GTK_BOX (box), check);
  gtk_box_append (GTK_BOX (box), more_new (item, data));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  item_changed (item, NULL, check);
  g_signal_connect_object (item, "notify", G_CALLBACK (item_changed), check, 0);
  g_signal_connect (check, "toggled", G_CALLBACK (toggled), data);
  return row;
}

GtkWidget *
tl_calendars_list_new (TlReplica *replica, TlMedia *media, gint64 me)
{
  Context *context = g_new (Context, 1);
  GtkWidget *list = gtk_list_box_new ();
  g_autoptr (TlKeyList) calendars = tl_calendar_list_new (replica, me);

  *context = (Context){ g_object_ref (replica), media, me };
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "calendars");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Calendars"), -1);
  gtk_list_box_bind_model (GTK_LIST_BOX (list), G_LIST_MODEL (calendars), row_new, context,
                           context_free);
  return list;
}

/* --- a new one ----------------------------------------------------------------------------------- */

typedef struct {
  TlReplica *replica;
  AdwEntryRow *name;
  AdwComboRow *color;
} New;

static void
new_free (gpointer data, GClosure *closure)
{
  g_object_unref (((New *)data)->replica);
  g_free (data);
}

static void
answered (AdwAlertDialog *dialog, const char *response, gpointer data)
{
  New *new = data;
  const char *name = gtk_editable_get_text (GTK_EDITABLE (new->name));

  if (g_str_equal (response, "make") && *name)
    dex_future_disown (tl_action_new_calendar (
        new->replica, name, tl_calendar_colors[adw_combo_row_get_selected (new->color)]));
}

void
tl_calendars_ask_new (TlReplica *replica, GtkWidget *parent)
{
  AdwDialog *dialog = adw_alert_dialog_new (_ ("New Calendar"), NULL);
  GtkWidget *list = gtk_list_box_new ();
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  New *new = g_new (New, 1);

  for (guint i = 0; tl_calendar_colors[i]; i++)
    gtk_string_list_append (names, tl_calendar_color_name (tl_calendar_colors[i]));
  *new = (New){ g_object_ref (replica), ADW_ENTRY_ROW (adw_entry_row_new ()),
                ADW_COMBO_ROW (adw_combo_row_new ()) };
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (new->name), _ ("Name"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (new->color), _ ("Colour"));
  adw_combo_row_set_model (new->color, G_LIST_MODEL (names));
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), GTK_WIDGET (new->name));
  gtk_list_box_append (GTK_LIST_BOX (list), GTK_WIDGET (new->color));
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), list);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "make",
                                  _ ("_Make"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "make",
                                            ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "make");
  g_signal_connect_data (dialog, "response", G_CALLBACK (answered), new, new_free, 0);
  adw_dialog_present (dialog, parent);
}
