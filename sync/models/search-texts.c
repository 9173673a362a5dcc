/* search-texts.c: see the header. A statement is put together of sections of a file for each kind and shape of a
 * query, once a connection; what was typed is a parameter, always. */
#include "sync/models/search-texts.h"

#include "sync/models/rows.h"
#include "sync/sql.h"
#include "sync/text.h"

#include <string.h>

#define SQL "parts/search-texts.sql"
#define NOTHING "\"\"" /* what an index is asked that is to find nothing */

const TlSearchTexts tl_search_articles = {
  .name = "article",
  .table = "article",
  .at = "t.publishedAt",
  .words = "article_text",
  .letters = "article_gram",
  .weights = ", 4.0, 1.0",
  .newest = "article AS t INDEXED BY article_date",
  .order = "t.publishedAt DESC",
  .type = 4,
};
const TlSearchTexts tl_search_messages = {
  .name = "message",
  .table = "message",
  .at = "t.sentAt",
  .words = "message_text",
  .letters = "message_gram",
  .newest = "message AS t",
  .order = "t.key < 0 DESC",
  .type = 8,
};
const TlSearchTexts tl_search_posts = {
  .name = "post",
  .table = "post",
  .at = "t.createdAt",
  .words = "post_text",
  .letters = "post_gram",
  .newest = "post AS t INDEXED BY post_date",
  .order = "t.createdAt DESC",
  .type = 10,
};
const TlSearchTexts tl_search_events = {
  .name = "event",
  .table = "event",
  .at = "COALESCE(s.startAt, t.createdAt)",
  .words = "event_text",
  .letters = "event_gram",
  .weights = ", 4.0, 1.0",
  .newest = "event AS t",
  .order = "abs(:now - COALESCE(s.startAt, t.createdAt))",
  .span = "span",
  .type = 17,
};

/* --- statements ------------------------------------------------------------------------------- */

static void
put (GString *sql, const char *place, const char *text)
{
  g_string_replace (sql, place, text ? text : "", 0);
}

typedef struct {
  const char *section;
  gboolean by_letters, has_unwanted, has_filters;
} Shape;

static char *
compose (const TlSearchTexts *texts, const Shape *shape)
{
  g_autoptr (GHashTable) sections = tl_sql_sections (SQL);
  g_autofree char *type = g_strdup_printf ("%u", texts->type);
  GString *sql = g_string_new (g_hash_table_lookup (sections, shape->section));

  put (sql, "{unwanted}", shape->has_unwanted ? g_hash_table_lookup (sections, "unwanted") : NULL);
  put (sql, "{filters}", shape->has_filters ? g_hash_table_lookup (sections, texts->name) : NULL);
  put (sql, "{span}", texts->span ? g_hash_table_lookup (sections, texts->span) : NULL);
  put (sql, "{index}", shape->by_letters ? texts->letters : texts->words);
  put (sql, "{words}", texts->words);
  put (sql, "{letters}", texts->letters);
  put (sql, "{weights}", texts->weights);
  put (sql, "{table}", texts->table);
  put (sql, "{newest}", texts->newest);
  put (sql, "{order}", texts->order);
  put (sql, "{at}", texts->at);
  put (sql, "{type}", type);
  return g_string_free_and_steal (sql);
}

static sqlite3_stmt *
statement_of (TlDb *db, const TlSearchTexts *texts, const Shape *shape)
{
  g_autofree char *name =
      g_strdup_printf ("search:%s:%s:%d%d%d", texts->name, shape->section, shape->by_letters,
                       shape->has_unwanted, shape->has_filters);
  sqlite3_stmt *statement = tl_db_composed (db, name, NULL);
  g_autofree char *sql = NULL;

  if (statement)
    return statement;
  sql = compose (texts, shape);
  return tl_db_composed (db, name, sql);
}

/* --- what is asked of FTS5 -------------------------------------------------------------------- */

/* The word as an alternative of the trigrams that begin with it. */
static gboolean
append_grams (TlDb *db, const TlSearchTexts *texts, const char *word, GString *match,
              GError **error)
{
  sqlite3_stmt *grams = statement_of (db, texts, &(const Shape){ "grams", .by_letters = TRUE });
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
  g_string_append_c (match, ')');
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

static gboolean
append_term (TlDb *db, const TlSearchTexts *texts, gboolean by_letters, const TlTerm *term,
             GString *match, GError **error)
{
  const char *text = term->term->text;

  if (by_letters && g_utf8_strlen (text, -1) < 3)
    return append_grams (db, texts, text, match, error);
  tl_terms_quote (match, text);
  if (tl_search_term_begins (term->term) && !by_letters)
    g_string_append (match, " *");
  return TRUE;
}

/* (a OR b) AND (c) */
static char *
match_wanted (TlDb *db, const TlSearchTexts *texts, const TlTerms *terms, GError **error)
{
  g_autoptr (GString) match = g_string_new (NULL);
  guint group = 0;

  for (guint i = 0; i < terms->terms->len; i++) {
    const TlTerm *term = terms->terms->pdata[i];

    g_string_append (match, i == 0 ? "(" : term->term->group == group ? " OR " : ") AND (");
    if (!append_term (db, texts, terms->by_letters, term, match, error))
      return NULL;
    group = term->term->group;
  }
  g_string_append_c (match, ')');
  return g_string_free_and_steal (g_steal_pointer (&match));
}

/* Each is looked for where its script is. */
static gboolean
bind_unwanted (TlDb *db, const TlSearchTexts *texts, const TlTerms *terms, gboolean by_letters,
               sqlite3_stmt *statement, GError **error)
{
  g_autoptr (GString) match = g_string_new (NULL);

  for (guint i = 0; i < terms->unwanted->len; i++) {
    const TlTerm *term = terms->unwanted->pdata[i];

    if (term->by_letters != by_letters)
      continue;
    g_string_append (match, match->len > 0 ? " OR " : "");
    if (!append_term (db, texts, by_letters, term, match, error))
      return FALSE;
  }
  tl_search_bind (statement, by_letters ? ":not_letters" : ":not_words",
                  match->len > 0 ? match->str : NOTHING);
  return TRUE;
}

gboolean
tl_search_texts (TlDb *db, const TlSearchTexts *texts, const TlTerms *terms, gint64 me, guint limit,
                 GArray *rows, GError **error)
{
  const Shape shape = { .section = terms->terms->len > 0 ? "by-words" : "newest",
                        .by_letters = terms->by_letters,
                        .has_unwanted = terms->unwanted->len > 0,
                        .has_filters = terms->query->has_filters };
  g_autofree char *match = match_wanted (db, texts, terms, error);
  sqlite3_stmt *statement;

  if (match == NULL)
    return FALSE;
  statement = statement_of (db, texts, &shape);
  tl_search_bind (statement, ":match", match);
  tl_search_bind_number (statement, ":me", me);
  tl_search_bind_number (statement, ":now", g_get_real_time () / 1000);
  tl_search_bind_number (statement, ":limit", limit);
  if (!bind_unwanted (db, texts, terms, FALSE, statement, error) ||
      !bind_unwanted (db, texts, terms, TRUE, statement, error) ||
      (shape.has_filters && !tl_search_bind_filters (db, terms->query, me, statement, error)))
    return FALSE;
  return tl_rows_read (db, statement, rows, error);
}
