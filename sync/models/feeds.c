/* feeds.c: folders with their feeds behind them (reader threads).
 *
 * A folder is no object: its key is made of the quark of its name, far below the keys of what was
 * made here and not sent yet, so that it is the same as long as the app runs. Section: the folder's
 * quark, 0 for none. */
#include "sync/models/filters.h"
#include "sync/models/lists.h"

#include "sync/models/rows.h"

#define SQL "models/feeds.sql"
#define FOLDERS (-G_GINT64_CONSTANT (0x10000000000))

static gboolean
is_folder (gint64 key)
{
  return key <= FOLDERS;
}

static gint64
folder_key (GQuark folder)
{
  return FOLDERS - folder;
}

static gboolean
query (TlDb *db, gconstpointer spec, GArray *rows, GError **error)
{
  sqlite3_stmt *feeds = tl_db_statement (db, SQL, "rows");
  g_autoptr (GError) failed = NULL;
  GQuark last = 0;

  while (tl_db_step (db, feeds, &failed)) {
    const char *name = (const char *)sqlite3_column_text (feeds, 1);
    GQuark folder = *name ? g_quark_from_string (name) : 0;
    TlKeyRow head = { folder_key (folder), folder };
    TlKeyRow feed = { sqlite3_column_int64 (feeds, 0), folder };

    if (folder != 0 && folder != last)
      g_array_append_val (rows, head);
    g_array_append_val (rows, feed);
    last = folder;
  }
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

/* When something is hidden, what is not is counted one by one. */
static gboolean
count_shown (TlDb *db, TlFeedItem *item, TlFilters *filters, GError **error)
{
  sqlite3_stmt *unread = tl_db_statement (db, SQL, "unread");
  g_autoptr (GError) failed = NULL;

  if (filters == NULL || item->unread == 0)
    return TRUE;
  item->unread = 0;
  sqlite3_bind_int64 (unread, 1, item->key);
  while (tl_db_step (db, unread, &failed))
    item->unread += !tl_filters_hides (filters, sqlite3_column_int64 (unread, 0));
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

static TlFeedItem *
load_feed (TlDb *db, gint64 key, TlFilters *filters, GError **error)
{
  sqlite3_stmt *found = tl_db_statement (db, SQL, "item");
  g_autoptr (TlFeedItem) item = NULL;

  sqlite3_bind_int64 (found, 1, key);
  if (!tl_db_step (db, found, error))
    return NULL;
  item = g_object_new (TL_TYPE_FEED_ITEM, NULL);
  item->key = key;
  item->feed_key = sqlite3_column_int64 (found, 0);
  item->title = tl_row_text (found, 1);
  item->folder = tl_row_text (found, 2);
  item->url = tl_row_text (found, 3);
  item->error = tl_row_text (found, 4);
  item->muted = sqlite3_column_int (found, 5);
  item->unread = (guint)sqlite3_column_int (found, 6);
  sqlite3_reset (found);
  return count_shown (db, item, filters, error) ? g_steal_pointer (&item) : NULL;
}

static TlFeedItem *
load_folder (TlDb *db, gint64 key, const char *name, TlFilters *filters, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "of-folder");
  g_autoptr (GArray) feeds = g_array_new (FALSE, FALSE, sizeof (TlKeyRow));
  g_autoptr (TlFeedItem) item = g_object_new (TL_TYPE_FEED_ITEM, NULL);

  sqlite3_bind_text (statement, 1, name, -1, SQLITE_STATIC);
  if (!tl_rows_read (db, statement, feeds, error))
    return NULL;
  item->key = key;
  item->is_folder = TRUE;
  item->title = g_strdup (name);
  item->folder = g_strdup (name);
  for (guint i = 0; i < feeds->len; i++) {
    g_autoptr (GError) failed = NULL;
    g_autoptr (TlFeedItem) feed =
        load_feed (db, g_array_index (feeds, TlKeyRow, i).key, filters, &failed);

    if (failed) {
      g_propagate_error (error, g_steal_pointer (&failed));
      return NULL;
    }
    item->unread += feed->unread;
  }
  return g_steal_pointer (&item);
}

static GObject *
load (TlDb *db, gconstpointer spec, const TlKeyRow *row, GError **error)
{
  GError *failed = NULL;
  g_autoptr (TlFilters) filters = tl_filters_load (db, TL_FILTER_ARTICLES, FALSE, &failed);
  const char *folder = g_quark_to_string ((GQuark)row->section);

  if (failed) {
    g_propagate_error (error, failed);
    return NULL;
  }
  return (GObject *)(is_folder (row->key) ? load_folder (db, row->key, folder, filters, error)
                                          : load_feed (db, row->key, filters, error));
}

static const TlKeySource source = {
  .item_type = tl_feed_item_get_type,
  .types = TL_FEEDS | TL_SUBSCRIPTIONS,
  .keyed = TL_SUBSCRIPTIONS,
  .details = TL_FEEDS | TL_SUBSCRIPTIONS | TL_ARTICLES | TL_ARTICLE_MARKS | TL_FILTERS,
  .query = query,
  .load = load,
};

TlKeyList *
tl_feed_list_new (TlReplica *replica)
{
  return tl_key_list_new (replica, &source, NULL, NULL);
}
