/* search.h: one index over all kinds, behind a small vtable (PostgreSQL full text; later OpenSearch). */
#pragma once

#include "server/stores/pg.h"

typedef struct {
  guint8 type; /* TlType number */
  gint64 key;
  double rank;
} TlSearchHit;

typedef struct _TlSearch TlSearch;

typedef struct {
  /* Hits that `account` may see, best first; `types`: 0-terminated type numbers, NULL for all.
   * `query` is what a person typed: words, "exact words"; never an error for its syntax. */
  GArray *(*query) (TlSearch *self, TlPg *pg, gint64 account, const char *query,
                    const guint8 *types, guint limit, GError **error);
  void (*free) (TlSearch *self);
} TlSearchClass;

struct _TlSearch {
  const TlSearchClass *class;
};

TlSearch *tl_search_pg_new (void);
