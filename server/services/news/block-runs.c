/* block-runs.c: the text of one paragraph on its way to JSON.
 *
 * A blank is only remembered, and written when more text follows: so none is at the start, at the end
 * or doubled, across elements too. */
#include "server/services/news/block-runs.h"

#include "server/services/news/json-text.h"

#include <string.h>

struct _TlRuns {
  GString *plain;
  GString *done; /* JSON of the finished runs */
  GString *text; /* of the open one, */
  guint styles;  /* its styles as bits, */
  char *href;    /* and its link */
  int on[TL_N_RUN_STYLES];
  char *link;
  gboolean blank_due, is_visible;
};

TlRuns *
tl_runs_new (GString *plain)
{
  TlRuns *self = g_new0 (TlRuns, 1);

  self->plain = plain;
  self->done = g_string_sized_new (512);
  self->text = g_string_sized_new (512);
  return self;
}

void
tl_runs_free (TlRuns *self)
{
  g_string_free (self->done, TRUE);
  g_string_free (self->text, TRUE);
  g_free (self->href);
  g_free (self->link);
  g_free (self);
}

static void
close_run (TlRuns *self)
{
  static const char *const members[TL_N_RUN_STYLES] = { ",\"b\":true", ",\"i\":true", ",\"c\":true",
                                                        ",\"s\":true" };

  if (self->text->len == 0)
    return;
  g_string_append (self->done, self->done->len ? ",{\"t\":" : "{\"t\":");
  tl_json_append_foreign (self->done, self->text->str, (gssize)self->text->len);
  for (guint i = 0; i < TL_N_RUN_STYLES; i++)
    if (self->styles & (1u << i))
      g_string_append (self->done, members[i]);
  tl_json_append_member (self->done, "href", self->href);
  g_string_append_c (self->done, '}');
  g_string_truncate (self->text, 0);
}

/* Makes the run that the next text belongs to the open one. */
static void
open_run (TlRuns *self)
{
  guint styles = 0;

  for (guint i = 0; i < TL_N_RUN_STYLES; i++)
    styles |= self->on[i] > 0 ? 1u << i : 0;
  if (styles == self->styles && g_strcmp0 (self->link, self->href) == 0)
    return;
  close_run (self);
  self->styles = styles;
  g_set_str (&self->href, self->link);
}

static void
put (TlRuns *self, const char *text, gsize length)
{
  g_string_append_len (self->text, text, (gssize)length);
  g_string_append_len (self->plain, text, (gssize)length);
}

static gboolean
is_blank (char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Nothing but no-break and zero-width spaces: what editors put into empty paragraphs. */
static gboolean
is_invisible (const char *text, gsize length)
{
  static const char *const spaces[] = { "\302\240", "\342\200\213", "\357\273\277" };

  while (length > 0) {
    gsize size = 0;

    for (guint i = 0; i < G_N_ELEMENTS (spaces) && size == 0; i++)
      if (strncmp (text, spaces[i], strlen (spaces[i])) == 0)
        size = strlen (spaces[i]);
    if (size == 0 || size > length)
      return FALSE;
    text += size;
    length -= size;
  }
  return TRUE;
}

static void
add_word (TlRuns *self, const char *word, gsize length)
{
  gboolean is_first = self->text->len == 0 && self->done->len == 0;

  /* The blank goes to what was before, so that no link begins with one. */
  if (self->blank_due && !is_first && !g_str_has_suffix (self->text->str, "\n"))
    put (self, " ", 1);
  self->blank_due = FALSE;
  open_run (self);
  put (self, word, length);
  self->is_visible = self->is_visible || !is_invisible (word, length);
}

void
tl_runs_add (TlRuns *self, const char *text, gsize length)
{
  const char *end = text + length;

  while (text < end) {
    const char *word = text;

    while (text < end && !is_blank (*text))
      text++;
    if (text > word)
      add_word (self, word, (gsize)(text - word));
    if (text < end) {
      self->blank_due = TRUE;
      text++;
    }
  }
}

gboolean
tl_runs_break (TlRuns *self)
{
  self->blank_due = FALSE;
  if (self->text->len == 0 && self->done->len == 0)
    return FALSE;
  if (g_str_has_suffix (self->text->str, "\n"))
    return FALSE;
  put (self, "\n", 1);
  return TRUE;
}

void
tl_runs_style (TlRuns *self, TlRunStyle style, gboolean on)
{
  self->on[style] += on ? 1 : -1;
}

void
tl_runs_link (TlRuns *self, const char *address)
{
  g_set_str (&self->link, address);
}

char *
tl_runs_take (TlRuns *self)
{
  char *runs = NULL;

  while (g_str_has_suffix (self->text->str, "\n"))
    g_string_truncate (self->text, self->text->len - 1);
  close_run (self);
  if (self->is_visible)
    runs = g_strndup (self->done->str, self->done->len);
  g_string_truncate (self->done, 0);
  self->blank_due = self->is_visible = FALSE;
  return runs;
}
