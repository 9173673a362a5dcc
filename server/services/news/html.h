/* html.h: parses HTML with Gumbo within bounds: of depth, of size, of memory. Any thread. */
#pragma once

#include <glib.h>
#include <gumbo.h>

typedef struct _TlHtml TlHtml;

/* Never fails: what is beyond the bounds is cut, and tl_html_root() is NULL for markup that would
 * blow up. `text` is kept by the caller as long as the tree is used. */
TlHtml *tl_html_parse (const char *text, gsize length);
void tl_html_free (TlHtml *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlHtml, tl_html_free)
const GumboNode *tl_html_root (TlHtml *self);
gboolean tl_html_is_cut (TlHtml *self);

/* A tree is walked without recursion: enter() says whether to go into a node, leave() is called for
 * those gone into. The walk ends early when enter() sets *stop. */
typedef struct {
  gboolean (*enter) (const GumboNode *node, gpointer data, gboolean *stop);
  void (*leave) (const GumboNode *node, gpointer data);
} TlHtmlVisitor;
void tl_html_walk (const GumboNode *root, const TlHtmlVisitor *visitor, gpointer data);

/* NULL when `node` is no element or has no such attribute. */
const char *tl_html_attribute (const GumboNode *node, const char *name);
