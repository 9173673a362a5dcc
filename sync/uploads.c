/* uploads.c: keeping, sending and forgetting the files of operations. The bytes are on the disk before the row is,
 * the row before the operation that names it: a kill between any two leaves a file that clean() removes. */
#include "sync/uploads.h"

#include "sync/op.h"
#include "sync/picture-file.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#define SQL "uploads.sql"
#define AT_ONCE (1024 * 1024) /* larger goes in pieces */
#define KEEP_MS (24 * 60 * 60 * G_GINT64_CONSTANT (1000))

char *
tl_upload_path (const char *dir, const char *blob_id)
{
  g_autofree char *path = g_build_filename (dir, "uploads", blob_id, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS) ? g_steal_pointer (&path) : NULL;
}

/* --- keeping ------------------------------------------------------------------------------------- */

typedef struct {
  TlReplica *replica;
  GFile *file;
  GBytes *bytes;
  char *name;
  TlAttachment *attachment;
} Keep;

static void
keep_free (gpointer data)
{
  Keep *keep = data;

  g_object_unref (keep->replica);
  g_clear_object (&keep->file);
  g_clear_pointer (&keep->bytes, g_bytes_unref);
  g_free (keep->name);
  g_clear_pointer (&keep->attachment, tl_attachment_free);
  g_free (keep);
}

static GBytes *
read_file (GFile *file, GError **error)
{
  g_autoptr (GFileInfo) info =
      g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                         G_FILE_QUERY_INFO_NONE, NULL, error);

  if (info == NULL)
    return NULL;
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, _ ("“%s” is not a file"),
                 g_file_peek_path (file));
    return NULL;
  }
  if (g_file_info_get_size (info) > TL_UPLOAD_MAX) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _ ("“%s” is larger than the 50 MB that can be sent"), g_file_peek_path (file));
    return NULL;
  }
  return g_file_load_bytes (file, NULL, NULL, error);
}

static gboolean
write_blob (const char *dir, const char *blob_id, GBytes *bytes, GError **error)
{
  g_autofree char *folder = g_build_filename (dir, "uploads", NULL);
  g_autofree char *path = g_build_filename (folder, blob_id, NULL);
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  g_mkdir_with_parents (folder, 0700);
  return g_file_set_contents_full (path, data, (gssize)length,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

/* Another end than ".jpg" would lie about what the picture has become. */
static char *
name_as (const char *name, const char *type)
{
  const char *end = strrchr (name, '.');
  g_autofree char *stem = g_strndup (name, end ? (gsize)(end - name) : strlen (name));

  if (g_str_equal (type, "image/jpeg") && end &&
      (g_ascii_strcasecmp (end, ".jpg") == 0 || g_ascii_strcasecmp (end, ".jpeg") == 0))
    return g_strdup (name);
  return g_strconcat (stem, ".", strcmp (type, "image/jpeg") ? type + strlen ("image/") : "jpg",
                      NULL);
}

static TlAttachment *
describe (Keep *keep, GError **error)
{
  g_autoptr (TlAttachment) attachment = g_new0 (TlAttachment, 1);
  g_autoptr (GError) cause = NULL;
  g_autofree char *hash = NULL;
  TlPictureFile picture = { 0 };

  if (tl_picture_file_prepare (keep->bytes, &picture, &cause)) {
    g_bytes_unref (keep->bytes);
    keep->bytes = picture.bytes;
    attachment->type = g_strdup (picture.type);
    attachment->width = picture.width;
    attachment->height = picture.height;
    attachment->name = name_as (keep->name, picture.type);
  } else if (cause) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  } else {
    gsize length;
    const guchar *data = g_bytes_get_data (keep->bytes, &length);
    g_autofree char *content = g_content_type_guess (keep->name, data, length, NULL);

    attachment->type = g_content_type_get_mime_type (content);
    attachment->name = g_strdup (keep->name);
  }
  hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, keep->bytes);
  attachment->blob_id = g_strconcat ("b", hash, NULL);
  attachment->size = (gint64)g_bytes_get_size (keep->bytes);
  return g_steal_pointer (&attachment);
}

/* In a thread of its own: reads, decodes and writes. */
static DexFuture *
prepare (gpointer data)
{
  Keep *keep = data;
  GError *error = NULL;

  if (keep->bytes == NULL)
    keep->bytes = read_file (keep->file, &error);
  if (keep->bytes && g_bytes_get_size (keep->bytes) == 0)
    error = g_error_new (G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("“%s” is empty"), keep->name);
  if (error == NULL)
    keep->attachment = describe (keep, &error);
  if (error == NULL)
    write_blob (tl_replica_dir (keep->replica), keep->attachment->blob_id, keep->bytes, &error);
  return error ? dex_future_new_for_error (error) : dex_future_new_for_boolean (TRUE);
}

static gboolean
add_row (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  const TlAttachment *attachment = data;
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "keep");

  sqlite3_bind_text (statement, 1, attachment->blob_id, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, attachment->type, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, attachment->size);
  sqlite3_bind_int64 (statement, 4, g_get_real_time () / 1000);
  return tl_db_run (db, statement, error);
}

static DexFuture *
keep_fiber (gpointer data)
{
  Keep *keep = data;
  GError *error = NULL;

  if (!dex_await (
          dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, prepare, keep, NULL),
          &error) ||
      !dex_await (tl_replica_write (keep->replica, add_row, keep->attachment, NULL), &error))
    return dex_future_new_for_error (error);
  return dex_future_new_take_boxed (TL_TYPE_ATTACHMENT, g_steal_pointer (&keep->attachment));
}

static DexFuture *
start (TlReplica *replica, GFile *file, GBytes *bytes, const char *name)
{
  Keep *keep = g_new0 (Keep, 1);

  keep->replica = g_object_ref (replica);
  keep->file = file ? g_object_ref (file) : NULL;
  keep->bytes = bytes ? g_bytes_ref (bytes) : NULL;
  keep->name = g_utf8_make_valid (name, -1);
  return dex_scheduler_spawn (NULL, 0, keep_fiber, keep, keep_free);
}

DexFuture *
tl_upload_keep_file (TlReplica *replica, GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);

  return start (replica, file, NULL, name);
}

DexFuture *
tl_upload_keep (TlReplica *replica, GBytes *bytes, const char *name)
{
  return start (replica, NULL, bytes, name);
}

/* --- sending ------------------------------------------------------------------------------------- */

typedef struct {
  char *blob_id, *type;
  gint64 size;
  gint64 waiting; /* bytes of all that wait */
  const char *refusal;
} Sending;

static void
sending_free (gpointer data)
{
  Sending *sending = data;

  g_free (sending->blob_id);
  g_free (sending->type);
  g_free (sending);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sending, sending_free)

/* A reader's: the next to be sent, its id NULL when there is none. */
static gpointer
find_next (TlDb *db, gpointer data, GError **error)
{
  g_autoptr (Sending) sending = g_new0 (Sending, 1);
  sqlite3_stmt *next = tl_db_statement (db, SQL, "next");
  sqlite3_stmt *sum = tl_db_statement (db, SQL, "waiting-size");
  g_autoptr (GError) cause = NULL;

  if (tl_db_step (db, next, &cause)) {
    sending->blob_id = g_strdup ((const char *)sqlite3_column_text (next, 0));
    sending->type = g_strdup ((const char *)sqlite3_column_text (next, 1));
    sending->size = sqlite3_column_int64 (next, 2);
    sqlite3_reset (next);
    if (tl_db_step (db, sum, &cause))
      sending->waiting = sqlite3_column_int64 (sum, 0);
    sqlite3_reset (sum);
  }
  if (cause == NULL)
    return g_steal_pointer (&sending);
  g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}

static gboolean
mark_sent (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  const Sending *sending = data;
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "sent");

  sqlite3_bind_text (statement, 1, sending->blob_id, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, g_get_real_time () / 1000);
  return tl_db_run (db, statement, error);
}

static gboolean
refuse_named (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  const Sending *sending = data;
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "named");
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) cause = NULL;

  sqlite3_bind_text (statement, 1, sending->blob_id, -1, SQLITE_STATIC);
  while (tl_db_step (db, statement, &cause)) {
    gint64 id = sqlite3_column_int64 (statement, 0);
    g_array_append_val (ids, id);
  }
  for (guint i = 0; cause == NULL && i < ids->len; i++) {
    g_autoptr (TlOp) op = tl_op_get (db, g_array_index (ids, gint64, i), &cause);
    if (op)
      tl_outbox_refuse (db, changes, op, "upload", sending->refusal, &cause);
  }
  if (cause == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static GBytes *
load_blob (TlReplica *replica, const char *blob_id, GError **error)
{
  g_autofree char *path = g_build_filename (tl_replica_dir (replica), "uploads", blob_id, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  return dex_await_boxed (dex_file_load_contents_bytes (file), error);
}

typedef struct {
  void (*tell) (double fraction, gpointer data);
  gpointer data;
  gint64 total, sent; /* bytes of all, and of those before this one */
} Progress;

static void
tell_progress (gsize bytes, gpointer data)
{
  const Progress *self = data;

  if (self->tell)
    self->tell ((double)(self->sent + (gint64)bytes) / (double)MAX (self->total, 1), self->data);
}

static gboolean
send_bytes (TlRemote *remote, GBytes *bytes, const char *type, Progress *progress, GError **error)
{
  return g_bytes_get_size (bytes) > AT_ONCE
             ? tl_remote_upload_in_pieces (remote, bytes, type, tell_progress, progress, error)
             : dex_await (tl_remote_upload (remote, bytes, type), error);
}

/* FALSE when sending has to wait. */
static gboolean
send_one (TlReplica *replica, TlRemote *remote, Sending *sending, Progress *progress,
          GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GBytes) bytes = load_blob (replica, sending->blob_id, NULL);

  if (bytes == NULL) {
    sending->refusal = _ ("The file is not on this computer any more");
    return dex_await (tl_replica_write (replica, refuse_named, sending, NULL), error);
  }
  if (send_bytes (remote, bytes, sending->type, progress, &cause))
    return dex_await (tl_replica_write (replica, mark_sent, sending, NULL), error);
  if (!g_error_matches (cause, TL_REMOTE_ERROR, TL_REMOTE_ERROR_REFUSED) &&
      !g_error_matches (cause, TL_REMOTE_ERROR, TL_REMOTE_ERROR_TOO_LARGE)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  sending->refusal = cause->message;
  return dex_await (tl_replica_write (replica, refuse_named, sending, NULL), error);
}

gboolean
tl_uploads_send (TlReplica *replica, TlRemote *remote,
                 void (*progress) (double fraction, gpointer data), gpointer data, GError **error)
{
  Progress so_far = { .tell = progress, .data = data };

  for (;;) {
    g_autoptr (Sending) sending =
        dex_await_pointer (tl_replica_read (replica, find_next, NULL, NULL, sending_free), error);

    if (sending == NULL)
      return FALSE;
    so_far.total = MAX (so_far.total, sending->waiting);
    so_far.sent = so_far.total - sending->waiting;
    if (sending->blob_id || so_far.total > 0)
      tell_progress (0, &so_far);
    if (sending->blob_id == NULL)
      return TRUE;
    if (!send_one (replica, remote, sending, &so_far, error))
      return FALSE;
  }
}

gboolean
tl_uploads_hold (TlDb *db, const char *body)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "holds");
  gboolean holds;

  sqlite3_bind_text (statement, 1, body, -1, SQLITE_STATIC);
  holds = tl_db_step (db, statement, NULL);
  sqlite3_reset (statement);
  return holds;
}

/* --- forgetting ---------------------------------------------------------------------------------- */

static gboolean
forget_rows (TlDb *db, TlChanges *changes, gpointer data, GError **error)
{
  GPtrArray *blobs = data;
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "clean");
  g_autoptr (GError) cause = NULL;

  sqlite3_bind_int64 (statement, 1, g_get_real_time () / 1000 - KEEP_MS);
  while (tl_db_step (db, statement, &cause))
    g_ptr_array_add (blobs, g_strdup ((const char *)sqlite3_column_text (statement, 0)));
  if (cause == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

void
tl_uploads_clean (TlReplica *replica)
{
  g_autoptr (GPtrArray) blobs = g_ptr_array_new_with_free_func (g_free);

  if (!dex_await (tl_replica_write (replica, forget_rows, blobs, NULL), NULL))
    return;
  for (guint i = 0; i < blobs->len; i++) {
    g_autofree char *path = tl_upload_path (tl_replica_dir (replica), blobs->pdata[i]);
    if (path)
      g_unlink (path);
  }
}
