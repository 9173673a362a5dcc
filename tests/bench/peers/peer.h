/* peer.h: others' servers beside ours, each a process (or a family) of its own on the loopback, ended by its number.
 * `./run bench --peers` unpacks their packages and names the folder in TIDELINE_PEERS; nothing is installed. */
#pragma once

#include "tests/bench/bench.h"
#include "tests/bench/http-load.h"

#include <gio/gio.h>

typedef struct {
  GSubprocess *process;
  guint port;
  char *dir;                  /* its files, removed at the end */
  gboolean uses_our_database; /* its work is also our PostgreSQL's */
} Peer;

/* The file at `path` of the unpacked packages, or NULL. */
char *peer_file (const char *path);
guint peer_free_port (void);
/* Starts `argv` (with the environment `env`, "NAME=value"…) as the first of a session of its own and waits until `port` is
 * listened to. Takes `dir`. NULL with *why when it does not start. */
Peer *peer_start (const char *const *argv, const char *const *env, guint port, char *dir,
                  char **why);
void peer_stop (Peer *self);
/* Seconds of CPU so far of what works for us, and for the peer. */
double peer_our_cpu (Bench *bench);
double peer_their_cpu (Bench *bench, const Peer *self);

/* The next request, ours or theirs; the caller's. */
typedef GBytes *(*PeerNext) (gpointer data, gboolean is_theirs, guint n);
/* Figure `id`: requests one after the other, ours and theirs by turns, the medians of all turns' medians. */
void peer_latency (Bench *bench, const char *id, const Peer *peer, PeerNext next, gpointer data);
/* Figure `id`: requests on 8 connections, those of our people and of theirs by turns. */
#define PEER_ACCOUNTS 4
void peer_rate (Bench *bench, const char *id, const Peer *peer, GBytes **ours, GBytes **theirs);

/* The rows. */
void peers_news (Bench *bench);
void peers_jmap (Bench *bench);

/* --- miniflux.c -------------------------------------------------------------------------------- */

typedef struct {
  Peer *peer;
  PGconn *pg; /* its database in our PostgreSQL, under the same settings */
  GHashTable *sql;
} Miniflux;

Miniflux *miniflux_start (Bench *bench, char **why);
void miniflux_stop (Miniflux *self);
gint64 miniflux_number (Miniflux *self, const char *name, int n, const char *const *args);
/* Whole request; `body` may be NULL. */
GBytes *miniflux_request (const char *method, const char *path, const char *body);

/* --- cyrus.c ----------------------------------------------------------------------------------- */

#define CYRUS_USERS PEER_ACCOUNTS

typedef struct {
  Peer *peer;
  char *inbox[CYRUS_USERS]; /* ids of their mailboxes */
} Cyrus;

Cyrus *cyrus_start (char **why);
void cyrus_stop (Cyrus *self);
GBytes *cyrus_request (guint user, const char *calls);
GBytes *cyrus_session (guint user);
/* `n` messages in one Email/set. */
GBytes *cyrus_write (const Cyrus *self, guint user, guint n);
