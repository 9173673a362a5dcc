/* Each list over a small replica made by hand, and what the lists cost over a large one. */
#include "tests/sync/models.h"

#include "sync/record-sql.h"

#define ME 9000
#define DAY G_GINT64_CONSTANT (86400000)

#define NEWS                                                                                       \
  "INSERT INTO feed (key, title, url) VALUES (10, 'Ten', 'u10'), (11, 'Eleven', 'u11'), "          \
  "  (12, NULL, 'u12');"                                                                           \
  "INSERT INTO subscription (key, feedId, url, title, folder, readUpTo) VALUES "                   \
  "  (20, 10, 'u10', NULL, 'Tech', 1500), (21, 11, 'u11', 'Mine', NULL, NULL), "                   \
  "  (22, 12, 'u12', NULL, 'art', NULL), (-3, NULL, 'https://new', NULL, 'Tech', NULL);"           \
  "INSERT INTO article (key, feedId, title, publishedAt, receivedAt, wordCount, image) VALUES "    \
  "  (100, 10, 'a', 86400000, 1000, 0, NULL), (101, 10, 'b', 86400001, 2000, 660, "                \
  "   '{\"src\":\"abc\",\"width\":4,\"height\":3}'), "                                             \
  "  (102, 10, 'c', 172800000, 1500, 0, NULL), (103, 11, 'd', 5, 9, 0, NULL), "                    \
  "  (104, 12, 'e', 172800001, 10, 0, NULL), (105, 99, 'left', 6, 10, 0, NULL);"                   \
  "INSERT INTO article_mark (key, articleId, isRead, isStarred, isLater) VALUES "                  \
  "  (100, 100, 0, 1, 0), (103, 103, 1, 0, 1), (104, 104, NULL, 1, 1);"

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
test_articles (Fixture *fixture, gconstpointer sql)
{
  g_autoptr (TlKeyList) list = tl_article_list_new (fixture->replica, TL_ARTICLES_ALL, 0, NULL);
  g_autoptr (TlArticleItem) item = NULL;
  guint start, end;

  models_await_keys (list, "104 102 101 100 103");
  tl_key_list_section (list, 3, &start, &end);
  g_assert_cmpuint (start, ==, 2);
  g_assert_cmpuint (end, ==, 4);
  g_assert_cmpint (tl_key_list_section_at (list, 0), ==, 2);
  item = models_item (list, 2);
  g_assert_cmpstr (item->title, ==, "b");
  g_assert_cmpstr (item->feed_title, ==, "Ten");
  g_assert_cmpstr (item->image, ==, "abc");
  g_assert_cmpint (item->image_width, ==, 4);
  g_assert_cmpuint (item->minutes, ==, 3);
  g_assert_false (item->is_read);
  tl_article_list_ask (list, TL_ARTICLES_UNREAD, 0, NULL);
  models_await_keys (list, "104 101 100");
  g_assert_true (models_item (list, 1) == (gpointer)item);
  g_object_unref (item);
  tl_article_list_keep (list, 101);
  models_sql (fixture->replica, "INSERT INTO article_mark (key, isRead) VALUES (101, 1)");
  while (!item->is_read)
    g_main_context_iteration (NULL, TRUE);
  models_settle (fixture->replica);
  models_assert_keys (list, "104 101 100");
  tl_article_list_keep (list, 0);
  models_await_keys (list, "104 100");
  tl_article_list_ask (list, TL_ARTICLES_UNREAD, 10, NULL);
  models_await_keys (list, "100");
  tl_article_list_ask (list, TL_ARTICLES_ALL, 10, NULL);
  models_await_keys (list, "102 101 100");
  tl_article_list_ask (list, TL_ARTICLES_ALL, 0, "art");
  models_await_keys (list, "104");
  tl_article_list_ask (list, TL_ARTICLES_STARRED, 0, NULL);
  models_await_keys (list, "104 100");
  tl_article_list_ask (list, TL_ARTICLES_STARRED, 0, "Tech");
  models_await_keys (list, "100");
  tl_article_list_ask (list, TL_ARTICLES_LATER, 0, NULL);
  models_await_keys (list, "104 103");
}

static void
test_one_article (Fixture *fixture, gconstpointer sql)
{
  g_autoptr (DexFuture) found = tl_article_load (fixture->replica, 101);
  g_autoptr (DexFuture) missing = tl_article_load (fixture->replica, 5);
  g_autoptr (GError) error = NULL;
  const GValue *value = fixture_await (found, &error);
  TlArticle *article;

  g_assert_no_error (error);
  article = g_value_get_pointer (value);
  g_assert_cmpstr (article->title, ==, "b");
  tl_record_free (&tl_article_type, article);
  g_assert_null (fixture_await (missing, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_feeds (Fixture *fixture, gconstpointer sql)
{
  g_autoptr (TlKeyList) list = tl_feed_list_new (fixture->replica);
  static const char *const titles[] = { "art", "u12", "Tech", "https://new", "Ten", "Mine" };
  static const guint unread[] = { 1, 1, 2, 0, 2, 0 };

  models_ready (list);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 6);
  for (guint i = 0; i < 6; i++) {
    g_autoptr (TlFeedItem) item = models_item (list, i);
    g_assert_cmpstr (item->title, ==, titles[i]);
    g_assert_cmpuint (item->unread, ==, unread[i]);
    g_assert_cmpint (item->is_folder, ==, i == 0 || i == 2);
    g_assert_true (!item->is_folder || item->key < -1000);
  }
  g_assert_cmpint (tl_key_list_section_at (list, 5), ==, 0);
}

static void
test_a_feed_counts_anew (Fixture *fixture, gconstpointer sql)
{
  g_autoptr (TlKeyList) list = tl_feed_list_new (fixture->replica);
  g_autoptr (TlFeedItem) folder = NULL;

  models_ready (list);
  folder = models_item (list, 2);
  models_edit (fixture->replica, "INSERT INTO article_mark (key, isRead) VALUES (101, 1)",
               &tl_article_mark_type, 101);
  while (folder->unread != 1)
    g_main_context_iteration (NULL, TRUE);
}

#define CHAT                                                                                       \
  "INSERT INTO principal (key, name, login) VALUES (9000, 'Me Myself', 'me'), "                    \
  "  (9001, 'Anna', 'anna'), (9002, 'Ärne', 'arne'), (9003, 'Zoe', 'zoe');"                        \
  "INSERT INTO room (key, name, kind, createdAt) VALUES (1, 'Room', 'group', 1), "                 \
  "  (2, NULL, 'direct', 2), (3, 'Left', 'group', 3), (-9, 'Made', 'group', 4);"                   \
  "INSERT INTO room_member (key, roomId, principalId) VALUES (11, 1, 9000), (12, 1, 9001), "       \
  "  (13, 2, 9000), (14, 2, 9002), (15, 3, 9001);"                                                 \
  "INSERT INTO message (key, roomId, senderId, body, seq, sentAt, replyToId) VALUES "              \
  "  (30, 1, 9001, 'one', 3, 10, NULL), (31, 1, 9000, 'two', 5, 20, 30), "                         \
  "  (32, 1, 9001, 'hey @me,' || char(10) || 'look', 8, 30, NULL), "                               \
  "  (33, 2, 9002, 'mail a@meet.org', 4, 40, NULL), (-4, 1, NULL, 'mine', NULL, 50, NULL);"        \
  "INSERT INTO read_marker (key, roomId, upTo) VALUES (1, 1, 3);"                                  \
  "INSERT INTO local.draft VALUES ('room:2', 'half', 1);"                                          \
  "INSERT INTO local.op (op_id, type, key, verb, body, status, error, made_at) VALUES "            \
  "  ('x', 8, -4, 0, '{\"body\":\"mine\"}', 2, 'No.', 50);"

static void
test_rooms (Fixture *fixture, gconstpointer sql)
{
  g_autoptr (TlKeyList) list = tl_room_list_new (fixture->replica, ME);
  g_autoptr (TlRoomItem) room = NULL;
  g_autoptr (TlRoomItem) direct = NULL;

  models_await_keys (list, "1 2 -9");
  room = models_item (list, 0);
  g_assert_cmpstr (room->preview, ==, "mine");
  g_assert_true (room->preview_is_mine);
  g_assert_cmpint (room->time, ==, 50);
  g_assert_cmpuint (room->unread, ==, 1);
  g_assert_true (room->is_mentioned);
  g_assert_cmpuint (room->members, ==, 2);
  g_assert_cmpint (room->last_seq, ==, 8);
  g_assert_cmpint (room->read_seq, ==, 3);
  direct = models_item (list, 1);
  g_assert_cmpstr (direct->name, ==, "Ärne");
  g_assert_cmpstr (direct->draft, ==, "half");
  g_assert_cmpuint (direct->unread, ==, 1);
  g_assert_false (direct->is_mentioned);
  g_assert_null (direct->preview_sender);
  models_edit (fixture->replica, "UPDATE read_marker SET upTo = 8", &tl_read_marker_type, 1);
  while (room->unread != 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (room->is_mentioned);
  models_sql (fixture->replica, "INSERT INTO message (key, roomId, senderId, body, seq, sentAt) "
                                "VALUES (34, 2, 9000, 'new', 9, 60)");
  models_await_keys (list, "2 1 -9");
}

static void
test_messages (Fixture *fixture, gconstpointer sql)
{
  g_autoptr (TlKeyList) list = tl_message_list_new (fixture->replica, 1, ME);
  g_autoptr (TlMessageItem) reply = NULL;
  g_autoptr (TlMessageItem) mine = NULL;

  models_await_keys (list, "30 31 32 -4");
  reply = models_item (list, 1);
  g_assert_true (reply->is_mine);
  g_assert_cmpstr (reply->reply_sender, ==, "Anna");
  g_assert_cmpstr (reply->reply_body, ==, "one");
  g_assert_cmpint (reply->delivery, ==, TL_DELIVERY_SENT);
  mine = models_item (list, 3);
  g_assert_true (mine->is_mine);
  g_assert_cmpstr (mine->sender_name, ==, "Me Myself");
  g_assert_cmpint (mine->delivery, ==, TL_DELIVERY_FAILED);
  g_assert_cmpstr (mine->error, ==, "No.");
  g_assert_cmpint (mine->op, >, 0);
}

static void
test_people (Fixture *fixture, gconstpointer sql)
{
  g_autoptr (TlKeyList) all = tl_person_list_new (fixture->replica, 0);
  g_autoptr (TlKeyList) members = tl_person_list_new (fixture->replica, 1);
  g_autoptr (TlPersonItem) item = NULL;

  models_ready (all);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (all)), ==, 4);
  models_await_keys (members, "9001 9000");
  item = models_item (members, 0);
  g_assert_cmpstr (item->login, ==, "anna");
}

#define OPS                                                                                        \
  "INSERT INTO local.op (op_id, type, key, verb, body, status, error, made_at) VALUES "            \
  "  ('1', 5, 100, 1, '{\"isRead\":true}', 0, NULL, 1), "                                          \
  "  ('2', 5, 101, 1, '{\"isStarred\":true}', 0, NULL, 2), "                                       \
  "  ('3', 5, 102, 0, '{\"isRead\":true}', 0, NULL, 3), "                                          \
  "  ('4', 8, -4, 0, '{\"body\":\"hello\"}', 1, NULL, 4), "                                        \
  "  ('5', 3, 20, 1, '{\"readUpTo\":\"x\"}', 0, NULL, 5), "                                        \
  "  ('6', 3, 20, 1, '{\"title\":\"x\"}', 2, 'Too long.', 6);"

static void
test_outbox (Fixture *fixture, gconstpointer sql)
{
  g_autoptr (TlKeyList) list = tl_outbox_list_new (fixture->replica);
  static const char *const actions[] = { "edit-subscription", "send-message", "mark-read", "star",
                                         "mark-all-read" };
  static const char *const subjects[] = { "Ten", "hello", "a", "b", "Ten" };

  models_await_keys (list, "6 4 1 2 5");
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++) {
    g_autoptr (TlOutboxItem) item = models_item (list, i);
    g_assert_cmpstr (item->action, ==, actions[i]);
    g_assert_cmpstr (item->subject, ==, subjects[i]);
    g_assert_cmpuint (item->count, ==, i == 2 ? 2 : 1);
    g_assert_cmpint (item->state, ==,
                     i == 0   ? TL_OUTBOX_REFUSED
                     : i == 1 ? TL_OUTBOX_SENDING
                              : TL_OUTBOX_WAITING);
  }
  models_sql (fixture->replica, "DELETE FROM local.op WHERE id < 4");
  models_await_keys (list, "6 4 5");
}

static guint
count_of (TlCounts *counts, const char *name)
{
  guint value;

  g_object_get (counts, name, &value, NULL);
  return value;
}

static void
test_counts (Fixture *fixture, gconstpointer sql)
{
  g_autoptr (TlCounts) counts = tl_counts_new (fixture->replica, ME);

  while (count_of (counts, "unread-articles") == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (count_of (counts, "unread-articles"), ==, 3);
  g_assert_cmpuint (count_of (counts, "starred"), ==, 2);
  g_assert_cmpuint (count_of (counts, "later"), ==, 2);
  g_assert_cmpuint (count_of (counts, "unread-messages"), ==, 0);
  models_sql (fixture->replica, CHAT);
  while (count_of (counts, "unread-messages") != 2)
    g_main_context_iteration (NULL, TRUE);
}

/* --- what it costs ---------------------------------------------------------------------------- */

#define LARGE                                                                                      \
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) "                \
  "INSERT INTO feed (key, title, url) SELECT i, 'Feed ' || i, 'u' || i FROM n;"                    \
  "INSERT INTO subscription (key, feedId, url, readUpTo) SELECT 1000 + key, key, url, 100000000 "  \
  "FROM feed;"                                                                                     \
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "             \
  "INSERT INTO article (key, feedId, title, summary, publishedAt, receivedAt, wordCount, blocks) " \
  "SELECT 10000 + i, i % 200 + 1, 'Title ' || i, 'Summary', i * 77777 % 7776000000, i * 3000, "    \
  "500, printf('%.*c', 3000, 'x') FROM n;"                                                         \
  "INSERT INTO article_mark (key, articleId, isRead, isStarred, isLater) "                         \
  "SELECT key, key, key % 3 > 0, key % 100 = 0, key % 500 = 0 FROM article WHERE key % 4 = 0;"

static void
measure (const char *what, gint64 began)
{
  g_test_message ("%s: %.1f ms", what, (double)(g_get_monotonic_time () - began) / 1000);
}

static void
await_rows (TlKeyList *list, guint not)
{
  models_ready (list);
  while (g_list_model_get_n_items (G_LIST_MODEL (list)) == not)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_cost (Fixture *fixture, gconstpointer sql)
{
  gint64 began = g_get_monotonic_time ();
  g_autoptr (TlKeyList) list = tl_article_list_new (fixture->replica, TL_ARTICLES_ALL, 0, NULL);
  g_autoptr (TlKeyList) feeds = NULL;
  g_autoptr (TlCounts) counts = NULL;

  await_rows (list, 0);
  measure ("100,000 articles, first", began);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 100000);
  for (guint filter = TL_ARTICLES_UNREAD; filter <= TL_ARTICLES_LATER; filter++) {
    guint n = g_list_model_get_n_items (G_LIST_MODEL (list));
    began = g_get_monotonic_time ();
    tl_article_list_ask (list, filter, 0, NULL);
    await_rows (list, n);
    measure (filter == TL_ARTICLES_UNREAD ? "unread of 100,000" : "starred or later", began);
    g_test_message ("  %u rows", g_list_model_get_n_items (G_LIST_MODEL (list)));
  }
  began = g_get_monotonic_time ();
  tl_article_list_ask (list, TL_ARTICLES_ALL, 0, NULL);
  await_rows (list, g_list_model_get_n_items (G_LIST_MODEL (list)));
  measure ("100,000 articles again", began);
  began = g_get_monotonic_time ();
  g_object_unref (models_item (list, 50000));
  measure ("an item in the middle, with neighbours", began);
  began = g_get_monotonic_time ();
  counts = tl_counts_new (fixture->replica, ME);
  while (count_of (counts, "unread-articles") == 0)
    g_main_context_iteration (NULL, TRUE);
  measure ("totals", began);
  g_test_message ("  %u unread", count_of (counts, "unread-articles"));
  feeds = tl_feed_list_new (fixture->replica);
  models_ready (feeds);
  began = g_get_monotonic_time ();
  g_object_unref (models_item (feeds, 0));
  measure ("unread counts of 17 feeds of 500", began);
}

static void
test_numbers (void)
{
  g_assert_cmpint (1 << tl_principal_type.number, ==, TL_PRINCIPALS);
  g_assert_cmpint (1 << tl_feed_type.number, ==, TL_FEEDS);
  g_assert_cmpint (1 << tl_subscription_type.number, ==, TL_SUBSCRIPTIONS);
  g_assert_cmpint (1 << tl_article_type.number, ==, TL_ARTICLES);
  g_assert_cmpint (1 << tl_article_mark_type.number, ==, TL_ARTICLE_MARKS);
  g_assert_cmpint (1 << tl_room_type.number, ==, TL_ROOMS);
  g_assert_cmpint (1 << tl_room_member_type.number, ==, TL_ROOM_MEMBERS);
  g_assert_cmpint (1 << tl_message_type.number, ==, TL_MESSAGES);
  g_assert_cmpint (1 << tl_read_marker_type.number, ==, TL_READ_MARKERS);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path, *sql;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "/lists/articles-by-filter-feed-and-folder", NEWS, test_articles },
    { "/lists/one-article-or-not-found", NEWS, test_one_article },
    { "/lists/feeds-in-folders-with-counts", NEWS, test_feeds },
    { "/lists/a-mark-counts-its-feed-anew", NEWS, test_a_feed_counts_anew },
    { "/lists/rooms-newest-first", CHAT, test_rooms },
    { "/lists/messages-unsent-last", CHAT, test_messages },
    { "/lists/people-by-name", CHAT, test_people },
    { "/lists/outbox-folds-marks", NEWS OPS, test_outbox },
    { "/lists/totals", NEWS, test_counts },
    { "/lists/a-large-replica", LARGE, test_cost },
  };

  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_test_add_func ("/lists/sets-are-by-type-number", test_numbers);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, tests[i].sql, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
