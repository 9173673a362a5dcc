/* avatar-crop.c: the square is told by its middle and its side, in pixels of the picture, and never leaves it. It fills
 * the widget; what the round face will not show of it is dimmed. Main thread. */
#include "ui/feed/avatar-crop.h"

#include <glib/gi18n-lib.h>

#define SIDE 280 /* of the widget, by nature */
#define MOST 4.0
#define STEP 0.1
#define KEY_STEP 0.05 /* of the square's side */

struct _TlAvatarCrop {
  GtkWidget parent;
  GdkPixbuf *picture;
  GdkTexture *texture;
  GtkAdjustment *zoom;
  double x, y;           /* the middle */
  double from_x, from_y; /* when the drag began */
};

G_DEFINE_FINAL_TYPE (TlAvatarCrop, tl_avatar_crop, GTK_TYPE_WIDGET)

static double
side_of (TlAvatarCrop *self)
{
  int least = MIN (gdk_pixbuf_get_width (self->picture), gdk_pixbuf_get_height (self->picture));

  return least / gtk_adjustment_get_value (self->zoom);
}

static void
settle (TlAvatarCrop *self)
{
  double half = side_of (self) / 2;

  self->x = CLAMP (self->x, half, gdk_pixbuf_get_width (self->picture) - half);
  self->y = CLAMP (self->y, half, gdk_pixbuf_get_height (self->picture) - half);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
tl_avatar_crop_move (TlAvatarCrop *self, double x, double y)
{
  self->x -= x;
  self->y -= y;
  settle (self);
}

/* Pixels of the picture to one of the widget's. */
static double
scale_of (TlAvatarCrop *self)
{
  int shown =
      MIN (gtk_widget_get_width (GTK_WIDGET (self)), gtk_widget_get_height (GTK_WIDGET (self)));

  return side_of (self) / MAX (shown, 1);
}

/* --- drawing ------------------------------------------------------------------------------------ */

static void
draw_picture (TlAvatarCrop *self, GtkSnapshot *snapshot, const graphene_rect_t *square)
{
  double half = side_of (self) / 2, scale = square->size.width / side_of (self);
  graphene_rect_t all = GRAPHENE_RECT_INIT ((float)(square->origin.x - (self->x - half) * scale),
                                            (float)(square->origin.y - (self->y - half) * scale),
                                            (float)(gdk_pixbuf_get_width (self->picture) * scale),
                                            (float)(gdk_pixbuf_get_height (self->picture) * scale));

  gtk_snapshot_append_scaled_texture (snapshot, self->texture, GSK_SCALING_FILTER_TRILINEAR, &all);
}

static void
tl_avatar_crop_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TlAvatarCrop *self = TL_AVATAR_CROP (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  float side = (float)MIN (width, height);
  graphene_rect_t square = GRAPHENE_RECT_INIT ((width - side) / 2, (height - side) / 2, side, side);
  GskRoundedRect face;

  gtk_snapshot_push_clip (snapshot, &square);
  gtk_snapshot_push_opacity (snapshot, 0.35);
  draw_picture (self, snapshot, &square);
  gtk_snapshot_pop (snapshot);
  gsk_rounded_rect_init_from_rect (&face, &square, side / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &face);
  draw_picture (self, snapshot, &square);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_pop (snapshot);
}

static void
tl_avatar_crop_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = SIDE / 2;
  *natural = SIDE;
}

/* --- moving ------------------------------------------------------------------------------------- */

static void
drag_began (TlAvatarCrop *self)
{
  self->from_x = self->x;
  self->from_y = self->y;
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
dragged (TlAvatarCrop *self, double x, double y)
{
  double scale = scale_of (self);

  self->x = self->from_x - x * scale;
  self->y = self->from_y - y * scale;
  settle (self);
}

static void
zoom_by (TlAvatarCrop *self, double steps)
{
  gtk_adjustment_set_value (self->zoom, gtk_adjustment_get_value (self->zoom) + steps * STEP);
}

static gboolean
scrolled (TlAvatarCrop *self, double x, double y)
{
  zoom_by (self, -y);
  return GDK_EVENT_STOP;
}

static gboolean
key_pressed (TlAvatarCrop *self, guint key)
{
  double step = side_of (self) * KEY_STEP;

  switch (key) {
  case GDK_KEY_Left:
    tl_avatar_crop_move (self, step, 0);
    return GDK_EVENT_STOP;
  case GDK_KEY_Right:
    tl_avatar_crop_move (self, -step, 0);
    return GDK_EVENT_STOP;
  case GDK_KEY_Up:
    tl_avatar_crop_move (self, 0, step);
    return GDK_EVENT_STOP;
  case GDK_KEY_Down:
    tl_avatar_crop_move (self, 0, -step);
    return GDK_EVENT_STOP;
  case GDK_KEY_plus:
  case GDK_KEY_KP_Add:
    zoom_by (self, 1);
    return GDK_EVENT_STOP;
  case GDK_KEY_minus:
  case GDK_KEY_KP_Subtract:
    zoom_by (self, -1);
    return GDK_EVENT_STOP;
  default:
    return GDK_EVENT_PROPAGATE;
  }
}

/* --- the widget --------------------------------------------------------------------------------- */

static void
tl_avatar_crop_dispose (GObject *object)
{
  TlAvatarCrop *self = TL_AVATAR_CROP (object);

  g_clear_object (&self->picture);
  g_clear_object (&self->texture);
  g_clear_object (&self->zoom);
  G_OBJECT_CLASS (tl_avatar_crop_parent_class)->dispose (object);
}

static void
tl_avatar_crop_class_init (TlAvatarCropClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = tl_avatar_crop_dispose;
  widget_class->snapshot = tl_avatar_crop_snapshot;
  widget_class->measure = tl_avatar_crop_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
tl_avatar_crop_init (TlAvatarCrop *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Your picture; arrow keys move it, plus and minus zoom"), -1);
  self->zoom = g_object_ref_sink (gtk_adjustment_new (1, 1, MOST, STEP, 5 * STEP, 0));
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_began), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (dragged), self);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scrolled), self);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

GtkWidget *
tl_avatar_crop_new (GdkPixbuf *picture)
{
  TlAvatarCrop *self = g_object_new (TL_TYPE_AVATAR_CROP, NULL);

  self->picture = g_object_ref (picture);
  self->texture = gdk_texture_new_for_pixbuf (picture);
  self->x = gdk_pixbuf_get_width (picture) / 2.0;
  self->y = gdk_pixbuf_get_height (picture) / 2.0;
  g_signal_connect_object (self->zoom, "value-changed", G_CALLBACK (settle), self,
                           G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

GtkAdjustment *
tl_avatar_crop_get_zoom (TlAvatarCrop *self)
{
  return self->zoom;
}

GdkPixbuf *
tl_avatar_crop_get (TlAvatarCrop *self, int pixels)
{
  int width = gdk_pixbuf_get_width (self->picture), height = gdk_pixbuf_get_height (self->picture);
  int side = CLAMP ((int)(side_of (self) + 0.5), 1, MIN (width, height));
  int x = CLAMP ((int)(self->x - side / 2.0 + 0.5), 0, width - side);
  int y = CLAMP ((int)(self->y - side / 2.0 + 0.5), 0, height - side);
  g_autoptr (GdkPixbuf) square = gdk_pixbuf_new_subpixbuf (self->picture, x, y, side, side);

  return side <= pixels ? gdk_pixbuf_copy (square)
                        : gdk_pixbuf_scale_simple (square, pixels, pixels, GDK_INTERP_BILINEAR);
}
