/* The blob stores: what was put is read, whole, from a folder as from a real S3 service; names that are no ids reach
 * nothing. */
#include "server/stores/blobs.h"
#include "server/stores/curl.h"
#include "tests/fixtures/s3.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *dir;
  char *bucket; /* of an S3 service; NULL: it is a folder */
  const TlS3Account *account;
  TlBlobs *blobs;
} Fixture;

typedef enum { FOLDER, GATEWAY, MOTO } Kind;

#define CACHE_BYTES (4 * 1024 * 1024)

static void
open_s3 (Fixture *fixture, guint64 cache)
{
  g_autoptr (GError) error = NULL;

  fixture->blobs->class->free (fixture->blobs);
  fixture->blobs =
      tl_blobs_s3_new (fixture->account, fixture->bucket, fixture->dir, cache, FALSE, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer kind)
{
  g_autoptr (GError) error = NULL;

  fixture->dir = g_dir_make_tmp ("tideline-blobs-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->blobs = tl_blobs_dir_new (fixture->dir, &error);
  g_assert_no_error (error);
  if (GPOINTER_TO_INT (kind) == FOLDER)
    return;
  fixture->account =
      GPOINTER_TO_INT (kind) == MOTO ? tl_test_moto_account () : tl_test_s3_account ();
  fixture->bucket = tl_test_s3_bucket (fixture->account);
  open_s3 (fixture, CACHE_BYTES);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  const char *argv[] = { "rm", "-rf", fixture->dir, NULL };

  fixture->blobs->class->free (fixture->blobs);
  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (fixture->dir);
  g_free (fixture->bucket);
}

static GBytes *
random_bytes (gsize size)
{
  guint8 *random = g_malloc (size + 1);

  for (gsize at = 0; at < size; at++)
    random[at] = (guint8)g_test_rand_int ();
  return g_bytes_new_take (random, size);
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
    g_autoptr (GBytes) bytes = random_bytes (size);
    g_autofree char *id = put (fixture->blobs, bytes);

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
  if (fixture->bucket == NULL)
    g_assert_no_errno (g_rmdir (tmp)); /* nothing was left in it */
}

static void
test_no_folder (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (tl_blobs_dir_new ("/proc/tideline", &error));
  g_assert_nonnull (strstr (error->message, "the blob folder “/proc/tideline” cannot be written"));
}

/* --- an S3 service ------------------------------------------------------------------------------- */

#define FRESH_CACHE 0 /* nothing is kept: each read asks the service */

static TlS3 *
client (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  TlS3 *s3 = tl_s3_new (fixture->account, &error);

  g_assert_no_error (error);
  return s3;
}

static char *
key_of (const char *id)
{
  return g_strdup_printf ("%.2s/%.2s/%s", id + 1, id + 3, id);
}

static void
test_parts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = random_bytes (19 * 1024 * 1024 + 7);
  g_autofree char *id = put (fixture->blobs, bytes);

  assert_holds (fixture->blobs, id, bytes);
  g_free (put (fixture->blobs, bytes));
  open_s3 (fixture, FRESH_CACHE);
  assert_holds (fixture->blobs, id, bytes);
}

static void
test_away (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) read_before = random_bytes (1000), other = random_bytes (1000);
  g_autofree char *id = put (fixture->blobs, read_before), *unread = put (fixture->blobs, other);
  g_autoptr (GError) error = NULL;
  gsize size;

  assert_holds (fixture->blobs, id, read_before);
  tl_test_s3_kill ();
  assert_holds (fixture->blobs, id, read_before);
  g_assert_cmpint (fixture->blobs->class->open (fixture->blobs, unread, &size, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_false (fixture->blobs->class->put (fixture->blobs, id, read_before, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  tl_test_s3_start ();
  assert_holds (fixture->blobs, unread, other);
}

static void
test_other_bytes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TlS3) s3 = client (fixture);
  g_autoptr (GBytes) bytes = random_bytes (1000);
  g_autofree char *id = put (fixture->blobs, bytes), *key = key_of (id);
  g_autoptr (GError) error = NULL;
  gsize size;

  tl_s3_exchange (s3,
                  &TL_S3_CALL (.method = "PUT", .bucket = fixture->bucket, .key = key,
                               .data = "not it", .size = 6),
                  NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fixture->blobs->class->open (fixture->blobs, id, &size, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  put (fixture->blobs, bytes);
  assert_holds (fixture->blobs, id, bytes);
}

static void
test_room (Fixture *fixture, gconstpointer data)
{
  g_autofree char *ids[8];
  guint kept = 0;

  open_s3 (fixture, 5000);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autoptr (GBytes) bytes = random_bytes (1000);

    ids[i] = put (fixture->blobs, bytes);
    assert_holds (fixture->blobs, ids[i], bytes);
  }
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autofree char *path = g_build_filename (fixture->dir, ids[i], NULL);

    kept += g_file_test (path, G_FILE_TEST_EXISTS);
  }
  g_assert_cmpuint (kept, >=, 4);
  g_assert_cmpuint (kept, <=, 5);
}

static void
test_ranges (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TlS3) s3 = client (fixture);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("0123456789", 10);
  g_autofree char *id = put (fixture->blobs, bytes), *key = key_of (id);
  g_auto (TlS3Answer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  tl_s3_exchange (
      s3, &TL_S3_CALL (.method = "GET", .bucket = fixture->bucket, .key = key, .range = "2-5"),
      &answer, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (answer.body, NULL), g_bytes_get_size (answer.body), "2345", 4);
}

static void
test_wrong_secret (Fixture *fixture, gconstpointer data)
{
  TlS3Account other = *tl_test_s3_account ();
  g_autoptr (GError) error = NULL;
  g_autoptr (TlS3) s3 = NULL;

  other.secret_key = "not the secret";
  s3 = tl_s3_new (&other, &error);
  g_assert_no_error (error);
  g_assert_false (
      tl_s3_exchange (s3, &TL_S3_CALL (.method = "GET", .bucket = fixture->bucket), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_nonnull (strstr (error->message, "SignatureDoesNotMatch"));
  g_assert_null (strstr (error->message, other.secret_key));
}

/* The published example of the signature: "GET Object" of “Authenticating Requests: Using Query Parameters”. */
static void
test_presign_vector (void)
{
  TlS3Account account = { .endpoint = "https://s3.amazonaws.com",
                          .region = "us-east-1",
                          .access_key = "AKIAIOSFODNN7EXAMPLE",
                          .secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
  g_autoptr (TlS3) s3 = tl_s3_new (&account, NULL);
  g_autoptr (GDateTime) then = g_date_time_new_utc (2013, 5, 24, 0, 0, 0);
  g_autofree char *address =
      tl_s3_presign (s3, "examplebucket", "test.txt", NULL, then, 24 * 60 * 60);

  g_assert_cmpstr (
      address, ==,
      "https://examplebucket.s3.amazonaws.com/test.txt"
      "?X-Amz-Algorithm=AWS4-HMAC-SHA256"
      "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
      "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
      "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

static size_t
ignore (char *data, size_t size, size_t n, void *user)
{
  return size * n;
}

static long
status_of (const char *address)
{
  CURL *curl = tl_curl_handle ();
  long status = 0;

  curl_easy_setopt (curl, CURLOPT_URL, address);
  curl_easy_setopt (curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, ignore);
  curl_easy_setopt (curl, CURLOPT_RANGE, "0-0");
  g_assert_cmpint (curl_easy_perform (curl), ==, CURLE_OK);
  curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

static void
test_presigned (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TlS3) s3 = client (fixture);
  g_autoptr (GBytes) bytes = random_bytes (100);
  g_autofree char *id = put (fixture->blobs, bytes), *key = key_of (id);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) long_ago = g_date_time_add_hours (now, -2);
  g_autofree char *good = tl_s3_presign (s3, fixture->bucket, key, NULL, now, 60);
  g_autofree char *late = tl_s3_presign (s3, fixture->bucket, key, NULL, long_ago, 60);
  g_autofree char *forged = g_strndup (good, strlen (good) - 4);
  g_autofree char *bad = g_strconcat (forged, "0000", NULL);

  g_assert_cmpint (status_of (good), ==, 206);
  g_assert_cmpint (status_of (late), ==, 403);
  g_assert_cmpint (status_of (bad), ==, 403);
}

#define ADD(path, test) g_test_add ("/blobs/folder/" path, Fixture, NULL, set_up, test, tear_down)
#define ADD_S3(path, test)                                                                         \
  g_test_add ("/blobs/s3/" path, Fixture, GINT_TO_POINTER (GATEWAY), set_up, test, tear_down)
#define ADD_MOTO(path, test)                                                                       \
  g_test_add ("/blobs/s3/" path, Fixture, GINT_TO_POINTER (MOTO), set_up, test, tear_down)
#define ADD_BOTH(path, test)                                                                       \
  do {                                                                                             \
    ADD (path, test);                                                                              \
    ADD_S3 (path, test);                                                                           \
  } while (0)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD_BOTH ("what-was-put-is-read", test_round_trip);
  ADD_BOTH ("what-was-removed-is-not-found", test_removed);
  ADD_BOTH ("names-that-are-no-ids-are-not-found", test_strange_names);
  ADD_BOTH ("threads-may-put-the-same-at-once", test_threads);
  ADD ("a-damaged-file-is-put-again", test_damaged);
  ADD_MOTO ("large-ones-go-in-parts", test_parts);
  ADD_S3 ("what-was-read-is-there-while-the-service-is-away", test_away);
  ADD_S3 ("an-object-with-other-bytes-is-refused", test_other_bytes);
  ADD_S3 ("what-was-read-long-ago-makes-room", test_room);
  ADD_MOTO ("a-part-of-an-object-is-read", test_ranges);
  ADD_S3 ("a-wrong-secret-is-refused-and-not-told", test_wrong_secret);
  ADD_S3 ("a-presigned-address-works-for-its-time", test_presigned);
  g_test_add_func ("/blobs/s3/presigned-as-published", test_presign_vector);
  g_test_add_func ("/blobs/a-folder-that-cannot-be-is-refused", test_no_folder);
  return g_test_run ();
}
