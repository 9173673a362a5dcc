/* posts.c: posts with all that a card of theirs says, and the people of the feed (reader threads). Which rows there
 * are is in post-rows.c. */
#include "sync/models/posts.h"

#include "sync/models/post-rows.h"
#include "sync/models/rows.h"
#include "sync/outbox.h"

#include <string.h>

#define SQL "models/posts.sql"

typedef struct {
  TlPostQuestion question;
  gint64 about, me;
} Spec;

/* --- rows --------------------------------------------------------------------------------------- */

static TlFilterPlaces
place_of (const Spec *spec)
{
  return spec->question == TL_POSTS_HOME ? TL_FILTER_HOME : TL_FILTER_EVERYONE;
}

static gboolean
query_timeline (TlDb *db, const Spec *spec, GArray *rows, GError **error)
{
  GError *failed = NULL;
  g_autoptr (TlFilters) filters = tl_filters_load (db, place_of (spec), FALSE, &failed);

  if (failed == NULL)
    return tl_post_rows_timeline (db, spec->me, spec->question == TL_POSTS_HOME, filters, rows,
                                  error);
  g_propagate_error (error, failed);
  return FALSE;
}

static gboolean
query (TlDb *db, gconstpointer data, GArray *rows, GError **error)
{
  const Spec *spec = data;

  switch (spec->question) {
  case TL_POSTS_HOME:
  case TL_POSTS_EVERYONE:
    return query_timeline (db, spec, rows, error);
  case TL_POSTS_MENTIONS:
    return tl_post_rows_append (db, "mentions", 0, spec->me, rows, error);
  case TL_POSTS_SAVED:
    return tl_post_rows_append (db, "saved", 0, spec->me, rows, error);
  case TL_POSTS_PERSON:
    return (spec->about != spec->me ||
            tl_post_rows_append (db, "unsent", 0, spec->me, rows, error)) &&
           tl_post_rows_append (db, "person", spec->about, spec->me, rows, error);
  case TL_POSTS_THREAD:
    return tl_post_rows_thread (db, spec->about, rows, error);
  }
  g_return_val_if_reached (FALSE);
}

/* --- one post ----------------------------------------------------------------------------------- */

static sqlite3_stmt *
about_post (TlDb *db, const char *name, const TlPostItem *item, const Spec *spec)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, name);

  sqlite3_bind_int64 (statement, 1, item->key);
  sqlite3_bind_int64 (statement, 2, spec->me);
  return statement;
}

static void
read_delivery (sqlite3_stmt *found, TlPostItem *item)
{
  item->op = sqlite3_column_int64 (found, 18);
  if (item->op == 0)
    return;
  item->delivery =
      sqlite3_column_int (found, 19) == TL_OP_REFUSED ? TL_DELIVERY_FAILED : TL_DELIVERY_WAITING;
  item->error = tl_row_text (found, 20);
}

static gboolean
load_post (TlDb *db, TlPostItem *item, const Spec *spec, GError **error)
{
  sqlite3_stmt *found = about_post (db, "item", item, spec);

  if (!tl_db_step (db, found, error))
    return FALSE;
  item->author_key = sqlite3_column_int64 (found, 0);
  item->is_mine = item->author_key == spec->me;
  item->author_name = tl_row_text (found, 1);
  item->author_login = tl_row_text (found, 2);
  item->author_avatar = tl_row_text (found, 3);
  item->text = tl_row_text (found, 4);
  item->warning = tl_row_text (found, 5);
  item->visibility = tl_row_text (found, 6);
  item->images = tl_row_text (found, 7);
  item->card = tl_row_text (found, 8);
  item->reply_key = sqlite3_column_int64 (found, 9);
  item->reply_name = tl_row_text (found, 10);
  item->created_at = sqlite3_column_int64 (found, 11);
  item->is_edited = sqlite3_column_int (found, 12);
  item->n_replies = (guint)sqlite3_column_int (found, 13);
  item->n_boosts = (guint)sqlite3_column_int (found, 14);
  item->is_boosted = sqlite3_column_int (found, 15);
  item->is_saved = sqlite3_column_int (found, 16);
  item->is_followed = sqlite3_column_int (found, 17);
  read_delivery (found, item);
  sqlite3_reset (found);
  item->shown_key = item->key;
  return TRUE;
}

/* Who brought it here, if not its author. */
static gboolean
load_booster (TlDb *db, TlPostItem *item, const Spec *spec, GError **error)
{
  sqlite3_stmt *found = about_post (db, "booster", item, spec);
  GError *failed = NULL;
  gint64 whose = spec->question == TL_POSTS_HOME ? 0 : 1;

  if (spec->question == TL_POSTS_PERSON)
    whose = spec->about;
  else if (spec->question != TL_POSTS_HOME && spec->question != TL_POSTS_EVERYONE)
    return TRUE;
  sqlite3_bind_int64 (found, 3, whose);
  if (tl_db_step (db, found, &failed)) {
    item->shown_key = sqlite3_column_int64 (found, 0);
    item->booster_key = sqlite3_column_int64 (found, 1);
    item->booster = tl_row_text (found, 2);
    item->boosted_at = sqlite3_column_int64 (found, 3);
    sqlite3_reset (found);
  }
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, failed);
  return FALSE;
}

/* In timelines only: whoever opens a thread wants to see it. */
static gboolean
load_fold (TlDb *db, TlPostItem *item, const Spec *spec, GError **error)
{
  GError *failed = NULL;

  if (item->is_mine || (spec->question != TL_POSTS_HOME && spec->question != TL_POSTS_EVERYONE))
    return TRUE;
  item->filtered = tl_filters_fold (db, place_of (spec), item->key, &failed);
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, failed);
  return FALSE;
}

static gboolean
load_answer (TlDb *db, TlPostItem *item, const Spec *spec, GError **error)
{
  sqlite3_stmt *found = about_post (db, "answer", item, spec);
  GError *failed = NULL;

  if (item->n_replies > 0 && tl_db_step (db, found, &failed)) {
    item->answer_key = sqlite3_column_int64 (found, 0);
    item->answer_name = tl_row_text (found, 1);
    item->answer_avatar = tl_row_text (found, 2);
    item->answer_text = tl_row_line (found, 3);
    item->answer_at = sqlite3_column_int64 (found, 4);
    sqlite3_reset (found);
  }
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, failed);
  return FALSE;
}

static gboolean
load_reactions (TlDb *db, TlPostItem *item, const Spec *spec, GError **error)
{
  sqlite3_stmt *found = about_post (db, "reactions", item, spec);
  g_autoptr (GString) lines = g_string_new (NULL);
  GError *failed = NULL;

  while (tl_db_step (db, found, &failed)) {
    const char *emoji = (const char *)sqlite3_column_text (found, 0);
    guint count = (guint)sqlite3_column_int (found, 1);
    gboolean is_mine = sqlite3_column_int (found, 2);

    g_string_append_printf (lines, "%s\t%u\t%d\n", emoji, count, is_mine);
    item->n_reactions += count;
    if (is_mine && item->my_reaction == NULL)
      item->my_reaction = g_strdup (emoji);
  }
  if (lines->len > 0)
    item->reactions = g_strdup (lines->str);
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, failed);
  return FALSE;
}

static GObject *
load (TlDb *db, gconstpointer data, const TlKeyRow *row, GError **error)
{
  const Spec *spec = data;
  g_autoptr (TlPostItem) item = g_object_new (TL_TYPE_POST_ITEM, NULL);

  item->key = row->key;
  if (!load_post (db, item, spec, error) || !load_booster (db, item, spec, error) ||
      !load_fold (db, item, spec, error) || !load_answer (db, item, spec, error) ||
      !load_reactions (db, item, spec, error))
    return NULL;
  return G_OBJECT (g_steal_pointer (&item));
}

static void
reaction_count_free (gpointer data)
{
  TlReactionCount *self = data;

  g_free (self->emoji);
  g_free (self);
}

GPtrArray *
tl_reactions_parse (const char *reactions)
{
  GPtrArray *counts = g_ptr_array_new_with_free_func (reaction_count_free);
  g_auto (GStrv) lines = g_strsplit (reactions ? reactions : "", "\n", -1);

  for (guint i = 0; lines[i] && *lines[i]; i++) {
    g_auto (GStrv) parts = g_strsplit (lines[i], "\t", 3);
    TlReactionCount *count = g_new (TlReactionCount, 1);

    count->emoji = g_strdup (parts[0]);
    count->count = (guint)g_ascii_strtoull (parts[1], NULL, 10);
    count->is_mine = parts[2][0] == '1';
    g_ptr_array_add (counts, count);
  }
  return counts;
}

static const TlKeySource source = {
  .item_type = tl_post_item_get_type,
  .types = TL_POSTS | TL_POST_MARKS | TL_FOLLOWS | TL_FILTERS,
  .keyed = TL_POSTS,
  .details =
      TL_LOCAL | TL_PRINCIPALS | TL_POSTS | TL_REACTIONS | TL_FOLLOWS | TL_POST_MARKS | TL_FILTERS,
  .query = query,
  .load = load,
};

static Spec *
spec_new (TlPostQuestion question, gint64 about, gint64 me)
{
  Spec *spec = g_new (Spec, 1);

  *spec = (Spec){ question, about, me };
  return spec;
}

TlKeyList *
tl_post_list_new (TlReplica *replica, TlPostQuestion question, gint64 about, gint64 me)
{
  return tl_key_list_new (replica, &source, spec_new (question, about, me), g_free);
}

void
tl_post_list_ask (TlKeyList *self, TlPostQuestion question, gint64 about)
{
  const Spec *now = tl_key_list_spec (self);

  tl_key_list_set_spec (self, spec_new (question, about, now->me));
}
