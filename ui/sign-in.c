/* sign-in.c: asks the address who is there half a second after the last key, and says what goes wrong as a
 * sentence in its place. The password goes to the remote only. Main thread. */
#include "ui/sign-in.h"

#include "ui/ask-dialog.h"
#include "ui/browser-dialog.h"
#include "ui/forgotten-dialog.h"
#include "ui/join-dialog.h"

#include <glib/gi18n-lib.h>

#define PROBE_AFTER_MS 500

struct _TlSignIn {
  AdwBin parent;
  GtkWidget *circle, *lock, *back;
  AdwAvatar *circle_avatar;
  GtkLabel *circle_name, *circle_host, *trouble_text;
  AdwEntryRow *server, *login, *password;
  GtkStack *server_state, *submit_stack;
  GtkRevealer *trouble;

  TlSecrets *secrets;
  guint probe_timer;
  guint serial; /* of the address: an answer for another one is of no use */
  gboolean is_busy;
};

enum { SIGNED_IN, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlSignIn, tl_sign_in, ADW_TYPE_BIN)

/* "saltmarsh.club" is https; a machine of one's own ("localhost", an address) may do without. */
static char *
server_of (TlSignIn *self)
{
  g_autofree char *text =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->server))));
  gboolean is_near = g_str_has_prefix (text, "localhost") || g_str_has_prefix (text, "127.");
  g_autofree char *full = NULL;
  g_autoptr (GUri) uri = NULL;

  if (*text == '\0')
    return NULL;
  full = strstr (text, "://") ? g_strdup (text)
                              : g_strdup_printf (is_near ? "http://%s" : "https://%s", text);
  uri = g_uri_parse (full, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return NULL;
  return g_steal_pointer (&full);
}

static void
say (TlSignIn *self, const char *sentence)
{
  if (sentence)
    gtk_label_set_label (self->trouble_text, sentence);
  gtk_revealer_set_reveal_child (self->trouble, sentence != NULL);
}

static void
update_submit (TlSignIn *self)
{
  g_autofree char *server = server_of (self);
  gboolean is_filled = server && *gtk_editable_get_text (GTK_EDITABLE (self->login)) &&
                       *gtk_editable_get_text (GTK_EDITABLE (self->password));

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sign-in.submit", is_filled && !self->is_busy);
  gtk_stack_set_visible_child_name (self->submit_stack, self->is_busy ? "busy" : "label");
}

/* --- who is there ------------------------------------------------------------------------------- */

typedef struct {
  TlSignIn *self;
  TlRemote *remote;
  char *server;
  char *login;
  guint serial;
} Asked;

static void
asked_free (gpointer data)
{
  Asked *asked = data;

  g_object_unref (asked->self);
  g_object_unref (asked->remote);
  g_free (asked->server);
  g_free (asked->login);
  g_free (asked);
}

static Asked *
asked_new (TlSignIn *self, char *server)
{
  Asked *asked = g_new (Asked, 1);

  *asked = (Asked){ g_object_ref (self), tl_remote_new (server, "", self->secrets), server,
                    g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->login))), self->serial };
  return asked;
}

static Asked *
asked_copy (const Asked *from)
{
  Asked *asked = g_new (Asked, 1);

  *asked = (Asked){ g_object_ref (from->self), g_object_ref (from->remote), g_strdup (from->server),
                    g_strdup (from->login), from->serial };
  return asked;
}

static DexFuture *
probed (DexFuture *future, gpointer data)
{
  Asked *asked = data;
  TlSignIn *self = asked->self;
  g_autoptr (GError) error = NULL;
  const GValue *name = dex_future_get_value (future, &error);
  g_autoptr (GUri) uri = g_uri_parse (asked->server, G_URI_FLAGS_NONE, NULL);

  if (asked->serial != self->serial)
    return NULL;
  gtk_stack_set_visible_child_name (self->server_state, name ? "good" : "bad");
  gtk_widget_set_visible (self->circle, name != NULL);
  if (name == NULL) {
    say (self, error->message);
    return NULL;
  }
  adw_avatar_set_text (self->circle_avatar, g_value_get_string (name));
  gtk_label_set_label (self->circle_name, g_value_get_string (name));
  gtk_label_set_label (self->circle_host, g_uri_get_host (uri));
  gtk_widget_set_visible (self->lock, g_str_equal (g_uri_get_scheme (uri), "https"));
  return NULL;
}

static void
probe (gpointer data)
{
  TlSignIn *self = data;
  char *server = server_of (self);
  Asked *asked;

  self->probe_timer = 0;
  if (server == NULL)
    return;
  gtk_stack_set_visible_child_name (self->server_state, "asking");
  asked = asked_new (self, server);
  dex_future_disown (
      dex_future_finally (tl_remote_probe (asked->remote), probed, asked, asked_free));
}

static void
server_changed (TlSignIn *self)
{
  self->serial++;
  gtk_stack_set_visible_child_name (self->server_state, "nothing");
  gtk_widget_set_visible (self->circle, FALSE);
  say (self, NULL);
  g_clear_handle_id (&self->probe_timer, g_source_remove);
  self->probe_timer = g_timeout_add_once (PROBE_AFTER_MS, probe, self);
  update_submit (self);
}

/* --- signing in --------------------------------------------------------------------------------- */

static void ask_code (const Asked *asked, const char *trouble);

static DexFuture *
answered (DexFuture *future, gpointer data)
{
  Asked *asked = data;
  TlSignIn *self = asked->self;
  g_autoptr (GError) error = NULL;
  const GValue *account = dex_future_get_value (future, &error);

  self->is_busy = FALSE;
  update_submit (self);
  if (g_error_matches (error, TL_REMOTE_ERROR, TL_REMOTE_ERROR_CODE)) {
    ask_code (asked, NULL);
    return NULL;
  }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return NULL;
  say (self, error ? error->message : NULL);
  if (error)
    gtk_widget_grab_focus (GTK_WIDGET (self->password));
  else
    g_signal_emit (self, signals[SIGNED_IN], 0, asked->remote, g_value_get_boxed (account),
                   asked->server);
  return NULL;
}

static DexFuture *
code_answered (DexFuture *future, gpointer data)
{
  Asked *asked = data;
  g_autoptr (GError) error = NULL;

  dex_future_get_value (future, &error);
  if (!error || g_error_matches (error, TL_REMOTE_ERROR, TL_REMOTE_ERROR_SIGN_IN))
    return answered (future, data);
  asked->self->is_busy = FALSE;
  update_submit (asked->self);
  ask_code (asked, error->message);
  return NULL;
}

static void
code_given (AdwAlertDialog *dialog, const char *response, Asked *before)
{
  TlSignIn *self = before->self;
  Asked *asked;

  if (!g_str_equal (response, "yes") || self->is_busy)
    return;
  self->is_busy = TRUE;
  update_submit (self);
  asked = asked_copy (before);
  dex_future_disown (dex_future_finally (tl_remote_sign_in_code (asked->remote, asked->login,
                                                                 tl_ask_dialog_answer (dialog, 0),
                                                                 g_get_host_name ()),
                                         code_answered, asked, asked_free));
}

/* The second step: on the same remote, which holds what is between the two. */
static void
ask_code (const Asked *asked, const char *trouble)
{
  static const TlQuestion questions[] = { { N_ ("Code"), FALSE }, { NULL } };
  AdwAlertDialog *dialog =
      tl_ask_dialog_new (_ ("One More Step"),
                         trouble ? trouble
                                 : _ ("The code that your authenticator app shows now, or one of "
                                      "your recovery codes."),
                         _ ("_Sign In"), questions);

  g_signal_connect_data (dialog, "response", G_CALLBACK (code_given), asked_copy (asked),
                         (GClosureNotify)(GCallback)asked_free, 0);
  adw_dialog_present (ADW_DIALOG (dialog), GTK_WIDGET (asked->self));
}

static void
submit (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlSignIn *self = TL_SIGN_IN (widget);
  const char *login = gtk_editable_get_text (GTK_EDITABLE (self->login));
  const char *password = gtk_editable_get_text (GTK_EDITABLE (self->password));
  char *server = server_of (self);
  Asked *asked;

  if (server == NULL || self->is_busy)
    return;
  self->is_busy = TRUE;
  update_submit (self);
  say (self, NULL);
  asked = asked_new (self, server);
  dex_future_disown (
      dex_future_finally (tl_remote_sign_in (asked->remote, login, password, g_get_host_name ()),
                          answered, asked, asked_free));
}

/* On a page of the server's. */
static void
by_browser (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlSignIn *self = TL_SIGN_IN (widget);
  char *server = server_of (self);
  Asked *asked;

  if (self->is_busy)
    return;
  if (server == NULL) {
    say (self, _ ("Enter the server first."));
    gtk_widget_grab_focus (GTK_WIDGET (self->server));
    return;
  }
  self->is_busy = TRUE;
  update_submit (self);
  say (self, NULL);
  asked = asked_new (self, server);
  dex_future_disown (dex_future_finally (tl_browser_dialog_sign_in (widget, asked->remote),
                                         answered, asked, asked_free));
}

static void
entered (TlSignIn *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "sign-in.submit", NULL);
}

/* --- joining ------------------------------------------------------------------------------------ */

static void
joined (TlSignIn *self, TlRemote *remote, JsonObject *account, const char *server)
{
  g_signal_emit (self, signals[SIGNED_IN], 0, remote, account, server);
}

void
tl_sign_in_join (TlSignIn *self, const char *link)
{
  AdwDialog *dialog = tl_join_dialog_new (self->secrets, link);

  g_signal_connect_object (dialog, "joined", G_CALLBACK (joined), self, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
join_clicked (GtkWidget *widget, const char *name, GVariant *parameter)
{
  tl_sign_in_join (TL_SIGN_IN (widget), NULL);
}

static void
forgot_clicked (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlSignIn *self = TL_SIGN_IN (widget);
  g_autofree char *server = server_of (self);
  g_autoptr (TlRemote) remote = server ? tl_remote_new (server, "", self->secrets) : NULL;

  if (remote) {
    tl_forgotten_dialog_present (remote, widget);
    return;
  }
  say (self, _ ("Enter the server first."));
  gtk_widget_grab_focus (GTK_WIDGET (self->server));
}

void
tl_sign_in_prefill (TlSignIn *self, const char *server, const char *login)
{
  if (server)
    gtk_editable_set_text (GTK_EDITABLE (self->server), server);
  if (login)
    gtk_editable_set_text (GTK_EDITABLE (self->login), login);
}

void
tl_sign_in_offer_back (TlSignIn *self, const TlAccount *account)
{
  g_autofree char *id = account ? tl_account_id (account) : NULL;
  g_autofree char *words = account ? g_strdup_printf (_ ("Back to %s"), account->name) : NULL;

  gtk_widget_set_visible (self->back, account != NULL);
  gtk_widget_set_tooltip_text (self->back, words);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->back), "s", id ?: "");
}

void
tl_sign_in_submit (TlSignIn *self, const char *password)
{
  gtk_editable_set_text (GTK_EDITABLE (self->password), password);
  submit (GTK_WIDGET (self), NULL, NULL);
}

static gboolean
tl_sign_in_grab_focus (GtkWidget *widget)
{
  TlSignIn *self = TL_SIGN_IN (widget);
  AdwEntryRow *rows[] = { self->server, self->login, self->password };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (*gtk_editable_get_text (GTK_EDITABLE (rows[i])) == '\0')
      return gtk_widget_grab_focus (GTK_WIDGET (rows[i]));
  return gtk_widget_grab_focus (GTK_WIDGET (self->password));
}

static void
tl_sign_in_dispose (GObject *object)
{
  TlSignIn *self = TL_SIGN_IN (object);

  g_clear_handle_id (&self->probe_timer, g_source_remove);
  g_clear_object (&self->secrets);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_SIGN_IN);
  G_OBJECT_CLASS (tl_sign_in_parent_class)->dispose (object);
}

static void
tl_sign_in_class_init (TlSignInClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_sign_in_dispose;
  widget_class->grab_focus = tl_sign_in_grab_focus;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/sign-in.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlSignIn, name)
  CHILD (circle);
  CHILD (lock);
  CHILD (circle_avatar);
  CHILD (circle_name);
  CHILD (circle_host);
  CHILD (trouble);
  CHILD (trouble_text);
  CHILD (back);
  CHILD (server);
  CHILD (login);
  CHILD (password);
  CHILD (server_state);
  CHILD (submit_stack);
#undef CHILD
  gtk_widget_class_install_action (widget_class, "sign-in.submit", NULL, submit);
  gtk_widget_class_install_action (widget_class, "sign-in.browser", NULL, by_browser);
  gtk_widget_class_install_action (widget_class, "sign-in.join", NULL, join_clicked);
  gtk_widget_class_install_action (widget_class, "sign-in.forgot", NULL, forgot_clicked);
  signals[SIGNED_IN] =
      g_signal_new ("signed-in", TL_TYPE_SIGN_IN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 3, TL_TYPE_REMOTE, JSON_TYPE_OBJECT, G_TYPE_STRING);
}

static void
tl_sign_in_init (TlSignIn *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->server, "changed", G_CALLBACK (server_changed), self);
  g_signal_connect_swapped (self->login, "changed", G_CALLBACK (update_submit), self);
  g_signal_connect_swapped (self->password, "changed", G_CALLBACK (update_submit), self);
  g_signal_connect_swapped (self->server, "entry-activated", G_CALLBACK (entered), self);
  g_signal_connect_swapped (self->login, "entry-activated", G_CALLBACK (entered), self);
  g_signal_connect_swapped (self->password, "entry-activated", G_CALLBACK (entered), self);
  update_submit (self);
}

TlSignIn *
tl_sign_in_new (TlSecrets *secrets)
{
  TlSignIn *self = g_object_new (TL_TYPE_SIGN_IN, NULL);

  self->secrets = g_object_ref (secrets);
  return self;
}
