/* actions.c: what menus, keys, notifications and other programs may ask of the application. Main thread. */
#include "app/application-private.h"

#include "app/state.h"

#include <glib/gi18n.h>

/* Without somebody there is nothing to do them with. */
static const char *const session_actions[] = {
  "open-section", "open-article",   "open-room",     "open-first-article", "open-first-room",
  "show-sidebar", "mark-room-read", "open-post",     "open-person",        "compose",
  "open-event",   "new-event",      "calendar-view", "calendar-date",      "show-search",
  "snooze-event", "dismiss-event",  "show-outbox",   "sign-out",           "open-message",
  "preferences",  "leave",
};

static TlMainView *
view_of (TlApplication *self)
{
  g_application_activate (G_APPLICATION (self));
  return tl_window_main_view (self->window);
}

static void
open_section (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TlPlaceKind kind;

  if (tl_place_parse (g_variant_get_string (parameter, NULL), &kind))
    tl_main_view_open_place (view_of (data), kind);
}

static void
open_article (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  tl_main_view_open_article (view_of (data), g_variant_get_int64 (parameter));
}

static void
open_first_article (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  tl_main_view_open_first_article (view_of (data));
}

static void
open_first_room (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  tl_main_view_open_first_room (view_of (data));
}

static void
open_post (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  tl_main_view_open_post (view_of (data), g_variant_get_int64 (parameter));
}

static void
open_person (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  tl_main_view_open_person (view_of (data), g_variant_get_int64 (parameter));
}

static void
compose (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  tl_main_view_compose (view_of (data));
}

static void
show_sidebar (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  tl_main_view_show_sidebar (view_of (data));
}

static void
open_room (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  tl_main_view_open_room (view_of (data), g_variant_get_int64 (parameter), 0);
}

static void
open_message (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gint64 room, message;

  g_variant_get (parameter, "(xx)", &room, &message);
  tl_main_view_open_room (view_of (data), room, message);
}

static void
mark_room_read (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  tl_notifier_mark_read (TL_APPLICATION (data)->notifier, g_variant_get_int64 (parameter));
}

static void
show_search (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  tl_main_view_show_search (view_of (data), g_variant_get_string (parameter, NULL));
}

static void
show_outbox (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  tl_main_view_show_outbox (view_of (data));
}

/* --- accounts ----------------------------------------------------------------------------------- */

static gboolean
is_shown (TlApplication *self, const char *id)
{
  g_autofree char *shown = self->session ? tl_account_id (self->session->account) : NULL;

  return g_strcmp0 (shown, id) == 0;
}

static void
sign_in_again (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TlApplication *self = data;
  TlSession *session = tl_application_take_session (self);
  g_autoptr (TlAccount) account = session ? tl_account_copy (session->account) : NULL;

  tl_application_show_sign_in (self, account ? account->server : self->server,
                               account ? account->login : self->login);
  if (session)
    dex_future_disown (tl_session_close (session));
}

static void
switch_account (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TlApplication *self = data;
  g_autoptr (GPtrArray) accounts = tl_accounts_list ();
  const char *wanted = g_variant_get_string (parameter, NULL);

  for (guint i = 0; i < accounts->len; i++) {
    g_autofree char *id = tl_account_id (accounts->pdata[i]);

    if (g_str_equal (id, wanted) && !is_shown (self, id)) {
      TlSession *before = tl_application_take_session (self);

      tl_account_use (accounts->pdata[i], NULL);
      tl_application_open_account (self, accounts->pdata[i], NULL);
      if (before)
        dex_future_disown (tl_session_close (before));
      return;
    }
  }
}

static void
add_account (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TlApplication *self = data;
  TlSession *session = tl_application_take_session (self);

  tl_application_show_sign_in (self, NULL, NULL);
  if (session)
    dex_future_disown (tl_session_close (session));
}

/* --- signing out -------------------------------------------------------------------------------- */

static void
sign_out_now (TlApplication *self, gboolean removes)
{
  TlSession *session = tl_application_take_session (self);

  tl_account_put_away (session->account, NULL);
  tl_application_show_sign_in (self, session->account->server, NULL);
  dex_future_disown (tl_session_sign_out (session, removes));
}

static void
sign_out_agreed (TlApplication *self, const char *response, AdwAlertDialog *dialog)
{
  GtkWidget *removes = adw_alert_dialog_get_extra_child (dialog);

  sign_out_now (self, gtk_check_button_get_active (GTK_CHECK_BUTTON (removes)));
}

/* What would be lost with the copy, or that nothing is. */
static void
tell_of_copy (GtkCheckButton *removes, GParamSpec *spec, AdwAlertDialog *dialog)
{
  guint waiting = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (removes), "waiting"));

  if (!gtk_check_button_get_active (removes))
    adw_alert_dialog_set_body (
        dialog, _ ("The copy stays among your files here and is taken up again when you sign in; "
                   "what waits leaves then."));
  else if (waiting > 0)
    adw_alert_dialog_format_body (
        dialog,
        ngettext (
            "%u change has not left yet and would be lost. The copy on this computer is removed.",
            "%u changes have not left yet and would be lost. The copy on this computer is "
            "removed.",
            waiting),
        waiting);
  else
    adw_alert_dialog_set_body (
        dialog, _ ("The copy on this computer is removed; everything stays on the server."));
}

static void
sign_out (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TlApplication *self = data;
  AdwDialog *dialog = adw_alert_dialog_new (_ ("Sign Out?"), NULL);
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);
  GtkWidget *removes = gtk_check_button_new_with_mnemonic (_ ("_Remove the copy"));
  guint waiting = 0, refused = 0;

  g_object_get (self->session->engine, "waiting", &waiting, "refused", &refused, NULL);
  g_object_set_data (G_OBJECT (removes), "waiting", GUINT_TO_POINTER (waiting + refused));
  g_signal_connect_object (removes, "notify::active", G_CALLBACK (tell_of_copy), alert, 0);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (removes), TRUE);
  gtk_widget_set_halign (removes, GTK_ALIGN_CENTER);
  adw_alert_dialog_set_extra_child (alert, removes);
  adw_alert_dialog_add_responses (alert, "cancel", _ ("_Cancel"), "sign-out", _ ("_Sign Out"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (alert, "sign-out", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response::sign-out", G_CALLBACK (sign_out_agreed), self,
                           G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self->window));
}

/* The account is no more. */
static void
leave (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  sign_out_now (data, TRUE);
}

/* --- the application ---------------------------------------------------------------------------- */

static void
about (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TlApplication *self = data;

  adw_show_about_dialog (GTK_WIDGET (self->window), "application-name", "Tideline",
                         "application-icon", "org.tideline.Tideline", "version", TL_VERSION,
                         "comments", _ ("Your people and your news, also without a network"),
                         "developer-name", _ ("The Tideline project"), "license-type",
                         GTK_LICENSE_GPL_3_0, NULL);
}

static void
preferences (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  tl_main_view_show_preferences (view_of (data), g_variant_get_string (parameter, NULL));
}

/* A window that is closed with a dialog over it closes the dialog alone. FALSE: one of them asks first. */
static gboolean
close_dialogs (TlApplication *self)
{
  AdwDialog *dialog;

  while ((dialog = adw_application_window_get_visible_dialog (
              ADW_APPLICATION_WINDOW (self->window))) != NULL) {
    if (!adw_dialog_get_can_close (dialog))
      return adw_dialog_close (dialog);
    adw_dialog_force_close (dialog);
  }
  return TRUE;
}

static void
quit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TlApplication *self = data;

  if (self->window && close_dialogs (self))
    gtk_window_close (GTK_WINDOW (self->window));
}

static void
open_event (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  tl_main_view_open_event (view_of (data), g_variant_get_int64 (parameter));
}

static void
snooze_event (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  tl_alarms_snooze (TL_APPLICATION (data)->alarms, g_variant_get_int64 (parameter));
}

static void
dismiss_event (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  tl_alarms_dismiss (TL_APPLICATION (data)->alarms, g_variant_get_int64 (parameter));
}

static void
new_event (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  tl_main_view_new_event (view_of (data));
}

static void
calendar_view (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  tl_main_view_show_calendar (view_of (data), g_variant_get_string (parameter, NULL), NULL);
}

static void
calendar_date (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  tl_main_view_show_calendar (view_of (data), NULL, g_variant_get_string (parameter, NULL));
}

static const GActionEntry actions[] = {
  { "open-section", open_section, "s" },
  { "open-article", open_article, "x" },
  { "open-first-article", open_first_article },
  { "open-room", open_room, "x" },
  { "open-message", open_message, "(xx)" },
  { "open-first-room", open_first_room },
  { "open-post", open_post, "x" },
  { "open-person", open_person, "x" },
  { "compose", compose },
  { "open-event", open_event, "x" },
  { "new-event", new_event },
  { "snooze-event", snooze_event, "x" },
  { "dismiss-event", dismiss_event, "x" },
  { "calendar-view", calendar_view, "s" },
  { "calendar-date", calendar_date, "s" },
  { "show-sidebar", show_sidebar },
  { "mark-room-read", mark_room_read, "x" },
  { "show-search", show_search, "s" },
  { "show-outbox", show_outbox },
  { "preferences", preferences, "s" },
  { "sign-in", sign_in_again },
  { "switch-account", switch_account, "s", "''" },
  { "add-account", add_account },
  { "sign-out", sign_out },
  { "leave", leave },
  { "about", about },
  { "quit", quit },
};

static const struct {
  const char *action, *keys[3];
} keys[] = {
  { "app.show-search::", { "<Control>k", "<Control>f" } },
  { "app.open-section::inbox", { "<Control>1" } },
  { "app.open-section::feed", { "<Control>2" } },
  { "app.open-section::news", { "<Control>3" } },
  { "app.open-section::calendar", { "<Control>4" } },
  { "app.open-section::chat", { "<Control>5" } },
  { "app.open-section::saved", { "<Control>6" } },
  { "app.preferences::", { "<Control>comma" } },
  { "app.quit", { "<Control>q" } },
  { "window.close", { "<Control>w" } },
};

/* --- setting up --------------------------------------------------------------------------------- */

void
tl_application_update_actions (TlApplication *self)
{
  GAction *accounts = g_action_map_lookup_action (G_ACTION_MAP (self), "switch-account");
  g_autofree char *shown = self->session ? tl_account_id (self->session->account) : NULL;

  g_simple_action_set_state (G_SIMPLE_ACTION (accounts), g_variant_new_string (shown ?: ""));
  for (guint i = 0; i < G_N_ELEMENTS (session_actions); i++) {
    GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), session_actions[i]);

    g_simple_action_set_enabled (G_SIMPLE_ACTION (action), self->session != NULL);
  }
}

void
tl_application_add_actions (TlApplication *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), keys[i].action,
                                           (const char *const *)keys[i].keys);
}
