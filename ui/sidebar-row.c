/* sidebar-row.c: shows an item and follows it while bound. */
#include "ui/sidebar-row.h"

#include "sync/models/items.h"
#include "ui/face.h"
#include "ui/favicon.h"
#include "ui/place.h"
#include "ui/words.h"

#include <glib/gi18n-lib.h>

struct _TlSidebarRow {
  GtkBox parent;
  GtkButton *arrow;
  GtkImage *icon, *warning;
  TlFavicon *favicon;
  AdwAvatar *avatar;
  GtkLabel *title, *count;
  GtkGesture *click;

  TlMedia *media;
  GtkListItem *cell;
  GObject *item;
  gulong handler;
  gboolean is_folded;
};

enum { TOGGLED, CLICKED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TlSidebarRow, tl_sidebar_row, GTK_TYPE_BOX)

static void
show_count (TlSidebarRow *self, guint count, gboolean is_urgent)
{
  g_autofree char *text = g_strdup_printf ("%u", count);

  gtk_label_set_label (self->count, text);
  gtk_widget_set_visible (GTK_WIDGET (self->count), count > 0);
  if (is_urgent)
    gtk_widget_remove_css_class (GTK_WIDGET (self->count), "quiet");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->count), "quiet");
}

static void
name_cell (TlSidebarRow *self, const char *title, guint count, const char *error)
{
  g_autoptr (GString) sentence = g_string_new (title);

  if (count > 0) {
    g_string_append (sentence, ", ");
    g_string_append_printf (sentence, ngettext ("%u unread", "%u unread", count), count);
  }
  if (error)
    g_string_append_printf (sentence, ", %s", error);
  gtk_list_item_set_accessible_label (self->cell, sentence->str);
}

static void
show_place (TlSidebarRow *self, TlPlace *place)
{
  const char *title = tl_place_title (place->kind);

  gtk_image_set_from_icon_name (self->icon, tl_place_icon (place->kind));
  gtk_label_set_label (self->title, title);
  show_count (self, place->count, tl_place_is_urgent (place->kind));
  name_cell (self, title, place->count, NULL);
}

static void
show_feed (TlSidebarRow *self, TlFeedItem *feed)
{
  const char *title = feed->title ? feed->title : feed->url;

  tl_favicon_set_title (self->favicon, title);
  gtk_label_set_label (self->title, title ? title : "");
  gtk_widget_set_visible (GTK_WIDGET (self->favicon), !feed->is_folder);
  gtk_widget_set_margin_start (GTK_WIDGET (self->favicon), feed->folder ? 14 : 0);
  gtk_widget_set_visible (GTK_WIDGET (self->arrow), feed->is_folder);
  gtk_widget_set_visible (GTK_WIDGET (self->warning), feed->error != NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->warning), feed->error);
  show_count (self, feed->unread, FALSE);
  name_cell (self, title ? title : "", feed->unread, feed->error);
}

/* The number's place has the clock where they are. */
static void
show_person (TlSidebarRow *self, TlPersonItem *person)
{
  g_autofree char *clock = tl_words_clock_in (person->time_zone);
  const char *name = person->name ? person->name : "";

  tl_face_show (self->avatar, self->media, person->name, person->avatar_blob);
  gtk_label_set_label (self->title, name);
  gtk_label_set_label (self->count, clock ? clock : "");
  gtk_widget_set_visible (GTK_WIDGET (self->count), clock != NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->count), "quiet");
  gtk_list_item_set_accessible_label (self->cell, name);
}

static void
update (TlSidebarRow *self)
{
  gboolean is_feed = TL_IS_FEED_ITEM (self->item);

  gtk_widget_set_visible (GTK_WIDGET (self->icon), TL_IS_PLACE (self->item));
  gtk_widget_set_visible (GTK_WIDGET (self->avatar), TL_IS_PERSON_ITEM (self->item));
  if (!is_feed) {
    gtk_widget_set_visible (GTK_WIDGET (self->arrow), FALSE);
    gtk_widget_set_visible (GTK_WIDGET (self->favicon), FALSE);
    gtk_widget_set_visible (GTK_WIDGET (self->warning), FALSE);
  }
  if (is_feed)
    show_feed (self, TL_FEED_ITEM (self->item));
  else if (TL_IS_PERSON_ITEM (self->item))
    show_person (self, TL_PERSON_ITEM (self->item));
  else
    show_place (self, TL_PLACE (self->item));
}

void
tl_sidebar_row_set_folded (TlSidebarRow *self, gboolean is_folded)
{
  self->is_folded = is_folded;
  gtk_button_set_icon_name (self->arrow, is_folded ? "pan-end-symbolic" : "pan-down-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->arrow), is_folded ? _ ("Unfold") : _ ("Fold"));
}

void
tl_sidebar_row_bind (TlSidebarRow *self, GtkListItem *cell, gboolean is_folded)
{
  g_clear_signal_handler (&self->handler, self->item);
  g_clear_object (&self->item);
  self->cell = cell;
  if (cell == NULL)
    return;
  self->item = g_object_ref (gtk_list_item_get_item (cell));
  self->handler = g_signal_connect_swapped (self->item, "notify", G_CALLBACK (update), self);
  tl_sidebar_row_set_folded (self, is_folded);
  update (self);
}

GtkListItem *
tl_sidebar_row_cell (TlSidebarRow *self)
{
  return self->cell;
}

static void
arrow_clicked (TlSidebarRow *self)
{
  g_signal_emit (self, signals[TOGGLED], 0);
}

static void
released (TlSidebarRow *self)
{
  if (self->cell)
    g_signal_emit (self, signals[CLICKED], 0);
}

static void
tl_sidebar_row_dispose (GObject *object)
{
  tl_sidebar_row_bind (TL_SIDEBAR_ROW (object), NULL, FALSE);
  gtk_widget_dispose_template (GTK_WIDGET (object), TL_TYPE_SIDEBAR_ROW);
  G_OBJECT_CLASS (tl_sidebar_row_parent_class)->dispose (object);
}

static void
tl_sidebar_row_class_init (TlSidebarRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_sidebar_row_dispose;
  g_type_ensure (TL_TYPE_FAVICON);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tideline/Tideline/ui/sidebar-row.ui");
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, TlSidebarRow, name)
  CHILD (arrow);
  CHILD (icon);
  CHILD (warning);
  CHILD (favicon);
  CHILD (avatar);
  CHILD (title);
  CHILD (count);
  CHILD (click);
#undef CHILD
  signals[TOGGLED] = g_signal_new ("toggled", TL_TYPE_SIDEBAR_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[CLICKED] = g_signal_new ("clicked", TL_TYPE_SIDEBAR_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
tl_sidebar_row_init (TlSidebarRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->arrow, "clicked", G_CALLBACK (arrow_clicked), self);
  g_signal_connect_swapped (self->click, "released", G_CALLBACK (released), self);
}

GtkWidget *
tl_sidebar_row_new (TlMedia *media)
{
  TlSidebarRow *self = g_object_new (TL_TYPE_SIDEBAR_ROW, NULL);

  self->media = media;
  return GTK_WIDGET (self);
}
