/* messages.c: the messages of a room in their order, what is not sent last (reader threads). */
#include "sync/models/lists.h"

#include "sync/models/rows.h"
#include "sync/outbox.h"

#define SQL "models/messages.sql"

typedef struct {
  gint64 room, me;
} Spec;

static gboolean
query (TlDb *db, gconstpointer data, GArray *rows, GError **error)
{
  static const char *const parts[] = { "sent", "unsent" };
  const Spec *spec = data;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    sqlite3_stmt *statement = tl_db_statement (db, SQL, parts[i]);

    sqlite3_bind_int64 (statement, 1, spec->room);
    if (!tl_rows_read_days (db, statement, rows, error))
      return FALSE;
  }
  return TRUE;
}

static void
read_delivery (sqlite3_stmt *found, TlMessageItem *item)
{
  item->op = sqlite3_column_int64 (found, 10);
  if (item->op == 0)
    return;
  item->delivery =
      sqlite3_column_int (found, 11) == TL_OP_REFUSED ? TL_DELIVERY_FAILED : TL_DELIVERY_WAITING;
  item->error = tl_row_text (found, 12);
}

static GObject *
load (TlDb *db, gconstpointer data, const TlKeyRow *row, GError **error)
{
  const Spec *spec = data;
  sqlite3_stmt *found = tl_db_statement (db, SQL, "item");
  TlMessageItem *item;

  sqlite3_bind_int64 (found, 1, row->key);
  sqlite3_bind_int64 (found, 2, spec->me);
  if (!tl_db_step (db, found, error))
    return NULL;
  item = g_object_new (TL_TYPE_MESSAGE_ITEM, NULL);
  item->key = row->key;
  item->room_key = sqlite3_column_int64 (found, 0);
  item->sender_key = row->key < 0 ? spec->me : sqlite3_column_int64 (found, 1);
  item->is_mine = item->sender_key == spec->me;
  item->sender_name = tl_row_text (found, 2);
  item->body = tl_row_text (found, 3);
  item->reply_key = sqlite3_column_int64 (found, 4);
  item->reply_sender = tl_row_text (found, 5);
  item->reply_body = tl_row_line (found, 6);
  item->seq = sqlite3_column_int64 (found, 7);
  item->sent_at = sqlite3_column_int64 (found, 8);
  item->is_edited = sqlite3_column_int (found, 9);
  read_delivery (found, item);
  item->attachments = tl_row_text (found, 13);
  item->card = tl_row_text (found, 14);
  item->sender_avatar = tl_row_text (found, 15);
  sqlite3_reset (found);
  return G_OBJECT (item);
}

static const TlKeySource source = {
  .item_type = tl_message_item_get_type,
  .types = TL_MESSAGES,
  .keyed = TL_MESSAGES,
  .details = TL_LOCAL | TL_PRINCIPALS | TL_MESSAGES, /* replies show what they answer */
  .query = query,
  .load = load,
};

TlKeyList *
tl_message_list_new (TlReplica *replica, gint64 room, gint64 me)
{
  Spec spec = { room, me };
  return tl_key_list_new (replica, &source, g_memdup2 (&spec, sizeof spec), g_free);
}
