/* paint.c: see the header. */
#include "ui/calendar/paint.h"

#define RADIUS 6

void
tl_paint_text (GtkWidget *widget, GtkSnapshot *snapshot, const char *text, double x, double y,
               double width, double height, GdkRGBA color, double scale, PangoWeight weight)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_scale_new (scale));
  pango_attr_list_insert (attributes, pango_attr_weight_new (weight));
  pango_layout_set_attributes (layout, attributes);
  pango_layout_set_width (layout, (int)(MAX (width, 1) * PANGO_SCALE));
  if (height > 0)
    pango_layout_set_height (layout, (int)(height * PANGO_SCALE));
  else
    pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float)x, (float)y));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

static void
set_shape (GskRoundedRect *shape, double x, double y, double width, double height, double radius)
{
  gsk_rounded_rect_init_from_rect (
      shape, &GRAPHENE_RECT_INIT ((float)x, (float)y, (float)width, (float)height), (float)radius);
}

void
tl_paint_fill (GtkSnapshot *snapshot, double x, double y, double width, double height,
               double radius, GdkRGBA color)
{
  GskRoundedRect shape;

  set_shape (&shape, x, y, width, height, radius);
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_color (snapshot, &color, &shape.bounds);
  gtk_snapshot_pop (snapshot);
}

void
tl_paint_outline (GtkSnapshot *snapshot, double x, double y, double width, double height,
                  GdkRGBA color)
{
  GskRoundedRect shape;

  set_shape (&shape, x, y, width, height, RADIUS);
  gtk_snapshot_append_border (snapshot, &shape, (float[]){ 1, 1, 1, 1 },
                              (GdkRGBA[]){ color, color, color, color });
}
