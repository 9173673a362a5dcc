/* new-room-dialog.c: people come from the directory as switches; the room is made through the outbox, so
 * it works offline. */
#include "ui/chat/new-room-dialog.h"

#include "sync/actions.h"
#include "sync/models/lists.h"
#include "ui/face.h"

#include <glib/gi18n-lib.h>

struct _TlNewRoomDialog {
  AdwDialog parent;
  GtkWidget *cancel, *make;
  AdwEntryRow *name;
  GtkListBox *people;

  TlReplica *replica;
  TlMedia *media;
  gint64 me;
  TlKeyList *directory;
  GArray *chosen; /* of gint64 */
};

enum { MADE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlNewRoomDialog, tl_new_room_dialog, ADW_TYPE_DIALOG)

static char *
typed_name (TlNewRoomDialog *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name))));
}

static void
validate (TlNewRoomDialog *self)
{
  g_autofree char *name = typed_name (self);

  gtk_widget_set_sensitive (self->make, name[0] != '\0' || self->chosen->len == 1);
}

static void
person_toggled (GtkCheckButton *check, GParamSpec *pspec, TlNewRoomDialog *self)
{
  TlPersonItem *person = g_object_get_data (G_OBJECT (check), "person");

  if (gtk_check_button_get_active (check))
    g_array_append_val (self->chosen, person->key);
  else
    for (guint i = 0; i < self->chosen->len; i++)
      if (g_array_index (self->chosen, gint64, i) == person->key)
        g_array_remove_index (self->chosen, i--);
  validate (self);
}

static GtkWidget *
person_row (gpointer object, gpointer data)
{
  TlPersonItem *person = TL_PERSON_ITEM (object);
  TlNewRoomDialog *self = data;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *avatar = adw_avatar_new (32, NULL, TRUE);

  g_object_bind_property (person, "name", row, "title", G_BINDING_SYNC_CREATE);
  g_object_bind_property (person, "login", row, "subtitle", G_BINDING_SYNC_CREATE);
  tl_face_follow (ADW_AVATAR (avatar), self->media, person);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  g_object_set_data_full (G_OBJECT (check), "person", g_object_ref (person), g_object_unref);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (check, "selection-mode");
  g_signal_connect_object (check, "notify::active", G_CALLBACK (person_toggled), self, 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), avatar);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  gtk_widget_set_visible (row, person->key != self->me);
  return row;
}

static DexFuture *
room_made (DexFuture *future, gpointer data)
{
  TlNewRoomDialog *self = data;
  gint64 room = dex_await_int64 (dex_ref (future), NULL);

  if (room != 0)
    g_signal_emit (self, signals[MADE], 0, room);
  adw_dialog_close (ADW_DIALOG (self));
  return NULL;
}

static void
make_room (TlNewRoomDialog *self)
{
  g_autofree char *name = typed_name (self);

  gtk_widget_set_sensitive (self->make, FALSE);
  dex_future_disown (dex_future_then (
      tl_action_new_room (self->replica, name[0] ? name : NULL,
                          (const gint64 *)(gpointer)self->chosen->data, self->chosen->len),
      room_made, g_object_ref (self), g_object_unref));
}

static void
tl_new_room_dialog_dispose (GObject *object)
{
  TlNewRoomDialog *self = TL_NEW_ROOM_DIALOG (object);

  g_clear_object (&self->directory);
  g_clear_object (&self->replica);
  g_clear_pointer (&self->chosen, g_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_NEW_ROOM_DIALOG);
  G_OBJECT_CLASS (tl_new_room_dialog_parent_class)->dispose (object);
}

static void
tl_new_room_dialog_class_init (TlNewRoomDialogClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_new_room_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/chat/new-room-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, TlNewRoomDialog, cancel);
  gtk_widget_class_bind_template_child (widget_class, TlNewRoomDialog, make);
  gtk_widget_class_bind_template_child (widget_class, TlNewRoomDialog, name);
  gtk_widget_class_bind_template_child (widget_class, TlNewRoomDialog, people);
  signals[MADE] = g_signal_new ("made", TL_TYPE_NEW_ROOM_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
tl_new_room_dialog_init (TlNewRoomDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->chosen = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_signal_connect_swapped (self->cancel, "clicked", G_CALLBACK (adw_dialog_close), self);
  g_signal_connect_swapped (self->make, "clicked", G_CALLBACK (make_room), self);
  g_signal_connect_swapped (self->name, "changed", G_CALLBACK (validate), self);
}

AdwDialog *
tl_new_room_dialog_new (TlReplica *replica, TlMedia *media, gint64 me)
{
  TlNewRoomDialog *self = g_object_new (TL_TYPE_NEW_ROOM_DIALOG, NULL);

  self->replica = g_object_ref (replica);
  self->media = media;
  self->me = me;
  self->directory = tl_person_list_new (replica, 0);
  gtk_list_box_bind_model (self->people, G_LIST_MODEL (self->directory), person_row, self, NULL);
  return ADW_DIALOG (self);
}
