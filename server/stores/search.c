/* search.c: what the engines have in common (search.h). Any thread. */
#include "server/stores/search.h"

static const struct {
  TlSearchIn in;
  guint8 type;
  gboolean is_name;
} kinds[TL_SEARCH_KINDS] = {
  { TL_SEARCH_PEOPLE, 1, TRUE },  { TL_SEARCH_ROOMS, 6, TRUE },    { TL_SEARCH_MESSAGES, 8, FALSE },
  { TL_SEARCH_POSTS, 10, FALSE }, { TL_SEARCH_EVENTS, 17, FALSE }, { TL_SEARCH_ARTICLES, 4, FALSE },
};

static gboolean
is_among (const guint8 *types, guint8 type)
{
  while (*types && *types != type)
    types++;
  return *types != 0;
}

void
tl_search_types (const TlSearchAsk *ask, guint8 types[TL_SEARCH_KINDS + 1])
{
  guint n = 0;

  for (guint i = 0; i < TL_SEARCH_KINDS; i++)
    if ((ask->query->in & kinds[i].in) && !(kinds[i].is_name && ask->query->has_filters) &&
        (ask->types == NULL || is_among (ask->types, kinds[i].type)))
      types[n++] = kinds[i].type;
  types[n] = 0;
}

/* A string of to_tsquery(): several lexemes in it are a phrase, nothing in it is an operator. */
static void
append_string (GString *out, const TlSearchTerm *term)
{
  g_string_append_c (out, '\'');
  for (const char *at = term->text; *at; at++) {
    if (*at == '\'' || *at == '\\')
      g_string_append_c (out, *at);
    g_string_append_c (out, *at);
  }
  g_string_append (out, tl_search_term_begins (term) ? "':*" : "'");
}

char *
tl_search_tsquery (const TlSearchQuery *query, gboolean is_quote)
{
  g_autoptr (GString) out = g_string_new (NULL);
  guint group = 0;

  for (guint i = 0; i < query->terms->len; i++) {
    const TlSearchTerm *term = query->terms->pdata[i];

    if (term->kind > TL_SEARCH_PHRASE || term->is_negated)
      continue;
    g_string_append (out, term->group == group ? " | " : group ? ") & (" : "(");
    append_string (out, term);
    group = term->group;
  }
  if (group)
    g_string_append_c (out, ')');
  for (guint i = 0; i < query->terms->len && !is_quote; i++) {
    const TlSearchTerm *term = query->terms->pdata[i];

    if (term->kind > TL_SEARCH_PHRASE || !term->is_negated)
      continue;
    g_string_append (out, out->len > 0 ? " & !" : "!");
    append_string (out, term);
  }
  return g_string_free_and_steal (g_steal_pointer (&out));
}
