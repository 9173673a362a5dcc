/* post-rows.c: see the header. A timeline is one scan of an index that covers it, folded in memory: who wrote what a
 * post answers is looked up among what was scanned, not in the table. */
#include "sync/models/post-rows.h"

#include "sync/models/rows.h"

#define SQL "models/posts.sql"
/* A thread is cut off there: what lies deeper is shown from one of its own posts. */
#define DEEPEST 60
#define ROWS_AT_MOST 2000

typedef struct {
  gint64 key, author, answers, boosts;
} Entry;

typedef struct {
  gint64 me;
  GArray *entries;      /* of Entry, newest first */
  GHashTable *by_key;   /* to Entry */
  GHashTable *followed; /* gint64; NULL: all are */
  GHashTable *seen;     /* keys of rows */
} Scan;

static gboolean
settle (GError *failed, GError **error)
{
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, failed);
  return FALSE;
}

/* --- timelines ---------------------------------------------------------------------------------- */

static gboolean
read_entries (TlDb *db, Scan *scan, GError **error)
{
  sqlite3_stmt *all = tl_db_statement (db, SQL, "all");
  GError *failed = NULL;

  sqlite3_bind_int64 (all, 2, scan->me);
  while (tl_db_step (db, all, &failed)) {
    Entry entry = { sqlite3_column_int64 (all, 0), sqlite3_column_int64 (all, 1),
                    sqlite3_column_int64 (all, 2), sqlite3_column_int64 (all, 3) };
    g_array_append_val (scan->entries, entry);
  }
  for (guint i = 0; i < scan->entries->len; i++) {
    Entry *entry = &g_array_index (scan->entries, Entry, i);
    g_hash_table_insert (scan->by_key, &entry->key, entry);
  }
  return settle (failed, error);
}

static gboolean
read_followed (TlDb *db, Scan *scan, GError **error)
{
  sqlite3_stmt *followed = tl_db_statement (db, SQL, "followed");
  GError *failed = NULL;

  scan->followed = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_hash_table_add (scan->followed, g_memdup2 (&scan->me, sizeof scan->me));
  sqlite3_bind_int64 (followed, 2, scan->me);
  while (tl_db_step (db, followed, &failed)) {
    gint64 person = sqlite3_column_int64 (followed, 0);
    g_hash_table_add (scan->followed, g_memdup2 (&person, sizeof person));
  }
  return settle (failed, error);
}

static gboolean
is_followed (Scan *scan, const Entry *entry)
{
  return scan->followed == NULL || g_hash_table_contains (scan->followed, &entry->author);
}

/* The post that an entry brings into the timeline, NULL for none. */
static const Entry *
shown_by (Scan *scan, const Entry *entry)
{
  const Entry *answered;

  if (!is_followed (scan, entry))
    return NULL;
  if (entry->boosts)
    return entry->author == scan->me ? NULL : g_hash_table_lookup (scan->by_key, &entry->boosts);
  if (entry->answers == 0 || entry->author == scan->me || scan->followed == NULL)
    return entry;
  answered = g_hash_table_lookup (scan->by_key, &entry->answers);
  return answered && is_followed (scan, answered) ? entry : NULL;
}

/* Answers that stand directly above what they answer go into it. */
static void
fold_answers (Scan *scan, GArray *rows, gint64 key)
{
  TlKeyRow row = { key, 0 };

  while (rows->len > 0) {
    const TlKeyRow *above = &g_array_index (rows, TlKeyRow, rows->len - 1);
    const Entry *entry = g_hash_table_lookup (scan->by_key, &above->key);

    if (entry->answers != key || above->section != 0 || above->key < 0)
      break;
    g_array_set_size (rows, rows->len - 1);
    row.section = 1;
  }
  g_array_append_val (rows, row);
}

gboolean
tl_post_rows_timeline (TlDb *db, gint64 me, gboolean home, TlFilters *filters, GArray *rows,
                       GError **error)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_autoptr (GHashTable) by_key = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  Scan scan = { .me = me, .entries = entries, .by_key = by_key, .seen = seen };
  gboolean fine = read_entries (db, &scan, error) && (!home || read_followed (db, &scan, error));

  for (guint i = 0; fine && i < entries->len; i++) {
    const Entry *shown = shown_by (&scan, &g_array_index (entries, Entry, i));

    if (shown && g_hash_table_add (seen, (gpointer)&shown->key) &&
        (shown->author == me || !tl_filters_hides (filters, shown->key)))
      fold_answers (&scan, rows, shown->key);
  }
  g_clear_pointer (&scan.followed, g_hash_table_unref);
  return fine;
}

/* --- threads ------------------------------------------------------------------------------------ */

static gboolean
contains (GArray *rows, gint64 key)
{
  for (guint i = 0; i < rows->len; i++)
    if (g_array_index (rows, TlKeyRow, i).key == key)
      return TRUE;
  return FALSE;
}

static gint64
ask (TlDb *db, const char *name, gint64 key, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, name);
  gint64 answer = 0;

  sqlite3_bind_int64 (statement, 1, key);
  if (tl_db_step (db, statement, error))
    answer = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return answer;
}

static gboolean
append_above (TlDb *db, gint64 post, GArray *rows, GError **error)
{
  GError *failed = NULL;
  gint64 above = ask (db, "above", post, &failed);

  while (above != 0 && failed == NULL && rows->len <= DEEPEST && !contains (rows, above)) {
    gint64 shown = ask (db, "shown", above, &failed);
    TlKeyRow row = { above, 0 };

    if (shown == 0) /* it was deleted, or is not one's to see */
      break;
    g_array_prepend_val (rows, row);
    above = ask (db, "above", above, &failed);
  }
  return settle (failed, error);
}

static GArray *
answers_to (TlDb *db, gint64 post, gint64 depth, GError **error)
{
  sqlite3_stmt *below = tl_db_statement (db, SQL, "below");
  g_autoptr (GArray) answers = g_array_new (FALSE, FALSE, sizeof (TlKeyRow));
  GError *failed = NULL;

  sqlite3_bind_int64 (below, 1, post);
  while (tl_db_step (db, below, &failed)) {
    TlKeyRow row = { sqlite3_column_int64 (below, 0), depth };
    g_array_append_val (answers, row);
  }
  return settle (failed, error) ? g_steal_pointer (&answers) : NULL;
}

static gboolean
append_below (TlDb *db, gint64 post, gint64 depth, GHashTable *seen, GArray *rows, GError **error)
{
  g_autoptr (GArray) answers = answers_to (db, post, depth, error);

  for (guint i = 0; answers && i < answers->len && rows->len < ROWS_AT_MOST; i++) {
    TlKeyRow row = g_array_index (answers, TlKeyRow, i);

    if (!g_hash_table_add (seen, g_memdup2 (&row.key, sizeof row.key)))
      continue;
    g_array_append_val (rows, row);
    if (depth < DEEPEST && !append_below (db, row.key, depth + 1, seen, rows, error))
      return FALSE;
  }
  return answers != NULL;
}

gboolean
tl_post_rows_thread (TlDb *db, gint64 post, GArray *rows, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  GError *failed = NULL;
  TlKeyRow row = { ask (db, "shown", post, &failed), 0 };

  if (failed || row.key == 0)
    return settle (failed, error);
  g_array_append_val (rows, row);
  if (!append_above (db, row.key, rows, error))
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    g_hash_table_add (seen, g_memdup2 (&g_array_index (rows, TlKeyRow, i).key, sizeof (gint64)));
  return append_below (db, row.key, 1, seen, rows, error);
}

/* --- plain lists -------------------------------------------------------------------------------- */

gboolean
tl_post_rows_append (TlDb *db, const char *name, gint64 about, gint64 me, GArray *rows,
                     GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, name);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  GError *failed = NULL;

  for (guint i = 0; i < rows->len; i++)
    g_hash_table_add (seen, g_memdup2 (&g_array_index (rows, TlKeyRow, i).key, sizeof (gint64)));
  sqlite3_bind_int64 (statement, 1, about);
  sqlite3_bind_int64 (statement, 2, me);
  while (tl_db_step (db, statement, &failed)) {
    TlKeyRow row = { sqlite3_column_int64 (statement, 0), 0 };

    if (g_hash_table_add (seen, g_memdup2 (&row.key, sizeof row.key)))
      g_array_append_val (rows, row);
  }
  return settle (failed, error);
}
