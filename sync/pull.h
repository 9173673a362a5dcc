/* pull.h: changes from the server into the replica: first sync by snapshot, then deltas, then pushes.
 * The builders run on the main thread, the appliers in the writer thread inside its transaction. */
#pragma once

#include "sync/apply.h"

#include <json-glib/json-glib.h>

/* A message by somebody else that came in and is not read; room 0: a notification. */
typedef struct {
  gint64 room, message;
} TlArrival;

typedef struct {
  gint64 me;
  gboolean has_more;       /* another round is due at once */
  gboolean needs_snapshot; /* a state was too old: begin anew */
  gboolean is_first;       /* no arrivals are told of at first sync */
  GArray *arrivals;        /* of TlArrival */
} TlPull;

/* At most this many unconfirmed objects are asked for in a round. */
#define TL_PULL_UNCONFIRMED 400

/* What came otherwise than by a delta, of TlObjectRef; any connection. */
GArray *tl_pull_unconfirmed (TlDb *db, GError **error);
/* One request that catches up on every type: Sync/changes, once for each state that types are at; and a get of what
 * is `unconfirmed`. `states`: by type number. */
JsonNode *tl_pull_request (gint64 account, char *const *states, const GArray *unconfirmed);
gboolean tl_pull_apply (TlDb *db, TlChanges *changes, TlPull *pull, const char *json,
                        GError **error);

JsonNode *tl_snapshot_request (gint64 account, const char *cursor, guint limit);
/* `*cursor` becomes the next one, NULL at the end. Keeps both in the replica, so that a crash resumes. */
gboolean tl_snapshot_apply (TlDb *db, TlChanges *changes, const char *json, char **cursor,
                            guint *count, GError **error);

/* A SyncPush frame (docs/protocol.md): shown at once, unconfirmed until the next round. */
gboolean tl_push_apply (TlDb *db, TlChanges *changes, TlPull *pull, const char *json,
                        GError **error);
