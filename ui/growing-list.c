/* growing-list.c: the first `limit` rows of the base are seen. A list that is filled anew begins with few again. It
 * grows by some rows a frame, from the third on that the view is on the screen, and is unlimited when the view has as
 * many rows as GTK keeps widgets for. Main thread.
 *
 * It never grows at the top: GTK 4.18 fails an assertion (gtk_list_base_update_adjustments) when rows with headers come
 * above those on the screen while it scrolls. */
#include "ui/growing-list.h"

#define NAME "tl-growing-list"
#define FIRST 24
#define STEP 8
#define ENOUGH 216 /* GTK keeps 200 around the one it is anchored at */
#define FRAMES_BEFORE 3

struct _TlGrowingList {
  GObject parent;
  GListModel *base;
  GtkWidget *view; /* weak */
  guint n;         /* of the base, as told */
  guint limit;
  guint tick, frames;
};

static void list_model_init (GListModelInterface *iface);
static void section_model_init (GtkSectionModelInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (TlGrowingList, tl_growing_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                                   G_IMPLEMENT_INTERFACE (GTK_TYPE_SECTION_MODEL,
                                                          section_model_init))

static guint
count_shown (TlGrowingList *self)
{
  return MIN (self->n, self->limit);
}

/* --- growing ------------------------------------------------------------------------------------ */

static void
show_up_to (TlGrowingList *self, guint limit)
{
  guint before = count_shown (self), grown;

  self->limit = limit >= ENOUGH ? G_MAXUINT : limit;
  grown = count_shown (self) - before;
  if (grown > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, grown);
}

static gboolean
next_frame (GtkWidget *view, GdkFrameClock *clock, gpointer data)
{
  TlGrowingList *self = data;

  if (gtk_widget_get_mapped (view) && ++self->frames > FRAMES_BEFORE)
    show_up_to (self, self->limit + STEP);
  if (gtk_widget_get_mapped (view) && self->n > self->limit)
    return G_SOURCE_CONTINUE;
  self->tick = 0;
  return G_SOURCE_REMOVE;
}

static void
grow (TlGrowingList *self)
{
  if (self->tick != 0 || self->view == NULL || self->n <= self->limit ||
      !gtk_widget_get_mapped (self->view))
    return;
  self->frames = 0;
  self->tick = gtk_widget_add_tick_callback (self->view, next_frame, self, NULL);
}

guint
tl_growing_list_reach (GtkListView *view, guint position)
{
  TlGrowingList *self = g_object_get_data (G_OBJECT (view), NAME);

  if (position >= count_shown (self))
    show_up_to (self, G_MAXUINT);
  return position;
}

/* --- following the base ------------------------------------------------------------------------- */

/* What is above the change stays; all that is shown below it is told as changed. */
static void
base_changed (TlGrowingList *self, guint position, guint removed, guint added)
{
  guint before = count_shown (self), was = self->n;
  gboolean was_whole = was <= self->limit;

  self->n = was - removed + added;
  if (removed == was)
    self->limit = FIRST;
  if (was_whole && self->n <= self->limit)
    g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
  else if (position < MAX (before, count_shown (self)))
    g_list_model_items_changed (G_LIST_MODEL (self), position, before - MIN (position, before),
                                count_shown (self) - MIN (position, count_shown (self)));
  grow (self);
}

/* --- the model ---------------------------------------------------------------------------------- */

static GType
get_item_type (GListModel *model)
{
  return g_list_model_get_item_type (TL_GROWING_LIST (model)->base);
}

static guint
get_n_items (GListModel *model)
{
  return count_shown (TL_GROWING_LIST (model));
}

static gpointer
get_item (GListModel *model, guint position)
{
  TlGrowingList *self = TL_GROWING_LIST (model);

  return position < count_shown (self) ? g_list_model_get_item (self->base, position) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
get_section (GtkSectionModel *model, guint position, guint *start, guint *end)
{
  TlGrowingList *self = TL_GROWING_LIST (model);
  guint shown = count_shown (self);

  *start = position < shown ? 0 : shown;
  *end = position < shown ? shown : G_MAXUINT;
  if (position >= shown || !GTK_IS_SECTION_MODEL (self->base))
    return;
  gtk_section_model_get_section (GTK_SECTION_MODEL (self->base), position, start, end);
  *end = MIN (*end, shown);
}

static void
section_model_init (GtkSectionModelInterface *iface)
{
  iface->get_section = get_section;
}

static void
tl_growing_list_dispose (GObject *object)
{
  TlGrowingList *self = TL_GROWING_LIST (object);

  if (self->tick != 0 && self->view)
    gtk_widget_remove_tick_callback (self->view, self->tick);
  self->tick = 0;
  if (self->view && g_object_get_data (G_OBJECT (self->view), NAME) == self)
    g_object_set_data (G_OBJECT (self->view), NAME, NULL);
  g_clear_weak_pointer (&self->view);
  g_clear_object (&self->base);
  self->n = 0;
  G_OBJECT_CLASS (tl_growing_list_parent_class)->dispose (object);
}

static void
tl_growing_list_class_init (TlGrowingListClass *class)
{
  G_OBJECT_CLASS (class)->dispose = tl_growing_list_dispose;
}

static void
tl_growing_list_init (TlGrowingList *self)
{
  self->limit = FIRST;
}

GListModel *
tl_growing_list_new (GListModel *base, GtkListView *view)
{
  TlGrowingList *self = g_object_new (TL_TYPE_GROWING_LIST, NULL);

  self->base = base;
  self->n = g_list_model_get_n_items (base);
  g_set_weak_pointer (&self->view, GTK_WIDGET (view));
  g_object_set_data (G_OBJECT (view), NAME, self);
  g_signal_connect_object (base, "items-changed", G_CALLBACK (base_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "map", G_CALLBACK (grow), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  grow (self);
  return G_LIST_MODEL (self);
}
