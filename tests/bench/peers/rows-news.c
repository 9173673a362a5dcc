/* rows-news.c: news beside Miniflux: the same 10,000 entries of the same local feeds, in databases of one PostgreSQL;
 * ours holds a full house besides. */
#include "tests/bench/feeds.h"
#include "tests/bench/jmap.h"
#include "tests/bench/peers/peer.h"

#define ENTRIES (BENCH_INGEST_FEEDS * FEED_ENTRIES)
#define ROUNDS 3
#define PATIENCE 120 /* seconds */
#define LOOK_US 20000
#define WORD "57" /* of 199 titles */

typedef struct {
  Miniflux *miniflux;
  BenchPerson person;
  gint64 article, entry; /* one to mark */
} News;

/* --- peers.ingest ------------------------------------------------------------------------------ */

static gboolean
refresh (Bench *bench, Miniflux *miniflux, guint port, Taken *taken, char **why)
{
  g_autofree char *address = g_strdup_printf ("http://127.0.0.1:%u/feed/", port);
  g_autoptr (GBytes) request = miniflux_request ("PUT", "/v1/feeds/refresh", NULL);
  g_autoptr (HttpLine) line = http_line_new (miniflux->peer->port);
  gint64 began, entries;
  double cpu;

  miniflux_number (miniflux, "forget", 0, NULL);
  miniflux_number (miniflux, "subscribe", 2,
                   (const char *[]){ G_STRINGIFY (BENCH_INGEST_FEEDS), address });
  cpu = peer_their_cpu (bench, miniflux->peer);
  began = g_get_monotonic_time ();
  if (http_exchange (line, request, NULL, NULL))
    while (miniflux_number (miniflux, "due", 0, NULL) > 0 &&
           g_get_monotonic_time () - began < PATIENCE * G_USEC_PER_SEC)
      g_usleep (LOOK_US);
  taken->seconds = (double)(g_get_monotonic_time () - began) / 1e6;
  taken->cpu = peer_their_cpu (bench, miniflux->peer) - cpu;
  entries = miniflux_number (miniflux, "entries", 0, NULL);
  if (entries != ENTRIES)
    *why = g_strdup_printf ("Miniflux stored %" G_GINT64_FORMAT " of %d entries", entries, ENTRIES);
  return *why == NULL;
}

/* Somebody new follows new feeds on both sides. */
static gboolean
ingest (Bench *bench, News *news, guint round, Taken taken[2], char **why)
{
  g_autofree char *login = g_strdup_printf ("news%u", round);
  Feeds *feeds = feeds_start (BENCH_INGEST_FEEDS);
  gboolean done;

  bench_person_clear (&news->person);
  news->person = bench_new_person (bench, login);
  done = bench_ingest_once (bench, &news->person, feeds_port (feeds), &taken[0], why) &&
         refresh (bench, news->miniflux, feeds_port (feeds), &taken[1], why);
  feeds_stop (feeds);
  return done;
}

static void
ingest_all (Bench *bench, News *news)
{
  double rates[2][ROUNDS], costs[2][ROUNDS];
  g_autofree char *why = NULL;

  for (guint round = 0; round < ROUNDS; round++) {
    Taken taken[2];

    if (!ingest (bench, news, round, taken, &why)) {
      bench_skip (bench, "peers.ingest", why);
      return;
    }
    for (guint side = 0; side < 2; side++) {
      rates[side][round] = ENTRIES / taken[side].seconds;
      costs[side][round] = taken[side].cpu / ENTRIES;
    }
  }
  bench_beside (bench, "peers.ingest", bench_median (rates[0], ROUNDS),
                bench_median (costs[0], ROUNDS), bench_median (rates[1], ROUNDS),
                bench_median (costs[1], ROUNDS));
}

/* --- reading ----------------------------------------------------------------------------------- */

static GBytes *
next_list (gpointer data, gboolean is_theirs, guint n)
{
  News *self = data;
  g_autofree char *calls =
      g_strdup_printf ("[[\"Snapshot/fetch\",{\"accountId\":\"t%" G_GINT64_FORMAT
                       "\",\"types\":[\"Article\"],\"cursor\":null,\"limit\":100},\"0\"]]",
                       self->person.key);

  return is_theirs
             ? miniflux_request (
                   "GET", "/v1/entries?status=unread&limit=100&order=published_at&direction=desc",
                   NULL)
             : jmap_request (&self->person, calls);
}

static GBytes *
next_search (gpointer data, gboolean is_theirs, guint n)
{
  News *self = data;
  g_autofree char *calls =
      g_strdup_printf ("[[\"Search/query\",{\"accountId\":\"t%" G_GINT64_FORMAT
                       "\",\"text\":\"" WORD "\",\"types\":[\"Article\"],\"limit\":10},\"0\"]]",
                       self->person.key);

  return is_theirs ? miniflux_request ("GET", "/v1/entries?search=" WORD "&limit=10", NULL)
                   : jmap_request (&self->person, calls);
}

static GBytes *
next_mark (gpointer data, gboolean is_theirs, guint n)
{
  News *self = data;
  g_autofree char *body =
      g_strdup_printf ("{\"entry_ids\":[%" G_GINT64_FORMAT "],\"status\":\"%s\"}", self->entry,
                       n % 2 ? "unread" : "read");

  return is_theirs ? miniflux_request ("PUT", "/v1/entries", body)
                   : jmap_star (&self->person, self->article, TRUE, n % 2 == 0);
}

static void
read_all (Bench *bench, News *news)
{
  g_autofree char *account = g_strdup_printf ("%" G_GINT64_FORMAT, news->person.key);

  news->article = bench_sql_number (bench, "article-ids", 2, (const char *[]){ account, "1" });
  news->entry = miniflux_number (news->miniflux, "newest", 0, NULL);
  PQclear (bench_sql (bench, "analyze", 0, NULL));
  miniflux_number (news->miniflux, "analyze", 0, NULL);
  peer_latency (bench, "peers.list", news->miniflux->peer, next_list, news);
  peer_latency (bench, "peers.mark", news->miniflux->peer, next_mark, news);
  peer_latency (bench, "peers.search", news->miniflux->peer, next_search, news);
}

void
peers_news (Bench *bench)
{
  g_autofree char *why = NULL;
  News news = { .miniflux = miniflux_start (bench, &why) };

  if (news.miniflux == NULL) {
    bench_skip (bench, "peers.ingest, .list, .mark, .search", why);
    return;
  }
  ingest_all (bench, &news);
  if (news.person.key)
    read_all (bench, &news);
  bench_person_clear (&news.person);
  miniflux_stop (news.miniflux);
}
