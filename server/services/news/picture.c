/* picture.c: GET /media/{hash}: a picture of an article, fetched when it is first looked at.
 *
 * Readers never go to the picture's own server, which so learns nothing of them. Only what looks like a
 * picture by its first bytes is kept; what failed is not tried again for an hour. Slow workers. */
#include "server/services/news/fetch.h"
#include "server/services/news/news.h"
#include "server/services/storage/scaled.h"
#include "server/services/storage/storage.h"
#include "server/services/user/tokens.h"

#include <string.h>
#include <unistd.h>

#define MAX_BYTES (8 * 1024 * 1024)
#define ACCEPT "image/avif, image/webp, image/png, image/jpeg, image/gif"

static const struct {
  const char *type;
  guint at;
  const char *bytes;
  guint length;
} kinds[] = {
  { "image/png", 0, "\211PNG\r\n\032\n", 8 },
  { "image/jpeg", 0, "\377\330\377", 3 },
  { "image/gif", 0, "GIF87a", 6 },
  { "image/gif", 0, "GIF89a", 6 },
  { "image/webp", 8, "WEBPVP8", 7 },
  { "image/avif", 4, "ftypavif", 8 },
  { "image/avif", 4, "ftypavis", 8 },
};

static const char *
sniff (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (size >= kinds[i].at + kinds[i].length &&
        memcmp (data + kinds[i].at, kinds[i].bytes, kinds[i].length) == 0)
      return kinds[i].type;
  return NULL;
}

/* The same text, for as long as the answer takes. */
static const char *
static_type (const char *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].type, type))
      return kinds[i].type;
  return "application/octet-stream";
}

static void
answer_problem (TlRequest *request, guint status, const char *detail)
{
  tl_request_problem (request, status, "about:blank", detail, NULL);
}

static void
answer_store_error (TlRequest *request, const GError *error)
{
  g_warning ("%s %s: %s (request %s)", request->method, request->path, error->message, request->id);
  if (g_error_matches (error, TL_PG_ERROR, TL_PG_ERROR_AWAY))
    answer_problem (request, 503, "The database is away for a moment; try again.");
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    answer_problem (request, 415, "This picture cannot be made smaller; ask for it as it is.");
  else
    answer_problem (request, 500, "The picture could not be handled; the server's log says why.");
}

static void
describe_answer (TlRequest *request, const char *type)
{
  request->status = 200;
  request->type = static_type (type);
  tl_request_set_header (request, "Cache-Control", "private, immutable, max-age=31536000");
  tl_request_set_header (request, "X-Content-Type-Options", "nosniff");
  tl_request_set_header (request, "Content-Security-Policy", "default-src 'none'; sandbox");
}

/* At the size that is asked for. */
static void
answer_scaled (TlRequest *request, const char *blob, guint size)
{
  g_autoptr (GError) error = NULL;
  const char *type;
  int fd = tl_scaled_open (request->server, request->pg, blob, size, &type, &error);

  if (fd < 0) {
    answer_store_error (request, error);
    return;
  }
  describe_answer (request, type);
  request->answer_fd = fd;
}

/* FALSE when the blob is not there any more. */
static gboolean
answer_kept (TlRequest *request, const char *blob, const char *type, guint pixels)
{
  TlBlobs *blobs = request->server->blobs;
  g_autoptr (GError) error = NULL;
  gsize size;
  int fd = blobs->class->open (blobs, blob, &size, &error);

  if (fd < 0)
    return FALSE;
  if (pixels) {
    close (fd);
    answer_scaled (request, blob, pixels);
    return TRUE;
  }
  describe_answer (request, type);
  request->answer_fd = fd;
  return TRUE;
}

/* --- fetching ------------------------------------------------------------------------------------- */

static gboolean
keep (TlRequest *request, const char *hash, GBytes *bytes, const char *type, GError **error)
{
  g_autofree char *blob = tl_blob_id (bytes);
  g_autofree char *size = g_strdup_printf ("%" G_GSIZE_FORMAT, g_bytes_get_size (bytes));
  const char *args[] = { hash, blob, size, type };
  g_autoptr (PGresult) kept = NULL;

  if (!tl_storage_begin_put (request->server, request->pg, blob, bytes, error))
    return FALSE;
  kept = tl_news_query (request->pg, "picture-keep", 4, args, error);
  if (kept && tl_pg_commit (request->pg, error))
    return TRUE;
  tl_pg_rollback (request->pg);
  return FALSE;
}

static void
answer_failed (TlRequest *request, const char *hash, const char *sentence)
{
  const char *args[] = { hash, sentence };
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) noted = tl_news_query (request->pg, "picture-failed", 2, args, &error);

  if (noted)
    answer_problem (request, 502, sentence);
  else
    answer_store_error (request, error);
}

static void
fetch_and_answer (TlRequest *request, const char *hash, const char *url, guint pixels)
{
  TlFetchOptions options = { .accept = ACCEPT,
                             .max_size = MAX_BYTES,
                             .allow_private = request->server->config->allow_private_feeds };
  g_autoptr (GError) error = NULL;
  g_autoptr (TlFetched) fetched = tl_fetch (url, &options, NULL, &error);
  const char *type = fetched ? sniff (fetched->body) : NULL;

  if (fetched == NULL) {
    answer_failed (request, hash, error->message);
  } else if (type == NULL) {
    answer_failed (request, hash, "What stands at the picture's address is not a picture");
  } else if (!keep (request, hash, fetched->body, type, &error)) {
    answer_store_error (request, error);
  } else if (pixels) {
    g_autofree char *blob = tl_blob_id (fetched->body);

    answer_scaled (request, blob, pixels);
  } else {
    describe_answer (request, type);
    request->answer = g_bytes_ref (fetched->body);
  }
}

/* --- the route -------------------------------------------------------------------------------------- */

static gboolean
is_hash (const char *text)
{
  return strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

/* Answers and gives FALSE when the request won't do. */
static gboolean
check (TlRequest *request)
{
  const char *authorization = tl_request_header (request, "Authorization");

  if (tl_tokens_account (request->server->tokens, authorization) == 0) {
    tl_request_set_header (request, "WWW-Authenticate", "Bearer");
    answer_problem (request, 401, "Sign in first: the access token is missing or ran out.");
    return FALSE;
  }
  if (!is_hash (request->rest)) {
    answer_problem (request, 404, "There is no such picture.");
    return FALSE;
  }
  if (request->pg == NULL) {
    tl_request_set_header (request, "Retry-After", "5");
    answer_problem (request, 503, "The database is away for a moment; try again.");
    return FALSE;
  }
  return TRUE;
}

void
tl_news_picture (TlRequest *request)
{
  enum { URL, BLOB, TYPE, WHY, IS_RECENT };
  const char *hash = request->rest;
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) found = NULL;
  gboolean is_scaled;
  guint pixels = tl_scaled_wanted (request, &is_scaled);

  if (!check (request))
    return;
  if (is_scaled && pixels == 0) {
    answer_problem (request, 400, "A picture's size is " TL_SCALED_SIZES ".");
    return;
  }
  found = tl_news_query (request->pg, "picture", 1, &hash, &error);
  if (found == NULL) {
    answer_store_error (request, error);
    return;
  }
  if (PQntuples (found) == 0) {
    answer_problem (request, 404, "There is no such picture.");
    return;
  }
  if (!PQgetisnull (found, 0, BLOB) &&
      answer_kept (request, PQgetvalue (found, 0, BLOB), PQgetvalue (found, 0, TYPE), pixels))
    return;
  if (!PQgetisnull (found, 0, WHY) && PQgetvalue (found, 0, IS_RECENT)[0] == 't')
    answer_problem (request, 502, PQgetvalue (found, 0, WHY));
  else
    fetch_and_answer (request, hash, PQgetvalue (found, 0, URL), pixels);
}
