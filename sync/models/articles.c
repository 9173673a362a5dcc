/* articles.c: lists of articles, and one article for the reader. Queries run in reader threads on
 * indexes alone; nothing here reads through an article's blocks but tl_article_load. */
#include "sync/models/articles.h"
#include "sync/models/lists.h"

#include "sync/models/rows.h"
#include "sync/record-sql.h"

#define SQL "models/articles.sql"
#define WORDS_A_MINUTE 220

typedef struct {
  TlArticleFilter filter;
  gint64 feed;
  char *folder;
  gint64 kept;
} Spec;

static void
spec_free (gpointer data)
{
  Spec *spec = data;

  g_free (spec->folder);
  g_free (spec);
}

static Spec *
spec_new (TlArticleFilter filter, gint64 feed, const char *folder)
{
  Spec *spec = g_new0 (Spec, 1);

  spec->filter = filter;
  spec->feed = feed;
  spec->folder = g_strdup (folder);
  return spec;
}

static const char *
statement_name (const Spec *spec)
{
  switch (spec->filter) {
  case TL_ARTICLES_ALL:
    return spec->feed ? "all-of-feed" : "all";
  case TL_ARTICLES_UNREAD:
    return spec->feed ? "unread-of-feed" : "unread";
  case TL_ARTICLES_STARRED:
    return "starred";
  case TL_ARTICLES_LATER:
    return "later";
  }
  g_assert_not_reached ();
}

/* Unread and all are filtered; what a person put aside is theirs to see. */
static gboolean
read_rows (TlDb *db, sqlite3_stmt *statement, TlFilters *filters, gint64 kept, GArray *rows,
           GError **error)
{
  guint n = 0;

  if (!tl_rows_read_days (db, statement, rows, error))
    return FALSE;
  for (guint i = 0; filters && i < rows->len; i++) {
    TlKeyRow row = g_array_index (rows, TlKeyRow, i);

    if (row.key == kept || !tl_filters_hides (filters, row.key))
      g_array_index (rows, TlKeyRow, n++) = row;
  }
  if (filters)
    g_array_set_size (rows, n);
  return TRUE;
}

static gboolean
is_filtered (const Spec *spec)
{
  return spec->filter == TL_ARTICLES_ALL || spec->filter == TL_ARTICLES_UNREAD;
}

gboolean
tl_article_rows_all (TlDb *db, gint64 feed, const char *folder, TlFilters *filters, GArray *rows,
                     GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, feed ? "all-of-feed" : "all");

  sqlite3_bind_int64 (statement, 1, feed);
  sqlite3_bind_text (statement, 2, folder, -1, SQLITE_STATIC);
  return read_rows (db, statement, filters, 0, rows, error);
}

/* A statement takes what it needs of: 1 the feed, 2 the folder, 3 the kept article. */
static gboolean
query (TlDb *db, gconstpointer data, GArray *rows, GError **error)
{
  const Spec *spec = data;
  GError *failed = NULL;
  g_autoptr (TlFilters) filters =
      is_filtered (spec) ? tl_filters_load (db, TL_FILTER_ARTICLES, FALSE, &failed) : NULL;
  sqlite3_stmt *statement = tl_db_statement (db, SQL, statement_name (spec));

  if (failed) {
    g_propagate_error (error, failed);
    return FALSE;
  }
  sqlite3_bind_int64 (statement, 1, spec->feed);
  sqlite3_bind_text (statement, 2, spec->folder, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, spec->kept);
  return read_rows (db, statement, filters, spec->kept, rows, error);
}

static GObject *
load (TlDb *db, gconstpointer data, const TlKeyRow *row, GError **error)
{
  sqlite3_stmt *found = tl_db_statement (db, SQL, "item");
  GError *failed = NULL;
  TlArticleItem *item;

  sqlite3_bind_int64 (found, 1, row->key);
  if (!tl_db_step (db, found, error))
    return NULL;
  item = g_object_new (TL_TYPE_ARTICLE_ITEM, NULL);
  item->key = row->key;
  item->feed_key = sqlite3_column_int64 (found, 0);
  item->title = tl_row_text (found, 1);
  item->summary = tl_row_text (found, 2);
  item->author = tl_row_text (found, 3);
  item->url = tl_row_text (found, 4);
  item->feed_title = tl_row_text (found, 5);
  item->published_at = sqlite3_column_int64 (found, 6);
  item->received_at = sqlite3_column_int64 (found, 7);
  item->minutes =
      MAX (1, ((guint)sqlite3_column_int (found, 8) + WORDS_A_MINUTE / 2) / WORDS_A_MINUTE);
  item->image = tl_row_text (found, 9);
  item->image_width = sqlite3_column_int (found, 10);
  item->image_height = sqlite3_column_int (found, 11);
  item->is_read = sqlite3_column_int (found, 12);
  item->is_starred = sqlite3_column_int (found, 13);
  item->is_later = sqlite3_column_int (found, 14);
  sqlite3_reset (found);
  if (is_filtered (data))
    item->filtered = tl_filters_fold (db, TL_FILTER_ARTICLES, item->key, &failed);
  if (failed == NULL)
    return G_OBJECT (item);
  g_propagate_error (error, failed);
  g_object_unref (item);
  return NULL;
}

static const TlKeySource source = {
  .item_type = tl_article_item_get_type,
  .types = TL_ARTICLES | TL_ARTICLE_MARKS | TL_SUBSCRIPTIONS | TL_FILTERS,
  .keyed = TL_ARTICLES | TL_ARTICLE_MARKS,
  .details = TL_FEEDS | TL_SUBSCRIPTIONS | TL_FILTERS,
  .query = query,
  .load = load,
};

TlKeyList *
tl_article_list_new (TlReplica *replica, TlArticleFilter filter, gint64 feed, const char *folder)
{
  return tl_key_list_new (replica, &source, spec_new (filter, feed, folder), spec_free);
}

void
tl_article_list_ask (TlKeyList *self, TlArticleFilter filter, gint64 feed, const char *folder)
{
  tl_key_list_set_spec (self, spec_new (filter, feed, folder));
}

void
tl_article_list_keep (TlKeyList *self, gint64 article)
{
  const Spec *now = tl_key_list_spec (self);
  Spec *spec;

  if (now->kept == article)
    return;
  spec = spec_new (now->filter, now->feed, now->folder);
  spec->kept = article;
  tl_key_list_set_spec (self, spec);
}

/* --- one article ------------------------------------------------------------------------------ */

static gpointer
load_whole (TlDb *db, gpointer data, GError **error)
{
  const gint64 *key = data;
  g_autoptr (GError) failed = NULL;
  gpointer article = tl_record_load (db, &tl_article_type, *key, &failed);

  if (failed)
    g_propagate_error (error, g_steal_pointer (&failed));
  else if (article == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "The article is not there any more");
  return article;
}

static void
free_whole (gpointer article)
{
  tl_record_free (&tl_article_type, article);
}

DexFuture *
tl_article_load (TlReplica *replica, gint64 article)
{
  return tl_replica_read (replica, load_whole, g_memdup2 (&article, sizeof article), g_free,
                          free_whole);
}
