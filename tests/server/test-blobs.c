/* The blob folder: what was put is read, whole; names that are no ids reach no file. */
#include "server/stores/blobs.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *dir;
  TlBlobs *blobs;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->dir = g_dir_make_tmp ("tideline-blobs-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->blobs = tl_blobs_dir_new (fixture->dir, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  const char *argv[] = { "rm", "-rf", fixture->dir, NULL };

  fixture->blobs->class->free (fixture->blobs);
  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (fixture->dir);
}

static char *
put (TlBlobs *blobs, GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  char *id = tl_blob_id (bytes);

  g_assert_true (blobs->class->put (blobs, id, bytes, &error));
  g_assert_no_error (error);
  return id;
}

static void
assert_holds (TlBlobs *blobs, const char *id, GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  gsize size = 0;
  int fd = blobs->class->open (blobs, id, &size, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (size, ==, g_bytes_get_size (bytes));
  text = g_malloc (size + 1);
  g_assert_cmpint (read (fd, text, size + 1), ==, size);
  g_assert_cmpmem (text, size, g_bytes_get_data (bytes, NULL), size);
  close (fd);
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 40; i++) {
    gsize size = i == 0 ? 0 : (gsize)g_test_rand_int_range (1, 200000);
    guint8 *random = g_malloc (size + 1);
    g_autoptr (GBytes) bytes = NULL;
    g_autofree char *id = NULL;
    for (gsize at = 0; at < size; at++)
      random[at] = (guint8)g_test_rand_int ();
    bytes = g_bytes_new_take (random, size);
    id = put (fixture->blobs, bytes);
    assert_holds (fixture->blobs, id, bytes);
    g_free (put (fixture->blobs, bytes));
    assert_holds (fixture->blobs, id, bytes);
  }
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("a small file", 12);
  g_autofree char *id = put (fixture->blobs, bytes);
  g_autofree char *path = g_strdup_printf ("%s/%.2s/%.2s/%s", fixture->dir, id + 1, id + 3, id);

  g_assert_no_errno (truncate (path, 3));
  g_free (put (fixture->blobs, bytes));
  assert_holds (fixture->blobs, id, bytes);
}

static void
test_removed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("gone", 4);
  g_autofree char *id = put (fixture->blobs, bytes);
  g_autoptr (GError) error = NULL;
  gsize size;

  g_assert_true (fixture->blobs->class->remove (fixture->blobs, id, &error));
  g_assert_true (fixture->blobs->class->remove (fixture->blobs, id, &error));
  g_assert_no_error (error);
  g_assert_cmpint (fixture->blobs->class->open (fixture->blobs, id, &size, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_strange_names (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = {
    "",
    "b",
    "t12",
    "../../../../etc/passwd",
    "b../0000000000000000000000000000000000000000000000000000000000/..",
    "bABCDEF0000000000000000000000000000000000000000000000000000000000",
    "b00000000000000000000000000000000000000000000000000000000000000000",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GError) error = NULL;
    gsize size;
    g_assert_cmpint (fixture->blobs->class->open (fixture->blobs, names[i], &size, &error), ==, -1);
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  }
}

static gpointer
put_many (gpointer data)
{
  TlBlobs *blobs = data;

  for (guint i = 0; i < 100; i++) {
    g_autofree char *text = g_strdup_printf ("blob %u", i);
    g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
    g_autofree char *id = put (blobs, bytes);
    assert_holds (blobs, id, bytes);
  }
  return NULL;
}

static void
test_threads (Fixture *fixture, gconstpointer data)
{
  GThread *threads[4];
  g_autofree char *tmp = g_build_filename (fixture->dir, "tmp", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("put", put_many, fixture->blobs);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_no_errno (g_rmdir (tmp)); /* nothing was left in it */
}

static void
test_no_folder (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (tl_blobs_dir_new ("/proc/tideline", &error));
  g_assert_nonnull (strstr (error->message, "the blob folder “/proc/tideline” cannot be written"));
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/blobs/what-was-put-is-read", test_round_trip);
  ADD ("/blobs/a-damaged-file-is-put-again", test_damaged);
  ADD ("/blobs/what-was-removed-is-not-found", test_removed);
  ADD ("/blobs/names-that-are-no-ids-are-not-found", test_strange_names);
  ADD ("/blobs/threads-may-put-the-same-at-once", test_threads);
  g_test_add_func ("/blobs/a-folder-that-cannot-be-is-refused", test_no_folder);
  return g_test_run ();
}
