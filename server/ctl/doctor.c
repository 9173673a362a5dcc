/* doctor.c: `doctor`: looks at everything a server needs; a line each: ok, warn or fail, and what to
 * do. Changes nothing. A check that cannot be made because of an earlier one is left out. */
#include "server/ctl/ctl.h"
#include "server/stores/redis.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define OLDEST_POSTGRESQL 170000
#define REDIS_WAIT_MS 3000
#define FREE_FAIL (100ULL << 20)
#define FREE_WARN (1ULL << 30)
#define CLOCK_WARN_SECONDS 2.0
#define CLOCK_FAIL_SECONDS 60.0

typedef enum { OK, WARN, FAIL } Finding;

static gboolean failed;
static JsonBuilder *findings; /* with --json */

static const GOptionEntry options[] = { TL_JSON_OPTION, G_OPTION_ENTRY_NULL };

static void
add_finding (const char *word, const char *text)
{
  json_builder_begin_object (findings);
  json_builder_set_member_name (findings, "finding");
  json_builder_add_string_value (findings, word);
  json_builder_set_member_name (findings, "text");
  json_builder_add_string_value (findings, text);
  json_builder_end_object (findings);
}

static void G_GNUC_PRINTF (2, 3) say (Finding finding, const char *format, ...)
{
  static const char *const words[] = { "ok", "warn", "fail" };
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  if (findings)
    add_finding (words[finding], text);
  else
    printf ("%-5s %s\n", words[finding], text);
  failed = failed || finding == FAIL;
}

static PGresult *
ask (TlCtl *ctl, const char *statement)
{
  g_autoptr (GError) error = NULL;
  PGresult *result =
      tl_pg_query (ctl->pg, statement, tl_sql ("ctl/ctl.sql", statement), 0, NULL, &error);

  if (!result)
    say (FAIL, "%s", error->message);
  return result;
}

/* --- PostgreSQL -------------------------------------------------------------------------------- */

static void
check_clock (double theirs, double ours)
{
  double off = fabs (theirs - ours);

  if (off >= CLOCK_WARN_SECONDS)
    say (off >= CLOCK_FAIL_SECONDS ? FAIL : WARN,
         "clock: PostgreSQL's and this machine's differ by %.0f s; set both by NTP", off);
  else
    say (OK, "clock: agrees with PostgreSQL's");
}

static gboolean
check_postgresql (TlCtl *ctl)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) row = NULL;
  gint64 began;

  tl_pg_set_patience (ctl->pg, TL_CTL_PATIENCE);
  if (!tl_pg_ensure (ctl->pg, &error)) {
    say (FAIL, "%s; start it, or correct [postgresql] in the configuration", error->message);
    return FALSE;
  }
  began = g_get_monotonic_time ();
  row = ask (ctl, "server");
  if (!row)
    return FALSE;
  if (atoi (PQgetvalue (row, 0, 1)) < OLDEST_POSTGRESQL)
    say (FAIL, "PostgreSQL %s is too old; upgrade it to 17 or newer", PQgetvalue (row, 0, 0));
  else
    say (OK, "PostgreSQL %s answers in %.1f ms", PQgetvalue (row, 0, 0),
         (double)(g_get_monotonic_time () - began) / 1000);
  check_clock (g_ascii_strtod (PQgetvalue (row, 0, 2), NULL),
               (double)g_get_real_time () / G_USEC_PER_SEC);
  return TRUE;
}

static int
newest_migration (void)
{
  g_auto (GStrv) files = g_resources_enumerate_children ("/org/tideline/server/sql/", 0, NULL);

  return (int)g_strv_length (files); /* numbered from 1 without gaps */
}

static gboolean
check_schema (TlCtl *ctl)
{
  g_autoptr (PGresult) row = ask (ctl, "schema");
  int ours = newest_migration (), theirs;

  if (!row)
    return FALSE;
  theirs = atoi (PQgetvalue (row, 0, 0));
  if (theirs > ours)
    say (FAIL, "schema: %d is newer than this program's %d; install the newer tidelined", theirs,
         ours);
  else if (theirs < ours)
    say (WARN, "schema: %d of %d; tidelined brings it up to date when it starts", theirs, ours);
  else
    say (OK, "schema: %d, up to date", theirs);
  return theirs == ours;
}

/* Who holds a lock for long makes requests fail. */
static void
check_locks (TlCtl *ctl)
{
  g_autoptr (PGresult) row = ask (ctl, "waiting");

  if (row && atoi (PQgetvalue (row, 0, 0)) > 0)
    say (WARN,
         "locks: %s wait for process %s (“%s”, %s, its transaction began %s s ago); end it with "
         "pg_terminate_backend(%s) when that does not pass",
         PQgetvalue (row, 0, 0), PQgetvalue (row, 0, 1), PQgetvalue (row, 0, 2),
         PQgetvalue (row, 0, 3), PQgetvalue (row, 0, 4), PQgetvalue (row, 0, 1));
  else if (row)
    say (OK, "locks: nobody waits");
}

static void
check_content (TlCtl *ctl)
{
  g_autoptr (PGresult) people = ask (ctl, "people");
  g_autoptr (PGresult) jobs = ask (ctl, "failing-jobs");

  if (people && atoi (PQgetvalue (people, 0, 1)) == 0)
    say (WARN, "people: no administrator; add one with: tidelinectl user add LOGIN --role admin");
  else if (people)
    say (OK, "people: %s, administrators among them: %s", PQgetvalue (people, 0, 0),
         PQgetvalue (people, 0, 1));
  if (jobs && atoi (PQgetvalue (jobs, 0, 0)) > 0)
    say (WARN, "jobs: %s failed five times or more; one says: %s", PQgetvalue (jobs, 0, 0),
         PQgetvalue (jobs, 0, 1));
  else if (jobs)
    say (OK, "jobs: none keeps failing");
}

/* --- the others -------------------------------------------------------------------------------- */

static void
woken (gpointer data)
{
}

static void
check_redis (const char *address)
{
  gint64 until = g_get_monotonic_time () + REDIS_WAIT_MS * 1000;
  TlRedis *redis;

  if (!address || !*address) {
    say (WARN, "Redis: none configured; one process does without, several react more slowly");
    return;
  }
  redis = tl_redis_new (address, woken, NULL);
  while (!tl_redis_is_up (redis) && g_get_monotonic_time () < until)
    g_usleep (5000);
  if (tl_redis_is_up (redis))
    say (OK, "Redis answers at %s", address);
  else
    say (WARN, "Redis does not answer at %s; start it, or correct [redis] (all works, more slowly)",
         address);
  tl_redis_free (redis);
}

static void
check_space (const char *dir)
{
  struct statvfs fs;
  unsigned long long left;
  g_autofree char *text = NULL;

  if (statvfs (dir, &fs) < 0)
    return;
  left = (unsigned long long)fs.f_bavail * fs.f_frsize;
  text = g_format_size (left);
  if (left < FREE_WARN)
    say (left < FREE_FAIL ? FAIL : WARN, "disk: only %s free at “%s”; make room", text, dir);
  else
    say (OK, "disk: %s free at “%s”", text, dir);
}

/* Leaves nothing behind: what the administrator makes here, tidelined's user might not write to. */
static void
check_blobs (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "doctor-XXXXXX", NULL);
  int fd;

  if (!g_file_test (dir, G_FILE_TEST_IS_DIR)) {
    say (WARN, "blobs: “%s” is not there yet; tidelined makes it when it starts", dir);
    return;
  }
  fd = g_mkstemp_full (path, O_WRONLY | O_CLOEXEC, 0600);
  if (fd >= 0) {
    close (fd);
    g_unlink (path);
    say (OK, "blobs: “%s” can be written", dir);
  } else {
    say (FAIL, "blobs: “%s” cannot be written: %s; give it to the user that tidelined runs as", dir,
         g_strerror (errno));
  }
  check_space (dir);
}

static void
check_secret (const char *file)
{
  struct stat st;

  if (stat (file, &st) < 0)
    say (WARN, "secret: “%s” is not there yet; tidelined makes it when it starts", file);
  else if (st.st_mode & 077)
    say (FAIL, "secret: “%s” can be read by others; run: chmod 600 %s", file, file);
  else
    say (OK, "secret: only its owner reads “%s”", file);
}

/* FALSE with an error: it is not said which server. */
static gboolean
examine (TlCtl *ctl, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (!tl_ctl_open (ctl, &problem)) {
    if (problem->domain != G_OPTION_ERROR) {
      say (FAIL, "%s", problem->message);
      return FALSE;
    }
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  if (ctl->config_file && !tl_config_check (ctl->config, &problem))
    say (FAIL, "configuration: %s", problem->message);
  if (check_postgresql (ctl)) {
    check_locks (ctl);
    if (check_schema (ctl))
      check_content (ctl);
  }
  check_redis (ctl->config->redis);
  if (ctl->config->blob_dir)
    check_blobs (ctl->config->blob_dir);
  if (ctl->config->secret_file)
    check_secret (ctl->config->secret_file);
  return !failed;
}

static gboolean
run (TlCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (JsonBuilder) builder = tl_show_json ? json_builder_new () : NULL;
  gboolean is_well;

  findings = builder ? json_builder_begin_array (builder) : NULL;
  is_well = examine (ctl, error);
  if (builder) {
    json_builder_end_array (builder);
    tl_show_json_of (builder);
  }
  return is_well;
}

const TlCommand tl_command_doctor = {
  "doctor", "", "Check everything the server needs, and say what to do", options, 0, run,
};
