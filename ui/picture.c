/* picture.c: measure() is constant (thumbnail) or width to height by aspect (reader). Files are decoded in a
 * thread, no larger than shown; main thread otherwise. */
#include "ui/picture.h"

#include "sync/picture-file.h"

#define UNKNOWN_ASPECT (16.0 / 9.0)
#define WIDEST 660
#define NARROWEST 80

struct _TlPicture {
  GtkWidget parent;
  int size;
  int widest; /* 0: as wide as there is room */
  gboolean covers;
  int width, height; /* what the article says, or what the file had */
  char *hash;
  GdkTexture *texture;
  DexFuture *loading;
  guint serial; /* of what is shown: an answer for what was shown before is of no use */
};

enum { PROP_SIZE = 1, N_PROPS };
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TlPicture, tl_picture, GTK_TYPE_WIDGET)

/* --- decoding, in a thread ---------------------------------------------------------------------- */

typedef struct {
  GBytes *bytes;
  int at_most; /* longer side in pixels */
} Decode;

static void
decode_free (gpointer data)
{
  Decode *decode = data;

  g_bytes_unref (decode->bytes);
  g_free (decode);
}

static DexFuture *
decode_fiber (gpointer data)
{
  Decode *decode = data;
  GError *error = NULL;
  g_autoptr (GdkPixbuf) pixbuf = tl_picture_decode (decode->bytes, decode->at_most, &error);

  return pixbuf ? dex_future_new_take_object (gdk_texture_new_for_pixbuf (pixbuf))
                : dex_future_new_for_error (error);
}

static DexFuture *
decode (DexFuture *future, gpointer data)
{
  const GValue *value = dex_future_get_value (future, NULL);
  Decode *job = g_new (Decode, 1);

  *job = (Decode){ g_value_dup_boxed (value), GPOINTER_TO_INT (data) };
  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, decode_fiber, job,
                              decode_free);
}

/* --- showing ------------------------------------------------------------------------------------ */

typedef struct {
  TlPicture *self;
  guint serial;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_object_unref (load->self);
  g_free (load);
}

static DexFuture *
loaded (DexFuture *future, gpointer data)
{
  Load *load = data;
  TlPicture *self = load->self;
  const GValue *value = dex_future_get_value (future, NULL);

  if (value == NULL || load->serial != self->serial)
    return NULL;
  g_set_object (&self->texture, g_value_get_object (value));
  if (self->width <= 0 || self->height <= 0) {
    self->width = gdk_texture_get_width (self->texture);
    self->height = gdk_texture_get_height (self->texture);
    gtk_widget_queue_resize (GTK_WIDGET (self));
  }
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return NULL;
}

void
tl_picture_show (TlPicture *self, TlMedia *media, const char *hash, int width, int height)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  int pixels = (self->size > 0 ? self->size : WIDEST) * scale;
  DexFuture *future;
  Load *load;

  gtk_widget_set_visible (GTK_WIDGET (self), hash != NULL);
  if (!g_set_str (&self->hash, hash))
    return;
  dex_clear (&self->loading);
  g_clear_object (&self->texture);
  self->serial++;
  self->width = width;
  self->height = height;
  gtk_widget_queue_resize (GTK_WIDGET (self));
  if (hash == NULL)
    return;
  future = dex_future_then (tl_media_load_for (media, hash, (guint)pixels), decode,
                            GINT_TO_POINTER (pixels), NULL);
  load = g_new (Load, 1);
  *load = (Load){ g_object_ref (self), self->serial };
  self->loading = dex_future_finally (future, loaded, load, load_free);
}

void
tl_picture_set_widest (TlPicture *self, int pixels)
{
  self->widest = pixels;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
tl_picture_set_covers (TlPicture *self, gboolean covers)
{
  self->covers = covers;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
tl_picture_set_alternative (TlPicture *self, const char *text)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static double
aspect (TlPicture *self)
{
  return self->width > 0 && self->height > 0 ? (double)self->width / self->height : UNKNOWN_ASPECT;
}

static GtkSizeRequestMode
get_request_mode (GtkWidget *widget)
{
  return TL_PICTURE (widget)->size > 0 || TL_PICTURE (widget)->covers
             ? GTK_SIZE_REQUEST_CONSTANT_SIZE
             : GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* By nature; 0 for as wide as there is room. */
static int
natural_width (TlPicture *self)
{
  return self->widest > 0 ? (int)MIN (self->widest, self->widest * aspect (self)) : 0;
}

/* Who gives more width than it takes by nature does so around it. */
static int
height_for (TlPicture *self, int width)
{
  int natural = natural_width (self);

  if (natural > 0 && (width <= 0 || width > natural))
    width = natural;
  return (int)((width > 0 ? width : WIDEST) / aspect (self));
}

static void
measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
         int *minimum_baseline, int *natural_baseline)
{
  TlPicture *self = TL_PICTURE (widget);

  if (self->size > 0 || self->covers) {
    *minimum = *natural = self->size;
  } else if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *natural = natural_width (self);
    *minimum = MIN (*natural, NARROWEST);
  } else {
    *minimum = *natural = height_for (self, for_size);
  }
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *snap)
{
  TlPicture *self = TL_PICTURE (widget);
  float width = (float)gtk_widget_get_width (widget),
        height = (float)gtk_widget_get_height (widget);
  float w, h, scale;

  if (self->texture == NULL || width <= 0 || height <= 0)
    return;
  w = (float)gdk_texture_get_width (self->texture);
  h = (float)gdk_texture_get_height (self->texture);
  scale = MAX (width / w, height / h);
  gtk_snapshot_push_clip (snap, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gtk_snapshot_append_scaled_texture (snap, self->texture, GSK_SCALING_FILTER_TRILINEAR,
                                      &GRAPHENE_RECT_INIT ((width - w * scale) / 2,
                                                           (height - h * scale) / 2, w * scale,
                                                           h * scale));
  gtk_snapshot_pop (snap);
}

static void
tl_picture_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  TL_PICTURE (object)->size = g_value_get_int (value);
}

static void
tl_picture_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_int (value, TL_PICTURE (object)->size);
}

static void
tl_picture_dispose (GObject *object)
{
  TlPicture *self = TL_PICTURE (object);

  dex_clear (&self->loading);
  g_clear_object (&self->texture);
  g_clear_pointer (&self->hash, g_free);
  G_OBJECT_CLASS (tl_picture_parent_class)->dispose (object);
}

static void
tl_picture_class_init (TlPictureClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->set_property = tl_picture_set_property;
  object_class->get_property = tl_picture_get_property;
  object_class->dispose = tl_picture_dispose;
  widget_class->get_request_mode = get_request_mode;
  widget_class->measure = measure;
  widget_class->snapshot = snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  properties[PROP_SIZE] =
      g_param_spec_int ("size", NULL, NULL, 0, 1024, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tl_picture_init (TlPicture *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}
