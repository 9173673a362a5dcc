/* resumable.c: see the header. Pieces lie in the database until all are there, so that any process goes on with them and
 * none is lost with one; then they are put together, compared with what was announced, and kept as any upload. A piece
 * counts when its row is committed. Any worker thread. */
#include "server/services/storage/resumable.h"

#include "server/jmap/type.h"
#include "server/services/storage/storage-private.h"

#include <string.h>

#define SQL "storage/storage.sql"
#define PART_MIN 65536 /* but for the last */
#define DIGEST "sha-256=:"
#define MISMATCH "https://iana.org/assignments/http-problem-types#mismatching-upload-offset"

typedef struct {
  gint64 account;
  char *key; /* the account's, for SQL */
  char *id;
} Upload;

static void
upload_clear (Upload *self)
{
  g_free (self->key);
  g_free (self->id);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Upload, upload_clear)

/* FALSE when it has answered. */
static gboolean
find_upload (TlRequest *request, Upload *self)
{
  g_auto (GStrv) parts = g_strsplit (request->rest, "/", 2);

  self->account = tl_storage_check_account (request, parts[0] ? parts[0] : "");
  if (self->account == 0)
    return FALSE;
  if (g_strv_length (parts) != 2 || !g_uuid_string_is_valid (parts[1])) {
    tl_storage_answer_problem (request, 404, "There is no such upload.");
    return FALSE;
  }
  self->key = g_strdup_printf ("%" G_GINT64_FORMAT, self->account);
  self->id = g_strdup (parts[1]);
  return TRUE;
}

static gboolean
read_number (TlRequest *request, const char *name, gint64 *number)
{
  const char *text = tl_request_header (request, name);
  guint64 value;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &value, NULL))
    return FALSE;
  *number = (gint64)value;
  return TRUE;
}

static gboolean
says (TlRequest *request, const char *value)
{
  return g_strcmp0 (tl_request_header (request, "Upload-Complete"), value) == 0;
}

/* The blob's id, of "Repr-Digest: sha-256=:BASE64:"; NULL for none. */
static char *
announced (TlRequest *request)
{
  const char *header = tl_request_header (request, "Repr-Digest");
  const char *at = header ? strstr (header, DIGEST) : NULL;
  const char *end = at ? strchr (at + strlen (DIGEST), ':') : NULL;
  g_autofree char *base64 =
      end ? g_strndup (at + strlen (DIGEST), (gsize)(end - at) - strlen (DIGEST)) : NULL;
  g_autofree guchar *digest = NULL;
  GString *id;
  gsize size = 0;

  if (base64 == NULL || *base64 == '\0')
    return NULL;
  digest = g_base64_decode (base64, &size);
  if (size != 32)
    return NULL;
  id = g_string_new ("b");
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (id, "%02x", digest[i]);
  return g_string_free (id, FALSE);
}

static void
set_offset (TlRequest *request, gint64 offset, gboolean is_complete)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, offset);

  tl_request_set_header (request, "Upload-Offset", number);
  tl_request_set_header (request, "Upload-Complete", is_complete ? "?1" : "?0");
  tl_request_set_header (request, "Cache-Control", "no-store");
}

/* --- begin --------------------------------------------------------------------------------------- */

gboolean
tl_resumable_is_begun (TlRequest *request)
{
  return says (request, "?0");
}

static void
answer_begun (TlRequest *request, gint64 account, PGresult *row, const char *blob, const char *type,
              gint64 size)
{
  g_autofree char *place = NULL;

  if (*PQgetvalue (row, 0, 1) == 't') {
    set_offset (request, size, TRUE);
    tl_storage_answer_uploaded (request, account, blob, type, size);
    return;
  }
  place =
      g_strdup_printf ("/jmap/upload/t%" G_GINT64_FORMAT "/%s", account, PQgetvalue (row, 0, 0));
  request->status = 201;
  tl_request_set_header (request, "Location", place);
  set_offset (request, g_ascii_strtoll (PQgetvalue (row, 0, 2), NULL, 10), FALSE);
}

static void
begin (TlRequest *request, gint64 account, const char *blob, gint64 size)
{
  const TlConfig *config = request->server->config;
  const char *type = tl_storage_media_type (request);
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT, account);
  g_autofree char *length = g_strdup_printf ("%" G_GINT64_FORMAT, size);
  g_autofree char *files = g_strdup_printf ("%" G_GINT64_FORMAT, config->max_files);
  g_autofree char *octets = g_strdup_printf ("%" G_GINT64_FORMAT, config->max_octets);
  const char *args[] = { key, blob, length, type, files, octets };
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) row = tl_pg_query (request->pg, "storage-begin-upload",
                                          tl_sql (SQL, "begin-upload"), 6, args, &error);

  if (row == NULL)
    tl_storage_answer_error (request, error);
  else if (PQntuples (row) == 0)
    tl_request_problem (request, 413, TL_URN_LIMIT,
                        "Your uploads would be more than a person may have here.", "quota");
  else
    answer_begun (request, account, row, blob, type, size);
}

void
tl_resumable_begin (TlRequest *request, gint64 account)
{
  g_autofree char *blob = announced (request);
  gint64 size = 0;

  if (!read_number (request, "Upload-Length", &size) || size == 0 || blob == NULL ||
      g_bytes_get_size (request->body) > 0)
    tl_storage_answer_problem (request, 400,
                               "An upload in pieces says Upload-Length and Repr-Digest (sha-256), "
                               "and begins without a body.");
  else if ((guint64)size > request->server->config->max_upload)
    tl_request_problem (request, 413, TL_URN_LIMIT, "The file is larger than the server takes.",
                        "maxSizeUpload");
  else
    begin (request, account, blob, size);
}

/* --- look and end -------------------------------------------------------------------------------- */

/* The one row of statement `name` about it; NULL when it has answered. */
static PGresult *
ask (TlRequest *request, const Upload *self, const char *prepared, const char *name)
{
  const char *args[] = { self->key, self->id };
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) row =
      tl_pg_query (request->pg, prepared, tl_sql (SQL, name), 2, args, &error);

  if (row && PQntuples (row) == 1)
    return g_steal_pointer (&row);
  if (row)
    tl_storage_answer_problem (request, 404, "There is no such upload (any more).");
  else
    tl_storage_answer_error (request, error);
  return NULL;
}

void
tl_resumable_look (TlRequest *request)
{
  g_auto (Upload) self = { 0 };
  g_autoptr (PGresult) row = NULL;

  if (!find_upload (request, &self) ||
      !(row = ask (request, &self, "storage-find-upload", "find-upload")))
    return;
  request->status = 204;
  set_offset (request, g_ascii_strtoll (PQgetvalue (row, 0, 0), NULL, 10), FALSE);
  tl_request_set_header (request, "Upload-Length", PQgetvalue (row, 0, 1));
}

void
tl_resumable_end (TlRequest *request)
{
  g_auto (Upload) self = { 0 };
  g_autoptr (PGresult) row = NULL;

  if (find_upload (request, &self) &&
      (row = ask (request, &self, "storage-end-upload", "end-upload")))
    request->status = 204;
}

/* --- append -------------------------------------------------------------------------------------- */

/* All pieces in order, one at a time; NULL on error. */
static GBytes *
put_together (TlRequest *request, const Upload *self, gint64 size, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_sized_new ((guint)size);

  while (bytes->len < size) {
    g_autofree char *at = g_strdup_printf ("%u", bytes->len);
    g_autoptr (PGresult) row =
        tl_pg_query (request->pg, "storage-upload-part", tl_sql (SQL, "upload-part"), 2,
                     (const char *const[]){ self->id, at }, error);
    g_autofree guchar *part = NULL;
    gsize length;

    if (row == NULL)
      return NULL;
    if (PQntuples (row) == 0) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "upload %s has nothing at %s", self->id,
                   at);
      return NULL;
    }
    part = g_base64_decode (PQgetvalue (row, 0, 0), &length);
    g_byte_array_append (bytes, part, (guint)length);
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static void
finish (TlRequest *request, const Upload *self, const char *blob, const char *type, gint64 size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = put_together (request, self, size, &error);
  g_autofree char *found = bytes ? tl_blob_id (bytes) : NULL;
  g_autofree char *kept = NULL;
  const char *args[] = { self->key, self->id };
  gboolean is_same = g_strcmp0 (found, blob) == 0;

  if (is_same)
    kept = tl_storage_keep (request->server, request->pg, self->account, bytes, type, &error);
  if (bytes == NULL || (is_same && kept == NULL)) {
    tl_storage_answer_error (request, error);
    return;
  }
  if (!tl_pg_run (request->pg, "storage-end-upload", tl_sql (SQL, "end-upload"), 2, args, &error)) {
    tl_storage_answer_error (request, error);
    return;
  }
  if (!is_same) {
    tl_storage_answer_problem (request, 400,
                               "What came is not what was announced; it was thrown away.");
    return;
  }
  set_offset (request, size, TRUE);
  tl_storage_answer_uploaded (request, self->account, kept, type, size);
}

static void
answer_mismatch (TlRequest *request, gint64 done)
{
  tl_request_problem (request, 409, MISMATCH,
                      "The upload is elsewhere, or longer than was announced; ask where.", NULL);
  set_offset (request, done, FALSE);
}

static void
answer_appended (TlRequest *request, const Upload *self, PGresult *row)
{
  gint64 done = g_ascii_strtoll (PQgetvalue (row, 0, 1), NULL, 10);
  gint64 size = g_ascii_strtoll (PQgetvalue (row, 0, 2), NULL, 10);

  if (*PQgetvalue (row, 0, 0) != 't') {
    answer_mismatch (request, done);
  } else if (!says (request, "?1")) {
    request->status = 204;
    set_offset (request, done, FALSE);
  } else if (done == size) {
    finish (request, self, PQgetvalue (row, 0, 3), PQgetvalue (row, 0, 4), size);
  } else {
    tl_storage_answer_problem (request, 400, "The upload is shorter than was announced.");
    set_offset (request, done, FALSE);
  }
}

void
tl_resumable_append (TlRequest *request)
{
  g_auto (Upload) self = { 0 };
  g_autofree char *at = NULL;
  g_autofree char *data = NULL;
  g_autoptr (PGresult) row = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;
  const guchar *bytes = g_bytes_get_data (request->body, &size);
  gint64 offset;

  if (!find_upload (request, &self))
    return;
  if (!read_number (request, "Upload-Offset", &offset) ||
      (size < PART_MIN && !says (request, "?1"))) {
    tl_storage_answer_problem (request, 400,
                               "A piece says its Upload-Offset, and has 64 KB unless it is the "
                               "last (Upload-Complete: ?1).");
    return;
  }
  at = g_strdup_printf ("%" G_GINT64_FORMAT, offset);
  data = g_base64_encode (bytes, size);
  row = tl_pg_query (request->pg, "storage-append-upload", tl_sql (SQL, "append-upload"), 4,
                     (const char *const[]){ self.key, self.id, at, data }, &error);
  if (row == NULL)
    tl_storage_answer_error (request, error);
  else if (PQntuples (row) == 0)
    tl_storage_answer_problem (request, 404, "There is no such upload (any more).");
  else
    answer_appended (request, &self, row);
}
