/* html-text.c: titles, summaries, word counts: text without its markup. Any thread. */
#include "server/services/news/html-blocks.h"

#include <string.h>

char *
tl_text_to_line (const char *text, gsize max, glong max_chars)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *line = g_string_sized_new (MIN (strlen (valid), max));
  gsize word = 0; /* where the last whole word ended */
  glong chars = 0;
  gboolean blank = FALSE;

  for (const char *at = valid; *at; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);

    if (g_unichar_isspace (c) || g_unichar_iscntrl (c)) {
      blank = line->len > 0;
      word = line->len;
      continue;
    }
    chars += 1 + blank;
    if (chars > max_chars || line->len + blank + strlen ("…") + 4 > max) {
      /* A word longer than half of it all is broken. */
      if (word > line->len / 2)
        g_string_truncate (line, word);
      g_string_append (line, "…");
      break;
    }
    if (blank)
      g_string_append_c (line, ' ');
    blank = FALSE;
    g_string_append_unichar (line, c);
  }
  return g_string_free_and_steal (line);
}

char *
tl_html_to_line (const char *html, gsize max, glong max_chars)
{
  g_autoptr (TlPage) page = NULL;

  if (strpbrk (html, "<&") == NULL)
    return tl_text_to_line (html, max, max_chars);
  page = tl_page_from_html (html, NULL, NULL);
  return tl_text_to_line (page->text, max, max_chars);
}

guint
tl_text_count_words (const char *text)
{
  guint words = 0;
  gboolean in_word = FALSE;

  while (*text) {
    gunichar c = g_utf8_get_char (text);

    text = g_utf8_next_char (text);
    if (c < 0x80) {
      gboolean is_part = g_ascii_isalnum ((char)c) || c == '\'' || c == '-' || c == '_';

      words += is_part && !in_word;
      in_word = is_part;
    } else if (g_unichar_iswide (c)) {
      words += g_unichar_isalnum (c);
      in_word = FALSE;
    } else if (g_unichar_isalnum (c)) {
      words += !in_word;
      in_word = TRUE;
    }
  }
  return words;
}
