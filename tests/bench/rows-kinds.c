/* rows-kinds.c: what each kind of thing asks of the server, one request at a time; and the calendar's arithmetic. */
#include "tests/bench/jmap.h"

#include "sync/wire/recurrence.h"

#define TIMES 100
#define RULES 100
#define EACH 100 /* occurrences of a rule */

/* Milliseconds that the request takes, the median; -1 and why when it is refused. Taken. */
static double
time_of (HttpLine *line, GBytes *request, char **why)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < TIMES; i++) {
    gint64 began = g_get_monotonic_time (), took;

    if (!jmap_done (line, g_bytes_ref (request), why))
      break;
    took = g_get_monotonic_time () - began;
    g_array_append_val (times, took);
  }
  g_bytes_unref (request);
  return *why ? -1 : (double)bench_percentile (times, 0.5) / 1000;
}

static void
say (Bench *self, const char *id, double value, const char *why)
{
  if (why)
    bench_skip (self, id, why);
  else
    bench_figure (self, id, value, 0);
}

/* --- feed ---------------------------------------------------------------------------------------- */

static GBytes *
write_post (const BenchPerson *person)
{
  g_autofree char *op = g_uuid_string_random ();
  g_autofree char *calls = g_strdup_printf (
      "[[\"Post/set\",{\"accountId\":\"t%" G_GINT64_FORMAT "\",\"create\":{\"p\":{\"@opId\":\"%s\","
      "\"text\":\"The boats are in, the nets are drying.\",\"visibility\":\"followers\"}}},\"0\"]]",
      person->key, op);

  return jmap_request (person, calls);
}

void
bench_post (Bench *self)
{
  g_autoptr (HttpLine) line = NULL;
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *why = NULL;

  bench_need_server (self);
  line = http_line_new (self->port);
  for (guint i = 0; i < TIMES && why == NULL; i++) {
    GBytes *request = write_post (&self->people[4]);
    gint64 began = g_get_monotonic_time (), took;

    if (jmap_done (line, request, &why)) {
      took = g_get_monotonic_time () - began;
      g_array_append_val (times, took);
    }
  }
  say (self, "feed.post.p50", why ? 0 : (double)bench_percentile (times, 0.5) / 1000, why);
}

/* --- news ---------------------------------------------------------------------------------------- */

/* One's feeds are read up to now, all in one request: 20,000 articles. */
void
bench_mark (Bench *self)
{
  const BenchPerson *person = &self->people[6];
  g_autoptr (HttpLine) line = NULL;
  g_autoptr (GString) calls = g_string_new (NULL);
  g_autofree char *account = NULL;
  g_autofree char *why = NULL;
  PGresult *found;

  bench_need_server (self);
  account = g_strdup_printf ("%" G_GINT64_FORMAT, person->key);
  found = bench_sql (self, "subscription-ids", 1, (const char *[]){ account });
  g_string_printf (calls, "[[\"Subscription/set\",{\"accountId\":\"t%s\",\"update\":{", account);
  for (int i = 0; i < PQntuples (found); i++)
    g_string_append_printf (calls, "%s\"t%s\":{\"readUpTo\":\"2040-01-01T00:00:00Z\"}",
                            i ? "," : "", PQgetvalue (found, i, 0));
  g_string_append (calls, "}},\"0\"]]");
  PQclear (found);
  line = http_line_new (self->port);
  say (self, "news.mark.all", time_of (line, jmap_request (person, calls->str), &why), why);
}

/* --- search -------------------------------------------------------------------------------------- */

static GBytes *
search_for (const BenchPerson *person, const char *text)
{
  g_autofree char *calls =
      g_strdup_printf ("[[\"Search/query\",{\"accountId\":\"t%" G_GINT64_FORMAT
                       "\",\"text\":\"%s\",\"types\":null,\"limit\":10},\"0\"]]",
                       person->key, text);

  return jmap_request (person, calls);
}

void
bench_search (Bench *self)
{
  g_autoptr (HttpLine) line = NULL;
  g_autofree char *why = NULL;

  bench_need_server (self);
  line = http_line_new (self->port);
  say (self, "search.server", time_of (line, search_for (&self->people[7], "coralra"), &why), why);
  if (why == NULL)
    say (self, "search.server.house", time_of (line, search_for (&self->desktop, "coralra"), &why),
         why);
}

/* --- calendar ------------------------------------------------------------------------------------ */

static guint
expand_all (gint64 from, gint64 until)
{
  static const char *const rules[] = {
    "[{\"frequency\":\"daily\",\"count\":100}]",
    "[{\"frequency\":\"weekly\",\"byDay\":[{\"day\":\"mo\"},{\"day\":\"th\"}],\"count\":100}]",
    "[{\"frequency\":\"monthly\",\"byDay\":[{\"day\":\"tu\",\"nthOfPeriod\":2}],\"count\":100}]",
    "[{\"frequency\":\"monthly\",\"byMonthDay\":[-1],\"count\":100}]",
  };
  guint n = 0;

  for (guint i = 0; i < RULES; i++) {
    TlCalendarEvent event = { .start = (char *)"2020-01-07T09:30:00",
                              .duration = (char *)"PT45M",
                              .time_zone = (char *)"Europe/Berlin",
                              .recurrence_rules = (char *)rules[i % G_N_ELEMENTS (rules)],
                              .show_without_time = TL_FALSE };
    g_autoptr (GArray) instances = tl_event_instances (&event, "Europe/Berlin", from, until, NULL);

    n += instances->len;
  }
  return n;
}

void
bench_expand (Bench *self)
{
  double times[BENCH_RUNS];
  gint64 from, until;

  tl_local_to_ms ("2020-01-01T00:00:00", NULL, &from);
  tl_local_to_ms ("2040-01-01T00:00:00", NULL, &until);
  for (guint run = 0; run < BENCH_RUNS; run++) {
    gint64 began = g_get_monotonic_time ();
    guint n = expand_all (from, until);

    times[run] = (double)(g_get_monotonic_time () - began) / 1000;
    if (n < RULES * EACH) /* a start that no rule gives is one more */
      g_error ("%u occurrences instead of %u", n, RULES * EACH);
  }
  bench_figure (self, "cal.expand", bench_median (times, BENCH_RUNS), 0);
}
