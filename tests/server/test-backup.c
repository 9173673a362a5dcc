/* Backups of a server that is at work, and onto a disk that is full. */
#include "tests/server/visitor.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

static TlTestServer *server;
static Visitor *ada;
static char *base;
static guint written; /* rooms that were acknowledged, named by their number */

/* Rooms are written one after another. */
static void
write_room (void)
{
  g_autofree char *call = g_strdup_printf (
      "['Room/set',{'accountId':'ACCOUNT','create':{'x':{'kind':'group','name':'%u'}}},'c']",
      written + 1);
  g_autoptr (JsonObject) answer = visitor_call (ada, call);

  g_assert_true (json_object_has_member (json_object_get_object_member (answer, "created"), "x"));
  written++;
}

static GSubprocess *
start_ctl (const char *limit, const char *folder, const char *command, const char *dir)
{
  g_autofree char *program =
      g_build_filename (g_getenv ("TIDELINE_BUILD"), "server", "ctl", "tidelinectl", NULL);
  g_autofree char *script =
      g_strdup_printf ("trap '' XFSZ; ulimit -f %s; exec \"$0\" \"$@\"", limit);
  g_autoptr (GError) error = NULL;
  GSubprocess *process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, &error,
                        "sh", "-c", script, program, "--standalone", folder, command, dir, NULL);

  g_assert_no_error (error);
  return process;
}

/* What it said; takes `process`. */
static char *
end_ctl (GSubprocess *process, int *status)
{
  g_autoptr (GSubprocess) own = process;
  g_autoptr (GError) error = NULL;
  char *output = NULL;

  g_subprocess_communicate_utf8 (own, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  *status = g_subprocess_get_exit_status (own);
  g_test_message ("%d: %s", *status, output);
  return output;
}

static void
assert_whole (const char *backup)
{
  const char *const verify[] = { "restore", "--verify", backup, NULL };
  g_autofree char *said = tl_test_server_ctl (server, verify, NULL);

  g_assert_nonnull (strstr (said, "is whole"));
}

static void
count_end (GObject *process, GAsyncResult *result, gpointer has_ended)
{
  g_assert_true (g_subprocess_wait_finish (G_SUBPROCESS (process), result, NULL));
  *(gboolean *)has_ended = TRUE;
}

static gint64
number (TlTestServer *of, const char *sql)
{
  g_autofree char *value = tl_test_server_sql (of, sql);

  return g_ascii_strtoll (value, NULL, 10);
}

/* What is in it is what was written up to one moment, and that is not before it began. */
static void
assert_prefix (TlTestServer *copy, guint before)
{
  gint64 rooms = number (copy, "SELECT count(*) FROM chat.room");

  g_test_message ("%u rooms before it, %u after it, %" G_GINT64_FORMAT " in it", before, written,
                  rooms);
  g_assert_cmpint (rooms, >=, before);
  g_assert_cmpint (rooms, <=, written);
  g_assert_cmpint (number (copy, "SELECT max(name::int) FROM chat.room"), ==, rooms);
  g_assert_cmpint (number (copy, "SELECT count(*) FROM chat.room r WHERE EXISTS (SELECT FROM "
                                 "sync.member m WHERE m.scope = r.scope AND m.to_xid IS NULL)"),
                   ==, rooms);
}

static void
test_at_work (void)
{
  g_autofree char *backup = g_build_filename (base, "at-work", NULL);
  g_autofree char *folder = g_build_filename (base, "restored", NULL);
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *said = NULL;
  gboolean has_ended = FALSE;
  TlTestServer *copy;
  guint before;
  int status;

  for (guint i = 0; i < 20; i++)
    write_room ();
  before = written;
  process = start_ctl ("unlimited", tl_test_server_folder (server), "backup", backup);
  g_subprocess_wait_async (process, NULL, count_end, &has_ended);
  while (!has_ended) {
    write_room ();
    g_main_context_iteration (NULL, FALSE);
  }
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  assert_whole (backup);
  said = end_ctl (start_ctl ("unlimited", folder, "restore", backup), &status);
  g_assert_cmpint (status, ==, 0);
  copy = tl_test_server_new_copy (folder);
  assert_prefix (copy, before);
  tl_test_server_free (copy);
}

/* 32 kB (64 blocks) are too little for the dump. */
static void
test_full (void)
{
  g_autofree char *backup = g_build_filename (base, "full", NULL);
  g_autofree char *part = g_build_filename (backup, "dump.part", NULL);
  g_autofree char *manifest = g_build_filename (backup, "manifest.json", NULL);
  g_autofree char *before = NULL, *after = NULL, *well = NULL, *said = NULL;
  const char *folder = tl_test_server_folder (server);
  int status;

  well = end_ctl (start_ctl ("unlimited", folder, "backup", backup), &status);
  g_assert_cmpint (status, ==, 0);
  g_assert_true (g_file_get_contents (manifest, &before, NULL, NULL));
  write_room ();
  said = end_ctl (start_ctl ("64", folder, "backup", backup), &status);
  g_assert_cmpint (status, ==, 1);
  g_assert_nonnull (strstr (said, part));
  g_assert_nonnull (strstr (said, "cannot be written: "));
  g_assert_nonnull (strstr (said, "File too large"));
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_get_contents (manifest, &after, NULL, NULL));
  g_assert_cmpstr (before, ==, after);
  assert_whole (backup);
}

int
main (int argc, char **argv)
{
  const char *rm[] = { "rm", "-rf", NULL, NULL };
  int status;

  g_test_init (&argc, &argv, NULL);
  base = g_dir_make_tmp ("tideline-backup-XXXXXX", NULL);
  server = tl_test_server_new ();
  tl_test_server_add_user (server, "ada", "Ada");
  ada = visitor_new_as (server, "ada");
  g_test_add_func ("/backup/holds-what-was-acknowledged-before-it", test_at_work);
  g_test_add_func ("/backup/a-full-disk-is-named-and-leaves-the-old-one", test_full);
  status = g_test_run ();
  visitor_free (ada);
  tl_test_server_free (server);
  rm[2] = base;
  g_spawn_sync (NULL, (char **)rm, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (base);
  return status;
}
