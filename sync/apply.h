/* apply.h: what the server said goes into the replica (writer thread, inside a transaction).
 *
 * Rows without pending operations are their base. A row with some keeps the server's object in
 * `base` and shows base + operations: after each delta, refusal or acknowledgement it is shown anew. */
#pragma once

#include "sync/replica.h"

/* Upserts the objects of the JSON array at `path` ("$.methodResponses[1][1].list") of `json`, taken
 * apart by SQLite; also the full-text index. They are whole: a property left out becomes null. Returns how many, -1 on
 * error. */
gint tl_apply_objects (TlDb *db, TlChanges *changes, const TlType *type, const char *json,
                       const char *path, GError **error);
/* The ids in the JSON array at `path` are gone. */
gboolean tl_apply_destroyed (TlDb *db, TlChanges *changes, const TlType *type, const char *json,
                             const char *path, GError **error);
/* Shows an object anew: its base with the pending operations over it. */
gboolean tl_apply_overlay (TlDb *db, TlChanges *changes, const TlType *type, gint64 key,
                           GError **error);

/* The row came otherwise than by a delta: the next round asks for it again. */
gboolean tl_apply_unconfirmed (TlDb *db, const TlType *type, gint64 key, GError **error);

/* States and cursors: "state:Article", "snapshot" … in replica.db. NULL when there is none; setting NULL removes. */
char *tl_replica_get_meta (TlDb *db, const char *name);
gboolean tl_replica_set_meta (TlDb *db, const char *name, const char *value, GError **error);
/* First sync from nothing again: what is there stays readable meanwhile; states and cursors ("state:…",
 * "snapshot…") are dropped. Keeps local.db. */
gboolean tl_replica_begin_anew (TlDb *db, TlChanges *changes, GError **error);
/* Ends it: rows that the new snapshot did not bring are dropped. */
gboolean tl_replica_end_anew (TlDb *db, TlChanges *changes, GError **error);
