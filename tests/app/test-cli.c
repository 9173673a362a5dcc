/* The command line against a real server, keyring and bus: robin has two computers, ines one. */
#include "tests/app/device.h"

#include "sync/attachment.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static TlTestServer *server;
static Device *desk, *laptop, *hers;

/* --- asking ---------------------------------------------------------------------------------- */

/* Rows of `tideline LINE --json` whose `member` is `value`. */
static guint
count_rows (Device *device, const char *line, const char *member, const char *value)
{
  g_autoptr (JsonNode) node = device_ask (device, "%s --limit 1000", line);
  JsonArray *rows = json_node_get_array (node);
  guint count = 0;

  for (guint i = 0; i < json_array_get_length (rows); i++) {
    JsonObject *row = json_array_get_object_element (rows, i);
    count += g_strcmp0 (json_object_get_string_member_with_default (row, member, NULL), value) == 0;
  }
  return count;
}

static guint
count_all (Device *device, const char *line)
{
  g_autoptr (JsonNode) node = device_ask (device, "%s --limit 1000", line);
  return json_array_get_length (json_node_get_array (node));
}

static gint64
room_key (Device *device, const char *name)
{
  g_autoptr (JsonNode) node = device_ask (device, "list rooms");
  JsonArray *rows = json_node_get_array (node);

  for (guint i = 0; i < json_array_get_length (rows); i++) {
    JsonObject *row = json_array_get_object_element (rows, i);
    if (g_strcmp0 (json_object_get_string_member (row, "name"), name) == 0)
      return json_object_get_int_member (row, "key");
  }
  g_error ("there is no room “%s”", name);
}

static guint
count_messages (Device *device, gint64 room, const char *body)
{
  g_autofree char *line = g_strdup_printf ("list messages %" G_GINT64_FORMAT, room);
  return count_rows (device, line, "body", body);
}

/* The nth unread article. */
static gint64
unread_article (Device *device, guint n)
{
  g_autoptr (JsonNode) node = device_ask (device, "list articles --unread");
  JsonArray *rows = json_node_get_array (node);

  g_assert_cmpuint (json_array_get_length (rows), >, n);
  return json_object_get_int_member (json_array_get_object_element (rows, n), "key");
}

static gboolean
is_unread (Device *device, gint64 article)
{
  g_autoptr (JsonNode) node = device_ask (device, "list articles --unread --limit 1000");
  JsonArray *rows = json_node_get_array (node);

  for (guint i = 0; i < json_array_get_length (rows); i++)
    if (json_object_get_int_member (json_array_get_object_element (rows, i), "key") == article)
      return TRUE;
  return FALSE;
}

/* `tideline LINE` ends with `status`, says nothing on standard output and `pattern` on standard error. */
static void
assert_fails (Device *device, int status, const char *line, const char *pattern)
{
  g_assert_cmpint (device_feed (device, "no such password\n", "%s", line), ==, status);
  g_assert_cmpstr (device->out, ==, "");
  if (!g_pattern_match_simple (pattern, device->err))
    g_error ("tideline %s says “%s”, not “%s”", line, device->err, pattern);
}

/* --- tests ----------------------------------------------------------------------------------- */

static void
test_shows (void)
{
  g_autofree char *text = NULL;
  gint64 article = unread_article (desk, 0);

  device_do (desk, "status");
  g_assert_true (g_pattern_match_simple ("Robin*on http://127.0.0.1:*unread articles\n*unread "
                                         "message*\n0 changes wait in the outbox\n",
                                         desk->out));
  g_assert_cmpuint (count_all (desk, "list feeds"), >=, 12);
  g_assert_cmpuint (count_all (desk, "list rooms"), ==, 7);
  g_assert_cmpuint (count_all (desk, "list people"), ==, 7);
  g_assert_cmpuint (count_all (desk, "list articles"), >=, 30);
  g_assert_cmpuint (count_all (desk, "outbox"), ==, 0);
  device_do (desk, "list messages %" G_GINT64_FORMAT, room_key (desk, "Boat crew"));
  text = g_strdup (desk->out);
  g_assert_cmpstr (text, !=, "");
  device_do (desk, "list articles --limit 1");
  device_do (desk, "read %" G_GINT64_FORMAT, article);
  g_assert_cmpuint (strlen (desk->out), >, 200);
  g_assert_true (is_unread (desk, article));
  device_do (desk, "list messages t%" G_GINT64_FORMAT, room_key (desk, "Boat crew"));
  g_assert_cmpstr (desk->out, ==, text);
}

static void
test_searches (void)
{
  device_do (desk, "send %" G_GINT64_FORMAT " The oars are in the quuxhouse.",
             room_key (desk, "Boat crew"));
  g_assert_cmpuint (count_all (desk, "search quuxhouse"), ==, 1);
  g_assert_cmpuint (count_all (desk, "search quuxh"), ==, 1);
  g_assert_cmpuint (count_all (desk, "search nothing-is-called-so"), ==, 0);
  device_do (desk, "search '\"unclosed OR ( AND *'");
}

static void
test_words_errors (void)
{
  g_autoptr (Device) nobody = device_new (TRUE);
  g_autofree char *wrong = g_strdup_printf ("sign-in %s robin", tl_test_server_url (server));

  assert_fails (nobody, 1, "list", "tideline: No account yet: tideline sign-in SERVER NAME\n");
  assert_fails (nobody, 1, wrong, "tideline: The name or the password is wrong.\n");
  assert_fails (nobody, 1, "sign-in not-an-address robin",
                "tideline: *not-an-address* is not the address of a server\n");
  assert_fails (nobody, 1, "sign-in http://127.0.0.1:1 robin",
                "tideline: http://127.0.0.1:1 cannot be reached: *\n");
  assert_fails (nobody, 1, "sign-in ftp://127.0.0.1/ robin",
                "tideline: *ftp://127.0.0.1* is not the address of a server\n");
  assert_fails (nobody, 2, "sign-in", "tideline: Usage: tideline sign-in SERVER NAME\n");
  assert_fails (nobody, 2, "sign-im x y",
                "tideline: “sign-im” is no command; there are: sign-in, *\n");
  assert_fails (desk, 2, "list --no-such-option", "tideline: *--no-such-option*\n");
  assert_fails (desk, 2, "list nonsense", "tideline: Usage: tideline list *\n");
  assert_fails (desk, 2, "list messages", "tideline: Usage: tideline list *\n");
  assert_fails (desk, 2, "read", "tideline: Usage: tideline read *\n");
  assert_fails (desk, 2, "search", "tideline: Usage: tideline search *\n");
  assert_fails (desk, 2, "send", "tideline: Usage: tideline send *\n");
  assert_fails (desk, 2, "outbox retry", "tideline: Usage: tideline outbox *\n");
  assert_fails (desk, 1, "send 999999999 hello",
                "tideline: There is no such room of yours: 999999999 *\n");
  assert_fails (desk, 1, "read 999999999", "tideline: *\n");
  assert_fails (desk, 1, "outbox discard 999999999", "tideline: *\n");
}

static void
test_two_computers (void)
{
  gint64 article = unread_article (desk, 0);
  gint64 room = room_key (desk, "Boat crew");

  device_do (laptop, "sync");
  g_assert_true (is_unread (laptop, article));
  device_do (desk, "read --mark %" G_GINT64_FORMAT, article);
  g_assert_false (is_unread (desk, article));
  device_do (laptop, "send %" G_GINT64_FORMAT " 'Who brings the rope?'", room);
  for (guint i = 0; i < 2; i++) {
    device_do (desk, "sync");
    device_do (laptop, "sync");
    device_do (hers, "sync");
  }
  g_assert_false (is_unread (laptop, article));
  g_assert_cmpuint (count_messages (desk, room, "Who brings the rope?"), ==, 1);
  g_assert_cmpuint (count_messages (laptop, room, "Who brings the rope?"), ==, 1);
  g_assert_cmpuint (count_messages (hers, room, "Who brings the rope?"), ==, 1);
}

static void
test_offline (void)
{
  gint64 room = room_key (desk, "Boat crew");
  gint64 article = unread_article (desk, 1);

  tl_test_server_stop (server);
  g_assert_cmpint (device_feed (desk, "Über\nalle Wasser\n", "send %" G_GINT64_FORMAT, room), ==,
                   0);
  g_assert_true (g_pattern_match_simple (
      "Kept in the outbox; it leaves with the next sync.\n*cannot be reached*\n", desk->err));
  device_do (desk, "read --mark %" G_GINT64_FORMAT, article);
  g_assert_false (is_unread (desk, article));
  g_assert_cmpuint (count_messages (desk, room, "Über\nalle Wasser"), ==, 1);
  g_assert_cmpuint (count_all (desk, "search wasser"), ==, 1);
  g_assert_cmpuint (count_all (desk, "outbox"), ==, 2);
  device_do (desk, "status");
  g_assert_nonnull (strstr (desk->out, "\n2 changes wait in the outbox\n"));
  assert_fails (desk, 1, "sync", "tideline: http://127.0.0.1:* cannot be reached: *\n");
  g_assert_cmpuint (count_messages (hers, room, "Über\nalle Wasser"), ==, 0);

  tl_test_server_start (server);
  for (guint i = 0; i < 2; i++) {
    device_do (desk, "sync");
    g_assert_cmpstr (desk->out, ==, "In sync.\n");
    device_do (laptop, "sync");
    device_do (hers, "sync");
    g_assert_cmpuint (count_all (desk, "outbox"), ==, 0);
    g_assert_cmpuint (count_messages (desk, room, "Über\nalle Wasser"), ==, 1);
    g_assert_cmpuint (count_messages (laptop, room, "Über\nalle Wasser"), ==, 1);
    g_assert_cmpuint (count_messages (hers, room, "Über\nalle Wasser"), ==, 1);
    g_assert_false (is_unread (laptop, article));
  }
}

/* A picture written offline: its bytes wait with the message, are upright and small, and leave before it. */
static void
test_file_offline (void)
{
  gint64 room = room_key (desk, "Boat crew");
  g_autofree char *picture =
      g_build_filename (g_getenv ("TIDELINE_SOURCE"), "data", "demo", "art", "harbour.jpg", NULL);
  const char *attachments;
  g_autoptr (JsonNode) messages = NULL;
  g_autoptr (GPtrArray) files = NULL;
  const TlAttachment *file;
  JsonArray *rows;

  tl_test_server_stop (server);
  device_do (desk, "send %" G_GINT64_FORMAT " --file %s", room, picture);
  {
    g_autofree char *line = g_strdup_printf ("send %" G_GINT64_FORMAT " --file /nowhere/at", room);
    assert_fails (desk, 1, line, "tideline: *nowhere*\n");
  }
  g_assert_cmpuint (count_all (desk, "outbox"), ==, 1);
  tl_test_server_start (server);
  device_do (desk, "sync");
  g_assert_cmpuint (count_all (desk, "outbox"), ==, 0);
  device_do (hers, "sync");
  messages = device_ask (hers, "list messages %" G_GINT64_FORMAT " --limit 9999", room);
  rows = json_node_get_array (messages);
  attachments = json_object_get_string_member_with_default (
      json_array_get_object_element (rows, json_array_get_length (rows) - 1), "attachments", NULL);
  g_assert_nonnull (attachments);
  files = tl_attachments_parse (attachments);
  g_assert_cmpuint (files->len, ==, 1);
  file = files->pdata[0];
  g_assert_cmpstr (file->type, ==, "image/jpeg");
  g_assert_cmpint (file->width, >, 0);
  g_assert_cmpint (MAX (file->width, file->height), <=, 2048);
}

#define LARGE 3000007

/* A file that leaves in pieces is one file there. */
static void
test_large_file (void)
{
  gint64 room = room_key (desk, "Boat crew");
  g_autofree char *folder = g_dir_make_tmp ("tideline-large-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "chart.bin", NULL);
  g_autofree guint8 *bytes = g_malloc (LARGE);
  g_autofree char *kept = NULL, *pieces = NULL;

  for (gsize i = 0; i < LARGE; i++)
    bytes[i] = (guint8)g_test_rand_int ();
  g_assert_true (g_file_set_contents (path, (const char *)bytes, LARGE, NULL));
  device_do (desk, "send %" G_GINT64_FORMAT " --file %s", room, path);
  device_do (desk, "sync");
  g_assert_cmpuint (count_all (desk, "outbox"), ==, 0);
  kept =
      tl_test_server_sql (server, "SELECT count(*) FROM storage.blob b JOIN storage.blob_scope s "
                                  "ON s.blob = b.id WHERE b.size = 3000007");
  pieces = tl_test_server_sql (server, "SELECT count(*) FROM storage.upload");
  g_assert_cmpstr (kept, ==, "1");
  g_assert_cmpstr (pieces, ==, "0");
  g_assert_no_errno (g_unlink (path));
  g_assert_no_errno (g_rmdir (folder));
}

static gint64
newest_post (Device *device)
{
  g_autoptr (JsonNode) node = device_ask (device, "list posts robin");
  JsonArray *rows = json_node_get_array (node);

  return json_object_get_int_member (json_array_get_object_element (rows, 0), "key");
}

/* An answer to what the server does not know yet leaves behind it. */
static void
test_posts (void)
{
  g_autofree char *thread = NULL;

  assert_fails (desk, 2, "post --visibility nobody hello", "tideline: Usage: tideline post *\n");
  assert_fails (desk, 1, "list posts nobody", "tideline: There is nobody called nobody *\n");
  tl_test_server_stop (server);
  device_do (desk, "post Low water at noon");
  device_do (desk, "post --reply=%" G_GINT64_FORMAT " --warning mud 'Bring boots'",
             newest_post (desk));
  g_assert_cmpuint (count_rows (desk, "list posts robin", "text", "Low water at noon"), ==, 1);
  g_assert_cmpuint (count_rows (desk, "outbox", "action", "reply"), ==, 1);
  tl_test_server_start (server);
  device_do (desk, "sync");
  g_assert_cmpuint (count_all (desk, "outbox"), ==, 0);
  device_do (hers, "sync");
  thread = g_strdup_printf ("read %" G_GINT64_FORMAT, newest_post (hers));
  g_assert_cmpuint (count_rows (hers, thread, "text", "Low water at noon"), ==, 1);
  g_assert_cmpuint (count_rows (hers, thread, "warning", "mud"), ==, 1);
  assert_fails (desk, 1, "read 999999999", "tideline: There is no article or post 999999999\n");
}

static void
test_discarded (void)
{
  gint64 room = room_key (desk, "Boat crew");
  g_autoptr (JsonNode) waiting = NULL;
  JsonObject *op;

  tl_test_server_stop (server);
  device_do (desk, "send %" G_GINT64_FORMAT " 'Better not'", room);
  waiting = device_ask (desk, "outbox");
  op = json_array_get_object_element (json_node_get_array (waiting), 0);
  g_assert_cmpstr (json_object_get_string_member (op, "subject"), ==, "Better not");
  device_do (desk, "outbox discard %" G_GINT64_FORMAT, json_object_get_int_member (op, "key"));
  g_assert_cmpuint (count_all (desk, "outbox"), ==, 0);
  tl_test_server_start (server);
  device_do (desk, "sync");
  device_do (hers, "sync");
  g_assert_cmpuint (count_messages (desk, room, "Better not"), ==, 0);
  g_assert_cmpuint (count_messages (hers, room, "Better not"), ==, 0);
}

/* As while the window is open: the lock is its. */
static void
test_elsewhere (void)
{
  gint64 room = room_key (desk, "Boat crew");
  g_autofree char *path = g_build_filename (desk->account, "lock", NULL);
  g_autofree char *wake = g_build_filename (desk->account, "wake", NULL);
  g_autofree char *before = NULL, *after = NULL;
  int fd = g_open (path, O_RDWR | O_CLOEXEC, 0600);

  g_assert_no_errno (fd);
  g_assert_no_errno (flock (fd, LOCK_EX | LOCK_NB));
  g_file_get_contents (wake, &before, NULL, NULL);
  device_do (desk, "send %" G_GINT64_FORMAT " 'From the command line'", room);
  g_assert_cmpstr (desk->err, ==, "");
  g_assert_true (g_file_get_contents (wake, &after, NULL, NULL));
  g_assert_cmpstr (before, !=, after);
  g_assert_cmpuint (count_all (desk, "outbox"), ==, 1);
  device_do (desk, "sync");
  g_assert_cmpstr (desk->out, ==, "The app is running and syncs.\n");
  close (fd);
  device_do (desk, "sync");
  device_do (hers, "sync");
  g_assert_cmpuint (count_messages (hers, room, "From the command line"), ==, 1);
}

static void
set_version (const char *path, int version)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA user_version = %d", version);
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

static int
get_version (const char *path)
{
  sqlite3_stmt *statement;
  sqlite3 *db;
  int version;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, "PRAGMA user_version", -1, &statement, NULL), ==,
                   SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  version = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return version;
}

static void
test_newer (void)
{
  static const char *const names[] = { "replica.db", "local.db" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (desk->account, names[i], NULL);
    int version = get_version (path);

    set_version (path, 9000);
    assert_fails (desk, 1, "list", "tideline: *was written by a newer version of Tideline*\n");
    g_assert_cmpint (get_version (path), ==, 9000);
    set_version (path, version);
  }
  device_do (desk, "list rooms");
}

/* What can be had again is begun anew; what was not sent is not in there. */
static void
test_damaged (void)
{
  gint64 room = room_key (desk, "Boat crew");
  g_autofree char *path = g_build_filename (desk->account, "replica.db", NULL);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (path, "-shm", NULL);
  g_autofree char *aside = g_strconcat (path, ".broken-1", NULL);
  guint rooms = count_all (desk, "list rooms"), articles = count_all (desk, "list articles");

  tl_test_server_stop (server);
  device_do (desk, "send %" G_GINT64_FORMAT " 'Written before the damage'", room);
  g_assert_true (
      g_file_set_contents (path, "This is no database; it was one a moment ago.", -1, NULL));
  g_unlink (wal);
  g_unlink (shm);
  assert_fails (desk, 1, "sync", "*was damaged*begun anew*cannot be reached*\n");
  g_assert_true (g_file_test (aside, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_all (desk, "outbox"), ==, 1);
  tl_test_server_start (server);
  device_do (desk, "sync");
  g_assert_cmpuint (count_all (desk, "list rooms"), ==, rooms);
  g_assert_cmpuint (count_all (desk, "list articles"), ==, articles);
  device_do (hers, "sync");
  g_assert_cmpuint (count_messages (desk, room, "Written before the damage"), ==, 1);
  g_assert_cmpuint (count_messages (hers, room, "Written before the damage"), ==, 1);
}

static void
test_no_keyring (void)
{
  g_autoptr (Device) bare = device_new (FALSE);

  g_assert_cmpint (
      device_feed (bare, TL_DEMO_PASSWORD "\n", "sign-in %s ines", tl_test_server_url (server)), ==,
      1);
  g_assert_nonnull (strstr (bare->err, "there is no secret service to keep the session in"));
  g_assert_null (strstr (bare->err, TL_DEMO_PASSWORD));
  assert_fails (bare, 1, "sync", "*tideline: Please sign in again*\n");
  device_do (bare, "list");
}

static void
test_events (void)
{
  const char *day = "list events --from 2026-12-01 --until 2026-12-02";

  device_do (desk, "event 'Lunch with Ana' --start 2026-12-01T12:30 --duration 1h30m");
  g_assert_cmpuint (count_rows (desk, day, "title", "Lunch with Ana"), ==, 1);
  g_assert_cmpint (device_run (desk, "event Lunch --start yesterday"), ==, 2);
  device_do (laptop, "sync");
  g_assert_cmpuint (count_rows (laptop, day, "title", "Lunch with Ana"), ==, 1);
  device_do (laptop, "export");
}

/* Comes with its file, and goes with it from another computer. */
static void
test_event_files (void)
{
  static const char text[] =
      "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:with-a-file\r\nSUMMARY:Haul-out\r\n"
      "DTSTART:20261203T120000Z\r\nATTACH;FMTTYPE=text/plain;FILENAME=chart.txt;ENCODING=BASE64;"
      "VALUE=BINARY:aGVsbG8=\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "tideline-with-a-file.ics", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) out = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  device_do (desk, "import %s", path);
  g_unlink (path);
  device_do (laptop, "sync");
  device_do (laptop, "export");
  out = g_string_new (laptop->out);
  g_string_replace (out, "\r\n ", "", 0);
  g_assert_nonnull (
      strstr (out->str, "FILENAME=chart.txt;ENCODING=BASE64;VALUE=BINARY:aGVsbG8=\r\n"));
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
  g_test_add_func ("/cli/shows-what-is-there", test_shows);
  g_test_add_func ("/cli/searches-whatever-is-asked", test_searches);
  g_test_add_func ("/cli/says-what-is-wrong", test_words_errors);
  g_test_add_func ("/cli/two-computers-of-one-person-agree", test_two_computers);
  g_test_add_func ("/cli/offline-everything-is-kept-and-arrives-once", test_offline);
  g_test_add_func ("/cli/a-picture-sent-offline-arrives-with-its-message", test_file_offline);
  g_test_add_func ("/cli/a-large-file-leaves-in-pieces", test_large_file);
  g_test_add_func ("/cli/posts-and-answers-written-offline-arrive", test_posts);
  g_test_add_func ("/cli/what-waits-can-be-discarded", test_discarded);
  g_test_add_func ("/cli/events-are-made-listed-and-exported", test_events);
  g_test_add_func ("/cli/files-come-and-go-with-events", test_event_files);
  g_test_add_func ("/cli/whoever-holds-the-lock-is-woken", test_elsewhere);
  g_test_add_func ("/cli/a-newer-replica-is-refused-and-left-alone", test_newer);
  g_test_add_func ("/cli/a-damaged-replica-is-set-aside-and-nothing-unsent-lost", test_damaged);
  g_test_add_func ("/cli/without-a-secret-service-it-says-so", test_no_keyring);
  status = g_test_run ();
  device_free (desk);
  device_free (laptop);
  device_free (hers);
  tl_test_server_free (server);
  return status;
}
