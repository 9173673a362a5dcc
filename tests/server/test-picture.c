/* Pictures of articles, on the real program: fetched once, for who is signed in, and only pictures. */
#include "tests/server/site.h"
#include "tests/server/visitor.h"

#include <string.h>

#define PNG "\211PNG\r\n\032\nrest"
#define PATIENCE_US (20 * G_USEC_PER_SEC)

static TlTestServer *server;

/* Status, Content-Type and body of GET `path`. */
static guint
get (Visitor *visitor, const char *path, char **type, GBytes **body)
{
  g_autofree char *address = g_strconcat (visitor->url, path, NULL);
  g_autofree char *bearer = g_strconcat ("Bearer ", visitor->access, NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", address);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (visitor->access)
    soup_message_headers_append (soup_message_get_request_headers (message), "Authorization",
                                 bearer);
  bytes = soup_session_send_and_read (visitor->session, message, NULL, &error);
  g_assert_no_error (error);
  if (type)
    *type = g_strdup (
        soup_message_headers_get_content_type (soup_message_get_response_headers (message), NULL));
  if (body)
    *body = g_steal_pointer (&bytes);
  return soup_message_get_status (message);
}

static JsonArray *
list_articles (Visitor *visitor)
{
  g_autoptr (JsonObject) answer =
      visitor_call (visitor, "['Article/get',{'accountId':'ACCOUNT','ids':null},'0']");

  return json_array_ref (json_object_get_array_member (answer, "list"));
}

/* Follows the site's feed, and waits until the job brought its article: polls as a client without
 * push would. */
static JsonArray *
follow (Visitor *visitor, Site *site)
{
  g_autofree char *url = site_url (site, "/feed");
  g_autofree char *call = g_strdup_printf (
      "['Subscription/set',{'accountId':'ACCOUNT','create':{'s':{'url':'%s'}}},'0']", url);
  g_autoptr (JsonObject) made = visitor_call (visitor, call);
  gint64 deadline = g_get_monotonic_time () + PATIENCE_US;

  for (;;) {
    JsonArray *list = list_articles (visitor);

    if (json_array_get_length (list) > 0)
      return list;
    json_array_unref (list);
    if (g_get_monotonic_time () > deadline)
      g_error ("the feed was not fetched");
    g_usleep (20000);
  }
}

/* "/media/…" of the picture whose address ends with `name`. */
static char *
media_of (JsonArray *articles, const char *name)
{
  JsonObject *article = json_array_get_object_element (articles, 0);
  JsonArray *blocks = json_object_get_array_member (article, "blocks");

  for (guint i = 0; i < json_array_get_length (blocks); i++) {
    JsonObject *block = json_array_get_object_element (blocks, i);
    const char *url = json_object_get_string_member_with_default (block, "url", NULL);

    if (url && g_str_has_suffix (url, name))
      return g_strconcat ("/media/", json_object_get_string_member (block, "src"), NULL);
  }
  g_error ("no picture %s", name);
}

static void
test_pictures (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autoptr (Visitor) nobody = visitor_new (server);
  g_autoptr (GBytes) png = g_bytes_new_static (PNG, strlen (PNG));
  g_autoptr (JsonArray) articles = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autofree char *type = NULL;
  g_autofree char *good = NULL;
  g_autofree char *drawn = NULL;
  g_autofree char *missing = NULL;

  site_put (site, "/feed", 200, "",
            "<rss><channel><title>T</title><item><guid>1</guid><title>A</title><description>"
            "&lt;img src='good.png'>&lt;img src='drawn.svg'>&lt;img src='missing.png'>"
            "</description></item></channel></rss>");
  site_put_bytes (site, "/good.png", "Content-Type: text/plain\r\n", png);
  site_put (site, "/drawn.svg", 200, "Content-Type: image/png\r\n",
            "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
  articles = follow (ada, site);
  good = media_of (articles, "good.png");
  drawn = media_of (articles, "drawn.svg");
  missing = media_of (articles, "missing.png");
  g_assert_cmpuint (get (nobody, good, NULL, NULL), ==, 401);
  g_assert_cmpuint (site_count (site, "/good.png"), ==, 0);
  g_assert_cmpuint (get (ada, good, &type, &body), ==, 200);
  g_assert_cmpstr (type, ==, "image/png");
  g_assert_true (g_bytes_equal (body, png));
  g_clear_pointer (&body, g_bytes_unref);
  g_assert_cmpuint (get (ada, good, NULL, &body), ==, 200);
  g_assert_true (g_bytes_equal (body, png));
  g_assert_cmpuint (site_count (site, "/good.png"), ==, 1);
  g_assert_cmpuint (get (ada, drawn, NULL, NULL), ==, 502);
  g_assert_cmpuint (get (ada, drawn, NULL, NULL), ==, 502);
  g_assert_cmpuint (site_count (site, "/drawn.svg"), ==, 1);
  g_assert_cmpuint (get (ada, missing, NULL, NULL), ==, 502);
  g_assert_cmpuint (get (ada, "/media/../../etc/passwd", NULL, NULL), ==, 404);
  g_assert_cmpuint (get (ada, "/media/", NULL, NULL), ==, 404);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_setenv ("TIDELINE_NEWS_ALLOW_PRIVATE_ADDRESSES", "true", TRUE);
  server = tl_test_server_new ();
  tl_test_server_add_user (server, "ada", "Ada");
  g_test_add_func ("/picture/is-fetched-once-for-who-is-signed-in", test_pictures);
  status = g_test_run ();
  tl_test_server_free (server);
  return status;
}
