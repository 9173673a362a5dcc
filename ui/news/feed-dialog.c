/* feed-dialog.c: one form for a new feed and for one that is there; the change enters the outbox. */
#include "ui/news/feed-dialog.h"

#include "sync/actions.h"

#include <glib/gi18n-lib.h>

struct _TlFeedDialog {
  AdwDialog parent;
  AdwEntryRow *address, *name, *folder;
  GtkWidget *done, *removal;
  AdwPreferencesGroup *form;

  TlReplica *replica;
  TlFeedItem *feed;
};

G_DEFINE_FINAL_TYPE (TlFeedDialog, tl_feed_dialog, ADW_TYPE_DIALOG)

static char *
text_of (AdwEntryRow *row)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));

  return *text ? g_steal_pointer (&text) : NULL;
}

/* With https:// where a person left it out; NULL when it can't be an address. */
static char *
address_of (TlFeedDialog *self)
{
  g_autofree char *text = text_of (self->address);
  g_autofree char *full = NULL;
  g_autoptr (GUri) uri = NULL;

  if (text == NULL)
    return NULL;
  full = strstr (text, "://") ? g_strdup (text) : g_strdup_printf ("https://%s", text);
  uri = g_uri_parse (full, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || strchr (g_uri_get_host (uri), '.') == NULL)
    return NULL;
  if (!g_str_equal (g_uri_get_scheme (uri), "https") &&
      !g_str_equal (g_uri_get_scheme (uri), "http"))
    return NULL;
  return g_steal_pointer (&full);
}

static void
address_changed (TlFeedDialog *self)
{
  g_autofree char *address = self->feed ? g_strdup ("") : address_of (self);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "feed.done", address != NULL);
  gtk_widget_remove_css_class (GTK_WIDGET (self->address), "error");
  adw_preferences_group_set_description (
      self->form, _ ("A feed's address, or the address of a site that has one"));
}

/* It closes when it is done; what stands in the way is said where it can be changed. */
static DexFuture *
settled (DexFuture *future, gpointer data)
{
  TlFeedDialog *self = data;
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error)) {
    adw_dialog_close (ADW_DIALOG (self));
    return NULL;
  }
  adw_preferences_group_set_description (self->form, error->message);
  gtk_widget_add_css_class (GTK_WIDGET (self->address), "error");
  return NULL;
}

static void
done (GtkWidget *widget, const char *action, GVariant *parameter)
{
  TlFeedDialog *self = TL_FEED_DIALOG (widget);
  g_autofree char *folder = text_of (self->folder), *name = text_of (self->name);
  g_autofree char *address = self->feed ? NULL : address_of (self);
  DexFuture *change =
      self->feed ? tl_action_edit_subscription (self->replica, self->feed->key, name, folder)
                 : tl_action_subscribe (self->replica, address, folder);

  dex_future_disown (dex_future_finally (change, settled, g_object_ref (self), g_object_unref));
}

static void
cancel (GtkWidget *widget, const char *action, GVariant *parameter)
{
  adw_dialog_close (ADW_DIALOG (widget));
}

typedef struct {
  TlReplica *replica;
  gint64 key;
} Removal;

static void
removal_free (gpointer data, GClosure *closure)
{
  Removal *removal = data;

  g_object_unref (removal->replica);
  g_free (removal);
}

static void
remove_now (AdwAlertDialog *dialog, const char *response, gpointer data)
{
  Removal *removal = data;

  dex_future_disown (tl_action_unsubscribe (removal->replica, removal->key));
}

void
tl_feed_dialog_ask_remove (TlReplica *replica, TlFeedItem *feed, GtkWidget *parent)
{
  Removal *removal = g_new (Removal, 1);
  AdwDialog *dialog = adw_alert_dialog_new (NULL, NULL);
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);

  *removal = (Removal){ g_object_ref (replica), feed->key };
  adw_alert_dialog_format_heading (alert, _ ("Unsubscribe from “%s”?"), feed->title);
  adw_alert_dialog_set_body (alert, _ ("Its articles leave this account with it."));
  adw_alert_dialog_add_responses (alert, "cancel", _ ("_Cancel"), "remove", _ ("_Unsubscribe"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (alert, "remove", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_data (dialog, "response::remove", G_CALLBACK (remove_now), removal, removal_free,
                         0);
  adw_dialog_present (dialog, parent);
}

static void
ask_remove (GtkWidget *widget, const char *action, GVariant *parameter)
{
  TlFeedDialog *self = TL_FEED_DIALOG (widget);
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (widget));

  tl_feed_dialog_ask_remove (self->replica, self->feed, root);
  adw_dialog_close (ADW_DIALOG (self));
}

static void
tl_feed_dialog_dispose (GObject *object)
{
  TlFeedDialog *self = TL_FEED_DIALOG (object);

  g_clear_object (&self->replica);
  g_clear_object (&self->feed);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_FEED_DIALOG);
  G_OBJECT_CLASS (tl_feed_dialog_parent_class)->dispose (object);
}

static void
tl_feed_dialog_class_init (TlFeedDialogClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_feed_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/news/feed-dialog.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlFeedDialog, name)
  CHILD (address);
  CHILD (name);
  CHILD (folder);
  CHILD (done);
  CHILD (removal);
  CHILD (form);
#undef CHILD
  gtk_widget_class_install_action (widget_class, "feed.done", NULL, done);
  gtk_widget_class_install_action (widget_class, "feed.cancel", NULL, cancel);
  gtk_widget_class_install_action (widget_class, "feed.remove", NULL, ask_remove);
}

static void
tl_feed_dialog_init (TlFeedDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->address, "changed", G_CALLBACK (address_changed), self);
}

AdwDialog *
tl_feed_dialog_new (TlReplica *replica, TlFeedItem *feed)
{
  TlFeedDialog *self = g_object_new (TL_TYPE_FEED_DIALOG, NULL);

  self->replica = g_object_ref (replica);
  gtk_widget_set_visible (GTK_WIDGET (self->name), feed != NULL);
  gtk_widget_set_visible (self->removal, feed != NULL);
  if (feed) {
    self->feed = g_object_ref (feed);
    adw_dialog_set_title (ADW_DIALOG (self), _ ("Edit Feed"));
    gtk_button_set_label (GTK_BUTTON (self->done), _ ("_Save"));
    gtk_editable_set_text (GTK_EDITABLE (self->address), feed->url ? feed->url : "");
    gtk_editable_set_editable (GTK_EDITABLE (self->address), FALSE);
    gtk_editable_set_text (GTK_EDITABLE (self->name), feed->title ? feed->title : "");
    gtk_editable_set_text (GTK_EDITABLE (self->folder), feed->folder ? feed->folder : "");
  }
  address_changed (self);
  return ADW_DIALOG (self);
}
