/* type-sql.h: the statements of each type, made once from its field table and type.sql; column names
 * are property names, every value is a parameter. Any thread. */
#pragma once

#include "server/stores/pg.h"
#include "sync/wire/field.h"

typedef enum {
  TL_TYPE_GET,      /* account, ids, mask -> snapshot, epoch, id, object; one row at least */
  TL_TYPE_ALL,      /* account, limit, mask -> the same */
  TL_TYPE_PAGE,     /* account, below id, limit -> id, object; newest first */
  TL_TYPE_CURRENT,  /* account, id -> scope, object; locks the row */
  TL_TYPE_IN_SCOPE, /* scope, ids -> id, object: for whoever already knows who may see it */
  TL_TYPE_CHANGES,  /* account, since, until, type, after id, limit -> id, kind (c, u, d or null) */
  TL_TYPE_DELETE,   /* id, scope */
  TL_TYPE_QUOTE,    /* account, ids, query -> id, snippet; only with a `text` property */
  TL_N_TYPE_STATEMENTS
} TlTypeStatement;

/* Objects are JSON text. A mask has a bit for each field that is wanted. */
#define TL_MASK_ALL G_MAXINT64

PGresult *tl_type_query (TlPg *pg, const TlType *type, TlTypeStatement statement, int n,
                         const char *const *args, GError **error);

/* An SQL expression for the JSON text of row `t`; `mask` is a parameter ("$3") or NULL for all. */
char *tl_type_json (const TlType *type, const char *mask);
/* "schema.table" */
char *tl_type_table (const TlType *type);
/* "FROM … WHERE …": the rows `t` of `type` that account $1 sees; conditions are added with AND. */
const char *tl_type_visible (const TlType *type);

/* A PostgreSQL array literal of ids: "{1,2}". */
char *tl_pg_array (const gint64 *ids, guint n);
