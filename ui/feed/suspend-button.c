/* suspend-button.c: asks the server what one may do about the person, and shows what is to be done next: suspend, after a
 * question, or let in again. Without the server there is no button. What is asked keeps it alive. Main thread. */
#include "ui/feed/suspend-button.h"

#include "sync/remote-people.h"

#include <glib/gi18n-lib.h>

typedef struct {
  TlRemote *remote;
  GtkWidget *button;
  gint64 person;
  gboolean is_suspended;
} Suspend;

static void
suspend_free (gpointer data)
{
  Suspend *self = data;

  g_object_unref (self->remote);
  g_free (self);
}

static Suspend *
suspend_of (gpointer button)
{
  return g_object_get_data (G_OBJECT (button), "suspend");
}

static gboolean
may_suspend (JsonObject *answer)
{
  JsonNode *node = json_object_get_member (answer, "may");
  JsonArray *may = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; may && i < json_array_get_length (may); i++)
    if (g_strcmp0 (json_node_get_string (json_array_get_element (may, i)), "suspend") == 0)
      return TRUE;
  return FALSE;
}

static DexFuture *
told (DexFuture *future, gpointer data)
{
  Suspend *self = suspend_of (data);
  const GValue *value = dex_future_get_value (future, NULL);
  JsonObject *answer = value ? g_value_get_boxed (value) : NULL;

  gtk_widget_set_visible (self->button, answer && may_suspend (answer));
  if (!answer)
    return NULL;
  self->is_suspended = json_object_get_boolean_member_with_default (answer, "isSuspended", FALSE);
  gtk_button_set_label (GTK_BUTTON (self->button),
                        self->is_suspended ? _ ("Let In Again") : _ ("Suspend…"));
  return NULL;
}

static void
ask (Suspend *self)
{
  dex_future_disown (dex_future_finally (tl_remote_person (self->remote, self->person), told,
                                         g_object_ref (self->button), g_object_unref));
}

static DexFuture *
done (DexFuture *future, gpointer data)
{
  Suspend *self = suspend_of (data);
  g_autoptr (GError) error = NULL;
  AdwDialog *alert;

  ask (self);
  if (dex_future_get_value (future, &error))
    return NULL;
  alert = adw_alert_dialog_new (error->message, NULL);
  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (alert), "close", _ ("_Close"));
  adw_dialog_present (alert, self->button);
  return NULL;
}

static void
order (Suspend *self, const char *deed)
{
  dex_future_disown (dex_future_finally (tl_remote_order (self->remote, deed, self->person), done,
                                         g_object_ref (self->button), g_object_unref));
}

static void
suspend_now (GtkWidget *button)
{
  order (suspend_of (button), "suspend");
}

static void
clicked (GtkWidget *button)
{
  Suspend *self = suspend_of (button);
  AdwDialog *alert;

  if (self->is_suspended) {
    order (self, "let-in");
    return;
  }
  alert = adw_alert_dialog_new (
      _ ("Suspend This Person?"),
      _ ("They are signed out everywhere and kept out until they are let in again. What they wrote "
         "stays."));
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (alert), "cancel", _ ("_Cancel"), "yes",
                                  _ ("Keep _Out"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (alert), "yes",
                                            ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (alert, "response::yes", G_CALLBACK (suspend_now), button,
                           G_CONNECT_SWAPPED);
  adw_dialog_present (alert, button);
}

GtkWidget *
tl_suspend_button_new (const TlSession *session, gint64 person)
{
  Suspend *self = g_new0 (Suspend, 1);

  self->remote = g_object_ref (session->remote);
  self->person = person;
  self->button = gtk_button_new_with_label (_ ("Suspend…"));
  gtk_widget_add_css_class (self->button, "pill-s");
  gtk_widget_set_visible (self->button, FALSE);
  g_object_set_data_full (G_OBJECT (self->button), "suspend", self, suspend_free);
  g_signal_connect (self->button, "clicked", G_CALLBACK (clicked), NULL);
  ask (self);
  return self->button;
}
