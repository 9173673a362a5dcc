/* Pictures at sizes, on the real program: small enough, upright, without what the camera wrote; what is no picture or
 * means harm is refused and nothing else falls; a confined process that does more than it may is ended. */
#include "tests/server/visitor.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

static TlTestServer *server;
static Visitor *robin, *stranger;

/* --- pictures ------------------------------------------------------------------------------------ */

static GBytes *
picture (const char *type, gboolean is_clear, int width, int height)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, is_clear, 8, width, height);
  g_autoptr (GError) error = NULL;
  char *bytes;
  gsize size;

  gdk_pixbuf_fill (pixbuf, 0x3366cc80);
  gdk_pixbuf_save_to_buffer (pixbuf, &bytes, &size, type, &error, NULL);
  g_assert_no_error (error);
  return g_bytes_new_take (bytes, size);
}

/* A JPEG as a camera held on its side writes it: EXIF with orientation 6, and a place. */
static GBytes *
from_camera (void)
{
  static const char exif[] = "\377\341\000\070Exif\0\0MM\0\052\0\0\0\010\0\001"
                             "\001\022\0\003\0\0\0\001\0\006\0\0\0\0\0\0"
                             "54.3233N 10.1228E pier";
  g_autoptr (GBytes) plain = picture ("jpeg", FALSE, 1000, 500);
  GByteArray *bytes = g_byte_array_new ();
  gsize size;
  const guint8 *data = g_bytes_get_data (plain, &size);

  g_byte_array_append (bytes, data, 2);
  g_byte_array_append (bytes, (const guint8 *)exif, 0x38 + 2);
  g_byte_array_append (bytes, data + 2, (guint)size - 2);
  return g_byte_array_free_to_bytes (bytes);
}

/* A PNG of 33 bytes that says it has 30,000 by 30,000 pixels. */
static GBytes *
bomb (void)
{
  g_autoptr (GBytes) small = picture ("png", FALSE, 8, 8);
  gsize size;
  g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (small, &size), g_bytes_get_size (small));
  static const guint8 sides[] = { 0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30 };
  /* of IHDR with these sides, 8 bits, RGB */
  static const guint8 check[] = { 0xe9, 0x45, 0x6f, 0xed };

  memcpy (data + 16, sides, sizeof sides);
  memcpy (data + 29, check, sizeof check);
  return g_bytes_new (data, size);
}

/* --- asking -------------------------------------------------------------------------------------- */

static guint
exchange (Visitor *visitor, const char *method, const char *path, GBytes *body, GBytes **answer)
{
  g_autofree char *address = g_strconcat (visitor->url, path, NULL);
  g_autofree char *bearer = g_strconcat ("Bearer ", visitor->access, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, address);
  g_autoptr (GError) error = NULL;

  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", bearer);
  if (body)
    soup_message_set_request_body_from_bytes (message, "application/octet-stream", body);
  *answer = soup_session_send_and_read (visitor->session, message, NULL, &error);
  g_assert_no_error (error);
  return soup_message_get_status (message);
}

static char *
upload (GBytes *bytes)
{
  g_autofree char *path = g_strconcat ("/jmap/upload/", robin->account, NULL);
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  g_assert_cmpuint (exchange (robin, "POST", path, bytes, &answer), ==, 201);
  text = g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  node = json_from_string (text, NULL);
  return g_strdup (json_object_get_string_member (json_node_get_object (node), "blobId"));
}

static guint
ask (Visitor *visitor, const char *blob, const char *query, GBytes **answer)
{
  g_autofree char *path =
      g_strdup_printf ("/jmap/download/%s/%s/picture%s", visitor->account, blob, query);

  return exchange (visitor, "GET", path, NULL, answer);
}

static GdkPixbuf *
decode (GBytes *bytes)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GError) error = NULL;
  GdkPixbuf *pixbuf = gdk_pixbuf_new_from_stream (stream, NULL, &error);

  g_assert_no_error (error);
  return pixbuf;
}

static void
assert_scaled (GBytes *original, const char *query, int width, int height, gboolean is_png)
{
  g_autofree char *blob = upload (original);
  g_autoptr (GBytes) answer = NULL, again = NULL;
  g_autoptr (GdkPixbuf) pixbuf = NULL;

  g_assert_cmpuint (ask (robin, blob, query, &answer), ==, 200);
  pixbuf = decode (answer);
  g_assert_cmpint (gdk_pixbuf_get_width (pixbuf), ==, width);
  g_assert_cmpint (gdk_pixbuf_get_height (pixbuf), ==, height);
  g_assert_cmpint (memcmp (g_bytes_get_data (answer, NULL), "\211PNG", 4) == 0, ==, is_png);
  g_assert_cmpuint (ask (robin, blob, query, &again), ==, 200);
  g_assert_true (g_bytes_equal (answer, again));
}

static void
test_sizes (void)
{
  g_autoptr (GBytes) jpeg = picture ("jpeg", FALSE, 1500, 1000);
  g_autoptr (GBytes) clear = picture ("png", TRUE, 400, 800);
  g_autoptr (GBytes) small = picture ("png", FALSE, 20, 10);

  assert_scaled (jpeg, "?size=320", 320, 213, FALSE);
  assert_scaled (jpeg, "?size=1280", 1280, 853, FALSE);
  assert_scaled (clear, "?size=160", 80, 160, TRUE);
  assert_scaled (small, "?size=640", 20, 10, FALSE);
}

static void
test_camera (void)
{
  g_autoptr (GBytes) original = from_camera (), answer = NULL;
  g_autofree char *blob = upload (original);
  g_autoptr (GdkPixbuf) pixbuf = NULL;

  g_assert_nonnull (
      memmem (g_bytes_get_data (original, NULL), g_bytes_get_size (original), "54.3233N", 8));
  g_assert_cmpuint (ask (robin, blob, "?size=320", &answer), ==, 200);
  pixbuf = decode (answer);
  g_assert_cmpint (gdk_pixbuf_get_width (pixbuf), ==, 160);
  g_assert_cmpint (gdk_pixbuf_get_height (pixbuf), ==, 320);
  g_assert_null (memmem (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), "Exif", 4));
  g_assert_null (
      memmem (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), "54.3233N", 8));
}

static void
assert_refused (GBytes *bytes)
{
  g_autofree char *blob = upload (bytes);
  g_autoptr (GBytes) answer = NULL, whole = NULL;

  g_assert_cmpuint (ask (robin, blob, "?size=320", &answer), ==, 415);
  g_assert_cmpuint (ask (robin, blob, "", &whole), ==, 200);
  g_assert_true (g_bytes_equal (whole, bytes));
}

static void
test_refused (void)
{
  g_autoptr (GBytes) words = g_bytes_new_static ("\377\330\377 but only words", 19);
  g_autoptr (GBytes) text = g_bytes_new_static ("words", 5);
  g_autoptr (GBytes) huge = bomb ();
  g_autoptr (GBytes) jpeg = picture ("jpeg", FALSE, 100, 100);
  g_autofree char *blob = upload (jpeg);
  g_autoptr (GBytes) answer = NULL, others = NULL;

  assert_refused (words);
  assert_refused (text);
  assert_refused (huge);
  g_assert_cmpuint (ask (robin, blob, "?size=321", &answer), ==, 400);
  g_assert_cmpuint (ask (stranger, blob, "?size=320", &others), ==, 404);
}

/* --- confined ------------------------------------------------------------------------------------ */

/* How a confined process ends that does one thing. */
static int
do_confined (const char *deed)
{
  g_autofree char *program =
      g_build_filename (g_getenv ("TIDELINE_BUILD"), "tests", "server", "confined", NULL);
  const char *argv[] = { program, deed, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                &status, &error);
  g_assert_no_error (error);
  return status;
}

static void
test_confined (void)
{
  static const char *const deeds[] = { "open", "connect", "fork" };

  g_assert_cmpint (do_confined ("write"), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++) {
    int status = do_confined (deeds[i]);

    g_assert_true (WIFSIGNALED (status));
    g_assert_cmpint (WTERMSIG (status), ==, SIGSYS);
  }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scaled/a-confined-process-opens-connects-and-forks-nothing", test_confined);
  g_test_add_func ("/scaled/pictures-have-the-size-that-is-asked-for", test_sizes);
  g_test_add_func ("/scaled/upright-and-without-what-the-camera-wrote", test_camera);
  g_test_add_func ("/scaled/what-is-no-picture-is-refused", test_refused);
  server = tl_test_server_new ();
  tl_test_server_add_user (server, "robin", "Robin");
  tl_test_server_add_user (server, "stranger", "Somebody");
  robin = visitor_new_as (server, "robin");
  stranger = visitor_new_as (server, "stranger");
  status = g_test_run ();
  visitor_free (robin);
  visitor_free (stranger);
  tl_test_server_free (server);
  return status;
}
