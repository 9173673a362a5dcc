/* room-row.c: see the header; everything shown is derived from the item. */
#include "ui/chat/room-row.h"

#include "ui/face.h"
#include "ui/title.h"
#include "ui/words.h"

#include <glib/gi18n-lib.h>

struct _TlRoomRow {
  AdwBin parent;
  AdwAvatar *avatar;
  GtkLabel *name, *time, *preview, *unread;
  GtkWidget *mention, *muted;
  TlMedia *media;
  GtkListItem *cell;
  TlRoomItem *item;
};

G_DEFINE_FINAL_TYPE (TlRoomRow, tl_room_row, ADW_TYPE_BIN)

static char *
preview_text (TlRoomItem *item)
{
  if (item->draft)
    return g_strdup_printf (_ ("Draft: %s"), item->draft);
  if (item->preview == NULL)
    return g_strdup (item->topic ? item->topic : "");
  if (item->preview_is_mine)
    return g_strdup_printf (_ ("You: %s"), item->preview);
  if (item->preview_sender)
    /* Translators: who: what they wrote */
    return g_strdup_printf (_ ("%s: %s"), item->preview_sender, item->preview);
  return g_strdup (item->preview);
}

static void
update_name (TlRoomRow *self, const char *preview, const char *time)
{
  g_autofree char *unread = NULL;
  g_autofree char *sentence = NULL;
  g_autoptr (GPtrArray) parts = NULL;

  if (self->item->unread > 0)
    unread =
        g_strdup_printf (ngettext ("%u unread message", "%u unread messages", self->item->unread),
                         self->item->unread);
  parts = g_ptr_array_new ();
  g_ptr_array_add (parts, self->item->name ? self->item->name : "");
  g_ptr_array_add (parts, (gpointer)preview);
  g_ptr_array_add (parts, (gpointer)time);
  if (unread)
    g_ptr_array_add (parts, unread);
  if (self->item->is_muted)
    g_ptr_array_add (parts, _ ("muted"));
  g_ptr_array_add (parts, NULL);
  sentence = g_strjoinv (", ", (char **)parts->pdata);
  gtk_list_item_set_accessible_label (self->cell, sentence);
}

static void
update (TlRoomRow *self)
{
  TlRoomItem *item = self->item;
  g_autofree char *preview = NULL;
  g_autofree char *time = NULL;
  g_autofree char *unread = NULL;

  if (!item->loaded)
    return;
  preview = preview_text (item);
  time = tl_words_short_time (item->time);
  unread = g_strdup_printf ("%u", item->unread);
  tl_face_show (self->avatar, self->media, item->name, item->avatar);
  gtk_label_set_label (self->name, item->name ? item->name : "");
  gtk_label_set_label (self->preview, preview);
  gtk_label_set_label (self->time, time);
  gtk_label_set_label (self->unread, unread);
  gtk_widget_set_visible (GTK_WIDGET (self->unread), item->unread > 0);
  gtk_widget_set_visible (self->mention, item->is_mentioned);
  gtk_widget_set_visible (self->muted, item->is_muted);
  if (item->is_muted)
    gtk_widget_add_css_class (GTK_WIDGET (self->unread), "quiet");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->unread), "quiet");
  tl_title_set_read (self->name, item->unread == 0);
  update_name (self, preview, time);
}

void
tl_room_row_bind (TlRoomRow *self, GtkListItem *cell)
{
  if (self->item)
    g_signal_handlers_disconnect_by_func (self->item, update, self);
  self->cell = cell;
  g_set_object (&self->item, cell ? gtk_list_item_get_item (cell) : NULL);
  if (cell == NULL)
    return;
  g_signal_connect_object (self->item, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
tl_room_row_dispose (GObject *object)
{
  tl_room_row_bind (TL_ROOM_ROW (object), NULL);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_ROOM_ROW);
  G_OBJECT_CLASS (tl_room_row_parent_class)->dispose (object);
}

static void
tl_room_row_class_init (TlRoomRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_room_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/chat/room-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TlRoomRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, TlRoomRow, name);
  gtk_widget_class_bind_template_child (widget_class, TlRoomRow, time);
  gtk_widget_class_bind_template_child (widget_class, TlRoomRow, preview);
  gtk_widget_class_bind_template_child (widget_class, TlRoomRow, unread);
  gtk_widget_class_bind_template_child (widget_class, TlRoomRow, mention);
  gtk_widget_class_bind_template_child (widget_class, TlRoomRow, muted);
}

static void
tl_room_row_init (TlRoomRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
tl_room_row_new (TlMedia *media)
{
  TlRoomRow *self = g_object_new (TL_TYPE_ROOM_ROW, NULL);

  self->media = media;
  return GTK_WIDGET (self);
}
