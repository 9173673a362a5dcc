/* application.c: opens the last account's replica and shows it at once, or asks who one is. Main thread.
 *
 * The password of a demo comes from a file that TIDELINE_DEMO_PASSWORD_FILE names, never from arguments. */
#include "app/application.h"

#include "app/alarms.h"
#include "app/notices.h"
#include "app/notifier.h"
#include "app/session.h"
#include "app/state.h"
#include "sync/invitation.h"
#include "ui/window.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

struct _TlApplication {
  AdwApplication parent;
  char *server, *login; /* --server, --login */
  TlSecrets *secrets;
  TlWindow *window;
  TlSession *session;
  TlNotifier *notifier;
  TlNotices *notices;
  TlAlarms *alarms;
};

G_DEFINE_FINAL_TYPE (TlApplication, tl_application, ADW_TYPE_APPLICATION)

#define DEMO_PASSWORD_FILE "TIDELINE_DEMO_PASSWORD_FILE"

static const char *const session_actions[] = {
  "open-section", "open-article",   "open-room",     "open-first-article", "open-first-room",
  "show-sidebar", "mark-room-read", "open-post",     "open-person",        "compose",
  "open-event",   "new-event",      "calendar-view", "calendar-date",      "show-search",
  "snooze-event", "dismiss-event",  "show-outbox",   "sign-out",           "open-message",
  "preferences",  "leave",
};

static TlSignIn *show_sign_in (TlApplication *self, const char *server, const char *login);

/* --- the session -------------------------------------------------------------------------------- */

static void
enable_session_actions (TlApplication *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (session_actions); i++) {
    GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), session_actions[i]);

    g_simple_action_set_enabled (G_SIMPLE_ACTION (action), self->session != NULL);
  }
}

static void
update_looked_at (TlApplication *self)
{
  TlMainView *view = tl_window_main_view (self->window);
  gboolean is_active = gtk_window_is_active (GTK_WINDOW (self->window));

  if (self->notifier)
    tl_notifier_set_looked_at (self->notifier, view && is_active ? tl_main_view_room (view) : 0);
}

static void
ask_to_sign_in (gpointer data)
{
  g_action_group_activate_action (G_ACTION_GROUP (data), "sign-in", NULL);
}

/* Without a keyring the demo is not asked for its password at every start. */
static void
sync_state_changed (TlApplication *self)
{
  if (g_getenv (DEMO_PASSWORD_FILE) && tl_engine_state (self->session->engine) == TL_SYNC_SIGN_IN)
    g_idle_add_once (ask_to_sign_in, self);
}

static void
show_session (TlApplication *self)
{
  TlMainView *view = tl_window_show_session (self->window, self->session);

  self->notifier =
      tl_notifier_new (G_APPLICATION (self), self->session->replica, self->session->engine,
                       self->session->preferences, self->session->account->key);
  self->notices =
      tl_notices_new (G_APPLICATION (self), self->session->replica, self->session->engine,
                      self->session->preferences, self->session->account->key);
  self->alarms =
      tl_alarms_new (G_APPLICATION (self), self->session->replica, self->session->preferences);
  g_signal_connect_object (view, "notify::room", G_CALLBACK (update_looked_at), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session->engine, "notify::state", G_CALLBACK (sync_state_changed),
                           self, G_CONNECT_SWAPPED);
  enable_session_actions (self);
  tl_state_restore_view (view);
}

/* The window must show something else by now. Resolves when it is closed. */
static TlSession *
take_session (TlApplication *self)
{
  g_clear_pointer (&self->alarms, tl_alarms_free);
  g_clear_pointer (&self->notices, tl_notices_free);
  g_clear_pointer (&self->notifier, tl_notifier_free);
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session->engine, self);
  return g_steal_pointer (&self->session);
}

static void
open_account (TlApplication *self, const TlAccount *account, TlRemote *remote)
{
  g_autoptr (GError) error = NULL;

  self->session = tl_session_open (account, remote, self->secrets, &error);
  if (self->session) {
    show_session (self);
    return;
  }
  show_sign_in (self, account->server, account->login);
  tl_window_toast (self->window, error->message);
}

static void
signed_in (TlApplication *self, TlRemote *remote, JsonObject *person, const char *server)
{
  const char *id = json_object_get_string_member_with_default (person, "accountId", "");
  const char *login = json_object_get_string_member_with_default (person, "login", "");
  const char *name = json_object_get_string_member_with_default (person, "name", login);
  g_autoptr (GError) error = NULL;
  g_autoptr (TlAccount) account = NULL;
  gint64 key;

  if (!tl_id_parse (id, &key)) {
    tl_window_toast (self->window, _ ("The server's answer names no account"));
    return;
  }
  account = tl_account_save (server, login, name, key, &error);
  if (account == NULL)
    tl_window_toast (self->window, error->message);
  else
    open_account (self, account, remote);
}

static TlSignIn *
show_sign_in (TlApplication *self, const char *server, const char *login)
{
  TlSignIn *sign_in = tl_window_show_sign_in (self->window, self->secrets);
  const char *file = g_getenv (DEMO_PASSWORD_FILE);
  g_autofree char *password = NULL;

  g_signal_connect_object (sign_in, "signed-in", G_CALLBACK (signed_in), self, G_CONNECT_SWAPPED);
  tl_sign_in_prefill (sign_in, server, login);
  gtk_widget_grab_focus (GTK_WIDGET (sign_in));
  enable_session_actions (self);
  if (server && login && file && g_file_get_contents (file, &password, NULL, NULL))
    tl_sign_in_submit (sign_in, g_strchomp (password));
  return sign_in;
}

/* --- actions ------------------------------------------------------------------------------------ */

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

static void
sign_in_again (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TlApplication *self = data;
  TlSession *session = take_session (self);
  g_autoptr (TlAccount) account = session ? tl_account_copy (session->account) : NULL;

  show_sign_in (self, account ? account->server : self->server,
                account ? account->login : self->login);
  if (session)
    dex_future_disown (tl_session_close (session));
}

static void
sign_out_now (TlApplication *self)
{
  TlSession *session = take_session (self);

  show_sign_in (self, session->account->server, NULL);
  dex_future_disown (tl_session_sign_out (session));
}

static void
sign_out (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  TlApplication *self = data;
  AdwDialog *dialog = adw_alert_dialog_new (_ ("Sign Out?"), NULL);
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);
  guint waiting = 0, refused = 0;

  g_object_get (self->session->engine, "waiting", &waiting, "refused", &refused, NULL);
  if (waiting + refused > 0)
    adw_alert_dialog_format_body (
        alert,
        ngettext (
            "%u change has not left yet and would be lost. The copy on this computer is removed.",
            "%u changes have not left yet and would be lost. The copy on this computer is "
            "removed.",
            waiting + refused),
        waiting + refused);
  else
    adw_alert_dialog_set_body (
        alert, _ ("The copy on this computer is removed; everything stays on the server."));
  adw_alert_dialog_add_responses (alert, "cancel", _ ("_Cancel"), "sign-out", _ ("_Sign Out"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (alert, "sign-out", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response::sign-out", G_CALLBACK (sign_out_now), self,
                           G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self->window));
}

/* The account is no more. */
static void
leave (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  sign_out_now (data);
}

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

/* --- running ------------------------------------------------------------------------------------ */

static gboolean
close_requested (TlApplication *self)
{
  tl_state_save (self->window);
  return FALSE;
}

static void
make_window (TlApplication *self)
{
  g_autoptr (GPtrArray) accounts = tl_accounts_list ();

  self->window = tl_window_new (GTK_APPLICATION (self));
  g_object_add_weak_pointer (G_OBJECT (self->window), (gpointer *)&self->window);
  g_signal_connect_object (self->window, "close-request", G_CALLBACK (close_requested), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->window, "notify::is-active", G_CALLBACK (update_looked_at), self,
                           G_CONNECT_SWAPPED);
  tl_state_restore_window (GTK_WINDOW (self->window));
  if (accounts->len > 0)
    open_account (self, accounts->pdata[0], NULL);
  else
    show_sign_in (self, self->server, self->login);
}

static void
tl_application_activate (GApplication *application)
{
  TlApplication *self = TL_APPLICATION (application);

  if (self->window == NULL)
    make_window (self);
  gtk_window_present (GTK_WINDOW (self->window));
}

/* Who is invited, and not signed in. */
static void
join_by (TlApplication *self, const char *link)
{
  TlSignIn *sign_in;

  if (self->session) {
    tl_window_toast (self->window, _ ("To join by an invitation, sign out first"));
    return;
  }
  sign_in = show_sign_in (self, NULL, NULL);
  tl_sign_in_join (sign_in, link);
}

/* A calendar's file or an invitation, from the desktop. */
static void
tl_application_open (GApplication *application, GFile **files, int n, const char *hint)
{
  TlApplication *self = TL_APPLICATION (application);
  g_autofree char *uri = g_file_get_uri (files[0]);
  g_autoptr (TlInvited) invited = tl_invited_parse (uri);

  g_application_activate (application);
  if (invited)
    join_by (self, uri);
  else if (self->session)
    tl_main_view_import_calendar (view_of (self), files[0]);
  else
    tl_window_toast (self->window, _ ("Please sign in first"));
}

/* The desktop's session ends, or Ctrl+C: a replica that is closed well need not be checked next time. */
static gboolean
told_to_end (gpointer data)
{
  TlApplication *self = data;

  if (self->window)
    tl_state_save (self->window);
  g_application_quit (G_APPLICATION (self));
  return G_SOURCE_CONTINUE;
}

static void
keyring_changed (TlApplication *self)
{
  AdwToast *toast;

  if (self->window == NULL || tl_secrets_is_persistent (self->secrets))
    return;
  toast = adw_toast_new (_ ("There is no keyring here: the next start asks for the password"));
  adw_toast_set_timeout (toast, 0);
  tl_window_add_toast (self->window, toast);
}

static void
tl_application_startup (GApplication *application)
{
  static const int signals[] = { SIGTERM, SIGINT, SIGHUP };
  TlApplication *self = TL_APPLICATION (application);

  G_APPLICATION_CLASS (tl_application_parent_class)->startup (application);
  gtk_window_set_default_icon_name ("org.tideline.Tideline");
  if (g_strcmp0 (g_getenv ("TIDELINE_NO_ANIMATIONS"), "1") == 0)
    g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  /* What is read is not marked because the focus comes by. */
  g_object_set (gtk_settings_get_default (), "gtk-label-select-on-focus", FALSE, NULL);
  if (g_strcmp0 (g_getenv ("TIDELINE_DIRECTION"), "rtl") == 0)
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), keys[i].action,
                                           (const char *const *)keys[i].keys);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_unix_signal_add (signals[i], told_to_end, self);
  self->secrets = tl_secrets_new ();
  g_signal_connect_object (self->secrets, "notify::persistent", G_CALLBACK (keyring_changed), self,
                           G_CONNECT_SWAPPED);
}

static int
tl_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  TlApplication *self = TL_APPLICATION (application);

  g_variant_dict_lookup (options, "server", "s", &self->server);
  g_variant_dict_lookup (options, "login", "s", &self->login);
  return -1;
}

/* Everything is on disk at any time; the loop needs no goodbye. */
static void
tl_application_shutdown (GApplication *application)
{
  TlApplication *self = TL_APPLICATION (application);
  TlSession *session = take_session (self);

  if (self->window)
    gtk_window_destroy (GTK_WINDOW (self->window));
  if (session) {
    g_autoptr (DexFuture) closed = tl_session_close (session);
    gint64 until = g_get_monotonic_time () + 2 * G_USEC_PER_SEC;

    while (dex_future_is_pending (closed) && g_get_monotonic_time () < until)
      g_main_context_iteration (NULL, FALSE);
  }
  G_APPLICATION_CLASS (tl_application_parent_class)->shutdown (application);
}

static void
tl_application_finalize (GObject *object)
{
  TlApplication *self = TL_APPLICATION (object);

  g_clear_object (&self->secrets);
  g_free (self->server);
  g_free (self->login);
  G_OBJECT_CLASS (tl_application_parent_class)->finalize (object);
}

static void
tl_application_class_init (TlApplicationClass *class)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = tl_application_finalize;
  application_class->startup = tl_application_startup;
  application_class->activate = tl_application_activate;
  application_class->open = tl_application_open;
  application_class->shutdown = tl_application_shutdown;
  application_class->handle_local_options = tl_application_handle_local_options;
}

static void
tl_application_init (TlApplication *self)
{
  static const GOptionEntry options[] = {
    { "server", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("The server to sign in to"), N_ ("ADDRESS") },
    { "login", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Who signs in"), N_ ("NAME") },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

TlApplication *
tl_application_new (void)
{
  return g_object_new (TL_TYPE_APPLICATION, "application-id", "org.tideline.Tideline",
                       "resource-base-path", "/org/tideline/Tideline", "flags",
                       G_APPLICATION_HANDLES_OPEN, NULL);
}
