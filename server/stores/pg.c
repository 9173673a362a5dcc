/* pg.c: one PostgreSQL connection with its prepared statements.
 *
 * PostgreSQL ends what takes longer than the patience, or waits half of it for a lock; when it says nothing at
 * all, we end it a little later. After a failure of the connection the next use connects anew, except inside a transaction: that
 * one is gone, and everything fails until its owner rolls it back. One thread at a time. */
#include "server/stores/pg.h"

#include "server/stores/pg-wait.h"

#include <string.h>

#define CONNECT_SECONDS 5
#define GRACE_SECONDS 2 /* for PostgreSQL to say itself that it took too long */

G_DEFINE_QUARK (tl_pg_error, tl_pg_error)

struct _TlPg {
  char *conninfo;
  PGconn *conn;
  GHashTable *prepared; /* names */
  gboolean in_transaction;
  gboolean begin_waits; /* BEGIN goes out with the next statement, which saves its round trip */
  guint patience;       /* seconds; 0: none is too long */
  gboolean is_late;     /* the last statement was given up */
};

static const struct {
  const char *sqlstate; /* the whole or its class */
  TlPgError code;
} sqlstates[] = {
  { "40001", TL_PG_ERROR_CONFLICT }, { "40P01", TL_PG_ERROR_CONFLICT },
  { "55P03", TL_PG_ERROR_AWAY },     { "57014", TL_PG_ERROR_AWAY },
  { "23505", TL_PG_ERROR_UNIQUE },   { "23503", TL_PG_ERROR_FOREIGN },
  { "22", TL_PG_ERROR_DATA },        { "23", TL_PG_ERROR_DATA },
  { "54", TL_PG_ERROR_DATA },        { "53100", TL_PG_ERROR_FULL },
  { "53300", TL_PG_ERROR_AWAY },     { "57P", TL_PG_ERROR_AWAY },
  { "08", TL_PG_ERROR_AWAY },        { "25006", TL_PG_ERROR_AWAY },
};

static TlPgError
code_of (const char *sqlstate)
{
  for (guint i = 0; i < G_N_ELEMENTS (sqlstates); i++)
    if (g_str_has_prefix (sqlstate, sqlstates[i].sqlstate))
      return sqlstates[i].code;
  return TL_PG_ERROR_OTHER;
}

static void
drop_notice (void *data, const PGresult *notice)
{
}

TlPg *
tl_pg_new (const char *conninfo)
{
  TlPg *self = g_new0 (TlPg, 1);

  self->conninfo = g_strdup (conninfo);
  self->prepared = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

static void
disconnect (TlPg *self)
{
  g_clear_pointer (&self->conn, PQfinish);
  g_hash_table_remove_all (self->prepared);
}

void
tl_pg_free (TlPg *self)
{
  if (self == NULL)
    return;
  disconnect (self);
  g_hash_table_unref (self->prepared);
  g_free (self->conninfo);
  g_free (self);
}

PGconn *
tl_pg_conn (TlPg *self)
{
  return self->conn;
}

void
tl_pg_set_patience (TlPg *self, guint seconds)
{
  self->patience = seconds;
}

/* What is asked for lies in memory nearly always: a page by an index costs what any other does, and tables of a few
 * hundred rows are not read whole. */
static char *
session_options (TlPg *self)
{
  const char *always =
      "-c TimeZone=UTC -c jit=off -c client_min_messages=warning -c random_page_cost=1.1";

  if (self->patience == 0)
    return g_strdup (always);
  return g_strdup_printf ("%s -c statement_timeout=%us -c lock_timeout=%ums "
                          "-c idle_in_transaction_session_timeout=60s",
                          always, self->patience, self->patience * 500);
}

/* What the configuration's connection string says goes before our settings. */
static PGconn *
open_connection (TlPg *self)
{
  guint seconds = self->patience ? MIN (self->patience, CONNECT_SECONDS) : CONNECT_SECONDS;
  g_autofree char *timeout = g_strdup_printf ("%u", seconds);
  g_autofree char *options = session_options (self);
  const char *const keys[] = {
    "application_name",    "client_encoding",  "connect_timeout",  "options", "keepalives_idle",
    "keepalives_interval", "keepalives_count", "tcp_user_timeout", "dbname",  NULL
  };
  const char *const values[] = { "tidelined", "UTF8", timeout, options,        "10",
                                 "5",         "3",    "15000", self->conninfo, NULL };
  PGconn *conn = PQconnectdbParams (keys, values, 1);

  PQsetnonblocking (conn, 1);
  PQsetNoticeReceiver (conn, drop_notice, NULL);
  return conn;
}

gboolean
tl_pg_ensure (TlPg *self, GError **error)
{
  if (self->conn && PQstatus (self->conn) == CONNECTION_OK)
    return TRUE;
  if (self->in_transaction) {
    g_set_error (error, TL_PG_ERROR, TL_PG_ERROR_AWAY, "PostgreSQL went away during a transaction");
    return FALSE;
  }
  disconnect (self);
  self->conn = open_connection (self);
  if (PQstatus (self->conn) != CONNECTION_OK) {
    g_autofree char *why = g_strstrip (g_strdup (PQerrorMessage (self->conn)));

    g_set_error (error, TL_PG_ERROR, TL_PG_ERROR_AWAY, "PostgreSQL cannot be reached: %s", why);
    disconnect (self);
    return FALSE;
  }
  return TRUE;
}

/* --- statements -------------------------------------------------------------------------------- */

static void
set_error (TlPg *self, const PGresult *result, const char *name, GError **error)
{
  const char *sqlstate = PQresultErrorField (result, PG_DIAG_SQLSTATE);
  const char *primary = PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY);
  g_autofree char *why = NULL;
  TlPgError code;

  /* Without SQLSTATE libpq itself gave up. */
  code = sqlstate ? code_of (sqlstate) : TL_PG_ERROR_AWAY;
  if (self->is_late)
    why = g_strdup_printf ("no answer within %u s", self->patience + GRACE_SECONDS);
  else if (primary || result)
    why = g_strdup (primary ? primary : PQresultErrorMessage (result));
  else
    why = g_strdup (PQerrorMessage (self->conn));
  g_strstrip (why);
  /* A server that only reads is not the one to write to any more: connect anew as well. */
  if (code == TL_PG_ERROR_AWAY)
    disconnect (self);
  g_set_error (error, TL_PG_ERROR, code, "PostgreSQL, statement “%s”: %s (%s)", name, why,
               sqlstate ? sqlstate : "connection");
}

static gboolean
is_done (const PGresult *result)
{
  ExecStatusType status = PQresultStatus (result);

  return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

static PGresult *
take (TlPg *self, PGresult *result, const char *name, GError **error)
{
  if (is_done (result))
    return result;
  set_error (self, result, name, error);
  PQclear (result);
  return NULL;
}

static gint64
deadline (TlPg *self)
{
  self->is_late = FALSE;
  if (self->patience == 0)
    return 0;
  return g_get_monotonic_time () + (self->patience + GRACE_SECONDS) * G_TIME_SPAN_SECOND;
}

/* The next result of what was sent. NULL: there is no more, or it does not come. */
static PGresult *
next_result (TlPg *self, gint64 until)
{
  if (self->conn && tl_pg_await (self->conn, until))
    return PQgetResult (self->conn);
  self->is_late = TRUE;
  disconnect (self);
  return NULL;
}

/* The last result of what was sent; NULL when it could not be, or is late. */
static PGresult *
collect (TlPg *self, gboolean is_sent)
{
  gint64 until = deadline (self);
  PGresult *last = NULL;
  PGresult *next;

  while (is_sent && (next = next_result (self, until))) {
    PQclear (last);
    last = next;
  }
  if (self->is_late)
    g_clear_pointer (&last, PQclear);
  return last;
}

static PGresult *
execute (TlPg *self, const char *sql)
{
  return collect (self, PQsendQuery (self->conn, sql));
}

static gboolean
prepare (TlPg *self, const char *name, const char *sql, GError **error)
{
  g_autoptr (PGresult) result = NULL;

  if (g_hash_table_contains (self->prepared, name))
    return TRUE;
  result = take (self, collect (self, PQsendPrepare (self->conn, name, sql, 0, NULL)), name, error);
  if (result == NULL)
    return FALSE;
  g_hash_table_add (self->prepared, g_strdup (name));
  return TRUE;
}

/* A prepared statement with `before` (BEGIN) and `after` (COMMIT), NULL-able, in one round trip; the result is the first
 * failure or the statement's. */
static PGresult *
run_between (TlPg *self, const char *before, const char *name, int n, const char *const *args,
             const char *after)
{
  gint64 until = deadline (self);
  guint own = before ? 1 : 0, count = own + (after ? 2 : 1);
  PGresult *answer = NULL;

  self->begin_waits = FALSE;
  PQenterPipelineMode (self->conn);
  if (before)
    PQsendQueryParams (self->conn, before, 0, NULL, NULL, NULL, NULL, 0);
  PQsendQueryPrepared (self->conn, name, n, args, NULL, NULL, 0);
  if (after)
    PQsendQueryParams (self->conn, after, 0, NULL, NULL, NULL, NULL, 0);
  PQpipelineSync (self->conn);
  for (guint i = 0; i < count; i++) {
    PGresult *result = next_result (self, until);

    PQclear (next_result (self, until)); /* NULL: the end of this one */
    if ((answer == NULL || is_done (answer)) && (i == own || !is_done (result))) {
      PQclear (answer);
      answer = result;
    } else {
      PQclear (result);
    }
  }
  PQclear (next_result (self, until)); /* the sync */
  PQexitPipelineMode (self->conn);
  if (self->is_late)
    g_clear_pointer (&answer, PQclear);
  return answer;
}

static gboolean
send_begin (TlPg *self, GError **error)
{
  g_autoptr (PGresult) result = NULL;

  if (!self->begin_waits)
    return TRUE;
  self->begin_waits = FALSE;
  result = take (self, execute (self, "BEGIN"), "BEGIN", error);
  return result != NULL;
}

PGresult *
tl_pg_query (TlPg *self, const char *name, const char *sql, int n, const char *const *args,
             GError **error)
{
  if (!tl_pg_ensure (self, error))
    return NULL;
  if (name == NULL && !send_begin (self, error))
    return NULL;
  if (name == NULL)
    return take (self,
                 collect (self, PQsendQueryParams (self->conn, sql, n, NULL, args, NULL, NULL, 0)),
                 "unnamed", error);
  if (!prepare (self, name, sql, error))
    return NULL;
  if (self->begin_waits)
    return take (self, run_between (self, "BEGIN", name, n, args, NULL), name, error);
  return take (self, collect (self, PQsendQueryPrepared (self->conn, name, n, args, NULL, NULL, 0)),
               name, error);
}

gboolean
tl_pg_run (TlPg *self, const char *name, const char *sql, int n, const char *const *args,
           GError **error)
{
  g_autoptr (PGresult) result = tl_pg_query (self, name, sql, n, args, error);

  return result != NULL;
}

gboolean
tl_pg_run_and_commit (TlPg *self, const char *name, const char *sql, int n, const char *const *args,
                      GError **error)
{
  g_autoptr (PGresult) result = NULL;

  if (tl_pg_ensure (self, error) && prepare (self, name, sql, error))
    result =
        take (self, run_between (self, self->begin_waits ? "BEGIN" : NULL, name, n, args, "COMMIT"),
              name, error);
  self->in_transaction = FALSE;
  return result != NULL;
}

gboolean
tl_pg_script (TlPg *self, const char *sql, GError **error)
{
  g_autoptr (PGresult) result = NULL;

  if (!tl_pg_ensure (self, error) || !send_begin (self, error))
    return FALSE;
  result = take (self, execute (self, sql), "script", error);
  return result != NULL;
}

gboolean
tl_pg_begin (TlPg *self, GError **error)
{
  g_return_val_if_fail (!self->in_transaction, FALSE);
  if (!tl_pg_ensure (self, error))
    return FALSE;
  self->in_transaction = TRUE;
  self->begin_waits = TRUE;
  return TRUE;
}

/* A COMMIT of a failed transaction is answered ROLLBACK, without an error. */
gboolean
tl_pg_commit (TlPg *self, GError **error)
{
  g_autoptr (PGresult) result = NULL;

  if (tl_pg_ensure (self, error) && send_begin (self, error))
    result = take (self, execute (self, "COMMIT"), "COMMIT", error);
  self->in_transaction = FALSE;
  if (result && g_str_equal (PQcmdStatus (result), "ROLLBACK")) {
    g_set_error (error, TL_PG_ERROR, TL_PG_ERROR_OTHER, "PostgreSQL rolled the transaction back");
    return FALSE;
  }
  return result != NULL;
}

void
tl_pg_rollback (TlPg *self)
{
  self->in_transaction = FALSE;
  self->begin_waits = FALSE;
  if (self->conn && PQstatus (self->conn) == CONNECTION_OK &&
      PQtransactionStatus (self->conn) != PQTRANS_IDLE)
    PQclear (execute (self, "ROLLBACK"));
}
