/* search-query.h: the language of the search, the same in the app and on the server, in every translation:
 *
 *   words "exact words" -not-this this or that    words are all wanted; `or` (`OR`, `|`) joins its neighbours
 *   in:chat|messages|rooms|news|feed|calendar|people       several: any of them
 *   from:NAME  room:NAME  to:NAME                          part of a name; several: any of them
 *   has:file|image|link|poll   is:unread|starred|mine      several: all of them
 *   before:DAY after:DAY on:DAY                            DAY: see tl_search_day()
 *
 * A filter's value may be quoted, each of them may be negated by a -. The beginning of a value of a list is as good as
 * the whole ("in:cal"); a filter without a value that says anything restricts nothing yet. Whatever else is words:
 * parsing never fails. Pure functions, any thread. */
#pragma once

#include <glib.h>

#define TL_SEARCH_TEXT_MAX 2048 /* bytes; what is behind is not read */
#define TL_SEARCH_TERMS_MAX 48

typedef enum {
  TL_SEARCH_WORD,
  TL_SEARCH_PHRASE,
  TL_SEARCH_IN,
  TL_SEARCH_FROM,
  TL_SEARCH_ROOM,
  TL_SEARCH_HAS,
  TL_SEARCH_IS,
  TL_SEARCH_BEFORE,
  TL_SEARCH_AFTER,
  TL_SEARCH_ON,
} TlSearchKind;

/* What in: means: bits of kinds. */
typedef enum {
  TL_SEARCH_PEOPLE = 1 << 0,
  TL_SEARCH_ROOMS = 1 << 1,
  TL_SEARCH_MESSAGES = 1 << 2,
  TL_SEARCH_POSTS = 1 << 3,
  TL_SEARCH_EVENTS = 1 << 4,
  TL_SEARCH_ARTICLES = 1 << 5,
  TL_SEARCH_EVERYWHERE = (1 << 6) - 1,
} TlSearchIn;

typedef enum {
  TL_SEARCH_FILE = 1 << 0,
  TL_SEARCH_IMAGE = 1 << 1,
  TL_SEARCH_LINK = 1 << 2,
  TL_SEARCH_POLL = 1 << 3,
} TlSearchHas;

typedef enum {
  TL_SEARCH_UNREAD = 1 << 0,
  TL_SEARCH_STARRED = 1 << 1, /* articles with a star, saved posts */
  TL_SEARCH_MINE = 1 << 2,
} TlSearchIs;

typedef struct {
  TlSearchKind kind;
  gboolean is_negated;
  gboolean is_pending; /* a filter whose value says nothing (yet) */
  gboolean is_prefix;  /* the last wanted word, which may not be whole yet */
  guint group;         /* wanted words of the same are alternatives */
  guint start, end;    /* bytes of the query's text, with its - and its quotes */
  guint value;         /* where the value begins, behind the colon */
  char *text;          /* without any of that */
  guint bits;          /* of in:, has:, is: */
  gint64 from, until;  /* ms, of dates: the day, month… from its begin to before its end */
} TlSearchTerm;

typedef struct {
  char *text;         /* as it was read: valid UTF-8 */
  GPtrArray *terms;   /* of TlSearchTerm, as they stand there */
  guint n_words;      /* wanted words and phrases */
  guint n_unwanted;   /* words and phrases */
  guint in;           /* kinds that it may be, of TL_SEARCH_EVERYWHERE */
  guint has, has_not; /* all of these, none of those */
  guint is, is_not;
  gint64 after,
      before; /* ms: from then on, and until before then; G_MININT64 and G_MAXINT64 for none */
  GPtrArray *not_on;    /* of TlSearchTerm, borrowed: spans of time that it must not be in */
  GStrv from, not_from; /* never NULL; any of these, none of those */
  GStrv rooms, not_rooms;
  gboolean has_filters; /* besides in: */
} TlSearchQuery;

/* `now` and `zone` say what "yesterday" is. */
TlSearchQuery *tl_search_query_parse (const char *text, gint64 now, GTimeZone *zone);
void tl_search_query_free (TlSearchQuery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlSearchQuery, tl_search_query_free)

/* The term that is being typed at byte `at` (its end included), or NULL. */
const TlSearchTerm *tl_search_query_at (const TlSearchQuery *self, guint at);
/* Is the term asked of texts as a beginning? One letter begins too much: of texts it is a word, of names a beginning. */
gboolean tl_search_term_begins (const TlSearchTerm *term);
/* In lower case and without accents (U+0300 to U+036F), as names are compared. */
char *tl_search_plain (const char *text);
/* Is there anything that could find something: a wanted word, or a filter besides in:? */
gboolean tl_search_query_asks (const TlSearchQuery *self);

/* The names of filters and their values, for who completes them. NULL-terminated. */
typedef struct {
  const char *name;
  TlSearchKind kind;
} TlSearchName;
extern const TlSearchName tl_search_filters[];
typedef struct {
  const char *name;
  guint bits;
} TlSearchValue;
/* Those of in:, has:, is:; NULL for other kinds. Ends with a name that is NULL. */
const TlSearchValue *tl_search_values (TlSearchKind kind);

/* 2026, 2026-11, 2026-11-23, today, yesterday, tomorrow, "last week" (last-week; this, next; day, month, year), a
 * weekday (the last one before tomorrow), 3d, 2w, 6m, 1y (so long ago). Weeks begin on Monday. */
gboolean tl_search_day (const char *text, gint64 now, GTimeZone *zone, gint64 *from, gint64 *until);
