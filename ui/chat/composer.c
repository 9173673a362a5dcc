/* composer.c: Enter sends, Shift+Enter breaks the line, Escape drops the reply or the edit, Up in an empty one
 * edits what one said last. What is typed is a draft (ui/draft-keeper.h), which sending clears in the same
 * transaction; while a message is edited none is kept. */
#include "ui/chat/composer.h"

#include "sync/actions.h"
#include "ui/attachments/attachment-bar.h"
#include "ui/draft-keeper.h"

#include <glib/gi18n-lib.h>

#define MOST_FILES 8

struct _TlComposer {
  GtkBox parent;

  GtkTextView *text;
  GtkTextBuffer *buffer;
  GtkLabel *placeholder, *reply_sender, *reply_body;
  GtkWidget *reply_bar, *cancel_reply, *attach, *send;
  TlAttachmentBar *files;
  TlDraftOffer *offer;
  GtkMenuButton *emoji;

  TlReplica *replica;
  gint64 room, reply_to, edited; /* messages; 0 for none */
  TlDraftKeeper *draft;          /* NULL while a message is edited */
  GHashTable *left;              /* room -> files that were left there unsent */
};

enum { SENT, EDIT_LAST, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlComposer, tl_composer, GTK_TYPE_BOX)

static char *
typed_text (TlComposer *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
}

static void
update_send (TlComposer *self)
{
  g_autofree char *text = g_strstrip (typed_text (self));

  gtk_widget_set_sensitive (self->send, !tl_attachment_bar_is_busy (self->files) &&
                                            (text[0] || tl_attachment_bar_count (self->files) > 0));
}

static void
text_changed (TlComposer *self)
{
  g_autofree char *text = typed_text (self);

  gtk_widget_set_visible (GTK_WIDGET (self->placeholder), text[0] == '\0');
  update_send (self);
}

static void
set_text (TlComposer *self, const char *text)
{
  gtk_text_buffer_set_text (self->buffer, text ? text : "", -1);
}

/* The draft of the room, from an empty text on. */
static void
keep_draft (TlComposer *self)
{
  g_autofree char *place = g_strdup_printf ("room:%" G_GINT64_FORMAT, self->room);

  g_clear_pointer (&self->draft, tl_draft_keeper_free);
  set_text (self, NULL);
  self->draft = tl_draft_keeper_new (self->replica, self->buffer, place, self->offer);
}

/* The reply or the edit. */
static void
drop_subject (TlComposer *self)
{
  self->reply_to = 0;
  gtk_widget_set_visible (self->reply_bar, FALSE);
  if (self->edited == 0)
    return;
  self->edited = 0;
  keep_draft (self);
  gtk_widget_set_sensitive (self->attach, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->files), TRUE);
}

static void
show_subject (TlComposer *self, const char *title, const char *text, const char *drop)
{
  gtk_label_set_label (self->reply_sender, title);
  gtk_label_set_label (self->reply_body, text ? text : "");
  gtk_widget_set_tooltip_text (self->cancel_reply, drop);
  gtk_widget_set_visible (self->reply_bar, TRUE);
  tl_composer_focus (self);
}

/* Unchanged, nothing happens; the draft is there again. */
static void
send_edit (TlComposer *self, const char *text)
{
  gint64 message = self->edited;

  if (g_strcmp0 (text, gtk_label_get_label (self->reply_body)) != 0)
    dex_future_disown (tl_action_edit_message (self->replica, message, text));
  drop_subject (self);
}

void
tl_composer_send (TlComposer *self)
{
  g_autofree char *text = g_strstrip (typed_text (self));
  g_autoptr (GPtrArray) files = NULL;

  if (!gtk_widget_get_sensitive (self->send) || self->room == 0)
    return;
  if (self->edited != 0) {
    send_edit (self, text);
    return;
  }
  tl_draft_keeper_sent (self->draft);
  files = tl_attachment_bar_take (self->files);
  dex_future_disown (
      tl_action_send_with (self->replica, self->room, text, self->reply_to, files, NULL));
  set_text (self, NULL);
  tl_draft_keeper_sent (self->draft);
  drop_subject (self);
  g_signal_emit (self, signals[SENT], 0);
}

static gboolean
key_pressed (TlComposer *self, guint key, guint code, GdkModifierType state)
{
  if (key == GDK_KEY_Escape && (self->reply_to != 0 || self->edited != 0)) {
    drop_subject (self);
    return GDK_EVENT_STOP;
  }
  if (key == GDK_KEY_Up && self->edited == 0 &&
      gtk_text_buffer_get_char_count (self->buffer) == 0) {
    g_signal_emit (self, signals[EDIT_LAST], 0);
    return GDK_EVENT_STOP;
  }
  if ((key != GDK_KEY_Return && key != GDK_KEY_KP_Enter) || (state & GDK_SHIFT_MASK))
    return GDK_EVENT_PROPAGATE;
  tl_composer_send (self);
  return GDK_EVENT_STOP;
}

static void
pasted (TlComposer *self)
{
  if (tl_attachment_bar_paste (self->files, gtk_widget_get_clipboard (GTK_WIDGET (self))))
    g_signal_stop_emission_by_name (self->text, "paste-clipboard");
}

static void
attach_failed (TlComposer *self, const char *sentence)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "window.tell", "s", sentence);
}

/* What was left unsent in a room is there again when one comes back. */
static void
change_files (TlComposer *self, gint64 from, gint64 to)
{
  GPtrArray *kept;

  if (from != 0 && tl_attachment_bar_count (self->files) > 0)
    g_hash_table_insert (self->left, g_memdup2 (&from, sizeof from),
                         tl_attachment_bar_take (self->files));
  kept = g_hash_table_lookup (self->left, &to);
  if (kept) {
    tl_attachment_bar_put (self->files, g_ptr_array_ref (kept));
    g_hash_table_remove (self->left, &to);
  }
}

static void
emoji_picked (TlComposer *self, const char *emoji)
{
  gtk_text_buffer_insert_at_cursor (self->buffer, emoji, -1);
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

/* Only when it is asked for: it draws two thousand pictures and keeps them. */
static void
make_emoji_chooser (GtkMenuButton *button, gpointer self)
{
  GtkWidget *chooser;

  if (gtk_menu_button_get_popover (button))
    return;
  chooser = gtk_emoji_chooser_new ();
  g_signal_connect_swapped (chooser, "emoji-picked", G_CALLBACK (emoji_picked), self);
  gtk_menu_button_set_popover (button, chooser);
}

void
tl_composer_open (TlComposer *self, gint64 room, const char *room_name)
{
  g_autofree char *hint = g_strdup_printf (_ ("Message %s"), room_name ? room_name : "");

  gtk_label_set_label (self->placeholder, room_name ? hint : _ ("Message"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->text), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  room_name ? hint : _ ("Message"), -1);
  if (room == self->room)
    return;
  drop_subject (self);
  change_files (self, self->room, room);
  self->room = room;
  keep_draft (self);
}

void
tl_composer_reply_to (TlComposer *self, TlMessageItem *message)
{
  drop_subject (self);
  self->reply_to = message->key;
  show_subject (self, message->is_mine ? _ ("You") : message->sender_name, message->body,
                _ ("Do Not Reply"));
}

void
tl_composer_edit (TlComposer *self, TlMessageItem *message)
{
  drop_subject (self);
  g_clear_pointer (&self->draft, tl_draft_keeper_free);
  tl_draft_offer_show (self->offer, NULL);
  self->edited = message->key;
  gtk_widget_set_sensitive (self->attach, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->files), FALSE);
  set_text (self, message->body);
  show_subject (self, _ ("Edit Message"), message->body, _ ("Do Not Edit"));
}

/* The server has named what is answered or edited. */
static void
rekeyed (TlComposer *self, guint type, gint64 from, gint64 to)
{
  if (type != tl_message_type.number)
    return;
  if (self->reply_to == from)
    self->reply_to = to;
  if (self->edited == from)
    self->edited = to;
}

void
tl_composer_focus (TlComposer *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

void
tl_composer_set_up (TlComposer *self, TlReplica *replica, TlMedia *media)
{
  g_set_object (&self->replica, replica);
  g_signal_connect_object (replica, "rekeyed", G_CALLBACK (rekeyed), self, G_CONNECT_SWAPPED);
  tl_attachment_bar_set_up (self->files, replica, media, FALSE, MOST_FILES);
}

void
tl_composer_accept_drops (TlComposer *self, GtkWidget *widget)
{
  tl_attachment_bar_accept_drops (self->files, widget);
}

static void
tl_composer_dispose (GObject *object)
{
  TlComposer *self = TL_COMPOSER (object);

  g_clear_pointer (&self->draft, tl_draft_keeper_free);
  g_clear_object (&self->replica);
  g_clear_pointer (&self->left, g_hash_table_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_COMPOSER);
  G_OBJECT_CLASS (tl_composer_parent_class)->dispose (object);
}

static void
tl_composer_class_init (TlComposerClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  g_type_ensure (TL_TYPE_ATTACHMENT_BAR);
  g_type_ensure (TL_TYPE_DRAFT_OFFER);
  G_OBJECT_CLASS (class)->dispose = tl_composer_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/chat/composer.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlComposer, name)
  CHILD (text);
  CHILD (buffer);
  CHILD (placeholder);
  CHILD (reply_sender);
  CHILD (reply_body);
  CHILD (reply_bar);
  CHILD (cancel_reply);
  CHILD (send);
  CHILD (attach);
  CHILD (files);
  CHILD (offer);
  CHILD (emoji);
#undef CHILD
  signals[SENT] = g_signal_new ("sent", TL_TYPE_COMPOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
  signals[EDIT_LAST] = g_signal_new ("edit-last", TL_TYPE_COMPOSER, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);
}

static void
tl_composer_init (TlComposer *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->left = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                      (GDestroyNotify)g_ptr_array_unref);
  g_signal_connect_swapped (self->text, "paste-clipboard", G_CALLBACK (pasted), self);
  g_signal_connect_swapped (self->attach, "clicked", G_CALLBACK (tl_attachment_bar_pick),
                            self->files);
  g_signal_connect_swapped (self->files, "changed", G_CALLBACK (update_send), self);
  g_signal_connect_swapped (self->files, "failed", G_CALLBACK (attach_failed), self);
  g_signal_connect_swapped (self->buffer, "changed", G_CALLBACK (text_changed), self);
  g_signal_connect_swapped (self->send, "clicked", G_CALLBACK (tl_composer_send), self);
  g_signal_connect_swapped (self->cancel_reply, "clicked", G_CALLBACK (drop_subject), self);
  gtk_menu_button_set_create_popup_func (self->emoji, make_emoji_chooser, self, NULL);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self->text), keys);
}
