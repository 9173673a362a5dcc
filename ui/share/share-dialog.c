/* share-dialog.c: the rooms as the chat has them; what is sent goes through the outbox like anything else. */
#include "ui/share/share-dialog.h"

#include "sync/actions-social.h"
#include "sync/actions.h"
#include "sync/models/lists.h"
#include "ui/card-view.h"
#include "ui/chat/room-row.h"

#include <glib/gi18n-lib.h>

#define TL_TYPE_SHARE_DIALOG (tl_share_dialog_get_type ())
G_DECLARE_FINAL_TYPE (TlShareDialog, tl_share_dialog, TL, SHARE_DIALOG, AdwDialog)

struct _TlShareDialog {
  AdwDialog parent;
  TlCardView *card_view;
  GtkEntry *words;
  AdwToggleGroup *where;
  GtkStack *stack;
  GtkListView *rooms;

  TlReplica *replica;
  TlMedia *media;
  TlCard *card;
  TlKeyList *list;
  GtkSingleSelection *selection;
};

G_DEFINE_FINAL_TYPE (TlShareDialog, tl_share_dialog, ADW_TYPE_DIALOG)

static gboolean
goes_to_feed (TlShareDialog *self)
{
  return g_strcmp0 (adw_toggle_group_get_active_name (self->where), "feed") == 0;
}

static void
update (TlShareDialog *self)
{
  gboolean has_room = gtk_single_selection_get_selected_item (self->selection) != NULL;

  gtk_stack_set_visible_child_name (self->stack, goes_to_feed (self) ? "feed" : "room");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "share.send", goes_to_feed (self) || has_room);
}

static void
tell (TlShareDialog *self, const char *sentence)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "window.tell", "s", sentence);
}

static void
send_to_feed (TlShareDialog *self, const char *words)
{
  const TlNewPost post = { .text = words, .visibility = "public", .card = self->card };

  dex_future_disown (tl_action_post (self->replica, &post));
  tell (self, _ ("Shared into the feed"));
}

static void
send_to_room (TlShareDialog *self, const char *words)
{
  TlRoomItem *room = gtk_single_selection_get_selected_item (self->selection);
  g_autofree char *sentence = g_strdup_printf (_ ("Shared into “%s”"), room->name);

  dex_future_disown (tl_action_send_with (self->replica, room->key, words, 0, NULL, self->card));
  tell (self, sentence);
}

static void
send (GtkWidget *widget, const char *name, GVariant *parameter)
{
  TlShareDialog *self = TL_SHARE_DIALOG (widget);
  g_autofree char *words =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->words))));

  if (goes_to_feed (self))
    send_to_feed (self, words);
  else
    send_to_room (self, words);
  adw_dialog_close (ADW_DIALOG (self));
}

static void
cancel (GtkWidget *widget, const char *name, GVariant *parameter)
{
  adw_dialog_close (ADW_DIALOG (widget));
}

static void
row_setup (TlShareDialog *self, GtkListItem *cell)
{
  gtk_list_item_set_child (cell, tl_room_row_new (self->media));
}

static void
row_bind (TlShareDialog *self, GtkListItem *cell)
{
  tl_room_row_bind (TL_ROOM_ROW (gtk_list_item_get_child (cell)), gtk_list_item_get_item (cell));
}

static void
row_unbind (TlShareDialog *self, GtkListItem *cell)
{
  tl_room_row_bind (TL_ROOM_ROW (gtk_list_item_get_child (cell)), NULL);
}

static void
tl_share_dialog_dispose (GObject *object)
{
  TlShareDialog *self = TL_SHARE_DIALOG (object);

  if (self->selection)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->rooms)
    gtk_list_view_set_model (self->rooms, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->list);
  g_clear_object (&self->replica);
  g_clear_pointer (&self->card, tl_card_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_SHARE_DIALOG);
  G_OBJECT_CLASS (tl_share_dialog_parent_class)->dispose (object);
}

static void
tl_share_dialog_class_init (TlShareDialogClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_share_dialog_dispose;
  g_type_ensure (TL_TYPE_CARD_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/share/share-dialog.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "card", FALSE,
                                             G_STRUCT_OFFSET (TlShareDialog, card_view));
  gtk_widget_class_bind_template_child (widget_class, TlShareDialog, words);
  gtk_widget_class_bind_template_child (widget_class, TlShareDialog, where);
  gtk_widget_class_bind_template_child (widget_class, TlShareDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, TlShareDialog, rooms);
  gtk_widget_class_install_action (widget_class, "share.send", NULL, send);
  gtk_widget_class_install_action (widget_class, "share.cancel", NULL, cancel);
}

static void
tl_share_dialog_init (TlShareDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
tl_share_dialog_new (TlReplica *replica, TlMedia *media, gint64 me, const TlCard *card)
{
  TlShareDialog *self = g_object_new (TL_TYPE_SHARE_DIALOG, NULL);
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autofree char *json = tl_card_format (card);

  self->replica = g_object_ref (replica);
  self->media = media;
  self->card = tl_card_parse (json);
  tl_card_view_show (self->card_view, media, json);
  self->list = tl_room_list_new (replica, me);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->list)));
  g_signal_connect_object (factory, "setup", G_CALLBACK (row_setup), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (row_bind), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (row_unbind), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->rooms, factory);
  gtk_list_view_set_model (self->rooms, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->where, "notify::active", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
  return ADW_DIALOG (self);
}
