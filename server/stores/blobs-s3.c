/* blobs-s3.c: blobs as objects of a bucket: ab/cd/babcd…, as a folder has them. Large ones go in parts.
 *
 * What is read lies in a folder afterwards, so that it is served when the service is away; the files there that were
 * not read for longest make room. An object whose bytes are not those of its name is refused. Any thread. */
#define _GNU_SOURCE
#include "server/stores/blobs.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PART_SIZE (8 * 1024 * 1024)
#define ETAG_MAX 256
/* Making room leaves this much of it, so that it is not made for every blob. */
#define ROOM_LEFT 0.1
#define ADDRESS_SECONDS 300

typedef struct {
  TlBlobs parent;
  TlS3 *s3;
  char *bucket;
  char *folder; /* what was read */
  guint64 limit;
  GMutex mutex;
  guint64 cached; /* bytes in the folder, as far as this process knows */
} TlBlobsS3;

static char *
key_of (const char *id)
{
  return g_strdup_printf ("%.2s/%.2s/%s", id + 1, id + 3, id);
}

/* --- the folder ---------------------------------------------------------------------------------- */

typedef struct {
  char *path;
  gint64 read_at;
  guint64 size;
} Cached;

static void
cached_clear (gpointer data)
{
  g_free (((Cached *)data)->path);
}

static int
compare_age (gconstpointer a, gconstpointer b)
{
  const Cached *one = a, *other = b;

  return one->read_at < other->read_at ? -1 : one->read_at > other->read_at;
}

static GArray *
list_folder (TlBlobsS3 *self, guint64 *total)
{
  GArray *files = g_array_new (FALSE, FALSE, sizeof (Cached));
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  g_array_set_clear_func (files, cached_clear);
  *total = 0;
  while (dir && (name = g_dir_read_name (dir))) {
    Cached file = { .path = g_build_filename (self->folder, name, NULL) };
    struct stat st;

    if (!tl_blob_is_id (name) || stat (file.path, &st) != 0) {
      g_free (file.path);
      continue;
    }
    file.read_at = st.st_mtime;
    file.size = (guint64)st.st_size;
    *total += file.size;
    g_array_append_val (files, file);
  }
  return files;
}

/* With the mutex. */
static void
make_room (TlBlobsS3 *self)
{
  g_autoptr (GArray) files = list_folder (self, &self->cached);

  if (self->cached <= self->limit)
    return;
  g_array_sort (files, compare_age);
  for (guint i = 0; i < files->len && (double)self->cached > (double)self->limit * (1 - ROOM_LEFT);
       i++) {
    const Cached *file = &g_array_index (files, Cached, i);

    if (g_unlink (file->path) == 0)
      self->cached -= file->size;
  }
}

static void
keep (TlBlobsS3 *self, int fd, const char *id, gsize size)
{
  g_autofree char *path = g_build_filename (self->folder, id, NULL);
  g_autofree char *open_file = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (size > self->limit || linkat (AT_FDCWD, open_file, AT_FDCWD, path, AT_SYMLINK_FOLLOW) != 0)
    return;
  self->cached += size;
  if (self->cached > self->limit)
    make_room (self);
}

static int
open_kept (TlBlobsS3 *self, const char *id, gsize *size)
{
  g_autofree char *path = g_build_filename (self->folder, id, NULL);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  struct stat st;

  if (fd < 0 || fstat (fd, &st) != 0)
    return -1;
  futimens (fd, NULL);
  *size = (gsize)st.st_size;
  return fd;
}

/* --- reading ------------------------------------------------------------------------------------- */

static gboolean
has_bytes_of (int fd, const char *id, gsize *size)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new_from_fd (fd, FALSE, NULL);
  g_autoptr (GBytes) bytes = file ? g_mapped_file_get_bytes (file) : NULL;
  g_autofree char *found = bytes ? tl_blob_id (bytes) : NULL;

  *size = bytes ? g_bytes_get_size (bytes) : 0;
  return g_strcmp0 (found, id) == 0;
}

static gboolean
fetch (TlBlobsS3 *self, int fd, const char *id, gsize *size, GError **error)
{
  g_autofree char *key = key_of (id);
  TlS3Call call = TL_S3_CALL (.method = "GET", .bucket = self->bucket, .key = key);

  call.fd = fd;
  if (!tl_s3_exchange (self->s3, &call, NULL, error))
    return FALSE;
  if (has_bytes_of (fd, id, size) && lseek (fd, 0, SEEK_SET) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "the object %s of the bucket “%s” is damaged: its bytes are not those of its name",
               key, self->bucket);
  return FALSE;
}

static int
open_blob (TlBlobs *blobs, const char *id, gsize *size, GError **error)
{
  TlBlobsS3 *self = (TlBlobsS3 *)blobs;
  int fd;

  if (!tl_blob_is_id (id)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no blob %.80s", id);
    return -1;
  }
  fd = open_kept (self, id, size);
  if (fd >= 0)
    return fd;
  fd = open (self->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "“%s” cannot be written to: %s",
                 self->folder, g_strerror (errno));
    return -1;
  }
  if (!fetch (self, fd, id, size, error)) {
    close (fd);
    return -1;
  }
  keep (self, fd, id, *size);
  return fd;
}

/* --- writing ------------------------------------------------------------------------------------- */

static gboolean
is_there (TlBlobsS3 *self, const char *key, gsize size)
{
  TlS3Call call = TL_S3_CALL (.method = "HEAD", .bucket = self->bucket, .key = key);
  g_auto (TlS3Answer) answer = { 0 };

  return tl_s3_exchange (self->s3, &call, &answer, NULL) && answer.size == size;
}

static gboolean
put_part (TlBlobsS3 *self, const char *key, const char *upload, guint number, GBytes *part,
          GString *parts, GError **error)
{
  g_autofree char *query = g_strdup_printf ("partNumber=%u&uploadId=%s", number, upload);
  g_autofree char *tag = NULL;
  g_auto (TlS3Answer) answer = { 0 };
  gsize size;
  gconstpointer data = g_bytes_get_data (part, &size);
  TlS3Call call = TL_S3_CALL (.method = "PUT", .bucket = self->bucket, .key = key, .query = query,
                              .data = data, .size = size);

  if (!tl_s3_exchange (self->s3, &call, &answer, error))
    return FALSE;
  if (answer.etag == NULL || strlen (answer.etag) > ETAG_MAX) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the storage named no part of %s", key);
    return FALSE;
  }
  tag = g_markup_escape_text (answer.etag, -1);
  g_string_append_printf (parts, "<Part><PartNumber>%u</PartNumber><ETag>%s</ETag></Part>", number,
                          tag);
  return TRUE;
}

/* A completion may be answered with 200 and an error in its body. */
static gboolean
complete (TlBlobsS3 *self, const char *key, const char *upload, GString *parts, GError **error)
{
  g_autofree char *query = g_strdup_printf ("uploadId=%s", upload);
  g_autofree char *body =
      g_strdup_printf ("<CompleteMultipartUpload>%s</CompleteMultipartUpload>", parts->str);
  g_autofree char *tag = NULL;
  g_auto (TlS3Answer) answer = { 0 };
  TlS3Call call = TL_S3_CALL (.method = "POST", .bucket = self->bucket, .key = key, .query = query,
                              .data = body, .size = strlen (body));

  if (!tl_s3_exchange (self->s3, &call, &answer, error))
    return FALSE;
  tag = tl_s3_element (answer.body, "ETag");
  if (tag == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                 "the storage could not put the parts of %s "
                 "together",
                 key);
  return tag != NULL;
}

static gboolean
put_parts (TlBlobsS3 *self, const char *key, GBytes *bytes, GError **error)
{
  TlS3Call begin =
      TL_S3_CALL (.method = "POST", .bucket = self->bucket, .key = key, .query = "uploads=");
  g_auto (TlS3Answer) answer = { 0 };
  g_autoptr (GString) parts = g_string_new (NULL);
  g_autofree char *plain = NULL, *upload = NULL, *query = NULL;
  gsize size = g_bytes_get_size (bytes);
  gboolean done = TRUE;

  if (!tl_s3_exchange (self->s3, &begin, &answer, error))
    return FALSE;
  plain = tl_s3_element (answer.body, "UploadId");
  upload = g_uri_escape_string (plain ? plain : "", NULL, FALSE);
  for (gsize at = 0; done && at < size; at += PART_SIZE) {
    g_autoptr (GBytes) part = g_bytes_new_from_bytes (bytes, at, MIN (PART_SIZE, size - at));

    done = put_part (self, key, upload, (guint)(at / PART_SIZE) + 1, part, parts, error);
  }
  if (done && complete (self, key, upload, parts, error))
    return TRUE;
  query = g_strdup_printf ("uploadId=%s", upload);
  tl_s3_exchange (
      self->s3,
      &TL_S3_CALL (.method = "DELETE", .bucket = self->bucket, .key = key, .query = query), NULL,
      NULL);
  return FALSE;
}

static gboolean
put (TlBlobs *blobs, const char *id, GBytes *bytes, GError **error)
{
  TlBlobsS3 *self = (TlBlobsS3 *)blobs;
  g_autofree char *key = key_of (id);
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  if (size > PART_SIZE)
    return is_there (self, key, size) || put_parts (self, key, bytes, error);
  return tl_s3_exchange (self->s3,
                         &TL_S3_CALL (.method = "PUT", .bucket = self->bucket, .key = key,
                                      .data = data ? data : "", .size = size, .hash = id + 1),
                         NULL, error);
}

static gboolean
remove_blob (TlBlobs *blobs, const char *id, GError **error)
{
  TlBlobsS3 *self = (TlBlobsS3 *)blobs;
  g_autofree char *key = NULL, *path = NULL;

  if (!tl_blob_is_id (id))
    return TRUE;
  key = key_of (id);
  path = g_build_filename (self->folder, id, NULL);
  g_unlink (path);
  return tl_s3_exchange (
      self->s3, &TL_S3_CALL (.method = "DELETE", .bucket = self->bucket, .key = key), NULL, error);
}

/* --- addresses ----------------------------------------------------------------------------------- */

static char *
address (TlBlobs *blobs, const char *id, const char *type, const char *disposition)
{
  TlBlobsS3 *self = (TlBlobsS3 *)blobs;
  g_autofree char *key = key_of (id);
  g_autofree char *words = g_uri_escape_string (disposition, NULL, FALSE);
  g_autofree char *escaped = g_uri_escape_string (type, NULL, FALSE);
  g_autofree char *query =
      g_strdup_printf ("response-content-disposition=%s&response-content-type=%s", words, escaped);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  return tl_s3_presign (self->s3, self->bucket, key, query, now, ADDRESS_SECONDS);
}

/* --- making -------------------------------------------------------------------------------------- */

static void
free_blobs (TlBlobs *blobs)
{
  TlBlobsS3 *self = (TlBlobsS3 *)blobs;

  tl_s3_free (self->s3);
  g_free (self->bucket);
  g_free (self->folder);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

TlBlobs *
tl_blobs_s3_new (const TlS3Account *account, const char *bucket, const char *folder, guint64 limit,
                 gboolean gives_addresses, GError **error)
{
  static const TlBlobsClass class = { put, open_blob, remove_blob, free_blobs, NULL };
  static const TlBlobsClass giving = { put, open_blob, remove_blob, free_blobs, address };
  TlS3 *s3 = tl_s3_new (account, error);
  TlBlobsS3 *self;

  if (s3 == NULL)
    return NULL;
  if (g_mkdir_with_parents (folder, 0700) < 0 || g_access (folder, W_OK | X_OK) < 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                 "the blob folder “%s” cannot be written: %s", folder, g_strerror (errno));
    tl_s3_free (s3);
    return NULL;
  }
  self = g_new0 (TlBlobsS3, 1);
  self->parent.class = gives_addresses ? &giving : &class;
  self->s3 = s3;
  self->bucket = g_strdup (bucket);
  self->folder = g_strdup (folder);
  self->limit = limit;
  g_mutex_init (&self->mutex);
  make_room (self);
  return &self->parent;
}
