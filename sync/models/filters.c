/* filters.c: filters as sets of keys, asked of the full-text index once for a list (reader threads). A line of words is
 * a phrase; in scripts without spaces it is looked for by its letters, three of them at least. */
#include "sync/models/filters.h"

#include "sync/models/search-terms.h"
#include "sync/text.h"

#define SQL "models/filters.sql"

typedef struct {
  char *title; /* the first line of its words, or a name: for the explanation */
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
  g_free (((Filter *)data)->title);
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

/* --- those that are active ---------------------------------------------------------------------- */

typedef struct {
  char *by_words, *by_letters; /* what the index is asked; both NULL: no words, all of the person */
  gboolean has_words;
  gint64 person;
  char *title;
} Active;

static void
active_free (gpointer data)
{
  Active *active = data;

  g_free (active->by_words);
  g_free (active->by_letters);
  g_free (active->title);
  g_free (active);
}

static Active *
active_new (sqlite3_stmt *row)
{
  Active *active = g_new0 (Active, 1);
  const char *words = (const char *)sqlite3_column_text (row, 0);
  const char *title = (const char *)sqlite3_column_text (row, 2);

  active->has_words = words != NULL;
  active->by_words = words ? compose (words, FALSE) : NULL;
  active->by_letters = words ? compose (words, TRUE) : NULL;
  active->person = sqlite3_column_int64 (row, 1);
  active->title = title ? g_strndup (title, strcspn (title, "\n")) : g_strdup ("");
  return active;
}

static const char *const actions[] = { "hide", "warn", "silence" };

/* What comes from somebody is never an article. */
static gboolean
add_active (TlDb *db, TlFilterPlaces place, TlFilterAction action, GPtrArray *all, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "active");
  GError *failed = NULL;

  sqlite3_bind_int64 (statement, 1, g_get_real_time () / 1000);
  sqlite3_bind_text (statement, 2, places[g_bit_nth_lsf (place, -1)], -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 3, actions[action], -1, SQLITE_STATIC);
  while (tl_db_step (db, statement, &failed))
    if (place != TL_FILTER_ARTICLES || sqlite3_column_int64 (statement, 1) == 0)
      g_ptr_array_add (all, active_new (statement));
  return settle (failed, error);
}

/* NULL: it failed. */
static GPtrArray *
load_active (TlDb *db, TlFilterPlaces place, TlFilterAction action, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (active_free);

  return add_active (db, place, action, all, error) ? g_steal_pointer (&all) : NULL;
}

/* --- a list's ----------------------------------------------------------------------------------- */

static gboolean
add_keys (TlDb *db, const char *statement_name, const char *match, gint64 person, guint filter,
          GHashTable *keys, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, statement_name);
  GError *failed = NULL;

  sqlite3_bind_text (statement, 1, match, -1, SQLITE_STATIC);
  if (person)
    sqlite3_bind_int64 (statement, 2, person);
  while (tl_db_step (db, statement, &failed))
    g_hash_table_insert (keys, GSIZE_TO_POINTER ((gsize)sqlite3_column_int64 (statement, 0)),
                         GUINT_TO_POINTER (filter));
  return settle (failed, error);
}

static gboolean
add_filter (TlDb *db, const Active *active, gboolean articles, guint filter, GHashTable *keys,
            GError **error)
{
  const char *by_words = active->person ? "posts-of" : articles ? "articles" : "posts";
  const char *by_letters = active->person ? "posts-of-by-letters"
                           : articles     ? "articles-by-letters"
                                          : "posts-by-letters";

  if (!active->has_words)
    return add_keys (db, "person-posts", NULL, active->person, filter, keys, error);
  return (active->by_words == NULL ||
          add_keys (db, by_words, active->by_words, active->person, filter, keys, error)) &&
         (active->by_letters == NULL ||
          add_keys (db, by_letters, active->by_letters, active->person, filter, keys, error));
}

static gboolean
add_filters (TlDb *db, TlFilters *self, GPtrArray *active, gboolean articles, GError **error)
{
  for (guint i = 0; i < active->len; i++) {
    const Active *one = active->pdata[i];
    Filter filter = { g_strdup (one->title), 0 };

    g_array_append_val (self->filters, filter);
    if (!add_filter (db, one, articles, i + 1, self->keys, error))
      return FALSE;
  }
  return TRUE;
}

/* Whatever it is about. */
static gboolean
add_notifications_of_people (TlDb *db, TlFilters *self, GPtrArray *active, GError **error)
{
  for (guint i = 0; i < active->len; i++) {
    const Active *one = active->pdata[i];

    if (!one->has_words &&
        !add_keys (db, "person-notifications", NULL, one->person, i + 1, self->keys, error))
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

TlFilters *
tl_filters_load (TlDb *db, TlFilterPlaces place, gboolean no_folds, GError **error)
{
  g_autoptr (GPtrArray) active = load_active (db, place, TL_FILTER_HIDE, error);
  g_autoptr (TlFilters) self = NULL;

  if (active == NULL || (no_folds && !add_active (db, place, TL_FILTER_FOLD, active, error)) ||
      active->len == 0)
    return NULL;
  self = g_new0 (TlFilters, 1);
  self->filters = g_array_new (FALSE, FALSE, sizeof (Filter));
  g_array_set_clear_func (self->filters, filter_clear);
  self->keys = g_hash_table_new (NULL, NULL);
  if (!add_filters (db, self, active, place == TL_FILTER_ARTICLES, error))
    return NULL;
  if (place == TL_FILTER_NOTIFICATIONS && (!follow_notifications (db, self, error) ||
                                           !add_notifications_of_people (db, self, active, error)))
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
      *words = filter->title;
    }
  }
  return total;
}

/* --- one of them --------------------------------------------------------------------------------- */

static gboolean
has (TlDb *db, const char *statement_name, const char *match, gint64 key, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, statement_name);
  gboolean found;

  if (match == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, match, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, key);
  found = tl_db_step (db, statement, error);
  sqlite3_reset (statement);
  return found;
}

/* `kind`: "post", "article" or "message". */
static gboolean
matches (TlDb *db, const Active *active, const char *kind, gint64 key, gint64 author,
         GError **error)
{
  g_autofree char *by_letters = g_strconcat (kind, "-by-letters", NULL);
  GError *failed = NULL;
  gboolean found;

  if (active->person && active->person != author)
    return FALSE;
  if (!active->has_words)
    return TRUE;
  found = has (db, kind, active->by_words, key, &failed) ||
          (failed == NULL && has (db, by_letters, active->by_letters, key, &failed));
  return settle (failed, error) && found;
}

static gint64
author_of (TlDb *db, gint64 post, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "author");
  gint64 author = 0;

  sqlite3_bind_int64 (statement, 1, post);
  if (tl_db_step (db, statement, error))
    author = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return author;
}

char *
tl_filters_fold (TlDb *db, TlFilterPlaces place, gint64 key, GError **error)
{
  g_autoptr (GPtrArray) all = load_active (db, place, TL_FILTER_FOLD, error);
  const char *kind = place == TL_FILTER_ARTICLES ? "article" : "post";
  GError *failed = NULL;
  gint64 author = 0;

  if (all == NULL || all->len == 0)
    return NULL;
  if (place != TL_FILTER_ARTICLES)
    author = author_of (db, key, &failed);
  for (guint i = 0; failed == NULL && i < all->len; i++) {
    const Active *active = all->pdata[i];

    if (matches (db, active, kind, key, author, &failed))
      return g_strdup (active->title);
  }
  settle (failed, error);
  return NULL;
}

gboolean
tl_filters_silence (TlDb *db, gint64 notification, GError **error)
{
  g_autoptr (GPtrArray) all = load_active (db, TL_FILTER_NOTIFICATIONS, TL_FILTER_SILENCE, error);
  sqlite3_stmt *notice = tl_db_statement (db, SQL, "notice");
  GError *failed = NULL;
  gint64 actor = 0, subject = 0;
  const char *kind = "post";
  gboolean is_silenced = FALSE;

  if (all == NULL || all->len == 0)
    return FALSE;
  sqlite3_bind_int64 (notice, 1, notification);
  if (tl_db_step (db, notice, &failed)) {
    actor = sqlite3_column_int64 (notice, 0);
    subject = sqlite3_column_int64 (notice, 1);
    if (g_strcmp0 ((const char *)sqlite3_column_text (notice, 2), "Message") == 0)
      kind = "message";
  }
  sqlite3_reset (notice);
  for (guint i = 0; failed == NULL && !is_silenced && i < all->len; i++)
    is_silenced = matches (db, all->pdata[i], kind, subject, actor, &failed);
  return settle (failed, error) && is_silenced;
}
