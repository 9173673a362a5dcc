/* rows-notify.c: 10,000 mentions of 100 people in 1,000 posts, from the request that makes them until the last letter about
 * them was taken by a mail server: on a server of its own, which has an address for everybody. */
#include "tests/bench/jmap.h"
#include "tests/fixtures/smtp.h"

#include <string.h>

#define PEOPLE 100
#define REQUESTS 10
#define POSTS 100 /* each */
#define NAMED 10  /* in each post */
#define PATIENCE (60 * G_USEC_PER_SEC)

static GBytes *
write_posts (const BenchPerson *writer, guint request)
{
  g_autoptr (GString) calls = g_string_new (NULL);

  g_string_printf (calls, "[[\"Post/set\",{\"accountId\":\"t%" G_GINT64_FORMAT "\",\"create\":{",
                   writer->key);
  for (guint post = 0; post < POSTS; post++) {
    g_string_append_printf (calls, "%s\"p%u\":{\"visibility\":\"public\",\"text\":\"",
                            post ? "," : "", post);
    for (guint i = 0; i < NAMED; i++)
      g_string_append_printf (calls, "@told%u ", (request * POSTS + post + i * NAMED) % PEOPLE);
    g_string_append (calls, "the boats are in.\"}");
  }
  g_string_append (calls, "}},\"0\"]]");
  return jmap_request (writer, calls->str);
}

static Bench
start (void)
{
  Bench own = { 0 };

  tl_test_smtp_start ();
  own.server = tl_test_server_new ();
  tl_test_server_add_user (own.server, "first", "First");
  own.sql = bench_statements ("tests/bench/seed.sql");
  bench_server_started (&own);
  own.reader = bench_new_person (&own, "writer");
  for (guint i = 0; i < PEOPLE; i++) {
    g_autofree char *login = g_strdup_printf ("told%u", i);
    BenchPerson person = bench_new_person (&own, login);

    bench_person_clear (&person);
  }
  g_hash_table_unref (own.sql);
  own.sql = bench_statements ("tests/bench/notify.sql");
  PQclear (bench_sql (&own, "addresses", 0, NULL));
  return own;
}

static void
stop (Bench *own)
{
  bench_person_clear (&own->reader);
  g_hash_table_unref (own->sql);
  PQfinish (own->pg);
  tl_tokens_free (own->tokens);
  g_free (own->postgresql);
  g_free (own->redis);
  tl_test_server_free (own->server);
  tl_test_smtp_kill ();
}

/* Microseconds from the first letter that leaves to the last; -1: not all left. */
static gint64
await_letters (Bench *own)
{
  gint64 until = g_get_monotonic_time () + PATIENCE, began = 0;
  gint64 all = bench_sql_number (own, "waiting", 0, NULL), left = all;

  while (left > 0 && g_get_monotonic_time () < until) {
    gint64 now = bench_sql_number (own, "waiting", 0, NULL);

    if (now == all)
      began = g_get_monotonic_time (); /* workers look every few seconds */
    left = now;
    g_usleep (1000);
  }
  return left > 0 ? -1 : g_get_monotonic_time () - began;
}

void
bench_notify (Bench *self)
{
  Bench own = start ();
  g_autoptr (HttpLine) line = http_line_new (own.port);
  g_autofree char *why = NULL;
  gint64 began = g_get_monotonic_time (), made, mailed;
  double cpu = bench_cpu (own.pid);

  for (guint i = 0; i < REQUESTS && why == NULL; i++)
    jmap_done (line, write_posts (&own.reader, i), &why);
  made = g_get_monotonic_time () - began;
  PQclear (bench_sql (&own, "due", 0, NULL));
  mailed = await_letters (&own);
  cpu = (bench_cpu (own.pid) - cpu) / (REQUESTS * POSTS * NAMED);
  if (why || mailed < 0)
    bench_skip (self, "notify.pipeline", why ? why : "letters did not leave");
  else
    bench_figure (self, "notify.pipeline",
                  REQUESTS * POSTS * NAMED / ((double)(made + mailed) / G_USEC_PER_SEC), cpu);
  stop (&own);
}
