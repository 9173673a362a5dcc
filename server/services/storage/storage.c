/* storage.c: the two routes of blobs. Bytes are durable before their row is, so that a row never
 * names a file that is not there. Handlers: any worker thread. */
#include "server/services/storage/storage.h"

#include "server/jmap/type.h"
#include "server/services/storage/resumable.h"
#include "server/services/storage/scaled.h"
#include "server/services/storage/storage-private.h"
#include "server/services/user/tokens.h"
#include "sync/wire/field.h"

#include <string.h>
#include <unistd.h>

#define ANY_TYPE "application/octet-stream"
#define TYPE_MAX 127

void
tl_storage_answer_problem (TlRequest *request, guint status, const char *detail)
{
  tl_request_problem (request, status, "about:blank", detail, NULL);
}

static void
answer_away (TlRequest *request)
{
  tl_request_set_header (request, "Retry-After", "5");
  tl_storage_answer_problem (request, 503, "The server's store is away for a moment; try again.");
}

void
tl_storage_answer_error (TlRequest *request, const GError *error)
{
  g_warning ("%s %s: %s (request %s)", request->method, request->path, error->message, request->id);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE) ||
      g_error_matches (error, TL_PG_ERROR, TL_PG_ERROR_FULL))
    tl_storage_answer_problem (request, 507,
                               "The server's disk is full; its administrator has to make room.");
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    tl_storage_answer_problem (request, 415,
                               "This is no picture that can be made smaller; ask for it as it is.");
  else if (g_error_matches (error, TL_PG_ERROR, TL_PG_ERROR_AWAY) ||
           g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY))
    answer_away (request);
  else
    tl_storage_answer_problem (request, 500,
                               "The file could not be handled; the server's log says why.");
}

gint64
tl_storage_check_account (TlRequest *request, const char *id)
{
  const char *authorization = tl_request_header (request, "Authorization");
  gint64 account = tl_tokens_account (request->server->tokens, authorization);
  gint64 named;

  if (account == 0) {
    tl_request_set_header (request, "WWW-Authenticate", "Bearer");
    tl_storage_answer_problem (request, 401,
                               "Sign in first: the access token is missing or ran out.");
    return 0;
  }
  if (!tl_id_parse (id, &named) || named != account) {
    tl_storage_answer_problem (request, 404, "There is no such account of yours.");
    return 0;
  }
  if (request->pg == NULL) {
    answer_away (request);
    return 0;
  }
  return account;
}

/* --- up ---------------------------------------------------------------------------------------- */

const char *
tl_storage_media_type (TlRequest *request)
{
  const char *type = tl_request_header (request, "Content-Type");

  if (type == NULL || !strchr (type, '/') || strlen (type) > TYPE_MAX)
    return ANY_TYPE;
  for (const char *at = type; *at; at++)
    if (!g_ascii_isprint (*at))
      return ANY_TYPE;
  return type;
}

void
tl_storage_answer_uploaded (TlRequest *request, gint64 account, const char *blob, const char *type,
                            gint64 size)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *id = g_strdup_printf ("t%" G_GINT64_FORMAT, account);

  json_object_set_string_member (object, "accountId", id);
  json_object_set_string_member (object, "blobId", blob);
  json_object_set_string_member (object, "type", type);
  json_object_set_int_member (object, "size", size);
  json_node_set_object (node, object);
  tl_request_answer_json (request, 201, json_to_string (node, FALSE));
}

void
tl_storage_upload (TlRequest *request)
{
  gint64 account = tl_storage_check_account (request, request->rest);
  const char *type = tl_storage_media_type (request);
  g_autofree char *blob = NULL;
  g_autoptr (GError) error = NULL;

  if (account == 0)
    return;
  if (tl_resumable_is_begun (request)) {
    tl_resumable_begin (request, account);
    return;
  }
  if (g_bytes_get_size (request->body) > request->server->config->max_upload) {
    tl_request_problem (request, 413, TL_URN_LIMIT, "The file is larger than the server takes.",
                        "maxSizeUpload");
    return;
  }
  blob = tl_storage_keep (request->server, request->pg, account, request->body, type, &error);
  if (blob)
    tl_storage_answer_uploaded (request, account, blob, type,
                                (gint64)g_bytes_get_size (request->body));
  else if (g_error_matches (error, TL_SET_ERROR, TL_SET_ERROR_OVER_QUOTA))
    tl_request_problem (request, 413, TL_URN_LIMIT, error->message, "quota");
  else
    tl_storage_answer_error (request, error);
}

/* --- down -------------------------------------------------------------------------------------- */

/* Types that nothing executes; any other is sent as bytes. */
static const char *
harmless_type (const char *wanted)
{
  static const char *const types[] = {
    "image/png",       "image/jpeg", "image/gif",  "image/webp",      "image/avif",
    "audio/mpeg",      "audio/ogg",  "video/mp4",  "video/webm",      "text/plain",
    "application/pdf", "text/csv",   "audio/flac", "application/zip", "text/calendar",
  };

  for (guint i = 0; wanted && i < G_N_ELEMENTS (types); i++)
    if (g_ascii_strcasecmp (wanted, types[i]) == 0)
      return types[i];
  return ANY_TYPE;
}

/* Content-Disposition with the name in both of its forms (RFC 6266, appendix D). */
static char *
disposition (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  g_autofree char *escaped = g_uri_escape_string (valid, NULL, FALSE);
  g_autofree char *plain = g_strdup (valid);

  g_strcanon (plain, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-()", '_');
  return g_strdup_printf ("attachment; filename=\"%s\"; filename*=UTF-8''%s", plain, escaped);
}

static void
answer_file (TlRequest *request, int fd, const char *name, const char *type)
{
  g_autofree char *value = disposition (name);

  request->status = 200;
  request->type = type;
  request->answer_fd = fd;
  tl_request_set_header (request, "Content-Disposition", value);
  tl_request_set_header (request, "Content-Security-Policy", "default-src 'none'; sandbox");
  tl_request_set_header (request, "Cache-Control", "private, immutable, max-age=31536000");
}

static void
answer_unreadable (TlRequest *request, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    tl_storage_answer_problem (request, 404, "There is no such file, or it is not yours to read.");
  else
    tl_storage_answer_error (request, error);
}

/* To where the file lies, for who may read it. */
static void
redirect (TlRequest *request, gint64 account, const char *blob, const char *name)
{
  TlBlobs *blobs = request->server->blobs;
  const char *type = harmless_type (tl_request_query (request, "type"));
  g_autofree char *words = disposition (name);
  g_autofree char *address = NULL;
  g_autoptr (GError) error = NULL;

  if (!tl_storage_may_read (request->pg, account, blob, &error)) {
    answer_unreadable (request, error);
    return;
  }
  address = blobs->class->address (blobs, blob, type, words);
  request->status = 302;
  tl_request_set_header (request, "Location", address);
  tl_request_set_header (request, "Cache-Control", "no-store");
}

static void
answer_scaled (TlRequest *request, gint64 account, const char *blob, const char *name, guint size)
{
  g_autoptr (GError) error = NULL;
  const char *type;
  int fd = -1;

  if (size == 0)
    tl_storage_answer_problem (request, 400, "A picture's size is " TL_SCALED_SIZES ".");
  else if (!tl_storage_may_read (request->pg, account, blob, &error) ||
           (fd = tl_scaled_open (request->server, request->pg, blob, size, &type, &error)) < 0)
    answer_unreadable (request, error);
  else
    answer_file (request, fd, name, type);
}

void
tl_storage_download (TlRequest *request)
{
  g_auto (GStrv) parts = g_strsplit (request->rest, "/", 3);
  gint64 account = tl_storage_check_account (request, parts[0] ? parts[0] : "");
  g_autoptr (GError) error = NULL;
  gboolean is_scaled;
  guint pixels = tl_scaled_wanted (request, &is_scaled);
  gsize size;
  int fd;

  if (account == 0)
    return;
  if (g_strv_length (parts) != 3 || !g_utf8_validate (parts[1], -1, NULL)) {
    tl_storage_answer_problem (request, 404, "A download is /jmap/download/accountId/blobId/name.");
    return;
  }
  if (is_scaled) {
    answer_scaled (request, account, parts[1], parts[2], pixels);
    return;
  }
  if (request->server->blobs->class->address) {
    redirect (request, account, parts[1], parts[2]);
    return;
  }
  fd = tl_storage_open (request->server, request->pg, account, parts[1], &size, &error);
  if (fd >= 0)
    answer_file (request, fd, parts[2], harmless_type (tl_request_query (request, "type")));
  else
    answer_unreadable (request, error);
}
