/* filters.c: filters as sets of keys, asked of the full-text index once for a list (reader threads). A line of words is
 * a phrase; in scripts without spaces it is looked for by its letters, three of them at least. */
#include "sync/models/filters.h"

#include "sync/models/search-terms.h"
#include "sync/text.h"

#define SQL "models/filters.sql"

typedef struct {
  char *words; /* its first line, for the explanation */
  guint count;
} Filter;

struct _TlFilters {
  GArray *filters;  /* of Filter */
  GHashTable *keys; /* key -> 1 + index of the filter */
};

static const char *const places[] = { "\"home\"", "\"everyone\"", "\"notifications\"",
                                      "\"articles\"" };

static void
filter_clear (gpointer data)
{
  g_free (((Filter *)data)->words);
}

void
tl_filters_free (TlFilters *self)
{
  g_array_unref (self->filters);
  g_hash_table_unref (self->keys);
  g_free (self);
}

static gboolean
settle (GError *failed, GError **error)
{
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, failed);
  return FALSE;
}

/* --- asking the index --------------------------------------------------------------------------- */

/* The lines that are found by words, or those by letters; NULL for none. */
static char *
compose (const char *words, gboolean by_letters)
{
  g_auto (GStrv) lines = g_strsplit (words, "\n", -1);
  g_autoptr (GString) match = g_string_new (NULL);

  for (guint i = 0; lines[i]; i++) {
    const char *line = g_strstrip (lines[i]);

    if (*line == '\0' || tl_text_wants_grams (line) != by_letters)
      continue;
    if (match->len > 0)
      g_string_append (match, " OR ");
    tl_terms_quote (match, line);
  }
  return match->len > 0 ? g_string_free_and_steal (g_steal_pointer (&match)) : NULL;
}

static gboolean
add_keys (TlDb *db, const char *statement_name, const char *match, guint filter, GHashTable *keys,
          GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, statement_name);
  GError *failed = NULL;

  if (match == NULL)
    return TRUE;
  sqlite3_bind_text (statement, 1, match, -1, SQLITE_STATIC);
  while (tl_db_step (db, statement, &failed))
    g_hash_table_insert (keys, GSIZE_TO_POINTER ((gsize)sqlite3_column_int64 (statement, 0)),
                         GUINT_TO_POINTER (filter));
  return settle (failed, error);
}

static GPtrArray *
load_active (TlDb *db, TlFilterPlaces place, const char *action, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "active");
  g_autoptr (GPtrArray) active = g_ptr_array_new_with_free_func (g_free);
  GError *failed = NULL;

  sqlite3_bind_int64 (statement, 1, g_get_real_time () / 1000);
  sqlite3_bind_text (statement, 2, places[g_bit_nth_lsf (place, -1)], -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 3, action, -1, SQLITE_STATIC);
  while (tl_db_step (db, statement, &failed))
    g_ptr_array_add (active, g_strdup ((const char *)sqlite3_column_text (statement, 0)));
  return settle (failed, error) ? g_steal_pointer (&active) : NULL;
}

static gboolean
add_filters (TlDb *db, TlFilters *self, GPtrArray *active, gboolean articles, GError **error)
{
  for (guint i = 0; i < active->len; i++) {
    const char *words = active->pdata[i];
    g_autofree char *by_words = compose (words, FALSE), *by_letters = compose (words, TRUE);
    Filter filter = { g_strndup (words, strcspn (words, "\n")), 0 };

    g_array_append_val (self->filters, filter);
    if (!add_keys (db, articles ? "articles" : "posts", by_words, i + 1, self->keys, error) ||
        !add_keys (db, articles ? "articles-by-letters" : "posts-by-letters", by_letters, i + 1,
                   self->keys, error))
      return FALSE;
  }
  return TRUE;
}

/* Keys of posts become those of the notifications about them. */
static gboolean
follow_notifications (TlDb *db, TlFilters *self, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "notifications");
  GHashTable *keys = g_hash_table_new (NULL, NULL);
  GError *failed = NULL;

  while (tl_db_step (db, statement, &failed)) {
    gpointer filter = g_hash_table_lookup (
        self->keys, GSIZE_TO_POINTER ((gsize)sqlite3_column_int64 (statement, 1)));

    if (filter)
      g_hash_table_insert (keys, GSIZE_TO_POINTER ((gsize)sqlite3_column_int64 (statement, 0)),
                           filter);
  }
  g_hash_table_unref (self->keys);
  self->keys = keys;
  return settle (failed, error);
}

/* Articles and notifications have nothing to unfold: there, folding is hiding. */
static GPtrArray *
load_hiding (TlDb *db, TlFilterPlaces place, GError **error)
{
  g_autoptr (GPtrArray) active = load_active (db, place, "hide", error);
  GPtrArray *folding;

  if (active == NULL || place == TL_FILTER_HOME || place == TL_FILTER_EVERYONE)
    return g_steal_pointer (&active);
  folding = load_active (db, place, "warn", error);
  if (folding == NULL)
    return NULL;
  g_ptr_array_extend_and_steal (active, folding);
  return g_steal_pointer (&active);
}

TlFilters *
tl_filters_load (TlDb *db, TlFilterPlaces place, GError **error)
{
  g_autoptr (GPtrArray) active = load_hiding (db, place, error);
  g_autoptr (TlFilters) self = NULL;

  if (active == NULL || active->len == 0)
    return NULL;
  self = g_new0 (TlFilters, 1);
  self->filters = g_array_new (FALSE, FALSE, sizeof (Filter));
  g_array_set_clear_func (self->filters, filter_clear);
  self->keys = g_hash_table_new (NULL, NULL);
  if (!add_filters (db, self, active, place == TL_FILTER_ARTICLES, error) ||
      (place == TL_FILTER_NOTIFICATIONS && !follow_notifications (db, self, error)))
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
tl_filters_hides (TlFilters *self, gint64 key)
{
  guint filter =
      self ? GPOINTER_TO_UINT (g_hash_table_lookup (self->keys, GSIZE_TO_POINTER ((gsize)key))) : 0;

  if (filter == 0)
    return FALSE;
  g_array_index (self->filters, Filter, filter - 1).count++;
  return TRUE;
}

guint
tl_filters_count (TlFilters *self, const char **words)
{
  guint total = 0, most = 0;

  *words = NULL;
  for (guint i = 0; self && i < self->filters->len; i++) {
    const Filter *filter = &g_array_index (self->filters, Filter, i);

    total += filter->count;
    if (filter->count > most) {
      most = filter->count;
      *words = filter->words;
    }
  }
  return total;
}

/* --- one post ----------------------------------------------------------------------------------- */

static gboolean
has (TlDb *db, const char *statement_name, const char *match, gint64 post, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, statement_name);
  gboolean found;

  if (match == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, match, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, post);
  found = tl_db_step (db, statement, error);
  sqlite3_reset (statement);
  return found;
}

char *
tl_filters_fold (TlDb *db, TlFilterPlaces place, gint64 post, GError **error)
{
  g_autoptr (GPtrArray) active = load_active (db, place, "warn", error);
  GError *failed = NULL;

  for (guint i = 0; active && failed == NULL && i < active->len; i++) {
    const char *words = active->pdata[i];
    g_autofree char *by_words = compose (words, FALSE), *by_letters = compose (words, TRUE);

    if (has (db, "post", by_words, post, &failed) ||
        (failed == NULL && has (db, "post-by-letters", by_letters, post, &failed)))
      return g_strndup (words, strcspn (words, "\n"));
  }
  settle (failed, error);
  return NULL;
}
