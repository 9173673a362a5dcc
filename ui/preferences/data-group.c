/* data-group.c: two buttons that ask for the password first. The server makes the archive while one waits; then it is
 * asked where to put it. How it goes is said above the buttons. What is asked keeps the group alive. Main thread. */
#include "ui/preferences/data-group.h"

#include "sync/remote-people.h"
#include "sync/remote-save.h"

#include <glib/gi18n-lib.h>

typedef struct {
  TlRemote *remote;
  AdwPreferencesGroup *group;
  char *blob; /* the archive that is to be saved */
  gboolean is_busy;
} Group;

static void
group_free (gpointer data)
{
  Group *self = data;

  g_object_unref (self->remote);
  g_free (self->blob);
  g_free (self);
}

static Group *
group_of (gpointer widget)
{
  return g_object_get_data (G_OBJECT (widget), "group");
}

static void
say (Group *self, const char *sentence)
{
  adw_preferences_group_set_description (self->group, sentence);
}

/* --- asking for the password -------------------------------------------------------------------- */

/* `yes` runs with the group when there is a password in the dialog's entry. */
static void
ask (Group *self, const char *heading, const char *body, const char *words, gboolean is_final,
     GCallback yes)
{
  AdwDialog *dialog = adw_alert_dialog_new (heading, body);
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);
  GtkWidget *list = gtk_list_box_new (), *entry = adw_password_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), _ ("Password"));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (entry), !is_final);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), entry);
  adw_alert_dialog_set_extra_child (alert, list);
  adw_alert_dialog_add_responses (alert, "cancel", _ ("_Cancel"), "yes", words, NULL);
  adw_alert_dialog_set_response_appearance (
      alert, "yes", is_final ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  if (!is_final)
    adw_alert_dialog_set_default_response (alert, "yes");
  g_object_set_data (G_OBJECT (dialog), "entry", entry);
  adw_dialog_set_focus (dialog, entry);
  g_signal_connect_object (dialog, "response::yes", yes, self->group, 0);
  adw_dialog_present (dialog, GTK_WIDGET (self->group));
}

static const char *
password_in (AdwDialog *dialog)
{
  return gtk_editable_get_text (g_object_get_data (G_OBJECT (dialog), "entry"));
}

/* --- one's data --------------------------------------------------------------------------------- */

static DexFuture *
saved (DexFuture *future, gpointer data)
{
  Group *self = group_of (data);
  g_autoptr (GError) error = NULL;

  self->is_busy = FALSE;
  say (self, dex_future_get_value (future, &error) ? _ ("Your data is saved.") : error->message);
  return NULL;
}

static void
chosen (GObject *files, GAsyncResult *result, gpointer data)
{
  g_autoptr (AdwPreferencesGroup) group = data;
  Group *self = group_of (group);
  g_autoptr (GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (files), result, NULL);

  if (!file) {
    self->is_busy = FALSE;
    say (self, NULL);
    return;
  }
  dex_future_disown (dex_future_finally (tl_remote_save (self->remote, self->blob, file), saved,
                                         g_object_ref (group), g_object_unref));
}

static DexFuture *
made (DexFuture *future, gpointer data)
{
  Group *self = group_of (data);
  g_autoptr (GtkFileDialog) files = gtk_file_dialog_new ();
  g_autoptr (GError) error = NULL;
  const GValue *blob = dex_future_get_value (future, &error);
  GtkRoot *root = gtk_widget_get_root (data);

  if (!blob) {
    self->is_busy = FALSE;
    say (self, error->message);
    return NULL;
  }
  g_set_str (&self->blob, g_value_get_string (blob));
  say (self, _ ("Your data is ready."));
  gtk_file_dialog_set_initial_name (files, "tideline.zip");
  gtk_file_dialog_save (files, root ? GTK_WINDOW (root) : NULL, NULL, chosen, g_object_ref (data));
  return NULL;
}

static void
download (AdwDialog *dialog, const char *response, AdwPreferencesGroup *group)
{
  Group *self = group_of (group);

  self->is_busy = TRUE;
  say (self, _ ("Your data is collected. This may take a while."));
  dex_future_disown (dex_future_finally (tl_remote_export (self->remote, password_in (dialog)),
                                         made, g_object_ref (group), g_object_unref));
}

static void
download_clicked (AdwPreferencesGroup *group)
{
  Group *self = group_of (group);

  if (!self->is_busy)
    ask (self, _ ("Download Your Data?"),
         _ ("Everything that you wrote and keep on this server, with your files, as one archive."),
         _ ("_Download"), FALSE, G_CALLBACK (download));
}

/* --- the end ------------------------------------------------------------------------------------ */

static DexFuture *
deleted (DexFuture *future, gpointer data)
{
  Group *self = group_of (data);
  g_autoptr (GError) error = NULL;
  GtkWidget *dialog;

  self->is_busy = FALSE;
  if (!dex_future_get_value (future, &error)) {
    say (self, error->message);
    return NULL;
  }
  dialog = gtk_widget_get_ancestor (data, ADW_TYPE_DIALOG);
  if (dialog)
    adw_dialog_force_close (ADW_DIALOG (dialog));
  g_action_group_activate_action (G_ACTION_GROUP (g_application_get_default ()), "leave", NULL);
  return NULL;
}

static void
delete_now (AdwDialog *dialog, const char *response, AdwPreferencesGroup *group)
{
  Group *self = group_of (group);

  self->is_busy = TRUE;
  dex_future_disown (
      dex_future_finally (tl_remote_delete_account (self->remote, password_in (dialog)), deleted,
                          g_object_ref (group), g_object_unref));
}

static void
delete_clicked (AdwPreferencesGroup *group)
{
  Group *self = group_of (group);

  if (!self->is_busy)
    ask (
        self, _ ("Delete Your Account?"),
        _ ("Your posts, messages and files go, for everybody, as does all that you keep here. This "
           "cannot be undone."),
        _ ("_Delete Everything"), TRUE, G_CALLBACK (delete_now));
}

static void
add_button (Group *self, const char *title, const char *subtitle, const char *label,
            const char *style, GCallback clicked)
{
  GtkWidget *row = adw_action_row_new (), *button = gtk_button_new_with_label (label);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  if (style)
    gtk_widget_add_css_class (button, style);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  g_signal_connect_object (button, "clicked", clicked, self->group, G_CONNECT_SWAPPED);
  adw_preferences_group_add (self->group, row);
}

AdwPreferencesGroup *
tl_data_group_new (TlRemote *remote)
{
  Group *self = g_new0 (Group, 1);

  self->remote = g_object_ref (remote);
  self->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_preferences_group_set_title (self->group, _ ("Your Data"));
  g_object_set_data_full (G_OBJECT (self->group), "group", self, group_free);
  add_button (self, _ ("A Copy of Everything"), _ ("What you wrote and keep, as an archive"),
              _ ("Download My Data…"), NULL, G_CALLBACK (download_clicked));
  add_button (self, _ ("The End"), _ ("What you wrote goes, for everybody"), _ ("Delete Account…"),
              "destructive-action", G_CALLBACK (delete_clicked));
  return self->group;
}
