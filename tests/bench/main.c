/* main.c: ./run bench [--json FILE] [--peers] [ROW…]: the rows, their targets, and how figures are printed. A target
 * is compared with, never waited for: a slow machine gives a table with more misses, not a failure. */
#include "tests/bench/bench.h"

#include <json-glib/json-glib.h>
#include <libdex.h>
#include <stdio.h>
#include <string.h>

#define ROW "%-20s %-68s %9s %-3s %9s  %-4s %-20s %s\n"

typedef struct {
  const char *id;
  const char *what;
  const char *unit;
  double target;    /* 0: none */
  gboolean more;    /* is better */
  const char *peer; /* who does the same, measured before on a machine of this kind */
  double peer_value;
} Target;

/* A row's figures have its id and a last part. */
static const Target targets[] = {
  { "sync.noop.p50", "the app's whole request, nothing changed", "ms", 0.4, FALSE, "Cyrus", 1.6 },
  { "sync.noop.rate", "the same on 32 connections", "/s", 8000, TRUE, "Cyrus", 700 },
  { "sync.delta10.p50", "the app's whole request, ten messages new", "ms", 0.7, FALSE, "Cyrus",
    2.6 },
  { "sync.delta10.rate", "the same on 32 connections", "/s", 4000, TRUE, "Cyrus", 450 },
  { "sync.bytes.object", "on the wire for a new message beyond its own JSON", "B", 40, FALSE,
    "Miniflux", 1700 },
  { "sync.bytes.mark", "on the wire for a changed mark", "B", 150, FALSE },
  { "sync.bytes.noop", "answer, head and all, when nothing changed", "B", 0, FALSE },
  { "sync.first.serve", "articles of 1 kB in pages of 2,000, one connection", "/s", 80000, TRUE,
    "Cyrus", 15300 },
  { "sync.first.replica", "100,000 articles into a searchable replica, whole app", "/s", 25000,
    TRUE, "PouchDB", 430 },
  { "sync.first.screen", "the same: sign-in to the first articles", "ms", 300, FALSE },
  { "sync.memory", "growth of that client meanwhile", "MB", 32, FALSE },
  { "sync.write.p50", "one mark changed durably", "ms", 0.8, FALSE, "Miniflux", 1.8 },
  { "sync.push.p50", "a message sent to shown by another's replica", "ms", 5, FALSE },
  { "sync.push.p99", "the same", "ms", 20, FALSE },
  { "chat.durable", "messages sent in 128 rooms, 32 connections", "/s", 3000, TRUE },
  { "chat.fanout.p50", "a message to 500 sockets of a room, until each has it", "ms", 5, FALSE,
    "Prosody", 165 },
  { "chat.fanout.p99", "the same", "ms", 20, FALSE, "Prosody", 211 },
  { "chat.fanout.rate", "messages to 500 sockets, one after the other: deliveries", "/s", 60000,
    TRUE, "Prosody", 2900 },
  { "feed.post.p50", "a post written durably", "ms", 0.8, FALSE },
  { "news.mark.all", "20,000 articles marked read in one request", "ms", 20, FALSE },
  { "notify.pipeline", "10,000 mentions of 100 people: made, and mailed in a letter each", "/s",
    1000, TRUE },
  { "search.server", "one word in 20,000 articles and 1,500 messages, the first ten", "ms", 3,
    FALSE, "Miniflux", 15 },
  { "search.server.house", "the same in 400,000 things of all kinds", "ms", 0, FALSE },
  { "cal.expand", "10,000 occurrences of four kinds of rules", "ms", 20, FALSE },
  { "news.ingest", "new entries of 2.4 kB, 100 feeds of 100", "/s", 6000, TRUE, "Miniflux", 580 },
  { "ws.idle", "server memory for an idle signed-in socket, of 2,000", "kB", 4, FALSE, "Prosody",
    37 },
  { "server.idle", "tidelined by itself, quiet after all of the above", "MB", 25, FALSE, "Miniflux",
    48 },
  { "server.start", "with PostgreSQL and Redis, existing data", "s", 1, FALSE },
  { "server.start.alone", "these running already", "s", 0.2, FALSE },
  { "app.start", "100,000 of each kind: start to the window as it stays", "s", 0.4, FALSE,
    "Dino, empty", 0.46 },
  { "app.memory", "proportional memory then", "MB", 120, FALSE, "Dino, empty", 110 },
  { "app.memory.scrolled", "after scrolling on", "MB", 140, FALSE },
  { "app.first.news", "the same house: a section is made, its first rows painted", "ms", 0, FALSE },
  { "app.first.feed", "the same", "ms", 0, FALSE },
  { "app.first.chat", "the same", "ms", 0, FALSE },
  { "app.first.calendar", "the same, with the events of a month", "ms", 0, FALSE },
  { "app.switch.room", "to another room, its messages painted; CPU of the main thread", "ms", 50,
    FALSE },
  { "app.switch.folder", "to another folder of feeds", "ms", 50, FALSE },
  { "app.switch.month", "to another month of 800 events", "ms", 50, FALSE },
  { "app.scroll.articles", "a frame while scrolling fast, p95, painted by the processor", "ms", 33,
    FALSE },
  { "app.scroll.posts", "the same", "ms", 33, FALSE },
  { "app.scroll.messages", "the same", "ms", 33, FALSE },
  { "app.search.p50", "a keystroke to what is found in 400,000 things", "ms", 0, FALSE },
  { "app.search.p95", "the same", "ms", 50, FALSE },
  { "app.keystroke", "a letter typed to a draft on disk", "ms", 1000, FALSE },
  { "app.block", "the longest turn of the main loop in all that", "ms", 50, FALSE },
  /* Measured by turns in this run, with the same content: --peers. */
  { "peers.ingest", "new entries of 2.4 kB, 100 feeds of 100", "/s", 0, TRUE, "Miniflux" },
  { "peers.list", "the newest 100 of 10,000 unread articles, their text too", "ms", 0, FALSE,
    "Miniflux" },
  { "peers.mark", "one of them marked read", "ms", 0, FALSE, "Miniflux" },
  { "peers.search", "one word in them, the first ten", "ms", 0, FALSE, "Miniflux" },
  { "peers.session", "the session", "ms", 0, FALSE, "Cyrus" },
  { "peers.noop", "one type, nothing changed since a state", "ms", 0, FALSE, "Cyrus" },
  { "peers.noop.rate", "the same on 8 connections, 4 accounts", "/s", 0, TRUE, "Cyrus" },
  { "peers.delta10", "ten messages new: changes and get in one request", "ms", 0, FALSE, "Cyrus" },
  { "peers.delta10.rate", "the same on 8 connections, 4 accounts", "/s", 0, TRUE, "Cyrus" },
  { "peers.set", "one message written durably", "ms", 0, FALSE, "Cyrus" },
};

static const struct {
  const char *id;
  void (*run) (Bench *self);
} rows[] = {
  { "sync.noop", bench_noop },
  { "sync.delta10", bench_delta }, /* and sync.bytes */
  { "sync.write", bench_write },
  { "sync.first.serve", bench_serve },
  { "sync.first.replica", bench_replica }, /* and sync.memory */
  { "sync.push", bench_push },
  { "news.ingest", bench_ingest },
  { "chat.durable", bench_durable },
  { "chat.fanout", bench_fanout },
  { "feed.post", bench_post },
  { "news.mark", bench_mark },
  { "notify.pipeline", bench_notify },
  { "search.server", bench_search },
  { "cal.expand", bench_expand },
  { "server.idle", bench_idle },
  { "ws.idle", bench_idle_sockets },
  { "server.start", bench_start },
  { "app.start", bench_app }, /* and the app's others */
  { "peers", bench_peers },
};

typedef struct {
  const Target *target;
  double value;
  double peer_value;
} Figure;

static const Target *
find_target (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    if (g_str_equal (targets[i].id, id))
      return &targets[i];
  g_error ("there is no figure “%s”", id);
}

static gboolean
is_met (const Figure *figure)
{
  return figure->target->more ? figure->value >= figure->target->target
                              : figure->value <= figure->target->target;
}

/* "8,000", "0.43", "12.1" */
static char *
number (double value)
{
  int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  char *text = g_strdup_printf ("%.*f", decimals, value);

  if (value >= 10000) {
    char *grouped =
        g_strdup_printf ("%.*s,%s", (int)strlen (text) - 3, text, text + strlen (text) - 3);
    g_free (text);
    return grouped;
  }
  return text;
}

void
bench_figure (Bench *self, const char *id, double value, double cpu)
{
  Figure figure = { find_target (id), value, 0 };
  g_autofree char *ours = number (value);
  g_autofree char *wanted = number (figure.target->target);
  g_autofree char *theirs = number (figure.target->peer_value);
  g_autofree char *peer = figure.target->peer
                              ? g_strdup_printf ("%s (%s)", theirs, figure.target->peer)
                              : g_strdup ("");
  g_autofree char *cost = cpu > 0 ? g_strdup_printf ("%8.0f µs", cpu * 1e6) : g_strdup ("");

  figure.peer_value = figure.target->peer_value;
  g_array_append_val (self->figures, figure);
  if (figure.target->target == 0)
    g_set_str (&wanted, "");
  printf (ROW, id, figure.target->what, ours, figure.target->unit, wanted,
          figure.target->target == 0 ? ""
          : is_met (&figure)         ? "met"
                                     : "-",
          peer, cost);
  fflush (stdout);
}

void
bench_beside (Bench *self, const char *id, double value, double cpu, double peer_value,
              double peer_cpu)
{
  Figure figure = { find_target (id), value, peer_value };
  double ratio = figure.target->more ? value / peer_value : peer_value / value;
  g_autofree char *ours = number (value);
  g_autofree char *theirs = number (peer_value);
  g_autofree char *better = number (ratio);
  g_autofree char *times = g_strconcat ("×", better, NULL);
  g_autofree char *peer = g_strdup_printf ("%s (%s)", theirs, figure.target->peer);
  g_autofree char *cost =
      cpu > 0 ? g_strdup_printf ("%8.0f µs, %.0f µs", cpu * 1e6, peer_cpu * 1e6) : g_strdup ("");

  g_array_append_val (self->figures, figure);
  printf (ROW, id, figure.target->what, ours, figure.target->unit, times, "", peer, cost);
  fflush (stdout);
}

void
bench_skip (Bench *self, const char *id, const char *why)
{
  printf ("%-20s not measured: %s\n", id, why);
  fflush (stdout);
}

static void
add_object (JsonBuilder *builder, const Figure *figure)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "id");
  json_builder_add_string_value (builder, figure->target->id);
  json_builder_set_member_name (builder, "value");
  json_builder_add_double_value (builder, figure->value);
  json_builder_set_member_name (builder, "unit");
  json_builder_add_string_value (builder, figure->target->unit);
  json_builder_set_member_name (builder, "target");
  if (figure->target->target == 0)
    json_builder_add_null_value (builder);
  else
    json_builder_add_double_value (builder, figure->target->target);
  json_builder_set_member_name (builder, "met");
  if (figure->target->target == 0)
    json_builder_add_null_value (builder);
  else
    json_builder_add_boolean_value (builder, is_met (figure));
  json_builder_set_member_name (builder, "peer");
  json_builder_add_string_value (builder, figure->target->peer); /* NULL is null */
  json_builder_set_member_name (builder, "peer_value");
  if (figure->target->peer == NULL)
    json_builder_add_null_value (builder);
  else
    json_builder_add_double_value (builder, figure->peer_value);
  json_builder_end_object (builder);
}

static gboolean
write_json (GArray *figures, const char *path, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_array (builder);
  for (guint i = 0; i < figures->len; i++)
    add_object (builder, &g_array_index (figures, Figure, i));
  json_builder_end_array (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  return g_file_set_contents (path, text, -1, error);
}

/* Was the row asked for: by its name, or by a part of it up to a dot, or one of its figures? */
static gboolean
is_wanted (const char *row, char **names)
{
  if (names == NULL || names[0] == NULL)
    return TRUE;
  for (guint i = 0; names[i]; i++)
    if (g_str_has_prefix (row, names[i]) || g_str_has_prefix (names[i], row))
      return TRUE;
  return FALSE;
}

/* What a client says of its surroundings (no secret service) would stand between the rows. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
  return level & G_LOG_LEVEL_ERROR ? g_log_writer_default (level, fields, n, data)
                                   : G_LOG_WRITER_HANDLED;
}

/* What the fixtures tell a test would, too. */
static void
print_nothing (const char *text)
{
}

static int
fail (const char *sentence)
{
  fprintf (stderr, "bench: %s\n", sentence);
  return 1;
}

int
main (int argc, char **argv)
{
  g_autofree char *json = NULL;
  gboolean peers = FALSE;
  g_auto (GStrv) names = NULL;
  const GOptionEntry options[] = {
    { "json", 0, 0, G_OPTION_ARG_FILENAME, &json, "Write the figures to FILE too", "FILE" },
    { "peers", 0, 0, G_OPTION_ARG_NONE, &peers, "Set others' servers up beside ours", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &names, NULL, "[ROW…]" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  Bench self = { .figures = g_array_new (FALSE, FALSE, sizeof (Figure)) };

  dex_init ();
  g_log_set_writer_func (write_log, NULL, NULL);
  g_set_print_handler (print_nothing);
  if (argc > 1 && g_str_equal (argv[1], "--client"))
    return bench_client_main (argc - 1, argv + 1);
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return fail (error->message);
  self.peers = peers;
  printf (ROW, "row", "what", "ours", "", "target", "", "a peer", "CPU each");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (is_wanted (rows[i].id, names))
      rows[i].run (&self);
  bench_close (&self);
  if (json && !write_json (self.figures, json, &error))
    return fail (error->message);
  g_array_unref (self.figures);
  return 0;
}
