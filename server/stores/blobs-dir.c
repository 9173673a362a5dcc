/* blobs-dir.c: blobs as files of a folder: ab/cd/babcd…, two levels of 256 folders each.
 *
 * A file is written and synced under tmp/ and then renamed, so that what has a blob's name is whole.
 * Holds nothing but the path: safe from any thread, and from several processes on one folder. */
#include "server/stores/blobs.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ABANDONED_SECONDS (24 * 60 * 60)

typedef struct {
  TlBlobs parent;
  char *dir;
  char *tmp;
} TlBlobsDir;

static gboolean
fail_errno (GError **error, const char *what, const char *id)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "blob %s cannot be %s: %s", id,
               what, g_strerror (errno));
  return FALSE;
}

/* The folder of a blob; NULL for what is not an id. */
static char *
folder_of (TlBlobsDir *self, const char *id)
{
  return tl_blob_is_id (id) ? g_strdup_printf ("%s/%.2s/%.2s", self->dir, id + 1, id + 3) : NULL;
}

static gboolean
sync_folder (const char *path)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean done = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  return done;
}

/* Makes both levels, durably. */
static gboolean
make_folder (TlBlobsDir *self, const char *folder)
{
  g_autofree char *above = g_path_get_dirname (folder);

  if (g_mkdir (folder, 0700) == 0)
    return sync_folder (above);
  if (errno == EEXIST)
    return TRUE;
  return errno == ENOENT && (g_mkdir (above, 0700) == 0 || errno == EEXIST) &&
         sync_folder (self->dir) && (g_mkdir (folder, 0700) == 0 || errno == EEXIST) &&
         sync_folder (above);
}

static gboolean
write_all (int fd, GBytes *bytes)
{
  gsize size, done = 0;
  const char *data = g_bytes_get_data (bytes, &size);

  while (done < size) {
    gssize n = write (fd, data + done, size - done);
    if (n < 0 && errno != EINTR)
      return FALSE;
    done += MAX (n, 0);
  }
  return fsync (fd) == 0;
}

/* A whole and synced file of a new name in tmp/. */
static char *
write_temporary (TlBlobsDir *self, GBytes *bytes)
{
  g_autofree char *path = g_build_filename (self->tmp, "XXXXXX", NULL);
  int fd = g_mkstemp_full (path, O_WRONLY | O_CLOEXEC, 0600);
  int reason;

  if (fd < 0)
    return NULL;
  if (write_all (fd, bytes)) {
    close (fd);
    return g_steal_pointer (&path);
  }
  reason = errno;
  close (fd);
  g_unlink (path);
  errno = reason;
  return NULL;
}

static gboolean
put (TlBlobs *blobs, const char *id, GBytes *bytes, GError **error)
{
  TlBlobsDir *self = (TlBlobsDir *)blobs;
  g_autofree char *folder = folder_of (self, id);
  g_autofree char *path = g_build_filename (folder, id, NULL);
  g_autofree char *temporary = NULL;
  struct stat st;
  int reason;

  if (stat (path, &st) == 0 && (gsize)st.st_size == g_bytes_get_size (bytes))
    return sync_folder (folder) || fail_errno (error, "stored", id);
  temporary = write_temporary (self, bytes);
  if (!temporary)
    return fail_errno (error, "stored", id);
  if (make_folder (self, folder) && g_rename (temporary, path) == 0 && sync_folder (folder))
    return TRUE;
  reason = errno;
  g_unlink (temporary);
  errno = reason;
  return fail_errno (error, "stored", id);
}

static int
open_blob (TlBlobs *blobs, const char *id, gsize *size, GError **error)
{
  g_autofree char *folder = folder_of ((TlBlobsDir *)blobs, id);
  g_autofree char *path = folder ? g_build_filename (folder, id, NULL) : NULL;
  int fd = path ? open (path, O_RDONLY | O_CLOEXEC) : -1;
  struct stat st;

  if (!path || (fd < 0 && errno == ENOENT))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no blob %.80s", id);
  else if (fd < 0 || fstat (fd, &st) < 0)
    fail_errno (error, "read", id);
  else
    *size = (gsize)st.st_size;
  return fd;
}

static gboolean
remove_blob (TlBlobs *blobs, const char *id, GError **error)
{
  g_autofree char *folder = folder_of ((TlBlobsDir *)blobs, id);
  g_autofree char *path = folder ? g_build_filename (folder, id, NULL) : NULL;

  return !path || g_unlink (path) == 0 || errno == ENOENT || fail_errno (error, "removed", id);
}

static void
free_blobs (TlBlobs *blobs)
{
  TlBlobsDir *self = (TlBlobsDir *)blobs;

  g_free (self->dir);
  g_free (self->tmp);
  g_free (self);
}

/* Files that a process which died left half-written; another process's fresh ones stay. */
static void
remove_abandoned (const char *tmp)
{
  g_autoptr (GDir) folder = g_dir_open (tmp, 0, NULL);
  const char *name;
  struct stat st;

  while (folder && (name = g_dir_read_name (folder))) {
    g_autofree char *path = g_build_filename (tmp, name, NULL);
    if (stat (path, &st) == 0 &&
        st.st_mtime < g_get_real_time () / G_USEC_PER_SEC - ABANDONED_SECONDS)
      g_unlink (path);
  }
}

TlBlobs *
tl_blobs_dir_new (const char *dir, GError **error)
{
  static const TlBlobsClass class = { put, open_blob, remove_blob, free_blobs };
  g_autofree char *tmp = g_build_filename (dir, "tmp", NULL);
  TlBlobsDir *self;

  if (g_mkdir_with_parents (tmp, 0700) < 0 || g_access (tmp, W_OK | X_OK) < 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                 "the blob folder “%s” cannot be written: %s", dir, g_strerror (errno));
    return NULL;
  }
  remove_abandoned (tmp);
  self = g_new0 (TlBlobsDir, 1);
  self->parent.class = &class;
  self->dir = g_strdup (dir);
  self->tmp = g_steal_pointer (&tmp);
  return &self->parent;
}
