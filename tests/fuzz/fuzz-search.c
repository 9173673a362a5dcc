/* What anybody may type into the search: there is always a query, its terms lie in the text, one behind the other, and
 * the sums are those of the terms. */
#include "sync/wire/search-query.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1795435200000)

const gboolean tl_fuzz_quotes = FALSE;
const char *const tl_fuzz_seeds[] = {
  "boat \"low tide\" -rain in:chat from:anna",
  "a or b | c OR \"d e\" -f",
  "before:2026-10 after:last week on:yesterday after:\"last month\" on:3d before:friday",
  "has:image is:unread -is:mine room:\"Power users\" to:x -in:news",
  "„Ebbe und Flut“ «marée» 「天気」 \"unclosed",
  "\u200ffrom:דנה שלום in：chat",
  "from: in: -: -- - \"\" or or -or |",
  NULL,
};

void
tl_fuzz_begin (void)
{
}

void
tl_fuzz_end (void)
{
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  g_autoptr (TlSearchQuery) query = tl_search_query_parse (text, NOW, zone);
  guint end = 0, words = 0;

  g_assert_true (g_utf8_validate (query->text, -1, NULL));
  g_assert_cmpuint (query->terms->len, <=, TL_SEARCH_TERMS_MAX);
  for (guint i = 0; i < query->terms->len; i++) {
    const TlSearchTerm *term = query->terms->pdata[i];

    g_assert_cmpuint (term->start, >=, end);
    g_assert_cmpuint (term->value, >=, term->start);
    g_assert_cmpuint (term->end, >, term->start);
    g_assert_nonnull (term->text);
    g_assert_true (g_utf8_validate (term->text, -1, NULL));
    g_assert_true (tl_search_query_at (query, term->end) == term);
    end = term->end;
    words += term->kind <= TL_SEARCH_PHRASE && !term->is_negated;
  }
  g_assert_cmpuint (end, <=, strlen (query->text));
  g_assert_cmpuint (words, ==, query->n_words);
  return 0;
}
