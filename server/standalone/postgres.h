/* postgres.h: the private PostgreSQL of a stand-alone folder: its cluster and its command lines. */
#pragma once

#include "server/standalone/child.h"

/* Makes the cluster `dir`/postgresql when it is missing, ends what a crashed predecessor left
 * running in it, and prepares `child` (whose user and log are set) to serve it on a socket in
 * `runtime`. */
gboolean tl_postgres_prepare (TlChild *child, const char *dir, const char *runtime, GError **error);
/* After the server's first process was killed: the others hold on to its shared memory, some for ever, and no new
 * server starts until they are gone. */
void tl_postgres_end_orphans (TlChild *child);
/* How to connect to `database`. */
char *tl_postgres_conninfo (const char *runtime, const char *database);
/* Makes the database where the server is new. */
gboolean tl_postgres_create_database (const char *runtime, GError **error);
/* The folder of the newest installed version's programs. */
char *tl_postgres_find_programs (GError **error);
