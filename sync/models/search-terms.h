/* search-terms.h: what a person typed into the search (sync/wire/search-query.h), and how texts here are compared
 * with it. */
#pragma once

#include "sync/wire/search-query.h"

/* Letters in lower case without accents; whatever lies between words is one space. */
typedef struct {
  GArray *letters; /* of gunichar */
  GArray *starts;  /* of guint: the byte where each begins */
} TlFolded;
void tl_folded_init (TlFolded *self, const char *text, gsize length);
void tl_folded_clear (TlFolded *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TlFolded, tl_folded_clear)

typedef struct {
  const TlSearchTerm *term;
  TlFolded folded;     /* without spaces around */
  gboolean by_letters; /* it has no spaces between words */
} TlTerm;

typedef struct {
  TlSearchQuery *query;
  GPtrArray *terms;    /* of TlTerm: the wanted words, of each group one must be there */
  GPtrArray *unwanted; /* of TlTerm */
  gboolean by_letters; /* one of the wanted is so: trigrams are asked for all of them */
} TlTerms;

/* Days are those of this device's zone. */
TlTerms *tl_terms_parse (const char *text);
void tl_terms_free (TlTerms *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlTerms, tl_terms_free)

/* An FTS5 string: quoted, so that nothing in it is syntax. */
void tl_terms_quote (GString *match, const char *text);
/* About 180 letters of `text` around the first match as Pango markup, matches marked. */
char *tl_terms_snippet (const TlTerms *self, const char *text);
gboolean tl_terms_match (const TlTerms *self, const char *text);
/* Is any of `parts` somewhere in the text, whatever their case and accents? */
gboolean tl_terms_contain (const GStrv parts, const char *text);
