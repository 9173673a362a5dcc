/* application.c: opens the last account's replica and shows it at once, or asks who one is. Main thread.
 *
 * The password of a demo comes from a file that TIDELINE_DEMO_PASSWORD_FILE names, never from arguments. */
#include "app/application-private.h"

#include "app/state.h"
#include "sync/invitation.h"
#include "ui/toast.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

G_DEFINE_FINAL_TYPE (TlApplication, tl_application, ADW_TYPE_APPLICATION)

#define DEMO_PASSWORD_FILE "TIDELINE_DEMO_PASSWORD_FILE"

/* --- the session -------------------------------------------------------------------------------- */

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
  tl_application_update_actions (self);
  tl_state_restore_view (view, self->session->account);
}

static void
save_state (TlApplication *self)
{
  if (self->window)
    tl_state_save (self->window, self->session ? self->session->account : NULL);
}

TlSession *
tl_application_take_session (TlApplication *self)
{
  save_state (self);
  g_clear_pointer (&self->alarms, tl_alarms_free);
  g_clear_pointer (&self->notices, tl_notices_free);
  g_clear_pointer (&self->notifier, tl_notifier_free);
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session->engine, self);
  return g_steal_pointer (&self->session);
}

void
tl_application_open_account (TlApplication *self, const TlAccount *account, TlRemote *remote)
{
  g_autoptr (GError) error = NULL;

  self->session = tl_session_open (account, remote, self->secrets, &error);
  if (self->session) {
    show_session (self);
    return;
  }
  tl_application_show_sign_in (self, account->server, account->login);
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
    tl_application_open_account (self, account, remote);
}

TlSignIn *
tl_application_show_sign_in (TlApplication *self, const char *server, const char *login)
{
  TlSignIn *sign_in = tl_window_show_sign_in (self->window, self->secrets);
  g_autoptr (GPtrArray) accounts = tl_accounts_list ();
  const char *file = g_getenv (DEMO_PASSWORD_FILE);
  g_autofree char *password = NULL;

  g_signal_connect_object (sign_in, "signed-in", G_CALLBACK (signed_in), self, G_CONNECT_SWAPPED);
  tl_sign_in_prefill (sign_in, server, login);
  tl_sign_in_offer_back (sign_in, accounts->len > 0 ? accounts->pdata[0] : NULL);
  gtk_widget_grab_focus (GTK_WIDGET (sign_in));
  tl_application_update_actions (self);
  if (server && login && file && g_file_get_contents (file, &password, NULL, NULL))
    tl_sign_in_submit (sign_in, g_strchomp (password));
  return sign_in;
}

/* --- running ------------------------------------------------------------------------------------ */

static gboolean
close_requested (TlApplication *self)
{
  save_state (self);
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
    tl_application_open_account (self, accounts->pdata[0], NULL);
  else
    tl_application_show_sign_in (self, self->server, self->login);
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
  TlSession *session = tl_application_take_session (self);
  TlSignIn *sign_in = tl_application_show_sign_in (self, NULL, NULL);

  if (session)
    dex_future_disown (tl_session_close (session));
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
    tl_main_view_import_calendar (tl_window_main_view (self->window), files[0]);
  else
    tl_window_toast (self->window, _ ("Please sign in first"));
}

/* The desktop's session ends, or Ctrl+C: a replica that is closed well need not be checked next time. */
static gboolean
told_to_end (gpointer data)
{
  TlApplication *self = data;

  save_state (self);
  g_application_quit (G_APPLICATION (self));
  return G_SOURCE_CONTINUE;
}

static void
keyring_changed (TlApplication *self)
{
  AdwToast *toast;

  if (self->window == NULL || tl_secrets_is_persistent (self->secrets))
    return;
  toast = tl_toast_new (_ ("There is no keyring here: the next start asks for the password"));
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
  tl_application_add_actions (self);
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
  TlSession *session = tl_application_take_session (self);

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
