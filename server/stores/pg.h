/* pg.h: one PostgreSQL connection: statements prepared by name on first use, results as text.
 *
 * A connection belongs to one thread. It reconnects on the next use after a failure; what failed is
 * never repeated here (the caller knows whether it may). */
#pragma once

#include <gio/gio.h>
#include <libpq-fe.h>

#define TL_PG_ERROR (tl_pg_error_quark ())
GQuark tl_pg_error_quark (void);
typedef enum {
  TL_PG_ERROR_AWAY,     /* no connection, or no answer in time: answer 503, try later */
  TL_PG_ERROR_CONFLICT, /* serialization failure or deadlock: the transaction may be run again */
  TL_PG_ERROR_UNIQUE,   /* a unique constraint */
  TL_PG_ERROR_FOREIGN,  /* a foreign key constraint */
  TL_PG_ERROR_DATA,     /* the input doesn't fit */
  TL_PG_ERROR_FULL,     /* out of disk */
  TL_PG_ERROR_OTHER,
} TlPgError;

typedef struct _TlPg TlPg;

TlPg *tl_pg_new (const char *conninfo);
/* From the next connect on no statement takes longer than about that (half of it for a lock); without, each has as
 * long as it takes. */
void tl_pg_set_patience (TlPg *self, guint seconds);
void tl_pg_free (TlPg *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlPg, tl_pg_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PGresult, PQclear)

/* Connects when it isn't. */
gboolean tl_pg_ensure (TlPg *self, GError **error);
PGconn *tl_pg_conn (TlPg *self);

/* Runs the statement `name` (prepared from `sql` on this connection's first use of it; NULL: planned
 * for this once) with text parameters, NULL-able. */
PGresult *tl_pg_query (TlPg *self, const char *name, const char *sql, int n,
                       const char *const *args, GError **error);
gboolean tl_pg_run (TlPg *self, const char *name, const char *sql, int n, const char *const *args,
                    GError **error);
/* The same, and COMMIT, in one round trip. After a failure the transaction wants to be rolled back. */
gboolean tl_pg_run_and_commit (TlPg *self, const char *name, const char *sql, int n,
                               const char *const *args, GError **error);
/* Several statements without parameters, as they stand. */
gboolean tl_pg_script (TlPg *self, const char *sql, GError **error);
gboolean tl_pg_begin (TlPg *self, GError **error);
/* Ends the transaction either way. */
gboolean tl_pg_commit (TlPg *self, GError **error);
void tl_pg_rollback (TlPg *self);

/* Statements live in .sql resources (server.gresource.xml): "-- name: x" starts one. Returns the text
 * of `name` in `file` ("jmap/jmap.sql"); aborts when there is none (a programming error). */
const char *tl_sql (const char *file, const char *name);

/* Applies the numbered migrations that are missing, one transaction each, under an advisory lock,
 * then sees whether this is still the cluster that states were made on. A schema newer than this
 * program is refused. */
gboolean tl_migrate (TlPg *self, GError **error);
