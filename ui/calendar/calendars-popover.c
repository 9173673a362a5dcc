/* calendars-popover.c: a list of check buttons that follow their items. */
#include "ui/calendar/calendars-popover.h"

#include "sync/actions-calendar.h"
#include "ui/calendar/calendar-colors.h"

#include <glib/gi18n-lib.h>

typedef struct {
  TlReplica *replica;
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

static void
item_changed (TlCalendarItem *item, GParamSpec *spec, GtkWidget *row)
{
  GtkWidget *check = gtk_widget_get_first_child (row);
  GtkWidget *dot = gtk_widget_get_next_sibling (check);
  GtkWidget *name = gtk_widget_get_next_sibling (dot);
  const char *classes[] = { "kind-dot", tl_calendar_class (item->color), NULL };

  if (!item->loaded)
    return;
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), !item->is_hidden);
  gtk_widget_set_css_classes (dot, classes);
  gtk_label_set_label (GTK_LABEL (name), item->name ? item->name : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  item->name ? item->name : "", -1);
}

static GtkWidget *
row_new (gpointer object, gpointer data)
{
  TlCalendarItem *item = object;
  Context *context = data;
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *dot = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *name = gtk_label_new (NULL);

  gtk_widget_set_valign (dot, GTK_ALIGN_CENTER);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (name, TRUE);
  g_object_set_data (G_OBJECT (check), "item", item);
  gtk_box_append (GTK_BOX (row), check);
  gtk_box_append (GTK_BOX (row), dot);
  gtk_box_append (GTK_BOX (row), name);
  item_changed (item, NULL, row);
  g_signal_connect_object (item, "notify", G_CALLBACK (item_changed), row, 0);
  g_signal_connect (check, "toggled", G_CALLBACK (toggled), context);
  return row;
}

static GtkWidget *
button_new (const char *label, const char *action)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_add_css_class (button, "flat");
  return button;
}

GtkWidget *
tl_calendars_popover_new (TlReplica *replica, gint64 me)
{
  GtkWidget *popover = gtk_popover_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *list = gtk_list_box_new ();
  TlKeyList *calendars = tl_calendar_list_new (replica, me);
  Context *context = g_new (Context, 1);

  context->replica = g_object_ref (replica);
  g_object_set_data_full (G_OBJECT (popover), "context", context, context_free);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_set_size_request (list, 240, -1);
  gtk_list_box_bind_model (GTK_LIST_BOX (list), G_LIST_MODEL (calendars), row_new, context, NULL);
  g_object_unref (calendars);
  gtk_box_append (GTK_BOX (box), list);
  gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (GTK_BOX (box), button_new (_ ("_New Calendar…"), "calendar.new-calendar"));
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  return popover;
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
