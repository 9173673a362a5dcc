/* picture-file.c: gdk-pixbuf behind bounds: its size is looked at before any pixel is decoded. */
#include "sync/picture-file.h"

#include <gdk-pixbuf/gdk-pixbuf.h>

#define MAX_SIDE 2048
#define MAX_PIXELS (100 * 1000 * 1000)
#define QUALITY "86"

typedef struct {
  int width, height;
  gboolean is_too_large;
} Size;

static void
size_known (GdkPixbufLoader *loader, int width, int height, gpointer data)
{
  Size *size = data;
  double scale = MIN (1.0, (double)MAX_SIDE / MAX (width, height));

  size->width = width;
  size->height = height;
  size->is_too_large = (gint64)width * height > MAX_PIXELS;
  if (size->is_too_large)
    gdk_pixbuf_loader_set_size (loader, 1, 1);
  else if (scale < 1.0)
    gdk_pixbuf_loader_set_size (loader, MAX (1, (int)(width * scale)),
                                MAX (1, (int)(height * scale)));
}

static GdkPixbuf *
decode (GBytes *bytes, Size *size, gboolean *is_animated)
{
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();
  GdkPixbufAnimation *animation;
  GdkPixbuf *pixbuf;
  gboolean is_fine;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_known), size);
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

  if (size.is_too_large) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "The picture has %d × %d pixels; more than 100 million cannot be opened",
                 size.width, size.height);
    return FALSE;
  }
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
