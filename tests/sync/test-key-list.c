/* Key lists over real replicas: few changes told, items that stay, random edits followed. */
#include "tests/sync/models.h"

#include "sync/models/rows.h"

#define ME 9000

#define ROOM                                                                                       \
  "INSERT INTO principal (key, name) VALUES (9000, 'Me'), (9001, 'Anna');"                         \
  "INSERT INTO room (key, name, kind, createdAt) VALUES (1, 'Room', 'group', 1);"
#define MESSAGES(n)                                                                                \
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " n ") "              \
  "INSERT INTO message (key, roomId, senderId, body, seq, sentAt) "                                \
  "SELECT 100 + i, 1, 9001, 'text ' || i, i * 10, 1 FROM n;"

typedef struct {
  GString *told;  /* "at -removed +added" */
  GArray *shadow; /* of gint64 */
} Watch;

static void
on_items_changed (TlKeyList *list, guint at, guint removed, guint added, gpointer data)
{
  Watch *watch = data;

  g_string_append_printf (watch->told, "[%u -%u +%u]", at, removed, added);
  g_assert_cmpuint (at + removed, <=, watch->shadow->len);
  if (removed)
    g_array_remove_range (watch->shadow, at, removed);
  for (guint i = at; i < at + added; i++) {
    gint64 key = tl_key_list_key (list, i);
    g_array_insert_val (watch->shadow, i, key);
  }
  g_assert_cmpuint (watch->shadow->len, ==, g_list_model_get_n_items (G_LIST_MODEL (list)));
}

static void
watch_init (Watch *watch, TlKeyList *list)
{
  watch->told = g_string_new (NULL);
  watch->shadow = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++) {
    gint64 key = tl_key_list_key (list, i);
    g_array_append_val (watch->shadow, key);
  }
  g_signal_connect (list, "items-changed", G_CALLBACK (on_items_changed), watch);
}

static void
watch_clear (Watch *watch)
{
  g_string_free (watch->told, TRUE);
  g_array_unref (watch->shadow);
}

static void
test_loads_what_is_looked_at (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  g_autoptr (TlReplica) replica = models_open (dir);
  g_autoptr (TlKeyList) list = NULL;
  g_autoptr (TlMessageItem) item = NULL;
  g_autoptr (TlMessageItem) neighbour = NULL;

  models_sql (replica, ROOM MESSAGES ("2000"));
  list = tl_message_list_new (replica, 1, ME);
  g_assert_false (tl_key_list_is_ready (list));
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), 0));
  models_ready (list);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 2000);
  g_assert_cmpint (tl_key_list_find (list, 1100), ==, 999);
  g_assert_cmpint (tl_key_list_find (list, 5), ==, -1);
  item = g_list_model_get_item (G_LIST_MODEL (list), 999);
  g_assert_false (item->loaded);
  g_assert_cmpint (item->key, ==, 1100);
  g_object_unref (models_item (list, 999));
  g_assert_cmpstr (item->body, ==, "text 1000");
  g_assert_cmpstr (item->sender_name, ==, "Anna");
  neighbour = g_list_model_get_item (G_LIST_MODEL (list), 1005);
  g_assert_true (neighbour->loaded);
  for (guint i = 0; i < 2000; i++) /* far more than are held: the one in use stays the same */
    g_object_unref (g_list_model_get_item (G_LIST_MODEL (list), i));
  neighbour = (g_object_unref (neighbour), g_list_model_get_item (G_LIST_MODEL (list), 999));
  g_assert_true (neighbour == item);
  tl_replica_close (replica);
}

static void
test_tells_little (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  g_autoptr (TlReplica) replica = models_open (dir);
  g_autoptr (TlKeyList) list = NULL;
  Watch watch;

  models_sql (replica, ROOM MESSAGES ("6"));
  list = tl_message_list_new (replica, 1, ME);
  models_ready (list);
  watch_init (&watch, list);
  models_sql (replica, "INSERT INTO message (key, roomId, seq, sentAt) VALUES (7, 1, 25, 1)");
  models_await_keys (list, "101 102 7 103 104 105 106");
  g_assert_cmpstr (watch.told->str, ==, "[2 -0 +1]");
  g_string_truncate (watch.told, 0);
  models_sql (replica, "DELETE FROM message WHERE key IN (101, 105)");
  models_await_keys (list, "102 7 103 104 106");
  g_assert_cmpstr (watch.told->str, ==, "[0 -1 +0][4 -1 +0]");
  g_string_truncate (watch.told, 0);
  models_sql (replica, "UPDATE message SET seq = 5 WHERE key = 104");
  models_await_keys (list, "104 102 7 103 106");
  g_assert_cmpstr (watch.told->str, ==, "[0 -0 +1][4 -1 +0]");
  g_string_truncate (watch.told, 0);
  models_sql (replica, "UPDATE message SET body = 'other'");
  models_settle (replica);
  g_assert_cmpstr (watch.told->str, ==, "");
  watch_clear (&watch);
  tl_replica_close (replica);
}

static void
count_notify (GObject *item, GParamSpec *spec, gpointer data)
{
  g_string_append_printf (data, "%s ", spec->name);
}

static void
test_items_stay_and_notify_what_differs (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  g_autoptr (TlReplica) replica = models_open (dir);
  g_autoptr (GString) notified = g_string_new (NULL);
  g_autoptr (TlKeyList) list = NULL;
  g_autoptr (TlMessageItem) item = NULL;

  models_sql (replica, ROOM MESSAGES ("3"));
  list = tl_message_list_new (replica, 1, ME);
  models_ready (list);
  item = models_item (list, 1);
  g_signal_connect (item, "notify", G_CALLBACK (count_notify), notified);
  models_edit (replica, "UPDATE message SET body = 'new', editedAt = 5 WHERE key = 102",
               &tl_message_type, 102);
  while (!g_str_equal (item->body, "new"))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (notified->str, ==, "is-edited body ");
  models_sql (replica, "UPDATE message SET seq = 99 WHERE key = 102");
  models_await_keys (list, "101 103 102");
  g_assert_true (models_item (list, 2) == (gpointer)item);
  g_object_unref (item);
  tl_replica_close (replica);
}

static gboolean
give_id (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  tl_changes_rekey (changes, &tl_message_type, -5, 500);
  return sqlite3_exec (tl_db_handle (db), "UPDATE message SET key = 500, seq = 77 WHERE key = -5",
                       NULL, NULL, NULL) == SQLITE_OK;
}

static void
test_an_id_changes_nothing_else (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  g_autoptr (TlReplica) replica = models_open (dir);
  g_autoptr (TlKeyList) list = NULL;
  g_autoptr (TlMessageItem) item = NULL;
  Watch watch;

  models_sql (replica, ROOM MESSAGES ("2") "INSERT INTO message (key, roomId, body, sentAt) "
                                           "VALUES (-6, 1, 'later', 2), (-5, 1, 'mine', 2)");
  list = tl_message_list_new (replica, 1, ME);
  models_ready (list);
  models_assert_keys (list, "101 102 -5 -6");
  watch_init (&watch, list);
  item = models_item (list, 2);
  g_assert_true (item->is_mine);
  g_assert_cmpint (item->seq, ==, 0);
  fixture_write (replica, give_id, NULL);
  models_await_keys (list, "101 102 500 -6");
  while (item->seq != 77)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (item->key, ==, 500);
  g_assert_cmpint (tl_key_list_current_key (list, -5), ==, 500);
  models_settle (replica);
  g_assert_cmpstr (watch.told->str, ==, "");
  watch_clear (&watch);
  tl_replica_close (replica);
}

static void
edit_at_random (TlReplica *replica)
{
  g_autoptr (GString) sql = g_string_new (NULL);

  for (int n = g_test_rand_int_range (1, 6); n > 0; n--) {
    int key = g_test_rand_int_range (1, 120), seq = g_test_rand_int_range (1, 500);
    if (g_test_rand_bit ())
      g_string_append_printf (sql, "DELETE FROM message WHERE key = %d;", key);
    else
      g_string_append_printf (
          sql,
          "INSERT OR REPLACE INTO message (key, roomId, senderId, body, seq, sentAt) "
          "VALUES (%d, 1, 9001, 'b%d', %d, %d);",
          key, seq, seq * 1000 + key, (seq % 5) * 90000000);
  }
  models_sql (replica, sql->str);
}

static void
test_follows_random_edits (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  g_autoptr (TlReplica) replica = models_open (dir);
  g_autoptr (GHashTable) items = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  g_autoptr (TlKeyList) list = NULL;
  Watch watch;

  models_sql (replica, ROOM MESSAGES ("40"));
  list = tl_message_list_new (replica, 1, ME);
  models_ready (list);
  watch_init (&watch, list);
  for (guint round = 0; round < 150; round++) {
    g_autoptr (TlKeyList) fresh = NULL;
    g_autofree char *expected = NULL;

    edit_at_random (replica);
    if (g_test_rand_bit ())
      continue;
    fresh = tl_message_list_new (replica, 1, ME);
    models_ready (fresh);
    expected = models_keys (fresh);
    models_await_keys (list, expected);
    for (guint i = 0; i < watch.shadow->len; i++)
      g_assert_cmpint (g_array_index (watch.shadow, gint64, i), ==, tl_key_list_key (list, i));
    for (guint i = 0; i < watch.shadow->len; i += 7)
      g_hash_table_add (items, g_list_model_get_item (G_LIST_MODEL (list), i));
  }
  models_settle (replica);
  for (guint i = 0; i < watch.shadow->len; i++) {
    g_autoptr (TlMessageItem) item = models_item (list, i);
    g_autofree char *body = g_strdup_printf ("b%d", (int)(item->seq / 1000));
    if (item->key < 101)
      g_assert_cmpstr (item->body, ==, body);
    g_assert_cmpint (item->key, ==, tl_key_list_key (list, i));
  }
  g_clear_object (&list);
  watch_clear (&watch);
  tl_replica_close (replica);
}

static GArray *
random_rows (guint n)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (TlKeyRow));
  guint64 seen = 0;

  while (n-- > 0) {
    TlKeyRow row = { g_test_rand_int_range (0, 40), g_test_rand_int_range (0, 8) == 0 };
    if ((seen >> row.key) & 1)
      continue;
    seen |= G_GUINT64_CONSTANT (1) << row.key;
    g_array_append_val (rows, row);
  }
  return rows;
}

/* Rows that can stay, by the text book. */
static guint
longest_common (const GArray *a, const GArray *b)
{
  guint table[64][64] = { 0 };

  for (guint i = 0; i < a->len; i++)
    for (guint j = 0; j < b->len; j++) {
      gboolean equal = memcmp (&g_array_index (a, TlKeyRow, i), &g_array_index (b, TlKeyRow, j),
                               sizeof (TlKeyRow)) == 0;
      table[i + 1][j + 1] = equal ? table[i][j] + 1 : MAX (table[i][j + 1], table[i + 1][j]);
    }
  return table[a->len][b->len];
}

static void
test_differences_are_minimal (void)
{
  for (guint round = 0; round < 3000; round++) {
    g_autoptr (GArray) a = random_rows ((guint)g_test_rand_int_range (0, 30));
    g_autoptr (GArray) b = random_rows ((guint)g_test_rand_int_range (0, 30));
    g_autoptr (GArray) hunks = tl_rows_diff (a, b);
    guint removed = 0, added = 0, old_at = 0, new_at = 0;

    for (guint i = 0; i < hunks->len; i++) {
      const TlHunk *hunk = &g_array_index (hunks, TlHunk, i);
      g_assert_cmpuint (hunk->old_start - old_at, ==, hunk->new_start - new_at);
      for (; old_at < hunk->old_start; old_at++, new_at++)
        g_assert_cmpint (g_array_index (a, TlKeyRow, old_at).key, ==,
                         g_array_index (b, TlKeyRow, new_at).key);
      removed += hunk->old_end - hunk->old_start;
      added += hunk->new_end - hunk->new_start;
      old_at = hunk->old_end, new_at = hunk->new_end;
    }
    g_assert_cmpuint (a->len - old_at, ==, b->len - new_at);
    g_assert_cmpuint (a->len - removed, ==, longest_common (a, b));
    g_assert_cmpuint (b->len - added, ==, longest_common (a, b));
  }
}

static void
test_may_be_dropped_at_any_time (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  g_autoptr (TlReplica) replica = models_open (dir);

  models_sql (replica, ROOM MESSAGES ("500"));
  for (guint round = 0; round < 60; round++) {
    g_autoptr (TlKeyList) list = tl_message_list_new (replica, 1, ME);

    for (int i = g_test_rand_int_range (0, 12); i > 0; i--) {
      g_clear_object (&(GObject *){ g_list_model_get_item (G_LIST_MODEL (list), 3) });
      g_main_context_iteration (NULL, FALSE);
    }
    if (g_test_rand_bit ())
      models_sql (replica, "UPDATE message SET seq = seq + 1");
  }
  models_settle (replica);
  tl_replica_close (replica);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_test_add_func ("/key-list/loads-what-is-looked-at", test_loads_what_is_looked_at);
  g_test_add_func ("/key-list/tells-little", test_tells_little);
  g_test_add_func ("/key-list/items-stay-and-notify-what-differs",
                   test_items_stay_and_notify_what_differs);
  g_test_add_func ("/key-list/an-id-changes-nothing-else", test_an_id_changes_nothing_else);
  g_test_add_func ("/key-list/follows-random-edits", test_follows_random_edits);
  g_test_add_func ("/key-list/differences-are-minimal", test_differences_are_minimal);
  g_test_add_func ("/key-list/may-be-dropped-at-any-time", test_may_be_dropped_at_any_time);
  return g_test_run ();
}
