/* bench.h: what the rows share: a real server full of things, people who use it, and where figures go.
 * One thread drives everything; nothing here asserts how long something takes. */
#pragma once

#include "server/services/user/tokens.h"
#include "sync/wire/types.h"
#include "tests/fixtures/server.h"

#include <libpq-fe.h>

#define BENCH_PEOPLE 16    /* who make load: 20 feeds and 16 rooms each */
#define BENCH_ROOMS_EACH 8 /* with the next person */
#define BENCH_FEEDS 100    /* a reader's */
#define BENCH_OF_EACH                                                                              \
  100000 /* articles of a reader; the desktop's messages, posts and events too */
#define BENCH_NOTIFICATIONS 5000
#define BENCH_RUNS 5 /* of each measurement, the median counts */

typedef struct {
  gint64 key;
  char *token; /* access token */
  gint64 rooms[BENCH_ROOMS_EACH];
} BenchPerson;

typedef struct {
  TlTestServer *server;
  guint port;
  int pid;          /* tidelined's; its PostgreSQL and Redis are its children */
  char *postgresql; /* how to reach that */
  char *redis;
  PGconn *pg;
  TlTokens *tokens;
  GHashTable *sql;
  BenchPerson people[BENCH_PEOPLE];
  BenchPerson reader;  /* 100,000 articles */
  BenchPerson desktop; /* and as many messages, posts, events */
  char *scratch;       /* a folder for clients' files */
  GArray *figures;     /* of Figure, main.c */
  gboolean peers;      /* are wanted beside us */
} Bench;

/* --- server.c ---------------------------------------------------------------------------------- */

/* Starts and fills a server, once. */
void bench_need_server (Bench *self);
/* Somebody new, who has nothing yet. */
BenchPerson bench_new_person (Bench *self, const char *login);
void bench_person_clear (BenchPerson *person);
/* The statements of a file of the source, by name. */
GHashTable *bench_statements (const char *path);
/* Rereads what a restart changes. */
void bench_server_started (Bench *self);
void bench_close (Bench *self);
/* A statement of seed.sql. */
PGresult *bench_sql (Bench *self, const char *name, int n, const char *const *args);
gint64 bench_sql_number (Bench *self, const char *name, int n, const char *const *args);

/* --- cache.c ----------------------------------------------------------------------------------- */

/* The folder that was kept under this name, while the schemas and the seed are as then; or NULL. */
char *bench_kept (Bench *self, const char *name);
/* Removes all that was kept. */
void bench_forget (void);
/* Keeps a copy of `folder` for later runs. */
void bench_keep (Bench *self, const char *name, const char *folder);
void bench_copy (const char *from, const char *to);

/* --- measure.c --------------------------------------------------------------------------------- */

/* A value of `file` ("status", "smaps_rollup") of /proc/<pid>, in bytes. */
gint64 bench_proc_bytes (int pid, const char *file, const char *name);
/* CPU seconds that the process and its children used so far. */
double bench_cpu (int pid);
gint64 bench_percentile (GArray *microseconds, double part); /* sorts */
double bench_median (double *values, guint n);               /* sorts */

/* --- main.c ------------------------------------------------------------------------------------ */

/* `cpu`: seconds of CPU for one operation, 0 where there is none. */
void bench_figure (Bench *self, const char *id, double value, double cpu);
/* Measured by turns with a peer; `cpu` and `peer_cpu` as above. */
void bench_beside (Bench *self, const char *id, double value, double cpu, double peer_value,
                   double peer_cpu);
/* A row that could not be measured, and why. */
void bench_skip (Bench *self, const char *id, const char *why);

/* --- rows -------------------------------------------------------------------------------------- */

typedef struct {
  double seconds, cpu;
} Taken;
/* `person` follows the feeds that are served at `port`, until all their entries are there. */
#define BENCH_INGEST_FEEDS 100
gboolean bench_ingest_once (Bench *self, const BenchPerson *person, guint port, Taken *taken,
                            char **why);

void bench_noop (Bench *self);
void bench_delta (Bench *self);
void bench_write (Bench *self);
void bench_serve (Bench *self);
void bench_replica (Bench *self);
void bench_push (Bench *self);
void bench_ingest (Bench *self);
void bench_durable (Bench *self);
void bench_fanout (Bench *self);
void bench_post (Bench *self);
void bench_mark (Bench *self);
void bench_notify (Bench *self);
void bench_search (Bench *self);
void bench_expand (Bench *self);
void bench_idle_sockets (Bench *self);
void bench_idle (Bench *self);
void bench_start (Bench *self);
void bench_app (Bench *self);
void bench_peers (Bench *self);

/* Makes a connection a WebSocket that is pushed what changes, objects and all. */
gboolean bench_open_socket (const BenchPerson *person, int fd);

/* What a client of its own process took: microseconds, bytes, seconds of CPU. */
typedef struct {
  double first, all;
  double before, most;
  double cpu;
} ClientTimes;
/* Syncs `login` into the folder of its account below `data`. */
gboolean bench_sync_client (Bench *self, const char *data, const char *login, ClientTimes *times,
                            char **why);

/* client.c: this program as a client of its own: syncs `login` into `dir` and prints what it took. */
int bench_client_main (int argc, char **argv);
