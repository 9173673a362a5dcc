/* article-row.c: shows an item and follows it while bound. */
#include "ui/news/article-row.h"

#include "sync/models/items.h"
#include "ui/favicon.h"
#include "ui/picture.h"
#include "ui/title.h"
#include "ui/words.h"

#include <glib/gi18n-lib.h>

struct _TlArticleRow {
  GtkBox parent;
  TlFavicon *favicon;
  GtkLabel *source, *time, *title, *minutes;
  GtkWidget *star, *later;
  TlPicture *picture;
  GtkGesture *click;

  TlMedia *media;
  GtkListItem *cell;
  TlArticleItem *item;
  gulong handler;
  guint queued;
};

enum { CLICKED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlArticleRow, tl_article_row, GTK_TYPE_BOX)

/* What is folded says why; it is read when it is opened. */
static char *
title_of (const TlArticleItem *item)
{
  if (item->filtered)
    return g_strdup_printf (_ ("Filtered: %s"), item->filtered);
  return g_strdup (item->title && *item->title ? item->title : item->url);
}

/* The whole row as one sentence. */
static void
name_cell (TlArticleRow *self)
{
  const TlArticleItem *item = self->item;
  g_autofree char *time = tl_words_short_time (item->published_at);
  g_autofree char *title = title_of (item);
  g_autoptr (GString) sentence = g_string_new (item->is_read ? NULL : _ ("Unread, "));

  g_string_append_printf (sentence, _ ("%s, from %s, %s, "), title,
                          item->feed_title ? item->feed_title : "", time);
  g_string_append_printf (sentence, ngettext ("%u minute", "%u minutes", item->minutes),
                          item->minutes);
  if (item->is_starred)
    g_string_append_printf (sentence, ", %s", _ ("starred"));
  if (item->is_later)
    g_string_append_printf (sentence, ", %s", _ ("for later"));
  gtk_list_item_set_accessible_label (self->cell, sentence->str);
}

static void
update (TlArticleRow *self)
{
  const TlArticleItem *item = self->item;
  g_autofree char *clock = NULL, *time = NULL, *minutes = NULL, *title = NULL;

  if (!item->loaded)
    return;
  clock = tl_words_clock (item->published_at);
  time = g_strdup_printf ("· %s", clock);
  minutes = g_strdup_printf (ngettext ("%u min", "%u min", item->minutes), item->minutes);
  tl_favicon_set_title (self->favicon, item->feed_title);
  gtk_label_set_label (self->source, item->feed_title ? item->feed_title : "");
  gtk_label_set_label (self->time, time);
  title = title_of (item);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->minutes, minutes);
  gtk_widget_set_visible (self->star, item->is_starred);
  gtk_widget_set_visible (self->later, item->is_later);
  tl_picture_show (self->picture, self->media, item->filtered ? NULL : item->image,
                   item->image_width, item->image_height);
  tl_title_set_read (self->title, item->is_read);
  name_cell (self);
}

static gboolean
update_queued (gpointer data)
{
  TlArticleRow *self = data;

  self->queued = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

/* A filled item notifies a dozen properties: once for all, before the next layout. */
static void
queue_update (TlArticleRow *self)
{
  if (self->queued == 0)
    self->queued = g_idle_add_full (G_PRIORITY_HIGH_IDLE, update_queued, self, NULL);
}

void
tl_article_row_bind (TlArticleRow *self, GtkListItem *cell)
{
  g_clear_handle_id (&self->queued, g_source_remove);
  g_clear_signal_handler (&self->handler, self->item);
  g_clear_object (&self->item);
  self->cell = cell;
  if (cell == NULL)
    return;
  self->item = g_object_ref (gtk_list_item_get_item (cell));
  self->handler = g_signal_connect_swapped (self->item, "notify", G_CALLBACK (queue_update), self);
  update (self);
}

GtkListItem *
tl_article_row_cell (TlArticleRow *self)
{
  return self->cell;
}

static void
released (TlArticleRow *self)
{
  if (self->cell)
    g_signal_emit (self, signals[CLICKED], 0);
}

static void
tl_article_row_dispose (GObject *object)
{
  tl_article_row_bind (TL_ARTICLE_ROW (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_ARTICLE_ROW);
  G_OBJECT_CLASS (tl_article_row_parent_class)->dispose (object);
}

static void
tl_article_row_class_init (TlArticleRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_article_row_dispose;
  g_type_ensure (TL_TYPE_FAVICON);
  g_type_ensure (TL_TYPE_PICTURE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/news/article-row.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlArticleRow, name)
  CHILD (favicon);
  CHILD (source);
  CHILD (time);
  CHILD (title);
  CHILD (minutes);
  CHILD (star);
  CHILD (later);
  CHILD (picture);
  CHILD (click);
#undef CHILD
  signals[CLICKED] = g_signal_new ("clicked", TL_TYPE_ARTICLE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
tl_article_row_init (TlArticleRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->click, "released", G_CALLBACK (released), self);
}

GtkWidget *
tl_article_row_new (TlMedia *media)
{
  TlArticleRow *self = g_object_new (TL_TYPE_ARTICLE_ROW, NULL);

  self->media = media;
  return GTK_WIDGET (self);
}
