/* search-texts.h: the search in what is written: articles, messages, posts, events (reader threads).
 *
 * Words are asked of the FTS5 tables; when one is in a script without spaces, the trigram tables are asked for all of
 * them, words of one or two letters as all trigrams that begin with them. A query without words gives the newest. */
#pragma once

#include "sync/db.h"
#include "sync/models/search-terms.h"

/* The names of what a statement is put together of (parts/search-texts.sql). */
typedef struct {
  const char *name;       /* of the section with the filters */
  const char *table, *at; /* where it stands, and its time */
  const char *words, *letters, *weights;
  const char *newest, *order, *span;
  guint type;
} TlSearchTexts;

extern const TlSearchTexts tl_search_articles, tl_search_messages, tl_search_posts,
    tl_search_events;

/* Appends rows of (key, type number), best first. */
gboolean tl_search_texts (TlDb *db, const TlSearchTexts *texts, const TlTerms *terms, gint64 me,
                          guint limit, GArray *rows, GError **error);

/* search-filters.c: binds what the query's filters are to the statement's :after, :people, …; those that it does not
 * have are passed over. */
gboolean tl_search_bind_filters (TlDb *db, const TlSearchQuery *query, gint64 me,
                                 sqlite3_stmt *statement, GError **error);
/* Binds text to `name`; NULL is null. */
void tl_search_bind (sqlite3_stmt *statement, const char *name, const char *text);
void tl_search_bind_number (sqlite3_stmt *statement, const char *name, gint64 number);
