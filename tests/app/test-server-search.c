/* A search goes on at the server: on a replica that has nothing yet, what is found there comes here; nobody finds what
 * they may not read; without the server one is told. */
#include "sync/models/lists.h"
#include "sync/models/server-search.h"
#include "sync/record-sql.h"
#include "tests/fixtures/server.h"

#include <glib/gstdio.h>
#include <libdex.h>

#define WORDS "trailer lights" /* the demo's crew speaks of them */

static TlTestServer *server;

typedef struct {
  char *folder;
  TlReplica *replica;
  TlSecrets *secrets;
  TlRemote *remote;
  gint64 me;
} Fixture;

/* Taken; `value` NULL: it has to fail with TL_REMOTE_ERROR `code`. */
static void
await (DexFuture *future, GValue *value, int code)
{
  g_autoptr (GError) error = NULL;
  const GValue *result;

  while (dex_future_is_pending (future))
    g_main_context_iteration (NULL, TRUE);
  result = dex_future_get_value (future, &error);
  if (value) {
    g_assert_no_error (error);
    g_value_init (value, G_VALUE_TYPE (result));
    g_value_copy (result, value);
  } else {
    g_assert_error (error, TL_REMOTE_ERROR, code);
  }
  dex_unref (future);
}

static void
set_up (Fixture *fixture, gconstpointer login)
{
  g_autoptr (GError) error = NULL;
  g_auto (GValue) person = G_VALUE_INIT;
  gboolean is_demo = g_str_equal (login, "robin");

  fixture->folder = g_dir_make_tmp ("tideline-search-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->replica = tl_replica_open (fixture->folder, &error);
  g_assert_no_error (error);
  fixture->secrets = tl_secrets_new ();
  fixture->remote = tl_remote_new (tl_test_server_url (server), login, fixture->secrets);
  await (tl_remote_sign_in (fixture->remote, login, is_demo ? TL_DEMO_PASSWORD : TL_TEST_PASSWORD,
                            "test"),
         &person, 0);
  g_assert_true (tl_id_parse (
      json_object_get_string_member (g_value_get_boxed (&person), "accountId"), &fixture->me));
}

static void
tear_down (Fixture *fixture, gconstpointer login)
{
  const char *argv[] = { "rm", "-rf", fixture->folder, NULL };

  tl_replica_close (fixture->replica);
  g_object_unref (fixture->replica);
  g_object_unref (fixture->remote);
  g_object_unref (fixture->secrets);
  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (fixture->folder);
}

static GArray *
search (Fixture *fixture, const char *text, guint8 type)
{
  g_auto (GValue) found = G_VALUE_INIT;

  await (tl_server_search (fixture->replica, fixture->remote, fixture->me, text, type), &found, 0);
  return g_array_ref (g_value_get_boxed (&found));
}

static void
test_comes_here (Fixture *fixture, gconstpointer login)
{
  TlKeyList *list = tl_search_list_new (fixture->replica, fixture->me);
  g_autoptr (GArray) rows = search (fixture, WORDS, 0);
  g_autoptr (GArray) again = search (fixture, WORDS, 0);
  g_autoptr (GArray) articles = search (fixture, WORDS, tl_article_type.number);

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
test_stranger (Fixture *fixture, gconstpointer login)
{
  g_autoptr (GArray) messages = search (fixture, WORDS, tl_message_type.number);

  g_assert_cmpuint (messages->len, ==, 0);
}

static void
test_away (Fixture *fixture, gconstpointer login)
{
  tl_test_server_stop (server);
  await (tl_server_search (fixture->replica, fixture->remote, fixture->me, WORDS, 0), NULL,
         TL_REMOTE_ERROR_OFFLINE);
  tl_test_server_start (server);
}

static void
test_knows (void)
{
  g_assert_true (tl_server_search_knows ("boat"));
  g_assert_true (tl_server_search_knows ("in:chat \"two words\""));
  g_assert_false (tl_server_search_knows (""));
  g_assert_false (tl_server_search_knows ("in:chat"));
  g_assert_false (tl_server_search_knows ("boat from:robin"));
  g_assert_false (tl_server_search_knows ("boat before:2026"));
}

#define ADD(path, login, test)                                                                     \
  g_test_add ("/server-search/" path, Fixture, login, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL); /* no keyring is a warning */
  dex_init ();
  server = tl_test_server_new_demo ();
  tl_test_server_add_user (server, "stranger", "Somebody Else");
  g_test_add_func ("/server-search/is-asked-for-words-alone", test_knows);
  ADD ("what-is-found-comes-here", "robin", test_comes_here);
  ADD ("a-stranger-finds-nothing-of-others", "stranger", test_stranger);
  ADD ("without-the-server-it-says-so", "robin", test_away);
  status = g_test_run ();
  tl_test_server_free (server);
  return status;
}
