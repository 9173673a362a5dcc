/* hit-row.c: see the header; everything shown is derived from the item. */
#include "ui/search/hit-row.h"

#include "sync/wire/types.h"
#include "ui/face.h"
#include "ui/words.h"

struct _TlHitRow {
  AdwBin parent;
  GtkStack *picture;
  AdwAvatar *avatar;
  GtkImage *icon;
  GtkLabel *title, *snippet, *time;
  GtkListItem *cell;
  TlMedia *media;
  TlHitItem *item;
};

G_DEFINE_FINAL_TYPE (TlHitRow, tl_hit_row, ADW_TYPE_BIN)

/* What has no face has its kind's icon. */
static void
show_kind (TlHitRow *self)
{
  gboolean is_event = self->item->type == tl_calendar_event_type.number;
  gboolean has_icon = is_event || self->item->type == tl_article_type.number;
  const char *classes[] = { "kind", "soft", is_event ? "calendar" : "news", NULL };

  gtk_image_set_from_icon_name (self->icon, is_event ? "x-office-calendar-symbolic"
                                                     : "application-rss+xml-symbolic");
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
  gtk_stack_set_visible_child_name (self->picture, has_icon ? "icon" : "avatar");
}

static void
update (TlHitRow *self)
{
  TlHitItem *item = self->item;
  g_autofree char *time = NULL;
  g_autofree char *title = NULL;
  g_autofree char *sentence = NULL;

  if (!item->loaded)
    return;
  time = item->time > 0 ? tl_words_short_time (item->time) : g_strdup ("");
  title = g_strjoin (" · ", item->title ? item->title : "", item->context, NULL);
  show_kind (self);
  tl_face_show (self->avatar, self->media, item->title, item->face);
  gtk_label_set_label (self->title, title);
  gtk_label_set_markup (self->snippet, item->snippet ? item->snippet : "");
  gtk_widget_set_visible (GTK_WIDGET (self->snippet), item->snippet && item->snippet[0]);
  gtk_label_set_label (self->time, time);
  sentence = g_strjoin (", ", title, gtk_label_get_text (self->snippet), time, NULL);
  gtk_list_item_set_accessible_label (self->cell, sentence);
}

void
tl_hit_row_bind (TlHitRow *self, GtkListItem *cell)
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
tl_hit_row_dispose (GObject *object)
{
  tl_hit_row_bind (TL_HIT_ROW (object), NULL);
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_HIT_ROW);
  G_OBJECT_CLASS (tl_hit_row_parent_class)->dispose (object);
}

static void
tl_hit_row_class_init (TlHitRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_hit_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/search/hit-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TlHitRow, picture);
  gtk_widget_class_bind_template_child (widget_class, TlHitRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, TlHitRow, icon);
  gtk_widget_class_bind_template_child (widget_class, TlHitRow, title);
  gtk_widget_class_bind_template_child (widget_class, TlHitRow, snippet);
  gtk_widget_class_bind_template_child (widget_class, TlHitRow, time);
}

static void
tl_hit_row_init (TlHitRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
tl_hit_row_new (TlMedia *media)
{
  TlHitRow *self = g_object_new (TL_TYPE_HIT_ROW, NULL);

  self->media = media;
  return GTK_WIDGET (self);
}
