/* password-group.c: two fields and a button; what the server says to them stands above. What is asked keeps the group
 * alive until it is answered. Main thread. */
#include "ui/preferences/password-group.h"

#include "sync/remote-devices.h"

#include <glib/gi18n-lib.h>

typedef struct {
  TlRemote *remote;
  AdwPreferencesGroup *group;
  GtkEditable *before, *password;
  GtkWidget *button;
} Group;

static void
group_free (gpointer data)
{
  Group *self = data;

  g_object_unref (self->remote);
  g_free (self);
}

static Group *
group_of (gpointer widget)
{
  return g_object_get_data (G_OBJECT (widget), "group");
}

static void
typed (AdwPreferencesGroup *widget)
{
  Group *self = group_of (widget);

  gtk_widget_set_sensitive (self->button, gtk_editable_get_text (self->before)[0] != '\0' &&
                                              gtk_editable_get_text (self->password)[0] != '\0');
}

static DexFuture *
changed (DexFuture *future, gpointer data)
{
  Group *self = group_of (data);
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error)) {
    adw_preferences_group_set_description (
        self->group, _ ("The new password holds. Other devices have to sign in again."));
    gtk_editable_set_text (self->before, "");
    gtk_editable_set_text (self->password, "");
  } else {
    adw_preferences_group_set_description (self->group, error->message);
  }
  typed (self->group);
  return NULL;
}

static void
change (AdwPreferencesGroup *widget)
{
  Group *self = group_of (widget);

  gtk_widget_set_sensitive (self->button, FALSE);
  dex_future_disown (dex_future_finally (
      tl_remote_change_password (self->remote, gtk_editable_get_text (self->before),
                                 gtk_editable_get_text (self->password)),
      changed, g_object_ref (widget), g_object_unref));
}

static GtkEditable *
add_field (Group *self, const char *title)
{
  GtkWidget *row = adw_password_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_preferences_group_add (self->group, row);
  g_signal_connect_object (row, "changed", G_CALLBACK (typed), self->group, G_CONNECT_SWAPPED);
  return GTK_EDITABLE (row);
}

AdwPreferencesGroup *
tl_password_group_new (TlRemote *remote)
{
  Group *self = g_new0 (Group, 1);

  self->remote = g_object_ref (remote);
  self->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_preferences_group_set_title (self->group, _ ("Password"));
  g_object_set_data_full (G_OBJECT (self->group), "group", self, group_free);
  self->before = add_field (self, _ ("Password Now"));
  self->password = add_field (self, _ ("New Password"));
  self->button = adw_button_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->button), _ ("Change Password"));
  adw_preferences_group_add (self->group, self->button);
  g_signal_connect_object (self->button, "activated", G_CALLBACK (change), self->group,
                           G_CONNECT_SWAPPED);
  typed (self->group);
  return self->group;
}
