/* deliver.h: the outbox on its way to the server: operations into one request, the answers back into the
 * outbox and the replica. The builder runs anywhere, the applier in the writer thread. */
#pragma once

#include "sync/outbox.h"

#include <json-glib/json-glib.h>

/* `ops` in order (of TlOp) as /set calls: one call for each run of operations of the same type and verb on
 * different objects, so that their order holds. */
JsonNode *tl_deliver_request (gint64 account, GPtrArray *ops);
typedef struct {
  char *waits;           /* why the server could not do some of them now, NULL when it could */
  gboolean is_too_large; /* some are more than it takes at once: they go in smaller requests */
} TlDelivered;

/* Accepts, refuses or releases each operation as the answer says. FALSE with TL_REMOTE_ERROR_PROTOCOL when the
 * answer makes no sense. */
gboolean tl_deliver_apply (TlDb *db, TlChanges *changes, GPtrArray *ops, GBytes *answer,
                           TlDelivered *out, GError **error);
/* The whole request was more than the server takes: a single operation is refused for good. */
gboolean tl_deliver_too_large (TlDb *db, TlChanges *changes, GPtrArray *ops, GError **error);
