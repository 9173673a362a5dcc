/* What a person would rather not see is left out of lists, and said so; quick with a hundred thousand posts. */
#include "tests/sync/models.h"

#include "sync/models/filters.h"
#include "sync/models/inbox.h"
#include "sync/models/posts.h"
#include "sync/outbox.h"
#include "sync/text.h"

#define ME 1
#define PEOPLE                                                                                     \
  "INSERT INTO principal (key, name, login) VALUES (1, 'Robin', 'robin'), (2, 'Ana', 'ana');"      \
  "INSERT INTO follow (key, principalId, followerId) VALUES (90, 2, 1);"                           \
  "INSERT INTO feed (key, title) VALUES (50, 'Harbour');"                                          \
  "INSERT INTO subscription (key, feedId) VALUES (51, 50);"

typedef struct {
  char *dir;
  TlReplica *replica;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->dir = fixture_dir ();
  fixture->replica = models_open (fixture->dir);
  models_sql (fixture->replica, PEOPLE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  models_settle (fixture->replica);
  tl_replica_close (fixture->replica);
  g_object_unref (fixture->replica);
  fixture_remove (fixture->dir);
}

/* A post, or an article of the feed, with its text in the index. */
typedef struct {
  const TlType *type;
  gint64 key, author;
  const char *text;
} Written;

static gboolean
write_it (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  const Written *written = data;
  gboolean is_post = written->type == &tl_post_type;
  char *sql =
      is_post
          ? sqlite3_mprintf ("INSERT INTO post (key, authorId, text, visibility, createdAt) "
                             "VALUES (%lld, %lld, %Q, 'public', %lld)",
                             written->key, written->author, written->text, written->key)
          : sqlite3_mprintf ("INSERT INTO article (key, feedId, title, publishedAt, receivedAt) "
                             "VALUES (%lld, 50, %Q, %lld, 1)",
                             written->key, written->text, written->key);

  gboolean is_fine = sqlite3_exec (tl_db_handle (db), sql, NULL, NULL, NULL) == SQLITE_OK;

  sqlite3_free (sql);
  tl_changes_all (changes);
  return is_fine && tl_text_put (db, written->type, written->key, is_post ? NULL : written->text,
                                 is_post ? written->text : "[]", error);
}

static void
post (Fixture *fixture, gint64 key, gint64 author, const char *text)
{
  Written written = { &tl_post_type, key, author, text };
  fixture_write (fixture->replica, write_it, &written);
}

static void
article (Fixture *fixture, gint64 key, const char *title)
{
  Written written = { &tl_article_type, key, 0, title };
  fixture_write (fixture->replica, write_it, &written);
}

static void
done (DexFuture *taken)
{
  g_autoptr (DexFuture) future = taken;
  g_autoptr (GError) error = NULL;

  fixture_await (future, &error);
  g_assert_no_error (error);
}

static void
add (Fixture *fixture, const char *words, TlFilterPlaces places, TlFilterAction action,
     gint64 expires_at)
{
  TlFilterEdit edit = { words, places, action, expires_at, 0 };
  done (tl_action_set_filter (fixture->replica, 0, &edit));
}

static void
assert_explained (Fixture *fixture, TlFilterPlaces place, const char *sentence)
{
  g_autoptr (DexFuture) future = tl_filters_explain (fixture->replica, place, ME, 0, NULL);
  g_autoptr (GError) error = NULL;
  const GValue *value = fixture_await (future, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (g_value_get_string (value), ==, sentence);
}

static void
test_words (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TlKeyList) home = tl_post_list_new (fixture->replica, TL_POSTS_HOME, 0, ME);

  post (fixture, 100, 2, "Oars are dry");
  post (fixture, 101, 2, "ROARS of the sea");
  post (fixture, 102, 2, "the café by the pier");
  post (fixture, 103, 2, "dry oars");
  post (fixture, 104, 1, "my own oars");
  models_await_keys (home, "104 103 102 101 100");
  add (fixture, "oars", TL_FILTER_ALL, TL_FILTER_HIDE, 0); /* whole words, not one's own */
  models_await_keys (home, "104 102 101");
  add (fixture, "CAFE", TL_FILTER_HOME, TL_FILTER_HIDE, 0);
  models_await_keys (home, "104 101");
  add (fixture, "the roars\nof the sea", TL_FILTER_HOME, TL_FILTER_HIDE, 0); /* a phrase a line */
  models_await_keys (home, "104");
  add (fixture, "\" OR *", TL_FILTER_HOME, TL_FILTER_HIDE, 0); /* words, no syntax */
  assert_explained (fixture, TL_FILTER_HOME, "4 posts are hidden by your filter “oars”");
}

static void
test_places (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TlKeyList) list = tl_post_list_new (fixture->replica, TL_POSTS_EVERYONE, 0, ME);
  g_autoptr (TlKeyList) filters = tl_filter_list_new (fixture->replica);
  g_autoptr (TlFilterItem) item = NULL;
  TlFilterEdit edit = { "tides", TL_FILTER_HOME, TL_FILTER_HIDE, 0, 0 };

  post (fixture, 100, 2, "tides");
  models_await_keys (list, "100");
  add (fixture, "tides", TL_FILTER_EVERYONE | TL_FILTER_ARTICLES, TL_FILTER_HIDE, 0);
  models_await_keys (list, "");
  tl_post_list_ask (list, TL_POSTS_PERSON, 2); /* whoever looks for it finds it */
  models_await_keys (list, "100");
  tl_post_list_ask (list, TL_POSTS_HOME, 0);
  models_await_keys (list, "100");
  models_await_keys (filters, "-1");
  item = models_item (filters, 0);
  g_assert_cmpuint (item->places, ==, TL_FILTER_EVERYONE | TL_FILTER_ARTICLES);
  done (tl_action_set_filter (fixture->replica, -1, &edit));
  models_await_keys (list, "");
  done (tl_action_remove_filter (fixture->replica, -1));
  models_await_keys (list, "100");
  models_await_keys (filters, "");
}

static void
test_expired (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TlKeyList) list = tl_post_list_new (fixture->replica, TL_POSTS_HOME, 0, ME);
  gint64 now = g_get_real_time () / 1000;

  post (fixture, 100, 2, "ebb");
  post (fixture, 101, 2, "flow");
  add (fixture, "ebb", TL_FILTER_ALL, TL_FILTER_HIDE, now - 1000);
  add (fixture, "flow", TL_FILTER_ALL, TL_FILTER_HIDE, now + 3600000);
  models_await_keys (list, "100");
}

static void
test_folds (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TlKeyList) list = tl_post_list_new (fixture->replica, TL_POSTS_HOME, 0, ME);
  g_autoptr (TlPostItem) folded = NULL, plain = NULL;

  post (fixture, 100, 2, "anchors");
  post (fixture, 101, 2, "sails");
  add (fixture, "anchors", TL_FILTER_ALL, TL_FILTER_FOLD, 0);
  models_await_keys (list, "101 100");
  folded = models_item (list, 1);
  while (folded->filtered == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (folded->filtered, ==, "anchors");
  plain = models_item (list, 0);
  g_assert_null (plain->filtered);
}

static void
test_articles (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TlKeyList) list = tl_article_list_new (fixture->replica, TL_ARTICLES_ALL, 0, NULL);
  g_autoptr (TlCounts) counts = tl_counts_new (fixture->replica, ME);
  g_autoptr (TlKeyList) feeds = tl_feed_list_new (fixture->replica);
  TlFeedItem *feed;
  guint unread;

  article (fixture, 200, "Ferry delayed again");
  article (fixture, 201, "New ferry");
  article (fixture, 202, "Herring");
  article (fixture, 203, "渡し船が遅れる");
  models_await_keys (list, "203 202 201 200");
  add (fixture, "ferry", TL_FILTER_ARTICLES, TL_FILTER_HIDE, 0);
  models_await_keys (list, "203 202");
  add (fixture, "渡し船", TL_FILTER_ARTICLES, TL_FILTER_HIDE, 0);
  models_await_keys (list, "202");
  for (g_object_get (counts, "unread-articles", &unread, NULL); unread != 1;
       g_object_get (counts, "unread-articles", &unread, NULL))
    g_main_context_iteration (NULL, TRUE);
  while ((feed = models_item (feeds, 0))->unread != 1) {
    g_object_unref (feed);
    g_main_context_iteration (NULL, TRUE);
  }
  g_object_unref (feed);
  assert_explained (fixture, TL_FILTER_ARTICLES, "3 articles are hidden by your filter “ferry”");
  assert_explained (fixture, TL_FILTER_HOME, NULL);
}

static void
test_notifications (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TlKeyList) inbox = tl_inbox_list_new (fixture->replica, ME);

  post (fixture, 100, 2, "@robin oars");
  post (fixture, 101, 2, "@robin sails");
  models_sql (fixture->replica,
              "INSERT INTO notification (key, kind, subjectId, subjectType, actorId, createdAt, "
              "isRead) VALUES (300, 'mention', 100, 'Post', 2, 1, 0), (301, 'mention', 101, "
              "'Post', 2, 2, 0)");
  models_await_keys (inbox, "301 300");
  add (fixture, "oars", TL_FILTER_NOTIFICATIONS, TL_FILTER_HIDE, 0);
  models_await_keys (inbox, "301");
}

static void
add_for (Fixture *fixture, const char *words, TlFilterPlaces places, TlFilterAction action,
         gint64 person)
{
  TlFilterEdit edit = { words, places, action, 0, person };
  done (tl_action_set_filter (fixture->replica, 0, &edit));
}

static void
test_people (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TlKeyList) list = tl_post_list_new (fixture->replica, TL_POSTS_EVERYONE, 0, ME);
  g_autoptr (TlKeyList) articles = tl_article_list_new (fixture->replica, TL_ARTICLES_ALL, 0, NULL);
  g_autoptr (TlKeyList) inbox = tl_inbox_list_new (fixture->replica, ME);
  g_autoptr (TlPostItem) folded = NULL;

  models_sql (fixture->replica, "INSERT INTO principal (key, name, login) VALUES (3, 'Bo', 'bo')");
  post (fixture, 100, 2, "oars");
  post (fixture, 101, 3, "oars");
  post (fixture, 102, 2, "sails");
  post (fixture, 103, 3, "sails");
  article (fixture, 200, "oars");
  models_sql (fixture->replica,
              "INSERT INTO notification (key, kind, subjectId, subjectType, actorId, createdAt, "
              "isRead) VALUES (300, 'follow', 2, 'Principal', 2, 1, 0), (301, 'follow', 3, "
              "'Principal', 3, 2, 0)");
  models_await_keys (list, "103 102 101 100");
  models_await_keys (inbox, "301 300");
  add_for (fixture, "oars", TL_FILTER_ALL, TL_FILTER_HIDE, 3); /* both must be so */
  models_await_keys (list, "103 102 100");
  models_await_keys (articles, "200");
  models_await_keys (inbox, "301 300");
  add_for (fixture, NULL, TL_FILTER_EVERYONE, TL_FILTER_FOLD, 2);
  models_await_keys (list, "103 102 100");
  folded = models_item (list, 2);
  while (folded->filtered == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (folded->filtered, ==, "Ana");
  add_for (fixture, NULL, TL_FILTER_ALL, TL_FILTER_HIDE, 3);
  models_await_keys (list, "102 100");
  models_await_keys (inbox, "300");
  models_await_keys (articles, "200");
  assert_explained (fixture, TL_FILTER_EVERYONE, "2 posts are hidden by your filter “Bo”");
}

static void
test_folded_articles (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TlKeyList) list = tl_article_list_new (fixture->replica, TL_ARTICLES_ALL, 0, NULL);
  g_autoptr (TlArticleItem) folded = NULL, plain = NULL;

  article (fixture, 200, "New ferry");
  article (fixture, 201, "Herring");
  add (fixture, "ferry", TL_FILTER_ARTICLES, TL_FILTER_FOLD, 0);
  models_await_keys (list, "201 200");
  folded = models_item (list, 1);
  while (folded->filtered == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (folded->filtered, ==, "ferry");
  plain = models_item (list, 0);
  g_assert_null (plain->filtered);
  assert_explained (fixture, TL_FILTER_ARTICLES, NULL);
}

static void
await_silenced (TlKeyList *inbox, guint position, gboolean expected)
{
  for (;;) {
    g_autoptr (TlInboxItem) item = models_item (inbox, position);

    if (item->loaded && item->is_silenced == expected)
      return;
    g_main_context_iteration (NULL, TRUE);
  }
}

/* They are shown, wherever they were. */
static void
test_silenced (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TlKeyList) inbox = tl_inbox_list_new (fixture->replica, ME);
  g_autoptr (TlKeyList) home = tl_post_list_new (fixture->replica, TL_POSTS_HOME, 0, ME);

  post (fixture, 100, 2, "@robin oars");
  models_sql (fixture->replica,
              "INSERT INTO notification (key, kind, subjectId, subjectType, actorId, createdAt, "
              "isRead) VALUES (300, 'mention', 100, 'Post', 2, 1, 0), (301, 'follow', 2, "
              "'Principal', 2, 2, 0)");
  add (fixture, "Oars", TL_FILTER_ALL, TL_FILTER_SILENCE, 0);
  models_await_keys (inbox, "301 300");
  models_await_keys (home, "100");
  await_silenced (inbox, 1, TRUE);
  await_silenced (inbox, 0, FALSE);
  add_for (fixture, NULL, TL_FILTER_NOTIFICATIONS, TL_FILTER_SILENCE, 2);
  await_silenced (inbox, 0, TRUE);
}

static gboolean
write_many (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  tl_changes_all (changes);
  return sqlite3_exec (
             tl_db_handle (db),
             "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
             "INSERT INTO post (key, authorId, text, visibility, createdAt) "
             "SELECT 1000 + i, 2, 'every tide ' || iif(i % 100, 'ebb', 'flow'), 'public', i FROM n;"
             "INSERT INTO post_text (rowid, body) SELECT key, text FROM post",
             NULL, NULL, NULL) == SQLITE_OK ||
         tl_db_fail (db, error);
}

static double
time_of (Fixture *fixture, guint expected)
{
  g_autoptr (TlKeyList) list = tl_post_list_new (fixture->replica, TL_POSTS_HOME, 0, ME);
  gint64 begin = g_get_monotonic_time ();

  models_ready (list);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, expected);
  return (double)(g_get_monotonic_time () - begin) / 1000;
}

/* Also a filter that matches everything: the answer is empty, and says why. */
static void
test_large (Fixture *fixture, gconstpointer data)
{
  double before, few, all;

  fixture_write (fixture->replica, write_many, NULL);
  before = time_of (fixture, 100000);
  add (fixture, "flow", TL_FILTER_ALL, TL_FILTER_HIDE, 0);
  few = time_of (fixture, 99000);
  add (fixture, "tide", TL_FILTER_ALL, TL_FILTER_HIDE, 0);
  all = time_of (fixture, 0);
  g_test_message ("without filters %.1f ms, with one %.1f ms, with one that matches all %.1f ms",
                  before, few, all);
  g_assert_cmpfloat (few, <, 3 * before + 300);
  g_assert_cmpfloat (all, <, 3 * before + 600);
  assert_explained (fixture, TL_FILTER_HOME, "100000 posts are hidden by your filter “tide”");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();
#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  TEST ("/filters/whole-words-in-any-case-and-accent", test_words);
  TEST ("/filters/each-place-has-its-own", test_places);
  TEST ("/filters/end-when-they-expire", test_expired);
  TEST ("/filters/fold-what-they-do-not-hide", test_folds);
  TEST ("/filters/articles-and-their-number", test_articles);
  TEST ("/filters/notifications-of-hidden-posts", test_notifications);
  TEST ("/filters/of-people-with-words-or-without", test_people);
  TEST ("/filters/articles-are-folded-too", test_folded_articles);
  TEST ("/filters/what-is-silenced-is-shown-and-not-told", test_silenced);
  TEST ("/filters/quick-with-a-hundred-thousand-posts", test_large);
  return g_test_run ();
}
