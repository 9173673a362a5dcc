/* inbox-row.c: the wording of each kind, and a row that follows its item. */
#include "ui/inbox/inbox-row.h"

#include "ui/face.h"
#include "ui/favicon.h"
#include "ui/title.h"
#include "ui/words.h"

#include <glib/gi18n-lib.h>

struct _TlInboxRow {
  AdwBin parent;
  GtkStack *faces;
  AdwAvatar *avatar;
  TlMedia *media;
  TlFavicon *favicon;
  GtkImage *badge;
  GtkLabel *name, *context, *time, *what, *preview;
  GtkWidget *dot;
  GtkListItem *cell;
  TlInboxItem *item;
};

G_DEFINE_FINAL_TYPE (TlInboxRow, tl_inbox_row, ADW_TYPE_BIN)

/* --- words --------------------------------------------------------------------------------------- */

static gboolean
is_about_message (TlInboxItem *item)
{
  return item->subject_type == tl_message_type.number;
}

char *
tl_inbox_words (TlInboxItem *item)
{
  switch (item->kind) {
  case TL_INBOX_MENTION:
    return g_strdup (is_about_message (item) ? _ ("Mentioned you in a room")
                                             : _ ("Mentioned you in a post"));
  case TL_INBOX_REPLY:
    return g_strdup (_ ("Replied to your post"));
  case TL_INBOX_REACTION:
    return g_strdup (is_about_message (item) ? _ ("Reacted to your message")
                                             : _ ("Reacted to your post"));
  case TL_INBOX_BOOST:
    return g_strdup (_ ("Boosted your post"));
  case TL_INBOX_FOLLOW:
    return g_strdup (_ ("Follows you now"));
  case TL_INBOX_INVITATION:
    return g_strdup_printf (_ ("Invitation: %s"), item->text ? item->text : "");
  case TL_INBOX_MESSAGES:
    if (item->context && item->text)
      /* Translators: who: what they wrote */
      return g_strdup_printf (_ ("%s: %s"), item->context, item->text);
    return g_strdup (item->text ? item->text : "");
  case TL_INBOX_ARTICLE:
    return g_strdup (item->text ? item->text : "");
  }
  return g_strdup ("");
}

const char *
tl_inbox_style (TlInboxItem *item)
{
  switch (item->kind) {
  case TL_INBOX_ARTICLE:
    return "news";
  case TL_INBOX_MESSAGES:
    return "chat";
  case TL_INBOX_INVITATION:
    return "calendar";
  case TL_INBOX_FOLLOW:
    return "person";
  default:
    return is_about_message (item) ? "chat" : "feed";
  }
}

const char *
tl_inbox_icon (TlInboxItem *item)
{
  switch (item->kind) {
  case TL_INBOX_ARTICLE:
    return "application-rss+xml-symbolic";
  case TL_INBOX_MESSAGES:
    return "chat-message-new-symbolic";
  case TL_INBOX_INVITATION:
    return "x-office-calendar-symbolic";
  case TL_INBOX_FOLLOW:
    return "avatar-default-symbolic";
  default:
    return is_about_message (item) ? "chat-message-new-symbolic" : "system-users-symbolic";
  }
}

const char *
tl_inbox_section (TlInboxItem *item)
{
  switch (item->kind) {
  case TL_INBOX_ARTICLE:
    return _ ("News");
  case TL_INBOX_MESSAGES:
    return item->is_direct ? _ ("Direct") : _ ("Chat");
  case TL_INBOX_INVITATION:
    return _ ("Calendar");
  case TL_INBOX_FOLLOW:
    return _ ("Circle");
  default:
    return is_about_message (item) ? _ ("Chat") : _ ("Feed");
  }
}

/* Beside the name: how many messages, or where it happened. */
static char *
context_words (TlInboxItem *item)
{
  if (item->kind == TL_INBOX_MESSAGES && item->count > 1)
    return g_strdup_printf (ngettext ("%u new", "%u new", item->count), item->count);
  if (item->kind == TL_INBOX_ARTICLE)
    return g_strdup (item->context ? item->context : _ ("News"));
  if (is_about_message (item) && item->context)
    return g_strdup (item->context);
  return g_strdup (tl_inbox_section (item));
}

static const char *
preview_text (TlInboxItem *item)
{
  if (item->kind == TL_INBOX_ARTICLE)
    return item->preview;
  return item->kind == TL_INBOX_MESSAGES || item->kind == TL_INBOX_INVITATION ? NULL : item->text;
}

/* --- the row ------------------------------------------------------------------------------------- */

static void
name_cell (TlInboxRow *self, const char *what, const char *time)
{
  TlInboxItem *item = self->item;
  g_autofree char *sentence =
      g_strdup_printf (item->is_unread ? _ ("Unread, %s, %s, %s, %s") : _ ("%s, %s, %s, %s"),
                       item->title ? item->title : "", what, tl_inbox_section (item), time);

  gtk_list_item_set_accessible_label (self->cell, sentence);
}

static void
show_kind (TlInboxRow *self)
{
  const char *classes[] = { "kind", "ring", tl_inbox_style (self->item), NULL };

  gtk_image_set_from_icon_name (self->badge, tl_inbox_icon (self->item));
  gtk_widget_set_css_classes (GTK_WIDGET (self->badge), classes);
}

static void
update (TlInboxRow *self)
{
  TlInboxItem *item = self->item;
  g_autofree char *what = NULL, *context = NULL, *time = NULL, *place = NULL;
  const char *preview;

  if (!item->loaded)
    return;
  what = tl_inbox_words (item);
  context = context_words (item);
  place = g_strdup_printf ("· %s", context);
  time = tl_words_clock (item->time);
  preview = preview_text (item);
  tl_face_show (self->avatar, self->media, item->title, item->avatar);
  tl_favicon_set_title (self->favicon, item->title);
  gtk_stack_set_visible_child_name (self->faces,
                                    item->kind == TL_INBOX_ARTICLE ? "source" : "person");
  gtk_label_set_label (self->name, item->title ? item->title : "");
  gtk_label_set_label (self->context, place);
  gtk_label_set_label (self->time, time);
  gtk_label_set_label (self->what, what);
  gtk_label_set_label (self->preview, preview ? preview : "");
  gtk_widget_set_visible (GTK_WIDGET (self->preview), preview && *preview);
  gtk_widget_set_visible (self->dot, item->is_unread);
  tl_title_set_read (self->name, !item->is_unread);
  show_kind (self);
  name_cell (self, what, time);
}

void
tl_inbox_row_bind (TlInboxRow *self, GtkListItem *cell)
{
  if (self->item)
    g_signal_handlers_disconnect_by_func (self->item, update, self);
  self->cell = cell;
  g_set_object (&self->item, cell ? gtk_list_item_get_item (cell) : NULL);
  if (self->item == NULL)
    return;
  g_signal_connect_object (self->item, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
tl_inbox_row_dispose (GObject *object)
{
  tl_inbox_row_bind (TL_INBOX_ROW (object), NULL);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_INBOX_ROW);
  G_OBJECT_CLASS (tl_inbox_row_parent_class)->dispose (object);
}

static void
tl_inbox_row_class_init (TlInboxRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_inbox_row_dispose;
  g_type_ensure (TL_TYPE_FAVICON);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/inbox/inbox-row.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlInboxRow, name)
  CHILD (faces);
  CHILD (avatar);
  CHILD (favicon);
  CHILD (badge);
  CHILD (name);
  CHILD (context);
  CHILD (time);
  CHILD (what);
  CHILD (preview);
  CHILD (dot);
#undef CHILD
}

static void
tl_inbox_row_init (TlInboxRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
tl_inbox_row_new (TlMedia *media)
{
  TlInboxRow *self = g_object_new (TL_TYPE_INBOX_ROW, NULL);

  self->media = media;
  return GTK_WIDGET (self);
}
