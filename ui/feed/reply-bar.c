/* reply-bar.c: Ctrl+Enter sends; an answer is seen by whoever sees what it answers (the server sees to that). Main
 * thread. */
#include "ui/feed/reply-bar.h"

#include "sync/actions-social.h"
#include "ui/draft-keeper.h"
#include "ui/send-key.h"

struct _TlReplyBar {
  GtkBox parent;
  GtkTextView *text;
  GtkTextBuffer *buffer;
  GtkWidget *placeholder, *send;
  TlDraftOffer *offer;

  TlReplica *replica;
  gint64 post;
  TlDraftKeeper *draft;
};

G_DEFINE_FINAL_TYPE (TlReplyBar, tl_reply_bar, GTK_TYPE_BOX)

static char *
typed_text (TlReplyBar *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return g_strstrip (gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE));
}

static void
changed (TlReplyBar *self)
{
  g_autofree char *text = typed_text (self);

  gtk_widget_set_visible (self->placeholder, gtk_text_buffer_get_char_count (self->buffer) == 0);
  gtk_widget_set_sensitive (self->send, text[0] != '\0');
}

static void
send (TlReplyBar *self)
{
  g_autofree char *text = typed_text (self);
  TlNewPost post = { .text = text,
                     .visibility = "public",
                     .reply_to = self->post,
                     .draft = tl_draft_keeper_place (self->draft) };

  if (text[0] == '\0')
    return;
  tl_draft_keeper_sent (self->draft);
  dex_future_disown (tl_action_post (self->replica, &post));
  gtk_text_buffer_set_text (self->buffer, "", -1);
  tl_draft_keeper_sent (self->draft);
}

static gboolean
send_by_key (GtkWidget *widget, GVariant *args, gpointer data)
{
  send (data);
  return TRUE;
}

static void
rekeyed (TlReplyBar *self, guint type, gint64 from, gint64 to)
{
  if (type == tl_post_type.number && self->post == from)
    self->post = to;
}

static void
tl_reply_bar_dispose (GObject *object)
{
  TlReplyBar *self = TL_REPLY_BAR (object);

  g_clear_pointer (&self->draft, tl_draft_keeper_free);
  g_clear_object (&self->replica);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_REPLY_BAR);
  G_OBJECT_CLASS (tl_reply_bar_parent_class)->dispose (object);
}

static void
tl_reply_bar_class_init (TlReplyBarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_reply_bar_dispose;
  g_type_ensure (TL_TYPE_DRAFT_OFFER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/feed/reply-bar.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlReplyBar, name)
  CHILD (text);
  CHILD (buffer);
  CHILD (placeholder);
  CHILD (send);
  CHILD (offer);
#undef CHILD
}

static void
tl_reply_bar_init (TlReplyBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tl_send_key_add (self->text, send_by_key, self);
  g_signal_connect_swapped (self->buffer, "changed", G_CALLBACK (changed), self);
  g_signal_connect_swapped (self->send, "clicked", G_CALLBACK (send), self);
}

GtkWidget *
tl_reply_bar_new (TlReplica *replica, gint64 post)
{
  TlReplyBar *self = g_object_new (TL_TYPE_REPLY_BAR, NULL);
  g_autofree char *place = g_strdup_printf ("reply:%" G_GINT64_FORMAT, post);

  self->replica = g_object_ref (replica);
  self->post = post;
  self->draft = tl_draft_keeper_new (replica, self->buffer, place, self->offer);
  g_signal_connect_object (replica, "rekeyed", G_CALLBACK (rekeyed), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
