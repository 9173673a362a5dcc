/* fetch.h: HTTP GET of what people point us at, so of anything. Any thread; blocks. */
#pragma once

#include <gio/gio.h>

typedef struct {
  const char *etag, *last_modified; /* of the copy at hand; NULL-able */
  const char *accept;
  gsize max_size;
  gboolean allow_private; /* loopback and private networks too */
} TlFetchOptions;

typedef struct {
  guint status;   /* 200, or 304 */
  char *url;      /* where it was found in the end */
  char *moved_to; /* where it has moved for good, or NULL */
  char *type;     /* Content-Type, or NULL */
  char *etag;     /* NULL-able, as */
  char *last_modified;
  GBytes *body;
} TlFetched;

#define TL_FETCH_ERROR (tl_fetch_error_quark ())
GQuark tl_fetch_error_quark (void);
typedef enum {
  TL_FETCH_ERROR_REFUSED, /* by us: an address we do not go to, too large, too many redirects */
  TL_FETCH_ERROR_NETWORK,
  TL_FETCH_ERROR_STATUS,
  TL_FETCH_ERROR_GONE, /* 410 */
} TlFetchError;

/* Follows at most five redirects; addresses on private networks are refused when they are connected to,
 * whatever name led there. Errors are sentences. `retry_after` (NULL-able): seconds that the server asked
 * to be left alone, 0 otherwise. */
TlFetched *tl_fetch (const char *url, const TlFetchOptions *options, gint64 *retry_after,
                     GError **error);
/* POSTs `body` with `headers` (lines, NULL-terminated) under the same guard; redirects are not followed.
 * TRUE for 2xx; `status` 0 when there was no answer. */
gboolean tl_post (const char *url, GBytes *body, const char *const *headers, gboolean allow_private,
                  guint *status, GError **error);
void tl_fetched_free (TlFetched *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlFetched, tl_fetched_free)
