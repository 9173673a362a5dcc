/* feed-xml.c: a feed's document: what is an entry, what its head, and where it breaks off.
 *
 * libxml2 reads without network, DTDs and entities; an entity that a document declares stays the text
 * "&name;". Feeds that break off are taken as far as they go. */
#include "server/services/news/feed-date.h"
#include "server/services/news/feed-slots.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <string.h>

/* --- entries ----------------------------------------------------------------------------------------- */

static gboolean
is_media_group (const xmlNode *node)
{
  const char *name;

  return node->type == XML_ELEMENT_NODE && tl_feed_ns (node, &name) == MEDIA &&
         g_str_equal (name, "group");
}

static TlFeedEntry *
make_entry (Slots *slots)
{
  TlFeedEntry *entry = tl_feed_entry_new ();
  const char *const dates[] = { slots->slots[PUBLISHED], slots->slots[UPDATED] };

  for (guint i = 0; i < G_N_ELEMENTS (dates) && entry->published == G_MININT64; i++)
    if (dates[i])
      tl_feed_date_parse (dates[i], &entry->published);
  entry->title = tl_feed_either (slots, TITLE, OTHER_TITLE);
  entry->url = tl_feed_either (slots, LINK, GUID_LINK);
  entry->guid = tl_feed_either (slots, GUID, GUID);
  entry->author = tl_feed_either (slots, AUTHOR, OTHER_AUTHOR);
  entry->html = tl_feed_either (slots, CONTENT, DESCRIPTION);
  entry->summary = tl_feed_either (slots, SUMMARY, DESCRIPTION);
  if (entry->html == NULL)
    entry->html = g_strdup (entry->summary);
  entry->image = tl_feed_either (slots, IMAGE, IMAGE);
  entry->enclosure = tl_feed_either (slots, ENCLOSURE, ENCLOSURE);
  entry->base = tl_feed_either (slots, BASE, BASE);
  return entry;
}

static TlFeedEntry *
read_entry (xmlNode *node, const char *base)
{
  Slots slots = { .base = base };
  TlFeedEntry *entry;

  for (xmlNode *at = node->children; at; at = tl_feed_next_node (at, node, is_media_group (at)))
    if (at->type == XML_ELEMENT_NODE)
      tl_feed_fill_entry (&slots, at);
  entry = make_entry (&slots);
  tl_feed_clear_slots (&slots);
  return entry;
}

/* --- the document -------------------------------------------------------------------------------------- */

static gboolean
is_one_of (const xmlNode *node, const char *const *names)
{
  const char *name;
  Ns ns;

  if (node->type != XML_ELEMENT_NODE)
    return FALSE;
  ns = tl_feed_ns (node, &name);
  return (ns == RSS || ns == ATOM || ns == XHTML) && g_strv_contains (names, name);
}

static const char *const feeds[] = { "rss", "RDF", "feed", "channel", NULL };
static const char *const wrappers[] = { "rss",   "RDF",  "feed", "channel",
                                        "items", "html", "body", NULL };
static const char *const entries[] = { "item", "entry", NULL };

/* Entries may lie beside the channel (RSS 1.0), in it, or in a feed that a page wraps. */
static TlFeedContent *
read_document (xmlNode *root, const char *base, gboolean *is_feed)
{
  TlFeedContent *content = tl_feed_content_new ();
  Slots head = { .base = base };
  gboolean into;

  for (xmlNode *at = root; at; at = tl_feed_next_node (at, root, into)) {
    into = is_one_of (at, wrappers);
    *is_feed = *is_feed || is_one_of (at, feeds);
    if (is_one_of (at, entries) && *is_feed) {
      if (!tl_feed_content_add (content, read_entry (at, base)))
        break;
    } else if (at->type == XML_ELEMENT_NODE && !into && *is_feed) {
      tl_feed_fill_head (&head, at);
    }
  }
  content->title = tl_feed_either (&head, TITLE, OTHER_TITLE);
  content->home_url = tl_feed_either (&head, LINK, LINK);
  content->description = tl_feed_either (&head, DESCRIPTION, DESCRIPTION);
  tl_feed_clear_slots (&head);
  return content;
}

static char *
describe_break (xmlParserCtxt *parser)
{
  const xmlError *error = xmlCtxtGetLastError (parser);
  g_autofree char *why = NULL;

  if (error == NULL || error->message == NULL)
    return g_strdup ("The feed cannot be read");
  if (error->code == XML_ERR_TAG_NOT_FINISHED && error->str1)
    why = g_strdup_printf ("“%.60s” is never closed", error->str1);
  else
    why = g_strstrip (g_utf8_make_valid (error->message, -1));
  return g_strdup_printf ("The feed breaks off at line %d: %.300s", error->line, why);
}

/* An entry that was cut in the middle would come back as changed: it waits until it is whole. */
static void
note_break (TlFeedContent *content, xmlParserCtxt *parser)
{
  const xmlError *error = xmlCtxtGetLastError (parser);

  if (error == NULL || error->code != XML_ERR_TAG_NOT_FINISHED)
    return;
  content->problem = describe_break (parser);
  if (content->entries->len > 0 && error->str1 && !g_strv_contains (feeds, error->str1))
    g_ptr_array_set_size (content->entries, (int)content->entries->len - 1);
}

static TlFeedContent *
judge (TlFeedContent *content, xmlParserCtxt *parser, xmlNode *root, gboolean is_feed,
       GError **error)
{
  g_autofree char *why = NULL;

  if (!parser->wellFormed)
    note_break (content, parser);
  if (content->entries->len > 0 || (is_feed && parser->wellFormed))
    return content;
  if (!parser->wellFormed)
    why = describe_break (parser);
  else
    why =
        g_strdup_printf ("This is an XML document (“%.60s”), not a feed", (const char *)root->name);
  g_set_error_literal (error, TL_FEED_ERROR, TL_FEED_ERROR_BROKEN, why);
  tl_feed_content_free (content);
  return NULL;
}

/* What the document says itself goes before what HTTP says: servers rarely know. */
static const char *
choose_charset (const char *text, gsize length, const char *charset)
{
  g_autofree char *head = g_strndup (text, MIN (length, 200));
  char *end = strstr (head, "?>");

  if (end)
    *end = '\0';
  return g_str_has_prefix (head, "<?xml") && strstr (head, "encoding") ? NULL : charset;
}

/* HTML's entities are used in feeds that declare none: declaring what is asked for keeps "&nbsp;" as a
 * reference in the tree, which text_of() writes as it was, and the HTML parser knows. */
static xmlEntity *
get_entity (void *data, const xmlChar *name)
{
  xmlParserCtxt *parser = data;
  xmlEntity *entity = xmlSAX2GetEntity (data, name);

  if (entity || parser->inSubset || parser->myDoc == NULL)
    return entity;
  if (parser->myDoc->intSubset == NULL)
    xmlCreateIntSubset (parser->myDoc, BAD_CAST "feed", NULL, NULL);
  return xmlAddDocEntity (parser->myDoc, name, XML_INTERNAL_GENERAL_ENTITY, NULL, NULL,
                          BAD_CAST " ");
}

/* Some of libxml2's complaints go past the parser's options to stderr. */
static void
say_nothing (void *data, const char *format, ...)
{
}

TlFeedContent *
tl_feed_parse_xml (const char *text, gsize length, const char *charset, const char *base,
                   GError **error)
{
  int options = XML_PARSE_NONET | XML_PARSE_RECOVER | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
  static gsize once;
  xmlParserCtxt *parser;
  xmlDoc *document;
  xmlNode *root;
  TlFeedContent *content = NULL;
  gboolean is_feed = FALSE;

  if (g_once_init_enter (&once)) {
    xmlInitParser ();
    g_once_init_leave (&once, 1);
  }
  if (g_ascii_isprint (*text) && *text != '<') {
    g_set_error (error, TL_FEED_ERROR, TL_FEED_ERROR_BROKEN,
                 "This is not a feed: it begins neither like XML nor like JSON");
    return NULL;
  }
  xmlSetGenericErrorFunc (NULL, say_nothing); /* this thread's */
  parser = xmlNewParserCtxt ();
  parser->sax->getEntity = get_entity;
  document = xmlCtxtReadMemory (parser, text, (int)length, NULL,
                                choose_charset (text, length, charset), options);
  root = document ? xmlDocGetRootElement (document) : NULL;
  if (root) {
    content = judge (read_document (root, base, &is_feed), parser, root, is_feed, error);
  } else {
    g_autofree char *why = describe_break (parser);
    g_set_error_literal (error, TL_FEED_ERROR, TL_FEED_ERROR_BROKEN, why);
  }
  xmlFreeDoc (document);
  xmlFreeParserCtxt (parser);
  return content;
}
