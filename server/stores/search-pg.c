/* search-pg.c: full text search in PostgreSQL over Article, Message, Post and Principal, within the scopes
 * that the account is in.
 *
 * What a person typed goes to websearch_to_tsquery(), which takes anything; the last word, when it is
 * a plain one, also matches as a beginning, since it may not be whole yet. */
#include "server/stores/search.h"

#include <string.h>

#define SQL "stores/search.sql"
#define MAX_QUERY 1024 /* bytes */

/* The last word when it can be a beginning: letters and digits outside of quotes, neither excluded
 * nor an alternative. NULL otherwise. */
static const char *
last_word (const char *query)
{
  const char *space = strrchr (query, ' ');
  const char *word = space ? space + 1 : query;
  guint quotes = 0;

  for (const char *at = query; *at; at++)
    quotes += *at == '"';
  if (quotes % 2 || !*word)
    return NULL;
  for (const char *at = word; *at; at = g_utf8_next_char (at))
    if (!g_unichar_isalnum (g_utf8_get_char (at)))
      return NULL;
  if (space && space - query >= 3 && g_ascii_strncasecmp (space - 3, " or", 3) == 0)
    return NULL;
  return word;
}

static char *
type_array (const guint8 *types)
{
  GString *text = g_string_new ("{");

  for (; *types; types++)
    g_string_append_printf (text, "%s%u", text->len > 1 ? "," : "", *types);
  g_string_append_c (text, '}');
  return g_string_free_and_steal (text);
}

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
query (TlSearch *self, TlPg *pg, gint64 account, const char *text, const guint8 *types, guint limit,
       GError **error)
{
  g_autofree char *words = g_strndup (text, MAX_QUERY);
  g_autofree char *valid = g_strstrip (g_utf8_make_valid (words, -1));
  const char *word = last_word (valid);
  g_autofree char *whole = g_strndup (valid, word ? (gsize)(word - valid) : strlen (valid));
  g_autofree char *prefix = word ? g_strconcat (word, ":*", NULL) : g_strdup ("");
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, account);
  g_autofree char *wanted = types ? type_array (types) : NULL;
  g_autofree char *most = g_strdup_printf ("%u", limit);
  const char *args[] = { number, whole, prefix, wanted, most };
  g_autoptr (GError) why = NULL;
  g_autoptr (PGresult) rows =
      tl_pg_query (pg, "search.query", tl_sql (SQL, "query"), G_N_ELEMENTS (args), args, &why);

  if (rows)
    return read_hits (rows);
  if (g_error_matches (why, TL_PG_ERROR,
                       TL_PG_ERROR_DATA)) /* too deep for PostgreSQL: nothing is that */
    return g_array_new (FALSE, FALSE, sizeof (TlSearchHit));
  g_propagate_error (error, g_steal_pointer (&why));
  return NULL;
}

static void
search_free (TlSearch *self)
{
  g_free (self);
}

static const TlSearchClass search_pg_class = { .query = query, .free = search_free };

TlSearch *
tl_search_pg_new (void)
{
  TlSearch *self = g_new0 (TlSearch, 1);

  self->class = &search_pg_class;
  return self;
}
