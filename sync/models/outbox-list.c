/* outbox-list.c: what is not sent yet, for a person to look at (reader threads). */
#include "sync/models/lists.h"

#include "sync/models/rows.h"

#define SQL "models/outbox-list.sql"

static gboolean
query (TlDb *db, gconstpointer spec, GArray *rows, GError **error)
{
  return tl_rows_read (db, tl_db_statement (db, SQL, "rows"), rows, error);
}

static GObject *
load (TlDb *db, gconstpointer spec, const TlKeyRow *row, GError **error)
{
  sqlite3_stmt *found = tl_db_statement (db, SQL, "item");
  TlOutboxItem *item;

  sqlite3_bind_int64 (found, 1, row->key);
  if (!tl_db_step (db, found, error))
    return NULL;
  item = g_object_new (TL_TYPE_OUTBOX_ITEM, NULL);
  item->key = row->key;
  item->type = (guint8)sqlite3_column_int (found, 0);
  item->action = tl_row_text (found, 1);
  item->count = (guint)sqlite3_column_int (found, 2);
  item->state = (TlOutboxState)sqlite3_column_int (found, 3); /* as TlOpStatus */
  item->error = tl_row_text (found, 4);
  item->made_at = sqlite3_column_int64 (found, 5);
  item->subject = tl_row_line (found, 6);
  item->place = tl_row_text (found, 7);
  item->is_conflict = sqlite3_column_int (found, 8) != 0;
  sqlite3_reset (found);
  return G_OBJECT (item);
}

static const TlKeySource source = {
  .item_type = tl_outbox_item_get_type,
  .types = TL_LOCAL,
  .details = TL_LOCAL,
  .query = query,
  .load = load,
};

TlKeyList *
tl_outbox_list_new (TlReplica *replica)
{
  return tl_key_list_new (replica, &source, NULL, NULL);
}
