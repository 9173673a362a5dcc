/* picture-file.c: gdk-pixbuf behind bounds: its size is looked at before any pixel is decoded. */
#include "sync/picture-file.h"

#define MAX_SIDE 2048
#define MAX_PIXELS (100 * 1000 * 1000)
#define QUALITY "86"

typedef struct {
  int width, height;
  double scale; /* of what comes out; at most 1 */
  gboolean is_too_large;
} Size;

/* A loader that is asked for no pixels makes none: the one of GIF takes all the memory that its head asks for,
 * whatever else it was asked for. */
static void
bound (GdkPixbufLoader *loader, int width, int height, Size *size)
{
  size->width = width;
  size->height = height;
  size->is_too_large = (gint64)width * height > MAX_PIXELS;
  if (size->is_too_large)
    gdk_pixbuf_loader_set_size (loader, 0, 0);
  else if (size->scale < 1.0)
    gdk_pixbuf_loader_set_size (loader, MAX (1, (int)(width * size->scale)),
                                MAX (1, (int)(height * size->scale)));
}

static gboolean
refuse_size (const Size *size, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "The picture has %d × %d pixels; more than 100 million cannot be opened",
               size->width, size->height);
  return FALSE;
}

/* --- shown ------------------------------------------------------------------------------------- */

typedef struct {
  Size size;
  int at_most;
} Show;

static void
shown_size_known (GdkPixbufLoader *loader, int width, int height, gpointer data)
{
  Show *show = data;

  show->size.scale = (double)show->at_most / MAX (1, MIN (width, height));
  bound (loader, width, height, &show->size);
}

GdkPixbuf *
tl_picture_decode (GBytes *bytes, int at_most, GError **error)
{
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();
  g_autoptr (GError) cause = NULL;
  Show show = { .at_most = at_most };
  GdkPixbuf *pixbuf = NULL;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (shown_size_known), &show);
  if (g_bytes_get_size (bytes) > 0 && !gdk_pixbuf_loader_write_bytes (loader, bytes, &cause))
    gdk_pixbuf_loader_close (loader, NULL);
  else if (gdk_pixbuf_loader_close (loader, &cause))
    pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  if (pixbuf)
    return g_object_ref (pixbuf);
  if (show.size.is_too_large)
    refuse_size (&show.size, error);
  else if (cause)
    g_propagate_error (error, g_steal_pointer (&cause));
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "This is not a picture");
  return NULL;
}

/* --- sent -------------------------------------------------------------------------------------- */

static void
sent_size_known (GdkPixbufLoader *loader, int width, int height, gpointer data)
{
  Size *size = data;

  size->scale = (double)MAX_SIDE / MAX (1, MAX (width, height));
  bound (loader, width, height, size);
}

static GdkPixbuf *
decode (GBytes *bytes, Size *size, gboolean *is_animated)
{
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();
  GdkPixbufAnimation *animation;
  GdkPixbuf *pixbuf;
  gboolean is_fine;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (sent_size_known), size);
  is_fine = gdk_pixbuf_loader_write_bytes (loader, bytes, NULL);
  is_fine = gdk_pixbuf_loader_close (loader, NULL) && is_fine;
  animation = is_fine ? gdk_pixbuf_loader_get_animation (loader) : NULL;
  pixbuf = is_fine ? gdk_pixbuf_loader_get_pixbuf (loader) : NULL;
  *is_animated = animation && !gdk_pixbuf_animation_is_static_image (animation);
  return pixbuf ? gdk_pixbuf_apply_embedded_orientation (pixbuf) : NULL;
}

gboolean
tl_picture_file_prepare (GBytes *bytes, TlPictureFile *out, GError **error)
{
  Size size = { 0 };
  gboolean is_animated = FALSE, is_done;
  g_autoptr (GdkPixbuf) pixbuf =
      g_bytes_get_size (bytes) > 0 ? decode (bytes, &size, &is_animated) : NULL;
  gsize length = 0;
  char *data = NULL;

  if (size.is_too_large)
    return refuse_size (&size, error);
  if (pixbuf == NULL)
    return FALSE;
  if (is_animated) {
    *out = (TlPictureFile){ g_bytes_ref (bytes), "image/gif", size.width, size.height };
    return TRUE;
  }
  out->type = gdk_pixbuf_get_has_alpha (pixbuf) ? "image/png" : "image/jpeg";
  out->width = gdk_pixbuf_get_width (pixbuf);
  out->height = gdk_pixbuf_get_height (pixbuf);
  is_done = gdk_pixbuf_get_has_alpha (pixbuf)
                ? gdk_pixbuf_save_to_buffer (pixbuf, &data, &length, "png", error, NULL)
                : gdk_pixbuf_save_to_buffer (pixbuf, &data, &length, "jpeg", error, "quality",
                                             QUALITY, NULL);
  if (is_done)
    out->bytes = g_bytes_new_take (data, length);
  return is_done;
}
