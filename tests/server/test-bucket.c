/* Files in a real S3 service, on the real programs: the bucket is made, files go there and come from there, move from
 * the folder and back; while the service is away one is told so, and what was read is still given. */
#include "tests/fixtures/s3.h"
#include "tests/server/visitor.h"

#include <glib/gstdio.h>
#include <string.h>

#define BUCKET "tideline-files"

static TlTestServer *server;

static void
ctl (const char *storage, const char *word)
{
  const char *arguments[] = { "storage", storage, word, NULL };

  g_free (tl_test_server_ctl (server, arguments, NULL));
}

static guint
upload (Visitor *visitor, const char *text, char **blob)
{
  g_autofree char *path = g_strconcat ("/jmap/upload/", visitor->account, NULL);
  g_autoptr (JsonObject) answer = NULL;
  guint status;

  answer = visitor_post (visitor, path, text, &status);
  *blob = answer ? g_strdup (json_object_get_string_member_with_default (answer, "blobId", NULL))
                 : NULL;
  return status;
}

static void
assert_given (Visitor *visitor, const char *blob, guint expected, const char *text)
{
  g_autofree char *address =
      g_strdup_printf ("%s/jmap/download/%s/%s/a.txt", visitor->url, visitor->account, blob);
  g_autofree char *bearer = g_strconcat ("Bearer ", visitor->access, NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", address);
  g_autoptr (GBytes) bytes = NULL;

  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", bearer);
  bytes = soup_session_send_and_read (visitor->session, message, NULL, NULL);
  g_assert_cmpuint (soup_message_get_status (message), ==, expected);
  if (text)
    g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text));
}

static void
restart (const char *store)
{
  tl_test_server_stop (server);
  tl_test_s3_configure (store, BUCKET);
  tl_test_server_start (server);
}

static void
test_moves (void)
{
  g_autoptr (Visitor) visitor = visitor_new_as (server, "robin");
  g_autofree char *first = NULL, *second = NULL, *folder = NULL;

  g_assert_cmpuint (upload (visitor, "'in the folder'", &first), ==, 201);
  ctl ("init", NULL);
  ctl ("init", NULL);
  ctl ("move", "s3");
  folder = g_build_filename (tl_test_server_folder (server), "blobs", NULL);
  restart ("s3");
  {
    g_autofree char *file =
        g_strdup_printf ("%s/%.2s/%.2s/%s", folder, first + 1, first + 3, first);

    g_assert_no_errno (g_unlink (file));
  }
  assert_given (visitor, first, 200, "\"in the folder\"");
  g_assert_cmpuint (upload (visitor, "'in the bucket'", &second), ==, 201);
  ctl ("move", "folder");
  restart ("folder");
  assert_given (visitor, first, 200, "\"in the folder\"");
  assert_given (visitor, second, 200, "\"in the bucket\"");
}

/* The client follows, without telling the service who it is. */
static void
test_redirects (void)
{
  g_autoptr (Visitor) visitor = NULL;
  g_autoptr (Visitor) stranger = NULL;
  g_autofree char *blob = NULL;

  g_setenv ("TIDELINE_S3_REDIRECT", "true", TRUE);
  restart ("s3");
  g_unsetenv ("TIDELINE_S3_REDIRECT");
  visitor = visitor_new_as (server, "robin");
  stranger = visitor_new_as (server, "ines");
  g_assert_cmpuint (upload (visitor, "'fetched from there'", &blob), ==, 201);
  assert_given (visitor, blob, 200, "\"fetched from there\"");
  assert_given (stranger, blob, 404, NULL);
}

static void
test_away (void)
{
  g_autoptr (Visitor) visitor = NULL;
  g_autofree char *read_before = NULL, *unread = NULL, *refused = NULL;

  restart ("s3");
  visitor = visitor_new_as (server, "robin");
  g_assert_cmpuint (upload (visitor, "'read before'", &read_before), ==, 201);
  g_assert_cmpuint (upload (visitor, "'not read'", &unread), ==, 201);
  assert_given (visitor, read_before, 200, "\"read before\"");
  tl_test_s3_kill ();
  assert_given (visitor, read_before, 200, "\"read before\"");
  assert_given (visitor, unread, 503, NULL);
  g_assert_cmpuint (upload (visitor, "'now'", &refused), ==, 503);
  tl_test_s3_start ();
  assert_given (visitor, unread, 200, "\"not read\"");
  g_assert_cmpuint (upload (visitor, "'now'", &refused), ==, 201);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  tl_test_s3_configure ("folder", BUCKET);
  server = tl_test_server_new ();
  tl_test_server_add_user (server, "robin", "Robin");
  tl_test_server_add_user (server, "ines", "Inés");
  g_test_add_func ("/bucket/files-move-there-and-back", test_moves);
  g_test_add_func ("/bucket/downloads-are-sent-there-when-it-is-said", test_redirects);
  g_test_add_func ("/bucket/away-what-was-read-is-given-and-new-files-wait", test_away);
  status = g_test_run ();
  tl_test_server_free (server);
  return status;
}
