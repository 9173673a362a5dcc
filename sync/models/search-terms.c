/* search-terms.c: the wanted words of a search, folded for comparing. Any thread. */
#include "sync/models/search-terms.h"

#include "sync/text.h"

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

/* --- terms ------------------------------------------------------------------------------------ */

static void
term_free (gpointer data)
{
  TlTerm *term = data;

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

TlTerms *
tl_terms_parse (const char *text)
{
  TlTerms *self = g_new0 (TlTerms, 1);
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  self->query = tl_search_query_parse (text, g_get_real_time () / 1000, zone);
  self->terms = g_ptr_array_new_with_free_func (term_free);
  self->unwanted = g_ptr_array_new_with_free_func (term_free);
  for (guint i = 0; i < self->query->terms->len; i++) {
    const TlSearchTerm *typed = self->query->terms->pdata[i];
    TlTerm *term;

    if (typed->kind > TL_SEARCH_PHRASE)
      continue;
    term = g_new0 (TlTerm, 1);
    term->term = typed;
    term->by_letters = tl_text_wants_grams (typed->text);
    self->by_letters |= term->by_letters && !typed->is_negated;
    tl_folded_init (&term->folded, typed->text, strlen (typed->text));
    trim_spaces (&term->folded);
    g_ptr_array_add (typed->is_negated ? self->unwanted : self->terms, term);
  }
  return self;
}

void
tl_terms_free (TlTerms *self)
{
  g_ptr_array_unref (self->terms);
  g_ptr_array_unref (self->unwanted);
  tl_search_query_free (self->query);
  g_free (self);
}

gboolean
tl_terms_contain (const GStrv parts, const char *text)
{
  g_auto (TlFolded) whole;

  tl_folded_init (&whole, text, strlen (text));
  for (guint i = 0; parts[i]; i++) {
    g_auto (TlFolded) part;
    gsize size;

    tl_folded_init (&part, parts[i], strlen (parts[i]));
    trim_spaces (&part);
    size = part.letters->len * sizeof (gunichar);
    for (guint at = 0; size > 0 && at + part.letters->len <= whole.letters->len; at++)
      if (memcmp (&g_array_index (whole.letters, gunichar, at), part.letters->data, size) == 0)
        return TRUE;
  }
  return FALSE;
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
