/* engine.h: the one loop that syncs: push the outbox, pull changes, apply, sleep until a push, a local
 * write or a timer. Backoff with jitter; GNetworkMonitor; nothing here is lost by a kill at any point. */
#pragma once

#include "sync/account.h"
#include "sync/remote.h"
#include "sync/replica.h"

typedef enum {
  TL_SYNC_OFFLINE,
  TL_SYNC_FIRST,   /* first sync under way, see progress */
  TL_SYNC_SYNCING, /* for longer than half a second */
  TL_SYNC_SYNCED,
  TL_SYNC_SIGN_IN,   /* a person must sign in again */
  TL_SYNC_ELSEWHERE, /* another process holds the lock and syncs */
} TlSyncState;
#define TL_TYPE_SYNC_STATE (tl_sync_state_get_type ())
GType tl_sync_state_get_type (void);

#define TL_TYPE_ENGINE (tl_engine_get_type ())
G_DECLARE_FINAL_TYPE (TlEngine, tl_engine, TL, ENGINE, GObject)

/* Properties (notified): state (TlSyncState), waiting (guint: operations in the outbox), refused (guint),
 * progress (double 0..1, of the first sync, or of files that are sent), since (gint64 ms: in this state since), message (char *: why offline).
 * Signal: message-arrived (gint64 room, gint64 message): by push or delta, by somebody else, not yet read, not
 * at first sync. notification-arrived (gint64 notification): the same of a Notification. */
/* `account` is copied. */
TlEngine *tl_engine_new (TlReplica *replica, TlRemote *remote, const TlAccount *account);
/* Runs until stopped; resolves when it has ended. */
DexFuture *tl_engine_start (TlEngine *self);
DexFuture *tl_engine_stop (TlEngine *self);
/* There is something to do now (a write, a wake, "try again"). */
void tl_engine_kick (TlEngine *self);
/* One whole round, without the loop: outbox out, changes in. Resolves to TRUE, rejects with what went wrong. */
DexFuture *tl_engine_sync_once (TlEngine *self);
TlSyncState tl_engine_state (TlEngine *self);
