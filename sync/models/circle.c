/* circle.c: people with who follows whom, and how far one has read in the feed (reader threads). */
#include "sync/models/posts.h"
#include "sync/models/rows.h"

#define SQL "models/posts.sql"

typedef struct {
  gint64 person, me;
} Spec;

static gboolean
query (TlDb *db, gconstpointer data, GArray *rows, GError **error)
{
  const Spec *spec = data;
  const char *name = spec->person == TL_CIRCLE_FOLLOWED ? "followed-people"
                     : spec->person                     ? "one"
                                                        : "everybody";
  sqlite3_stmt *people = tl_db_statement (db, SQL, name);

  if (spec->person == TL_CIRCLE_FOLLOWED)
    sqlite3_bind_int64 (people, 2, spec->me);
  else if (spec->person)
    sqlite3_bind_int64 (people, 1, spec->person);
  return tl_rows_read (db, people, rows, error);
}

static GObject *
load (TlDb *db, gconstpointer data, const TlKeyRow *row, GError **error)
{
  const Spec *spec = data;
  sqlite3_stmt *found = tl_db_statement (db, SQL, "person-item");
  TlPersonItem *item;

  sqlite3_bind_int64 (found, 1, row->key);
  sqlite3_bind_int64 (found, 2, spec->me);
  if (!tl_db_step (db, found, error))
    return NULL;
  item = g_object_new (TL_TYPE_PERSON_ITEM, NULL);
  item->key = row->key;
  item->name = tl_row_text (found, 0);
  item->login = tl_row_text (found, 1);
  item->time_zone = tl_row_text (found, 2);
  item->avatar_blob = tl_row_text (found, 3);
  item->description = tl_row_text (found, 4);
  item->is_followed = sqlite3_column_int (found, 5);
  item->follows_me = sqlite3_column_int (found, 6);
  item->n_posts = (guint)sqlite3_column_int (found, 7);
  item->n_following = (guint)sqlite3_column_int (found, 8);
  item->n_followers = (guint)sqlite3_column_int (found, 9);
  sqlite3_reset (found);
  return G_OBJECT (item);
}

static const TlKeySource source = {
  .item_type = tl_person_item_get_type,
  .types = TL_PRINCIPALS | TL_FOLLOWS,
  .keyed = TL_PRINCIPALS,
  .details = TL_POSTS | TL_FOLLOWS,
  .query = query,
  .load = load,
};

TlKeyList *
tl_circle_list_new (TlReplica *replica, gint64 person, gint64 me)
{
  Spec spec = { person, me };
  return tl_key_list_new (replica, &source, g_memdup2 (&spec, sizeof spec), g_free);
}

/* --- one number --------------------------------------------------------------------------------- */

static gpointer
find (TlDb *db, gpointer login, GError **error)
{
  sqlite3_stmt *found = tl_db_statement (db, SQL, "by-login");
  gint64 *key = g_new0 (gint64, 1);

  sqlite3_bind_text (found, 1, login, -1, SQLITE_STATIC);
  if (tl_db_step (db, found, error))
    *key = sqlite3_column_int64 (found, 0);
  sqlite3_reset (found);
  return key;
}

static DexFuture *
to_key (DexFuture *read, gpointer data)
{
  g_autofree gint64 *key = g_value_get_pointer (dex_future_get_value (read, NULL));
  return dex_future_new_for_int64 (*key);
}

DexFuture *
tl_person_find (TlReplica *replica, const char *login)
{
  return dex_future_then (tl_replica_read (replica, find, g_strdup (login), g_free, g_free), to_key,
                          NULL, NULL);
}

static gpointer
read_to (TlDb *db, gpointer me, GError **error)
{
  sqlite3_stmt *found = tl_db_statement (db, SQL, "read-to");
  gint64 *key = g_new0 (gint64, 1);

  sqlite3_bind_int64 (found, 1, *(gint64 *)me);
  if (tl_db_step (db, found, error))
    *key = sqlite3_column_int64 (found, 0);
  sqlite3_reset (found);
  return key;
}

DexFuture *
tl_feed_read_to (TlReplica *replica, gint64 me)
{
  return dex_future_then (
      tl_replica_read (replica, read_to, g_memdup2 (&me, sizeof me), g_free, g_free), to_key, NULL,
      NULL);
}
