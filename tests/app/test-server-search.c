/* A search goes on at the server: on a replica that has nothing yet, what is found there comes here; nobody finds what
 * they may not read; without the server one is told. */
#include "sync/models/lists.h"
#include "sync/models/server-search.h"
#include "sync/record-sql.h"
#include "tests/app/client.h"

#define WORDS "trailer lights" /* the demo's crew speaks of them */

static GArray *
search (Client *client, const char *text, guint8 type)
{
  g_auto (GValue) found = G_VALUE_INIT;

  client_await (tl_server_search (client->replica, client->remote, client->me, text, type), &found,
                0);
  return g_array_ref (g_value_get_boxed (&found));
}

static void
test_comes_here (Client *client, gconstpointer login)
{
  TlKeyList *list = tl_search_list_new (client->replica, client->me);
  g_autoptr (GArray) rows = search (client, WORDS, 0);
  g_autoptr (GArray) again = search (client, WORDS, 0);
  g_autoptr (GArray) articles = search (client, WORDS, tl_article_type.number);

  g_assert_cmpuint (rows->len, >, 0);
  g_assert_cmpuint (again->len, ==, rows->len);
  g_assert_cmpuint (articles->len, ==, 0);
  tl_search_list_ask (list, WORDS, 0);
  tl_search_list_add (list, rows);
  while (g_list_model_get_n_items (G_LIST_MODEL (list)) < rows->len)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < rows->len; i++) {
    gint64 at = tl_key_list_find (list, g_array_index (rows, TlKeyRow, i).key);
    g_autoptr (TlHitItem) hit = NULL;

    g_assert_cmpint (at, >=, 0);
    hit = g_list_model_get_item (G_LIST_MODEL (list), (guint)at);
    while (!hit->loaded)
      g_main_context_iteration (NULL, TRUE);
    g_assert_cmpstr (hit->title, !=, "");
  }
  g_object_unref (list);
}

static void
test_stranger (Client *client, gconstpointer login)
{
  g_autoptr (GArray) messages = search (client, WORDS, tl_message_type.number);

  g_assert_cmpuint (messages->len, ==, 0);
}

static void
test_away (Client *client, gconstpointer login)
{
  tl_test_server_stop (client_server);
  client_await (tl_server_search (client->replica, client->remote, client->me, WORDS, 0), NULL,
                TL_REMOTE_ERROR_OFFLINE);
  tl_test_server_start (client_server);
}

static void
test_knows (void)
{
  g_assert_true (tl_server_search_knows ("boat"));
  g_assert_true (tl_server_search_knows ("in:chat \"two words\""));
  g_assert_false (tl_server_search_knows (""));
  g_assert_false (tl_server_search_knows ("in:chat"));
  g_assert_true (tl_server_search_knows ("boat from:robin before:2026"));
  g_assert_true (tl_server_search_knows ("is:starred"));
  g_assert_false (tl_server_search_knows ("-boat from:"));
}

#define ADD(path, login, test)                                                                     \
  g_test_add ("/server-search/" path, Client, login, client_set_up, test, client_tear_down)

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL); /* no keyring is a warning */
  dex_init ();
  client_server = tl_test_server_new_demo ();
  tl_test_server_add_user (client_server, "stranger", "Somebody Else");
  g_test_add_func ("/server-search/is-asked-for-what-could-find-something", test_knows);
  ADD ("what-is-found-comes-here", "robin", test_comes_here);
  ADD ("a-stranger-finds-nothing-of-others", "stranger", test_stranger);
  ADD ("without-the-server-it-says-so", "robin", test_away);
  status = g_test_run ();
  tl_test_server_free (client_server);
  return status;
}
