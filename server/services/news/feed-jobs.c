/* feed-jobs.c: the job that keeps a feed up to date: fetch, read, store, and when next.
 *
 * What goes wrong with a feed is no failure of the job: it becomes a sentence on the feed, and the feed
 * is tried again, later each time. Only the database's failures are the job's. */
#include "server/services/news/fetch.h"
#include "server/services/news/ingest.h"

#include <string.h>

#define ACCEPT                                                                                     \
  "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, "      \
  "text/xml;q=0.9, text/html;q=0.5, */*;q=0.3"
#define LEASE_SECONDS 180
#define BACKOFF_MAX_MINUTES (24 * 60)
#define PAUSED "The administrator of this server has paused this feed"

static TlFetched *
fetch (TlServer *server, const char *url, const TlFeedRow *row, gint64 *retry_after, GError **error)
{
  TlFetchOptions options = { .accept = ACCEPT,
                             .max_size = TL_FEED_MAX_BYTES,
                             .allow_private = server->config->allow_private_feeds,
                             .etag = row ? row->etag : NULL,
                             .last_modified = row ? row->last_modified : NULL };

  return tl_fetch (url, &options, retry_after, error);
}

/* A page was given for a feed's address: the first of its feeds that can be read is meant. */
static TlFeedContent *
read_feed_of_page (TlServer *server, TlFetched **fetched, GError **error)
{
  g_auto (GStrv) links = tl_feed_discover ((*fetched)->body, (*fetched)->url);

  for (guint i = 0; links[i] && i < 3; i++) {
    g_autoptr (TlFetched) found = fetch (server, links[i], NULL, NULL, NULL);
    TlFeedContent *content =
        found ? tl_feed_parse (found->body, found->type, found->url, NULL) : NULL;

    if (content) {
      g_set_str (&found->moved_to, found->moved_to ? found->moved_to : links[i]);
      tl_fetched_free (*fetched);
      *fetched = g_steal_pointer (&found);
      return content;
    }
  }
  g_set_error (error, TL_FEED_ERROR, TL_FEED_ERROR_PAGE,
               links[0] ? "This is an HTML page, and the feeds it links to cannot be read"
                        : "This is an HTML page, not a feed, and it links to none");
  return NULL;
}

/* NULL without an error: unchanged. */
static TlFeedContent *
read_feed (TlServer *server, TlFetched **fetched, const TlFeedRow *row, GError **error)
{
  g_autofree char *hash = NULL;
  g_autoptr (GError) why = NULL;
  TlFeedContent *content;

  if ((*fetched)->status == 304)
    return NULL;
  hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, (*fetched)->body);
  if (g_strcmp0 (hash, row->body_hash) == 0 && row->error == NULL)
    return NULL;
  content = tl_feed_parse ((*fetched)->body, (*fetched)->type, (*fetched)->url, &why);
  if (content)
    return content;
  if (g_error_matches (why, TL_FEED_ERROR, TL_FEED_ERROR_PAGE))
    return read_feed_of_page (server, fetched, error);
  g_propagate_error (error, g_steal_pointer (&why));
  return NULL;
}

/* A 304 may leave the validators out: then the ones sent still hold. */
static void
take_head (TlFeedRow *row, const TlFetched *fetched)
{
  gboolean is_unchanged = fetched->status == 304;

  if (!is_unchanged || fetched->etag)
    g_set_str (&row->etag, fetched->etag);
  if (!is_unchanged || fetched->last_modified)
    g_set_str (&row->last_modified, fetched->last_modified);
  if (fetched->moved_to && strlen (fetched->moved_to) <= 2000)
    row->has_moved = g_set_str (&row->url, fetched->moved_to);
  if (!is_unchanged) {
    g_free (row->body_hash);
    row->body_hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, fetched->body);
  }
}

/* In a tenth more or less, so that feeds spread. */
static gint64
in_minutes (double minutes)
{
  return g_get_real_time () +
         (gint64)(minutes * g_random_double_range (0.9, 1.1) * 60 * G_USEC_PER_SEC);
}

static gint64
after_failure (const TlFeedRow *row, gint64 retry_after, const GError *why)
{
  double minutes = row->interval * (double)(1u << MIN (row->failures, 12));

  if (g_error_matches (why, TL_FETCH_ERROR, TL_FETCH_ERROR_GONE))
    minutes = BACKOFF_MAX_MINUTES;
  minutes = MAX (minutes, (double)retry_after / 60);
  return in_minutes (MIN (minutes, BACKOFF_MAX_MINUTES));
}

/* Says so to its readers; looks again now and then, though whoever resumes it has it fetched at once. */
static gboolean
pause_feed (TlServer *server, TlPg *pg, const TlFeedRow *row, gint64 *next_run, GError **error)
{
  *next_run = in_minutes (BACKOFF_MAX_MINUTES);
  return g_strcmp0 (row->error, PAUSED) == 0 || tl_ingest_failure (server, pg, row, PAUSED, error);
}

static gboolean
run (TlServer *server, TlPg *pg, const TlJob *job, gint64 *next_run, GError **error)
{
  GError *problem = NULL;
  g_autoptr (TlFeedRow) row = tl_feed_row_load (pg, g_ascii_strtoll (job->key, NULL, 10), &problem);
  g_autoptr (TlFetched) fetched = NULL;
  g_autoptr (TlFeedContent) content = NULL;
  g_autoptr (GError) why = NULL;
  gint64 retry_after = 0;
  guint news;

  if (problem) {
    g_propagate_error (error, problem);
    return FALSE;
  }
  if (row == NULL || !row->is_followed)
    return TRUE;
  if (row->is_paused)
    return pause_feed (server, pg, row, next_run, error);
  fetched = fetch (server, row->url, row, &retry_after, &why);
  if (fetched)
    content = read_feed (server, &fetched, row, &why);
  if (why) {
    *next_run = after_failure (row, retry_after, why);
    return tl_ingest_failure (server, pg, row, why->message, error);
  }
  take_head (row, fetched);
  if (!tl_ingest (server, pg, row, content, &news, error))
    return FALSE;
  *next_run = in_minutes (MAX (row->interval, (double)retry_after / 60));
  return TRUE;
}

const TlJobKind tl_feed_fetch_job = { TL_FEED_FETCH, LEASE_SECONDS, run };
