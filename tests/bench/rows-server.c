/* rows-server.c: what a server must bear: messages, feeds, sockets, and how little it needs otherwise. */
#include "tests/bench/feeds.h"
#include "tests/bench/jmap.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS 32
#define DURABLE_SECONDS 2
#define SOCKETS 2000
#define FEEDS BENCH_INGEST_FEEDS
#define INGEST_PATIENCE 40 /* seconds */
#define QUIET_SECONDS 15

/* --- chat.durable ------------------------------------------------------------------------------ */

typedef struct {
  Bench *bench;
  GPtrArray *requests; /* by connection: the one under way */
} Chatter;

/* Connection after connection through the rooms: no two write in one room for long. */
static GBytes *
next_message (gpointer data, guint connection, guint64 n)
{
  Chatter *self = data;
  const BenchPerson *person = &self->bench->people[connection % BENCH_PEOPLE];
  guint64 room = n + (connection / BENCH_PEOPLE) * (BENCH_ROOMS_EACH / 2);
  GBytes *request = jmap_send (person, person->rooms[room % BENCH_ROOMS_EACH],
                               "What was said is kept, whatever happens next.");

  if (self->requests->pdata[connection])
    g_bytes_unref (self->requests->pdata[connection]);
  self->requests->pdata[connection] = request;
  return request;
}

void
bench_durable (Bench *self)
{
  Chatter chatter = { self, g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref) };
  double rates[BENCH_RUNS], costs[BENCH_RUNS];
  guint64 failed = 0;

  bench_need_server (self);
  g_ptr_array_set_size (chatter.requests, CONNECTIONS);
  for (guint run = 0; run < BENCH_RUNS; run++) {
    double cpu = bench_cpu (self->pid);
    HttpLoad load = http_load (self->port, CONNECTIONS, DURABLE_SECONDS, next_message, &chatter);

    failed += load.failed;
    rates[run] = (double)load.done / load.seconds;
    costs[run] = (bench_cpu (self->pid) - cpu) / MAX ((double)load.done, 1);
  }
  if (failed > 0)
    bench_skip (self, "chat.durable", "messages were refused");
  else
    bench_figure (self, "chat.durable", bench_median (rates, BENCH_RUNS),
                  bench_median (costs, BENCH_RUNS));
  for (guint i = 0; i < CONNECTIONS; i++)
    if (chatter.requests->pdata[i] == NULL)
      g_error ("connection %u sent nothing", i);
  g_ptr_array_unref (chatter.requests);
}

/* --- news.ingest ------------------------------------------------------------------------------- */

/* One request that follows all feeds. */
static GBytes *
subscribe_to_all (const BenchPerson *person, guint port)
{
  g_autoptr (GString) calls = g_string_new (NULL);

  g_string_printf (calls,
                   "[[\"Subscription/set\",{\"accountId\":\"t%" G_GINT64_FORMAT "\",\"create\":{",
                   person->key);
  for (guint i = 0; i < FEEDS; i++)
    g_string_append_printf (calls, "%s\"f%u\":{\"url\":\"http://127.0.0.1:%u/feed/%u\"}",
                            i ? "," : "", i, port, i);
  g_string_append (calls, "}},\"0\"]]");
  return jmap_request (person, calls->str);
}

/* Those after `last`, which is looked up in no time: counting all of them would be most of the work. */
static gint64
count_articles (Bench *self, gint64 last)
{
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, last);

  return bench_sql_number (self, "count-articles", 1, (const char *[]){ id });
}

gboolean
bench_ingest_once (Bench *self, const BenchPerson *person, guint port, Taken *taken, char **why)
{
  g_autoptr (HttpLine) line = http_line_new (self->port);
  gint64 last = bench_sql_number (self, "last-article", 0, NULL), came = 0;
  double cpu = bench_cpu (self->pid);
  gint64 began = g_get_monotonic_time ();

  if (!jmap_done (line, subscribe_to_all (person, port), why))
    return FALSE;
  while (came < FEEDS * FEED_ENTRIES &&
         g_get_monotonic_time () - began < INGEST_PATIENCE * G_USEC_PER_SEC) {
    g_usleep (20000);
    came = count_articles (self, last);
  }
  taken->seconds = (double)(g_get_monotonic_time () - began) / 1e6;
  taken->cpu = bench_cpu (self->pid) - cpu;
  if (came < FEEDS * FEED_ENTRIES)
    *why = g_strdup_printf ("%" G_GINT64_FORMAT " entries came in %d s", came, INGEST_PATIENCE);
  return *why == NULL;
}

void
bench_ingest (Bench *self)
{
  g_autofree char *why = NULL;
  Feeds *feeds = feeds_start (FEEDS);
  Taken taken;

  bench_need_server (self);
  if (bench_ingest_once (self, &self->people[5], feeds_port (feeds), &taken, &why))
    bench_figure (self, "news.ingest", FEEDS * FEED_ENTRIES / taken.seconds,
                  taken.cpu / (FEEDS * FEED_ENTRIES));
  else
    bench_skip (self, "news.ingest", why);
  feeds_stop (feeds);
}

/* --- ws.idle ----------------------------------------------------------------------------------- */

/* A client's text frame (RFC 6455, 5.2), masked with zeros. */
static gboolean
send_frame (int fd, const char *text)
{
  guint8 frame[256] = { 0x81, 0x80 | (guint8)strlen (text) };

  memcpy (frame + 6, text, strlen (text));
  return send (fd, frame, 6 + strlen (text), MSG_NOSIGNAL) == (gssize)(6 + strlen (text));
}

gboolean
bench_open_socket (const BenchPerson *person, int fd)
{
  g_autofree char *request = g_strdup_printf (
      "GET /jmap/ws HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n"
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: jmap\r\n\r\n",
      person->token);
  char answer[1024] = { 0 };

  return fd >= 0 && send (fd, request, strlen (request), MSG_NOSIGNAL) > 0 &&
         recv (fd, answer, sizeof answer - 1, 0) > 12 && strstr (answer, " 101 ") &&
         send_frame (fd, "{\"@type\":\"WebSocketPushEnable\",\"dataTypes\":null,\"objects\":true}");
}

static void
raise_limit (void)
{
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = MIN (limit.rlim_max, SOCKETS * 4);
  setrlimit (RLIMIT_NOFILE, &limit);
}

static double
pss (int pid)
{
  return (double)bench_proc_bytes (pid, "smaps_rollup", "Pss");
}

/* What a process needs once, it has after a few requests. */
static void
warm_up (Bench *self)
{
  g_autoptr (HttpLine) line = http_line_new (self->port);

  for (guint i = 0; i < 100; i++)
    g_free (jmap_state (line, &self->people[i % BENCH_PEOPLE]));
}

void
bench_idle_sockets (Bench *self)
{
  g_autofree int *fds = g_new (int, SOCKETS);
  guint n = 0;
  double before;

  bench_need_server (self);
  raise_limit ();
  /* Anew: in what earlier rows left free, sockets would seem to need nothing. */
  tl_test_server_stop (self->server);
  tl_test_server_start (self->server);
  bench_server_started (self);
  warm_up (self);
  before = pss (self->pid);
  for (; n < SOCKETS; n++) {
    fds[n] = http_connect (self->port, n);
    if (!bench_open_socket (&self->people[n % BENCH_PEOPLE], fds[n]))
      break;
  }
  g_usleep (G_USEC_PER_SEC); /* what the server still does for the last of them */
  if (n < SOCKETS) {
    g_autofree char *why = g_strdup_printf ("socket %u was refused", n + 1);
    bench_skip (self, "ws.idle", why);
  } else {
    bench_figure (self, "ws.idle", (pss (self->pid) - before) / SOCKETS / 1024, 0);
  }
  for (guint i = 0; i < MIN (n + 1, SOCKETS); i++)
    if (fds[i] >= 0)
      close (fds[i]);
}

/* --- the server by itself ---------------------------------------------------------------------- */

void
bench_idle (Bench *self)
{
  bench_need_server (self);
  g_usleep (QUIET_SECONDS * G_USEC_PER_SEC);
  bench_figure (self, "server.idle", pss (self->pid) / (1 << 20), 0);
}

/* Another tidelined on the same PostgreSQL and Redis; seconds until it answers, 0 when it does not. */
static double
start_alone (Bench *self)
{
  const char *folder = tl_test_server_folder (self->server);
  g_autofree char *path = g_build_filename (self->scratch, "alone.conf", NULL);
  g_autofree char *text = g_strdup_printf (
      "[server]\nlisten=127.0.0.1:0\nsecret-file=%s/secret\n[postgresql]\nconnection=%s\n"
      "[redis]\naddress=%s\n[blobs]\nfolder=%s/blobs\n",
      folder, self->postgresql, self->redis, folder);
  g_autofree char *program =
      g_build_filename (g_getenv ("TIDELINE_BUILD"), "server/tidelined", NULL);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;
  gint64 began;

  g_file_set_contents (path, text, -1, NULL);
  began = g_get_monotonic_time ();
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                              NULL, program, "--config", path, NULL);
  if (process == NULL)
    return 0;
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  line = g_data_input_stream_read_line (output, NULL, NULL, NULL);
  began = g_get_monotonic_time () - began;
  g_subprocess_send_signal (process, SIGTERM);
  g_subprocess_wait (process, NULL, NULL);
  return line ? (double)began / 1e6 : 0;
}

void
bench_start (Bench *self)
{
  double whole[3], alone[3];

  bench_need_server (self);
  for (guint run = 0; run < G_N_ELEMENTS (whole); run++) {
    gint64 began;

    tl_test_server_stop (self->server);
    began = g_get_monotonic_time ();
    tl_test_server_start (self->server);
    whole[run] = (double)(g_get_monotonic_time () - began) / 1e6;
    bench_server_started (self);
    alone[run] = start_alone (self);
  }
  bench_figure (self, "server.start", bench_median (whole, G_N_ELEMENTS (whole)), 0);
  if (alone[0] > 0)
    bench_figure (self, "server.start.alone", bench_median (alone, G_N_ELEMENTS (alone)), 0);
  else
    bench_skip (self, "server.start.alone", "it did not start");
}
