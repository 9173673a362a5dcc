/* rows-sync.c: the delta protocol over HTTP: what the server needs to answer the app. */
#include "tests/bench/jmap.h"

#include <string.h>

#define CONNECTIONS 32
#define LATENCIES 200 /* a run */
#define RATE_SECONDS 1.5
#define MARKS 100

/* The same request again and again: milliseconds, the median of the runs' medians. -1: no good answer. */
static double
p50_of (HttpLine *line, GBytes *request)
{
  double medians[BENCH_RUNS];

  for (guint run = 0; run < BENCH_RUNS; run++) {
    g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));

    for (guint i = 0; i < LATENCIES; i++) {
      gint64 began = g_get_monotonic_time ();
      gint64 took;

      if (http_exchange (line, request, NULL, NULL) == NULL)
        return -1;
      took = g_get_monotonic_time () - began;
      g_array_append_val (times, took);
    }
    medians[run] = (double)bench_percentile (times, 0.5) / 1000;
  }
  return bench_median (medians, BENCH_RUNS);
}

static GBytes *
same_again (gpointer data, guint connection, guint64 n)
{
  GBytes **requests = data;
  return requests[connection % BENCH_PEOPLE];
}

/* Everybody sends their one request on two connections. */
static void
rate_of (Bench *self, const char *id, GBytes **requests)
{
  double rates[BENCH_RUNS], costs[BENCH_RUNS];
  g_autofree char *why = NULL;

  for (guint run = 0; run < BENCH_RUNS; run++) {
    double cpu = bench_cpu (self->pid);
    HttpLoad load = http_load (self->port, CONNECTIONS, RATE_SECONDS, same_again, requests);

    if (load.failed > 0 || load.done == 0) {
      why = g_strdup_printf ("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " answers were errors",
                             load.failed, load.failed + load.done);
      bench_skip (self, id, why);
      return;
    }
    rates[run] = (double)load.done / load.seconds;
    costs[run] = (bench_cpu (self->pid) - cpu) / (double)load.done;
  }
  bench_figure (self, id, bench_median (rates, BENCH_RUNS), bench_median (costs, BENCH_RUNS));
}

/* Everybody's catching up since now. */
static gboolean
pulls_since_now (Bench *self, HttpLine *line, GBytes **requests)
{
  for (guint i = 0; i < BENCH_PEOPLE; i++) {
    g_autofree char *state = jmap_state (line, &self->people[i]);

    if (state == NULL)
      return FALSE;
    requests[i] = jmap_pull (&self->people[i], state);
  }
  return TRUE;
}

static void
requests_free (GBytes **requests)
{
  for (guint i = 0; i < BENCH_PEOPLE; i++)
    g_clear_pointer (&requests[i], g_bytes_unref);
}

/* FALSE when the server refuses a part of it. */
static gboolean
answers_pull (Bench *self, HttpLine *line, const char *id, GBytes *request, gsize *wire)
{
  gsize length;
  const char *answer = http_exchange (line, request, &length, wire);
  const char *error = answer ? memmem (answer, length, "[\"error\"", 8) : NULL;
  g_autofree char *why = NULL;

  if (answer && !error)
    return TRUE;
  why = g_strdup_printf ("the server said %.120s", error ? error : "nothing");
  bench_skip (self, id, why);
  return FALSE;
}

void
bench_noop (Bench *self)
{
  g_autoptr (HttpLine) line = NULL;
  GBytes *requests[BENCH_PEOPLE] = { 0 };
  gsize wire;

  bench_need_server (self);
  line = http_line_new (self->port);
  if (pulls_since_now (self, line, requests) &&
      answers_pull (self, line, "sync.noop", requests[0], &wire)) {
    bench_figure (self, "sync.noop.p50", p50_of (line, requests[0]), 0);
    rate_of (self, "sync.noop.rate", requests);
    bench_figure (self, "sync.bytes.noop", (double)wire, 0);
  }
  requests_free (requests);
}

/* --- ten objects changed ----------------------------------------------------------------------- */

/* Ten messages in rooms of every other person, which the next one is in too: ten for each. */
static gboolean
send_ten (Bench *self, HttpLine *line)
{
  g_autofree char *why = NULL;

  for (guint i = 0; i < BENCH_PEOPLE; i += 2)
    for (guint k = 0; k < 10; k++) {
      const BenchPerson *person = &self->people[i];
      g_autofree char *body = g_strdup_printf ("%u: the tide turns a little after four today", k);
      GBytes *request = jmap_send (person, person->rooms[k % BENCH_ROOMS_EACH], body);

      if (!jmap_done (line, request, &why)) {
        bench_skip (self, "sync.delta10", why);
        return FALSE;
      }
    }
  return TRUE;
}

static void
bytes_of_objects (Bench *self, HttpLine *line, GBytes *request, gsize before)
{
  gsize length, wire, own;
  const char *answer = http_exchange (line, request, &length, &wire);
  guint n = 0;

  own = answer ? jmap_objects (answer, length, &n) : 0;
  if (n > 0)
    bench_figure (self, "sync.bytes.object", ((double)wire - (double)before - (double)own) / n, 0);
}

/* One mark that is there is changed; the rest of the answer is as when nothing was. */
static void
bytes_of_mark (Bench *self, HttpLine *line)
{
  const BenchPerson *person = &self->people[0];
  g_autofree char *account = g_strdup_printf ("%" G_GINT64_FORMAT, person->key);
  gint64 article = bench_sql_number (self, "article-ids", 2, (const char *[]){ account, "1" });
  g_autofree char *state = NULL;
  g_autofree char *why = NULL;
  g_autoptr (GBytes) request = NULL;
  gsize before, after;

  if (!jmap_done (line, jmap_star (person, article, TRUE, TRUE), &why)) {
    bench_skip (self, "sync.bytes.mark", why);
    return;
  }
  state = jmap_state (line, person);
  request = jmap_pull (person, state);
  if (http_exchange (line, request, NULL, &before) &&
      jmap_done (line, jmap_star (person, article, FALSE, FALSE), &why) &&
      http_exchange (line, request, NULL, &after))
    bench_figure (self, "sync.bytes.mark", (double)after - (double)before, 0);
}

void
bench_delta (Bench *self)
{
  g_autoptr (HttpLine) line = NULL;
  GBytes *requests[BENCH_PEOPLE] = { 0 };
  gsize before = 0;

  bench_need_server (self);
  line = http_line_new (self->port);
  if (pulls_since_now (self, line, requests) &&
      answers_pull (self, line, "sync.delta10", requests[0], &before) && send_ten (self, line)) {
    bench_figure (self, "sync.delta10.p50", p50_of (line, requests[0]), 0);
    rate_of (self, "sync.delta10.rate", requests);
    bytes_of_objects (self, line, requests[0], before);
    bytes_of_mark (self, line);
  }
  requests_free (requests);
}

/* --- one change -------------------------------------------------------------------------------- */

static double
star_all (HttpLine *line, const BenchPerson *person, const gint64 *articles, guint n,
          gboolean create, gboolean starred, char **why)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < n; i++) {
    GBytes *request = jmap_star (person, articles[i], create, starred);
    gint64 began = g_get_monotonic_time ();
    gint64 took;

    if (!jmap_done (line, request, why))
      return -1;
    took = g_get_monotonic_time () - began;
    g_array_append_val (times, took);
  }
  return (double)bench_percentile (times, 0.5) / 1000;
}

void
bench_write (Bench *self)
{
  const BenchPerson *person = &self->people[1];
  g_autofree char *account = NULL;
  g_autofree char *why = NULL;
  g_autoptr (HttpLine) line = NULL;
  double medians[BENCH_RUNS];
  gint64 articles[MARKS];
  PGresult *found;

  bench_need_server (self);
  account = g_strdup_printf ("%" G_GINT64_FORMAT, person->key);
  found = bench_sql (self, "article-ids", 2, (const char *[]){ account, G_STRINGIFY (MARKS) });
  for (guint i = 0; i < MARKS; i++)
    articles[i] = g_ascii_strtoll (PQgetvalue (found, (int)i, 0), NULL, 10);
  PQclear (found);
  line = http_line_new (self->port);
  star_all (line, person, articles, MARKS, TRUE, TRUE, &why);
  for (guint run = 0; run < BENCH_RUNS && why == NULL; run++)
    medians[run] = star_all (line, person, articles, MARKS, FALSE, run % 2, &why);
  if (why)
    bench_skip (self, "sync.write", why);
  else
    bench_figure (self, "sync.write.p50", bench_median (medians, BENCH_RUNS), 0);
}

/* --- a first sync ------------------------------------------------------------------------------ */

/* The cursor at an answer's end: the last member but the session's state. NULL at the last page. */
static char *
next_cursor (const char *answer, gsize length)
{
  g_autofree char *tail = g_strndup (answer + MAX (length, 400) - 400, MIN (length, 400));
  char *begin = strstr (tail, "\"cursor\":\"");

  if (begin == NULL)
    return NULL;
  begin += strlen ("\"cursor\":\"");
  return g_strndup (begin, strcspn (begin, "\""));
}

static gboolean
read_all (HttpLine *line, const BenchPerson *person)
{
  g_autofree char *cursor = NULL;

  do {
    g_autofree char *quoted = cursor ? g_strdup_printf ("\"%s\"", cursor) : g_strdup ("null");
    g_autofree char *calls =
        g_strdup_printf ("[[\"Snapshot/fetch\",{\"accountId\":\"t%" G_GINT64_FORMAT
                         "\",\"types\":[\"Article\"],\"cursor\":%s,\"limit\":2000},\"0\"]]",
                         person->key, quoted);
    g_autoptr (GBytes) request = jmap_request (person, calls);
    gsize length;
    const char *answer = http_exchange (line, request, &length, NULL);

    if (answer == NULL || memmem (answer, MIN (length, 100), "[\"error\"", 8))
      return FALSE;
    g_free (cursor);
    cursor = next_cursor (answer, length);
  } while (cursor);
  return TRUE;
}

void
bench_serve (Bench *self)
{
  g_autoptr (HttpLine) line = NULL;
  double rates[3], costs[3];

  bench_need_server (self);
  line = http_line_new (self->port);
  for (guint run = 0; run < G_N_ELEMENTS (rates); run++) {
    double cpu = bench_cpu (self->pid);
    gint64 began = g_get_monotonic_time ();

    if (!read_all (line, &self->reader)) {
      bench_skip (self, "sync.first.serve", "Snapshot/fetch was refused");
      return;
    }
    rates[run] = BENCH_OF_EACH * 1e6 / (double)(g_get_monotonic_time () - began);
    costs[run] = (bench_cpu (self->pid) - cpu) / BENCH_OF_EACH;
  }
  bench_figure (self, "sync.first.serve", bench_median (rates, G_N_ELEMENTS (rates)),
                bench_median (costs, G_N_ELEMENTS (costs)));
}
