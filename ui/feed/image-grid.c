/* image-grid.c: a widget that lays its buttons out itself, so that a picture's own size never pushes the card. Main
 * thread. */
#include "ui/feed/image-grid.h"

#include "ui/attachments/picture-viewer.h"
#include "ui/picture.h"

#include <glib/gi18n-lib.h>

#define SHOWN_AT_MOST 4
#define GAP 6
#define WIDEST_ASPECT 2.2
#define NARROWEST_ASPECT 0.9
#define MOSAIC_ASPECT 2.6
#define LOWEST 150
#define NATURAL_WIDTH 520

struct _TlImageGrid {
  GtkWidget parent;
  TlMedia *media;
  char *json;
  GPtrArray *images; /* of TlAttachment */
  GPtrArray *cells;  /* of GtkWidget, children */
};

G_DEFINE_FINAL_TYPE (TlImageGrid, tl_image_grid, GTK_TYPE_WIDGET)

/* --- cells -------------------------------------------------------------------------------------- */

static void
clicked (TlImageGrid *self, GtkWidget *cell)
{
  guint index;

  if (g_ptr_array_find (self->cells, cell, &index))
    adw_dialog_present (tl_picture_viewer_new (self->images->pdata[index], self->media),
                        GTK_WIDGET (self));
}

static GtkWidget *
tag_new (const char *text, GtkAlign halign)
{
  GtkWidget *tag = gtk_label_new (text);

  gtk_widget_add_css_class (tag, "overlay-tag");
  gtk_widget_set_halign (tag, halign);
  gtk_widget_set_valign (tag, GTK_ALIGN_END);
  gtk_widget_set_can_target (tag, FALSE);
  return tag;
}

static GtkWidget *
cell_new (TlImageGrid *self, const TlAttachment *image, guint hidden)
{
  GtkWidget *cell = gtk_button_new (), *overlay = gtk_overlay_new ();
  TlPicture *picture = g_object_new (TL_TYPE_PICTURE, NULL);
  g_autofree char *more = g_strdup_printf ("+%u", hidden);

  tl_picture_set_covers (picture, TRUE);
  tl_picture_show (picture, self->media, image->blob_id, image->width, image->height);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (picture));
  if (image->alt)
    gtk_overlay_add_overlay (GTK_OVERLAY (overlay), tag_new (_ ("ALT"), GTK_ALIGN_START));
  if (hidden > 0)
    gtk_overlay_add_overlay (GTK_OVERLAY (overlay), tag_new (more, GTK_ALIGN_END));
  gtk_button_set_child (GTK_BUTTON (cell), overlay);
  gtk_widget_add_css_class (cell, "flat");
  gtk_widget_add_css_class (cell, "image-cell");
  gtk_widget_set_overflow (cell, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_tooltip_text (cell, image->alt);
  gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  image->alt ? image->alt : _ ("Picture without a description"),
                                  -1);
  g_signal_connect_swapped (cell, "clicked", G_CALLBACK (clicked), self);
  return cell;
}

static void
remove_cells (TlImageGrid *self)
{
  for (guint i = 0; i < self->cells->len; i++)
    gtk_widget_unparent (self->cells->pdata[i]);
  g_ptr_array_set_size (self->cells, 0);
}

void
tl_image_grid_show (TlImageGrid *self, TlMedia *media, const char *json)
{
  guint n;

  self->media = media;
  if (!g_set_str (&self->json, json))
    return;
  remove_cells (self);
  g_ptr_array_unref (self->images);
  self->images = tl_attachments_parse (json);
  n = MIN (self->images->len, SHOWN_AT_MOST);
  for (guint i = 0; i < n; i++) {
    guint hidden = i == n - 1 ? self->images->len - n : 0;
    GtkWidget *cell = cell_new (self, self->images->pdata[i], hidden);

    gtk_widget_set_parent (cell, GTK_WIDGET (self));
    g_ptr_array_add (self->cells, cell);
  }
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
}

/* --- layout ------------------------------------------------------------------------------------- */

static int
height_for (TlImageGrid *self, int width)
{
  const TlAttachment *first = self->images->len > 0 ? self->images->pdata[0] : NULL;
  double aspect = MOSAIC_ASPECT;

  if (self->images->len == 1)
    aspect = first->width > 0 && first->height > 0
                 ? CLAMP ((double)first->width / first->height, NARROWEST_ASPECT, WIDEST_ASPECT)
                 : WIDEST_ASPECT;
  return MAX (self->images->len > 1 ? LOWEST : 0, (int)(width / aspect));
}

static GtkSizeRequestMode
get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
         int *minimum_baseline, int *natural_baseline)
{
  TlImageGrid *self = TL_IMAGE_GRID (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = 0;
    *natural = NATURAL_WIDTH;
  } else {
    *minimum = *natural = height_for (self, for_size > 0 ? for_size : NATURAL_WIDTH);
  }
}

static void
place (GtkWidget *cell, int x, int y, int width, int height)
{
  int minimum;

  gtk_widget_measure (cell, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  width = MAX (width, minimum);
  gtk_widget_measure (cell, GTK_ORIENTATION_VERTICAL, width, &minimum, NULL, NULL, NULL);
  gtk_widget_size_allocate (cell, &(GtkAllocation){ x, y, width, MAX (height, minimum) }, -1);
}

/* One: all. Two: side by side. Three: one, and two above each other. Four: two rows. */
static void
size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TlImageGrid *self = TL_IMAGE_GRID (widget);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int half = MAX (0, (width - GAP) / 2), low = MAX (0, (height - GAP) / 2);
  int start = is_rtl ? width - half : 0, end = is_rtl ? 0 : width - half;
  GtkWidget **cells = (GtkWidget **)self->cells->pdata;

  switch (self->cells->len) {
  case 1:
    place (cells[0], 0, 0, width, height);
    break;
  case 2:
    place (cells[0], start, 0, half, height);
    place (cells[1], end, 0, half, height);
    break;
  case 3:
    place (cells[0], start, 0, half, height);
    place (cells[1], end, 0, half, low);
    place (cells[2], end, height - low, half, low);
    break;
  case 4:
    place (cells[0], start, 0, half, low);
    place (cells[1], end, 0, half, low);
    place (cells[2], start, height - low, half, low);
    place (cells[3], end, height - low, half, low);
    break;
  }
}

static void
tl_image_grid_dispose (GObject *object)
{
  remove_cells (TL_IMAGE_GRID (object));
  G_OBJECT_CLASS (tl_image_grid_parent_class)->dispose (object);
}

static void
tl_image_grid_finalize (GObject *object)
{
  TlImageGrid *self = TL_IMAGE_GRID (object);

  g_ptr_array_unref (self->cells);
  g_ptr_array_unref (self->images);
  g_free (self->json);
  G_OBJECT_CLASS (tl_image_grid_parent_class)->finalize (object);
}

static void
tl_image_grid_class_init (TlImageGridClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_image_grid_dispose;
  G_OBJECT_CLASS (class)->finalize = tl_image_grid_finalize;
  widget_class->get_request_mode = get_request_mode;
  widget_class->measure = measure;
  widget_class->size_allocate = size_allocate;
}

static void
tl_image_grid_init (TlImageGrid *self)
{
  self->cells = g_ptr_array_new ();
  self->images = tl_attachments_parse (NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
