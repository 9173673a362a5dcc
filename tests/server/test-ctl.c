/* tidelinectl, run as an admin runs it: on a stand-alone folder, with good and bad input. */
#include "server/standalone/standalone.h"
#include "server/stores/blobs.h"
#include "server/stores/pg.h"
#include "tests/fixtures/postgres.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static char *base, *dir;

typedef struct {
  int status;
  char *output, *complaint;
} Run;

static void
run_clear (Run *run)
{
  g_free (run->output);
  g_free (run->complaint);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static Run
ctl (const char *input, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *program =
      g_build_filename (g_getenv ("TIDELINE_BUILD"), "server", "ctl", "tidelinectl", NULL);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  Run run = { 0 };
  const char *word;
  va_list args;

  g_ptr_array_add (argv, program);
  va_start (args, input);
  while ((word = va_arg (args, const char *)))
    g_ptr_array_add (argv, (char *)word);
  va_end (args);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_newv ((const char *const *)argv->pdata,
                               G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                   G_SUBPROCESS_FLAGS_STDERR_PIPE,
                               &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, input, NULL, &run.output, &run.complaint, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  run.status = g_subprocess_get_exit_status (process);
  g_test_message ("%d %s%s", run.status, run.output, run.complaint);
  return run;
}

static void
assert_says (const char *text, const char *part)
{
  if (!strstr (text, part))
    g_error ("“%s” is not said in: %s", part, text);
}

static void
assert_refused (Run run, int status, const char *why)
{
  g_assert_cmpint (run.status, ==, status);
  assert_says (run.complaint, why);
  run_clear (&run);
}

static void
test_init (void)
{
  g_auto (Run) made = { 0 };

  assert_refused (ctl ("short\n", "init", dir, NULL), 1, "A password has 8 to 1024 bytes");
  made = ctl ("shells and sand\n", "init", dir, "--login", "mara", "--name", "Mara Vogt", NULL);
  g_assert_cmpint (made.status, ==, 0);
  assert_says (made.output, "is ready, and mara can sign in");
  assert_refused (ctl ("shells and sand\n", "init", dir, NULL), 1,
                  "was made before and has people in it");
}

static void
test_user_add (void)
{
  g_autofree char *file = g_build_filename (base, "password", NULL);
  g_auto (Run) added = { 0 };

  g_assert_true (g_file_set_contents (file, "driftwood!\n", -1, NULL));
  added = ctl (NULL, "--standalone", dir, "user", "add", "jon", "--name", "Jón Þór",
               "--password-file", file, NULL);
  g_assert_cmpint (added.status, ==, 0);
  g_assert_cmpstr (added.output, ==, "jon can sign in now.\n");
  assert_refused (ctl ("driftwood!\n", "user", "add", "Jon", "--standalone", dir, NULL), 1,
                  "There is somebody with the login “Jon”");
  assert_refused (ctl ("driftwood!\n", "user", "add", "j o n", "--standalone", dir, NULL), 1,
                  "A login has");
  assert_refused (
      ctl ("x\n", "user", "add", "a", "-s", dir, "--password-file", "/nonexistent", NULL), 1,
      "The password file “/nonexistent” cannot be read");
}

static void
test_doctor (void)
{
  g_auto (Run) well = ctl (NULL, "doctor", "--standalone", dir, NULL);
  g_autofree char *secret = g_build_filename (dir, "secret", NULL);
  g_auto (Run) ill = { 0 };

  g_auto (Run) json = ctl (NULL, "doctor", "--standalone", dir, "--json", NULL);

  g_assert_cmpint (json.status, ==, 0);
  assert_says (json.output, "\"finding\" : \"ok\"");
  assert_says (json.output, "\"text\" : \"PostgreSQL 17");
  g_assert_cmpint (well.status, ==, 0);
  assert_says (well.output, "ok    PostgreSQL 17");
  assert_says (well.output, "ok    clock: ");
  assert_says (well.output, "ok    schema: ");
  assert_says (well.output, "ok    people: 2, administrators among them: 1");
  assert_says (well.output, "ok    jobs: ");
  assert_says (well.output, "ok    Redis answers at unix:");
  assert_says (well.output, "ok    blobs: ");
  assert_says (well.output, "ok    secret: ");
  g_assert_cmpstr (well.complaint, ==, "");

  g_assert_no_errno (g_chmod (secret, 0644));
  ill = ctl (NULL, "doctor", "--standalone", dir, NULL);
  g_assert_cmpint (ill.status, ==, 1);
  assert_says (ill.output, "fail  secret: ");
  g_assert_no_errno (g_chmod (secret, 0600));
}

static void
test_status (void)
{
  g_auto (Run) run = ctl (NULL, "status", "-s", dir, NULL);
  g_auto (Run) json = { 0 };

  g_assert_cmpint (run.status, ==, 0);
  assert_says (run.output, "Stand-alone server not running");
  assert_says (run.output, "People             2");
  json = ctl (NULL, "status", "-s", dir, "--json", NULL);
  g_assert_cmpint (json.status, ==, 0);
  assert_says (json.output, "\"value\" : \"not running\"");
  assert_says (json.output, "\"what\" : \"People\"");
}

/* A server that runs keeps its folder; the command goes to it. */
static void
test_running (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TlConfig) config = tl_config_new ();
  TlStandalone *server = tl_standalone_start (dir, config, &error);
  g_auto (Run) status = { 0 };
  g_auto (Run) added = { 0 };

  g_assert_no_error (error);
  status = ctl (NULL, "status", "-s", dir, NULL);
  assert_says (status.output, "Stand-alone server running");
  added = ctl ("beachcomber\n", "-s", dir, "user", "add", "ida", NULL);
  g_assert_cmpint (added.status, ==, 0);
  g_assert_cmpint (PQping (config->postgresql), ==, PQPING_OK);
  tl_standalone_stop (server);
}

static char *
value (const TlConfig *config, const char *sql)
{
  g_autoptr (TlPg) pg = tl_pg_new (config->postgresql);
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) rows = tl_pg_query (pg, NULL, sql, 0, NULL, &error);

  g_assert_no_error (error);
  return g_strdup (PQntuples (rows) ? PQgetvalue (rows, 0, 0) : "");
}

static void
assert_value (const TlConfig *config, const char *sql, const char *expected)
{
  g_autofree char *got = value (config, sql);

  g_assert_cmpstr (got, ==, expected);
}

static void
assert_done (Run run, const char *says)
{
  g_assert_cmpint (run.status, ==, 0);
  assert_says (run.output, says);
  run_clear (&run);
}

#define OF_JON " FROM people.account a JOIN people.principal p USING (id) WHERE p.login = 'jon'"
#define SIGN_JON_IN                                                                                \
  "INSERT INTO people.session (id, account, device, refresh_hash, expires_at) "                    \
  "SELECT gen_random_uuid(), a.id, 'quay', 'x', now() + interval '1 day'" OF_JON
#define LIVE_SESSIONS "SELECT count(*) FROM people.session WHERE revoked_at IS NULL"

static void
change_people (const TlConfig *config)
{
  g_autofree char *none = value (config, SIGN_JON_IN);
  g_autofree char *before = value (config, "SELECT password_hash" OF_JON);
  g_autofree char *after = NULL;

  assert_done (ctl (NULL, "-s", dir, "user", "list", NULL), "Jón Þór");
  assert_done (ctl (NULL, "-s", dir, "user", "list", "--json", NULL), "\"devices\" : 1");
  assert_done (ctl (NULL, "-s", dir, "user", "disable", "Jon", NULL), "sessions that ended: 1");
  assert_value (config, LIVE_SESSIONS, "0");
  assert_value (config, "SELECT sessions_ended > 0 FROM sync.epoch", "t");
  assert_value (config, "SELECT disabled_at IS NOT NULL" OF_JON, "t");
  assert_done (ctl (NULL, "-s", dir, "user", "enable", "jon", NULL), "jon can sign in again");
  assert_value (config, "SELECT disabled_at IS NULL" OF_JON, "t");
  assert_refused (ctl (NULL, "-s", dir, "user", "disable", "mara", NULL), 1,
                  "mara is the only administrator");
  assert_refused (ctl (NULL, "-s", dir, "user", "enable", "nobody", NULL), 1,
                  "There is nobody with the login “nobody”");

  assert_done (ctl (NULL, "-s", dir, "user", "role", "Jon", "moderator", NULL), "is moderator now");
  assert_value (config, "SELECT role" OF_JON, "moderator");
  assert_refused (ctl (NULL, "-s", dir, "user", "role", "jon", "owner", NULL), 1,
                  "A role is admin, moderator or member");
  assert_refused (ctl (NULL, "-s", dir, "user", "role", "mara", "member", NULL), 1,
                  "mara is the only administrator");
  assert_refused (ctl (NULL, "-s", dir, "user", "role", "nobody", "admin", NULL), 1,
                  "There is nobody with the login “nobody”");

  g_free (value (config, SIGN_JON_IN));
  assert_refused (ctl ("short\n", "-s", dir, "user", "reset", "jon", NULL), 1, "A password has 8");
  assert_value (config, LIVE_SESSIONS, "1");
  assert_refused (ctl ("seagrass!\n", "-s", dir, "user", "reset", "nobody", NULL), 1,
                  "There is nobody with the login “nobody”");
  assert_done (ctl ("seagrass!\n", "-s", dir, "user", "reset", "jon", NULL), "");
  assert_value (config, LIVE_SESSIONS, "0");
  after = value (config, "SELECT password_hash" OF_JON);
  g_assert_cmpstr (before, !=, after);
}

static void
test_people (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TlConfig) config = tl_config_new ();
  TlStandalone *server = tl_standalone_start (dir, config, &error);
  g_auto (Run) made_up = { 0 };

  g_assert_no_error (error);
  change_people (config);
  made_up = ctl (NULL, "-s", dir, "user", "reset", "jon", "--generate", NULL);
  g_assert_cmpint (made_up.status, ==, 0);
  g_assert_cmpuint (strlen (made_up.output), ==, 21);
  tl_standalone_stop (server);
}

static void
change_jobs (const TlConfig *config)
{
  g_autofree char *job =
      value (config, "INSERT INTO sync.job (kind, key, run_at, attempts, last_error) "
                     "VALUES ('push', 'k', now() + interval '1 day', 5, 'no route') RETURNING id");
  g_autofree char *purge = value (config, "SELECT id FROM sync.job WHERE kind = 'purge'");
  g_autofree char *feed =
      value (config, "WITH s AS (INSERT INTO sync.scope (kind) VALUES ('feed') RETURNING id) "
                     "INSERT INTO news.feed (scope, url, error) SELECT id, 'https://f.example/', "
                     "'404' FROM s RETURNING id");

  assert_done (ctl (NULL, "-s", dir, "jobs", NULL), "no route");
  assert_done (ctl (NULL, "-s", dir, "jobs", "retry", job, NULL), "runs next");
  assert_value (config, "SELECT run_at <= now() FROM sync.job WHERE kind = 'push'", "t");
  assert_done (ctl (NULL, "-s", dir, "jobs", "drop", job, "--json", NULL), "\"key\" : \"k\"");
  assert_value (config, "SELECT count(*) FROM sync.job WHERE kind = 'push'", "0");
  assert_refused (ctl (NULL, "-s", dir, "jobs", "drop", purge, NULL), 1, "There is no failed job");
  assert_refused (ctl (NULL, "-s", dir, "jobs", "retry", "x", NULL), 1, "There is no job “x”");

  assert_done (ctl (NULL, "-s", dir, "feeds", "--broken", NULL), "404");
  assert_done (ctl (NULL, "-s", dir, "feeds", "refresh", feed, NULL), "is fetched next");
  assert_done (ctl (NULL, "-s", dir, "feeds", "refresh", "https://f.example/", NULL), "https://f");
  assert_value (config, "SELECT count(*) FROM sync.job WHERE kind = 'feed.fetch'", "1");
  assert_refused (ctl (NULL, "-s", dir, "feeds", "resume", feed, NULL), 1,
                  "There is no paused feed");
  assert_done (ctl (NULL, "-s", dir, "feeds", "pause", feed, NULL), "is not fetched any more");
  assert_done (ctl (NULL, "-s", dir, "feeds", "--json", NULL), "\"paused\" : true");
  assert_done (ctl (NULL, "-s", dir, "feeds", "--broken", NULL), "No feed fails.");
  assert_done (ctl (NULL, "-s", dir, "status", NULL), "1 (0 failing, 1 paused)");
  assert_done (ctl (NULL, "-s", dir, "feeds", "resume", feed, "--json", NULL), "\"url\"");
  assert_done (ctl (NULL, "-s", dir, "feeds", "--broken", NULL), "404");
  assert_refused (ctl (NULL, "-s", dir, "feeds", "refresh", "1x", NULL), 1,
                  "There is no feed “1x”");
}

static void
test_jobs (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TlConfig) config = tl_config_new ();
  TlStandalone *server = tl_standalone_start (dir, config, &error);

  g_assert_no_error (error);
  change_jobs (config);
  g_free (value (config, "CREATE INDEX article_search_ccnew ON news.article (id)"));
  g_free (value (config, "CREATE INDEX message_search_ccold ON chat.message (id)"));
  assert_done (ctl (NULL, "-s", dir, "reindex", NULL), "The index of events is new");
  assert_value (config, "SELECT count(*) FROM pg_class WHERE relname ~ '_cc(new|old)$'", "0");
  tl_standalone_stop (server);
}

static void
flip_byte (const char *path)
{
  g_autofree char *data = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  data[size / 2] ^= 1;
  g_assert_true (g_file_set_contents (path, data, (gssize)size, NULL));
}

static char *
find_dump (const char *backup)
{
  g_autoptr (GDir) folder = g_dir_open (backup, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) && !g_str_has_prefix (name, "dump-"))
    ;
  g_assert_nonnull (name);
  return g_build_filename (backup, name, NULL);
}

/* Gives its id. */
static char *
store_blob (const TlConfig *config)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("kelp", 4);
  char *id = tl_blob_id (bytes);
  TlBlobs *blobs = tl_blobs_dir_new (config->blob_dir, &error);
  g_autofree char *sql = g_strdup_printf (
      "INSERT INTO storage.blob (id, size, type) VALUES ('%s', 4, 'text/plain')", id);

  g_assert_true (blobs->class->put (blobs, id, bytes, &error));
  g_free (value (config, sql));
  blobs->class->free (blobs);
  return id;
}

static void
test_backup (void)
{
  g_autofree char *backup = g_build_filename (base, "backup", NULL);
  g_autofree char *copy = g_build_filename (base, "copy", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (TlConfig) config = tl_config_new ();
  g_autoptr (TlConfig) restored = tl_config_new ();
  TlStandalone *server = tl_standalone_start (dir, config, &error);
  g_autofree char *blob = NULL, *blob_path = NULL, *dump = NULL, *epoch = NULL, *now = NULL;

  g_assert_no_error (error);
  blob = store_blob (config);
  epoch = value (config, "SELECT epoch FROM sync.epoch");
  assert_done (ctl (NULL, "-s", dir, "backup", backup, NULL), "files: 1");
  tl_standalone_stop (server);
  assert_done (ctl (NULL, "-s", dir, "backup", backup, NULL), "files: 1");
  assert_done (ctl (NULL, "restore", "--verify", backup, NULL), "is whole");
  assert_refused (ctl (NULL, "-s", dir, "restore", backup, NULL), 1, "is there already");
  assert_done (ctl (NULL, "-s", copy, "restore", backup, NULL), "is restored");

  server = tl_standalone_start (copy, restored, &error);
  g_assert_no_error (error);
  assert_value (restored, "SELECT count(*) FROM people.account WHERE role = 'admin'", "1");
  now = value (restored, "SELECT epoch FROM sync.epoch");
  g_assert_cmpint (atoi (now), >, atoi (epoch));
  blob_path = g_strdup_printf ("%s/%.2s/%.2s/%s", restored->blob_dir, blob + 1, blob + 3, blob);
  g_assert_true (g_file_test (blob_path, G_FILE_TEST_EXISTS));
  tl_standalone_stop (server);

  g_free (blob_path);
  blob_path = g_strdup_printf ("%s/blobs/%.2s/%.2s/%s", backup, blob + 1, blob + 3, blob);
  flip_byte (blob_path);
  assert_refused (ctl (NULL, "restore", "--verify", backup, NULL), 1, blob);
  flip_byte (blob_path);
  dump = find_dump (backup);
  flip_byte (dump);
  assert_refused (ctl (NULL, "restore", "--verify", backup, NULL), 1, dump);
  assert_refused (ctl (NULL, "restore", "--verify", base, NULL), 1, "manifest.json");
}

/* A folder is set aside; one that runs, or whose backup is damaged, stays as it is. */
static void
test_forced (void)
{
  g_autofree char *backup = g_build_filename (base, "forced", NULL);
  g_autofree char *lost = g_build_filename (base, "lost", NULL);
  g_autofree char *pattern = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (TlConfig) config = tl_config_new ();
  g_autoptr (TlConfig) restored = tl_config_new ();
  TlStandalone *server;

  assert_done (ctl ("shells and sand\n", "init", lost, NULL), "is ready");
  assert_done (ctl (NULL, "-s", lost, "backup", backup, NULL), "holds all of it");
  assert_done (ctl ("driftwood!\n", "-s", lost, "user", "add", "late", NULL), "can sign in");
  server = tl_standalone_start (lost, config, &error);
  g_assert_no_error (error);
  assert_refused (ctl (NULL, "-s", lost, "restore", "--force", backup, NULL), 1, "stop it first");
  assert_value (config, "SELECT count(*) FROM people.account", "2");
  tl_standalone_stop (server);
  assert_done (ctl (NULL, "-s", lost, "restore", "--force", backup, NULL), ".before-");
  server = tl_standalone_start (lost, restored, &error);
  g_assert_no_error (error);
  assert_value (restored, "SELECT count(*) FROM people.account", "1");
  tl_standalone_stop (server);
}

static char *
write_config (const char *name, const char *connection)
{
  g_autofree char *blobs = g_build_filename (base, "configured-blobs", NULL);
  g_autofree char *secret = g_build_filename (base, "configured-secret", NULL);
  g_autofree char *text =
      g_strdup_printf ("[server]\nlisten=127.0.0.1:0\nsecret-file=%s\n[postgresql]\nconnection=%s\n"
                       "[redis]\naddress=\n[blobs]\nfolder=%s\n",
                       secret, connection, blobs);
  char *file = g_build_filename (base, name, NULL);

  g_assert_true (g_file_set_contents (file, text, -1, NULL));
  return file;
}

/* A server that a configuration describes, in a database of its own. */
static void
test_configured (void)
{
  g_autofree char *connection = tl_test_database_new ();
  g_autofree char *file = write_config ("configured.conf", connection);
  g_autofree char *backup = g_build_filename (base, "configured", NULL);
  g_autofree char *elsewhere = tl_test_database_new ();
  g_autofree char *other = write_config ("other.conf", elsewhere);
  g_autofree char *dump = NULL;
  TlConfig config = { .postgresql = connection };
  TlConfig restored = { .postgresql = elsewhere };

  assert_done (ctl ("driftwood!\n", "-c", file, "user", "add", "ada", "--role", "admin", NULL),
               "ada");
  assert_done (ctl (NULL, "-c", file, "backup", backup, NULL), "holds all of it");
  assert_done (ctl (NULL, "-c", other, "restore", backup, NULL), "is restored");
  assert_value (&restored, "SELECT login FROM people.principal", "ada");
  assert_done (ctl ("driftwood!\n", "-c", file, "user", "add", "late", NULL), "late");
  assert_refused (ctl (NULL, "-c", file, "restore", backup, NULL), 1, "in use already");
  assert_value (&config, "SELECT count(*) FROM people.account", "2");

  assert_done (ctl (NULL, "-c", file, "restore", "--force", backup, NULL), "is restored");
  assert_value (&config, "SELECT count(*) FROM people.account", "1");
  assert_value (&config, "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'before%'", "0");
  assert_done (ctl (NULL, "doctor", "-c", file, NULL), "up to date");

  /* What fails leaves what was there. */
  g_free (value (&config, "UPDATE people.principal SET name = 'Still here'"));
  g_free (value (&config, "CREATE TABLE sync.unknown ()"));
  g_free (value (&config, "CREATE FUNCTION public.before () RETURNS event_trigger LANGUAGE plpgsql "
                          "AS $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$"));
  g_free (value (&config, "CREATE EVENT TRIGGER no_tables ON ddl_command_end WHEN TAG IN "
                          "('CREATE INDEX') EXECUTE FUNCTION public.before ()"));
  assert_refused (ctl (NULL, "-c", file, "restore", "--force", backup, NULL), 1,
                  "the disk is full");
  assert_value (&config, "SELECT name FROM people.principal", "Still here");
  assert_value (&config, "SELECT count(*) FROM public.tideline_migration WHERE number = 1", "1");
}

static void
test_manifest (void)
{
  static const char *const cases[][2] = {
    { "{\"format\": 1, \"dump\": \"00\", \"tables\": 3}", "is no manifest of a backup" },
    { "{\"format\": 1, \"tables\": {}}", "is no manifest of a backup" },
    { "[]", "is no manifest of a backup" },
    { "{\"format\": 1, \"du", "cannot be read" },
    { "{\"format\": 2, \"dump\": \"00\", \"tables\": {}}", "was written by a newer tidelinectl" },
    { "{\"format\": 1, \"dump\": \"00\", \"tables\": {}}", "dump-00" },
  };
  g_autofree char *folder = g_build_filename (base, "damaged", NULL);
  g_autofree char *manifest = g_build_filename (folder, "manifest.json", NULL);

  g_assert_no_errno (g_mkdir (folder, 0700));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_assert_true (g_file_set_contents (manifest, cases[i][0], -1, NULL));
    assert_refused (ctl (NULL, "restore", "--verify", folder, NULL), 1, cases[i][1]);
  }
}

static void
test_unreachable (void)
{
  g_autofree char *file = g_build_filename (base, "tideline.conf", NULL);
  g_auto (Run) run = { 0 };

  g_assert_true (g_file_set_contents (file, "[server]\nname=Quay\n", -1, NULL));
  assert_refused (ctl (NULL, "status", "--config", file, NULL), 1,
                  "does not say [postgresql] connection");
  g_assert_true (g_file_set_contents (
      file, "[postgresql]\nconnection=host=/nonexistent dbname=tideline\n", -1, NULL));
  run = ctl (NULL, "doctor", "--config", file, NULL);
  g_assert_cmpint (run.status, ==, 1);
  assert_says (run.output, "fail  PostgreSQL cannot be reached: ");
}

static void
test_misuse (void)
{
  assert_refused (ctl (NULL, NULL), 2, "say a command");
  assert_refused (ctl (NULL, "frobnicate", NULL), 2, "there is no command “frobnicate”");
  assert_refused (ctl (NULL, "user", NULL), 2, "there is no command “user”");
  assert_refused (ctl (NULL, "status", NULL), 2, "Which server?");
  assert_refused (ctl (NULL, "doctor", NULL), 2, "Which server?");
  assert_refused (ctl (NULL, "user", "add", NULL), 2,
                  "usage: tidelinectl [OPTION…] user add LOGIN");
  assert_refused (ctl (NULL, "status", "--colour", NULL), 2, "--colour");
  assert_refused (ctl (NULL, "status", "-s", "/nonexistent", NULL), 1,
                  "is no stand-alone folder yet; make one with: tidelinectl init /nonexistent");
  assert_refused (ctl ("12345678\n", "init", "/proc/tideline", NULL), 1, "“/proc/tideline");
}

int
main (int argc, char **argv)
{
  const char *rm[] = { "rm", "-rf", NULL, NULL };
  int status;

  g_test_init (&argc, &argv, NULL);
  base = g_dir_make_tmp ("tideline-ctl-XXXXXX", NULL);
  dir = g_build_filename (base, "home", NULL);
  g_test_add_func ("/ctl/init-makes-a-folder-and-an-administrator", test_init);
  g_test_add_func ("/ctl/user-add-adds-a-person", test_user_add);
  g_test_add_func ("/ctl/doctor-says-what-is-well-and-what-is-not", test_doctor);
  g_test_add_func ("/ctl/status-counts", test_status);
  g_test_add_func ("/ctl/a-running-server-is-used-as-it-runs", test_running);
  g_test_add_func ("/ctl/people-are-listed-disabled-enabled-and-reset", test_people);
  g_test_add_func ("/ctl/jobs-and-feeds-are-listed-retried-and-dropped", test_jobs);
  g_test_add_func ("/ctl/a-backup-comes-back-whole-or-says-what-is-damaged", test_backup);
  g_test_add_func ("/ctl/restore-by-force-sets-a-folder-aside", test_forced);
  g_test_add_func ("/ctl/a-configured-server-comes-back-too", test_configured);
  g_test_add_func ("/ctl/a-damaged-or-newer-manifest-is-refused", test_manifest);
  g_test_add_func ("/ctl/doctor-says-that-postgresql-is-away", test_unreachable);
  g_test_add_func ("/ctl/misuse-is-answered-with-a-sentence", test_misuse);
  status = g_test_run ();
  rm[2] = base;
  g_spawn_sync (NULL, (char **)rm, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (base);
  g_free (dir);
  return status;
}
