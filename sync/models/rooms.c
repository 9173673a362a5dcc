/* rooms.c: the rooms one is in, those with the newest message first (reader threads). */
#include "sync/models/lists.h"

#include "sync/models/rows.h"

#define SQL "models/rooms.sql"

static gboolean
query (TlDb *db, gconstpointer spec, GArray *rows, GError **error)
{
  sqlite3_stmt *rooms = tl_db_statement (db, SQL, "rows");

  sqlite3_bind_int64 (rooms, 1, *(const gint64 *)spec);
  return tl_rows_read (db, rooms, rows, error);
}

static TlRoomItem *
load_room (TlDb *db, gint64 key, gint64 me, GError **error)
{
  sqlite3_stmt *found = tl_db_statement (db, SQL, "item");
  TlRoomItem *item;

  sqlite3_bind_int64 (found, 1, key);
  sqlite3_bind_int64 (found, 2, me);
  if (!tl_db_step (db, found, error))
    return NULL;
  item = g_object_new (TL_TYPE_ROOM_ITEM, NULL);
  item->key = key;
  item->is_direct = g_strcmp0 ((const char *)sqlite3_column_text (found, 0), "direct") == 0;
  item->name = tl_row_text (found, 1);
  item->topic = tl_row_text (found, 2);
  item->time = sqlite3_column_int64 (found, 3);
  item->draft = tl_row_text (found, 4);
  item->members = (guint)sqlite3_column_int (found, 5);
  item->last_seq = sqlite3_column_int64 (found, 6);
  item->read_seq = sqlite3_column_int64 (found, 7);
  item->is_muted = sqlite3_column_int (found, 8);
  item->avatar = tl_row_text (found, 9);
  sqlite3_reset (found);
  return item;
}

static gboolean
load_newest (TlDb *db, TlRoomItem *item, gint64 me, GError **error)
{
  sqlite3_stmt *newest = tl_db_statement (db, SQL, "newest");
  g_autoptr (GError) failed = NULL;

  sqlite3_bind_int64 (newest, 1, item->key);
  if (tl_db_step (db, newest, &failed)) {
    item->preview = tl_row_line (newest, 0);
    item->preview_sender = item->is_direct ? NULL : tl_row_text (newest, 1);
    item->preview_is_mine =
        sqlite3_column_int64 (newest, 2) == me || sqlite3_column_int64 (newest, 4) < 0;
    item->time = sqlite3_column_int64 (newest, 3);
    sqlite3_reset (newest);
  }
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

/* Is "@login" in it, and not as part of a longer word? */
static gboolean
mentions (const char *body, const char *login)
{
  g_autofree char *text = g_utf8_casefold (body, -1);
  g_autofree char *folded = g_utf8_casefold (login, -1);
  g_autofree char *wanted = g_strconcat ("@", folded, NULL);

  for (const char *at = strstr (text, wanted); at; at = strstr (at + 1, wanted)) {
    gunichar next = g_utf8_get_char (at + strlen (wanted));
    gboolean begins = at == text || !g_unichar_isalnum (g_utf8_get_char (g_utf8_prev_char (at)));

    if (begins && !g_unichar_isalnum (next) && next != '_')
      return TRUE;
  }
  return FALSE;
}

static sqlite3_stmt *
about_unread (TlDb *db, const char *name, const TlRoomItem *item, gint64 me)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, name);

  sqlite3_bind_int64 (statement, 1, item->key);
  sqlite3_bind_int64 (statement, 2, item->read_seq);
  sqlite3_bind_int64 (statement, 3, me);
  return statement;
}

static gboolean
load_unread (TlDb *db, TlRoomItem *item, gint64 me, GError **error)
{
  sqlite3_stmt *statement = about_unread (db, "unread", item, me);
  g_autoptr (GError) failed = NULL;

  if (!tl_db_step (db, statement, error))
    return FALSE;
  item->unread = (guint)sqlite3_column_int (statement, 0);
  sqlite3_reset (statement);
  if (item->unread == 0)
    return TRUE;
  statement = about_unread (db, "unread-bodies", item, me);
  while (!item->is_mentioned && tl_db_step (db, statement, &failed))
    item->is_mentioned = mentions ((const char *)sqlite3_column_text (statement, 0),
                                   (const char *)sqlite3_column_text (statement, 1));
  sqlite3_reset (statement);
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

static GObject *
load (TlDb *db, gconstpointer spec, const TlKeyRow *row, GError **error)
{
  gint64 me = *(const gint64 *)spec;
  g_autoptr (TlRoomItem) item = load_room (db, row->key, me, error);

  if (item == NULL || !load_newest (db, item, me, error) || !load_unread (db, item, me, error))
    return NULL;
  return G_OBJECT (g_steal_pointer (&item));
}

static const TlKeySource source = {
  .item_type = tl_room_item_get_type,
  .types = TL_ROOMS | TL_ROOM_MEMBERS | TL_MESSAGES,
  .keyed = TL_ROOMS | TL_READ_MARKERS,
  .details = TL_LOCAL | TL_PRINCIPALS | TL_ROOM_MEMBERS | TL_MESSAGES | TL_DRAFTS,
  .query = query,
  .load = load,
};

TlKeyList *
tl_room_list_new (TlReplica *replica, gint64 me)
{
  return tl_key_list_new (replica, &source, g_memdup2 (&me, sizeof me), g_free);
}
