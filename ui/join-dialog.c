/* join-dialog.c: a link, two names and a password. What will not do is said below before it is sent, as far as it can
 * be known here; what the server says stands in the same place. The password goes to the remote only. Main thread. */
#include "ui/join-dialog.h"

#include "sync/invitation.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PASSWORD_MIN 8

struct _TlJoinDialog {
  AdwDialog parent;
  AdwPreferencesGroup *group;
  GtkEditable *link, *name, *login, *password;
  GtkWidget *join;
  GtkLabel *trouble;

  TlSecrets *secrets;
  gboolean is_busy;
};

enum { JOINED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlJoinDialog, tl_join_dialog, ADW_TYPE_DIALOG)

static void
say (TlJoinDialog *self, const char *sentence)
{
  gtk_label_set_label (self->trouble, sentence ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), sentence != NULL);
}

static void
update (TlJoinDialog *self)
{
  g_autoptr (TlInvited) invited = tl_invited_parse (gtk_editable_get_text (self->link));
  g_autofree char *server =
      invited ? g_strdup_printf (_ ("You are invited to %s"), invited->server) : NULL;

  adw_preferences_group_set_description (self->group,
                                         server ? server : _ ("Paste the link that you were sent"));
  gtk_widget_set_sensitive (self->join,
                            invited && *gtk_editable_get_text (self->login) &&
                                strlen (gtk_editable_get_text (self->password)) >= PASSWORD_MIN &&
                                !self->is_busy);
}

static void
typed (TlJoinDialog *self)
{
  say (self, NULL);
  update (self);
}

/* --- joining ------------------------------------------------------------------------------------ */

typedef struct {
  TlJoinDialog *self;
  TlRemote *remote;
  char *server;
} Asked;

static void
asked_free (gpointer data)
{
  Asked *asked = data;

  g_object_unref (asked->self);
  g_object_unref (asked->remote);
  g_free (asked->server);
  g_free (asked);
}

static DexFuture *
answered (DexFuture *future, gpointer data)
{
  Asked *asked = data;
  TlJoinDialog *self = asked->self;
  g_autoptr (GError) error = NULL;
  const GValue *account = dex_future_get_value (future, &error);

  self->is_busy = FALSE;
  update (self);
  if (error) {
    say (self, error->message);
    return NULL;
  }
  adw_dialog_force_close (ADW_DIALOG (self));
  g_signal_emit (self, signals[JOINED], 0, asked->remote, g_value_get_boxed (account),
                 asked->server);
  return NULL;
}

static void
join (TlJoinDialog *self)
{
  g_autoptr (TlInvited) invited = tl_invited_parse (gtk_editable_get_text (self->link));
  const char *login = gtk_editable_get_text (self->login);
  Asked *asked;

  if (!invited || !gtk_widget_get_sensitive (self->join))
    return;
  self->is_busy = TRUE;
  say (self, NULL);
  update (self);
  asked = g_new (Asked, 1);
  *asked = (Asked){ g_object_ref (self), tl_remote_new (invited->server, "", self->secrets),
                    g_strdup (invited->server) };
  dex_future_disown (dex_future_finally (
      tl_remote_join (asked->remote, login, gtk_editable_get_text (self->name),
                      gtk_editable_get_text (self->password), invited->token, g_get_host_name ()),
      answered, asked, asked_free));
}

/* --- the page ----------------------------------------------------------------------------------- */

static GtkEditable *
add_entry (TlJoinDialog *self, GtkWidget *row, const char *title)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_preferences_group_add (self->group, row);
  g_signal_connect_object (row, "changed", G_CALLBACK (typed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "entry-activated", G_CALLBACK (join), self, G_CONNECT_SWAPPED);
  return GTK_EDITABLE (row);
}

static GtkWidget *
header_new (TlJoinDialog *self)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_ ("_Cancel"));

  self->join = gtk_button_new_with_mnemonic (_ ("_Join"));
  gtk_widget_add_css_class (self->join, "suggested-action");
  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), self->join);
  g_signal_connect_object (cancel, "clicked", G_CALLBACK (adw_dialog_close), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->join, "clicked", G_CALLBACK (join), self, G_CONNECT_SWAPPED);
  return header;
}

static GtkWidget *
trouble_new (TlJoinDialog *self)
{
  GtkWidget *label =
      g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT, "wrap", TRUE,
                    "wrap-mode", PANGO_WRAP_WORD_CHAR, "xalign", 0.0, "visible", FALSE, NULL);

  gtk_widget_add_css_class (label, "error");
  self->trouble = GTK_LABEL (label);
  return label;
}

static void
tl_join_dialog_dispose (GObject *object)
{
  g_clear_object (&TL_JOIN_DIALOG (object)->secrets);
  G_OBJECT_CLASS (tl_join_dialog_parent_class)->dispose (object);
}

static void
tl_join_dialog_class_init (TlJoinDialogClass *class)
{
  G_OBJECT_CLASS (class)->dispose = tl_join_dialog_dispose;
  signals[JOINED] =
      g_signal_new ("joined", TL_TYPE_JOIN_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 3, TL_TYPE_REMOTE, JSON_TYPE_OBJECT, G_TYPE_STRING);
}

static void
tl_join_dialog_init (TlJoinDialog *self)
{
  GtkWidget *bars = adw_toolbar_view_new (), *page = adw_preferences_page_new ();
  AdwPreferencesGroup *below = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  self->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (bars), header_new (self));
  self->link = add_entry (self, adw_entry_row_new (), _ ("Invitation"));
  gtk_text_set_input_purpose (GTK_TEXT (gtk_editable_get_delegate (self->link)),
                              GTK_INPUT_PURPOSE_URL);
  self->name = add_entry (self, adw_entry_row_new (), _ ("Your Name, as Others See It"));
  self->login = add_entry (self, adw_entry_row_new (), _ ("Name to Sign In With"));
  self->password =
      add_entry (self, adw_password_entry_row_new (), _ ("Password, of 8 Letters or More"));
  adw_preferences_group_add (below, trouble_new (self));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), self->group);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), below);
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (bars), page);
  adw_dialog_set_title (ADW_DIALOG (self), _ ("Join"));
  adw_dialog_set_content_width (ADW_DIALOG (self), 440);
  adw_dialog_set_child (ADW_DIALOG (self), bars);
  update (self);
}

AdwDialog *
tl_join_dialog_new (TlSecrets *secrets, const char *link)
{
  TlJoinDialog *self = g_object_new (TL_TYPE_JOIN_DIALOG, NULL);

  self->secrets = g_object_ref (secrets);
  if (link)
    gtk_editable_set_text (self->link, link);
  adw_dialog_set_focus (ADW_DIALOG (self), GTK_WIDGET (link ? self->name : self->link));
  return ADW_DIALOG (self);
}
