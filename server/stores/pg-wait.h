/* pg-wait.h: waiting for PostgreSQL with an end: libpq's own waits have none. */
#pragma once

#include <glib.h>
#include <libpq-fe.h>

/* Sends what is queued on the non-blocking `conn` and waits until PQgetResult() would not. FALSE: it is `until`
 * (monotonic; 0: as long as it takes), and the connection is of no more use. */
gboolean tl_pg_await (PGconn *conn, gint64 until);
