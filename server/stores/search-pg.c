/* search-pg.c: full text search in PostgreSQL within the scopes that the account is in (search.sql).
 *
 * A statement is put together for each shape of a query, once: with words or without, with filters or without, for a
 * page of hits or for how many there are. What a person typed is a parameter, always. Any thread. */
#include "server/stores/search.h"
#include "sync/wire/field.h"

#include <string.h>

#define SQL "stores/search.sql"

typedef enum { PAGE, COUNTS, N_OUTCOMES } Outcome;

typedef struct {
  TlSearch parent;
  char *texts[2][2][N_OUTCOMES]; /* has words, has filters */
  char *names[2][2][N_OUTCOMES];
} SearchPg;

typedef enum {
  ACCOUNT,
  WORDS,
  TYPES,
  LIMIT,
  OFFSET,
  AFTER,
  BEFORE,
  FROM,
  NOT_FROM,
  ROOMS,
  NOT_ROOMS,
  HAS,
  HAS_NOT,
  IS,
  IS_NOT,
  NOT_ON,
  N_ARGS
} Argument;

/* --- statements ------------------------------------------------------------------------------- */

static char *
compose (gboolean has_words, gboolean has_filters, Outcome outcome)
{
  static const char *const parts[] = { "who", "article", "message", "post", "event" };
  GString *text = g_string_new (tl_sql (SQL, "found"));

  g_string_replace (text, ":words", has_words ? tl_sql (SQL, "words") : "", 0);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *place = g_strconcat (":", parts[i], NULL);

    g_string_replace (text, place, has_filters ? tl_sql (SQL, parts[i]) : "", 0);
  }
  g_string_append_c (text, '\n');
  g_string_append (text, tl_sql (SQL, outcome == COUNTS ? "counted"
                                      : has_words       ? "ranked"
                                                        : "newest"));
  return g_string_free_and_steal (text);
}

/* --- arguments -------------------------------------------------------------------------------- */

/* Names that contain one of them, as an array of LIKE patterns. */
static char *
patterns_of (const GStrv texts)
{
  GString *out = g_string_new ("{");

  for (guint i = 0; texts[i]; i++) {
    g_autofree char *folded = tl_search_plain (texts[i]);

    g_string_append (out, i > 0 ? ",\"%" : "\"%");
    for (const char *at = folded; *at; at++) {
      if (strchr ("%_\\", *at))
        g_string_append (out, "\\\\");
      if (strchr ("\"\\", *at))
        g_string_append_c (out, '\\');
      g_string_append_c (out, *at);
    }
    g_string_append (out, "%\"");
  }
  g_string_append_c (out, '}');
  return g_string_free_and_steal (out);
}

static char *
date_of (gint64 ms)
{
  if (ms == G_MININT64 || ms == G_MAXINT64)
    return g_strdup (ms == G_MININT64 ? "-infinity" : "infinity");
  return tl_date_format (ms);
}

static char *
spans_of (const GPtrArray *terms)
{
  GString *out = g_string_new ("{");

  for (guint i = 0; i < terms->len; i++) {
    const TlSearchTerm *term = terms->pdata[i];
    g_autofree char *from = date_of (term->from);
    g_autofree char *until = date_of (term->until);

    g_string_append_printf (out, "%s[%s,%s)", i > 0 ? "," : "", from, until);
  }
  g_string_append_c (out, '}');
  return g_string_free_and_steal (out);
}

static char *
types_of (const TlSearchAsk *ask)
{
  guint8 types[TL_SEARCH_KINDS + 1];
  GString *text = g_string_new ("{");

  tl_search_types (ask, types);
  for (guint i = 0; types[i]; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? "," : "", types[i]);
  g_string_append_c (text, '}');
  return g_string_free_and_steal (text);
}

static char *
number (gint64 value)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, value);
}

static void
bind_filters (const TlSearchQuery *query, char *args[N_ARGS])
{
  args[AFTER] = date_of (query->after);
  args[BEFORE] = date_of (query->before);
  args[FROM] = patterns_of (query->from);
  args[NOT_FROM] = patterns_of (query->not_from);
  args[ROOMS] = patterns_of (query->rooms);
  args[NOT_ROOMS] = patterns_of (query->not_rooms);
  args[HAS] = number (query->has);
  args[HAS_NOT] = number (query->has_not);
  args[IS] = number (query->is);
  args[IS_NOT] = number (query->is_not);
  args[NOT_ON] = spans_of (query->not_on);
}

static PGresult *
run (SearchPg *self, TlPg *pg, const TlSearchAsk *ask, Outcome outcome, GError **error)
{
  gboolean has_words = ask->query->n_words + ask->query->n_unwanted > 0;
  gboolean has_filters = ask->query->has_filters;
  char *args[N_ARGS] = { NULL };
  PGresult *rows;

  args[ACCOUNT] = number (ask->account);
  args[WORDS] = tl_search_tsquery (ask->query, FALSE);
  args[TYPES] = types_of (ask);
  args[LIMIT] = number (outcome == PAGE ? ask->limit : TL_SEARCH_KINDS);
  args[OFFSET] = number (outcome == PAGE ? ask->position : 0);
  if (has_filters)
    bind_filters (ask->query, args);
  rows = tl_pg_query (pg, self->names[has_words][has_filters][outcome],
                      self->texts[has_words][has_filters][outcome], has_filters ? N_ARGS : AFTER,
                      (const char *const *)args, error);
  for (guint i = 0; i < N_ARGS; i++)
    g_free (args[i]);
  return rows;
}

/* --- the vtable ------------------------------------------------------------------------------- */

static GArray *
read_hits (PGresult *rows)
{
  GArray *hits = g_array_new (FALSE, FALSE, sizeof (TlSearchHit));

  for (int i = 0; i < PQntuples (rows); i++) {
    TlSearchHit hit = { .type = (guint8)g_ascii_strtoull (PQgetvalue (rows, i, 0), NULL, 10),
                        .key = g_ascii_strtoll (PQgetvalue (rows, i, 1), NULL, 10),
                        .rank = g_ascii_strtod (PQgetvalue (rows, i, 2), NULL) };

    g_array_append_val (hits, hit);
  }
  return hits;
}

static GArray *
query (TlSearch *search, TlPg *pg, const TlSearchAsk *ask, guint counts[TL_SEARCH_COUNTS],
       GError **error)
{
  SearchPg *self = (SearchPg *)search;
  g_autoptr (PGresult) counted = NULL;
  g_autoptr (PGresult) rows = NULL;

  if (counts) {
    counted = run (self, pg, ask, COUNTS, error);
    if (counted == NULL)
      return NULL;
    memset (counts, 0, TL_SEARCH_COUNTS * sizeof *counts);
    for (int i = 0; i < PQntuples (counted); i++)
      counts[g_ascii_strtoull (PQgetvalue (counted, i, 0), NULL, 10)] =
          (guint)g_ascii_strtoull (PQgetvalue (counted, i, 1), NULL, 10);
  }
  rows = run (self, pg, ask, PAGE, error);
  return rows ? read_hits (rows) : NULL;
}

static void
search_free (TlSearch *search)
{
  SearchPg *self = (SearchPg *)search;

  for (guint i = 0; i < 4 * N_OUTCOMES; i++) {
    g_free ((&self->texts[0][0][0])[i]);
    g_free ((&self->names[0][0][0])[i]);
  }
  g_free (self);
}

static const TlSearchClass search_pg_class = { .query = query, .free = search_free };

TlSearch *
tl_search_pg_new (void)
{
  SearchPg *self = g_new0 (SearchPg, 1);

  self->parent.class = &search_pg_class;
  for (guint words = 0; words < 2; words++)
    for (guint filters = 0; filters < 2; filters++)
      for (Outcome outcome = 0; outcome < N_OUTCOMES; outcome++) {
        self->texts[words][filters][outcome] = compose (words, filters, outcome);
        self->names[words][filters][outcome] =
            g_strdup_printf ("search.%u%u%u", words, filters, outcome);
      }
  return &self->parent;
}
