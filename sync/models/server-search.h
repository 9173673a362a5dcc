/* server-search.h: a search goes on at the server after the replica. What is found there and is not here yet (while a
 * first sync runs) is fetched into the replica, unconfirmed, so that every hit is a row like any other. */
#pragma once

#include "sync/remote.h"
#include "sync/replica.h"

#define TL_SERVER_HITS_MAX 50

/* Is there anything in `text` that the server could be asked? */
gboolean tl_server_search_knows (const char *text);
/* Resolves to a GArray of TlKeyRow (G_TYPE_ARRAY), best first; section: type number. Rejects as tl_remote_call()
 * does. type 0: all kinds. Main thread. */
DexFuture *tl_server_search (TlReplica *replica, TlRemote *remote, gint64 me, const char *text,
                             guint8 type);
