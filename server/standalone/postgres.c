/* postgres.c: makes, repairs and addresses the private cluster of a stand-alone folder.
 *
 * The server reaches its folder through an inherited descriptor (/proc/self/fd/3), so that it works
 * where the user it runs as may not pass the folder's ancestors (/root). A cluster is made under
 * another name and renamed when it is whole. Settings are written once, by initdb, to postgresql.conf:
 * from then on they are the admin's; only what keeps the server private is on its command line. */
#include "server/standalone/postgres.h"

#include "server/stores/pg.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define OLDEST_MAJOR 17
#define LEFTOVER_WAIT_MS 20000

static const char *const initdb_options[] = {
  "--username=tideline",
  "--auth=trust", /* the socket lies in a folder that only its owner may enter */
  "--encoding=UTF8",
  "--locale=C.UTF-8",
  "--locale-provider=builtin",
  "--builtin-locale=C.UTF-8",
  "--data-checksums",
  "--set=shared_buffers=64MB",
  "--set=synchronous_commit=on",
  "--set=wal_level=replica",
  "--set=max_wal_size=256MB",
  "--set=min_wal_size=32MB",
  "--set=max_connections=60",
  "--set=huge_pages=off",
  "--set=jit=off",
  "--set=default_toast_compression=lz4",
  "--set=log_checkpoints=off",
  "--set=log_line_prefix=%m [%p] ",
  "--set=timezone=UTC",
  "--set=log_timezone=UTC",
  NULL,
};

/* Where a distribution keeps the programs of one major version; NULL when they are not there. */
static char *
find_programs (guint major)
{
  static const char *const patterns[] = { "/usr/lib/postgresql/%u/bin", "/usr/pgsql-%u/bin",
                                          "/usr/lib/postgresql-%u/bin" };

  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++) {
    g_autofree char *number = g_strdup_printf ("%u", major);
    g_auto (GStrv) parts = g_strsplit (patterns[i], "%u", 2);
    g_autofree char *folder = g_strconcat (parts[0], number, parts[1], NULL);
    g_autofree char *program = g_build_filename (folder, "postgres", NULL);
    if (g_file_test (program, G_FILE_TEST_IS_EXECUTABLE))
      return g_steal_pointer (&folder);
  }
  return NULL;
}

char *
tl_postgres_find_programs (GError **error)
{
  g_autofree char *program = NULL;

  for (guint major = OLDEST_MAJOR + 20; major >= OLDEST_MAJOR; major--) {
    char *folder = find_programs (major);
    if (folder)
      return folder;
  }
  program = g_find_program_in_path ("initdb");
  if (program)
    return g_path_get_dirname (program);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               "PostgreSQL %d or newer is not installed (on Debian: apt install postgresql-%d)",
               OLDEST_MAJOR, OLDEST_MAJOR);
  return NULL;
}

/* The programs that made the cluster. */
static char *
find_programs_of (const char *cluster, GError **error)
{
  g_autofree char *file = g_build_filename (cluster, "PG_VERSION", NULL);
  g_autofree char *text = NULL;
  char *folder;
  guint major;

  if (!g_file_get_contents (file, &text, NULL, error)) {
    g_prefix_error (error, "“%s” holds no whole PostgreSQL cluster: ", cluster);
    return NULL;
  }
  major = (guint)strtoul (text, NULL, 10);
  if (major < OLDEST_MAJOR) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                 "“%s” was made by PostgreSQL %s, which is older than the %d that tidelined needs: "
                 "dump it with that version and restore it into a new folder",
                 cluster, g_strstrip (text), OLDEST_MAJOR);
    return NULL;
  }
  folder = find_programs (major);
  if (!folder)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                 "“%s” was made by PostgreSQL %u, which is not installed: install it, or dump the "
                 "database with it and restore it into a new folder",
                 cluster, major);
  return folder;
}

/* A folder of the child's user, handed to it as a descriptor. */
static gboolean
open_folder (TlChild *child, const char *path, GError **error)
{
  if (child->folder >= 0)
    close (child->folder);
  child->folder = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (child->folder >= 0 &&
      (geteuid () != 0 || fchown (child->folder, child->uid, child->gid) == 0))
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "“%s” cannot be used: %s", path,
               g_strerror (errno));
  return FALSE;
}

static gboolean
remove_tree (const char *path, GError **error)
{
  g_autoptr (GDir) folder =
      g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (folder && (name = g_dir_read_name (folder))) {
    g_autofree char *child = g_build_filename (path, name, NULL);
    if (!remove_tree (child, error))
      return FALSE;
  }
  if (g_remove (path) == 0 || errno == ENOENT)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "“%s” cannot be removed: %s", path,
               g_strerror (errno));
  return FALSE;
}

static gboolean
run_initdb (TlChild *child, const char *programs, const char *cluster, GError **error)
{
  g_autofree char *complaint = NULL;
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  int status;

  g_ptr_array_add (argv, g_build_filename (programs, "initdb", NULL));
  g_ptr_array_add (argv, g_strdup ("--pgdata=" TL_CHILD_FOLDER));
  for (guint i = 0; initdb_options[i]; i++)
    g_ptr_array_add (argv, g_strdup (initdb_options[i]));
  g_ptr_array_add (argv, NULL);
  g_strfreev (child->argv);
  child->argv = (char **)g_ptr_array_steal (argv, NULL);
  if (!tl_child_spawn (child, error))
    return FALSE;
  tl_child_wait (child, G_MAXUINT, &status);
  if (WIFEXITED (status) && WEXITSTATUS (status) == 0)
    return TRUE;
  complaint = tl_child_complaint (child);
  g_set_error (error, G_IO_ERROR,
               strstr (complaint, "No space left") ? G_IO_ERROR_NO_SPACE : G_IO_ERROR_FAILED,
               "PostgreSQL's folder “%s” could not be made: %s (all of it: %s)", cluster, complaint,
               child->log);
  return FALSE;
}

/* A half-made cluster of a crashed attempt is thrown away; a whole one appears at once. */
static gboolean
make_cluster (TlChild *child, const char *programs, const char *cluster, GError **error)
{
  g_autofree char *fresh = g_strconcat (cluster, ".new", NULL);

  if (!remove_tree (fresh, error))
    return FALSE;
  if (g_mkdir (fresh, 0700) < 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "“%s” cannot be made: %s", fresh,
                 g_strerror (errno));
    return FALSE;
  }
  if (!open_folder (child, fresh, error) || !run_initdb (child, programs, cluster, error)) {
    remove_tree (fresh, NULL);
    return FALSE;
  }
  if (g_rename (fresh, cluster) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "“%s” cannot be renamed: %s",
               fresh, g_strerror (errno));
  return FALSE;
}

/* Is process `pid` a server of the folder? A number may have been given to another since. */
static gboolean
is_server_of (pid_t pid, int folder)
{
  g_autofree char *cwd = g_strdup_printf ("/proc/%d/cwd", (int)pid);
  struct stat theirs, ours;

  return stat (cwd, &theirs) == 0 && fstat (folder, &ours) == 0 && theirs.st_dev == ours.st_dev &&
         theirs.st_ino == ours.st_ino;
}

/* The postmaster, or a process that outlived it: for as long, its shared memory is in use. */
static gboolean
has_server (int folder)
{
  g_autoptr (GDir) processes = g_dir_open ("/proc", 0, NULL);
  const char *name;

  while (processes && (name = g_dir_read_name (processes))) {
    pid_t pid = (pid_t)strtol (name, NULL, 10);
    if (pid > 1 && is_server_of (pid, folder))
      return TRUE;
  }
  return FALSE;
}

/* The server of a tidelined that was killed is stopping by itself: wait for it. A pid file whose
 * number belongs to something else by now would keep PostgreSQL from starting. */
static gboolean
end_leftover (TlChild *child, const char *cluster, GError **error)
{
  g_autofree char *file = g_build_filename (cluster, "postmaster.pid", NULL);
  g_autofree char *text = NULL;
  gint64 until = g_get_monotonic_time () + LEFTOVER_WAIT_MS * G_GINT64_CONSTANT (1000);
  pid_t pid;

  if (!g_file_get_contents (file, &text, NULL, NULL))
    return TRUE;
  pid = (pid_t)strtol (text, NULL, 10);
  if (pid > 1 && is_server_of (pid, child->folder))
    kill (pid, SIGINT);
  else if (pid > 1 && kill (pid, 0) == 0)
    g_unlink (file);
  while (has_server (child->folder)) {
    if (g_get_monotonic_time () > until) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                   "PostgreSQL (process %d) still runs in “%s” and does not stop", (int)pid,
                   cluster);
      return FALSE;
    }
    g_usleep (10000);
  }
  return TRUE;
}

void
tl_postgres_end_orphans (TlChild *child)
{
  g_autoptr (GDir) processes = g_dir_open ("/proc", 0, NULL);
  const char *name;

  while (processes && (name = g_dir_read_name (processes))) {
    pid_t pid = (pid_t)strtol (name, NULL, 10);

    if (pid > 1 && is_server_of (pid, child->folder))
      kill (pid, SIGKILL);
  }
}

gboolean
tl_postgres_prepare (TlChild *child, const char *dir, const char *runtime, GError **error)
{
  g_autofree char *cluster = g_build_filename (dir, "postgresql", NULL);
  gboolean exists = g_file_test (cluster, G_FILE_TEST_EXISTS);
  g_autofree char *programs =
      exists ? find_programs_of (cluster, error) : tl_postgres_find_programs (error);

  if (!programs || (!exists && !make_cluster (child, programs, cluster, error)) ||
      !open_folder (child, cluster, error) || !end_leftover (child, cluster, error))
    return FALSE;
  g_strfreev (child->argv);
  child->argv = g_new0 (char *, 10);
  child->argv[0] = g_build_filename (programs, "postgres", NULL);
  child->argv[1] = g_strdup ("-D");
  child->argv[2] = g_strdup (TL_CHILD_FOLDER);
  child->argv[3] = g_strdup ("--listen_addresses=");
  child->argv[4] = g_strdup ("--port=5432");
  child->argv[5] = g_strdup_printf ("--unix_socket_directories=%s", runtime);
  child->argv[6] = g_strdup ("--unix_socket_permissions=0700");
  child->argv[7] = g_strdup ("--logging_collector=off");
  return TRUE;
}

char *
tl_postgres_conninfo (const char *runtime, const char *database)
{
  return g_strdup_printf ("host='%s' port=5432 user=tideline dbname=%s", runtime, database);
}

gboolean
tl_postgres_create_database (const char *runtime, GError **error)
{
  g_autofree char *conninfo = tl_postgres_conninfo (runtime, "postgres");
  g_autoptr (TlPg) pg = tl_pg_new (conninfo);
  const char *exists = tl_sql ("standalone/standalone.sql", "database-exists");
  const char *create = tl_sql ("standalone/standalone.sql", "create-database");
  g_autoptr (PGresult) found = tl_pg_query (pg, "database-exists", exists, 0, NULL, error);

  if (!found)
    return FALSE;
  return PQntuples (found) > 0 || tl_pg_run (pg, "create-database", create, 0, NULL, error);
}
