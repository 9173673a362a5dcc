/* profile-dialog.c: a picture, and three entries whose saving is one change in the outbox. Main thread. */
#include "ui/feed/profile-dialog.h"

#include "sync/actions-social.h"
#include "ui/face.h"
#include "ui/feed/avatar-dialog.h"

#include <glib/gi18n-lib.h>

typedef struct {
  TlReplica *replica;
  gint64 me;
  AdwDialog *dialog;
  GtkEditable *name, *description, *time_zone;
  GtkWidget *save;
} Profile;

static void
profile_free (gpointer data)
{
  Profile *profile = data;

  g_object_unref (profile->replica);
  g_free (profile);
}

static gboolean
is_zone (const char *name)
{
  g_autoptr (GTimeZone) zone = *name ? g_time_zone_new_identifier (name) : NULL;

  return *name == '\0' || zone != NULL;
}

static void
changed (Profile *profile)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (profile->name)));
  gboolean fits = is_zone (gtk_editable_get_text (profile->time_zone));

  gtk_widget_set_sensitive (profile->save, *name && fits);
  if (fits)
    gtk_widget_remove_css_class (GTK_WIDGET (profile->time_zone), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (profile->time_zone), "error");
}

static void
save_clicked (Profile *profile)
{
  dex_future_disown (tl_action_edit_profile (
      profile->replica, profile->me, gtk_editable_get_text (profile->name),
      gtk_editable_get_text (profile->description), gtk_editable_get_text (profile->time_zone)));
  adw_dialog_close (profile->dialog);
}

static GtkEditable *
add_entry (Profile *profile, AdwPreferencesGroup *group, const char *title, const char *text)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_editable_set_text (GTK_EDITABLE (row), text ? text : "");
  adw_preferences_group_add (group, row);
  return GTK_EDITABLE (row);
}

static GtkWidget *
header_new (Profile *profile)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_ ("_Cancel"));

  profile->save = gtk_button_new_with_mnemonic (_ ("_Save"));
  gtk_widget_add_css_class (profile->save, "suggested-action");
  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), profile->save);
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (adw_dialog_close), profile->dialog);
  g_signal_connect_swapped (profile->save, "clicked", G_CALLBACK (save_clicked), profile);
  return header;
}

static void
choose_clicked (Profile *profile)
{
  tl_avatar_choose (profile->replica, profile->me, GTK_WIDGET (profile->dialog));
}

static void
remove_clicked (Profile *profile)
{
  dex_future_disown (tl_action_set_avatar (profile->replica, profile->me, NULL));
}

static void
avatar_changed (TlPersonItem *me, GParamSpec *spec, GtkWidget *remove)
{
  gtk_widget_set_visible (remove, me->avatar_blob != NULL);
}

static AdwPreferencesGroup *
picture_new (Profile *profile, TlMedia *media, TlPersonItem *me)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *avatar = adw_avatar_new (96, me->name, TRUE);
  GtkWidget *choose = gtk_button_new_with_mnemonic (_ ("Choose _Picture…"));
  GtkWidget *remove = gtk_button_new_with_mnemonic (_ ("_Remove Picture"));

  tl_face_follow (ADW_AVATAR (avatar), media, me);
  gtk_widget_set_halign (buttons, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (buttons), choose);
  gtk_box_append (GTK_BOX (buttons), remove);
  gtk_box_append (GTK_BOX (box), avatar);
  gtk_box_append (GTK_BOX (box), buttons);
  adw_preferences_group_add (group, box);
  g_signal_connect_swapped (choose, "clicked", G_CALLBACK (choose_clicked), profile);
  g_signal_connect_swapped (remove, "clicked", G_CALLBACK (remove_clicked), profile);
  g_signal_connect_object (me, "notify", G_CALLBACK (avatar_changed), remove, 0);
  avatar_changed (me, NULL, remove);
  return group;
}

AdwDialog *
tl_profile_dialog_new (TlReplica *replica, TlMedia *media, TlPersonItem *me)
{
  Profile *profile = g_new0 (Profile, 1);
  GtkWidget *bars = adw_toolbar_view_new (), *page = adw_preferences_page_new ();
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  profile->replica = g_object_ref (replica);
  profile->me = me->key;
  profile->dialog = adw_dialog_new ();
  g_object_set_data_full (G_OBJECT (profile->dialog), "profile", profile, profile_free);
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (bars), header_new (profile));
  profile->name = add_entry (profile, group, _ ("Name"), me->name);
  profile->description = add_entry (profile, group, _ ("About You"), me->description);
  profile->time_zone = add_entry (profile, group, _ ("Time Zone"), me->time_zone);
  g_signal_connect_swapped (profile->name, "changed", G_CALLBACK (changed), profile);
  g_signal_connect_swapped (profile->time_zone, "changed", G_CALLBACK (changed), profile);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), picture_new (profile, media, me));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), group);
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (bars), page);
  adw_dialog_set_title (profile->dialog, _ ("Edit Profile"));
  adw_dialog_set_content_width (profile->dialog, 420);
  adw_dialog_set_child (profile->dialog, bars);
  return profile->dialog;
}
