/* people-dialog.c: two lists of the directory: the members, and everybody else to be chosen from. */
#include "ui/people-dialog.h"

#include "sync/actions-calendar.h"
#include "sync/actions.h"
#include "sync/models/lists.h"
#include "ui/face.h"

#include <glib/gi18n-lib.h>

struct _TlPeopleDialog {
  AdwDialog parent;
  AdwPreferencesGroup *members_group, *others_group;
  AdwSwitchRow *may_write;
  GtkWidget *invite, *rights;
  GtkListBox *members, *others;

  TlReplica *replica;
  TlMedia *media;
  gint64 place; /* a room, or a calendar */
  gboolean is_calendar;
  TlKeyList *inside, *directory;
};

G_DEFINE_FINAL_TYPE (TlPeopleDialog, tl_people_dialog, ADW_TYPE_DIALOG)

static GtkWidget *
member_row (gpointer object, gpointer data)
{
  GtkWidget *row = adw_action_row_new (), *avatar = adw_avatar_new (32, NULL, TRUE);

  g_object_bind_property (object, "name", row, "title", G_BINDING_SYNC_CREATE);
  g_object_bind_property (object, "login", row, "subtitle", G_BINDING_SYNC_CREATE);
  tl_face_follow (ADW_AVATAR (avatar), ((TlPeopleDialog *)data)->media, object);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), avatar);
  g_object_set_data_full (G_OBJECT (row), "person", g_object_ref (object), g_object_unref);
  return row;
}

/* The chosen ones; of gint64. */
static GArray *
chosen (TlPeopleDialog *self)
{
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->others, i)); i++) {
    GtkWidget *check = adw_action_row_get_activatable_widget (ADW_ACTION_ROW (row));
    TlPersonItem *person = g_object_get_data (G_OBJECT (row), "person");

    if (gtk_widget_get_visible (GTK_WIDGET (row)) &&
        gtk_check_button_get_active (GTK_CHECK_BUTTON (check)))
      g_array_append_val (keys, person->key);
  }
  return keys;
}

static void
update_invite (TlPeopleDialog *self)
{
  g_autoptr (GArray) keys = chosen (self);

  gtk_widget_set_visible (self->invite, keys->len > 0);
}

static GtkWidget *
other_row (gpointer object, gpointer data)
{
  TlPeopleDialog *self = data;
  TlPersonItem *person = object;
  GtkWidget *row = member_row (object, data), *check = gtk_check_button_new ();

  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (check, "selection-mode");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  gtk_widget_set_visible (row, tl_key_list_find (self->inside, person->key) < 0);
  g_signal_connect_object (check, "notify::active", G_CALLBACK (update_invite), self,
                           G_CONNECT_SWAPPED);
  return row;
}

/* Who came in is no longer to be chosen. */
static void
members_changed (TlPeopleDialog *self)
{
  GtkListBoxRow *row;
  gboolean is_anybody_left = FALSE;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->others, i)); i++) {
    TlPersonItem *person = g_object_get_data (G_OBJECT (row), "person");
    gboolean is_other = tl_key_list_find (self->inside, person->key) < 0;

    gtk_widget_set_visible (GTK_WIDGET (row), is_other);
    is_anybody_left |= is_other;
  }
  gtk_widget_set_visible (GTK_WIDGET (self->others_group), is_anybody_left);
  update_invite (self);
}

static void
invite_chosen (TlPeopleDialog *self)
{
  g_autoptr (GArray) keys = chosen (self);

  if (!self->is_calendar)
    dex_future_disown (tl_action_invite (self->replica, self->place,
                                         (const gint64 *)(gpointer)keys->data, keys->len));
  for (guint i = 0; self->is_calendar && i < keys->len; i++)
    dex_future_disown (tl_action_share_calendar (
        self->replica, self->place, g_array_index (keys, gint64, i),
        adw_switch_row_get_active (self->may_write) ? "member" : "reader"));
  adw_dialog_close (ADW_DIALOG (self));
}

static void
tl_people_dialog_dispose (GObject *object)
{
  TlPeopleDialog *self = TL_PEOPLE_DIALOG (object);

  g_clear_object (&self->inside);
  g_clear_object (&self->directory);
  g_clear_object (&self->replica);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_PEOPLE_DIALOG);
  G_OBJECT_CLASS (tl_people_dialog_parent_class)->dispose (object);
}

static void
tl_people_dialog_class_init (TlPeopleDialogClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_people_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/people-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, TlPeopleDialog, invite);
  gtk_widget_class_bind_template_child (widget_class, TlPeopleDialog, others_group);
  gtk_widget_class_bind_template_child (widget_class, TlPeopleDialog, members_group);
  gtk_widget_class_bind_template_child (widget_class, TlPeopleDialog, rights);
  gtk_widget_class_bind_template_child (widget_class, TlPeopleDialog, may_write);
  gtk_widget_class_bind_template_child (widget_class, TlPeopleDialog, members);
  gtk_widget_class_bind_template_child (widget_class, TlPeopleDialog, others);
}

static void
tl_people_dialog_init (TlPeopleDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->invite, "clicked", G_CALLBACK (invite_chosen), self);
}

static TlPeopleDialog *
dialog_new (TlReplica *replica, TlMedia *media, gint64 place)
{
  TlPeopleDialog *self = g_object_new (TL_TYPE_PEOPLE_DIALOG, NULL);

  self->replica = g_object_ref (replica);
  self->media = media;
  self->place = place;
  self->inside = tl_person_list_new (replica, place);
  self->directory = tl_person_list_new (replica, 0);
  gtk_list_box_bind_model (self->members, G_LIST_MODEL (self->inside), member_row, self, NULL);
  gtk_list_box_bind_model (self->others, G_LIST_MODEL (self->directory), other_row, self, NULL);
  g_signal_connect_object (self->inside, "items-changed", G_CALLBACK (members_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->directory, "items-changed", G_CALLBACK (members_changed), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  members_changed (self);
  return self;
}

AdwDialog *
tl_people_dialog_new (TlReplica *replica, TlMedia *media, gint64 room)
{
  return ADW_DIALOG (dialog_new (replica, media, room));
}

AdwDialog *
tl_people_dialog_new_for_calendar (TlReplica *replica, TlMedia *media, gint64 calendar)
{
  TlPeopleDialog *self = dialog_new (replica, media, calendar);

  self->is_calendar = TRUE;
  adw_preferences_group_set_title (self->members_group, _ ("See This Calendar"));
  adw_preferences_group_set_description (self->others_group, NULL);
  gtk_widget_set_visible (self->rights, TRUE);
  return ADW_DIALOG (self);
}
