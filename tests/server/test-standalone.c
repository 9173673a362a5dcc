/* The stand-alone folder with its real PostgreSQL and Redis: made, started, stopped, killed. */
#include "server/standalone/standalone.h"

#include "server/standalone/postgres.h"
#include "server/stores/pg.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *base; /* not to be entered by others, like /root */
static char *dir;

static TlStandalone *
start (TlConfig *config)
{
  g_autoptr (GError) error = NULL;
  TlStandalone *self = tl_standalone_start (dir, config, &error);

  g_assert_no_error (error);
  g_assert_nonnull (self);
  return self;
}

static void
clear_config (TlConfig *config)
{
  g_free (config->postgresql);
  g_free (config->redis);
  g_free (config->blob_dir);
  g_free (config->secret_file);
  memset (config, 0, sizeof *config);
}

static void
run_sql (const TlConfig *config, const char *sql)
{
  g_autoptr (TlPg) pg = tl_pg_new (config->postgresql);
  g_autoptr (GError) error = NULL;

  g_assert_true (tl_pg_script (pg, sql, &error));
  g_assert_no_error (error);
}

static void
assert_value (const TlConfig *config, const char *sql, const char *value)
{
  g_autoptr (TlPg) pg = tl_pg_new (config->postgresql);
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) result = tl_pg_query (pg, "value", sql, 0, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (PQgetvalue (result, 0, 0), ==, value);
}

static void
test_start_and_stop (void)
{
  TlConfig config = { 0 };
  TlStandalone *self = start (&config);
  struct stat st;
  gint64 began;

  assert_value (&config, "SELECT current_database()", "tideline");
  assert_value (&config, "SHOW listen_addresses", "");
  assert_value (&config, "SHOW synchronous_commit", "on");
  g_assert_true (g_str_has_prefix (config.redis, "unix:/"));
  g_assert_no_errno (stat (config.secret_file, &st));
  g_assert_cmpint (st.st_size, ==, 32);
  g_assert_cmpint (st.st_mode & 0777, ==, 0600);
  run_sql (&config, "CREATE TABLE kept (a int); INSERT INTO kept VALUES (7)");
  tl_standalone_stop (self);
  clear_config (&config);

  began = g_get_monotonic_time ();
  self = start (&config);
  g_test_message ("started again in %d ms", (int)((g_get_monotonic_time () - began) / 1000));
  assert_value (&config, "SELECT a FROM kept", "7");
  tl_standalone_stop (self);
  clear_config (&config);
}

static void
test_second_refused (void)
{
  TlConfig config = { 0 }, second = { 0 }, found = { 0 };
  TlStandalone *self = start (&config);
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence =
      g_strdup_printf ("“%s” is in use by another tidelined (process %d)", dir, (int)getpid ());

  g_assert_null (tl_standalone_start (dir, &second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_cmpstr (error->message, ==, sentence);
  g_assert_true (tl_standalone_find (dir, &found));
  g_assert_cmpstr (found.postgresql, ==, config.postgresql);
  g_assert_cmpstr (found.redis, ==, config.redis);
  clear_config (&found);
  tl_standalone_stop (self);
  g_assert_false (tl_standalone_find (dir, &found));
  clear_config (&config);
  clear_config (&second);
}

/* Every process whose working folder is the cluster, or that has Redis's socket. */
static guint
count_processes (const char *runtime)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  g_autofree char *cluster = g_build_filename (dir, "postgresql", NULL);
  const char *name;
  guint count = 0;

  while ((name = g_dir_read_name (proc))) {
    g_autofree char *link = g_strdup_printf ("/proc/%s/cwd", name);
    g_autofree char *cwd = g_file_read_link (link, NULL);
    if (cwd && (g_str_equal (cwd, cluster) || g_str_equal (cwd, runtime)))
      count++;
  }
  return count;
}

/* Starts, tells the addresses, and waits to be killed; with a query under way that lasts seconds. */
static void G_GNUC_NORETURN
be_killed (int out)
{
  TlConfig config = { 0 };
  PGconn *busy;
  char *text;

  start (&config);
  busy = PQconnectdb (config.postgresql);
  g_assert_true (PQsendQuery (busy, "SELECT count(*) FROM generate_series(1, 10000000)"));
  run_sql (&config, "INSERT INTO kept VALUES (8)");
  text = g_path_get_dirname (config.redis + strlen ("unix:"));
  g_assert_cmpint (write (out, text, strlen (text) + 1), >, 0);
  for (;;)
    pause ();
}

static int
postmaster_pid (void)
{
  g_autofree char *file = g_build_filename (dir, "postgresql", "postmaster.pid", NULL);
  g_autofree char *text = NULL;

  return g_file_get_contents (file, &text, NULL, NULL) ? atoi (text) : 0;
}

static void
await_gone (const char *runtime)
{
  gint64 until = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;

  while (count_processes (runtime) > 0) {
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_usleep (10000);
  }
  g_assert_false (g_file_test (runtime, G_FILE_TEST_EXISTS));
}

/* With `data`, PostgreSQL's first process is killed as well: it cannot end the query that runs. */
static void
test_killed (gconstpointer data)
{
  TlConfig config = { 0 };
  TlStandalone *self;
  char runtime[200] = "";
  int out[2];
  pid_t pid;

  g_assert_no_errno (pipe (out));
  pid = fork ();
  if (pid == 0)
    be_killed (out[1]);
  close (out[1]);
  g_assert_cmpint (read (out[0], runtime, sizeof runtime), >, 0);
  close (out[0]);
  g_assert_cmpuint (count_processes (runtime), >=, 3);
  if (data)
    kill (postmaster_pid (), SIGKILL);
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);

  /* At once: the start waits for what is still stopping. */
  self = start (&config);
  assert_value (&config, "SELECT max (a) FROM kept", "8");
  tl_standalone_stop (self);
  clear_config (&config);
  await_gone (runtime);
}

static void
test_revived (void)
{
  TlConfig config = { 0 };
  TlStandalone *self;
  g_autoptr (TlPg) pg = NULL;
  gint64 until = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;

  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL); /* a warning is right here */
  self = start (&config);
  pg = tl_pg_new (config.postgresql);
  kill (postmaster_pid (), SIGQUIT);
  while (PQping (config.postgresql) == PQPING_OK)
    g_usleep (1000);
  while (!tl_pg_ensure (pg, NULL)) {
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_usleep (10000);
  }
  assert_value (&config, "SELECT max (a) FROM kept", "8");
  tl_standalone_stop (self);
  clear_config (&config);
}

/* A pid file whose number is another process's by now. */
static void
test_stale_pid (void)
{
  g_autofree char *file = g_build_filename (dir, "postgresql", "postmaster.pid", NULL);
  g_autofree char *text =
      g_strdup_printf ("%d\n/proc/self/fd/3\n1\n5432\n/tmp\n\n", (int)getpid ());
  TlConfig config = { 0 };

  g_assert_true (g_file_set_contents (file, text, -1, NULL));
  tl_standalone_stop (start (&config));
  clear_config (&config);
}

static void
assert_refused (const char *pattern)
{
  TlConfig config = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_null (tl_standalone_start (dir, &config, &error));
  g_test_message ("%s", error->message);
  g_assert_true (g_pattern_match_simple (pattern, error->message));
  clear_config (&config);
}

static void
test_other_version (void)
{
  g_autofree char *file = g_build_filename (dir, "postgresql", "PG_VERSION", NULL);
  g_autofree char *text = NULL;
  TlConfig config = { 0 };

  g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
  g_assert_true (g_file_set_contents (file, "12\n", -1, NULL));
  assert_refused ("“*/postgresql” was made by PostgreSQL 12, which is older than the 17*");
  g_assert_true (g_file_set_contents (file, "99\n", -1, NULL));
  assert_refused ("“*/postgresql” was made by PostgreSQL 99, which is not installed*");
  g_assert_true (g_file_set_contents (file, text, -1, NULL));
  if (geteuid () == 0) {
    struct stat st;
    g_autofree char *cluster = g_path_get_dirname (file);
    g_assert_no_errno (stat (cluster, &st));
    g_assert_no_errno (chown (file, st.st_uid, st.st_gid));
  }
  tl_standalone_stop (start (&config));
  clear_config (&config);
}

static void
test_damaged (void)
{
  g_autofree char *control = g_build_filename (dir, "postgresql", "global", "pg_control", NULL);
  g_autofree char *aside = g_strconcat (control, ".aside", NULL);
  TlConfig config = { 0 };

  g_assert_no_errno (g_rename (control, aside));
  assert_refused ("PostgreSQL did not start: *pg_control*(all of it: */log/postgresql.log)");
  g_assert_no_errno (g_rename (aside, control));
  tl_standalone_stop (start (&config));
  clear_config (&config);
}

int
main (int argc, char **argv)
{
  const char *rm[] = { "rm", "-rf", NULL, NULL };
  int status;

  g_test_init (&argc, &argv, NULL);
  base = g_dir_make_tmp ("tideline-standalone-XXXXXX", NULL);
  /* Longer than a socket's path may be. */
  dir = g_build_filename (base, "a-folder-with-a-name-that-alone-is-about-as-long-as-a-socket-path",
                          "and-another-one-to-be-sure-that-it-is-too-long", NULL);
  g_test_add_func ("/standalone/a-second-start-has-the-data-of-the-first", test_start_and_stop);
  g_test_add_func ("/standalone/a-folder-in-use-is-refused", test_second_refused);
  g_test_add_data_func ("/standalone/kill-9-leaves-nothing-running", NULL, test_killed);
  g_test_add_data_func ("/standalone/kill-9-of-postgresql-too-is-waited-for", "too", test_killed);
  g_test_add_func ("/standalone/what-dies-alone-is-started-again", test_revived);
  g_test_add_func ("/standalone/a-stale-pid-file-is-no-obstacle", test_stale_pid);
  g_test_add_func ("/standalone/another-major-version-is-refused", test_other_version);
  g_test_add_func ("/standalone/a-failed-start-says-why", test_damaged);
  status = g_test_run ();
  rm[2] = base;
  g_spawn_sync (NULL, (char **)rm, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (base);
  g_free (dir);
  return status;
}
