/* remote-uploads.c: a large file in pieces (docs/protocol.md, "Uploads in pieces"). It is begun by saying which bytes it
 * is, and the server says where it goes on: nothing has to be remembered here between two tries, or two starts of the
 * program. Fibers on the main context. */
#include "sync/remote-private.h"

#include <string.h>

#define PIECE (1024 * 1024)
#define UPLOADS "/jmap/upload/"
#define MAX_ANSWER 65536
#define SURPRISES 10 /* that the upload is elsewhere, or gone */

typedef struct {
  TlRemote *remote;
  GBytes *bytes;
  const char *type;
  char *place; /* NULL: not begun */
  gsize done;
  guint surprises;
} Upload;

static char *
digest_of (GBytes *bytes)
{
  GChecksum *checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *base64 = NULL;
  guint8 digest[32];
  gsize size = sizeof digest, length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  g_checksum_update (checksum, data, (gssize)length);
  g_checksum_get_digest (checksum, digest, &size);
  g_checksum_free (checksum);
  base64 = g_base64_encode (digest, size);
  return g_strdup_printf ("sha-256=:%s:", base64);
}

static gboolean
refuse_answer (GError **error)
{
  g_set_error_literal (error, TL_REMOTE_ERROR, TL_REMOTE_ERROR_PROTOCOL,
                       "The server's answer to an upload in pieces is none");
  return FALSE;
}

/* Where the server says it is; FALSE when it does not, or that cannot be. */
static gboolean
read_offset (Upload *self, SoupMessage *message)
{
  const char *text =
      soup_message_headers_get_one (soup_message_get_response_headers (message), "Upload-Offset");
  guint64 offset;

  if (text == NULL ||
      !g_ascii_string_to_unsigned (text, 10, 0, g_bytes_get_size (self->bytes), &offset, NULL))
    return FALSE;
  self->done = (gsize)offset;
  return TRUE;
}

static gboolean
is_complete (SoupMessage *message)
{
  return g_strcmp0 (soup_message_headers_get_one (soup_message_get_response_headers (message),
                                                  "Upload-Complete"),
                    "?1") == 0;
}

/* --- begin --------------------------------------------------------------------------------------- */

static SoupMessage *
begin_message (Upload *self, GError **error)
{
  g_autofree char *path = g_strconcat (UPLOADS, self->remote->account_id, NULL);
  g_autofree char *digest = digest_of (self->bytes);
  g_autofree char *size = g_strdup_printf ("%" G_GSIZE_FORMAT, g_bytes_get_size (self->bytes));
  SoupMessage *message = tl_remote_message (self->remote, "POST", path, NULL, NULL, error);
  SoupMessageHeaders *headers;

  if (message == NULL)
    return NULL;
  headers = soup_message_get_request_headers (message);
  soup_message_headers_replace (headers, "Content-Type", self->type);
  soup_message_headers_replace (headers, "Upload-Complete", "?0");
  soup_message_headers_replace (headers, "Upload-Length", size);
  soup_message_headers_replace (headers, "Repr-Digest", digest);
  return message;
}

static gboolean
take_begun (Upload *self, SoupMessage *message, GError **error)
{
  const char *place =
      soup_message_headers_get_one (soup_message_get_response_headers (message), "Location");

  if (!read_offset (self, message))
    return refuse_answer (error);
  if (is_complete (message))
    return TRUE;
  if (place == NULL || !g_str_has_prefix (place, UPLOADS))
    return refuse_answer (error);
  g_set_str (&self->place, place);
  return TRUE;
}

/* --- a piece ------------------------------------------------------------------------------------- */

static SoupMessage *
piece_message (Upload *self, GError **error)
{
  gsize size = g_bytes_get_size (self->bytes);
  gsize length = MIN (PIECE, size - self->done);
  g_autoptr (GBytes) piece = g_bytes_new_from_bytes (self->bytes, self->done, length);
  g_autofree char *at = g_strdup_printf ("%" G_GSIZE_FORMAT, self->done);
  SoupMessage *message = tl_remote_message (self->remote, "PATCH", self->place,
                                            "application/partial-upload", piece, error);
  SoupMessageHeaders *headers;

  if (message == NULL)
    return NULL;
  headers = soup_message_get_request_headers (message);
  soup_message_headers_replace (headers, "Upload-Offset", at);
  soup_message_headers_replace (headers, "Upload-Complete",
                                self->done + length == size ? "?1" : "?0");
  return message;
}

static gboolean
take_appended (Upload *self, SoupMessage *message, GError **error)
{
  gsize before = self->done;

  if (!read_offset (self, message) || (self->done <= before && !is_complete (message)))
    return refuse_answer (error);
  if (is_complete (message))
    g_clear_pointer (&self->place, g_free);
  return TRUE;
}

/* It is elsewhere than was thought, or forgotten: neither is an error, but for a server that says so for ever. */
static gboolean
is_surprise (Upload *self, SoupMessage *message)
{
  guint status = soup_message_get_status (message);

  if ((status != 409 && status != 404) || ++self->surprises > SURPRISES)
    return FALSE;
  if (status == 409)
    return read_offset (self, message);
  g_clear_pointer (&self->place, g_free);
  self->done = 0;
  return TRUE;
}

/* --- all of it ----------------------------------------------------------------------------------- */

/* One request: what begins it, or the next piece. */
static gboolean
go_on (Upload *self, GError **error)
{
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GError) cause = NULL;
  gboolean is_begun = self->place != NULL;

  if (!tl_remote_ensure_token (self->remote, error))
    return FALSE;
  message = is_begun ? piece_message (self, error) : begin_message (self, error);
  if (message == NULL)
    return FALSE;
  tl_remote_authorize (self->remote, message);
  answer = tl_remote_exchange (self->remote, message, MAX_ANSWER, &cause);
  if (answer)
    return is_begun ? take_appended (self, message, error) : take_begun (self, message, error);
  if (is_begun && is_surprise (self, message))
    return TRUE;
  if (g_error_matches (cause, TL_REMOTE_ERROR, TL_REMOTE_ERROR_SIGN_IN) && ++self->surprises <= 1) {
    self->remote->access_until = 0;
    return TRUE;
  }
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

gboolean
tl_remote_upload_in_pieces (TlRemote *self, GBytes *bytes, const char *type,
                            void (*sent) (gsize bytes, gpointer data), gpointer data,
                            GError **error)
{
  Upload upload = { .remote = self, .bytes = bytes, .type = type };
  gboolean done = TRUE;

  do {
    done = go_on (&upload, error);
    if (done && sent)
      sent (upload.done, data);
  } while (done && (upload.place || upload.done < g_bytes_get_size (bytes)));
  g_free (upload.place);
  return done;
}
