/* round.h: one round of the engine: the outbox out, changes in; and what a push brings. */
#pragma once

#include "sync/pull.h"
#include "sync/remote.h"

typedef struct {
  TlReplica *replica;
  TlRemote *remote;
  gint64 me;
  guint batch;      /* operations of the next request: fewer after one that was too large */
  gboolean is_anew; /* a snapshot was begun in this round */
  void (*progress) (double fraction, gpointer data); /* of a first sync */
  void (*sent) (double fraction, gpointer data);     /* of files */
  void (*arrived) (const TlArrival *arrivals, guint n, gpointer data);
  gpointer data;
} TlRound;

void tl_round_init (TlRound *self, TlReplica *replica, TlRemote *remote, gint64 me);
void tl_round_clear (TlRound *self);

/* In a fiber. */
gboolean tl_round_run (TlRound *self, GError **error);
/* In a fiber: a SyncPush frame. */
gboolean tl_round_push (TlRound *self, const char *frame, GError **error);
