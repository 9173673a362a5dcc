/* devices-page.c: a row for each device, as the server told when the page was shown; what it refuses, or that it is
 * away, stands above the rows. What is asked keeps the page alive until it is answered. Main thread. */
#include "ui/preferences/devices-page.h"

#include "sync/remote-devices.h"
#include "ui/preferences/address-group.h"
#include "ui/preferences/data-group.h"
#include "ui/preferences/factor-group.h"
#include "ui/preferences/invite-group.h"
#include "ui/preferences/password-group.h"

#include <glib/gi18n-lib.h>

typedef struct {
  TlRemote *remote;
  AdwPreferencesGroup *group;
  gboolean is_asked;
} Page;

static void
page_free (gpointer data)
{
  Page *page = data;

  g_object_unref (page->remote);
  g_free (page);
}

static Page *
page_of (GtkWidget *widget)
{
  return g_object_get_data (G_OBJECT (widget), "page");
}

static DexFuture *
ended (DexFuture *future, gpointer data)
{
  GtkWidget *row = data;
  Page *page = page_of (g_object_get_data (G_OBJECT (row), "owner"));
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error)) {
    adw_preferences_group_remove (page->group, row);
  } else {
    adw_preferences_group_set_description (page->group, error->message);
    gtk_widget_set_sensitive (row, TRUE);
  }
  g_object_set_data (G_OBJECT (row), "asking", NULL);
  return NULL;
}

static void
end_clicked (GtkWidget *row)
{
  Page *page = page_of (g_object_get_data (G_OBJECT (row), "owner"));
  const char *id = g_object_get_data (G_OBJECT (row), "id");

  gtk_widget_set_sensitive (row, FALSE);
  g_object_set_data_full (G_OBJECT (row), "asking",
                          g_object_ref (g_object_get_data (G_OBJECT (row), "owner")),
                          g_object_unref);
  dex_future_disown (dex_future_finally (tl_remote_end_device (page->remote, id), ended,
                                         g_object_ref (row), g_object_unref));
}

static char *
seen_of (JsonObject *device)
{
  g_autoptr (GDateTime) utc =
      g_date_time_new_from_iso8601 (json_object_get_string_member (device, "seenAt"), NULL);
  g_autoptr (GDateTime) local = utc ? g_date_time_to_local (utc) : NULL;
  g_autofree char *text = local ? g_date_time_format (local, "%x %H:%M") : g_strdup ("");

  if (json_object_get_boolean_member (device, "isThis"))
    return g_strdup (_ ("This device"));
  /* Translators: a date and a time */
  return g_strdup_printf (_ ("Last seen %s"), text);
}

static void
add_device (GtkWidget *self, JsonObject *device)
{
  const char *name = json_object_get_string_member (device, "name");
  g_autofree char *seen = seen_of (device);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *end;

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), *name ? name : _ ("Unnamed Device"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), seen);
  if (!json_object_get_boolean_member (device, "isThis")) {
    end = gtk_button_new_with_label (_ ("Sign Out"));
    gtk_widget_set_valign (end, GTK_ALIGN_CENTER);
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), end);
    g_object_set_data (G_OBJECT (row), "owner", self);
    g_object_set_data_full (G_OBJECT (row), "id",
                            g_strdup (json_object_get_string_member (device, "id")), g_free);
    g_signal_connect_object (end, "clicked", G_CALLBACK (end_clicked), row, G_CONNECT_SWAPPED);
  }
  adw_preferences_group_add (page_of (self)->group, row);
}

static DexFuture *
listed (DexFuture *future, gpointer data)
{
  Page *page = page_of (data);
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  JsonArray *devices = value ? g_value_get_boxed (value) : NULL;

  if (error) {
    adw_preferences_group_set_description (page->group, error->message);
    page->is_asked = FALSE;
    return NULL;
  }
  adw_preferences_group_set_description (page->group, NULL);
  for (guint i = 0; i < json_array_get_length (devices); i++)
    add_device (data, json_array_get_object_element (devices, i));
  return NULL;
}

static void
shown (GtkWidget *self)
{
  Page *page = page_of (self);

  if (page->is_asked)
    return;
  page->is_asked = TRUE;
  dex_future_disown (dex_future_finally (tl_remote_devices (page->remote), listed,
                                         g_object_ref (self), g_object_unref));
}

AdwPreferencesPage *
tl_devices_page_new (TlRemote *remote)
{
  AdwPreferencesPage *self = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  Page *page = g_new0 (Page, 1);

  page->remote = g_object_ref (remote);
  page->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_preferences_group_set_title (page->group, _ ("Signed In On"));
  adw_preferences_page_add (self, page->group);
  adw_preferences_page_add (self, tl_password_group_new (remote));
  adw_preferences_page_add (self, tl_factor_group_new (remote));
  adw_preferences_page_add (self, tl_address_group_new (remote));
  adw_preferences_page_add (self, tl_invite_group_new (remote));
  adw_preferences_page_add (self, tl_data_group_new (remote));
  g_object_set_data_full (G_OBJECT (self), "page", page, page_free);
  g_signal_connect (self, "map", G_CALLBACK (shown), NULL);
  return self;
}
