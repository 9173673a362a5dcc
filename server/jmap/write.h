/* write.h: the transaction below a /set, or below what a service writes on its own (type.h). */
#pragma once

#include "server/jmap/type.h"

PGresult *tl_write_query (TlPg *pg, const char *name, int n, const char *const *args,
                          GError **error);
/* Begins, and tells the state before: epoch and snapshot (either may be NULL). */
gboolean tl_write_open (TlWrite *write, char **epoch, char **snapshot, GError **error);
/* Appends what was logged. `seqs` gets the scope_seq of each (gint64), *xid this transaction's. */
gboolean tl_write_append (TlWrite *write, GArray *seqs, guint64 *xid, GError **error);
void tl_write_clear (TlWrite *write);
GArray *tl_changes_new (void);
