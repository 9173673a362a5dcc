/* feed-slots.c: RSS 0.9 to 2.0 (RDF too) and Atom 0.3 and 1.0, with what they borrow from Dublin Core, content:, media:
 * and itunes:, element by element. */
#include "server/services/news/feed-slots.h"

#include "server/services/news/html-blocks.h"
#include "server/services/news/link.h"

#include <libxml/xmlsave.h>
#include <string.h>

#define TITLE_MAX 1000

static const struct {
  const char *href, *prefix;
  Ns ns;
} namespaces[] = {
  { "http://www.w3.org/2005/Atom", "atom", ATOM },
  { "http://purl.org/atom/ns#", "atom03", ATOM },
  { "http://purl.org/rss/1.0/modules/content/", "content", CONTENT_NS },
  { "http://purl.org/dc/elements/1.1/", "dc", DC },
  { "http://purl.org/dc/terms/", "dcterms", DC },
  { "http://search.yahoo.com/mrss/", "media", MEDIA },
  { "http://search.yahoo.com/mrss", "media", MEDIA },
  { "http://www.itunes.com/dtds/podcast-1.0.dtd", "itunes", ITUNES },
  { "http://www.w3.org/1999/xhtml", "xhtml", XHTML },
  { "http://purl.org/rss/1.0/", "rss", RSS },
  { "http://my.netscape.com/rdf/simple/0.9/", "rss090", RSS },
  { "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf", RSS },
  { "http://backend.userland.com/rss2", "rss2", RSS },
};

Ns
tl_feed_ns (const xmlNode *node, const char **name)
{
  const char *colon = strchr ((const char *)node->name, ':');

  *name = colon ? colon + 1 : (const char *)node->name;
  if (node->ns == NULL && colon == NULL)
    return RSS;
  for (guint i = 0; i < G_N_ELEMENTS (namespaces); i++)
    if (node->ns ? g_str_equal (node->ns->href, namespaces[i].href)
                 : g_str_has_prefix ((const char *)node->name, namespaces[i].prefix))
      return namespaces[i].ns;
  return OTHER_NS;
}

/* --- reading values -------------------------------------------------------------------------------- */

/* What libxml2 gives for wrongly encoded documents is not always UTF-8. */
static char *
valid_text (const char *text)
{
  return g_strstrip (g_utf8_make_valid (text, -1));
}

static char *
text_of (const xmlNode *node)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (const xmlNode *child = node->children; child; child = child->next) {
    if ((child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) && child->content)
      g_string_append (text, (const char *)child->content);
    if (child->type == XML_ENTITY_REF_NODE)
      g_string_append_printf (text, "&%s;", (const char *)child->name);
  }
  return valid_text (text->str);
}

static char *
attribute_of (const xmlNode *node, const char *name)
{
  for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next)
    if (g_str_equal (attribute->name, name))
      return text_of ((const xmlNode *)attribute);
  return NULL;
}

static char *
base_of (const xmlNode *node, const char *base)
{
  g_autoptr (GPtrArray) bases = g_ptr_array_new_with_free_func (g_free);
  char *result = g_strdup (base);

  for (; node && node->type == XML_ELEMENT_NODE; node = node->parent) {
    char *value = attribute_of (node, "base");

    if (value)
      g_ptr_array_add (bases, value);
  }
  for (guint i = bases->len; i > 0; i--) {
    char *inner = tl_link_resolve (result, bases->pdata[i - 1]);

    if (inner) {
      g_free (result);
      result = inner;
    }
  }
  return result;
}

static char *
resolve (const xmlNode *node, const char *base, char *address)
{
  g_autofree char *own = base_of (node, base);
  g_autofree char *relative = address;

  return relative && *relative ? tl_link_resolve (own, relative) : NULL;
}

static gboolean
has_elements (const xmlNode *node)
{
  for (const xmlNode *child = node->children; child; child = child->next)
    if (child->type == XML_ELEMENT_NODE)
      return TRUE;
  return FALSE;
}

/* What follows `node` in document order within `top`. */
xmlNode *
tl_feed_next_node (xmlNode *node, const xmlNode *top, gboolean into)
{
  if (into && node->type == XML_ELEMENT_NODE && node->children)
    return node->children;
  while (node != top && node->next == NULL)
    node = node->parent;
  return node == top ? NULL : node->next;
}

/* Prefixes would hide the elements from an HTML parser. */
static char *
markup_of (xmlNode *node)
{
  xmlBuffer *buffer = xmlBufferCreate ();
  xmlSaveCtxt *save = xmlSaveToBuffer (buffer, "UTF-8", XML_SAVE_XHTML | XML_SAVE_NO_DECL);
  char *markup;

  for (xmlNode *at = node; at; at = tl_feed_next_node (at, node, TRUE))
    if (at->type == XML_ELEMENT_NODE)
      at->ns = NULL;
  for (xmlNode *child = node->children; child; child = child->next)
    xmlSaveTree (save, child);
  xmlSaveClose (save);
  markup = valid_text ((const char *)xmlBufferContent (buffer));
  xmlBufferFree (buffer);
  return markup;
}

static char *
read_html (xmlNode *node)
{
  return has_elements (node) ? markup_of (node) : text_of (node);
}

/* RFC 4287, 3.1 and 4.1.3; Atom 0.3 said mode="escaped". */
static char *
read_atom (xmlNode *node)
{
  g_autofree char *type = attribute_of (node, "type");
  g_autofree char *mode = attribute_of (node, "mode");
  g_autofree char *text = NULL;

  if (has_elements (node))
    return markup_of (node);
  text = text_of (node);
  if ((type && strstr (type, "html")) || g_strcmp0 (mode, "escaped") == 0)
    return g_steal_pointer (&text);
  return tl_feed_text_to_html (text);
}

/* RSS: "address (name)"; Atom: <name>. */
static char *
read_author (const xmlNode *node)
{
  g_autofree char *text = text_of (node);
  const char *open = strchr (text, '(');
  const char *name;

  for (const xmlNode *child = node->children; child; child = child->next)
    if (child->type == XML_ELEMENT_NODE && (tl_feed_ns (child, &name), g_str_equal (name, "name")))
      return text_of (child);
  if (open && strchr (open, ')') && strchr (text, '@'))
    return g_strndup (open + 1, (gsize)(strchr (open, ')') - open - 1));
  return g_steal_pointer (&text);
}

/* --- slots ------------------------------------------------------------------------------------------ */

static void
offer (Slots *slots, Slot slot, char *value)
{
  tl_feed_offer (&slots->slots[slot], value);
}

static void
take_title (Slots *slots, Slot slot, xmlNode *node)
{
  g_autofree char *html = read_html (node);

  offer (slots, slot, tl_html_to_line (html, TITLE_MAX, TITLE_MAX));
}

static void
take_atom_title (Slots *slots, Slot slot, xmlNode *node)
{
  g_autofree char *html = read_atom (node);

  offer (slots, slot, tl_html_to_line (html, TITLE_MAX, TITLE_MAX));
}

static void
take_text (Slots *slots, Slot slot, xmlNode *node)
{
  offer (slots, slot, text_of (node));
}

static void
take_html (Slots *slots, Slot slot, xmlNode *node)
{
  if (slots->slots[slot])
    return;
  offer (slots, slot, read_html (node));
  offer (slots, BASE, base_of (node, slots->base));
}

static void
take_atom (Slots *slots, Slot slot, xmlNode *node)
{
  if (slots->slots[slot])
    return;
  offer (slots, slot, read_atom (node));
  offer (slots, BASE, base_of (node, slots->base));
}

static void
take_plain (Slots *slots, Slot slot, xmlNode *node)
{
  g_autofree char *text = text_of (node);

  offer (slots, slot, tl_feed_text_to_html (text));
}

static void
take_author (Slots *slots, Slot slot, xmlNode *node)
{
  offer (slots, slot, read_author (node));
}

static void
take_address (Slots *slots, Slot slot, xmlNode *node)
{
  offer (slots, slot, resolve (node, slots->base, text_of (node)));
}

/* url= or href= */
static void
take_url (Slots *slots, Slot slot, xmlNode *node)
{
  char *url = attribute_of (node, "url");

  offer (slots, slot, resolve (node, slots->base, url ? url : attribute_of (node, "href")));
}

static void
take_guid (Slots *slots, Slot slot, xmlNode *node)
{
  g_autofree char *is_link = attribute_of (node, "isPermaLink");
  g_autofree char *text = text_of (node);

  if (g_strcmp0 (is_link, "false") != 0 && g_str_has_prefix (text, "http"))
    offer (slots, GUID_LINK, tl_link_resolve (NULL, text));
  offer (slots, slot, g_steal_pointer (&text));
}

/* Media may be a picture or something to play. */
static void
take_media (Slots *slots, Slot slot, xmlNode *node)
{
  g_autofree char *type = attribute_of (node, "type");
  g_autofree char *medium = attribute_of (node, "medium");

  if ((type && g_str_has_prefix (type, "image/")) || g_strcmp0 (medium, "image") == 0)
    take_url (slots, IMAGE, node);
  else if ((type && (g_str_has_prefix (type, "audio/") || g_str_has_prefix (type, "video/"))) ||
           slot == ENCLOSURE)
    take_url (slots, ENCLOSURE, node);
}

/* RFC 4287, 4.2.7: without rel it is the alternate. */
static void
take_link (Slots *slots, Slot slot, xmlNode *node)
{
  g_autofree char *rel = attribute_of (node, "rel");

  if (rel == NULL || g_str_equal (rel, "alternate"))
    take_url (slots, slot, node);
  else if (g_str_equal (rel, "enclosure"))
    take_media (slots, ENCLOSURE, node);
}

typedef struct {
  Ns ns;
  const char *name;
  Slot slot;
  void (*take) (Slots *slots, Slot slot, xmlNode *node);
} Row;

static const Row entry_rows[] = {
  { RSS, "title", TITLE, take_title },
  { RSS, "link", LINK, take_address },
  { RSS, "guid", GUID, take_guid },
  { RSS, "description", DESCRIPTION, take_html },
  { RSS, "author", OTHER_AUTHOR, take_author },
  { RSS, "pubDate", PUBLISHED, take_text },
  { RSS, "pubdate", PUBLISHED, take_text },
  { RSS, "date", PUBLISHED, take_text },
  { RSS, "enclosure", ENCLOSURE, take_media },
  { CONTENT_NS, "encoded", CONTENT, take_html },
  { XHTML, "body", CONTENT, take_html },
  { XHTML, "div", CONTENT, take_html },
  { DC, "title", OTHER_TITLE, take_title },
  { DC, "creator", AUTHOR, take_author },
  { DC, "date", PUBLISHED, take_text },
  { DC, "created", PUBLISHED, take_text },
  { DC, "issued", PUBLISHED, take_text },
  { DC, "modified", UPDATED, take_text },
  { DC, "description", SUMMARY, take_html },
  { DC, "identifier", GUID, take_text },
  { ATOM, "title", TITLE, take_atom_title },
  { ATOM, "link", LINK, take_link },
  { ATOM, "id", GUID, take_text },
  { ATOM, "content", CONTENT, take_atom },
  { ATOM, "summary", SUMMARY, take_atom },
  { ATOM, "author", AUTHOR, take_author },
  { ATOM, "published", PUBLISHED, take_text },
  { ATOM, "issued", PUBLISHED, take_text },
  { ATOM, "created", PUBLISHED, take_text },
  { ATOM, "updated", UPDATED, take_text },
  { ATOM, "modified", UPDATED, take_text },
  { MEDIA, "title", OTHER_TITLE, take_title },
  { MEDIA, "description", DESCRIPTION, take_plain },
  { MEDIA, "thumbnail", IMAGE, take_url },
  { MEDIA, "content", IMAGE, take_media },
  { ITUNES, "title", OTHER_TITLE, take_title },
  { ITUNES, "author", OTHER_AUTHOR, take_author },
  { ITUNES, "summary", SUMMARY, take_html },
  { ITUNES, "subtitle", SUMMARY, take_html },
  { ITUNES, "image", IMAGE, take_url },
};

static const Row head_rows[] = {
  { RSS, "title", TITLE, take_title },
  { RSS, "link", LINK, take_address },
  { RSS, "description", DESCRIPTION, take_html },
  { ATOM, "title", TITLE, take_atom_title },
  { ATOM, "link", LINK, take_link },
  { ATOM, "subtitle", DESCRIPTION, take_atom },
  { ATOM, "tagline", DESCRIPTION, take_atom },
  { DC, "title", OTHER_TITLE, take_title },
};

static void
fill (Slots *slots, const Row *rows, guint n, xmlNode *node)
{
  const char *name;
  Ns ns = tl_feed_ns (node, &name);

  for (guint i = 0; i < n; i++)
    if (rows[i].ns == ns && g_str_equal (rows[i].name, name)) {
      rows[i].take (slots, rows[i].slot, node);
      return;
    }
}

void
tl_feed_fill_entry (Slots *slots, xmlNode *node)
{
  fill (slots, entry_rows, G_N_ELEMENTS (entry_rows), node);
}

void
tl_feed_fill_head (Slots *slots, xmlNode *node)
{
  fill (slots, head_rows, G_N_ELEMENTS (head_rows), node);
}

void
tl_feed_clear_slots (Slots *slots)
{
  for (guint i = 0; i < N_SLOTS; i++)
    g_clear_pointer (&slots->slots[i], g_free);
}

char *
tl_feed_either (Slots *slots, Slot first, Slot second)
{
  return g_steal_pointer (&slots->slots[slots->slots[first] ? first : second]);
}
