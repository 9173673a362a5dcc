/* The feed over a small replica made by hand: timelines, threads, what one does oneself, and what it costs when the
 * circle has written a hundred thousand posts. */
#include "tests/sync/models.h"

#include "sync/actions-social.h"
#include "sync/actions.h"
#include "sync/models/posts.h"
#include "sync/outbox.h"
#include "sync/text.h"

#define ME 1

/* Robin (1) follows Ana (2) and Jonas (3), not Mei (4), who follows Robin. */
#define PEOPLE                                                                                     \
  "INSERT INTO principal (key, name, login) VALUES (1, 'Robin', 'robin'), (2, 'Ana', 'ana'), "     \
  "  (3, 'Jonas', 'jonas'), (4, 'Mei', 'mei');"                                                    \
  "INSERT INTO follow (key, principalId, followerId) VALUES (90, 2, 1), (91, 3, 1), (92, 1, 4);"
#define POST                                                                                       \
  "INSERT INTO post (key, authorId, text, replyToId, boostOfId, mentions, visibility, createdAt) " \
  "VALUES "

#define FEED                                                                                       \
  PEOPLE POST "(100, 2, 'oars', NULL, NULL, NULL, 'public', 1000), "                               \
              "(101, 4, 'meadow', NULL, NULL, NULL, 'public', 2000), "                             \
              "(102, 3, 'to ana', 100, NULL, NULL, 'public', 3000), "                              \
              "(103, 3, 'to mei', 101, NULL, NULL, 'public', 4000), "                              \
              "(104, 2, NULL, NULL, 101, NULL, 'public', 5000), "                                  \
              "(105, 1, 'mine', NULL, NULL, '[\"t2\"]', 'public', 6000), "                         \
              "(106, 4, 'hello @robin', NULL, NULL, '[\"t1\"]', 'public', 7000), "                 \
              "(107, 4, 'to robin', 105, NULL, NULL, 'public', 8000), "                            \
              "(108, 3, NULL, NULL, 999, NULL, 'public', 9000);"

typedef struct {
  char *dir;
  TlReplica *replica;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer sql)
{
  fixture->dir = fixture_dir ();
  fixture->replica = models_open (fixture->dir);
  models_sql (fixture->replica, sql);
}

static void
tear_down (Fixture *fixture, gconstpointer sql)
{
  models_settle (fixture->replica);
  tl_replica_close (fixture->replica);
  g_object_unref (fixture->replica);
  fixture_remove (fixture->dir);
}

static void
done (DexFuture *action)
{
  g_autoptr (DexFuture) future = action;
  g_autoptr (GError) error = NULL;

  fixture_await (future, &error);
  g_assert_no_error (error);
}

static void
test_timelines (Fixture *fixture, gconstpointer sql)
{
  g_autoptr (TlKeyList) list = tl_post_list_new (fixture->replica, TL_POSTS_HOME, 0, ME);

  /* 101 by way of Ana's boost; not Jonas's answer to Mei, nor a boost of what is not here */
  models_await_keys (list, "105 101 100");
  tl_post_list_ask (list, TL_POSTS_EVERYONE, 0);
  models_await_keys (list, "107 106 105 101 103 100");
  tl_post_list_ask (list, TL_POSTS_MENTIONS, 0);
  models_await_keys (list, "107 106");
  tl_post_list_ask (list, TL_POSTS_PERSON, 2);
  models_await_keys (list, "101 100");
  tl_post_list_ask (list, TL_POSTS_SAVED, 0);
  models_await_keys (list, "");
  done (tl_action_save_post (fixture->replica, 101, TRUE));
  models_await_keys (list, "101");
  done (tl_action_save_post (fixture->replica, 101, FALSE));
  models_await_keys (list, "");
}

static void
test_item (Fixture *fixture, gconstpointer sql)
{
  g_autoptr (TlKeyList) home = tl_post_list_new (fixture->replica, TL_POSTS_HOME, 0, ME);
  g_autoptr (TlPostItem) boosted = NULL, answered = NULL, reply = NULL;

  models_await_keys (home, "105 101 100");
  boosted = models_item (home, 1);
  g_assert_cmpstr (boosted->author_name, ==, "Mei");
  g_assert_cmpstr (boosted->booster, ==, "Ana");
  g_assert_cmpint (boosted->shown_key, ==, 104);
  g_assert_cmpint (boosted->boosted_at, ==, 5000);
  g_assert_cmpuint (boosted->n_boosts, ==, 1);
  g_assert_cmpuint (boosted->n_replies, ==, 1);
  g_assert_cmpint (boosted->answer_key, ==, 103);
  g_assert_cmpstr (boosted->answer_name, ==, "Jonas");
  g_assert_cmpstr (boosted->answer_text, ==, "to mei");
  g_assert_false (boosted->is_boosted || boosted->is_mine || boosted->is_followed);
  answered = models_item (home, 0);
  g_assert_true (answered->is_mine);
  g_assert_cmpint (answered->shown_key, ==, 105);
  g_assert_cmpint (tl_key_list_section_at (home, 2), ==, 1); /* Jonas's answer is in it */
  tl_post_list_ask (home, TL_POSTS_PERSON, 3);
  models_await_keys (home, "103 102");
  reply = models_item (home, 1);
  g_assert_cmpint (reply->reply_key, ==, 100);
  g_assert_cmpstr (reply->reply_name, ==, "Ana");
  g_assert_true (reply->is_followed);
}

static void
test_folded_answers (Fixture *fixture, gconstpointer sql)
{
  g_autoptr (TlKeyList) list = tl_post_list_new (fixture->replica, TL_POSTS_HOME, 0, ME);

  models_await_keys (list, "105 101 100");
  models_sql (fixture->replica, POST "(110, 3, 'a', 105, NULL, NULL, 'public', 9000), "
                                     "(111, 2, 'b', 105, NULL, NULL, 'public', 9500)");
  while (tl_key_list_section_at (list, 0) != 1)
    g_main_context_iteration (NULL, TRUE);
  models_assert_keys (list, "105 101 100");
  models_sql (fixture->replica, POST "(112, 3, 'c', 110, NULL, NULL, 'public', 9600)");
  models_await_keys (list, "112 105 101 100");
}

static void
test_thread (Fixture *fixture, gconstpointer sql)
{
  g_autoptr (TlKeyList) list = NULL;

  models_sql (fixture->replica, POST "(120, 4, 'x', 102, NULL, NULL, 'public', 10), "
                                     "(121, 2, 'y', 102, NULL, NULL, 'public', 20), "
                                     "(122, 2, 'z', 120, NULL, NULL, 'public', 30)");
  list = tl_post_list_new (fixture->replica, TL_POSTS_THREAD, 102, ME);
  models_await_keys (list, "100 102 120 122 121");
  g_assert_cmpint (tl_key_list_section_at (list, 1), ==, 0);
  g_assert_cmpint (tl_key_list_section_at (list, 2), ==, 1);
  g_assert_cmpint (tl_key_list_section_at (list, 3), ==, 2);
  tl_post_list_ask (list, TL_POSTS_THREAD, 104); /* a boost: what it boosts */
  models_await_keys (list, "101 103");
  tl_post_list_ask (list, TL_POSTS_THREAD, 12345);
  models_await_keys (list, "");
}

/* Nobody can make one, but a thread must end whatever is in the files. */
static void
test_cycle (Fixture *fixture, gconstpointer sql)
{
  g_autoptr (TlKeyList) list = NULL;
  g_autoptr (GString) chain = g_string_new (POST "(2000, 2, 'deep', 1, NULL, NULL, 'public', 1)");

  models_sql (fixture->replica, POST "(130, 2, 'a', 131, NULL, NULL, 'public', 1), "
                                     "(131, 2, 'b', 130, NULL, NULL, 'public', 2), "
                                     "(132, 2, 'c', 132, NULL, NULL, 'public', 3)");
  list = tl_post_list_new (fixture->replica, TL_POSTS_THREAD, 130, ME);
  models_await_keys (list, "131 130");
  tl_post_list_ask (list, TL_POSTS_THREAD, 132);
  models_await_keys (list, "132");
  for (guint i = 1; i < 500; i++)
    g_string_append_printf (chain, ", (%u, 2, 'deep', %u, NULL, NULL, 'public', %u)", 2000 + i,
                            1999 + i, i);
  models_sql (fixture->replica, chain->str);
  tl_post_list_ask (list, TL_POSTS_THREAD, 2499);
  while (tl_key_list_find (list, 2499) < 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 61);
}

static void
test_write (Fixture *fixture, gconstpointer sql)
{
  g_autoptr (TlKeyList) home = tl_post_list_new (fixture->replica, TL_POSTS_HOME, 0, ME);
  g_autoptr (TlKeyList) profile = tl_post_list_new (fixture->replica, TL_POSTS_PERSON, ME, ME);
  g_autoptr (TlPostItem) item = NULL;
  TlNewPost post = { .text = "dry oars", .visibility = "public", .draft = "post:new" };
  TlNewPost reply = { .text = "and wet ones", .visibility = "public", .reply_to = -1 };

  models_await_keys (home, "105 101 100");
  done (tl_draft_save (fixture->replica, "post:new", "dry oa"));
  done (tl_action_post (fixture->replica, &post));
  models_await_keys (home, "-1 105 101 100");
  models_await_keys (profile, "-1 105");
  {
    g_autoptr (DexFuture) draft = tl_draft_load (fixture->replica, "post:new");
    g_assert_null (g_value_get_string (fixture_await (draft, NULL)));
  }
  item = models_item (home, 0);
  g_assert_true (item->is_mine);
  g_assert_cmpstr (item->author_name, ==, "Robin");
  g_assert_cmpint (item->delivery, ==, TL_DELIVERY_WAITING);
  done (tl_action_post (fixture->replica, &reply));
  models_await_keys (home, "-2 -1 105 101 100");
  while (item->n_replies == 0)
    g_main_context_iteration (NULL, TRUE);
  done (tl_action_edit_post (fixture->replica, -1, "dry, dry oars", "oars"));
  while (g_strcmp0 (item->warning, "oars") != 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (item->text, ==, "dry, dry oars");
  done (tl_action_delete_post (fixture->replica, -1)); /* with what answers it: nobody knows it */
  models_await_keys (home, "105 101 100");
}

typedef struct {
  gint64 to;
  const char *type;
} Answer;

static gboolean
accept_all (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  const Answer *answer = data;
  g_autoptr (GPtrArray) ops = tl_outbox_take (db, 100, error);

  for (guint i = 0; ops && i < ops->len; i++) {
    g_autoptr (JsonObject) object = json_object_new ();
    char id[TL_ID_MAX];

    json_object_set_string_member (object, "id", tl_id_format (answer->to + i, id));
    json_object_set_string_member (object, "authorId", "t1");
    json_object_set_string_member (object, "principalId", "t1");
    json_object_set_string_member (object, "createdAt",
                                   i ? "2026-11-02T00:00:00Z" : "2026-11-01T00:00:00Z");
    if (!tl_outbox_accept (db, changes, ops->pdata[i], object, error))
      return FALSE;
  }
  return ops != NULL;
}

static void
test_rekey (Fixture *fixture, gconstpointer sql)
{
  g_autoptr (TlKeyList) home = tl_post_list_new (fixture->replica, TL_POSTS_HOME, 0, ME);
  TlNewPost post = { .text = "one", .visibility = "public" };
  TlNewPost reply = { .text = "two", .visibility = "public", .reply_to = -1 };
  g_autoptr (TlPostItem) item = NULL;
  Answer answer = { 500, NULL };

  done (tl_action_post (fixture->replica, &post));
  done (tl_action_post (fixture->replica, &reply));
  done (tl_action_react (fixture->replica, -1, ME, "🌊", TRUE));
  models_await_keys (home, "-2 -1 105 101 100");
  item = models_item (home, 1);
  g_assert_cmpuint (item->n_reactions, ==, 1);
  fixture_write (fixture->replica, accept_all, &answer);
  models_await_keys (home, "500 105 101 100"); /* the answer stands above it now: folded */
  while (item->key != 500 || item->n_replies != 1 || item->delivery != TL_DELIVERY_SENT)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (item->my_reaction, ==, "🌊");
  g_assert_cmpstr (item->answer_text, ==, "two");
}

static void
test_on_and_off (Fixture *fixture, gconstpointer sql)
{
  g_autoptr (TlKeyList) list = tl_post_list_new (fixture->replica, TL_POSTS_THREAD, 101, ME);
  g_autoptr (TlKeyList) outbox = tl_outbox_list_new (fixture->replica);
  g_autoptr (TlPostItem) item = NULL;
  g_autoptr (GPtrArray) counts = NULL;

  models_sql (fixture->replica, "INSERT INTO reaction (key, subjectId, principalId, emoji) VALUES "
                                "(300, 101, 2, '❤️'), (301, 101, 3, '❤️'), (302, 101, 3, '🌊')");
  models_await_keys (list, "101 103");
  item = models_item (list, 0);
  g_assert_cmpuint (item->n_reactions, ==, 3);
  done (tl_action_react (fixture->replica, 101, ME, "🌊", TRUE));
  done (tl_action_react (fixture->replica, 101, ME, "🌊", TRUE));
  done (tl_action_boost (fixture->replica, 104, ME, TRUE)); /* a boost of it */
  done (tl_action_boost (fixture->replica, 101, ME, TRUE));
  while (item->n_reactions != 4 || !item->is_boosted)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (item->n_boosts, ==, 2);
  g_assert_cmpstr (item->my_reaction, ==, "🌊");
  counts = tl_reactions_parse (item->reactions);
  g_assert_cmpuint (counts->len, ==, 2);
  for (guint i = 0; i < counts->len; i++) {
    const TlReactionCount *count = counts->pdata[i];
    g_assert_cmpuint (count->count, ==, 2);
    g_assert_cmpint (count->is_mine, ==, g_str_equal (count->emoji, "🌊"));
  }
  while (g_list_model_get_n_items (G_LIST_MODEL (outbox)) != 2)
    g_main_context_iteration (NULL, TRUE);
  done (tl_action_react (fixture->replica, 101, ME, "🌊", FALSE));
  done (tl_action_boost (fixture->replica, 101, ME, FALSE));
  while (item->n_reactions != 3 || item->is_boosted)
    g_main_context_iteration (NULL, TRUE);
  models_await_keys (outbox, "");
}

static void
test_follow (Fixture *fixture, gconstpointer sql)
{
  g_autoptr (TlKeyList) home = tl_post_list_new (fixture->replica, TL_POSTS_HOME, 0, ME);
  g_autoptr (TlKeyList) mei = tl_circle_list_new (fixture->replica, 4, ME);
  g_autoptr (TlKeyList) outbox = tl_outbox_list_new (fixture->replica);
  g_autoptr (TlPersonItem) person = NULL;
  g_autoptr (TlOutboxItem) op = NULL;

  models_await_keys (home, "105 101 100");
  models_await_keys (mei, "4");
  person = models_item (mei, 0);
  g_assert_true (person->follows_me && !person->is_followed);
  g_assert_cmpuint (person->n_posts, ==, 3);
  done (tl_action_follow (fixture->replica, 4, ME, TRUE));
  models_await_keys (home, "107 106 105 101 103 100");
  g_assert_cmpint (tl_key_list_section_at (home, 1), ==, 0);
  while (!person->is_followed)
    g_main_context_iteration (NULL, TRUE);
  while (g_list_model_get_n_items (G_LIST_MODEL (outbox)) == 0)
    g_main_context_iteration (NULL, TRUE);
  op = models_item (outbox, 0);
  g_assert_cmpstr (op->action, ==, "follow");
  g_assert_cmpstr (op->subject, ==, "Mei");
  done (tl_action_follow (fixture->replica, 4, ME, FALSE));
  done (tl_action_follow (fixture->replica, 2, ME, FALSE));
  models_await_keys (home, "105");
}

static guint
new_posts (TlCounts *counts)
{
  guint n;

  g_object_get (counts, "new-posts", &n, NULL);
  return n;
}

static void
test_new_posts (Fixture *fixture, gconstpointer sql)
{
  g_autoptr (TlCounts) counts = tl_counts_new (fixture->replica, ME);

  while (new_posts (counts) != 3) /* 100, 102, 101 by its boost */
    g_main_context_iteration (NULL, TRUE);
  done (tl_action_feed_read (fixture->replica, ME, 102));
  while (new_posts (counts) != 1)
    g_main_context_iteration (NULL, TRUE);
  done (tl_action_feed_read (fixture->replica, ME, 100)); /* never backwards */
  models_settle (fixture->replica);
  g_assert_cmpuint (new_posts (counts), ==, 1);
}

static void
test_login (Fixture *fixture, gconstpointer sql)
{
  g_autoptr (DexFuture) found = tl_person_find (fixture->replica, "Ana");
  g_autoptr (DexFuture) missing = tl_person_find (fixture->replica, "nobody");

  g_assert_cmpint (g_value_get_int64 (fixture_await (found, NULL)), ==, 2);
  g_assert_cmpint (g_value_get_int64 (fixture_await (missing, NULL)), ==, 0);
}

static gpointer
count_hits (TlDb *db, gpointer match, GError **error)
{
  sqlite3_stmt *statement;
  gint64 n = 0;

  sqlite3_prepare_v2 (tl_db_handle (db), "SELECT count(*) FROM post_text WHERE post_text MATCH ?1",
                      -1, &statement, NULL);
  sqlite3_bind_text (statement, 1, match, -1, SQLITE_STATIC);
  if (sqlite3_step (statement) == SQLITE_ROW)
    n = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return GINT_TO_POINTER ((int)n);
}

static int
hits (TlReplica *replica, const char *match)
{
  g_autoptr (DexFuture) read =
      tl_replica_read (replica, count_hits, g_strdup (match), g_free, NULL);

  return GPOINTER_TO_INT (g_value_get_pointer (fixture_await (read, NULL)));
}

static void
test_text (Fixture *fixture, gconstpointer sql)
{
  TlNewPost post = { .text = "eelgrass again", .warning = "mud", .visibility = "public" };

  done (tl_action_post (fixture->replica, &post));
  g_assert_cmpint (hits (fixture->replica, "eelgrass"), ==, 1);
  g_assert_cmpint (hits (fixture->replica, "mud"), ==, 1);
  done (tl_action_edit_post (fixture->replica, -1, "kelp", NULL));
  g_assert_cmpint (hits (fixture->replica, "eelgrass"), ==, 0);
  g_assert_cmpint (hits (fixture->replica, "kelp"), ==, 1);
  done (tl_action_delete_post (fixture->replica, -1));
  g_assert_cmpint (hits (fixture->replica, "kelp"), ==, 0);
}

/* 100,000 posts, a tenth of them boosts and a tenth answers. Bounds are for a slow machine under sanitizers. */
static void
test_large (Fixture *fixture, gconstpointer sql)
{
  static const TlPostQuestion questions[] = { TL_POSTS_HOME, TL_POSTS_EVERYONE, TL_POSTS_MENTIONS,
                                              TL_POSTS_PERSON };

  models_sql (
      fixture->replica,
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
      "INSERT INTO post (key, authorId, text, replyToId, boostOfId, visibility, createdAt) "
      "SELECT 10000 + i, 2 + i % 40, 'a post of the usual length, give or take a word or two', "
      "  CASE WHEN i % 10 = 3 THEN 10000 + i - 2 END, CASE WHEN i % 10 = 7 THEN 10000 + i - 6 END, "
      "  'public', i * 1000 FROM n;"
      "INSERT INTO follow (key, principalId, followerId) "
      "SELECT 300000 + value, value, 1 FROM json_each('[5,6,7,8,9,10,11,12,13,14,15,16,17,18]')");
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++) {
    gint64 begin = g_get_monotonic_time ();
    g_autoptr (TlKeyList) list = tl_post_list_new (fixture->replica, questions[i], 2, ME);

    models_ready (list);
    g_test_message ("question %u: %u rows in %.1f ms", i,
                    g_list_model_get_n_items (G_LIST_MODEL (list)),
                    (double)(g_get_monotonic_time () - begin) / 1000);
    for (guint n = 0; n < MIN (50, g_list_model_get_n_items (G_LIST_MODEL (list))); n++)
      g_object_unref (models_item (list, n));
    g_test_message ("with its first items in %.1f ms",
                    (double)(g_get_monotonic_time () - begin) / 1000);
    g_assert_cmpint (g_get_monotonic_time () - begin, <, 3 * G_USEC_PER_SEC);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();
#define TEST(path, func) g_test_add (path, Fixture, FEED, set_up, func, tear_down)
  TEST ("/posts/timelines-show-each-post-once", test_timelines);
  TEST ("/posts/an-item-has-all-that-a-card-says", test_item);
  TEST ("/posts/answers-directly-above-are-folded", test_folded_answers);
  TEST ("/posts/a-thread-is-what-is-above-and-below", test_thread);
  TEST ("/posts/a-thread-ends-whatever-is-in-the-files", test_cycle);
  TEST ("/posts/what-one-writes-shows-at-once", test_write);
  TEST ("/posts/local-keys-become-the-servers", test_rekey);
  TEST ("/posts/turning-on-and-off-cancels-out", test_on_and_off);
  TEST ("/posts/following-changes-the-home", test_follow);
  TEST ("/posts/new-ones-are-counted-up-to-where-one-read", test_new_posts);
  TEST ("/posts/people-are-found-by-login", test_login);
  TEST ("/posts/text-and-warning-are-searched", test_text);
  TEST ("/posts/a-hundred-thousand-are-quick", test_large);
#undef TEST
  return g_test_run ();
}
