/* search.c: one search over what is on this device (reader threads): texts (search-texts.h), and people and rooms,
 * which are compared by name. Section: type number. */
#include "sync/models/lists.h"

#include "sync/models/rows.h"
#include "sync/models/search-texts.h"
#include "sync/text.h"

#define SQL "models/search.sql"
#define HITS_AT_MOST 250

typedef struct {
  gint64 me;
  guint8 type; /* 0: all */
  char *text;
  TlTerms *terms;
  GArray *added; /* of TlKeyRow, found by the server; NULL for none */
} Spec;

static void
spec_free (gpointer data)
{
  Spec *spec = data;

  g_free (spec->text);
  tl_terms_free (spec->terms);
  g_clear_pointer (&spec->added, g_array_unref);
  g_free (spec);
}

static Spec *
spec_new (gint64 me, const char *text, guint8 type)
{
  Spec *spec = g_new0 (Spec, 1);

  spec->me = me;
  spec->type = type;
  spec->text = g_strdup (text);
  spec->terms = tl_terms_parse (text);
  return spec;
}

/* --- hits ------------------------------------------------------------------------------------- */

typedef struct {
  const TlType *type;
  TlSearchIn in;
  const char *item;          /* statement that loads one */
  const TlSearchTexts *text; /* found by text; or, without it, by name */
  const char *named;
} Kind;

/* In the order of the hits. */
static const Kind kinds[] = {
  { &tl_principal_type, TL_SEARCH_PEOPLE, "person", .named = "people" },
  { &tl_room_type, TL_SEARCH_ROOMS, "room", .named = "rooms" },
  { &tl_message_type, TL_SEARCH_MESSAGES, "message-item", &tl_search_messages },
  { &tl_post_type, TL_SEARCH_POSTS, "post-item", &tl_search_posts },
  { &tl_calendar_event_type, TL_SEARCH_EVENTS, "event-item", &tl_search_events },
  { &tl_article_type, TL_SEARCH_ARTICLES, "article-item", &tl_search_articles },
};

static gboolean
find_named (TlDb *db, const Spec *spec, const Kind *kind, guint limit, GArray *rows, GError **error)
{
  sqlite3_stmt *named = tl_db_statement (db, SQL, kind->named);
  g_autoptr (GError) failed = NULL;

  sqlite3_bind_int64 (named, 1, spec->me);
  while (limit > 0 && tl_db_step (db, named, &failed)) {
    TlKeyRow row = { sqlite3_column_int64 (named, 0), kind->type->number };

    if (!tl_terms_match (spec->terms, (const char *)sqlite3_column_text (named, 1)))
      continue;
    g_array_append_val (rows, row);
    limit--;
  }
  sqlite3_reset (named);
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

/* Names know neither a time nor who wrote them. */
static gboolean
wants (const Spec *spec, const Kind *kind)
{
  const TlSearchQuery *query = spec->terms->query;

  if ((spec->type != 0 && spec->type != kind->type->number) || (query->in & kind->in) == 0)
    return FALSE;
  return kind->named ? query->n_words > 0 && !query->has_filters : tl_search_query_asks (query);
}

/* Those of the server that are not among the rows from `first` on. */
static void
add_found (const Spec *spec, const TlType *type, guint first, GArray *rows)
{
  guint end = rows->len;

  for (guint i = 0; spec->added && i < spec->added->len; i++) {
    const TlKeyRow *row = &g_array_index (spec->added, TlKeyRow, i);
    gboolean is_there = row->section != type->number;

    for (guint at = first; at < end && !is_there; at++)
      is_there = g_array_index (rows, TlKeyRow, at).key == row->key;
    if (!is_there)
      g_array_append_val (rows, *row);
  }
}

/* All that is asked for is of one kind. */
static gboolean
is_single (const Spec *spec)
{
  guint in = spec->terms->query->in;

  return spec->type != 0 || (in & (in - 1)) == 0;
}

static gboolean
query (TlDb *db, gconstpointer data, GArray *rows, GError **error)
{
  const Spec *spec = data;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    guint share = kinds[i].named ? 10 : 5;
    guint limit = is_single (spec) ? HITS_AT_MOST : HITS_AT_MOST / share;
    guint first = rows->len;

    if (!wants (spec, &kinds[i]))
      continue;
    if (kinds[i].named
            ? !find_named (db, spec, &kinds[i], limit, rows, error)
            : !tl_search_texts (db, kinds[i].text, spec->terms, spec->me, limit, rows, error))
      return FALSE;
    add_found (spec, kinds[i].type, first, rows);
  }
  return TRUE;
}

/* --- items ------------------------------------------------------------------------------------ */

static const char *
statement_of (gint64 type)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].type->number == type)
      return kinds[i].item;
  g_assert_not_reached ();
}

static char *
make_snippet (const TlTerms *terms, const char *text, const char *blocks)
{
  g_autoptr (GString) body = g_string_new (NULL);

  if (blocks)
    tl_text_of_blocks (blocks, body);
  return tl_terms_snippet (terms, body->len > 0 ? body->str : text);
}

static GObject *
load (TlDb *db, gconstpointer data, const TlKeyRow *row, GError **error)
{
  const Spec *spec = data;
  sqlite3_stmt *found = tl_db_statement (db, SQL, statement_of (row->section));
  TlHitItem *item;

  sqlite3_bind_int64 (found, 1, row->key);
  sqlite3_bind_int64 (found, 2, spec->me);
  if (!tl_db_step (db, found, error))
    return NULL;
  item = g_object_new (TL_TYPE_HIT_ITEM, NULL);
  item->type = (guint8)row->section;
  item->key = row->key;
  item->room_key = sqlite3_column_int64 (found, 0);
  item->title = tl_row_text (found, 1);
  item->context = tl_row_text (found, 2);
  item->time = sqlite3_column_int64 (found, 3);
  item->snippet = make_snippet (spec->terms, (const char *)sqlite3_column_text (found, 4),
                                (const char *)sqlite3_column_text (found, 5));
  item->face = tl_row_text (found, 6);
  sqlite3_reset (found);
  return G_OBJECT (item);
}

#define FOUND (TL_PRINCIPALS | TL_ARTICLES | TL_ROOMS | TL_MESSAGES | TL_POSTS | TL_CALENDAR_EVENTS)

static const TlKeySource source = {
  .item_type = tl_hit_item_get_type,
  .types = FOUND,
  .keyed = FOUND,
  .query = query,
  .load = load,
};

TlKeyList *
tl_search_list_new (TlReplica *replica, gint64 me)
{
  return tl_key_list_new (replica, &source, spec_new (me, "", 0), spec_free);
}

void
tl_search_list_ask (TlKeyList *self, const char *text, guint8 type)
{
  const Spec *now = tl_key_list_spec (self);
  tl_key_list_set_spec (self, spec_new (now->me, text, type));
}

void
tl_search_list_add (TlKeyList *self, const GArray *rows)
{
  const Spec *now = tl_key_list_spec (self);
  Spec *spec = spec_new (now->me, now->text, now->type);

  spec->added = g_array_copy ((GArray *)rows);
  tl_key_list_set_spec (self, spec);
}

guint
tl_search_list_count (TlKeyList *self, guint8 type)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self)), count = 0;

  for (guint i = 0; i < n; i++)
    count += tl_key_list_section_at (self, i) == type;
  return count;
}
