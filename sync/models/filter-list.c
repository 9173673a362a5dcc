/* filter-list.c: a person's filters as a list, changed through the outbox, and what they leave out as a sentence. */
#include "sync/act.h"
#include "sync/models/articles.h"
#include "sync/models/filters.h"
#include "sync/models/post-rows.h"
#include "sync/models/rows.h"

#include <glib/gi18n-lib.h>

#define SQL "models/filters.sql"

static const char *const names[] = { "home", "everyone", "notifications", "articles" };

static const char *const actions[] = { "hide", "warn", "silence" };

static gboolean
query (TlDb *db, gconstpointer spec, GArray *rows, GError **error)
{
  return tl_rows_read (db, tl_db_statement (db, SQL, "all"), rows, error);
}

static guint
places_of (const char *kinds)
{
  guint places = 0;

  for (guint i = 0; kinds && i < G_N_ELEMENTS (names); i++) {
    g_autofree char *name = g_strdup_printf ("\"%s\"", names[i]);
    places |= strstr (kinds, name) ? 1u << i : 0;
  }
  return kinds ? places : TL_FILTER_ALL;
}

static TlFilterAction
action_of (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (name, actions[i]))
      return (TlFilterAction)i;
  return TL_FILTER_HIDE;
}

static GObject *
load (TlDb *db, gconstpointer spec, const TlKeyRow *row, GError **error)
{
  sqlite3_stmt *found = tl_db_statement (db, SQL, "item");
  TlFilterItem *item;

  sqlite3_bind_int64 (found, 1, row->key);
  if (!tl_db_step (db, found, error))
    return NULL;
  item = g_object_new (TL_TYPE_FILTER_ITEM, NULL);
  item->key = row->key;
  item->words = tl_row_text (found, 0);
  item->places = places_of ((const char *)sqlite3_column_text (found, 1));
  item->action = action_of ((const char *)sqlite3_column_text (found, 2));
  item->person = sqlite3_column_int64 (found, 4);
  item->person_name = tl_row_text (found, 5);
  item->expires_at = sqlite3_column_int64 (found, 3);
  sqlite3_reset (found);
  return G_OBJECT (item);
}

static const TlKeySource source = {
  .item_type = tl_filter_item_get_type,
  .types = TL_FILTERS,
  .keyed = TL_FILTERS,
  .query = query,
  .load = load,
};

TlKeyList *
tl_filter_list_new (TlReplica *replica)
{
  return tl_key_list_new (replica, &source, NULL, NULL);
}

/* --- changing ----------------------------------------------------------------------------------- */

static JsonNode *
kinds_of (TlFilterPlaces places)
{
  JsonArray *array;

  if (places == TL_FILTER_ALL)
    return json_node_new (JSON_NODE_NULL);
  array = json_array_new ();
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (places & 1u << i)
      json_array_add_string_element (array, names[i]);
  return json_node_init_array (json_node_alloc (), array);
}

DexFuture *
tl_action_set_filter (TlReplica *replica, gint64 filter, const TlFilterEdit *edit)
{
  JsonObject *body = json_object_new ();
  char id[TL_ID_MAX];
  g_autofree char *date = edit->expires_at > 0 ? tl_date_format (edit->expires_at) : NULL;

  tl_act_set_text (body, "words", edit->words);
  if (edit->person)
    json_object_set_string_member (body, "personId", tl_id_format (edit->person, id));
  else
    json_object_set_null_member (body, "personId");
  json_object_set_member (body, "kinds", kinds_of (edit->places));
  json_object_set_string_member (body, "action", actions[edit->action]);
  tl_act_set_text (body, "expiresAt", date);
  return tl_act_do_plain (replica, &tl_content_filter_type, filter ? TL_OP_UPDATE : TL_OP_CREATE,
                          filter, body);
}

DexFuture *
tl_action_remove_filter (TlReplica *replica, gint64 filter)
{
  return tl_act_do_plain (replica, &tl_content_filter_type, TL_OP_DESTROY, filter, NULL);
}

/* --- explaining --------------------------------------------------------------------------------- */

typedef struct {
  TlFilterPlaces place;
  gint64 me, feed;
  char *folder;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->folder);
  g_free (question);
}

static gpointer
explain (TlDb *db, gpointer data, GError **error)
{
  const Question *question = data;
  g_autoptr (TlFilters) filters = tl_filters_load (db, question->place, FALSE, error);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (TlKeyRow));
  gboolean is_posts = question->place != TL_FILTER_ARTICLES;
  const char *words;
  guint count;

  if (filters == NULL ||
      !(is_posts
            ? tl_post_rows_timeline (db, question->me, question->place == TL_FILTER_HOME, filters,
                                     rows, error)
            : tl_article_rows_all (db, question->feed, question->folder, filters, rows, error)))
    return NULL;
  count = tl_filters_count (filters, &words);
  if (count == 0)
    return NULL;
  return is_posts ? g_strdup_printf (ngettext ("%u post is hidden by your filter “%s”",
                                               "%u posts are hidden by your filter “%s”", count),
                                     count, words)
                  : g_strdup_printf (ngettext ("%u article is hidden by your filter “%s”",
                                               "%u articles are hidden by your filter “%s”", count),
                                     count, words);
}

static DexFuture *
to_string (DexFuture *read, gpointer data)
{
  return dex_future_new_take_string (g_value_get_pointer (dex_future_get_value (read, NULL)));
}

DexFuture *
tl_filters_explain (TlReplica *replica, TlFilterPlaces place, gint64 me, gint64 feed,
                    const char *folder)
{
  Question *question = g_new (Question, 1);

  *question = (Question){ place, me, feed, g_strdup (folder) };
  return dex_future_then (
      tl_replica_read_patiently (replica, explain, question, question_free, g_free), to_string,
      NULL, NULL);
}

/* --- whom a filter may be about ----------------------------------------------------------------- */

static void
person_free (gpointer data)
{
  g_free (((TlFilterPerson *)data)->name);
  g_free (data);
}

static gpointer
read_people (TlDb *db, gpointer data, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "people");
  g_autoptr (GPtrArray) people = g_ptr_array_new_with_free_func (person_free);
  GError *failed = NULL;

  sqlite3_bind_int64 (statement, 1, *(gint64 *)data);
  while (tl_db_step (db, statement, &failed)) {
    TlFilterPerson person = { sqlite3_column_int64 (statement, 0), tl_row_text (statement, 1) };
    g_ptr_array_add (people, g_memdup2 (&person, sizeof person));
  }
  if (failed == NULL)
    return g_steal_pointer (&people);
  g_propagate_error (error, failed);
  return NULL;
}

static DexFuture *
to_array (DexFuture *read, gpointer data)
{
  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY,
                                    g_value_get_pointer (dex_future_get_value (read, NULL)));
}

DexFuture *
tl_filter_people (TlReplica *replica, gint64 me)
{
  return dex_future_then (tl_replica_read (replica, read_people, g_memdup2 (&me, sizeof me), g_free,
                                           (GDestroyNotify)g_ptr_array_unref),
                          to_array, NULL, NULL);
}
