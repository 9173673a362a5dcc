/* test-offline.c: a person without the network writes something of every kind on a computer that is killed after each,
 * reads and searches, and comes back: all of it arrives, once, on their other computer and with the other person, who
 * is told what there is to tell. Written with the shipped library (deeds.c), synced with the shipped program. */
#include "tests/app/device.h"

#include <signal.h>
#include <sqlite3.h>
#include <string.h>

static TlTestServer *server;
static Device *desk, *laptop, *hers;

/* --- doing --------------------------------------------------------------------------------------- */

/* Killed as soon as it says that it is done. */
static void
does (Device *device, const char *login, const char *deed)
{
  g_autofree char *program =
      g_build_filename (g_getenv ("TIDELINE_BUILD"), "tests", "app", "deeds", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
                        program, device->account, login, deed, NULL);
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;

  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  line = g_data_input_stream_read_line (output, NULL, NULL, NULL);
  g_assert_cmpstr (line, ==, deed);
  g_subprocess_send_signal (process, SIGKILL);
  g_subprocess_wait (process, NULL, NULL);
}

static void
sync_all (void)
{
  device_do (desk, "sync");
  device_do (hers, "sync");
  device_do (laptop, "sync");
}

/* The number that `sql` counts in a device's replica. */
static int
count (Device *device, const char *sql)
{
  g_autofree char *path = g_build_filename (device->account, "replica.db", NULL);
  sqlite3 *handle = NULL;
  sqlite3_stmt *statement = NULL;
  int n;

  g_assert_cmpint (sqlite3_open_v2 (path, &handle, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  if (sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (handle));
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  n = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (handle);
  return n;
}

static guint
count_waiting (Device *device)
{
  g_autoptr (JsonNode) node = device_ask (device, "outbox");

  return json_array_get_length (json_node_get_array (node));
}

static void
assert_once (Device *device, const char *sql)
{
  g_autofree char *whole = g_strconcat ("SELECT count(*) FROM ", sql, NULL);

  if (count (device, whole) != 1)
    g_error ("%s: %d of %s",
             device == desk     ? "desk"
             : device == laptop ? "laptop"
                                : "hers",
             count (device, whole), sql);
}

/* --- what there is ------------------------------------------------------------------------------- */

#define ROPE "(SELECT key FROM post WHERE text = 'Who has seen the long rope?')"
#define ROBIN "(SELECT key FROM principal WHERE login = 'robin')"
/* Who did it is the server's to say, and oneself until then. */
#define BY(column) "coalesce(" column ", " ROBIN ") = " ROBIN
#define OSKAR "(SELECT key FROM principal WHERE login = 'oskar')"

/* What the one who wrote it sees on each of their computers, and what everybody sees of it. */
static const struct {
  const char *deed, *sql;
  gboolean is_shared;
} kinds[] = {
  { "picture", "post WHERE text = 'It hangs in the shed' AND images IS NOT NULL", TRUE },
  { "reply", "post WHERE text = 'I have, behind the sails' AND replyToId = " ROPE, TRUE },
  { "react", "reaction WHERE subjectId = " ROPE " AND " BY ("principalId"), TRUE },
  { "boost", "post WHERE boostOfId = " ROPE " AND " BY ("authorId"), TRUE },
  { "save", "post_mark WHERE postId = " ROPE " AND isSaved", FALSE },
  { "follow", "follow WHERE principalId = " OSKAR " AND " BY ("followerId"), FALSE },
  { "message", "message WHERE body = 'All that I know' AND attachments IS NOT NULL", TRUE },
  { "plan", "event WHERE title = 'Splice the rope'", FALSE },
  { "move", "event WHERE title = 'Swim' AND recurrenceOverrides LIKE '%2030-06-10T17:00:00%'",
    FALSE },
  { "come", "event WHERE title = 'Search of the shed' AND participants LIKE '%accepted%'", TRUE },
  { "mark",
    "article_mark WHERE isRead AND isStarred AND key = (SELECT key FROM article ORDER BY "
    "key LIMIT 1 OFFSET 1)",
    FALSE },
  { "archive",
    "inbox_mark WHERE isDone AND key = (SELECT max(key) FROM notification WHERE kind = "
    "'invitation')",
    FALSE },
  { "snooze", "inbox_mark WHERE snoozedUntil = 1900000000000", FALSE },
  { "set", "settings WHERE secondTimeZone = 'Asia/Tokyo' AND weekStart = 7", FALSE },
  { "draft", "kept_draft WHERE place = 'post' AND text = 'About knots'", FALSE },
  { "filter", "content_filter WHERE words = 'splinters' AND action = 'hide'", FALSE },
  { "file", "subscription WHERE folder = 'Harbour'", FALSE },
  { "introduce", "principal WHERE login = 'robin' AND description = 'Finds ropes'", TRUE },
};

static void
set_up (void)
{
  does (hers, "ines", "ask");
  device_do (hers, "sync");
  device_do (desk, "sync");
  does (desk, "robin", "unfollow");
  does (desk, "robin", "series");
  sync_all ();
  g_assert_cmpint (count (desk, "SELECT count(*) FROM event WHERE title = 'Search of the shed'"),
                   ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autofree char *sql = g_strconcat ("SELECT count(*) FROM ", kinds[i].sql, NULL);
    g_assert_cmpint (count (laptop, sql), ==, 0);
  }
}

/* --- the tests ----------------------------------------------------------------------------------- */

static void
test_written (void)
{
  tl_test_server_kill (server);
  g_assert_cmpint (device_run (desk, "sync"), !=, 0);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    does (desk, "robin", kinds[i].deed);
    assert_once (desk, kinds[i].sql);
  }
  g_assert_cmpuint (count_waiting (desk), >=, G_N_ELEMENTS (kinds));
}

static void
test_found (void)
{
  g_autoptr (JsonNode) found = device_ask (desk, "search rope");
  g_autoptr (JsonNode) read = device_ask (desk, "list articles --limit 5");

  g_assert_cmpuint (json_array_get_length (json_node_get_array (found)), >=, 3);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (read)), ==, 5);
}

static void
test_arrives (void)
{
  tl_test_server_start (server);
  sync_all ();
  device_do (desk, "sync");
  g_assert_cmpuint (count_waiting (desk), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_test_message ("%s", kinds[i].deed);
    assert_once (desk, kinds[i].sql);
    assert_once (laptop, kinds[i].sql);
    if (kinds[i].is_shared)
      assert_once (hers, kinds[i].sql);
  }
}

/* Each of it once; the file and the picture are there to be read. */
static void
test_told (void)
{
  static const char *const told[] = { "reply", "reaction", "boost" };

  for (guint i = 0; i < G_N_ELEMENTS (told); i++) {
    g_autofree char *sql = g_strdup_printf (
        "notification WHERE kind = '%s' AND actorId = " ROBIN " AND (subjectId = " ROPE
        " OR subjectId IN (SELECT key FROM post WHERE replyToId = " ROPE "))",
        told[i]);
    assert_once (hers, sql);
  }
  g_assert_cmpint (count (hers, "SELECT count(*) FROM notification WHERE actorId = " ROBIN
                                " AND kind = 'reaction' AND preview = '😮'"),
                   ==, 1);
}

static void
test_files (void)
{
  g_autofree char *kept =
      tl_test_server_sql (server, "SELECT count(*) FROM storage.blob b WHERE EXISTS ("
                                  "SELECT FROM social.post WHERE text = 'It hangs in the shed' "
                                  "AND images::text LIKE '%' || b.id || '%' UNION ALL "
                                  "SELECT FROM chat.message WHERE body = 'All that I know' "
                                  "AND attachments::text LIKE '%' || b.id || '%')");

  g_assert_cmpstr (kept, ==, "2");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  server = tl_test_server_new_demo ();
  desk = device_new_as (server, "robin");
  laptop = device_new_as (server, "robin");
  hers = device_new_as (server, "ines");
  set_up ();
  g_test_add_func ("/offline/something-of-every-kind-is-kept-over-kills", test_written);
  g_test_add_func ("/offline/what-is-here-is-read-and-searched", test_found);
  g_test_add_func ("/offline/all-of-it-arrives-once-everywhere", test_arrives);
  g_test_add_func ("/offline/who-is-concerned-is-told-once", test_told);
  g_test_add_func ("/offline/files-come-along", test_files);
  status = g_test_run ();
  device_free (hers);
  device_free (laptop);
  device_free (desk);
  tl_test_server_free (server);
  return status;
}
