/* doors.h: the sockets that are open, each with the session whose token opened it: a socket outlives
 * its access token, but not its session. The hub's thread only. */
#pragma once

#include "server/server.h"

typedef struct _TlDoors TlDoors;

/* `tokens` is told which sessions it has to refuse. */
TlDoors *tl_doors_new (TlTokens *tokens);
void tl_doors_free (TlDoors *self);

/* `session`: a UUID. */
void tl_doors_enter (TlDoors *self, TlSocket *socket, const char *session);
void tl_doors_leave (TlDoors *self, TlSocket *socket);

/* Has access tokens refused of sessions that ended lately, and closes the sockets of sessions that ended, ran out, or belong to a disabled account: among those that
 * entered since the last time, or among all when `ends`, the count of ends in the database, has changed
 * or the last look at all is a minute ago. */
gboolean tl_doors_check (TlDoors *self, TlPg *pg, const char *ends, GError **error);
