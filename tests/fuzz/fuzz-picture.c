/* Pictures as they are sent: whatever the bytes are, what comes out is a picture within its bounds, or a
 * sentence, or none. */
#include "sync/picture-file.h"
#include "tests/fuzz/fuzz.h"

const gboolean tl_fuzz_quotes = FALSE;
/* Pictures have NULs: they lie in corpus/picture. */
const char *const tl_fuzz_seeds[] = { "GIF89a", "\x89PNG\r\n\x1a\n",
                                      "<svg xmlns='http://www.w3.org/2000/svg'/>", NULL };

static void
pass_over (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
}

/* gdk-pixbuf complains of itself (a GIF without width): that is not ours to mend. */
void
tl_fuzz_begin (void)
{
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  g_log_set_handler ("GdkPixbuf", G_LOG_LEVEL_MASK, pass_over, NULL);
}

void
tl_fuzz_end (void)
{
}

static void
show (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkPixbuf) pixbuf = tl_picture_decode (bytes, 100, &error);

  g_assert_true ((pixbuf == NULL) == (error != NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  TlPictureFile picture = { 0 };

  show (bytes);
  if (!tl_picture_file_prepare (bytes, &picture, &error)) {
    g_assert_null (picture.bytes);
    return 0;
  }
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (picture.type, "image/"));
  g_assert_cmpint (picture.width, >, 0);
  g_assert_cmpint (picture.height, >, 0);
  if (!g_str_equal (picture.type, "image/gif")) {
    g_assert_cmpint (picture.width, <=, 2048);
    g_assert_cmpint (picture.height, <=, 2048);
  }
  g_bytes_unref (picture.bytes);
  return 0;
}
