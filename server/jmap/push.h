/* push.h: the frames that are pushed: StateChange (RFC 8620, 7.1; RFC 8887) and SyncPush
 * (docs/protocol.md). */
#pragma once

#include "server/jmap/hub.h"
#include "sync/wire/field.h"

/* A row of the change log, as far as pushing goes. */
typedef struct {
  gint64 scope;
  gint64 scope_seq;
  gint64 id;
  guint8 type; /* 0: a membership */
  char kind;
} TlPushRow;

/* `types`: bits; `state`: the one of all of them. */
char *tl_push_state_change (gint64 account, guint32 types, const char *state);

/* The frame with all that `rows` (of one scope, in its order) changed. NULL without an error when it
 * would be too large, or tells of memberships: those are /changes' to tell. */
GBytes *tl_push_objects (TlPg *pg, const TlPushRow *rows, guint n, GError **error);
