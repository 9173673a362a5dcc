/* address-group.c: two fields and a button; whether the address is confirmed, or what the server says, stands above. What
 * is asked keeps the group alive until it is answered. Main thread. */
#include "ui/preferences/address-group.h"

#include "sync/remote-people.h"

#include <glib/gi18n-lib.h>

typedef struct {
  TlRemote *remote;
  AdwPreferencesGroup *group;
  GtkEditable *address, *password;
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

  gtk_widget_set_sensitive (self->button, *gtk_editable_get_text (self->password) != '\0');
}

static void
show (Group *self, JsonObject *answer)
{
  const char *address = json_object_get_string_member_with_default (answer, "address", NULL);
  const char *words = _ ("Letters about what you missed, and a way back in when you forget your "
                         "password");

  if (address)
    words = json_object_get_boolean_member (answer, "isConfirmed")
                ? _ ("You are written to at this address.")
                : _ ("Open the link in the letter that was sent there.");
  gtk_widget_set_visible (
      GTK_WIDGET (self->group),
      address || json_object_get_boolean_member_with_default (answer, "isOffered", FALSE));
  adw_preferences_group_set_description (self->group, words);
  gtk_editable_set_text (self->address, address ? address : "");
}

static DexFuture *
asked (DexFuture *future, gpointer data)
{
  const GValue *answer = dex_future_get_value (future, NULL);

  if (answer)
    show (group_of (data), g_value_get_boxed (answer));
  return NULL;
}

static DexFuture *
set (DexFuture *future, gpointer data)
{
  Group *self = group_of (data);
  g_autoptr (GError) error = NULL;
  const GValue *answer = dex_future_get_value (future, &error);

  if (answer) {
    gtk_editable_set_text (self->password, "");
    show (self, g_value_get_boxed (answer));
  } else {
    adw_preferences_group_set_description (self->group, error->message);
  }
  typed (data);
  return NULL;
}

static void
set_clicked (AdwPreferencesGroup *widget)
{
  Group *self = group_of (widget);
  g_autofree char *address = g_strstrip (g_strdup (gtk_editable_get_text (self->address)));

  gtk_widget_set_sensitive (self->button, FALSE);
  dex_future_disown (dex_future_finally (
      tl_remote_set_address (self->remote, address, gtk_editable_get_text (self->password)), set,
      g_object_ref (widget), g_object_unref));
}

AdwPreferencesGroup *
tl_address_group_new (TlRemote *remote)
{
  Group *self = g_new0 (Group, 1);
  GtkWidget *address = adw_entry_row_new (), *password = adw_password_entry_row_new ();

  self->remote = g_object_ref (remote);
  self->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  g_object_set_data_full (G_OBJECT (self->group), "group", self, group_free);
  adw_preferences_group_set_title (self->group, _ ("E-Mail"));
  gtk_widget_set_visible (GTK_WIDGET (self->group), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (address), _ ("Address"));
  adw_entry_row_set_input_purpose (ADW_ENTRY_ROW (address), GTK_INPUT_PURPOSE_EMAIL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (password), _ ("Your Password"));
  self->address = GTK_EDITABLE (address);
  self->password = GTK_EDITABLE (password);
  self->button = adw_button_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->button), _ ("Set the Address"));
  adw_preferences_group_add (self->group, address);
  adw_preferences_group_add (self->group, password);
  adw_preferences_group_add (self->group, self->button);
  g_signal_connect_object (password, "changed", G_CALLBACK (typed), self->group, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->button, "activated", G_CALLBACK (set_clicked), self->group,
                           G_CONNECT_SWAPPED);
  typed (self->group);
  dex_future_disown (dex_future_finally (tl_remote_address (remote), asked,
                                         g_object_ref (self->group), g_object_unref));
  return self->group;
}
