/* html-blocks.c: walks what Gumbo parsed and tells the block writer what it sees.
 *
 * The table below is the allowlist: an element that is not in it only lends its text. Nothing of the
 * HTML reaches the reader but text, and addresses that tl_link_resolve() let through. */
#include "server/services/news/html-blocks.h"

#include "server/services/news/block-writer.h"
#include "server/services/news/html.h"
#include "server/services/news/link.h"

#include <stdlib.h>
#include <string.h>

#define ALT_MAX 1000
#define SMALL 32 /* pixels: smaller pictures are signs in the text */

typedef enum {
  INLINE, /* only its text */
  BLOCK,
  SKIP,
  STYLE,
  HEADING,
  LINK,
  BREAK,
  RULE,
  LIST,
  ITEM,
  QUOTE,
  PRE,
  TABLE,
  ROW,
  CELL,
  IMAGE,
  EMBED,
  FIGURE,
  CAPTION,
  TERM,
  CITED,
} Role;

static const struct {
  guint8 role, detail;
} roles[GUMBO_TAG_LAST + 1] = {
  [GUMBO_TAG_P] = { BLOCK },
  [GUMBO_TAG_DIV] = { BLOCK },
  [GUMBO_TAG_SECTION] = { BLOCK },
  [GUMBO_TAG_ARTICLE] = { BLOCK },
  [GUMBO_TAG_HEADER] = { BLOCK },
  [GUMBO_TAG_FOOTER] = { BLOCK },
  [GUMBO_TAG_MAIN] = { BLOCK },
  [GUMBO_TAG_ASIDE] = { BLOCK },
  [GUMBO_TAG_NAV] = { BLOCK },
  [GUMBO_TAG_ADDRESS] = { BLOCK },
  [GUMBO_TAG_CENTER] = { BLOCK },
  [GUMBO_TAG_DETAILS] = { BLOCK },
  [GUMBO_TAG_SUMMARY] = { BLOCK },
  [GUMBO_TAG_FIELDSET] = { BLOCK },
  [GUMBO_TAG_DL] = { BLOCK },
  [GUMBO_TAG_DD] = { BLOCK },
  [GUMBO_TAG_DT] = { TERM },
  [GUMBO_TAG_HEAD] = { SKIP },
  [GUMBO_TAG_SCRIPT] = { SKIP },
  [GUMBO_TAG_STYLE] = { SKIP },
  [GUMBO_TAG_TITLE] = { SKIP },
  [GUMBO_TAG_TEMPLATE] = { SKIP },
  [GUMBO_TAG_FORM] = { SKIP },
  [GUMBO_TAG_INPUT] = { SKIP },
  [GUMBO_TAG_BUTTON] = { SKIP },
  [GUMBO_TAG_SELECT] = { SKIP },
  [GUMBO_TAG_TEXTAREA] = { SKIP },
  [GUMBO_TAG_CANVAS] = { SKIP },
  [GUMBO_TAG_SVG] = { SKIP },
  [GUMBO_TAG_MATH] = { SKIP },
  [GUMBO_TAG_B] = { STYLE, TL_RUN_BOLD },
  [GUMBO_TAG_STRONG] = { STYLE, TL_RUN_BOLD },
  [GUMBO_TAG_I] = { STYLE, TL_RUN_ITALIC },
  [GUMBO_TAG_EM] = { STYLE, TL_RUN_ITALIC },
  [GUMBO_TAG_CITE] = { STYLE, TL_RUN_ITALIC },
  [GUMBO_TAG_VAR] = { STYLE, TL_RUN_ITALIC },
  [GUMBO_TAG_DFN] = { STYLE, TL_RUN_ITALIC },
  [GUMBO_TAG_CODE] = { STYLE, TL_RUN_CODE },
  [GUMBO_TAG_TT] = { STYLE, TL_RUN_CODE },
  [GUMBO_TAG_KBD] = { STYLE, TL_RUN_CODE },
  [GUMBO_TAG_SAMP] = { STYLE, TL_RUN_CODE },
  [GUMBO_TAG_S] = { STYLE, TL_RUN_STRIKE },
  [GUMBO_TAG_STRIKE] = { STYLE, TL_RUN_STRIKE },
  [GUMBO_TAG_DEL] = { STYLE, TL_RUN_STRIKE },
  [GUMBO_TAG_H1] = { HEADING, 1 },
  [GUMBO_TAG_H2] = { HEADING, 2 },
  [GUMBO_TAG_H3] = { HEADING, 3 },
  [GUMBO_TAG_H4] = { HEADING, 4 },
  [GUMBO_TAG_H5] = { HEADING, 5 },
  [GUMBO_TAG_H6] = { HEADING, 6 },
  [GUMBO_TAG_A] = { LINK },
  [GUMBO_TAG_Q] = { CITED },
  [GUMBO_TAG_BR] = { BREAK },
  [GUMBO_TAG_HR] = { RULE },
  [GUMBO_TAG_UL] = { LIST, FALSE },
  [GUMBO_TAG_OL] = { LIST, TRUE },
  [GUMBO_TAG_LI] = { ITEM },
  [GUMBO_TAG_BLOCKQUOTE] = { QUOTE },
  [GUMBO_TAG_PRE] = { PRE },
  [GUMBO_TAG_LISTING] = { PRE },
  [GUMBO_TAG_XMP] = { PRE },
  [GUMBO_TAG_PLAINTEXT] = { PRE },
  [GUMBO_TAG_TABLE] = { TABLE },
  [GUMBO_TAG_CAPTION] = { BLOCK },
  [GUMBO_TAG_TR] = { ROW },
  [GUMBO_TAG_TD] = { CELL },
  [GUMBO_TAG_TH] = { CELL },
  [GUMBO_TAG_IMG] = { IMAGE },
  [GUMBO_TAG_IMAGE] = { IMAGE },
  [GUMBO_TAG_IFRAME] = { EMBED },
  [GUMBO_TAG_VIDEO] = { EMBED },
  [GUMBO_TAG_AUDIO] = { EMBED },
  [GUMBO_TAG_EMBED] = { EMBED },
  [GUMBO_TAG_OBJECT] = { EMBED },
  [GUMBO_TAG_FIGURE] = { FIGURE },
  [GUMBO_TAG_FIGCAPTION] = { CAPTION },
};

typedef struct {
  TlBlockWriter *writer;
  const char *base;
  GString *pre; /* the text of the open <pre>, or NULL */
  const GumboNode *pre_node;
  char *language;
  GPtrArray *layout; /* tables that are no data: their rows and cells are blocks */
} Walk;

static Role
role_of (const GumboNode *node)
{
  if (node->v.element.tag_namespace != GUMBO_NAMESPACE_HTML)
    return SKIP;
  return roles[node->v.element.tag].role;
}

/* --- pictures and embedded things ----------------------------------------------------------------- */

static char *
resolve_attribute (Walk *walk, const GumboNode *node, const char *name)
{
  const char *value = tl_html_attribute (node, name);
  char *address = value ? tl_link_resolve (walk->base, value) : NULL;

  if (address && g_str_has_prefix (address, "mailto:"))
    g_clear_pointer (&address, g_free);
  return address;
}

/* The first address of a srcset. */
static char *
resolve_set (Walk *walk, const GumboNode *node)
{
  const char *set = tl_html_attribute (node, "srcset");
  g_autofree char *first = NULL;

  if (set == NULL)
    return NULL;
  set += strspn (set, " \t\r\n,");
  first = g_strndup (set, strcspn (set, " \t\r\n"));
  return tl_link_resolve (walk->base, first);
}

/* Pages that load pictures late keep the address elsewhere, and a stand-in in src. */
static char *
picture_address (Walk *walk, const GumboNode *node)
{
  static const char *const names[] = { "data-src", "data-lazy-src", "data-original", "src" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    char *address = resolve_attribute (walk, node, names[i]);

    if (address)
      return address;
  }
  return resolve_set (walk, node);
}

/* In pixels; 0 when unknown, -1 when invisible. */
static int
pixels_of (const GumboNode *node, const char *name)
{
  const char *value = tl_html_attribute (node, name);
  char *end;
  gint64 pixels;

  if (value == NULL)
    return 0;
  pixels = g_ascii_strtoll (value, &end, 10);
  if (end == value || strchr (end, '%') || pixels > 20000)
    return 0;
  return pixels <= 1 ? -1 : (int)pixels;
}

static void
add_image (Walk *walk, const GumboNode *node)
{
  const char *alt = tl_html_attribute (node, "alt");
  g_autofree char *line = alt ? tl_text_to_line (alt, ALT_MAX, ALT_MAX) : NULL;
  TlPicture picture = { .alt = line && *line ? line : NULL,
                        .width = pixels_of (node, "width"),
                        .height = pixels_of (node, "height") };
  g_autofree char *address = NULL;

  if (picture.width < 0 || picture.height < 0)
    return;
  if (picture.height > 0 && picture.height < SMALL && picture.alt) {
    tl_block_writer_text (walk->writer, picture.alt, strlen (picture.alt));
    return;
  }
  address = picture_address (walk, node);
  if (address == NULL || g_str_has_prefix (address, "mailto:"))
    return;
  picture.url = address;
  tl_block_writer_image (walk->writer, &picture);
}

static void
add_embed (Walk *walk, const GumboNode *node)
{
  const char *title = tl_html_attribute (node, "title");
  const GumboVector *children = &node->v.element.children;
  g_autofree char *address = resolve_attribute (walk, node, "src");
  g_autofree char *host = NULL;
  g_autofree char *line = NULL;

  if (address == NULL)
    address = resolve_attribute (walk, node, "data");
  for (guint i = 0; address == NULL && i < children->length; i++)
    address = resolve_attribute (walk, children->data[i], "src");
  if (address == NULL)
    return;
  host = tl_link_host (address);
  line = tl_text_to_line (title && *title ? title : host, ALT_MAX, ALT_MAX);
  tl_block_writer_embed (walk->writer, address, line);
}

/* --- tables --------------------------------------------------------------------------------------- */

typedef struct {
  const GumboNode *table;
  guint rows, columns, widest, heads;
  gboolean holds_blocks;
} Shape;

static gboolean
measure (const GumboNode *node, gpointer data, gboolean *stop)
{
  Shape *shape = data;
  Role role;

  if (node->type != GUMBO_NODE_ELEMENT || node == shape->table)
    return node == shape->table;
  role = role_of (node);
  switch (role) {
  case ROW:
    shape->rows++;
    shape->columns = 0;
    break;
  case CELL:
    shape->widest = MAX (shape->widest, ++shape->columns);
    shape->heads += shape->rows <= 1 && node->v.element.tag == GUMBO_TAG_TH;
    break;
  case TABLE:
  case LIST:
  case QUOTE:
  case PRE:
  case IMAGE:
  case EMBED:
  case HEADING:
  case FIGURE:
    shape->holds_blocks = *stop = TRUE;
    break;
  default:
    break;
  }
  return role != SKIP;
}

static void
begin_table (Walk *walk, const GumboNode *node)
{
  static const TlHtmlVisitor visitor = { measure, NULL };
  Shape shape = { .table = node };

  tl_html_walk (node, &visitor, &shape);
  if (shape.holds_blocks || shape.widest < 2) {
    g_ptr_array_add (walk->layout, (gpointer)node);
    tl_block_writer_paragraph (walk->writer);
    return;
  }
  g_ptr_array_add (walk->layout, NULL);
  tl_block_writer_begin_table (walk->writer, shape.heads > 0);
}

static gboolean
is_in_layout (Walk *walk)
{
  return walk->layout->len == 0 || walk->layout->pdata[walk->layout->len - 1] != NULL;
}

/* Rows and cells of a layout table are just blocks. */
static void
in_table (Walk *walk, void (*step) (TlBlockWriter *writer))
{
  if (is_in_layout (walk))
    tl_block_writer_paragraph (walk->writer);
  else
    step (walk->writer);
}

/* --- the walk -------------------------------------------------------------------------------------- */

static void
add_text (Walk *walk, const GumboNode *node)
{
  const char *text = node->v.text.text;

  if (walk->pre)
    g_string_append (walk->pre, text);
  else
    tl_block_writer_text (walk->writer, text, strlen (text));
}

static char *
language_of (const GumboNode *node)
{
  const char *classes = tl_html_attribute (node, "class");
  const char *at = classes ? strstr (classes, "lang") : NULL;

  if (at == NULL)
    return NULL;
  at += strspn (at, "language");
  if (*at != '-' || !g_ascii_isalnum (at[1]))
    return NULL;
  return g_strndup (at + 1, MIN (strcspn (at + 1, " \t\r\n"), 40));
}

/* Inside <pre> only text and line breaks count. */
static gboolean
enter_pre (Walk *walk, const GumboNode *node)
{
  Role role = role_of (node);

  if (role == BREAK)
    g_string_append_c (walk->pre, '\n');
  if (walk->language == NULL)
    walk->language = language_of (node);
  return role != SKIP;
}

static void
begin_pre (Walk *walk, const GumboNode *node)
{
  tl_block_writer_paragraph (walk->writer);
  walk->pre = g_string_new (NULL);
  walk->pre_node = node;
  g_free (walk->language);
  walk->language = language_of (node);
}

static void
end_pre (Walk *walk)
{
  g_autofree char *text = g_string_free_and_steal (g_steal_pointer (&walk->pre));

  walk->pre_node = NULL;
  g_strchomp (text);
  tl_block_writer_code (walk->writer, text, walk->language);
}

static void
begin_link (Walk *walk, const GumboNode *node)
{
  const char *href = tl_html_attribute (node, "href");
  g_autofree char *address = href && *href != '#' ? tl_link_resolve (walk->base, href) : NULL;

  tl_block_writer_link (walk->writer, address);
}

static void
begin_quote (Walk *walk, const GumboNode *node)
{
  g_autofree char *cite = resolve_attribute (walk, node, "cite");

  tl_block_writer_begin_quote (walk->writer, cite);
}

static gboolean
enter_element (Walk *walk, const GumboNode *node)
{
  TlBlockWriter *writer = walk->writer;
  guint8 detail = roles[node->v.element.tag].detail;

  switch (role_of (node)) {
  case SKIP:
    return FALSE;
  case BREAK:
    tl_block_writer_line_break (writer);
    return FALSE;
  case RULE:
    tl_block_writer_rule (writer);
    return FALSE;
  case IMAGE:
    add_image (walk, node);
    return FALSE;
  case EMBED:
    add_embed (walk, node);
    return FALSE;
  case INLINE:
    break;
  case BLOCK:
    tl_block_writer_paragraph (writer);
    break;
  case STYLE:
    tl_block_writer_style (writer, detail, TRUE);
    break;
  case TERM:
    tl_block_writer_paragraph (writer);
    tl_block_writer_style (writer, TL_RUN_BOLD, TRUE);
    break;
  case CITED:
    tl_block_writer_text (writer, "“", strlen ("“"));
    break;
  case HEADING:
    tl_block_writer_heading (writer, detail);
    break;
  case LINK:
    begin_link (walk, node);
    break;
  case LIST:
    tl_block_writer_begin_list (writer, detail);
    break;
  case ITEM:
    tl_block_writer_begin_item (writer);
    break;
  case QUOTE:
    begin_quote (walk, node);
    break;
  case PRE:
    begin_pre (walk, node);
    break;
  case TABLE:
    begin_table (walk, node);
    break;
  case ROW:
    in_table (walk, tl_block_writer_begin_row);
    break;
  case CELL:
    in_table (walk, tl_block_writer_begin_cell);
    break;
  case FIGURE:
    tl_block_writer_begin_figure (writer);
    break;
  case CAPTION:
    tl_block_writer_begin_caption (writer);
    break;
  }
  return TRUE;
}

static void
leave_element (Walk *walk, const GumboNode *node)
{
  TlBlockWriter *writer = walk->writer;

  switch (role_of (node)) {
  case BLOCK:
    tl_block_writer_paragraph (writer);
    break;
  case STYLE:
    tl_block_writer_style (writer, roles[node->v.element.tag].detail, FALSE);
    break;
  case TERM:
    tl_block_writer_paragraph (writer);
    tl_block_writer_style (writer, TL_RUN_BOLD, FALSE);
    break;
  case CITED:
    tl_block_writer_text (writer, "”", strlen ("”"));
    break;
  case HEADING:
    tl_block_writer_heading (writer, 0);
    break;
  case LINK:
    tl_block_writer_link (writer, NULL);
    break;
  case PRE:
    end_pre (walk);
    break;
  case TABLE:
    in_table (walk, tl_block_writer_end);
    g_ptr_array_set_size (walk->layout, (int)walk->layout->len - 1);
    break;
  case ROW:
  case CELL:
    in_table (walk, tl_block_writer_end);
    break;
  case LIST:
  case ITEM:
  case QUOTE:
  case FIGURE:
  case CAPTION:
    tl_block_writer_end (writer);
    break;
  default:
    break;
  }
}

static gboolean
enter (const GumboNode *node, gpointer data, gboolean *stop)
{
  Walk *walk = data;

  *stop = tl_block_writer_is_full (walk->writer);
  if (*stop)
    return FALSE;
  if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE ||
      node->type == GUMBO_NODE_CDATA)
    add_text (walk, node);
  if (node->type != GUMBO_NODE_ELEMENT)
    return FALSE;
  return walk->pre ? enter_pre (walk, node) : enter_element (walk, node);
}

static void
leave (const GumboNode *node, gpointer data)
{
  Walk *walk = data;

  if (walk->pre == NULL || node == walk->pre_node)
    leave_element (walk, node);
}

static void
add_extras (Walk *walk, const TlPageExtras *extras)
{
  g_autofree char *host = NULL;

  if (extras == NULL || extras->enclosure == NULL)
    return;
  host = tl_link_host (extras->enclosure);
  tl_block_writer_embed (walk->writer, extras->enclosure, host);
}

static gboolean
find_picture (const GumboNode *node, gpointer data, gboolean *stop)
{
  gboolean *found = data;

  if (node->type != GUMBO_NODE_ELEMENT)
    return FALSE;
  *found = *stop = role_of (node) == IMAGE && pixels_of (node, "width") >= 0;
  return role_of (node) != SKIP;
}

static void
add_html (Walk *walk, const GumboNode *root, const TlPageExtras *extras)
{
  static const TlHtmlVisitor visitor = { enter, leave };
  static const TlHtmlVisitor finder = { find_picture, NULL };
  TlPicture picture = { .url = extras ? extras->image : NULL };
  gboolean has_picture = FALSE;

  if (picture.url)
    tl_html_walk (root, &finder, &has_picture);
  if (picture.url && !has_picture)
    tl_block_writer_image (walk->writer, &picture);
  tl_html_walk (root, &visitor, walk);
}

TlPage *
tl_page_from_html (const char *html, const char *base, const TlPageExtras *extras)
{
  g_autoptr (TlHtml) tree = tl_html_parse (html, strlen (html));
  g_autoptr (TlBlockWriter) writer = tl_block_writer_new ();
  g_autoptr (GPtrArray) layout = g_ptr_array_new ();
  Walk walk = { .writer = writer, .base = base, .layout = layout };
  TlPage *page;

  if (tl_html_root (tree))
    add_html (&walk, tl_html_root (tree), extras);
  if (walk.pre)
    end_pre (&walk);
  g_free (walk.language);
  add_extras (&walk, extras);
  tl_block_writer_finish (writer, tl_html_is_cut (tree));
  page = tl_block_writer_take (writer);
  page->words = tl_text_count_words (page->text);
  return page;
}

void
tl_page_free (TlPage *self)
{
  g_free (self->blocks);
  g_free (self->text);
  g_free (self->image);
  g_ptr_array_unref (self->pictures);
  g_free (self);
}
