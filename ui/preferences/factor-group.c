/* factor-group.c: a row that says whether there is a second step, and a button that begins or ends it. Setting it up is
 * a walk through dialogs: the password, the key with a code of it, the recovery codes, which are told this once. What is
 * asked keeps the group alive. Main thread. */
#include "ui/preferences/factor-group.h"

#include "sync/remote-people.h"
#include "ui/ask-dialog.h"

#include <glib/gi18n-lib.h>

typedef struct {
  TlRemote *remote;
  AdwPreferencesGroup *group;
  AdwActionRow *row;
  GtkWidget *button;
  char *secret; /* while it is being set up */
  char *uri;
  gboolean is_on;
  gboolean is_asked;
} Group;

static void
group_free (gpointer data)
{
  Group *self = data;

  g_object_unref (self->remote);
  g_free (self->secret);
  g_free (self->uri);
  g_free (self);
}

static Group *
group_of (gpointer widget)
{
  return g_object_get_data (G_OBJECT (widget), "group");
}

static void
await (Group *self, DexFuture *future, DexFutureCallback answered)
{
  dex_future_disown (
      dex_future_finally (future, answered, g_object_ref (self->group), g_object_unref));
}

static void
say (Group *self, const char *sentence)
{
  adw_preferences_group_set_description (self->group, sentence);
}

/* --- how it is ---------------------------------------------------------------------------------- */

static DexFuture *
told (DexFuture *future, gpointer data)
{
  Group *self = group_of (data);
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  JsonObject *state = value ? g_value_get_boxed (value) : NULL;
  g_autofree char *left = NULL;
  int codes;

  gtk_widget_set_sensitive (self->button, state != NULL);
  if (!state) {
    adw_action_row_set_subtitle (self->row, error->message);
    return NULL;
  }
  self->is_on = json_object_get_boolean_member (state, "isOn");
  codes = (int)json_object_get_int_member_with_default (state, "recoveryCodes", 0);
  left = g_strdup_printf (
      ngettext ("On. %d recovery code is left", "On. %d recovery codes are left", codes), codes);
  adw_action_row_set_subtitle (self->row,
                               self->is_on ? left : _ ("Off. The password alone signs you in"));
  gtk_button_set_label (GTK_BUTTON (self->button), self->is_on ? _ ("Turn Off…") : _ ("Set Up…"));
  return NULL;
}

static void
look (Group *self)
{
  await (self, tl_remote_factor (self->remote), told);
}

static void
shown (AdwPreferencesGroup *widget)
{
  Group *self = group_of (widget);

  if (!self->is_asked)
    look (self);
  self->is_asked = TRUE;
}

/* --- recovery codes ----------------------------------------------------------------------------- */

static void
file_chosen (GObject *files, GAsyncResult *result, gpointer data)
{
  g_autofree char *codes = data;
  g_autoptr (GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (files), result, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (codes, strlen (codes));

  if (file)
    g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL,
                                         NULL, NULL);
}

static void
keep_codes (AdwAlertDialog *dialog, const char *response, AdwPreferencesGroup *group)
{
  const char *codes = g_object_get_data (G_OBJECT (dialog), "codes");
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (group));
  g_autoptr (GtkFileDialog) files = NULL;

  if (g_str_equal (response, "copy")) {
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (group)), codes);
  } else if (g_str_equal (response, "save")) {
    files = gtk_file_dialog_new ();
    gtk_file_dialog_set_initial_name (files, "tideline-recovery-codes.txt");
    gtk_file_dialog_save (files, root ? GTK_WINDOW (root) : NULL, NULL, file_chosen,
                          g_strdup (codes));
  }
}

static GtkWidget *
make_code (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_CHAR);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (label, "monospace");
  return label;
}

static void
show_codes (Group *self, JsonArray *list)
{
  AdwDialog *dialog =
      adw_alert_dialog_new (_ ("Your Recovery Codes"),
                            _ ("Each of them signs you in once when your telephone is gone. Keep "
                               "them where others do not look: they are not shown again."));
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);
  GString *codes = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (list); i++) {
    JsonNode *code = json_array_get_element (list, i);

    if (json_node_get_value_type (code) == G_TYPE_STRING)
      g_string_append_printf (codes, "%s%s", codes->len ? "\n" : "", json_node_get_string (code));
  }
  adw_alert_dialog_set_extra_child (alert, make_code (codes->str));
  g_object_set_data_full (G_OBJECT (dialog), "codes", g_string_free_and_steal (codes), g_free);
  adw_alert_dialog_add_responses (alert, "copy", _ ("_Copy"), "save", _ ("_Save…"), "close",
                                  _ ("I _Have Them"), NULL);
  adw_alert_dialog_set_close_response (alert, "close");
  g_signal_connect_object (dialog, "response", G_CALLBACK (keep_codes), self->group, 0);
  adw_dialog_present (dialog, GTK_WIDGET (self->group));
}

/* --- setting it up ------------------------------------------------------------------------------ */

static void ask_first_code (Group *self, const char *trouble);

static DexFuture *
confirmed (DexFuture *future, gpointer data)
{
  Group *self = group_of (data);
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (!value) {
    ask_first_code (self, error->message);
    return NULL;
  }
  g_clear_pointer (&self->secret, g_free);
  g_clear_pointer (&self->uri, g_free);
  show_codes (self, json_object_get_array_member (g_value_get_boxed (value), "recoveryCodes"));
  look (self);
  return NULL;
}

static void
first_code_given (AdwAlertDialog *dialog, const char *response, AdwPreferencesGroup *group)
{
  Group *self = group_of (group);

  await (self, tl_remote_confirm_factor (self->remote, tl_ask_dialog_answer (dialog, 0)),
         confirmed);
}

/* In groups of four, as it is typed where nothing can be scanned. */
static char *
spaced (const char *secret)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; secret[i]; i++) {
    if (i && i % 4 == 0)
      g_string_append_c (text, ' ');
    g_string_append_c (text, secret[i]);
  }
  return g_string_free_and_steal (text);
}

static void
ask_first_code (Group *self, const char *trouble)
{
  static const TlQuestion questions[] = { { N_ ("Code"), FALSE }, { NULL } };
  AdwAlertDialog *dialog = tl_ask_dialog_new (
      _ ("Set Up the Second Step"),
      trouble ? trouble
              : _ ("Give this key to an authenticator app, and enter the code that it shows."),
      _ ("_Turn On"), questions);
  g_autofree char *key = spaced (self->secret);

  tl_ask_dialog_show (dialog,
                      gtk_link_button_new_with_label (self->uri, _ ("Open Authenticator App")));
  tl_ask_dialog_show (dialog, make_code (key));
  g_signal_connect_object (dialog, "response::yes", G_CALLBACK (first_code_given), self->group, 0);
  adw_dialog_present (ADW_DIALOG (dialog), GTK_WIDGET (self->group));
}

static DexFuture *
begun (DexFuture *future, gpointer data)
{
  Group *self = group_of (data);
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  JsonObject *key = value ? g_value_get_boxed (value) : NULL;

  say (self, error ? error->message : NULL);
  if (!key)
    return NULL;
  g_set_str (&self->secret, json_object_get_string_member (key, "secret"));
  g_set_str (&self->uri, json_object_get_string_member_with_default (key, "uri", ""));
  ask_first_code (self, NULL);
  return NULL;
}

static void
password_given (AdwAlertDialog *dialog, const char *response, AdwPreferencesGroup *group)
{
  Group *self = group_of (group);

  await (self, tl_remote_begin_factor (self->remote, tl_ask_dialog_answer (dialog, 0)), begun);
}

/* --- turning it off ----------------------------------------------------------------------------- */

static DexFuture *
ended (DexFuture *future, gpointer data)
{
  Group *self = group_of (data);
  g_autoptr (GError) error = NULL;

  dex_future_get_value (future, &error);
  say (self, error ? error->message : NULL);
  look (self);
  return NULL;
}

static void
end_confirmed (AdwAlertDialog *dialog, const char *response, AdwPreferencesGroup *group)
{
  Group *self = group_of (group);

  await (self,
         tl_remote_end_factor (self->remote, tl_ask_dialog_answer (dialog, 0),
                               tl_ask_dialog_answer (dialog, 1)),
         ended);
}

static void
clicked (AdwPreferencesGroup *group)
{
  static const TlQuestion questions[] = { { N_ ("Password"), TRUE },
                                          { N_ ("Code"), FALSE },
                                          { NULL } };
  static const TlQuestion password[] = { { N_ ("Password"), TRUE }, { NULL } };
  Group *self = group_of (group);
  AdwAlertDialog *dialog =
      self->is_on
          ? tl_ask_dialog_new (_ ("Turn Off the Second Step?"),
                               _ ("After this the password alone signs you in."), _ ("_Turn Off"),
                               questions)
          : tl_ask_dialog_new (_ ("Set Up the Second Step"),
                               _ ("Who signs in as you will need a code from your telephone, too."),
                               _ ("_Continue"), password);

  if (self->is_on)
    adw_alert_dialog_set_response_appearance (dialog, "yes", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response::yes",
                           self->is_on ? G_CALLBACK (end_confirmed) : G_CALLBACK (password_given),
                           group, 0);
  adw_dialog_present (ADW_DIALOG (dialog), GTK_WIDGET (group));
}

AdwPreferencesGroup *
tl_factor_group_new (TlRemote *remote)
{
  Group *self = g_new0 (Group, 1);

  self->remote = g_object_ref (remote);
  self->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  self->row = ADW_ACTION_ROW (adw_action_row_new ());
  self->button = gtk_button_new_with_label (_ ("Set Up…"));
  adw_preferences_group_set_title (self->group, _ ("Second Step"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->row), _ ("Codes From an App"));
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_set_sensitive (self->button, FALSE);
  adw_action_row_add_suffix (self->row, self->button);
  adw_preferences_group_add (self->group, GTK_WIDGET (self->row));
  g_object_set_data_full (G_OBJECT (self->group), "group", self, group_free);
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (clicked), self->group,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self->group, "map", G_CALLBACK (shown), NULL);
  return self->group;
}
