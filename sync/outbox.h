/* outbox.h: every change that a person made and the server has not acknowledged (local.db).
 *
 * An operation is kept until its result is in the replica, carries a UUIDv7 as opId so that a retry
 * never takes effect twice, and is coalesced with earlier ones that were not sent yet. Objects made
 * here have negative keys; others refer to them as "#n5" (key -5) until the server's id is known. All
 * functions run in the writer thread inside its transaction unless they say otherwise. */
#pragma once

#include "sync/replica.h"

typedef enum { TL_OP_CREATE, TL_OP_UPDATE, TL_OP_DESTROY } TlVerb;
typedef enum {
  TL_OP_WAITING,
  TL_OP_SENDING, /* may have reached the server: never coalesced with, sent again with the same opId */
  TL_OP_REFUSED, /* for good: shown with its reason, retried or discarded by a person */
} TlOpStatus;

typedef struct {
  gint64 id; /* order of making */
  char *op_id;
  const TlType *type;
  gint64 key;
  TlVerb verb;
  char *body;  /* create: the object; update: the patch; JSON */
  char *state; /* the type's state it was made on */
  TlOpStatus status;
  char *error_type; /* SetError type when refused */
  char *error;      /* sentence */
  guint attempts;
  gint64 made_at; /* ms */
} TlOp;
void tl_op_free (TlOp *op);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlOp, tl_op_free)

/* Adds (coalescing) and shows the effect in the replica at once. `body` is taken. For a create `*key` is
 * set: negative, or the target's for types keyed by their target. */
gboolean tl_outbox_add (TlDb *db, TlChanges *changes, const TlType *type, TlVerb verb, gint64 *key,
                        JsonObject *body, GError **error);
/* What can be sent now, oldest first, at most `limit` and a megabyte, marked as sending; what depends on an unsent or
 * refused create is left out unless that create is among them before it. Of TlOp. */
GPtrArray *tl_outbox_take (TlDb *db, guint limit, GError **error);
/* Accepted: `object` is what the server returned (may be NULL), with its id for a create. The operation goes and its
 * effect is base now, in one transaction; other operations and rows that named "#n5" get the id. */
gboolean tl_outbox_accept (TlDb *db, TlChanges *changes, const TlOp *op, JsonObject *object,
                           GError **error);
/* The server has nothing of what was to be destroyed: that is as it should be. Was it refused when it was to be made,
 * then that goes too, and nobody has to look at it. */
gboolean tl_outbox_gone (TlDb *db, TlChanges *changes, const TlOp *op, GError **error);
gboolean tl_outbox_refuse (TlDb *db, TlChanges *changes, const TlOp *op, const char *error_type,
                           const char *sentence, GError **error);
/* The answer never came: everything sending is waiting again (keeping its opId). */
gboolean tl_outbox_release (TlDb *db, TlChanges *changes, GError **error);
/* A conflict (somebody else had changed it meanwhile) is sent now over what they did. */
gboolean tl_outbox_retry (TlDb *db, TlChanges *changes, gint64 id, GError **error);
/* Of a conflict: theirs stays, mine becomes an object beside it. */
gboolean tl_outbox_keep_both (TlDb *db, TlChanges *changes, gint64 id, GError **error);
/* And what depends on it. */
gboolean tl_outbox_discard (TlDb *db, TlChanges *changes, gint64 id, GError **error);
/* All of them, oldest first; any connection. Of TlOp. */
GPtrArray *tl_outbox_list (TlDb *db, GError **error);
/* Those of one object, oldest first; any connection. */
GPtrArray *tl_outbox_of (TlDb *db, const TlType *type, gint64 key, GError **error);

/* Refused because somebody else had changed it meanwhile? */
gboolean tl_op_is_conflict (const TlOp *op);
/* Is it to be refused then (ifUnchangedSince, docs/protocol.md)? */
gboolean tl_op_asks_first (const TlOp *op);

/* When the files are opened: finishes what a crash left between their two commits, and shows all pending
 * operations over a replica that may be older than they are. */
gboolean tl_outbox_recover (TlDb *db, TlChanges *changes, GError **error);
