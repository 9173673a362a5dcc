/* miniflux.c: Miniflux with a database of its own in the PostgreSQL that our server started: the same settings, the
 * same disk. Feeds are checked only when it is told to. */
#include "tests/bench/peers/peer.h"

#define TOKEN "bench-token"

gint64
miniflux_number (Miniflux *self, const char *name, int n, const char *const *args)
{
  PGresult *result =
      PQexecParams (self->pg, g_hash_table_lookup (self->sql, name), n, NULL, args, NULL, NULL, 0);
  gint64 value = 0;

  if (PQresultStatus (result) != PGRES_TUPLES_OK && PQresultStatus (result) != PGRES_COMMAND_OK)
    g_error ("Miniflux, %s: %s", name, PQresultErrorMessage (result));
  if (PQntuples (result) > 0)
    value = g_ascii_strtoll (PQgetvalue (result, 0, 0), NULL, 10);
  PQclear (result);
  return value;
}

GBytes *
miniflux_request (const char *method, const char *path, const char *body)
{
  return http_request (method, path, "X-Auth-Token: " TOKEN, body);
}

/* "host='/run/…' port=5432 user=… dbname=…", with its name instead of ours. */
static char *
conninfo (Bench *bench)
{
  const char *database = strstr (bench->postgresql, " dbname=");

  return g_strdup_printf ("%.*s dbname=miniflux", (int)(database - bench->postgresql),
                          bench->postgresql);
}

static void
make_database (Miniflux *self, Bench *bench, const char *there)
{
  self->sql = bench_statements ("tests/bench/peers/miniflux.sql");
  PQclear (PQexec (bench->pg, g_hash_table_lookup (self->sql, "create")));
  self->pg = PQconnectdb (there);
  if (PQstatus (self->pg) != CONNECTION_OK)
    g_error ("Miniflux's database: %s", PQerrorMessage (self->pg));
  miniflux_number (self, "extend", 0, NULL);
}

Miniflux *
miniflux_start (Bench *bench, char **why)
{
  g_autofree char *program = peer_file ("usr/bin/miniflux");
  g_autofree char *there = conninfo (bench);
  guint port = peer_free_port ();
  g_autofree char *database = g_strdup_printf ("DATABASE_URL=%s sslmode=disable", there);
  g_autofree char *listen = g_strdup_printf ("LISTEN_ADDR=127.0.0.1:%u", port);
  const char *argv[] = { "setpriv", "--pdeathsig", "TERM", program, NULL };
  const char *env[] = { database,
                        listen,
                        "RUN_MIGRATIONS=1",
                        "CREATE_ADMIN=1",
                        "ADMIN_USERNAME=bench",
                        "ADMIN_PASSWORD=bench-bench",
                        "DISABLE_SCHEDULER_SERVICE=1",
                        "LOG_LEVEL=error",
                        NULL };
  Miniflux *self;

  if (program == NULL) {
    *why = g_strdup ("Miniflux is not here: its package could not be had");
    return NULL;
  }
  self = g_new0 (Miniflux, 1);
  make_database (self, bench, there);
  self->peer = peer_start (argv, env, port, g_dir_make_tmp ("tideline-miniflux-XXXXXX", NULL), why);
  if (self->peer) {
    self->peer->uses_our_database = TRUE;
    miniflux_number (self, "key", 1, (const char *[]){ TOKEN });
    return self;
  }
  miniflux_stop (self);
  return NULL;
}

void
miniflux_stop (Miniflux *self)
{
  if (self->peer)
    peer_stop (self->peer);
  PQfinish (self->pg);
  g_hash_table_unref (self->sql);
  g_free (self);
}
