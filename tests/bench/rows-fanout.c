/* rows-fanout.c: one message to many: a room whose members listen on 500 sockets. What arrives is counted by a mark
 * in the message's words, which each socket gets once. */
#include "tests/bench/jmap.h"

#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define SOCKETS 500
#define SECONDS 2
#define CALM 20 /* messages one by one */
#define CALM_GAP_US (100 * 1000)
#define PATIENCE_US (10 * G_USEC_PER_SEC)
#define MARK "~hear~"
#define MARK_LENGTH 6

typedef struct {
  int epoll;
  int fds[SOCKETS];
  char tails[SOCKETS][MARK_LENGTH]; /* the end of what was read before, for a mark in two pieces */
  guint tail_lengths[SOCKETS];
  guint64 heard;
  char *why; /* it failed */
} Ears;

static guint
count_marks (const char *text, gsize length)
{
  guint n = 0;

  for (const char *at = text; (at = memmem (at, length - (gsize)(at - text), MARK, MARK_LENGTH));
       at += MARK_LENGTH)
    n++;
  return n;
}

static void
hear (Ears *self, guint i)
{
  static char buffer[1 << 16];
  guint kept = self->tail_lengths[i];
  gssize n;

  memcpy (buffer, self->tails[i], kept);
  n = read (self->fds[i], buffer + kept, sizeof buffer - kept);
  if (n <= 0)
    g_error ("socket %u was closed", i);
  n += kept;
  self->heard += count_marks (buffer, (gsize)n);
  kept = (guint)MIN (n, MARK_LENGTH - 1);
  memcpy (self->tails[i], buffer + n - kept, kept);
  self->tail_lengths[i] = kept;
}

/* Waits at most so long, hears what there is. */
static void
listen_for (Ears *self, int ms)
{
  struct epoll_event events[64];
  int n = epoll_wait (self->epoll, events, G_N_ELEMENTS (events), ms);

  for (int i = 0; i < n; i++)
    hear (self, events[i].data.u32);
}

static gboolean
open_ears (Ears *self, Bench *bench)
{
  for (guint i = 0; i < SOCKETS; i++) {
    struct epoll_event event = { .events = EPOLLIN, .data.u32 = i };

    self->fds[i] = http_connect (bench->port, i);
    if (!bench_open_socket (&bench->people[i % BENCH_PEOPLE], self->fds[i]))
      return FALSE;
    epoll_ctl (self->epoll, EPOLL_CTL_ADD, self->fds[i], &event);
  }
  return TRUE;
}

/* One message to all of them; microseconds until the last one heard it, -1 when it did not. */
static gint64
tell_all (Ears *self, HttpLine *line, const BenchPerson *person, gint64 room, GArray *times)
{
  guint64 before = self->heard, known = before;
  gint64 began = g_get_monotonic_time (), now = began;

  if (!jmap_done (line, jmap_send (person, room, "All of you " MARK), &self->why))
    return -1;
  while (self->heard < before + SOCKETS && now - began < PATIENCE_US) {
    listen_for (self, 20);
    now = g_get_monotonic_time ();
    for (; times && known < self->heard; known++) {
      gint64 took = now - began;
      g_array_append_val (times, took);
    }
  }
  if (self->heard >= before + SOCKETS)
    return now - began;
  self->why = g_strdup_printf ("%" G_GUINT64_FORMAT " of %d sockets heard a message in 10 s",
                               self->heard - before, SOCKETS);
  return -1;
}

static gboolean
tell_calmly (Bench *self, Ears *ears, HttpLine *line, gint64 room)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < CALM; i++) {
    if (tell_all (ears, line, &self->people[0], room, times) < 0)
      return FALSE;
    g_usleep (CALM_GAP_US);
  }
  bench_figure (self, "chat.fanout.p50", (double)bench_percentile (times, 0.5) / 1000, 0);
  bench_figure (self, "chat.fanout.p99", (double)bench_percentile (times, 0.99) / 1000, 0);
  return TRUE;
}

static void
tell_fast (Bench *self, Ears *ears, HttpLine *line, gint64 room)
{
  gint64 began = g_get_monotonic_time ();
  double cpu = bench_cpu (self->pid), seconds;
  guint64 before = ears->heard;

  do {
    if (tell_all (ears, line, &self->people[0], room, NULL) < 0)
      return;
    seconds = (double)(g_get_monotonic_time () - began) / 1e6;
  } while (seconds < SECONDS);
  bench_figure (self, "chat.fanout.rate", (double)(ears->heard - before) / seconds,
                (bench_cpu (self->pid) - cpu) / (double)(ears->heard - before));
}

void
bench_fanout (Bench *self)
{
  g_autofree Ears *ears = g_new0 (Ears, 1);
  g_autoptr (HttpLine) line = NULL;
  gint64 room;

  bench_need_server (self);
  line = http_line_new (self->port);
  /* made as people make one, so that who listens since earlier rows is told */
  room = jmap_make_room (line, &self->people[0], self->people + 1, BENCH_PEOPLE - 1, &ears->why);
  ears->epoll = epoll_create1 (EPOLL_CLOEXEC);
  if (ears->why == NULL && !open_ears (ears, self))
    ears->why = g_strdup ("a socket was refused");
  if (ears->why == NULL && tell_calmly (self, ears, line, room))
    tell_fast (self, ears, line, room);
  if (ears->why)
    bench_skip (self, "chat.fanout", ears->why);
  for (guint i = 0; i < SOCKETS; i++)
    if (ears->fds[i] > 0)
      close (ears->fds[i]);
  close (ears->epoll);
  g_free (ears->why);
}
