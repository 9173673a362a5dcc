/* PostgreSQL says nothing (its processes are stopped, or somebody holds a lock): whoever asks gets an answer while it
 * is so, and everything works again afterwards. */
#include "tests/server/visitor.h"

#include <gio/gio.h>
#include <libpq-fe.h>
#include <signal.h>
#include <string.h>

#define WAIT_US (60 * G_USEC_PER_SEC)
#define CALL                                                                                       \
  "{'using':['urn:ietf:params:jmap:core','https://tideline.org/jmap/chat'],'methodCalls':["        \
  "['Room/set',{'accountId':'ACCOUNT','create':{'x':{'kind':'group','name':'P'}}},'c'],"           \
  "['Room/get',{'accountId':'ACCOUNT','ids':[]},'d']]}"

static TlTestServer *server;
static Visitor *ada;

static guint
ask (const char *what)
{
  gint64 began = g_get_monotonic_time ();
  g_autoptr (JsonObject) answer = NULL;
  guint status;

  if (*what == '/')
    answer = visitor_get (ada, what, &status);
  else
    answer = visitor_post (ada, "/jmap/api", what, &status);
  g_test_message ("%.20s: %u after %.1f s", what, status,
                  (double)(g_get_monotonic_time () - began) / G_USEC_PER_SEC);
  return status;
}

static void
await_well (void)
{
  gint64 until = g_get_monotonic_time () + WAIT_US;

  while (ask (CALL) != 200 || ask ("/readyz") != 200)
    g_assert_cmpint (g_get_monotonic_time (), <, until);
}

/* What an admin is told, and the exit status. */
static char *
run_ctl (const char *command, int *status)
{
  g_autofree char *program =
      g_build_filename (g_getenv ("TIDELINE_BUILD"), "server", "ctl", "tidelinectl", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, &error,
                        program, "--standalone", tl_test_server_folder (server), command, NULL);
  char *output = NULL;

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  *status = g_subprocess_get_exit_status (process);
  g_test_message ("%s: %s", command, output);
  return output;
}

/* As when something is written to who has just gone, on a connection that knows no better. */
static void
test_hung_up (void)
{
  tl_test_server_signal (server, SIGPIPE);
  g_assert_cmpuint (ask ("/livez"), ==, 200);
  g_assert_cmpuint (ask (CALL), ==, 200);
  g_assert_true (tl_test_server_is_alive (server));
}

static void
test_stopped (void)
{
  g_autoptr (JsonObject) ready = NULL;
  guint status;

  for (guint i = 0; i < 8; i++) /* connections of many workers are open */
    g_assert_cmpuint (ask (CALL), ==, 200);
  tl_test_server_pause_postgres (server, TRUE);
  g_assert_cmpuint (ask ("/livez"), ==, 200);
  g_assert_cmpuint (ask (CALL), ==, 503);
  g_assert_cmpstr (visitor_header (ada, "Retry-After"), ==, "2");
  g_assert_cmpuint (ask (CALL), ==, 503);
  g_assert_cmpuint (visitor_sign_in (ada, "ada", TL_TEST_PASSWORD), ==, 503);
  ready = visitor_get (ada, "/readyz", &status);
  g_assert_cmpuint (status, ==, 503);
  g_assert_cmpstr (json_object_get_string_member (ready, "postgresql"), ==,
                   "away: it does not answer");
  tl_test_server_pause_postgres (server, FALSE);
  await_well ();
}

static void
test_told (void)
{
  static const char *const commands[] = { "doctor", "status" };

  tl_test_server_pause_postgres (server, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    int status;
    g_autofree char *output = run_ctl (commands[i], &status);

    g_assert_cmpint (status, ==, 1);
    g_assert_nonnull (strstr (output, "PostgreSQL cannot be reached: "));
    g_assert_nonnull (strstr (output, "timeout expired"));
  }
  tl_test_server_pause_postgres (server, FALSE);
  await_well ();
}

static PGconn *
connect_beside (void)
{
  g_autofree char *path = g_build_filename (tl_test_server_folder (server), "lock", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  PGconn *conn;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  conn = PQconnectdb (lines[2]);
  g_assert_cmpint (PQstatus (conn), ==, CONNECTION_OK);
  return conn;
}

static void
run_sql (PGconn *conn, const char *sql)
{
  PGresult *result = PQexec (conn, sql);

  g_assert_cmpint (PQresultStatus (result), ==, PGRES_COMMAND_OK);
  PQclear (result);
}

static void
test_locked (void)
{
  PGconn *other = connect_beside ();
  PGconn *waiting = connect_beside ();
  g_autofree char *said = NULL;
  int status;

  run_sql (other, "BEGIN; LOCK TABLE chat.room IN ACCESS EXCLUSIVE MODE");
  g_assert_cmpuint (ask (CALL), ==, 503);
  g_assert_cmpuint (ask ("/readyz"), ==, 200);
  g_assert_true (PQsendQuery (waiting, "SELECT FROM chat.room"));
  said = run_ctl ("doctor", &status);
  g_assert_cmpint (status, ==, 0);
  g_assert_nonnull (strstr (said, "warn  locks: 1 wait for process"));
  run_sql (other, "ROLLBACK");
  PQfinish (waiting);
  PQfinish (other);
  await_well ();
}

/* One of its processes cannot end: without help PostgreSQL would not start again. */
static void
test_orphans (void)
{
  tl_test_server_pause_postgres (server, TRUE);
  tl_test_server_kill_child (server, "postgres");
  await_well ();
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  server = tl_test_server_new ();
  tl_test_server_add_user (server, "ada", "Ada");
  ada = visitor_new_as (server, "ada");
  g_test_add_func ("/silent-store/who-hangs-up-ends-nothing", test_hung_up);
  g_test_add_func ("/silent-store/a-stopped-postgresql-is-answered-503", test_stopped);
  g_test_add_func ("/silent-store/an-admin-is-told", test_told);
  g_test_add_func ("/silent-store/a-lock-is-not-waited-for-without-end", test_locked);
  g_test_add_func ("/silent-store/what-outlives-a-killed-postgresql-is-ended", test_orphans);
  status = g_test_run ();
  visitor_free (ada);
  tl_test_server_free (server);
  return status;
}
