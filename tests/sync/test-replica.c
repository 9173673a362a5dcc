/* The account's two files: threads and signals, damage, newer versions, full disks, kill -9. */
#include "tests/sync/fixture.h"

#include "sync/actions.h"
#include "sync/outbox.h"
#include "sync/record-sql.h"
#include "sync/sql.h"

#include <stdio.h>
#include <string.h>

static const char *program;

static TlReplica *
open_replica (const char *dir)
{
  g_autoptr (GError) error = NULL;
  TlReplica *replica = tl_replica_open (dir, &error);

  g_assert_no_error (error);
  return replica;
}

static gboolean
store_message (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  gint64 key = GPOINTER_TO_INT (data);
  TlMessage message = { .record = { .key = key, .present = G_MAXUINT64 }, .room_id = 3 };

  message.body = (char *)"hé";
  message.sent_at = 1759307400250;
  message.edited_at = TL_DATE_NULL;
  tl_changes_add (changes, &tl_message_type, key);
  return tl_record_store (db, &tl_message_type, &message, error);
}

static gpointer
load_message (TlDb *db, gpointer data, GError **error)
{
  return tl_record_load (db, &tl_message_type, GPOINTER_TO_INT (data), error);
}

static void
free_message (gpointer message)
{
  tl_record_free (&tl_message_type, message);
}

static TlMessage *
await_message (TlReplica *replica, int key)
{
  g_autoptr (DexFuture) future =
      tl_replica_read (replica, load_message, GINT_TO_POINTER (key), NULL, free_message);
  g_autoptr (GError) error = NULL;
  const GValue *value = fixture_await (future, &error);

  g_assert_no_error (error);
  return g_value_get_pointer (value);
}

static void
on_changed (TlReplica *replica, const TlChanges *changes, gpointer data)
{
  int *seen = data;

  g_assert_true (tl_changes_has (changes, &tl_message_type, 7));
  g_assert_false (tl_changes_has (changes, &tl_message_type, 8));
  g_assert_false (tl_changes_has_type (changes, &tl_room_type));
  ++*seen;
}

static void
test_writes_and_reads (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  g_autoptr (TlReplica) replica = open_replica (dir);
  TlMessage *message;
  int seen = 0;

  g_assert_true (tl_replica_was_reset (replica));
  g_assert_null (await_message (replica, 7));
  g_signal_connect (replica, "changed", G_CALLBACK (on_changed), &seen);
  fixture_write (replica, store_message, GINT_TO_POINTER (7));
  g_assert_cmpint (seen, ==, 1);
  message = await_message (replica, 7);
  g_assert_cmpstr (message->body, ==, "hé");
  g_assert_cmpint (message->sent_at, ==, 1759307400250);
  g_assert_cmpint (message->edited_at, ==, TL_DATE_NULL);
  g_assert_cmpint (message->reply_to_id, ==, 0);
  free_message (message);
  tl_replica_close (replica);
  g_clear_object (&replica);
  replica = open_replica (dir);
  g_assert_false (tl_replica_was_reset (replica));
}

static void
await_done (DexFuture *taken)
{
  g_autoptr (DexFuture) future = taken;
  g_autoptr (GError) error = NULL;

  fixture_await (future, &error);
  g_assert_no_error (error);
}

static gpointer
list_ops (TlDb *db, gpointer data, GError **error)
{
  return tl_outbox_list (db, error);
}

static GPtrArray *
await_ops (TlReplica *replica)
{
  g_autoptr (DexFuture) future =
      tl_replica_read (replica, list_ops, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);
  g_autoptr (GError) error = NULL;
  const GValue *value = fixture_await (future, &error);

  g_assert_no_error (error);
  return g_value_get_pointer (value);
}

static char *
path_of (const char *dir, const char *name)
{
  return g_build_filename (dir, name, NULL);
}

static void
make_files (const char *dir)
{
  g_autoptr (TlReplica) replica = open_replica (dir);
  tl_replica_close (replica);
}

/* --- damage ------------------------------------------------------------------------------------- */

static void
damage (const char *dir, const char *name, glong offset, gsize length)
{
  g_autofree char *path = path_of (dir, name), *junk = g_malloc (length);
  FILE *file = fopen (path, "r+");

  memset (junk, 0x5a, length);
  g_assert_nonnull (file);
  g_assert_cmpint (fseek (file, offset, SEEK_SET), ==, 0);
  g_assert_cmpuint (fwrite (junk, 1, length, file), ==, length);
  fclose (file);
}

static void
test_damaged_replica (gconstpointer data)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  g_autofree char *aside = path_of (dir, "replica.db.broken-1");
  g_autoptr (TlReplica) replica = open_replica (dir);
  g_autoptr (GPtrArray) ops = NULL;
  TlMessage *message;

  fixture_write (replica, store_message, GINT_TO_POINTER (7));
  await_done (tl_action_send (replica, 3, "not sent yet", 0));
  tl_replica_close (replica);
  g_clear_object (&replica);
  damage (dir, "replica.db", GPOINTER_TO_INT (data), 40000);
  replica = open_replica (dir);
  g_assert_true (tl_replica_was_reset (replica));
  g_assert_true (g_file_test (aside, G_FILE_TEST_EXISTS));
  g_assert_null (await_message (replica, 7));
  message = await_message (replica, -1); /* what waits is shown again */
  g_assert_cmpstr (message->body, ==, "not sent yet");
  free_message (message);
  ops = await_ops (replica);
  g_assert_cmpuint (ops->len, ==, 1);
}

static void
test_damaged_local (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  g_autofree char *path = path_of (dir, "local.db");
  g_autofree char *before = NULL, *after = NULL;
  g_autoptr (GError) error = NULL;
  gsize size, size_after;

  make_files (dir);
  damage (dir, "local.db", 0, 4096);
  g_assert_true (g_file_get_contents (path, &before, &size, NULL));
  g_assert_null (tl_replica_open (dir, &error));
  g_assert_error (error, TL_DB_ERROR, TL_DB_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_true (g_file_get_contents (path, &after, &size_after, NULL));
  g_assert_cmpmem (before, size, after, size_after);
}

static void
test_newer (gconstpointer name)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  g_autofree char *path = path_of (dir, name);
  g_autoptr (GError) error = NULL;
  sqlite3 *handle = NULL;

  make_files (dir);
  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, "PRAGMA user_version = 99", NULL, NULL, NULL), ==,
                   SQLITE_OK);
  sqlite3_close (handle);
  g_assert_null (tl_replica_open (dir, &error));
  g_assert_error (error, TL_DB_ERROR, TL_DB_ERROR_NEWER);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* --- a full disk -------------------------------------------------------------------------------- */

static gboolean
fill (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  g_autofree char *text = g_strnfill (60000, 'x');
  TlMessage message = { .record = { .key = 1, .present = G_MAXUINT64 }, .body = text };

  sqlite3_exec (tl_db_handle (db), "PRAGMA main.max_page_count = 1", NULL, NULL, NULL);
  for (; message.record.key < 100; message.record.key++)
    if (!tl_record_store (db, &tl_message_type, &message, error))
      return FALSE;
  return TRUE;
}

static gboolean
make_room (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  sqlite3_exec (tl_db_handle (db), "PRAGMA main.max_page_count = 1000000", NULL, NULL, NULL);
  return TRUE;
}

static void
test_full (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  g_autoptr (TlReplica) replica = open_replica (dir);
  g_autoptr (DexFuture) future = tl_replica_write (replica, fill, NULL, NULL);
  g_autoptr (GError) error = NULL;
  TlMessage *message;

  g_assert_null (fixture_await (future, &error));
  g_assert_error (error, TL_DB_ERROR, TL_DB_ERROR_FULL);
  g_assert_true (g_str_has_prefix (error->message, "No space is left on the disk for "));
  g_assert_null (await_message (replica, 1)); /* rolled back */
  fixture_write (replica, make_room, NULL);
  fixture_write (replica, store_message, GINT_TO_POINTER (7));
  message = await_message (replica, 7);
  g_assert_nonnull (message);
  free_message (message);
}

/* --- kill -9 ------------------------------------------------------------------------------------ */

/* The program run as `test-replica --write DIR`: says each key after its future resolved. */
G_NORETURN static void
write_until_killed (const char *dir)
{
  TlReplica *replica = open_replica (dir);

  for (;;) {
    g_autoptr (DexFuture) future = tl_action_send (replica, 3, "acknowledged", 0);

    g_print ("%" G_GINT64_FORMAT "\n", g_value_get_int64 (fixture_await (future, NULL)));
  }
}

static gint64
kill_after (const char *dir, guint lines)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "--write", dir, NULL);
  g_autoptr (GDataInputStream) out = NULL;
  gint64 last = 0;
  char *line;

  g_assert_no_error (error);
  out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));
  while ((line = g_data_input_stream_read_line (out, NULL, NULL, NULL))) {
    if (*line == '-')
      last = g_ascii_strtoll (line, NULL, 10);
    g_free (line);
    if (lines-- == 1)
      g_subprocess_force_exit (child);
  }
  g_subprocess_wait (child, NULL, NULL);
  return -last;
}

static void
assert_sound (const char *dir, const char *name)
{
  g_autofree char *path = path_of (dir, name);
  sqlite3 *handle = NULL;
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  sqlite3_prepare_v2 (handle, "PRAGMA integrity_check", -1, &statement, NULL);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  g_assert_cmpstr ((const char *)sqlite3_column_text (statement, 0), ==, "ok");
  sqlite3_finalize (statement);
  sqlite3_close (handle);
}

static void
test_kill (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();

  for (guint i = 0; i < 4; i++) {
    gint64 last = kill_after (dir, (guint)g_test_rand_int_range (1, 120));
    g_autoptr (TlReplica) replica = NULL;
    g_autoptr (GPtrArray) ops = NULL;
    TlMessage *message;

    assert_sound (dir, "replica.db");
    assert_sound (dir, "local.db");
    replica = open_replica (dir);
    ops = await_ops (replica);
    g_assert_cmpint (ops->len, >=, last);
    for (guint n = 0; n < ops->len; n++) /* none is missing, none is double */
      g_assert_cmpint (((TlOp *)ops->pdata[n])->key, ==, -(gint64)n - 1);
    message = await_message (replica, -(int)ops->len);
    g_assert_cmpstr (message->body, ==, "acknowledged");
    free_message (message);
    g_assert_null (await_message (replica, -(int)ops->len - 1));
    tl_replica_close (replica);
  }
}

/* --- two programs, and what a person does ------------------------------------------------------- */

static void
count_all (TlReplica *replica, const TlChanges *changes, gpointer data)
{
  if (changes->keys == NULL)
    ++*(int *)data;
}

static void
test_two_programs (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  g_autoptr (TlReplica) one = open_replica (dir), two = open_replica (dir);
  g_autoptr (GPtrArray) ops = NULL, futures = g_ptr_array_new_with_free_func (dex_unref);
  int seen = 0;

  for (guint i = 0; i < 40; i++)
    g_ptr_array_add (futures, tl_action_send (i % 2 ? one : two, 3, "both", 0));
  for (guint i = 0; i < 40; i++)
    g_assert_nonnull (fixture_await (futures->pdata[i], NULL));
  ops = await_ops (one);
  g_assert_cmpuint (ops->len, ==, 40);
  g_signal_connect (one, "changed", G_CALLBACK (count_all), &seen);
  tl_replica_refresh (one);
  g_assert_cmpint (seen, ==, 1);
}

static void
test_actions (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  g_autoptr (TlReplica) replica = open_replica (dir);
  g_autoptr (DexFuture) sent = NULL, draft = NULL, cleared = NULL, again = NULL;
  g_autoptr (GPtrArray) ops = NULL, left = NULL;
  g_autoptr (GError) error = NULL;
  const gint64 articles[] = { 5, 6 };

  await_done (tl_draft_save (replica, "room:3", "hel"));
  draft = tl_draft_load (replica, "room:3");
  g_assert_cmpstr (g_value_get_string (fixture_await (draft, NULL)), ==, "hel");
  sent = tl_action_send (replica, 3, "hello", 7);
  g_assert_cmpint (g_value_get_int64 (fixture_await (sent, NULL)), ==, -1);
  cleared = tl_draft_load (replica, "room:3");
  g_assert_null (g_value_get_string (fixture_await (cleared, NULL)));
  await_done (tl_action_set_read (replica, articles, 2, TRUE));
  await_done (tl_action_set_read (replica, articles, 2, FALSE));
  await_done (tl_action_subscribe (replica, " example.org/feed ", "Papers"));
  again = tl_action_subscribe (replica, "https://example.org/feed", NULL);
  g_assert_null (fixture_await (again, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  ops = await_ops (replica);
  g_assert_cmpuint (ops->len, ==, 2);
  await_done (tl_action_discard (replica, ((TlOp *)ops->pdata[0])->id));
  left = await_ops (replica);
  g_assert_cmpuint (left->len, ==, 1);
  g_assert_cmpstr (((TlOp *)left->pdata[0])->body, ==,
                   "{\"url\":\"https://example.org/feed\",\"folder\":\"Papers\"}");
}

static void
test_closed (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  g_autoptr (TlReplica) replica = open_replica (dir);
  g_autoptr (DexFuture) last = tl_action_send (replica, 3, "last words", 0), late = NULL;
  g_autoptr (GError) error = NULL;

  tl_replica_close (replica);
  g_assert_nonnull (fixture_await (last, NULL)); /* what was queued is done */
  late = tl_action_send (replica, 3, "too late", 0);
  g_assert_null (fixture_await (late, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
prepare_all (TlDb *db, const char *folder)
{
  g_autofree char *root = g_strconcat ("/org/tideline/sync/", folder, NULL);
  g_auto (GStrv) names = g_resources_enumerate_children (root, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  for (guint i = 0; names && names[i]; i++) {
    g_autofree char *file = g_strconcat (folder, "/", names[i], NULL);
    g_autoptr (GHashTable) sections = tl_sql_sections (file);
    GHashTableIter iter;
    gpointer name;

    g_hash_table_iter_init (&iter, sections);
    while (g_hash_table_iter_next (&iter, &name, NULL))
      g_assert_nonnull (tl_db_statement (db, file, name));
  }
}

static void
test_sql (void)
{
  g_autoptr (FixtureDir) dir = fixture_dir ();
  g_autoptr (TlDb) db = fixture_db (dir);

  tl_db_rollback (db); /* some settings want none */
  prepare_all (db, "sql");
  prepare_all (db, "models");
}

int
main (int argc, char **argv)
{
  program = argv[0];
  dex_init ();
  if (argc == 3 && g_str_equal (argv[1], "--write"))
    write_until_killed (argv[2]);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/replica/reads-what-was-written-and-tells", test_writes_and_reads);
  g_test_add_data_func ("/replica/damage/no-database", GINT_TO_POINTER (0), test_damaged_replica);
  g_test_add_data_func ("/replica/damage/pages", GINT_TO_POINTER (8192), test_damaged_replica);
  g_test_add_func ("/replica/damage/local-is-named-and-kept", test_damaged_local);
  g_test_add_data_func ("/replica/newer/replica-is-refused", "replica.db", test_newer);
  g_test_add_data_func ("/replica/newer/local-is-refused", "local.db", test_newer);
  g_test_add_func ("/replica/full-disk-rolls-back-and-goes-on", test_full);
  g_test_add_func ("/replica/kill-loses-nothing-acknowledged", test_kill);
  g_test_add_func ("/replica/two-programs-write", test_two_programs);
  g_test_add_func ("/replica/actions-enter-the-outbox", test_actions);
  g_test_add_func ("/replica/every-statement-compiles", test_sql);
  g_test_add_func ("/replica/closing-finishes-writes", test_closed);
  return g_test_run ();
}
