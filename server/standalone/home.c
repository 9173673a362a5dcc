/* home.c: makes the folders, takes the lock, decides who owns the cluster.
 *
 * The lock is an flock (so it ends with the process); its file has four lines: the process, the
 * runtime folder, PostgreSQL's and Redis's addresses. Sockets lie in a fresh runtime folder for each
 * start: paths stay short, and a predecessor that is still stopping cannot take away the sockets of
 * its successor. */
#include "server/standalone/home.h"

#include "server/standalone/postgres.h"
#include "server/standalone/redis-child.h"
#include "server/standalone/standalone.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <pwd.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_TRIES 20 /* of 10 ms: tl_standalone_find holds the lock for an instant */

static gboolean
fail_errno (GError **error, const char *path, const char *what)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "“%s” %s: %s", path, what,
               g_strerror (errno));
  return FALSE;
}

static gboolean
make_folder (const char *dir, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);

  return g_mkdir_with_parents (path, 0700) == 0 || fail_errno (error, path, "cannot be made");
}

static char *
lock_path (const char *dir)
{
  return g_build_filename (dir, "lock", NULL);
}

/* --- the lock ---------------------------------------------------------------------------------- */

static gboolean
take_lock (TlHome *self, GError **error)
{
  g_autofree char *path = lock_path (self->dir);
  g_autofree char *text = NULL;

  self->lock = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->lock < 0)
    return fail_errno (error, path, "cannot be opened");
  for (guint i = 0; i < LOCK_TRIES; i++) {
    if (flock (self->lock, LOCK_EX | LOCK_NB) == 0)
      return TRUE;
    g_usleep (10000);
  }
  g_file_get_contents (path, &text, NULL, NULL);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
               "“%s” is in use by another tidelined (process %d)", self->dir,
               text ? atoi (text) : 0);
  return FALSE;
}

static gboolean
write_lock (TlHome *self, const TlConfig *config, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%d\n%s\n%s\n%s\n", (int)getpid (), self->runtime,
                                           config->postgresql, config->redis);

  if (ftruncate (self->lock, 0) == 0 &&
      pwrite (self->lock, text, strlen (text), 0) == (gssize)strlen (text))
    return TRUE;
  return fail_errno (error, self->dir, "cannot be written to");
}

/* What the lock file says: process, runtime folder, PostgreSQL, Redis; NULL when it says nothing. */
static GStrv
read_lock (const char *dir)
{
  g_autofree char *path = lock_path (dir);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;
  lines = g_strsplit (text, "\n", -1);
  return g_strv_length (lines) >= 5 ? g_steal_pointer (&lines) : NULL;
}

gboolean
tl_standalone_exists (const char *dir)
{
  g_autofree char *cluster = g_build_filename (dir, "postgresql", NULL);

  return g_file_test (cluster, G_FILE_TEST_IS_DIR);
}

static void
fill_folders (const char *dir, TlConfig *config)
{
  g_free (config->blob_dir);
  config->blob_dir = g_build_filename (dir, "blobs", NULL);
  g_free (config->secret_file);
  config->secret_file = g_build_filename (dir, "secret", NULL);
}

gboolean
tl_standalone_find (const char *dir, TlConfig *config)
{
  g_autofree char *path = lock_path (dir);
  g_auto (GStrv) lines = NULL;
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gboolean held = fd >= 0 && flock (fd, LOCK_SH | LOCK_NB) < 0;

  if (fd >= 0)
    close (fd);
  lines = held ? read_lock (dir) : NULL;
  if (!lines)
    return FALSE;
  g_set_str (&config->postgresql, lines[2]);
  g_set_str (&config->redis, lines[3]);
  fill_folders (dir, config);
  return TRUE;
}

/* --- the folders ------------------------------------------------------------------------------- */

static void
remove_runtime (const char *runtime)
{
  g_autoptr (GDir) folder = g_dir_open (runtime, 0, NULL);
  const char *name;

  while (folder && (name = g_dir_read_name (folder))) {
    g_autofree char *path = g_build_filename (runtime, name, NULL);
    g_unlink (path);
  }
  g_rmdir (runtime);
}

/* A short path: a socket's may have 107 bytes. That of a predecessor that was killed goes. */
static gboolean
make_runtime (TlHome *self, GError **error)
{
  const char *session = geteuid () == 0 ? NULL : g_getenv ("XDG_RUNTIME_DIR");
  g_auto (GStrv) before = read_lock (self->dir);

  if (before && strstr (before[1], "/tideline-run-"))
    remove_runtime (before[1]);
  if (!session || strlen (session) > 60 || g_access (session, W_OK) < 0)
    session = "/tmp";
  self->runtime = g_build_filename (session, "tideline-run-XXXXXX", NULL);
  if (!g_mkdtemp_full (self->runtime, 0700))
    return fail_errno (error, self->runtime, "cannot be made");
  if (geteuid () == 0 && chown (self->runtime, self->uid, self->gid) < 0)
    return fail_errno (error, self->runtime, "cannot be given to an unprivileged user");
  return TRUE;
}

static gboolean
make_secret (const char *path, GError **error)
{
  guint8 secret[32];
  gboolean made;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  randombytes_buf (secret, sizeof secret);
  made = g_file_set_contents_full (path, (char *)secret, sizeof secret,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
  sodium_memzero (secret, sizeof secret);
  return made;
}

/* Whom the children run as when this process is root, as PostgreSQL refuses to be: the cluster's owner,
 * or for a new one the first of these that there is. */
static gboolean
choose_user (TlHome *self, GError **error)
{
  static const char *const users[] = { "postgres", "redis", "nobody" };
  g_autofree char *cluster = g_build_filename (self->dir, "postgresql", NULL);
  struct stat st;

  if (geteuid () != 0)
    return TRUE;
  if (stat (cluster, &st) == 0 && st.st_uid != 0) {
    self->uid = st.st_uid;
    self->gid = st.st_gid;
    return TRUE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (users); i++) {
    const struct passwd *user = getpwnam (users[i]);
    if (!user)
      continue;
    self->uid = user->pw_uid;
    self->gid = user->pw_gid;
    return TRUE;
  }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               "there is no unprivileged user (postgres, redis, nobody) to run PostgreSQL as");
  return FALSE;
}

/* --- together ---------------------------------------------------------------------------------- */

gboolean
tl_home_open (TlHome *self, const char *dir, TlConfig *config, GError **error)
{
  self->dir = g_canonicalize_filename (dir, NULL);
  self->lock = -1;
  if (!make_folder (self->dir, "log", error) || !make_folder (self->dir, "blobs", error) ||
      !take_lock (self, error) || !choose_user (self, error) || !make_runtime (self, error))
    return FALSE;
  g_free (config->postgresql);
  config->postgresql = tl_postgres_conninfo (self->runtime, "tideline");
  g_free (config->redis);
  config->redis = tl_redis_child_address (self->runtime);
  fill_folders (self->dir, config);
  return make_secret (config->secret_file, error) && write_lock (self, config, error);
}

void
tl_home_close (TlHome *self)
{
  if (self->runtime) {
    remove_runtime (self->runtime);
    if (ftruncate (self->lock, 0) < 0)
      g_warning ("“%s/lock” cannot be emptied: %s", self->dir, g_strerror (errno));
  }
  if (self->lock >= 0)
    close (self->lock);
  g_free (self->runtime);
  g_free (self->dir);
}
