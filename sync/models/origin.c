/* origin.c: one question (reader threads). */
#include "sync/models/origin.h"

#include "sync/models/rows.h"

#define SQL "models/origin.sql"

void
tl_origin_free (TlOrigin *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self);
}

static gpointer
read_origin (TlDb *db, gpointer data, GError **error)
{
  sqlite3_stmt *found = tl_db_statement (db, SQL, "origin");
  g_autoptr (GError) failed = NULL;
  TlOrigin *origin;

  sqlite3_bind_int64 (found, 1, *(gint64 *)data);
  if (!tl_db_step (db, found, &failed)) {
    if (failed)
      g_propagate_error (error, g_steal_pointer (&failed));
    else
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "It is not there any more");
    return NULL;
  }
  origin = g_new0 (TlOrigin, 1);
  origin->key = *(gint64 *)data;
  origin->room = sqlite3_column_int64 (found, 0);
  origin->name = tl_row_text (found, 1);
  sqlite3_reset (found);
  return origin;
}

DexFuture *
tl_origin_load (TlReplica *replica, gint64 key)
{
  return tl_replica_read (replica, read_origin, g_memdup2 (&key, sizeof key), g_free,
                          (GDestroyNotify)tl_origin_free);
}
