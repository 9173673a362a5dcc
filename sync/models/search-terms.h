/* search-terms.h: what a person typed into the search, taken apart; and how texts are compared with
 * it. */
#pragma once

#include <glib.h>

/* Letters in lower case without accents; whatever lies between words is one space. */
typedef struct {
  GArray *letters; /* of gunichar */
  GArray *starts;  /* of guint: the byte where each begins */
} TlFolded;
void tl_folded_init (TlFolded *self, const char *text, gsize length);
void tl_folded_clear (TlFolded *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TlFolded, tl_folded_clear)

typedef struct {
  char *text; /* as typed, without quotes */
  TlFolded folded;
  gboolean is_prefix;
} TlTerm;

typedef enum {
  TL_IN_CHAT = 1 << 0,
  TL_IN_NEWS = 1 << 1,
  TL_IN_FEED = 1 << 2,
  TL_IN_CALENDAR = 1 << 3,
  TL_IN_PEOPLE = 1 << 4,
} TlSearchIn;

typedef struct {
  GPtrArray *terms; /* of TlTerm; all must be there */
  guint in;         /* of TlSearchIn; 0: everywhere */
  char *from;       /* or NULL */
  gint64 before,
      after; /* ms, local midnights; G_MAXINT64 and G_MININT64 for none. after: from then on */
  gboolean by_letters; /* a term has no spaces between words: trigrams are asked */
} TlTerms;

TlTerms *tl_terms_parse (const char *text);
void tl_terms_free (TlTerms *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlTerms, tl_terms_free)

/* An FTS5 string: quoted, so that nothing in it is syntax. */
void tl_terms_quote (GString *match, const char *text);
/* About 180 letters of `text` around the first match as Pango markup, matches marked. */
char *tl_terms_snippet (const TlTerms *self, const char *text);
gboolean tl_terms_match (const TlTerms *self, const char *text);
