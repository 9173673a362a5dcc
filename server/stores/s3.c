/* s3.c: one exchange is one libcurl transfer; libcurl signs it. An answer that is an error is XML with a code and a
 * message (“Error Responses” of the S3 API). */
#include "server/stores/s3.h"

#include "server/stores/curl.h"

#include <errno.h>
#include <libxml/parser.h>
#include <string.h>
#include <unistd.h>

#define MAX_ANSWER (1024 * 1024)
#define N_TRIES 4
#define FIRST_PAUSE_MS 100
#define CONNECT_SECONDS 5L
/* Slower than this many bytes a second for this long is no answer. */
#define SLOWEST 1024L
#define SLOWEST_SECONDS 20L

struct _TlS3 {
  char *scheme, *host; /* the host with its port */
  char *region, *access_key, *secret_key;
  gboolean is_path_style;
};

typedef struct {
  CURL *curl;
  int fd;
  gboolean is_written; /* something came that goes to the descriptor */
  gboolean is_too_much;
  GByteArray *body;
  char reason[CURL_ERROR_SIZE];
} Transfer;

TlS3 *
tl_s3_new (const TlS3Account *account, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (account->endpoint, G_URI_FLAGS_NONE, error);
  TlS3 *self;

  if (uri == NULL)
    return NULL;
  if (!g_strv_contains ((const char *const[]){ "http", "https", NULL }, g_uri_get_scheme (uri)) ||
      g_uri_get_host (uri) == NULL || strlen (g_uri_get_path (uri)) > 1) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "“%s” is not an address such as https://s3.example.org", account->endpoint);
    return NULL;
  }
  self = g_new0 (TlS3, 1);
  self->scheme = g_strdup (g_uri_get_scheme (uri));
  self->host = g_uri_get_port (uri) < 0
                   ? g_strdup (g_uri_get_host (uri))
                   : g_strdup_printf ("%s:%d", g_uri_get_host (uri), g_uri_get_port (uri));
  self->region = g_strdup (account->region);
  self->access_key = g_strdup (account->access_key);
  self->secret_key = g_strdup (account->secret_key);
  self->is_path_style = account->is_path_style;
  return self;
}

void
tl_s3_free (TlS3 *self)
{
  g_free (self->scheme);
  g_free (self->host);
  g_free (self->region);
  g_free (self->access_key);
  g_free (self->secret_key);
  g_free (self);
}

void
tl_s3_answer_clear (TlS3Answer *self)
{
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->etag, g_free);
}

/* --- addresses ----------------------------------------------------------------------------------- */

static char *
host_of (TlS3 *self, const char *bucket)
{
  return self->is_path_style ? g_strdup (self->host) : g_strconcat (bucket, ".", self->host, NULL);
}

static char *
path_of (TlS3 *self, const char *bucket, const char *key)
{
  g_autofree char *escaped = key ? g_uri_escape_string (key, "/", FALSE) : g_strdup ("");

  return self->is_path_style ? g_strconcat ("/", bucket, key ? "/" : "", escaped, NULL)
                             : g_strconcat ("/", escaped, NULL);
}

static char *
address_of (TlS3 *self, const TlS3Call *call)
{
  g_autofree char *host = host_of (self, call->bucket);
  g_autofree char *path = path_of (self, call->bucket, call->key);

  return g_strconcat (self->scheme, "://", host, path, call->query ? "?" : "",
                      call->query ? call->query : "", NULL);
}

/* --- one exchange -------------------------------------------------------------------------------- */

static gboolean
write_all (int fd, const char *data, size_t size)
{
  while (size > 0) {
    gssize n = write (fd, data, size);

    if (n < 0 && errno != EINTR)
      return FALSE;
    data += MAX (n, 0);
    size -= (size_t)MAX (n, 0);
  }
  return TRUE;
}

static size_t
take (char *data, size_t size, size_t n, void *user)
{
  Transfer *transfer = user;
  long status = 0;

  curl_easy_getinfo (transfer->curl, CURLINFO_RESPONSE_CODE, &status);
  if (transfer->fd >= 0 && status / 100 == 2) {
    transfer->is_written = TRUE;
    return write_all (transfer->fd, data, size * n) ? size * n : 0;
  }
  transfer->is_too_much = transfer->body->len + size * n > MAX_ANSWER;
  if (transfer->is_too_much)
    return 0;
  g_byte_array_append (transfer->body, (const guint8 *)data, (guint)(size * n));
  return size * n;
}

static struct curl_slist *
headers_of (const TlS3Call *call)
{
  g_autofree char *computed =
      call->hash ? NULL
                 : g_compute_checksum_for_data (G_CHECKSUM_SHA256, call->data ? call->data : "",
                                                call->size);
  g_autofree char *hash =
      g_strconcat ("x-amz-content-sha256: ", call->hash ? call->hash : computed, NULL);
  struct curl_slist *headers = curl_slist_append (NULL, hash);

  headers = curl_slist_append (headers, "Expect:");
  headers = curl_slist_append (headers, "Content-Type: application/octet-stream");
  if (call->md5) {
    g_autofree char *line = g_strconcat ("Content-MD5: ", call->md5, NULL);

    headers = curl_slist_append (headers, line);
  }
  return headers;
}

static void
set_method (CURL *curl, const TlS3Call *call)
{
  if (g_str_equal (call->method, "HEAD")) {
    curl_easy_setopt (curl, CURLOPT_NOBODY, 1L);
    return;
  }
  if (call->data || g_str_equal (call->method, "POST")) {
    curl_easy_setopt (curl, CURLOPT_POSTFIELDS, call->data ? call->data : "");
    curl_easy_setopt (curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->size);
  }
  curl_easy_setopt (curl, CURLOPT_CUSTOMREQUEST, call->method);
}

static void
set_up (TlS3 *self, Transfer *transfer, const TlS3Call *call, const char *address,
        struct curl_slist *headers)
{
  CURL *curl = transfer->curl;

  curl_easy_setopt (curl, CURLOPT_URL, address);
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "http,https");
  tl_curl_sign (curl, self->region, "s3", self->access_key, self->secret_key);
  curl_easy_setopt (curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
  curl_easy_setopt (curl, CURLOPT_LOW_SPEED_LIMIT, SLOWEST);
  curl_easy_setopt (curl, CURLOPT_LOW_SPEED_TIME, SLOWEST_SECONDS);
  curl_easy_setopt (curl, CURLOPT_ERRORBUFFER, transfer->reason);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, transfer);
  if (call->range)
    curl_easy_setopt (curl, CURLOPT_RANGE, call->range);
  set_method (curl, call);
}

static void
read_answer (Transfer *transfer, TlS3Answer *answer)
{
  struct curl_header *etag;
  curl_off_t size = 0;

  curl_easy_getinfo (transfer->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &size);
  answer->size = (guint64)MAX (size, 0);
  answer->body = g_byte_array_free_to_bytes (g_steal_pointer (&transfer->body));
  if (curl_easy_header (transfer->curl, "ETag", 0, CURLH_HEADER, -1, &etag) == CURLHE_OK)
    answer->etag = g_strdup (etag->value);
}

static void
refuse (const TlS3Call *call, long status, GBytes *body, GError **error)
{
  g_autofree char *code = tl_s3_element (body, "Code"), *message = tl_s3_element (body, "Message");
  GIOErrorEnum kind = status == 404                    ? G_IO_ERROR_NOT_FOUND
                      : status == 403                  ? G_IO_ERROR_PERMISSION_DENIED
                      : status == 429 || status >= 500 ? G_IO_ERROR_BUSY
                                                       : G_IO_ERROR_FAILED;

  g_set_error (error, G_IO_ERROR, kind, "the storage's answer to %s %s%s%s is %ld %s%s%s",
               call->method, call->bucket, call->key ? "/" : "", call->key ? call->key : "", status,
               code ? code : "without a code", message ? ": " : "", message ? message : "");
}

static gboolean
judge (TlS3 *self, Transfer *transfer, CURLcode done, const TlS3Call *call, TlS3Answer *answer,
       GError **error)
{
  long status = 0;

  curl_easy_getinfo (transfer->curl, CURLINFO_RESPONSE_CODE, &status);
  if (done == CURLE_WRITE_ERROR) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "%s cannot be taken from the storage: %s",
                 call->key ? call->key : call->bucket,
                 transfer->is_too_much ? "the answer is too long" : g_strerror (errno));
    return FALSE;
  }
  if (done != CURLE_OK) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "the storage at %s does not answer: %s",
                 self->host, transfer->reason[0] ? transfer->reason : curl_easy_strerror (done));
    return FALSE;
  }
  if (status / 100 == 2) {
    if (answer)
      read_answer (transfer, answer);
    return TRUE;
  }
  if (status < 400)
    status = 500;
  {
    g_autoptr (GBytes) body = g_byte_array_free_to_bytes (g_steal_pointer (&transfer->body));

    refuse (call, status, body, error);
  }
  return FALSE;
}

static gboolean
exchange_once (TlS3 *self, const TlS3Call *call, TlS3Answer *answer, gboolean *may_again,
               GError **error)
{
  g_autofree char *address = address_of (self, call);
  struct curl_slist *headers = headers_of (call);
  Transfer transfer = { .curl = tl_curl_handle (), .fd = call->fd, .body = g_byte_array_new () };
  g_autoptr (GError) cause = NULL;
  gboolean done;

  set_up (self, &transfer, call, address, headers);
  done = judge (self, &transfer, curl_easy_perform (transfer.curl), call, answer, &cause);
  curl_easy_setopt (transfer.curl, CURLOPT_ERRORBUFFER, NULL);
  curl_slist_free_all (headers);
  g_clear_pointer (&transfer.body, g_byte_array_unref);
  if (done)
    return TRUE;
  *may_again = g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_BUSY) &&
               (!transfer.is_written ||
                (ftruncate (call->fd, 0) == 0 && lseek (call->fd, 0, SEEK_SET) == 0));
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

gboolean
tl_s3_exchange (TlS3 *self, const TlS3Call *call, TlS3Answer *answer, GError **error)
{
  gulong pause = FIRST_PAUSE_MS * 1000;

  for (guint try = 1;; try++, pause *= 2) {
    g_autoptr (GError) cause = NULL;
    gboolean may_again = FALSE;

    if (exchange_once (self, call, answer, &may_again, &cause))
      return TRUE;
    if (!may_again || try == N_TRIES) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
    g_usleep (pause + (gulong)g_random_int_range (0, (gint32)pause));
  }
}

/* --- XML ----------------------------------------------------------------------------------------- */

static xmlNode *
find_element (xmlNode *node, const char *name)
{
  for (; node; node = node->next) {
    xmlNode *found;

    if (node->type == XML_ELEMENT_NODE && xmlStrEqual (node->name, (const xmlChar *)name))
      return node;
    found = find_element (node->children, name);
    if (found)
      return found;
  }
  return NULL;
}

char *
tl_s3_element (GBytes *xml, const char *name)
{
  gsize size = 0;
  const char *data = xml ? g_bytes_get_data (xml, &size) : NULL;
  xmlDoc *doc = size > 0 ? xmlReadMemory (data, (int)size, NULL, NULL,
                                          XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING)
                         : NULL;
  xmlNode *found = doc ? find_element (xmlDocGetRootElement (doc), name) : NULL;
  xmlChar *text = found ? xmlNodeGetContent (found) : NULL;
  char *result = text ? g_utf8_make_valid ((const char *)text, -1) : NULL;

  if (text)
    xmlFree (text);
  if (doc)
    xmlFreeDoc (doc);
  return result;
}

/* --- presigned addresses ------------------------------------------------------------------------- */

static void
sign (const guint8 *key, gsize key_size, const char *text, guint8 digest[32])
{
  GHmac *hmac = g_hmac_new (G_CHECKSUM_SHA256, key, key_size);
  gsize size = 32;

  g_hmac_update (hmac, (const guint8 *)text, -1);
  g_hmac_get_digest (hmac, digest, &size);
  g_hmac_unref (hmac);
}

static char *
signature (TlS3 *self, const char *day, const char *text)
{
  g_autofree char *secret = g_strconcat ("AWS4", self->secret_key, NULL);
  const char *parts[] = { self->region, "s3", "aws4_request" };
  GString *hex = g_string_new (NULL);
  guint8 key[32], digest[32];

  sign ((const guint8 *)secret, strlen (secret), day, key);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    sign (key, sizeof key, parts[i], digest);
    memcpy (key, digest, sizeof key);
  }
  sign (key, sizeof key, text, digest);
  for (guint i = 0; i < sizeof digest; i++)
    g_string_append_printf (hex, "%02x", digest[i]);
  return g_string_free (hex, FALSE);
}

char *
tl_s3_presign (TlS3 *self, const char *bucket, const char *key, const char *query, GDateTime *now,
               guint seconds)
{
  g_autoptr (GDateTime) utc = g_date_time_to_utc (now);
  g_autofree char *time = g_date_time_format (utc, "%Y%m%dT%H%M%SZ");
  g_autofree char *day = g_strndup (time, 8);
  g_autofree char *scope = g_strdup_printf ("%s/%s/s3/aws4_request", day, self->region);
  g_autofree char *credential_plain = g_strconcat (self->access_key, "/", scope, NULL);
  g_autofree char *credential = g_uri_escape_string (credential_plain, NULL, FALSE);
  g_autofree char *host = host_of (self, bucket), *path = path_of (self, bucket, key);
  g_autofree char *all = g_strdup_printf (
      "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=%s&X-Amz-Date=%s&X-Amz-Expires=%u"
      "&X-Amz-SignedHeaders=host%s%s",
      credential, time, seconds, query ? "&" : "", query ? query : "");
  g_autofree char *request =
      g_strdup_printf ("GET\n%s\n%s\nhost:%s\n\nhost\nUNSIGNED-PAYLOAD", path, all, host);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, request, -1);
  g_autofree char *text = g_strdup_printf ("AWS4-HMAC-SHA256\n%s\n%s\n%s", time, scope, hash);
  g_autofree char *signed_by = signature (self, day, text);

  return g_strdup_printf ("%s://%s%s?%s&X-Amz-Signature=%s", self->scheme, host, path, all,
                          signed_by);
}
