/* people.c: everybody, or the members of a room or a calendar, or who is invited to an event, by name (reader threads). */
#include "sync/models/lists.h"

#include "sync/models/rows.h"

#define SQL "models/people.sql"

static gboolean
query (TlDb *db, gconstpointer spec, GArray *rows, GError **error)
{
  gint64 place = *(const gint64 *)spec;
  sqlite3_stmt *people = tl_db_statement (db, SQL, place ? "members" : "all");

  if (place)
    sqlite3_bind_int64 (people, 1, place);
  return tl_rows_read (db, people, rows, error);
}

static GObject *
load (TlDb *db, gconstpointer spec, const TlKeyRow *row, GError **error)
{
  sqlite3_stmt *found = tl_db_statement (db, SQL, "item");
  TlPersonItem *item;

  sqlite3_bind_int64 (found, 1, row->key);
  if (!tl_db_step (db, found, error))
    return NULL;
  item = g_object_new (TL_TYPE_PERSON_ITEM, NULL);
  item->key = row->key;
  item->name = tl_row_text (found, 0);
  item->login = tl_row_text (found, 1);
  item->time_zone = tl_row_text (found, 2);
  item->avatar_blob = tl_row_text (found, 3);
  item->description = tl_row_text (found, 4);
  sqlite3_reset (found);
  return G_OBJECT (item);
}

static const TlKeySource source = {
  .item_type = tl_person_item_get_type,
  .types = TL_PRINCIPALS | TL_ROOM_MEMBERS | TL_CALENDAR_MEMBERS | TL_CALENDAR_EVENTS,
  .keyed = TL_PRINCIPALS,
  .query = query,
  .load = load,
};

TlKeyList *
tl_person_list_new (TlReplica *replica, gint64 place)
{
  return tl_key_list_new (replica, &source, g_memdup2 (&place, sizeof place), g_free);
}
