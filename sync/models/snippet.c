/* snippet.c: where the words of a search are in a text, and a piece of it. Any thread. */
#include "sync/models/search-terms.h"

#include <string.h>

#define SCANNED (256 * 1024) /* bytes */
#define BEFORE 40            /* letters */
#define AROUND 180
#define MARK "<span background=\"#f5c211\" background_alpha=\"42%\">"

static gunichar
letter_at (const TlFolded *folded, guint i)
{
  return i < folded->letters->len ? g_array_index (folded->letters, gunichar, i) : ' ';
}

static guint
byte_at (const TlFolded *folded, guint i, guint length)
{
  return i < folded->starts->len ? g_array_index (folded->starts, guint, i) : length;
}

/* How many letters of the text match the term at `at`; 0: it does not. */
static guint
match_term (const TlTerms *self, const TlTerm *term, const TlFolded *text, guint at)
{
  const GArray *wanted = term->folded.letters;
  gboolean ends;

  if (!self->by_letters && at > 0 && letter_at (text, at - 1) != ' ')
    return 0;
  if (at + wanted->len > text->letters->len ||
      memcmp (&g_array_index (text->letters, gunichar, at), wanted->data,
              wanted->len * sizeof (gunichar)) != 0)
    return 0;
  ends = self->by_letters || term->term->is_prefix || letter_at (text, at + wanted->len) == ' ';
  return ends ? wanted->len : 0;
}

static guint
match_any (const TlTerms *self, const TlFolded *text, guint at)
{
  guint longest = 0;

  for (guint i = 0; i < self->terms->len; i++)
    longest = MAX (longest, match_term (self, self->terms->pdata[i], text, at));
  return longest;
}

static gboolean
has_term (const TlTerms *self, const TlTerm *term, const TlFolded *text)
{
  for (guint at = 0; at < text->letters->len; at++)
    if (match_term (self, term, text, at) > 0)
      return TRUE;
  return FALSE;
}

/* Names: they are compared as they are, not asked of an index. */
gboolean
tl_terms_match (const TlTerms *self, const char *text)
{
  g_auto (TlFolded) folded;
  guint group = 0;
  gboolean found = TRUE;

  tl_folded_init (&folded, text, strlen (text));
  for (guint i = 0; i < self->unwanted->len; i++)
    if (has_term (self, self->unwanted->pdata[i], &folded))
      return FALSE;
  for (guint i = 0; i < self->terms->len; i++) {
    const TlTerm *term = self->terms->pdata[i];

    if (term->term->group != group && !found)
      return FALSE;
    found = (found && term->term->group == group) || has_term (self, term, &folded);
    group = term->term->group;
  }
  return found;
}

/* Escaped, white space in a row as one space. */
static void
append_text (GString *markup, const char *text, guint start, guint end)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  g_autofree char *escaped = NULL;

  for (const char *at = text + start; at < text + end; at = g_utf8_next_char (at)) {
    gunichar letter = g_utf8_get_char (at);

    if (!g_unichar_isspace (letter))
      g_string_append_unichar (plain, letter);
    else if (plain->len == 0 || plain->str[plain->len - 1] != ' ')
      g_string_append_c (plain, ' ');
  }
  escaped = g_markup_escape_text (plain->str, (gssize)plain->len);
  g_string_append (markup, escaped);
}

/* The first letter to show: a little before the match, where a word begins if one does. */
static guint
begin_of (const TlFolded *text, guint match)
{
  guint begin = match - MIN (match, BEFORE);

  for (guint i = begin; begin > 0 && i < match; i++)
    if (letter_at (text, i) == ' ')
      return i + 1;
  return begin;
}

char *
tl_terms_snippet (const TlTerms *self, const char *text)
{
  g_autoptr (GString) markup = g_string_new (NULL);
  guint length = (guint)MIN (strlen (text), SCANNED);
  guint match = 0, begin, end, shown;
  g_auto (TlFolded) folded;

  tl_folded_init (&folded, text, length);
  length = (guint)strlen (text);
  while (match < folded.letters->len && match_any (self, &folded, match) == 0)
    match++;
  begin = match < folded.letters->len ? begin_of (&folded, match) : 0;
  end = MIN (begin + AROUND, folded.letters->len);
  shown = begin > 0 ? byte_at (&folded, begin, length) : 0;
  if (begin > 0)
    g_string_append (markup, "…");
  for (guint i = match; i < end;) {
    guint n = match_any (self, &folded, i);

    if (n > 0) {
      append_text (markup, text, shown, byte_at (&folded, i, length));
      g_string_append (markup, MARK);
      shown = byte_at (&folded, i + n, length);
      append_text (markup, text, byte_at (&folded, i, length), shown);
      g_string_append (markup, "</span>");
    }
    i += MAX (n, 1);
  }
  append_text (markup, text, shown, MAX (shown, byte_at (&folded, end, length)));
  if (end < folded.letters->len)
    g_string_append (markup, "…");
  return g_string_free_and_steal (g_steal_pointer (&markup));
}
