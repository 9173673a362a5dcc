/* world.c: what is around the devices: a feed server on a thread of its own, and the server's files. */
#include "tests/converge/world.h"

#include <libsoup/soup.h>
#include <string.h>

/* --- feeds --------------------------------------------------------------------------------------- */

static void
serve_feed (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer data)
{
  GString *feed = g_string_new ("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>");

  g_string_append_printf (feed, "%s</title>", path);
  for (guint i = 0; i < 8; i++)
    g_string_append_printf (feed,
                            "<item><title>Item %u of %s</title><guid>%s/%u</guid>"
                            "<pubDate>Mon, 0%u Jun 2026 10:00:00 +0000</pubDate>"
                            "<description>Words number %u</description></item>",
                            i, path, path, i, i + 1, i);
  g_string_append (feed, "</channel></rss>");
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/rss+xml", SOUP_MEMORY_COPY, feed->str,
                                    feed->len);
  g_string_free (feed, TRUE);
}

static gpointer
run_feeds (gpointer data)
{
  char **address = data;
  GMainContext *context = g_main_context_new ();
  SoupServer *server;
  GSList *uris;
  GMainLoop *loop;

  g_main_context_push_thread_default (context);
  server = soup_server_new (NULL, NULL);
  soup_server_add_handler (server, NULL, serve_feed, NULL, NULL);
  g_assert_true (soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (server);
  g_atomic_pointer_set (address, g_uri_to_string (uris->data));
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  loop = g_main_loop_new (context, FALSE);
  g_main_loop_run (loop);
  return NULL;
}

char *
world_serve_feeds (void)
{
  static char *address;

  g_thread_unref (g_thread_new ("feeds", run_feeds, &address));
  while (g_atomic_pointer_get (&address) == NULL)
    g_thread_yield ();
  return address;
}

/* --- files --------------------------------------------------------------------------------------- */

/* What messages and posts name, and whether who sees those may read it. */
#define NAMED                                                                                      \
  "SELECT string_agg (DISTINCT n.blob || ' ' || EXISTS (SELECT FROM storage.blob_scope s WHERE "   \
  "s.blob = n.blob AND s.scope = n.scope AND s.object = n.id), ',') FROM ("                        \
  "SELECT m.id, m.scope, f ->> 'blobId' AS blob FROM chat.message m, "                             \
  "json_array_elements (m.attachments) f UNION ALL "                                               \
  "SELECT p.id, p.scope, f ->> 'blobId' FROM social.post p, json_array_elements (p.images) f) n"

static void
check_file (TlTestServer *server, const char *blob)
{
  g_autofree char *path = g_strdup_printf ("%s/blobs/%.2s/%.2s/%s", tl_test_server_folder (server),
                                           blob + 1, blob + 3, blob);
  g_autofree char *data = NULL, *hash = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);
  hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)data, length);
  g_assert_cmpstr (hash, ==, blob + 1);
}

guint
world_check_files (TlTestServer *server)
{
  g_autofree char *text = tl_test_server_sql (server, NAMED);
  g_auto (GStrv) blobs = g_strsplit (text ? text : "", ",", -1);

  for (guint i = 0; blobs[i]; i++) {
    g_auto (GStrv) words = g_strsplit (blobs[i], " ", 2);

    g_assert_cmpstr (words[1], ==, "true");
    check_file (server, words[0]);
  }
  return g_strv_length (blobs);
}
