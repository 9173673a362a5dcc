/* forgotten-dialog.c: the server says the same whether it knows the address or not, and so do we. The dialog stays until
 * it has been answered. Main thread. */
#include "ui/forgotten-dialog.h"

#include "sync/remote-people.h"

#include <glib/gi18n-lib.h>

typedef struct {
  TlRemote *remote;
  GtkWidget *parent;
  GtkEditable *address;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *self = data;

  g_object_unref (self->remote);
  g_object_unref (self->parent);
  g_free (self);
}

static void
tell (GtkWidget *parent, const char *heading, const char *body)
{
  AdwDialog *dialog = adw_alert_dialog_new (heading, body);

  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "close", _ ("_Close"));
  adw_dialog_present (dialog, parent);
}

static DexFuture *
answered (DexFuture *future, gpointer parent)
{
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error))
    tell (
        parent, _ ("Look Into Your Letters"),
        _ ("If somebody on this server has that address, a letter with a link is on its way. It is "
           "good for half an hour."));
  else
    tell (parent, _ ("No Letter Was Sent"), error->message);
  return NULL;
}

static void
responded (AdwAlertDialog *dialog, const char *response, Asking *self)
{
  g_autofree char *address = g_strstrip (g_strdup (gtk_editable_get_text (self->address)));

  if (g_str_equal (response, "send"))
    dex_future_disown (dex_future_finally (tl_remote_forgotten (self->remote, address), answered,
                                           g_object_ref (self->parent), g_object_unref));
}

static void
typed (GtkEditable *address, AdwAlertDialog *dialog)
{
  adw_alert_dialog_set_response_enabled (dialog, "send",
                                         strchr (gtk_editable_get_text (address), '@') != NULL);
}

void
tl_forgotten_dialog_present (TlRemote *remote, GtkWidget *parent)
{
  AdwDialog *dialog = adw_alert_dialog_new (
      _ ("Forgot Your Password?"), _ ("A link by which you choose another one goes to the address "
                                      "of your account."));
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);
  GtkWidget *list = gtk_list_box_new (), *row = adw_entry_row_new ();
  Asking *self = g_new (Asking, 1);

  *self = (Asking){ g_object_ref (remote), g_object_ref (parent), GTK_EDITABLE (row) };
  g_object_set_data_full (G_OBJECT (dialog), "asking", self, asking_free);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("E-Mail Address"));
  adw_entry_row_set_input_purpose (ADW_ENTRY_ROW (row), GTK_INPUT_PURPOSE_EMAIL);
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  adw_alert_dialog_set_extra_child (alert, list);
  adw_alert_dialog_add_responses (alert, "cancel", _ ("_Cancel"), "send", _ ("_Send a Link"), NULL);
  adw_alert_dialog_set_response_appearance (alert, "send", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (alert, "send");
  g_signal_connect (row, "changed", G_CALLBACK (typed), dialog);
  g_signal_connect (dialog, "response", G_CALLBACK (responded), self);
  typed (GTK_EDITABLE (row), alert);
  adw_dialog_present (dialog, parent);
}
