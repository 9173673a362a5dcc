/* Pictures on this device: fetched at the size that is shown, and what is here is shown while the server is away. */
#include "sync/media.h"
#include "sync/opened.h"
#include "sync/uploads.h"
#include "tests/app/client.h"
#include "tests/fixtures/s3.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#define CACHE_BYTES (100 * 1024 * 1024)

static GBytes *
picture (int width, int height)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  char *bytes;
  gsize size;

  gdk_pixbuf_fill (pixbuf, 0x3366ccff);
  g_assert_true (gdk_pixbuf_save_to_buffer (pixbuf, &bytes, &size, "jpeg", NULL, NULL));
  return g_bytes_new_take (bytes, size);
}

/* How wide what comes is. */
static int
width_of (DexFuture *future)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GdkPixbuf) pixbuf = NULL;

  client_await (future, &value, 0);
  stream = g_memory_input_stream_new_from_bytes (g_value_get_boxed (&value));
  pixbuf = gdk_pixbuf_new_from_stream (stream, NULL, NULL);
  g_assert_nonnull (pixbuf);
  return gdk_pixbuf_get_width (pixbuf);
}

static char *
upload (Client *client, GBytes *bytes)
{
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_auto (GValue) done = G_VALUE_INIT;

  client_await (tl_remote_upload (client->remote, bytes, "image/jpeg"), &done, 0);
  return g_strconcat ("b", hash, NULL);
}

static void
test_sizes (Client *client, gconstpointer login)
{
  g_autoptr (TlMedia) media = tl_media_new (client->folder, client->remote, CACHE_BYTES);
  g_autoptr (GBytes) bytes = picture (2000, 1000);
  g_autofree char *blob = upload (client, bytes);

  g_assert_cmpint (width_of (tl_media_load_for (media, blob, 100)), ==, 160);
  g_assert_cmpint (width_of (tl_media_load_for (media, blob, 600)), ==, 640);
  g_assert_cmpint (width_of (tl_media_load_for (media, blob, 200)), ==, 640); /* it is here */
  g_assert_cmpint (width_of (tl_media_load_for (media, blob, 1500)), ==, 2000);
  g_assert_cmpint (width_of (tl_media_load_for (media, blob, 1000)), ==, 2000);
}

static void
test_away (Client *client, gconstpointer login)
{
  g_autoptr (TlMedia) media = tl_media_new (client->folder, client->remote, CACHE_BYTES);
  g_autoptr (GBytes) bytes = picture (2000, 900);
  g_autofree char *blob = upload (client, bytes);

  g_assert_cmpint (width_of (tl_media_load_for (media, blob, 300)), ==, 320);
  tl_test_server_stop (client_server);
  g_assert_cmpint (width_of (tl_media_load_for (media, blob, 600)), ==, 320);
  client_await (tl_media_load (media, blob), NULL, TL_REMOTE_ERROR_OFFLINE);
  tl_test_server_start (client_server);
}

/* What the server cannot make smaller comes as it is. */
static void
test_other (Client *client, gconstpointer login)
{
  g_autoptr (TlMedia) media = tl_media_new (client->folder, client->remote, CACHE_BYTES);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("of another kind", 15);
  g_autofree char *blob = upload (client, bytes);
  g_auto (GValue) value = G_VALUE_INIT;

  client_await (tl_media_load_for (media, blob, 100), &value, 0);
  g_assert_true (g_bytes_equal (g_value_get_boxed (&value), bytes));
}

static gboolean
is_here (Client *client, const char *blob)
{
  g_autofree char *path = g_build_filename (client->folder, "media", blob, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* What was looked at longest ago goes; what is still to be sent never does. */
static void
test_bounded (Client *client, gconstpointer login)
{
  g_autoptr (TlMedia) media = tl_media_new (client->folder, client->remote, CACHE_BYTES);
  const time_t looked_at[] = { 3000, 1000, 2000 };
  char *blobs[3];
  g_auto (GValue) kept = G_VALUE_INIT;
  g_autoptr (GBytes) unsent = g_bytes_new_static ("not sent yet", 12);
  g_autofree char *waiting = NULL;
  const TlAttachment *attachment;

  for (guint i = 0; i < G_N_ELEMENTS (blobs); i++) {
    g_autofree char *text = g_strnfill (1000, (char)('a' + i));
    g_autoptr (GBytes) bytes = g_bytes_new (text, 1000);
    g_autofree char *path = NULL;
    g_auto (GValue) value = G_VALUE_INIT;

    blobs[i] = upload (client, bytes);
    client_await (tl_media_load (media, blobs[i]), &value, 0);
    path = g_build_filename (client->folder, "media", blobs[i], NULL);
    g_assert_no_errno (
        g_utime (path, &(struct utimbuf){ .actime = looked_at[i], .modtime = looked_at[i] }));
  }
  client_await (tl_upload_keep (client->replica, unsent, "chart.bin"), &kept, 0);
  attachment = g_value_get_boxed (&kept);
  g_assert_cmpuint (tl_media_size (media), ==, 3000);
  tl_media_set_limit (media, 2000);
  g_assert_true (is_here (client, blobs[0]));
  g_assert_false (is_here (client, blobs[1]));
  g_assert_true (is_here (client, blobs[2]));
  tl_media_clear (media);
  g_assert_cmpuint (tl_media_size (media), ==, 0);
  waiting = tl_upload_path (client->folder, attachment->blob_id);
  g_assert_nonnull (waiting);
  for (guint i = 0; i < G_N_ELEMENTS (blobs); i++)
    g_free (blobs[i]);
}

static GFile *
open_copy (Client *client, GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (TlMedia) media = tl_media_new (client->folder, client->remote, CACHE_BYTES);
  g_autofree char *blob = upload (client, bytes);
  TlAttachment attachment = { .blob_id = blob, .name = (char *)name };
  g_autoptr (DexFuture) future = tl_opened_copy (media, &attachment);
  const GValue *value;

  while (dex_future_is_pending (future))
    g_main_context_iteration (NULL, TRUE);
  value = dex_future_get_value (future, error);
  return value ? g_value_dup_object (value) : NULL;
}

/* What a stranger calls it names no other place. */
static void
test_opened (Client *client, gconstpointer login)
{
  static const char *const names[][2] = { { "chart.txt", "chart.txt" },
                                          { "../../chart.txt", "chart.txt" },
                                          { "..", "file" },
                                          { "", "file" } };
  g_autoptr (GBytes) bytes = g_bytes_new_static ("what is written", 15);
  g_autofree char *place = g_build_filename (client->folder, TL_OPENED_FOLDER, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GFile) file = open_copy (client, bytes, names[i][0], &error);
    g_autofree char *name = NULL;
    g_autoptr (GBytes) read = NULL;

    g_assert_no_error (error);
    g_assert_true (g_str_has_prefix (g_file_peek_path (file), place));
    name = g_file_get_basename (file);
    g_assert_cmpstr (name, ==, names[i][1]);
    read = g_file_load_bytes (file, NULL, NULL, &error);
    g_assert_no_error (error);
    g_assert_true (g_bytes_equal (read, bytes));
  }
}

static void
test_programs (Client *client, gconstpointer login)
{
  static const char *const texts[][2] = { { "[Desktop Entry]\nType=Application\n", "a.desktop" },
                                          { "\x7f"
                                            "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>",
                                            "a.txt" },
                                          { "#!/bin/sh\ntrue\n", "a.pdf" } };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GBytes) bytes = g_bytes_new_static (texts[i][0], i == 1 ? 19 : strlen (texts[i][0]));
    g_autoptr (GError) error = NULL;

    g_assert_null (open_copy (client, bytes, texts[i][1], &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  }
}

static void
restart (const char *store, const char *bucket, const char *redirect)
{
  tl_test_server_stop (client_server);
  tl_test_s3_configure (store, bucket);
  g_setenv ("TIDELINE_S3_REDIRECT", redirect, TRUE);
  tl_test_server_start (client_server);
}

static void
test_elsewhere (Client *client, gconstpointer login)
{
  g_autoptr (TlMedia) media = tl_media_new (client->folder, client->remote, CACHE_BYTES);
  g_autofree char *bucket = tl_test_s3_bucket (tl_test_s3_account ());
  g_autoptr (GBytes) bytes = picture (700, 500);
  g_autofree char *blob = NULL;

  restart ("s3", bucket, "true");
  blob = upload (client, bytes);
  g_assert_cmpint (width_of (tl_media_load (media, blob)), ==, 700);
  restart ("folder", bucket, "false");
}

#define ADD(path, test)                                                                            \
  g_test_add ("/media/" path, Client, "robin", client_set_up, test, client_tear_down)

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL); /* no keyring is a warning */
  dex_init ();
  client_server = tl_test_server_new_demo ();
  ADD ("a-picture-comes-at-the-size-that-is-shown", test_sizes);
  ADD ("what-is-here-is-shown-while-the-server-is-away", test_away);
  ADD ("what-cannot-be-made-smaller-comes-as-it-is", test_other);
  ADD ("what-was-looked-at-longest-ago-makes-room", test_bounded);
  ADD ("what-is-opened-is-a-copy-under-its-name", test_opened);
  ADD ("programs-are-not-opened", test_programs);
  ADD ("what-lies-at-a-storage-service-comes-from-there", test_elsewhere);
  status = g_test_run ();
  tl_test_server_free (client_server);
  return status;
}
