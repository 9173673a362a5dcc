/* invite-group.c: a button that makes a link and puts it on the clipboard; a row for each invitation that is good still.
 * The server is asked each time the group is shown. What is asked keeps the group alive until it is answered. Main
 * thread. */
#include "ui/preferences/invite-group.h"

#include "sync/remote-people.h"

#include <glib/gi18n-lib.h>

#define USES 1
#define DAYS 7

typedef struct {
  TlRemote *remote;
  AdwPreferencesGroup *group;
  GtkWidget *made; /* the row of the link, NULL for none */
  GPtrArray *rows; /* of the invitations */
  gboolean is_busy;
} Group;

static void
group_free (gpointer data)
{
  Group *self = data;

  g_object_unref (self->remote);
  g_ptr_array_unref (self->rows);
  g_free (self);
}

static Group *
group_of (gpointer widget)
{
  return g_object_get_data (G_OBJECT (widget), "group");
}

static void ask (AdwPreferencesGroup *widget);

static DexFuture *
revoked (DexFuture *future, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error))
    ask (data);
  else
    adw_preferences_group_set_description (data, error->message);
  return NULL;
}

static void
revoke_clicked (GtkWidget *row)
{
  AdwPreferencesGroup *widget = g_object_get_data (G_OBJECT (row), "owner");

  gtk_widget_set_sensitive (row, FALSE);
  dex_future_disown (
      dex_future_finally (tl_remote_revoke_invitation (group_of (widget)->remote,
                                                       g_object_get_data (G_OBJECT (row), "id")),
                          revoked, g_object_ref (widget), g_object_unref));
}

static void
add_invitation (Group *self, JsonObject *invitation)
{
  const char *expires = json_object_get_string_member_with_default (invitation, "expiresAt", "");
  const char *id = json_object_get_string_member_with_default (invitation, "id", "");
  gint64 uses = json_object_get_int_member_with_default (invitation, "uses", 1);
  g_autoptr (GDateTime) utc = g_date_time_new_from_iso8601 (expires, NULL);
  g_autoptr (GDateTime) local = utc ? g_date_time_to_local (utc) : NULL;
  g_autofree char *until = local ? g_date_time_format (local, "%x") : g_strdup (expires);
  g_autofree char *title =
      g_strdup_printf (ngettext ("For %u person", "For %u people", (gulong)uses), (guint)uses);
  /* Translators: a date */
  g_autofree char *subtitle = g_strdup_printf (_ ("Until %s"), until);
  GtkWidget *row = adw_action_row_new (), *revoke = gtk_button_new_with_label (_ ("Revoke"));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_valign (revoke, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), revoke);
  g_object_set_data (G_OBJECT (row), "owner", self->group);
  g_object_set_data_full (G_OBJECT (row), "id", g_strdup (id), g_free);
  g_signal_connect_object (revoke, "clicked", G_CALLBACK (revoke_clicked), row, G_CONNECT_SWAPPED);
  adw_preferences_group_add (self->group, row);
  g_ptr_array_add (self->rows, row);
}

static DexFuture *
listed (DexFuture *future, gpointer data)
{
  Group *self = group_of (data);
  const GValue *value = dex_future_get_value (future, NULL);
  JsonObject *answer = value ? g_value_get_boxed (value) : NULL;
  JsonNode *list = answer ? json_object_get_member (answer, "invitations") : NULL;
  JsonArray *invitations = list && JSON_NODE_HOLDS_ARRAY (list) ? json_node_get_array (list) : NULL;

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->group, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  gtk_widget_set_visible (data, answer && json_object_get_boolean_member (answer, "mayInvite"));
  for (guint i = 0; invitations && i < json_array_get_length (invitations); i++) {
    JsonNode *node = json_array_get_element (invitations, i);

    if (JSON_NODE_HOLDS_OBJECT (node))
      add_invitation (self, json_node_get_object (node));
  }
  return NULL;
}

static void
ask (AdwPreferencesGroup *widget)
{
  dex_future_disown (dex_future_finally (tl_remote_invitations (group_of (widget)->remote), listed,
                                         g_object_ref (widget), g_object_unref));
}

/* --- inviting ----------------------------------------------------------------------------------- */

static void
copy_clicked (GtkWidget *row)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (row),
                          adw_action_row_get_subtitle (ADW_ACTION_ROW (row)));
}

static void
show_link (Group *self, const char *link)
{
  GtkWidget *copy = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  if (self->made)
    adw_preferences_group_remove (self->group, self->made);
  self->made = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->made), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->made),
                                 _ ("Send This Link to One Person"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->made), link);
  adw_action_row_set_subtitle_selectable (ADW_ACTION_ROW (self->made), TRUE);
  gtk_widget_set_tooltip_text (copy, _ ("Copy the Link"));
  gtk_widget_set_valign (copy, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (copy, "flat");
  adw_action_row_add_suffix (ADW_ACTION_ROW (self->made), copy);
  g_signal_connect_object (copy, "clicked", G_CALLBACK (copy_clicked), self->made,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_add (self->group, self->made);
}

static DexFuture *
made (DexFuture *future, gpointer data)
{
  Group *self = group_of (data);
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  self->is_busy = FALSE;
  adw_preferences_group_set_description (self->group, error ? error->message : NULL);
  if (error)
    return NULL;
  show_link (self, json_object_get_string_member (g_value_get_boxed (value), "link"));
  ask (data);
  return NULL;
}

static void
invite_clicked (AdwPreferencesGroup *widget)
{
  Group *self = group_of (widget);

  if (self->is_busy)
    return;
  self->is_busy = TRUE;
  dex_future_disown (dex_future_finally (tl_remote_invite (self->remote, USES, DAYS), made,
                                         g_object_ref (widget), g_object_unref));
}

AdwPreferencesGroup *
tl_invite_group_new (TlRemote *remote)
{
  Group *self = g_new0 (Group, 1);
  GtkWidget *invite = gtk_button_new_with_label (_ ("Invite Somebody"));

  self->remote = g_object_ref (remote);
  self->rows = g_ptr_array_new ();
  self->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_preferences_group_set_title (self->group, _ ("Invitations"));
  gtk_widget_set_visible (GTK_WIDGET (self->group), FALSE);
  g_object_set_data_full (G_OBJECT (self->group), "group", self, group_free);
  gtk_widget_add_css_class (invite, "flat");
  adw_preferences_group_set_header_suffix (self->group, invite);
  g_signal_connect_object (invite, "clicked", G_CALLBACK (invite_clicked), self->group,
                           G_CONNECT_SWAPPED);
  ask (self->group);
  return self->group;
}
