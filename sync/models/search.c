/* search.c: one search over what is on this device (reader threads).
 *
 * Words are asked of the FTS5 tables; when one is in a script without spaces, the trigram tables
 * are asked for all of them, words of one or two letters as all trigrams that begin with them.
 * People and rooms are compared by name. Section: type number. */
#include "sync/models/lists.h"

#include "sync/models/rows.h"
#include "sync/models/search-terms.h"
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

/* --- what is asked of FTS5 -------------------------------------------------------------------- */

/* The word as an alternative of the trigrams that begin with it. */
static gboolean
append_grams (TlDb *db, const char *statement_name, const char *word, GString *match,
              GError **error)
{
  sqlite3_stmt *grams = tl_db_statement (db, SQL, statement_name);
  g_autofree char *from = g_utf8_strdown (word, -1);
  g_autofree char *to = g_strconcat (from, "\xF4\x8F\xBF\xBF", NULL);
  g_autoptr (GError) failed = NULL;
  gboolean first = TRUE;

  sqlite3_bind_text (grams, 1, from, -1, SQLITE_STATIC);
  sqlite3_bind_text (grams, 2, to, -1, SQLITE_STATIC);
  g_string_append_c (match, '(');
  while (tl_db_step (db, grams, &failed)) {
    g_string_append (match, first ? "" : " OR ");
    tl_terms_quote (match, (const char *)sqlite3_column_text (grams, 0));
    first = FALSE;
  }
  if (first)
    tl_terms_quote (match, word); /* nothing has it */
  g_string_append (match, ") ");
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

static char *
compose_match (TlDb *db, const Spec *spec, const char *grams, GError **error)
{
  g_autoptr (GString) match = g_string_new (NULL);

  for (guint i = 0; i < spec->terms->terms->len; i++) {
    const TlTerm *term = spec->terms->terms->pdata[i];

    if (i > 0)
      g_string_append (match, " AND ");
    if (spec->terms->by_letters && g_utf8_strlen (term->text, -1) < 3) {
      if (!append_grams (db, grams, term->text, match, error))
        return NULL;
      continue;
    }
    tl_terms_quote (match, term->text);
    if (term->is_prefix && !spec->terms->by_letters)
      g_string_append (match, " *");
  }
  return g_string_free_and_steal (g_steal_pointer (&match));
}

/* --- hits ------------------------------------------------------------------------------------- */

typedef struct {
  const TlType *type;
  TlSearchIn in;
  const char *item; /* statement that loads one */
  /* found by text; or, without them, by name */
  const char *by_words, *by_letters, *newest, *grams;
  const char *named;
} Kind;

/* In the order of the hits. */
static const Kind kinds[] = {
  { &tl_principal_type, (TlSearchIn)(TL_IN_PEOPLE | TL_IN_CHAT), "person", .named = "people" },
  { &tl_room_type, TL_IN_CHAT, "room", .named = "rooms" },
  { &tl_message_type, TL_IN_CHAT, "message", "messages", "messages-by-letters", "messages-newest",
    "message-grams" },
  { &tl_post_type, TL_IN_FEED, "post", "posts", "posts-by-letters", "posts-newest", "post-grams" },
  { &tl_calendar_event_type, TL_IN_CALENDAR, "event", "events", "events-by-letters",
    "events-newest", "event-grams" },
  { &tl_article_type, TL_IN_NEWS, "article", "articles", "articles-by-letters", "articles-newest",
    "article-grams" },
};

static char *
like_pattern (const char *text)
{
  GString *pattern = g_string_new ("%");

  for (; text && *text; text++) {
    if (strchr ("%_\\", *text))
      g_string_append_c (pattern, '\\');
    g_string_append_c (pattern, *text);
  }
  g_string_append_c (pattern, '%');
  return g_string_free_and_steal (pattern);
}

static gboolean
find_texts (TlDb *db, const Spec *spec, const Kind *texts, guint limit, GArray *rows,
            GError **error)
{
  const TlTerms *terms = spec->terms;
  const char *name = terms->terms->len == 0 ? texts->newest
                     : terms->by_letters    ? texts->by_letters
                                            : texts->by_words;
  g_autofree char *match = compose_match (db, spec, texts->grams, error);
  g_autofree char *from = terms->from ? like_pattern (terms->from) : NULL;
  sqlite3_stmt *statement;

  if (match == NULL)
    return FALSE;
  statement = tl_db_statement (db, SQL, name);
  sqlite3_bind_text (statement, 1, match, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, from, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, terms->before);
  sqlite3_bind_int64 (statement, 4, terms->after);
  sqlite3_bind_int64 (statement, 5, g_get_real_time () / 1000);
  sqlite3_bind_int64 (statement, 6, limit);
  return tl_rows_read (db, statement, rows, error);
}

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
  const TlTerms *terms = spec->terms;
  gboolean is_text = kind->named == NULL;
  gboolean has_time = terms->before != G_MAXINT64 || terms->after != G_MININT64;

  if (spec->type != 0 && spec->type != kind->type->number)
    return FALSE;
  if (terms->in != 0 && (terms->in & kind->in) == 0)
    return FALSE;
  return terms->terms->len > 0 ? is_text || !(has_time || terms->from)
                               : is_text && (has_time || terms->from);
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

static gboolean
query (TlDb *db, gconstpointer data, GArray *rows, GError **error)
{
  const Spec *spec = data;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    guint share = kinds[i].named ? 10 : 5;
    guint limit = spec->type ? HITS_AT_MOST : HITS_AT_MOST / share;
    guint first = rows->len;

    if (!wants (spec, &kinds[i]))
      continue;
    if (!(kinds[i].named ? find_named : find_texts) (db, spec, &kinds[i], limit, rows, error))
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
