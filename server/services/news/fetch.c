/* fetch.c: libcurl, one handle a thread (its connections are kept for the next fetch).
 *
 * Redirects are followed here and not by libcurl, to tell the permanent ones. The guard against
 * addresses inside our network sits where sockets are made, behind every name resolution. */
#include "server/services/news/fetch.h"

#include "server/services/news/address.h"
#include "server/services/news/link.h"
#include "server/stores/curl.h"

#include <string.h>
#include <unistd.h>

#define MAX_REDIRECTS 5
#define CONNECT_SECONDS 10
#define TOTAL_SECONDS 40
#define VALIDATOR_MAX 1024
#define RETRY_MAX (24 * 60 * 60)
#define USER_AGENT "Tideline/0.1 (+https://tideline.org)"

G_DEFINE_QUARK (tl_fetch_error, tl_fetch_error)

typedef struct {
  CURL *curl;
  const TlFetchOptions *options;
  GByteArray *body;
  gboolean is_private, is_large;
  gint64 deadline; /* monotonic */
  char *host;      /* for the sentences */
} Transfer;

void
tl_fetched_free (TlFetched *self)
{
  g_free (self->url);
  g_free (self->moved_to);
  g_free (self->type);
  g_free (self->etag);
  g_free (self->last_modified);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

static curl_socket_t
open_socket (void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
  Transfer *transfer = data;

  if (!transfer->options->allow_private && !tl_address_is_public (&address->addr)) {
    transfer->is_private = TRUE;
    return CURL_SOCKET_BAD;
  }
  return socket (address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t
take_body (char *data, size_t size, size_t n, void *user)
{
  Transfer *transfer = user;

  if (transfer->body->len + size * n > transfer->options->max_size) {
    transfer->is_large = TRUE;
    return 0;
  }
  g_byte_array_append (transfer->body, (const guint8 *)data, (guint)(size * n));
  return size * n;
}

static char *
header (CURL *curl, const char *name)
{
  struct curl_header *found;

  if (curl_easy_header (curl, name, 0, CURLH_HEADER, -1, &found) != CURLHE_OK ||
      strlen (found->value) > VALIDATOR_MAX || !g_utf8_validate (found->value, -1, NULL))
    return NULL;
  return g_strdup (found->value);
}

static struct curl_slist *
make_headers (const TlFetchOptions *options)
{
  g_autofree char *accept = g_strconcat ("Accept: ", options->accept, NULL);
  struct curl_slist *headers = curl_slist_append (NULL, accept);

  if (options->etag) {
    g_autofree char *line = g_strconcat ("If-None-Match: ", options->etag, NULL);
    headers = curl_slist_append (headers, line);
  }
  if (options->last_modified) {
    g_autofree char *line = g_strconcat ("If-Modified-Since: ", options->last_modified, NULL);
    headers = curl_slist_append (headers, line);
  }
  return headers;
}

static void
set_up (Transfer *transfer, const char *url, struct curl_slist *headers)
{
  CURL *curl = transfer->curl;
  gint64 left = (transfer->deadline - g_get_monotonic_time ()) / 1000;

  curl_easy_setopt (curl, CURLOPT_URL, url);
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt (curl, CURLOPT_PROXY, ""); /* a proxy would connect in our stead, unguarded */
  curl_easy_setopt (curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt (curl, CURLOPT_USERAGENT, USER_AGENT);
  curl_easy_setopt (curl, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT_MS, (long)MAX (left, 1));
  curl_easy_setopt (curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt (curl, CURLOPT_OPENSOCKETDATA, transfer);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, transfer);
}

static const char *
describe (CURLcode code)
{
  switch (code) {
  case CURLE_COULDNT_RESOLVE_HOST:
    return "there is no such server";
  case CURLE_COULDNT_CONNECT:
    return "it refuses the connection";
  case CURLE_OPERATION_TIMEDOUT:
    return "it takes too long to answer";
  case CURLE_PEER_FAILED_VERIFICATION:
    return "its certificate cannot be trusted";
  case CURLE_GOT_NOTHING:
  case CURLE_RECV_ERROR:
  case CURLE_PARTIAL_FILE:
    return "it broke the connection off";
  default:
    return curl_easy_strerror (code);
  }
}

static gboolean
fail (Transfer *transfer, CURLcode code, GError **error)
{
  if (transfer->is_private)
    g_set_error (error, TL_FETCH_ERROR, TL_FETCH_ERROR_REFUSED,
                 "“%s” is an address inside a private network, which is not visited",
                 transfer->host);
  else if (transfer->is_large)
    g_set_error (error, TL_FETCH_ERROR, TL_FETCH_ERROR_REFUSED,
                 "What “%s” sends is larger than %" G_GSIZE_FORMAT " MB", transfer->host,
                 transfer->options->max_size / 1024 / 1024);
  else
    g_set_error (error, TL_FETCH_ERROR, TL_FETCH_ERROR_NETWORK, "“%s” cannot be reached: %s",
                 transfer->host, describe (code));
  return FALSE;
}

/* One request; its answer's head is in the handle then. */
static gboolean
perform (Transfer *transfer, const char *url, GError **error)
{
  struct curl_slist *headers = make_headers (transfer->options);
  CURLcode code;

  g_free (transfer->host);
  transfer->host = tl_link_host (url);
  g_byte_array_set_size (transfer->body, 0);
  set_up (transfer, url, headers);
  code = curl_easy_perform (transfer->curl);
  curl_easy_setopt (transfer->curl, CURLOPT_HTTPHEADER, NULL);
  curl_slist_free_all (headers);
  return code == CURLE_OK || fail (transfer, code, error);
}

static guint
status_of (CURL *curl)
{
  long status = 0;

  curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &status);
  return (guint)status;
}

static gboolean
is_redirect (guint status)
{
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static char *
redirect_target (Transfer *transfer, const char *url, GError **error)
{
  g_autofree char *location = header (transfer->curl, "Location");
  g_autofree char *target = location ? tl_link_resolve (url, location) : NULL;

  if (target == NULL || g_str_has_prefix (target, "mailto:")) {
    g_set_error (error, TL_FETCH_ERROR, TL_FETCH_ERROR_STATUS,
                 "“%s” sends us on to an address that is none", transfer->host);
    return NULL;
  }
  return g_steal_pointer (&target);
}

static gboolean
refuse_status (Transfer *transfer, guint status, GError **error)
{
  static const struct {
    guint status;
    const char *sentence;
  } known[] = {
    { 401, "wants a password for this" },  { 403, "does not let us read this" },
    { 404, "does not have this" },         { 410, "says that this is gone for good" },
    { 429, "asks us to come less often" }, { 503, "is overloaded or under maintenance" },
  };
  const char *sentence = status >= 500 ? "has a problem of its own" : "does not give us this";

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].status == status)
      sentence = known[i].sentence;
  g_set_error (error, TL_FETCH_ERROR, status == 410 ? TL_FETCH_ERROR_GONE : TL_FETCH_ERROR_STATUS,
               "“%s” %s (%u)", transfer->host, sentence, status);
  return FALSE;
}

/* Sets what follows from the redirects; the answer itself is left in the handle. */
static gboolean
follow (Transfer *transfer, TlFetched *fetched, GError **error)
{
  gboolean is_permanent = TRUE;

  for (guint i = 0; i <= MAX_REDIRECTS; i++) {
    char *target;

    if (!perform (transfer, fetched->url, error))
      return FALSE;
    fetched->status = status_of (transfer->curl);
    if (!is_redirect (fetched->status))
      return TRUE;
    target = redirect_target (transfer, fetched->url, error);
    if (target == NULL)
      return FALSE;
    is_permanent = is_permanent && (fetched->status == 301 || fetched->status == 308);
    if (is_permanent)
      g_set_str (&fetched->moved_to, target);
    g_free (fetched->url);
    fetched->url = target;
  }
  g_set_error (error, TL_FETCH_ERROR, TL_FETCH_ERROR_REFUSED, "“%s” sends us on more than %d times",
               transfer->host, MAX_REDIRECTS);
  return FALSE;
}

static gint64
read_retry_after (CURL *curl)
{
  curl_off_t seconds = 0;

  curl_easy_getinfo (curl, CURLINFO_RETRY_AFTER, &seconds);
  return CLAMP (seconds, 0, RETRY_MAX);
}

TlFetched *
tl_fetch (const char *url, const TlFetchOptions *options, gint64 *retry_after, GError **error)
{
  g_autoptr (TlFetched) fetched = g_new0 (TlFetched, 1);
  g_autoptr (GByteArray) body = g_byte_array_new ();
  Transfer transfer = { .curl = tl_curl_handle (),
                        .options = options,
                        .body = body,
                        .deadline = g_get_monotonic_time () + TOTAL_SECONDS * G_USEC_PER_SEC };
  gboolean done;

  fetched->url = g_strdup (url);
  done = follow (&transfer, fetched, error);
  if (retry_after)
    *retry_after = done ? read_retry_after (transfer.curl) : 0;
  if (done && fetched->status != 200 && fetched->status != 304)
    done = refuse_status (&transfer, fetched->status, error);
  g_free (transfer.host);
  if (!done)
    return NULL;
  fetched->type = header (transfer.curl, "Content-Type");
  fetched->etag = header (transfer.curl, "ETag");
  fetched->last_modified = header (transfer.curl, "Last-Modified");
  fetched->body = g_byte_array_free_to_bytes (g_steal_pointer (&body));
  return g_steal_pointer (&fetched);
}

gboolean
tl_post (const char *url, GBytes *body, const char *const *headers, gboolean allow_private,
         guint *status, GError **error)
{
  const TlFetchOptions options = { .max_size = 64 * 1024, .allow_private = allow_private };
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  Transfer transfer = { .curl = tl_curl_handle (),
                        .options = &options,
                        .body = answer,
                        .deadline = g_get_monotonic_time () + TOTAL_SECONDS * G_USEC_PER_SEC,
                        .host = tl_link_host (url) };
  struct curl_slist *list = NULL;
  gboolean done;
  CURLcode code;

  for (guint i = 0; headers[i]; i++)
    list = curl_slist_append (list, headers[i]);
  set_up (&transfer, url, list);
  curl_easy_setopt (transfer.curl, CURLOPT_POSTFIELDSIZE_LARGE,
                    (curl_off_t)g_bytes_get_size (body));
  curl_easy_setopt (transfer.curl, CURLOPT_POSTFIELDS, g_bytes_get_data (body, NULL));
  code = curl_easy_perform (transfer.curl);
  *status = code == CURLE_OK ? status_of (transfer.curl) : 0;
  if (code != CURLE_OK)
    done = fail (&transfer, code, error);
  else
    done = *status / 100 == 2 || refuse_status (&transfer, *status, error);
  curl_easy_reset (transfer.curl);
  curl_slist_free_all (list);
  g_free (transfer.host);
  return done;
}
