/* hub.h: pushes what was committed, by any process, to the sockets of this one that listen. */
#pragma once

#include "server/server.h"

/* One bit a type, by its number. */
#define TL_TYPE_BIT(type) (1u << (type)->number)
#define TL_TYPE_BITS_ALL G_MAXUINT32

TlHub *tl_hub_new (TlServer *server);
/* Begins to push; the stores are there. */
void tl_hub_start (TlHub *self);
/* Pushes no more; it may still be woken and listened to. */
void tl_hub_stop (TlHub *self);
/* The sockets are gone before. */
void tl_hub_free (TlHub *self);

/* Something was committed by this process: look at the log now, and wake the other processes.
 * Any thread; never blocks. */
void tl_hub_committed (TlHub *self);
/* Something was committed by another process. Any thread; never blocks. */
void tl_hub_wake (TlHub *self);

/* From now on `socket` is told of changes to types in `types` that `account` sees; with `objects` it
 * gets the objects too. Asking again replaces what was asked before. Any thread. What is committed
 * after this returned is told; what was before may be. */
void tl_hub_listen (TlHub *self, TlSocket *socket, gint64 account, guint32 types, gboolean objects);
void tl_hub_forget (TlHub *self, TlSocket *socket);

/* `socket` is there, opened with a token of `session` (a UUID): it is closed when that ends. Any thread. */
void tl_hub_enter (TlHub *self, TlSocket *socket, const char *session);
/* It is gone, and listens no more. Any thread. */
void tl_hub_leave (TlHub *self, TlSocket *socket);
