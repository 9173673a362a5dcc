/* ingest.h: what was read of a feed goes into the database. */
#pragma once

#include "server/services/news/feed-parse.h"
#include "server/services/news/news.h"

/* What the server knows of a feed between two fetches. */
typedef struct {
  gint64 id, scope;
  char *url;
  char *etag, *last_modified, *body_hash, *error; /* NULL-able */
  guint interval;                                 /* minutes */
  guint failures;
  gboolean is_followed;
  gboolean is_paused; /* by an administrator */
  gboolean has_moved; /* url is another than before */
} TlFeedRow;

/* NULL without an error when there is no such feed. */
TlFeedRow *tl_feed_row_load (TlPg *pg, gint64 id, GError **error);
void tl_feed_row_free (TlFeedRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlFeedRow, tl_feed_row_free)

/* Stores the entries that are new or changed, and what `row` says of the feed; `content` NULL: it was
 * unchanged. Everything in one transaction with its log. `news` gets how many articles were new or
 * changed; the interval is adapted to it. */
gboolean tl_ingest (TlServer *server, TlPg *pg, TlFeedRow *row, const TlFeedContent *content,
                    guint *news, GError **error);
/* Notes that it could not be read, and why. */
gboolean tl_ingest_failure (TlServer *server, TlPg *pg, const TlFeedRow *row, const char *sentence,
                            GError **error);
