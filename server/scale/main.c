/* main.c: tideline-scale SIZE: a picture on standard input becomes one of at most SIZE by SIZE pixels on standard
 * output: upright, without what the camera wrote into it, as JPEG, or PNG when something shows through. Never larger
 * than it was. Exit status 1: it is no picture, or too large (a sentence on standard error).
 *
 * Everything that decodes is loaded first; then the process is confined; then it reads. */
#include "server/scale/confine.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>
#include <unistd.h>

#define MAX_PIXELS 50000000
#define BLOCK 65536
#define QUALITY "82"

static const struct {
  const char *type;
  guint at;
  const char *bytes;
  guint length;
} kinds[] = {
  { "png", 0, "\211PNG\r\n\032\n", 8 },
  { "jpeg", 0, "\377\330\377", 3 },
  { "gif", 0, "GIF87a", 6 },
  { "gif", 0, "GIF89a", 6 },
  { "webp", 8, "WEBPVP8", 7 },
};

typedef struct {
  int size;
  gboolean is_too_large;
} Wish;

static int
fail (const char *sentence)
{
  gsize length = strlen (sentence);

  return write (STDERR_FILENO, sentence, length) == (gssize)length ? 1 : 2;
}

/* The loaders are modules, and what they need is found when it is first used. */
static gboolean
load_modules (void)
{
  g_autoptr (GdkPixbuf) dot = gdk_pixbuf_new (GDK_COLORSPACE_RGB, TRUE, 8, 2, 2);
  static const char *const types[] = { "png", "jpeg" };

  gdk_pixbuf_fill (dot, 0x808080ff);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_type (types[i], NULL);
    g_autofree char *bytes = NULL;
    gsize size;

    if (!loader || !gdk_pixbuf_save_to_buffer (dot, &bytes, &size, types[i], NULL, NULL) ||
        !gdk_pixbuf_loader_write (loader, (const guchar *)bytes, size, NULL) ||
        !gdk_pixbuf_loader_close (loader, NULL))
      return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_type (kinds[i].type, NULL);

    if (loader)
      gdk_pixbuf_loader_close (loader, NULL); /* of nothing: an error that says nothing */
  }
  return TRUE;
}

static void
prepared (GdkPixbufLoader *loader, int width, int height, gpointer data)
{
  Wish *wish = data;
  double factor = (double)wish->size / MAX (width, height);

  wish->is_too_large = (gint64)width * height > MAX_PIXELS;
  if (wish->is_too_large)
    gdk_pixbuf_loader_set_size (loader, 1, 1);
  else if (factor < 1)
    gdk_pixbuf_loader_set_size (loader, MAX (1, (int)(width * factor + 0.5)),
                                MAX (1, (int)(height * factor + 0.5)));
}

static GdkPixbufLoader *
loader_for (const char *head, gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (length >= kinds[i].at + kinds[i].length &&
        memcmp (head + kinds[i].at, kinds[i].bytes, kinds[i].length) == 0)
      return gdk_pixbuf_loader_new_with_type (kinds[i].type, NULL);
  return NULL;
}

static gsize
read_block (char *block)
{
  gsize length = 0;
  gssize n;

  while (length < BLOCK && (n = read (STDIN_FILENO, block + length, BLOCK - length)) > 0)
    length += (gsize)n;
  return length;
}

static gboolean
shows_through (GdkPixbuf *picture)
{
  int width = gdk_pixbuf_get_width (picture), stride = gdk_pixbuf_get_rowstride (picture);
  const guchar *pixels = gdk_pixbuf_read_pixels (picture);

  if (!gdk_pixbuf_get_has_alpha (picture))
    return FALSE;
  for (int y = 0; y < gdk_pixbuf_get_height (picture); y++)
    for (int x = 0; x < width; x++)
      if (pixels[(gsize)y * (gsize)stride + (gsize)x * 4 + 3] != 255)
        return TRUE;
  return FALSE;
}

static int
scale (Wish *wish)
{
  static char block[BLOCK];
  gsize length = read_block (block);
  g_autoptr (GdkPixbufLoader) loader = loader_for (block, length);
  g_autoptr (GdkPixbuf) upright = NULL;
  g_autofree char *bytes = NULL;
  gboolean is_read = TRUE, has_alpha;
  gsize size;

  if (loader == NULL)
    return fail ("it is not a PNG, JPEG, GIF or WebP picture\n");
  g_signal_connect (loader, "size-prepared", G_CALLBACK (prepared), wish);
  for (; length > 0 && is_read && !wish->is_too_large; length = read_block (block))
    is_read = gdk_pixbuf_loader_write (loader, (const guchar *)block, length, NULL);
  is_read &= gdk_pixbuf_loader_close (loader, NULL);
  if (wish->is_too_large)
    return fail ("it has more than 50 million pixels\n");
  if (!is_read || gdk_pixbuf_loader_get_pixbuf (loader) == NULL)
    return fail ("the picture is damaged\n");
  upright = gdk_pixbuf_apply_embedded_orientation (gdk_pixbuf_loader_get_pixbuf (loader));
  gdk_pixbuf_remove_option (upright, "icc-profile");
  has_alpha = shows_through (upright);
  if (!gdk_pixbuf_save_to_buffer (upright, &bytes, &size, has_alpha ? "png" : "jpeg", NULL,
                                  has_alpha ? NULL : "quality", QUALITY, NULL))
    return fail ("the picture could not be made smaller\n");
  for (gsize done = 0; done < size;) {
    gssize n = write (STDOUT_FILENO, bytes + done, size - done);

    if (n <= 0)
      return 1;
    done += (gsize)n;
  }
  return 0;
}

int
main (int argc, char **argv)
{
  guint64 size;
  Wish wish = { 0 };

  if (argc != 2 || !g_ascii_string_to_unsigned (argv[1], 10, 1, 4096, &size, NULL))
    return fail ("usage: tideline-scale SIZE\n");
  wish.size = (int)size;
  if (!load_modules ())
    return fail ("the pictures' decoders are missing\n");
  if (!tl_confine ())
    return fail ("the process cannot be confined (seccomp)\n");
  _exit (scale (&wish));
}
