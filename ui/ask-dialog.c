/* ask-dialog.c: an alert dialog with a list of entries in it. The dialog holds its fields; nothing typed is kept
 * elsewhere. Main thread. */
#include "ui/ask-dialog.h"

#include <glib/gi18n-lib.h>

#define MOST 3

typedef struct {
  GtkWidget *box;
  GtkEditable *fields[MOST];
} Fields;

static Fields *
fields_of (gpointer dialog)
{
  return g_object_get_data (G_OBJECT (dialog), "fields");
}

static void
typed (AdwAlertDialog *dialog)
{
  Fields *fields = fields_of (dialog);
  gboolean is_filled = TRUE;

  for (guint i = 0; i < MOST && fields->fields[i]; i++)
    is_filled = is_filled && *gtk_editable_get_text (fields->fields[i]) != '\0';
  adw_alert_dialog_set_response_enabled (dialog, "yes", is_filled);
}

static GtkEditable *
make_field (AdwAlertDialog *dialog, const TlQuestion *question)
{
  GtkWidget *row = question->is_secret ? adw_password_entry_row_new () : adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (question->title));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  g_signal_connect_object (row, "changed", G_CALLBACK (typed), dialog, G_CONNECT_SWAPPED);
  return GTK_EDITABLE (row);
}

AdwAlertDialog *
tl_ask_dialog_new (const char *heading, const char *body, const char *yes,
                   const TlQuestion *questions)
{
  AdwAlertDialog *self = ADW_ALERT_DIALOG (adw_alert_dialog_new (heading, body));
  GtkWidget *list = gtk_list_box_new ();
  Fields *fields = g_new0 (Fields, 1);

  fields->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  g_object_set_data_full (G_OBJECT (self), "fields", fields, g_free);
  adw_alert_dialog_add_responses (self, "cancel", _ ("_Cancel"), "yes", yes, NULL);
  adw_alert_dialog_set_response_appearance (self, "yes", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (self, "yes");
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  for (guint i = 0; i < MOST && questions[i].title; i++) {
    fields->fields[i] = make_field (self, &questions[i]);
    gtk_list_box_append (GTK_LIST_BOX (list), GTK_WIDGET (fields->fields[i]));
  }
  gtk_box_append (GTK_BOX (fields->box), list);
  adw_alert_dialog_set_extra_child (self, fields->box);
  adw_dialog_set_focus (ADW_DIALOG (self), GTK_WIDGET (fields->fields[0]));
  typed (self);
  return self;
}

const char *
tl_ask_dialog_answer (AdwAlertDialog *self, guint i)
{
  return gtk_editable_get_text (fields_of (self)->fields[i]);
}

void
tl_ask_dialog_show (AdwAlertDialog *self, GtkWidget *widget)
{
  gtk_box_prepend (GTK_BOX (fields_of (self)->box), widget);
}
