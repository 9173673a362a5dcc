/* search.h: one index over all kinds, behind a small vtable (PostgreSQL full text; later OpenSearch).
 *
 * What a person typed is parsed once (sync/wire/search-query.h); an engine translates that. It gives what the
 * person may see, never more: permission is by scope, as of the moment of asking. */
#pragma once

#include "server/stores/pg.h"
#include "sync/wire/search-query.h"

#define TL_SEARCH_COUNTS 32  /* more than there are types */
#define TL_SEARCH_KINDS 6    /* those that are searched */
#define TL_SEARCH_DEPTH 2000 /* of each kind the newest so many matches are ranked */

typedef struct {
  const TlSearchQuery *query; /* tl_search_query_asks() it */
  gint64 account;
  const guint8 *types;   /* 0-terminated type numbers, none twice; NULL: all */
  guint position, limit; /* a page of the hits */
} TlSearchAsk;

typedef struct {
  guint8 type; /* TlType number */
  gint64 key;
  double rank;
} TlSearchHit;

typedef struct _TlSearch TlSearch;

typedef struct {
  /* Hits that ask->account may see, best first. `counts`: NULL, or how many there are of each type, all pages together
   * (a kind's are at most TL_SEARCH_DEPTH). */
  GArray *(*query) (TlSearch *self, TlPg *pg, const TlSearchAsk *ask,
                    guint counts[TL_SEARCH_COUNTS], GError **error);
  void (*free) (TlSearch *self);
} TlSearchClass;

struct _TlSearch {
  const TlSearchClass *class;
};

TlSearch *tl_search_pg_new (void);

/* What every engine asks: those of ask->types that the query wants; 0-terminated. Names (people, rooms) know neither a
 * time nor who wrote them: with a filter besides in: they are not searched. */
void tl_search_types (const TlSearchAsk *ask, guint8 types[TL_SEARCH_KINDS + 1]);
/* The query's words for to_tsquery('simple', …); `is_quote`: without those that are not wanted, of which nothing can be
 * quoted. */
char *tl_search_tsquery (const TlSearchQuery *query, gboolean is_quote);
