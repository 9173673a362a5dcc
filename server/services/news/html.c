/* html.c: Gumbo within bounds.
 *
 * Gumbo's time grows with the depth of the open elements and its memory with markup that reopens
 * formatting elements, both without limit. So the text is cut where it nests too deep, and memory
 * comes from an arena with a budget: running out of it leaves the parser by longjmp. The arena also
 * makes parsing fast and freeing one step, however deep the tree is. */
#include "server/services/news/html.h"

#include <setjmp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LENGTH (1024 * 1024)
#define MAX_DEPTH 300
#define CHUNK (64 * 1024)
#define BUDGET_FLOOR (4 * 1024 * 1024)
#define BUDGET_PER_BYTE 48

typedef struct _Chunk Chunk;
struct _Chunk {
  Chunk *next;
  gsize used, size;
  max_align_t data[];
};

struct _TlHtml {
  Chunk *chunks;
  gsize budget;
  jmp_buf out;
  GumboOutput *output;
  gboolean cut;
};

static void *
arena_allocate (void *data, size_t size)
{
  TlHtml *self = data;
  gsize rounded = (size + sizeof (max_align_t) - 1) & ~(sizeof (max_align_t) - 1);
  Chunk *chunk = self->chunks;

  if (chunk == NULL || chunk->size - chunk->used < rounded) {
    gsize room = MAX (CHUNK, rounded);

    if (room > self->budget)
      longjmp (self->out, 1);
    self->budget -= room;
    chunk = g_malloc (sizeof (Chunk) + room);
    chunk->next = self->chunks;
    chunk->used = 0;
    chunk->size = room;
    self->chunks = chunk;
  }
  chunk->used += rounded;
  return (char *)chunk->data + chunk->used - rounded;
}

static void
arena_keep (void *data, void *memory)
{
}

/* Elements that hold nothing, or that the next of their kind closes. */
static gboolean
is_closed_by_itself (const char *name, gsize length)
{
  static const char *const names[] = { "area", "br",     "col",   "dd",     "dt",    "embed",
                                       "hr",   "img",    "input", "li",     "link",  "meta",
                                       "p",    "option", "param", "source", "tbody", "td",
                                       "th",   "tr",     "track", "wbr" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strlen (names[i]) == length && g_ascii_strncasecmp (names[i], name, length) == 0)
      return TRUE;
  return FALSE;
}

/* How much of `text` nests no deeper than MAX_DEPTH; counts unclosed elements as deep. */
static gsize
bounded_length (const char *text, gsize length)
{
  const char *end = text + MIN (length, MAX_LENGTH);
  int depth = 0;

  for (const char *at = text; (at = memchr (at, '<', (gsize)(end - at))) != NULL; at++) {
    gsize name = 0;

    if (at + 1 < end && at[1] == '/') {
      depth = MAX (depth - 1, 0);
      continue;
    }
    while (at + 1 + name < end && g_ascii_isalnum (at[1 + name]))
      name++;
    if (name == 0 || is_closed_by_itself (at + 1, name))
      continue;
    if (++depth > MAX_DEPTH)
      return (gsize)(at - text);
  }
  return (gsize)(end - text);
}

TlHtml *
tl_html_parse (const char *given, gsize length)
{
  TlHtml *self = g_new0 (TlHtml, 1);
  const char *text = length ? given : ""; /* no bytes at all may come as NULL */
  gsize bounded = bounded_length (text, length);
  GumboOptions options = kGumboDefaultOptions;

  self->cut = bounded < length;
  self->budget = BUDGET_FLOOR + BUDGET_PER_BYTE * bounded;
  options.allocator = arena_allocate;
  options.deallocator = arena_keep;
  options.userdata = self;
  options.max_errors = 0;
  if (setjmp (self->out) == 0)
    self->output = gumbo_parse_with_options (&options, text, bounded);
  else
    self->cut = TRUE;
  return self;
}

void
tl_html_free (TlHtml *self)
{
  while (self->chunks) {
    Chunk *next = self->chunks->next;

    g_free (self->chunks);
    self->chunks = next;
  }
  g_free (self);
}

const GumboNode *
tl_html_root (TlHtml *self)
{
  return self->output ? self->output->root : NULL;
}

gboolean
tl_html_is_cut (TlHtml *self)
{
  return self->cut;
}

static const GumboVector *
children_of (const GumboNode *node)
{
  static const GumboVector none;

  return node->type == GUMBO_NODE_ELEMENT ? &node->v.element.children : &none;
}

typedef struct {
  const GumboNode *node;
  guint next; /* child */
} Step;

void
tl_html_walk (const GumboNode *root, const TlHtmlVisitor *visitor, gpointer data)
{
  g_autoptr (GArray) steps = g_array_new (FALSE, FALSE, sizeof (Step));
  gboolean stop = FALSE;
  Step step = { root, 0 };

  if (visitor->enter (root, data, &stop) && !stop)
    g_array_append_val (steps, step);
  while (steps->len > 0 && !stop) {
    Step *top = &g_array_index (steps, Step, steps->len - 1);
    const GumboVector *children = children_of (top->node);

    if (top->next == children->length) {
      if (visitor->leave)
        visitor->leave (top->node, data);
      g_array_set_size (steps, steps->len - 1);
      continue;
    }
    step.node = children->data[top->next++];
    if (visitor->enter (step.node, data, &stop))
      g_array_append_val (steps, step);
  }
}

const char *
tl_html_attribute (const GumboNode *node, const char *name)
{
  const GumboAttribute *attribute;

  if (node->type != GUMBO_NODE_ELEMENT)
    return NULL;
  attribute = gumbo_get_attribute (&node->v.element.attributes, name);
  return attribute ? attribute->value : NULL;
}
