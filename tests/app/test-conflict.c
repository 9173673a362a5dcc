/* Two people edit one event without knowing of each other, each on their own computer: nothing is lost, and whoever
 * comes second chooses. Written as the window writes (outbox), synced by the shipped program. */
#include "tests/app/device.h"

#include "sync/outbox.h"

#include <string.h>

#define HERE "calendarId = (SELECT key FROM calendar WHERE name = 'Watches')"

static TlTestServer *server;
static Device *ines, *robin;

/* Does one thing in the files of `device`: the object's key. */
static gint64
write_op (Device *device, const TlType *type, TlVerb verb, gint64 key, const char *format, ...)
{
  g_autoptr (GError) error = NULL;
  TlDb *db = tl_db_open (device->account, TRUE, &error);
  g_autoptr (TlChanges) changes = tl_changes_new ();
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;
  va_list args;

  g_assert_no_error (error);
  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_strdelimit (text, "'", '"');
  node = json_from_string (text, &error);
  g_assert_no_error (error);
  g_assert_true (tl_db_begin (db, &error));
  tl_outbox_add (db, changes, type, verb, &key, json_node_dup_object (node), &error);
  g_assert_no_error (error);
  g_assert_true (tl_db_commit (db, &error));
  tl_db_close (db);
  return key;
}

/* The first value that `sql` finds on `device`. */
static char *
look (Device *device, const char *sql)
{
  g_autoptr (GError) error = NULL;
  TlDb *db = tl_db_open (device->account, FALSE, &error);
  sqlite3_stmt *statement = NULL;
  char *value = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (sqlite3_prepare_v2 (tl_db_handle (db), sql, -1, &statement, NULL), ==,
                   SQLITE_OK);
  if (sqlite3_step (statement) == SQLITE_ROW)
    value = g_strdup ((const char *)sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  tl_db_close (db);
  return value;
}

static void
assert_titles (Device *device, const char *expected)
{
  g_autofree char *titles =
      look (device, "SELECT group_concat(title, ', ') FROM (SELECT title FROM event WHERE " HERE
                    " ORDER BY title)");

  g_assert_cmpstr (titles, ==, expected);
}

static gint64
event_called (Device *device, const char *title)
{
  g_autofree char *sql =
      g_strdup_printf ("SELECT key FROM event WHERE " HERE " AND title = '%s'", title);
  g_autofree char *key = look (device, sql);

  g_assert_nonnull (key);
  return g_ascii_strtoll (key, NULL, 10);
}

static void
rename_event (Device *device, const char *from, const char *to)
{
  write_op (device, &tl_calendar_event_type, TL_OP_UPDATE, event_called (device, from),
            "{'title':'%s'}", to);
}

/* Robin is faster. What waits at Inés's then: its number. */
static gint64
collide (const char *from, const char *theirs, const char *mine)
{
  g_autoptr (JsonNode) list = NULL;
  JsonObject *item;

  rename_event (robin, from, theirs);
  rename_event (ines, from, mine);
  device_do (robin, "sync");
  device_run (ines, "sync");
  list = device_ask (ines, "outbox");
  g_assert_cmpuint (json_array_get_length (json_node_get_array (list)), ==, 1);
  item = json_array_get_object_element (json_node_get_array (list), 0);
  g_assert_true (json_object_get_boolean_member (item, "is-conflict"));
  g_assert_nonnull (strstr (json_object_get_string_member (item, "error"), "Somebody else"));
  g_assert_cmpstr (json_object_get_string_member (item, "subject"), ==, mine);
  return json_object_get_int_member (item, "key");
}

static void
sync_both (void)
{
  device_run (ines, "sync");
  device_do (robin, "sync");
}

static void
test_both (void)
{
  gint64 op = collide ("Tide", "Ebb", "Flood");

  assert_titles (ines, "Ebb");
  device_do (ines, "outbox both %" G_GINT64_FORMAT, op);
  sync_both ();
  assert_titles (ines, "Ebb, Flood");
  assert_titles (robin, "Ebb, Flood");
}

static void
test_mine (void)
{
  gint64 op = collide ("Ebb", "Neap", "Spring");

  assert_titles (ines, "Flood, Neap");
  device_do (ines, "outbox retry %" G_GINT64_FORMAT, op);
  sync_both ();
  assert_titles (ines, "Flood, Spring");
  assert_titles (robin, "Flood, Spring");
}

static void
test_theirs (void)
{
  gint64 op = collide ("Spring", "Slack", "Rip");

  device_do (ines, "outbox discard %" G_GINT64_FORMAT, op);
  sync_both ();
  assert_titles (ines, "Flood, Slack");
  assert_titles (robin, "Flood, Slack");
}

/* What each changed of their own is no conflict. */
static void
test_apart (void)
{
  g_autofree char *place = NULL;

  write_op (robin, &tl_calendar_event_type, TL_OP_UPDATE, event_called (robin, "Slack"),
            "{'location':'Pier'}");
  device_do (robin, "sync");
  rename_event (ines, "Slack", "Still");
  sync_both ();
  assert_titles (robin, "Flood, Still");
  place = look (ines, "SELECT location FROM event WHERE title = 'Still'");
  g_assert_cmpstr (place, ==, "Pier");
}

static void
share_an_event (void)
{
  g_autofree char *person = look (ines, "SELECT key FROM principal WHERE login = 'robin'");
  gint64 calendar =
      write_op (ines, &tl_calendar_type, TL_OP_CREATE, 0, "{'name':'Watches','color':'teal'}");

  write_op (ines, &tl_calendar_member_type, TL_OP_CREATE, 0,
            "{'calendarId':'#n%" G_GINT64_FORMAT "','principalId':'t%s','role':'member'}",
            -calendar, person);
  write_op (ines, &tl_calendar_event_type, TL_OP_CREATE, 0,
            "{'calendarId':'#n%" G_GINT64_FORMAT
            "','title':'Tide','start':'2030-05-02T10:00:00','timeZone':'Etc/UTC'}",
            -calendar);
  device_do (ines, "sync");
  device_do (robin, "sync");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  server = tl_test_server_new_demo ();
  ines = device_new_as (server, "ines");
  robin = device_new_as (server, "robin");
  share_an_event ();
  g_test_add_func ("/conflict/both-are-kept", test_both);
  g_test_add_func ("/conflict/mine-is-sent", test_mine);
  g_test_add_func ("/conflict/theirs-stays", test_theirs);
  g_test_add_func ("/conflict/none-where-each-changed-their-own", test_apart);
  status = g_test_run ();
  device_free (ines);
  device_free (robin);
  tl_test_server_free (server);
  return status;
}
