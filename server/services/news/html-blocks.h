/* html-blocks.h: a piece of HTML as the blocks of sync/wire/blocks.h. Any thread. */
#pragma once

#include <glib.h>

typedef struct {
  char *blocks; /* JSON */
  char *text;   /* all of it, blocks separated by newlines */
  char *image;  /* JSON {src, width, height, alt} of the first picture, or NULL */
  guint words;
  GPtrArray *pictures; /* hash, address, hash, address… */
} TlPage;

/* What a feed says beside the HTML; all NULL-able. */
typedef struct {
  const char *image;     /* shown first when the HTML has no picture */
  const char *enclosure; /* linked to last */
} TlPageExtras;

/* Never fails: scripts, styles, forms and tracking pixels are left out, addresses are made absolute
 * (`base` is NULL-able), what is beyond the bounds is cut. */
TlPage *tl_page_from_html (const char *html, const char *base, const TlPageExtras *extras);
void tl_page_free (TlPage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlPage, tl_page_free)

/* HTML as one line of text, at most `max` bytes and `max_chars` characters, cut at a word with "…". */
char *tl_html_to_line (const char *html, gsize max, glong max_chars);
/* The same for plain text. */
char *tl_text_to_line (const char *text, gsize max, glong max_chars);
/* Words, and signs of scripts that don't part words. */
guint tl_text_count_words (const char *text);
