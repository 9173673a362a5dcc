/* replica.h: the account's two files and who may touch them.
 *
 * replica.db (WAL, NORMAL) is the server's truth with pending operations laid over it; local.db (FULL)
 * is what only this device knows: outbox, drafts, cursors' owner, settings. One writer thread owns the
 * writing connection; a few reader threads have their own. The main thread never runs SQL. */
#pragma once

#include "sync/db.h"
#include "sync/wire/types.h"

#include <libdex.h>

#define TL_TYPE_REPLICA (tl_replica_get_type ())
G_DECLARE_FINAL_TYPE (TlReplica, tl_replica, TL, REPLICA, GObject)

/* What one committed write changed. */
typedef struct {
  guint64 types;    /* bit n: type number n; bit 0: local things (outbox, drafts) */
  GHashTable *keys; /* of TlObjectRef: the objects; NULL when too many to name (all may have) */
  GArray *rekeyed;  /* of TlRekey */
} TlChanges;

typedef struct {
  gint64 key;
  guint8 type;
} TlObjectRef;

typedef struct {
  gint64 from, to;
  guint8 type;
} TlRekey;

/* Signals, on the main context of the thread that opened it:
 *   changed (const TlChanges *)  after each commit, also those of another process
 *   rekeyed (guint type, gint64 from, gint64 to)  a local object got its server id */

/* Opens or makes both files in `dir`. A corrupt replica.db is set aside (replica.db.broken-N) and
 * begun anew: see was_reset. A file of a newer version is refused (TL_DB_ERROR_NEWER). */
TlReplica *tl_replica_open (const char *dir, GError **error);
/* Waits for the threads. */
void tl_replica_close (TlReplica *self);
const char *tl_replica_dir (TlReplica *self);
/* Was the replica made anew, so that a first sync is due? */
gboolean tl_replica_was_reset (TlReplica *self);

/* In the writer thread, inside one transaction; `changes` is filled in. FALSE rolls back. */
typedef gboolean (*TlWriteFunc) (TlDb *db, TlChanges *changes, gpointer data, GError **error);
/* Resolves to TRUE after the commit (`changed` was emitted). `data` is freed by `destroy` in the main thread. */
DexFuture *tl_replica_write (TlReplica *self, TlWriteFunc func, gpointer data,
                             GDestroyNotify destroy);

/* In a reader thread, on one snapshot. What it returns resolves the future as a G_TYPE_POINTER, owned by
 * whoever waits for it. When nobody holds the future any more the question is not asked, or its result is
 * freed with `free_result`. */
typedef gpointer (*TlReadFunc) (TlDb *db, gpointer data, GError **error);
DexFuture *tl_replica_read (TlReplica *self, TlReadFunc func, gpointer data, GDestroyNotify destroy,
                            GDestroyNotify free_result);
/* The same, after all others that were asked so. */
DexFuture *tl_replica_read_patiently (TlReplica *self, TlReadFunc func, gpointer data,
                                      GDestroyNotify destroy, GDestroyNotify free_result);

/* Another process wrote to the files: forget what is cached, emit `changed` with everything. */
void tl_replica_refresh (TlReplica *self);

TlChanges *tl_changes_new (void);
void tl_changes_free (TlChanges *changes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlChanges, tl_changes_free)
void tl_changes_add (TlChanges *changes, const TlType *type, gint64 key);
void tl_changes_rekey (TlChanges *changes, const TlType *type, gint64 from, gint64 to);
/* Everything may have changed. */
void tl_changes_all (TlChanges *changes);
void tl_changes_local (TlChanges *changes);
gboolean tl_changes_has_type (const TlChanges *changes, const TlType *type);
gboolean tl_changes_has (const TlChanges *changes, const TlType *type, gint64 key);
