/* search-query.c: see the header. One pass over the text: what stands between spaces and quotes becomes a term, then
 * the terms are summed up. Marks of direction (U+200E…) are spaces, colons may be full-width, quotes of any language. */
#include "sync/wire/search-query.h"

#include <string.h>

const TlSearchName tl_search_filters[] = {
  { "in", TL_SEARCH_IN },         { "from", TL_SEARCH_FROM },   { "room", TL_SEARCH_ROOM },
  { "to", TL_SEARCH_ROOM },       { "has", TL_SEARCH_HAS },     { "is", TL_SEARCH_IS },
  { "before", TL_SEARCH_BEFORE }, { "after", TL_SEARCH_AFTER }, { "on", TL_SEARCH_ON },
  { NULL, TL_SEARCH_WORD },
};

static const TlSearchValue places[] = {
  { "chat", TL_SEARCH_MESSAGES | TL_SEARCH_ROOMS | TL_SEARCH_PEOPLE },
  { "messages", TL_SEARCH_MESSAGES },
  { "rooms", TL_SEARCH_ROOMS },
  { "news", TL_SEARCH_ARTICLES },
  { "articles", TL_SEARCH_ARTICLES },
  { "feed", TL_SEARCH_POSTS },
  { "posts", TL_SEARCH_POSTS },
  { "calendar", TL_SEARCH_EVENTS },
  { "events", TL_SEARCH_EVENTS },
  { "people", TL_SEARCH_PEOPLE },
  { NULL, 0 },
};
static const TlSearchValue things[] = {
  { "file", TL_SEARCH_FILE },
  { "image", TL_SEARCH_IMAGE },
  { "link", TL_SEARCH_LINK },
  { "poll", TL_SEARCH_POLL },
  { NULL, 0 },
};
static const TlSearchValue states[] = {
  { "unread", TL_SEARCH_UNREAD },
  { "starred", TL_SEARCH_STARRED },
  { "mine", TL_SEARCH_MINE },
  { NULL, 0 },
};

const TlSearchValue *
tl_search_values (TlSearchKind kind)
{
  return kind == TL_SEARCH_IN    ? places
         : kind == TL_SEARCH_HAS ? things
         : kind == TL_SEARCH_IS  ? states
                                 : NULL;
}

/* --- reading ---------------------------------------------------------------------------------- */

typedef struct {
  TlSearchQuery *query;
  const char *at;
  gint64 now;
  GTimeZone *zone;
  guint group;
  gboolean joins; /* an `or` is behind */
} Reader;

static gboolean
is_space (gunichar letter)
{
  return g_unichar_isspace (letter) || letter == 0x200E || letter == 0x200F ||
         (letter >= 0x202A && letter <= 0x202E) || (letter >= 0x2066 && letter <= 0x2069) ||
         letter == 0x200B || letter == 0xFEFF;
}

/* What may close what `letter` opens, or NULL: it opens nothing. */
static const char *
closers_of (gunichar letter)
{
  static const struct {
    gunichar opens;
    const char *closers;
  } quotes[] = {
    { '"', "\"" },      { 0x201C, "”“\"" }, { 0x201D, "”\"" },
    { 0x201E, "“”\"" }, { 0x00AB, "»\"" },  { 0x00BB, "«\"" },
    { 0x300C, "」\"" }, { 0x300E, "』\"" }, { 0xFF02, "＂\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (quotes); i++)
    if (quotes[i].opens == letter)
      return quotes[i].closers;
  return NULL;
}

/* Reads up to the closing quote (or the end), or the next space. */
static char *
read_value (const char **at, gboolean *is_quoted)
{
  const char *closers = closers_of (g_utf8_get_char (*at));
  const char *start = closers ? g_utf8_next_char (*at) : *at, *end = start;

  *is_quoted = closers != NULL;
  while (*end && (closers ? !g_utf8_strchr (closers, -1, g_utf8_get_char (end))
                          : !is_space (g_utf8_get_char (end))))
    end = g_utf8_next_char (end);
  *at = closers && *end ? g_utf8_next_char (end) : end;
  return g_strndup (start, (gsize)(end - start));
}

/* Behind "name:", or NULL when none of the filters begins here. */
static const char *
read_filter_name (const char *at, TlSearchKind *kind)
{
  for (const TlSearchName *filter = tl_search_filters; filter->name; filter++) {
    gsize length = strlen (filter->name);

    if (g_ascii_strncasecmp (at, filter->name, length) != 0 ||
        (at[length] != ':' && !g_str_has_prefix (at + length, "：")))
      continue;
    *kind = filter->kind;
    return g_utf8_next_char (at + length);
  }
  return NULL;
}

/* The value of a date goes on over a space: last week. */
static void
read_on (const Reader *reader, TlSearchTerm *term, const char **at)
{
  const char *next = *at + 1;
  gboolean is_quoted;
  g_autofree char *word = NULL;
  g_autofree char *both = NULL;

  if (**at != ' ' || *next == '\0' || is_space (g_utf8_get_char (next)))
    return;
  word = read_value (&next, &is_quoted);
  both = g_strconcat (term->text, " ", word, NULL);
  if (is_quoted || !tl_search_day (both, reader->now, reader->zone, &term->from, &term->until))
    return;
  g_set_str (&term->text, both);
  term->is_pending = FALSE;
  *at = next;
}

static guint
bits_of (const TlSearchValue *values, const char *text)
{
  gsize length = strlen (text);
  guint bits = 0;

  for (guint i = 0; length > 0 && values[i].name; i++) {
    if (g_ascii_strcasecmp (values[i].name, text) == 0)
      return values[i].bits;
    if (g_ascii_strncasecmp (values[i].name, text, length) == 0)
      bits |= values[i].bits;
  }
  return bits;
}

static gboolean
says_something (const char *text)
{
  for (; *text; text = g_utf8_next_char (text))
    if (g_unichar_isalnum (g_utf8_get_char (text)))
      return TRUE;
  return FALSE;
}

static void
read_filter (const Reader *reader, TlSearchTerm *term, const char **at)
{
  const TlSearchValue *values = tl_search_values (term->kind);
  gboolean is_quoted;

  term->text = read_value (at, &is_quoted);
  if (values) {
    term->bits = bits_of (values, term->text);
    term->is_pending = term->bits == 0;
  } else if (term->kind >= TL_SEARCH_BEFORE) {
    term->is_pending =
        !tl_search_day (term->text, reader->now, reader->zone, &term->from, &term->until);
    if (term->is_pending && !is_quoted)
      read_on (reader, term, at);
  } else {
    g_strstrip (term->text);
    term->is_pending = !says_something (term->text);
  }
}

static gboolean
is_or (const char *text)
{
  return g_ascii_strcasecmp (text, "or") == 0 || g_str_equal (text, "|");
}

static void
term_free (gpointer data)
{
  TlSearchTerm *term = data;

  g_free (term->text);
  g_free (term);
}

/* Whether the last term is a wanted word, which an `or` can join. */
static gboolean
can_join (const Reader *reader)
{
  const GPtrArray *terms = reader->query->terms;
  const TlSearchTerm *last = terms->len > 0 ? terms->pdata[terms->len - 1] : NULL;

  return last && last->kind <= TL_SEARCH_PHRASE && !last->is_negated;
}

/* Words take a place among the groups; what has no letters is none. */
static gboolean
place_word (Reader *reader, TlSearchTerm *term, gboolean is_quoted)
{
  term->kind = is_quoted ? TL_SEARCH_PHRASE : TL_SEARCH_WORD;
  if (!is_quoted && !term->is_negated && can_join (reader) && is_or (term->text)) {
    reader->joins = TRUE;
    return FALSE;
  }
  if (!says_something (term->text))
    return FALSE;
  if (!term->is_negated && !(reader->joins && can_join (reader)))
    reader->group++;
  term->group = reader->group;
  return TRUE;
}

static void
read_term (Reader *reader)
{
  TlSearchTerm *term = g_new0 (TlSearchTerm, 1);
  const char *at = reader->at, *behind;
  gboolean is_quoted = FALSE;
  gboolean is_kept = TRUE;

  term->start = (guint)(at - reader->query->text);
  if (*at == '-' && at[1] != '\0' && at[1] != '-' && !is_space (g_utf8_get_char (at + 1))) {
    term->is_negated = TRUE;
    at++;
  }
  behind = read_filter_name (at, &term->kind);
  term->value = (guint)((behind ? behind : at) - reader->query->text);
  if (behind) {
    at = behind;
    read_filter (reader, term, &at);
    reader->joins = FALSE;
  } else {
    term->text = read_value (&at, &is_quoted);
    is_kept = place_word (reader, term, is_quoted);
    reader->joins &= !is_kept;
  }
  term->end = (guint)(at - reader->query->text);
  reader->at = at;
  if (is_kept)
    g_ptr_array_add (reader->query->terms, term);
  else
    term_free (term);
}

/* --- summing up ------------------------------------------------------------------------------- */

static GStrv
texts_of (const TlSearchQuery *self, TlSearchKind kind, gboolean is_negated)
{
  GStrvBuilder *builder = g_strv_builder_new ();
  GStrv texts;

  for (guint i = 0; i < self->terms->len; i++) {
    const TlSearchTerm *term = self->terms->pdata[i];

    if (term->kind == kind && term->is_negated == is_negated && !term->is_pending)
      g_strv_builder_add (builder, term->text);
  }
  texts = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);
  return texts;
}

static void
sum_date (TlSearchQuery *self, TlSearchTerm *term)
{
  gboolean is_on = term->kind == TL_SEARCH_ON;

  if (is_on && term->is_negated) {
    g_ptr_array_add (self->not_on, term);
    return;
  }
  /* Not before a day is from it on. */
  if (is_on || (term->kind == TL_SEARCH_AFTER) != term->is_negated)
    self->after = MAX (self->after, term->from);
  if (is_on)
    self->before = MIN (self->before, term->until);
  else if ((term->kind == TL_SEARCH_BEFORE) != term->is_negated)
    self->before = MIN (self->before, term->from);
}

static void
sum_term (TlSearchQuery *self, TlSearchTerm *term, guint *in)
{
  if (term->is_pending)
    return;
  self->has_filters |= term->kind > TL_SEARCH_IN;
  if (term->kind <= TL_SEARCH_PHRASE)
    *(term->is_negated ? &self->n_unwanted : &self->n_words) += 1;
  else if (term->kind == TL_SEARCH_IN && term->is_negated)
    self->in &= ~term->bits;
  else if (term->kind == TL_SEARCH_IN)
    *in |= term->bits;
  else if (term->kind == TL_SEARCH_HAS)
    *(term->is_negated ? &self->has_not : &self->has) |= term->bits;
  else if (term->kind == TL_SEARCH_IS)
    *(term->is_negated ? &self->is_not : &self->is) |= term->bits;
  else if (term->kind >= TL_SEARCH_BEFORE)
    sum_date (self, term);
}

static void
sum_up (TlSearchQuery *self)
{
  TlSearchTerm *last = NULL;
  guint in = 0;

  self->in = TL_SEARCH_EVERYWHERE;
  self->after = G_MININT64;
  self->before = G_MAXINT64;
  self->not_on = g_ptr_array_new ();
  for (guint i = 0; i < self->terms->len; i++) {
    TlSearchTerm *term = self->terms->pdata[i];

    sum_term (self, term, &in);
    if (term->kind <= TL_SEARCH_PHRASE && !term->is_negated)
      last = term;
  }
  if (in != 0)
    self->in &= in;
  if (last)
    last->is_prefix = last->kind == TL_SEARCH_WORD;
  self->from = texts_of (self, TL_SEARCH_FROM, FALSE);
  self->not_from = texts_of (self, TL_SEARCH_FROM, TRUE);
  self->rooms = texts_of (self, TL_SEARCH_ROOM, FALSE);
  self->not_rooms = texts_of (self, TL_SEARCH_ROOM, TRUE);
}

TlSearchQuery *
tl_search_query_parse (const char *text, gint64 now, GTimeZone *zone)
{
  TlSearchQuery *self = g_new0 (TlSearchQuery, 1);
  Reader reader = { .query = self, .now = now, .zone = zone };

  self->text = g_utf8_make_valid (text, (gssize)strnlen (text, TL_SEARCH_TEXT_MAX));
  self->terms = g_ptr_array_new_with_free_func (term_free);
  reader.at = self->text;
  while (*reader.at && self->terms->len < TL_SEARCH_TERMS_MAX)
    if (is_space (g_utf8_get_char (reader.at)))
      reader.at = g_utf8_next_char (reader.at);
    else
      read_term (&reader);
  sum_up (self);
  return self;
}

void
tl_search_query_free (TlSearchQuery *self)
{
  g_ptr_array_unref (self->not_on);
  g_ptr_array_unref (self->terms);
  g_strfreev (self->from);
  g_strfreev (self->not_from);
  g_strfreev (self->rooms);
  g_strfreev (self->not_rooms);
  g_free (self->text);
  g_free (self);
}

const TlSearchTerm *
tl_search_query_at (const TlSearchQuery *self, guint at)
{
  for (guint i = 0; i < self->terms->len; i++) {
    const TlSearchTerm *term = self->terms->pdata[i];

    if (at > term->start && at <= term->end)
      return term;
  }
  return NULL;
}

gboolean
tl_search_term_begins (const TlSearchTerm *term)
{
  return term->is_prefix && *g_utf8_next_char (term->text) != '\0';
}

char *
tl_search_plain (const char *text)
{
  g_autofree char *parts = g_utf8_normalize (text, -1, G_NORMALIZE_NFD);
  g_autofree char *lower = g_utf8_strdown (parts, -1);
  g_autoptr (GString) kept = g_string_new (NULL);

  for (const char *at = lower; *at; at = g_utf8_next_char (at))
    if (g_utf8_get_char (at) < 0x300 || g_utf8_get_char (at) > 0x36F)
      g_string_append_unichar (kept, g_utf8_get_char (at));
  return g_utf8_normalize (kept->str, -1, G_NORMALIZE_NFC);
}

gboolean
tl_search_query_asks (const TlSearchQuery *self)
{
  return self->n_words > 0 || self->has_filters;
}
