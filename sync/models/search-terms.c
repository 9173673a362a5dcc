/* search-terms.c: the syntax of the search field. Never an error: what is no filter is a word. Any
 * thread. */
#include "sync/models/search-terms.h"

#include "sync/text.h"

#include <stdio.h>
#include <string.h>

/* --- folding ---------------------------------------------------------------------------------- */

static gunichar
fold_letter (gunichar letter)
{
  gunichar parts[4];

  if (letter < 0x80)
    return g_ascii_isalnum (letter) ? (gunichar)g_ascii_tolower ((char)letter) : ' ';
  if (!g_unichar_isalnum (letter))
    return ' ';
  g_unichar_fully_decompose (letter, FALSE, parts, G_N_ELEMENTS (parts));
  return g_unichar_tolower (
      letter >= 0xAC00 && letter <= 0xD7A3 ? letter : parts[0]); /* Hangul stays whole */
}

void
tl_folded_init (TlFolded *self, const char *text, gsize length)
{
  const char *end = text + length;
  gunichar last = 0;

  self->letters = g_array_new (FALSE, FALSE, sizeof (gunichar));
  self->starts = g_array_new (FALSE, FALSE, sizeof (guint));
  for (const char *at = text; at < end && *at; at = g_utf8_next_char (at)) {
    gunichar letter = g_utf8_get_char (at);
    guint start = (guint)(at - text);

    if (g_unichar_ismark (letter))
      continue;
    letter = fold_letter (letter);
    if (letter == ' ' && last == ' ')
      continue;
    g_array_append_val (self->letters, letter);
    g_array_append_val (self->starts, start);
    last = letter;
  }
}

void
tl_folded_clear (TlFolded *self)
{
  g_clear_pointer (&self->letters, g_array_unref);
  g_clear_pointer (&self->starts, g_array_unref);
}

/* --- parsing ---------------------------------------------------------------------------------- */

static void
term_free (gpointer data)
{
  TlTerm *term = data;

  g_free (term->text);
  tl_folded_clear (&term->folded);
  g_free (term);
}

static void
trim_spaces (TlFolded *folded)
{
  GArray *letters = folded->letters;

  if (letters->len > 0 && g_array_index (letters, gunichar, letters->len - 1) == ' ')
    g_array_set_size (letters, letters->len - 1);
  if (letters->len > 0 && g_array_index (letters, gunichar, 0) == ' ')
    g_array_remove_index (letters, 0);
}

/* Takes `text`; one without letters says nothing. */
static void
add_term (TlTerms *self, char *text)
{
  TlTerm *term = g_new0 (TlTerm, 1);

  term->text = text;
  tl_folded_init (&term->folded, text, strlen (text));
  trim_spaces (&term->folded);
  if (term->folded.letters->len == 0) {
    term_free (term);
    return;
  }
  self->by_letters |= tl_text_wants_grams (text);
  g_ptr_array_add (self->terms, term);
}

/* YYYY, YYYY-MM or YYYY-MM-DD: where it begins, local time. */
static gboolean
parse_date (const char *text, gint64 *ms)
{
  guint year = 0, month = 1, day = 1;
  char rest;
  int n = sscanf (text, "%4u-%2u-%2u%c", &year, &month, &day, &rest);
  g_autoptr (GDateTime) time = NULL;

  if (n < 1 || n > 3 || strspn (text, "0123456789-") != strlen (text))
    return FALSE;
  time = g_date_time_new_local ((int)year, (int)month, (int)day, 0, 0, 0);
  if (time == NULL)
    return FALSE;
  *ms = g_date_time_to_unix (time) * 1000;
  return TRUE;
}

static gboolean
take_in (TlTerms *self, const char *value)
{
  static const char *const places[] = { "chat", "news", "feed", "calendar", "people" };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_str_equal (value, places[i])) {
      self->in |= 1u << i;
      return TRUE;
    }
  return FALSE;
}

static gboolean
take_from (TlTerms *self, const char *value)
{
  return g_set_str (&self->from, value);
}

static gboolean
take_before (TlTerms *self, const char *value)
{
  return parse_date (value, &self->before);
}

static gboolean
take_after (TlTerms *self, const char *value)
{
  return parse_date (value, &self->after);
}

static const struct {
  const char *name;
  gboolean (*take) (TlTerms *self, const char *value);
} filters[] = {
  { "in:", take_in },
  { "from:", take_from },
  { "before:", take_before },
  { "after:", take_after },
};

/* Up to the closing quote (or the end) or the next space; moves `*at` behind it. */
static char *
read_value (const char **at, gboolean *quoted)
{
  const char *start = *at, *end;
  char *value;

  *quoted = *start == '"';
  if (*quoted) {
    end = strchr (++start, '"');
    end = end ? end : start + strlen (start);
    *at = *end ? end + 1 : end;
    return g_strndup (start, (gsize)(end - start));
  }
  for (end = start; *end && !g_unichar_isspace (g_utf8_get_char (end));)
    end = g_utf8_next_char (end);
  value = g_strndup (start, (gsize)(end - start));
  *at = end;
  return value;
}

static gboolean
read_filter (TlTerms *self, const char **at)
{
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++) {
    gsize length = strlen (filters[i].name);
    const char *behind = *at + length;
    g_autofree char *value = NULL;
    gboolean quoted;

    if (g_ascii_strncasecmp (*at, filters[i].name, length) != 0)
      continue;
    value = read_value (&behind, &quoted);
    if (*value == 0 || !filters[i].take (self, value))
      return FALSE;
    *at = behind;
    return TRUE;
  }
  return FALSE;
}

TlTerms *
tl_terms_parse (const char *text)
{
  TlTerms *self = g_new0 (TlTerms, 1);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  const char *at = valid;
  gboolean quoted = TRUE;

  self->terms = g_ptr_array_new_with_free_func (term_free);
  self->before = G_MAXINT64;
  self->after = G_MININT64;
  while (*at) {
    if (g_unichar_isspace (g_utf8_get_char (at)))
      at = g_utf8_next_char (at);
    else if (!read_filter (self, &at)) {
      char *value = read_value (&at, &quoted);
      add_term (self, value);
    }
  }
  if (self->terms->len > 0 && !quoted)
    ((TlTerm *)self->terms->pdata[self->terms->len - 1])->is_prefix = TRUE;
  return self;
}

void
tl_terms_free (TlTerms *self)
{
  g_ptr_array_unref (self->terms);
  g_free (self->from);
  g_free (self);
}

void
tl_terms_quote (GString *match, const char *text)
{
  g_string_append_c (match, '"');
  for (const char *at = text; *at; at++) {
    if (*at == '"')
      g_string_append_c (match, '"');
    g_string_append_c (match, *at);
  }
  g_string_append_c (match, '"');
}
