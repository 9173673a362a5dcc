/* turns.c: one measurement of ours, one of theirs, and again: what else the machine does hits both. */
#include "tests/bench/peers/peer.h"

#include <string.h>

#define LATENCIES 100 /* a turn */
#define RATE_SECONDS 1.5
#define CONNECTIONS 8

enum { OURS, THEIRS };

double
peer_our_cpu (Bench *bench)
{
  return bench_cpu (bench->pid);
}

double
peer_their_cpu (Bench *bench, const Peer *self)
{
  int pid = (int)g_ascii_strtoll (g_subprocess_get_identifier (self->process), NULL, 10);

  return bench_cpu (pid) + (self->uses_our_database ? bench_cpu (bench->pid) : 0);
}

static double
cpu_of (Bench *bench, const Peer *peer, guint side)
{
  return side == OURS ? peer_our_cpu (bench) : peer_their_cpu (bench, peer);
}

static gboolean
is_good (const char *answer, gsize length)
{
  return answer && !memmem (answer, length, "[\"error\"", 8) &&
         !memmem (answer, length, "\"notCreated\":{", 14);
}

/* Milliseconds, the median; -1 when an answer is not good. */
static double
turn (HttpLine *line, guint side, PeerNext next, gpointer data, guint first)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < LATENCIES; i++) {
    g_autoptr (GBytes) request = next (data, side == THEIRS, first + i);
    gint64 began = g_get_monotonic_time (), took;
    gsize length;
    const char *answer = http_exchange (line, request, &length, NULL);

    took = g_get_monotonic_time () - began;
    if (!is_good (answer, answer ? length : 0))
      return -1;
    g_array_append_val (times, took);
  }
  return (double)bench_percentile (times, 0.5) / 1000;
}

void
peer_latency (Bench *bench, const char *id, const Peer *peer, PeerNext next, gpointer data)
{
  HttpLine *lines[] = { http_line_new (bench->port), http_line_new (peer->port) };
  double medians[2][BENCH_RUNS], cpu[2] = { 0, 0 };
  gboolean is_all_good = TRUE;

  for (guint run = 0; run < BENCH_RUNS && is_all_good; run++)
    for (guint side = OURS; side <= THEIRS && is_all_good; side++) {
      double before = cpu_of (bench, peer, side);

      medians[side][run] = turn (lines[side], side, next, data, run * LATENCIES);
      cpu[side] += cpu_of (bench, peer, side) - before;
      is_all_good = medians[side][run] >= 0;
      if (!is_all_good)
        bench_skip (bench, id, side == OURS ? "we refused it" : "the peer refused it");
    }
  if (is_all_good)
    bench_beside (bench, id, bench_median (medians[OURS], BENCH_RUNS),
                  cpu[OURS] / (BENCH_RUNS * LATENCIES), bench_median (medians[THEIRS], BENCH_RUNS),
                  cpu[THEIRS] / (BENCH_RUNS * LATENCIES));
  http_line_free (lines[OURS]);
  http_line_free (lines[THEIRS]);
}

static GBytes *
same_again (gpointer data, guint connection, guint64 n)
{
  GBytes **requests = data;
  return requests[connection % PEER_ACCOUNTS];
}

void
peer_rate (Bench *bench, const char *id, const Peer *peer, GBytes **ours, GBytes **theirs)
{
  double rates[2][BENCH_RUNS], costs[2][BENCH_RUNS];

  for (guint run = 0; run < BENCH_RUNS; run++)
    for (guint side = OURS; side <= THEIRS; side++) {
      double before = cpu_of (bench, peer, side);
      HttpLoad load = http_load (side == OURS ? bench->port : peer->port, CONNECTIONS, RATE_SECONDS,
                                 same_again, side == OURS ? ours : theirs);

      if (load.failed > 0 || load.done == 0) {
        bench_skip (bench, id, side == OURS ? "we refused it" : "the peer refused it");
        return;
      }
      rates[side][run] = (double)load.done / load.seconds;
      costs[side][run] = (cpu_of (bench, peer, side) - before) / (double)load.done;
    }
  bench_beside (bench, id, bench_median (rates[OURS], BENCH_RUNS),
                bench_median (costs[OURS], BENCH_RUNS), bench_median (rates[THEIRS], BENCH_RUNS),
                bench_median (costs[THEIRS], BENCH_RUNS));
}

void
bench_peers (Bench *self)
{
  if (!self->peers)
    return;
  bench_need_server (self);
  peers_news (self);
  peers_jmap (self);
}
