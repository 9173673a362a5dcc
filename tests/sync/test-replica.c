/* The account's two files: threads and signals, damage, newer versions, full disks, kill -9. */
#include "tests/sync/fixture.h"

#include "sync/record-sql.h"

#include <sys/wait.h>

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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_test_add_func ("/replica/reads-what-was-written-and-tells", test_writes_and_reads);
  return g_test_run ();
}
