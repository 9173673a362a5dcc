/* scaled.c: see the header. At most a few of the programs run at once; who comes then waits. Any thread. */
#include "server/services/storage/scaled.h"

#include "server/services/storage/storage.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define SQL "storage/storage.sql"
#define AT_ONCE 2
#define PROGRAM "tideline-scale"

static const char *const types[] = { "image/jpeg", "image/png" };

guint
tl_scaled_wanted (TlRequest *request, gboolean *said)
{
  static const char *const sizes[] = { "160", "320", "640", "1280", NULL };
  const char *text = tl_request_query (request, "size");

  *said = text != NULL;
  return text && g_strv_contains (sizes, text) ? (guint)atoi (text) : 0;
}

static const char *
static_type (const char *type)
{
  return g_str_equal (type, types[1]) ? types[1] : types[0];
}

/* --- the program --------------------------------------------------------------------------------- */

static GMutex mutex;
static GCond is_free;
static guint running;

static void
take_place (void)
{
  g_mutex_lock (&mutex);
  while (running == AT_ONCE)
    g_cond_wait (&is_free, &mutex);
  running++;
  g_mutex_unlock (&mutex);
}

static void
give_place (void)
{
  g_mutex_lock (&mutex);
  running--;
  g_cond_signal (&is_free);
  g_mutex_unlock (&mutex);
}

/* Where it was built, beside this program; else where it is installed. */
static char *
program (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *dir = self ? g_path_get_dirname (self) : g_strdup (".");
  g_autofree char *built = g_build_filename (dir, "scale", PROGRAM, NULL);

  return g_file_test (built, G_FILE_TEST_IS_EXECUTABLE)
             ? g_steal_pointer (&built)
             : g_build_filename (TIDELINE_LIBEXECDIR, PROGRAM, NULL);
}

/* `fd` is taken. */
static GBytes *
run (int fd, guint size, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree char *path = program ();
  g_autofree char *number = g_strdup_printf ("%u", size);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GBytes) out = NULL, err = NULL;
  char *nothing = NULL;

  g_subprocess_launcher_set_environ (launcher, &nothing);
  g_subprocess_launcher_take_stdin_fd (launcher, fd);
  process = g_subprocess_launcher_spawn (launcher, error, path, number, NULL);
  if (process == NULL || !g_subprocess_communicate (process, NULL, NULL, &out, &err, error))
    return NULL;
  if (g_subprocess_get_successful (process) && g_bytes_get_size (out) > 0)
    return g_steal_pointer (&out);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
               "the picture was not made smaller: %.*s", (int)MIN (g_bytes_get_size (err), 200),
               g_bytes_get_size (err) > 0 ? (const char *)g_bytes_get_data (err, NULL)
                                          : "its decoder was stopped");
  return NULL;
}

/* --- keeping ------------------------------------------------------------------------------------- */

static gboolean
keep (TlServer *server, TlPg *pg, const char *blob, const char *size, GBytes *bytes, char **scaled,
      const char **type, GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autofree char *octets = g_strdup_printf ("%" G_GSIZE_FORMAT, length);

  *type = types[memcmp (data, "\377\330", 2) != 0];
  *scaled = tl_blob_id (bytes);
  if (!tl_storage_begin_put (server, pg, *scaled, bytes, error))
    return FALSE;
  if (tl_pg_run (pg, "storage-keep-scaled", tl_sql (SQL, "keep-scaled"), 5,
                 (const char *const[]){ blob, size, *scaled, octets, *type }, error) &&
      tl_pg_commit (pg, error))
    return TRUE;
  tl_pg_rollback (pg);
  return FALSE;
}

static gboolean
make (TlServer *server, TlPg *pg, const char *blob, const char *number, guint size, char **scaled,
      const char **type, GError **error)
{
  gsize length;
  int fd = server->blobs->class->open (server->blobs, blob, &length, error);
  g_autoptr (GBytes) bytes = NULL;

  if (fd < 0)
    return FALSE;
  take_place ();
  bytes = run (fd, size, error);
  give_place ();
  return bytes && keep (server, pg, blob, number, bytes, scaled, type, error);
}

int
tl_scaled_open (TlServer *server, TlPg *pg, const char *blob, guint size, const char **type,
                GError **error)
{
  g_autofree char *number = g_strdup_printf ("%u", size);
  g_autoptr (PGresult) found = tl_pg_query (pg, "storage-scaled", tl_sql (SQL, "scaled"), 2,
                                            (const char *const[]){ blob, number }, error);
  g_autofree char *scaled = NULL;
  gsize length;

  if (found == NULL)
    return -1;
  if (PQntuples (found) > 0) {
    scaled = g_strdup (PQgetvalue (found, 0, 0));
    *type = static_type (PQgetvalue (found, 0, 1));
  } else if (!make (server, pg, blob, number, size, &scaled, type, error)) {
    return -1;
  }
  return server->blobs->class->open (server->blobs, scaled, &length, error);
}
