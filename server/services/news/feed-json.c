/* feed-json.c: JSON Feed 1.0 and 1.1. Members of the wrong kind are as if they were not there. */
#include "server/services/news/feed-date.h"
#include "server/services/news/feed-parts.h"
#include "server/services/news/link.h"

#include <json-glib/json-glib.h>
#include <string.h>

static char *
read_string (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  GType type = node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : 0;

  if (type == G_TYPE_STRING)
    return json_node_dup_string (node);
  if (type == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  return NULL;
}

static JsonArray *
get_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonObject *
get_element (JsonArray *array, guint i)
{
  JsonNode *node =
      array && i < json_array_get_length (array) ? json_array_get_element (array, i) : NULL;

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static char *
read_address (JsonObject *object, const char *name, const char *base)
{
  g_autofree char *text = read_string (object, name);

  return text ? tl_link_resolve (base, text) : NULL;
}

/* 1.0 has one author, 1.1 several. */
static char *
read_author (JsonObject *item)
{
  JsonObject *author = get_element (get_array (item, "authors"), 0);

  if (author == NULL)
    author = get_object (item, "author");
  return author ? read_string (author, "name") : NULL;
}

static char *
read_enclosure (JsonObject *item, const char *base)
{
  JsonObject *attachment = get_element (get_array (item, "attachments"), 0);

  return attachment ? read_address (attachment, "url", base) : NULL;
}

static void
read_dates (TlFeedEntry *entry, JsonObject *item)
{
  static const char *const names[] = { "date_published", "date_modified" };

  for (guint i = 0; i < G_N_ELEMENTS (names) && entry->published == G_MININT64; i++) {
    g_autofree char *date = read_string (item, names[i]);

    if (date)
      tl_feed_date_parse (date, &entry->published);
  }
}

static TlFeedEntry *
read_item (JsonObject *item, const char *base)
{
  TlFeedEntry *entry = tl_feed_entry_new ();
  g_autofree char *text = read_string (item, "content_text");
  g_autofree char *summary = read_string (item, "summary");

  tl_feed_offer (&entry->guid, read_string (item, "id"));
  tl_feed_offer (&entry->url, read_address (item, "url", base));
  tl_feed_offer (&entry->url, read_address (item, "external_url", base));
  tl_feed_offer (&entry->title, read_string (item, "title"));
  tl_feed_offer (&entry->author, read_author (item));
  tl_feed_offer (&entry->html, read_string (item, "content_html"));
  tl_feed_offer (&entry->html, text ? tl_feed_text_to_html (text) : NULL);
  tl_feed_offer (&entry->summary, summary ? tl_feed_text_to_html (summary) : NULL);
  tl_feed_offer (&entry->image, read_address (item, "image", base));
  tl_feed_offer (&entry->image, read_address (item, "banner_image", base));
  tl_feed_offer (&entry->enclosure, read_enclosure (item, base));
  tl_feed_offer (&entry->base, g_strdup (entry->url ? entry->url : base));
  read_dates (entry, item);
  return entry;
}

static TlFeedContent *
read_feed (JsonObject *root, const char *base)
{
  TlFeedContent *content = tl_feed_content_new ();
  JsonArray *items = get_array (root, "items");

  tl_feed_offer (&content->title, read_string (root, "title"));
  tl_feed_offer (&content->home_url, read_address (root, "home_page_url", base));
  tl_feed_offer (&content->description, read_string (root, "description"));
  for (guint i = 0; items && i < json_array_get_length (items); i++) {
    JsonObject *item = get_element (items, i);

    if (item && !tl_feed_content_add (content, read_item (item, base)))
      break;
  }
  return content;
}

/* json-glib says "<data>:line:column: …". */
static guint64
line_of (const GError *error)
{
  const char *colon = strchr (error->message, ':');

  return colon ? MAX (g_ascii_strtoull (colon + 1, NULL, 10), 1) : 1;
}

TlFeedContent *
tl_feed_parse_json (const char *text, gsize length, const char *base, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *valid = g_utf8_make_valid (text, (gssize)length);
  g_autoptr (GError) why = NULL;
  JsonNode *root;

  if (!json_parser_load_from_data (parser, valid, -1, &why)) {
    g_set_error (error, TL_FEED_ERROR, TL_FEED_ERROR_BROKEN,
                 "The feed breaks off at line %" G_GUINT64_FORMAT ": what stands there is not JSON",
                 line_of (why));
    return NULL;
  }
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root) ||
      get_array (json_node_get_object (root), "items") == NULL) {
    g_set_error (error, TL_FEED_ERROR, TL_FEED_ERROR_BROKEN,
                 "This is JSON, but not a JSON Feed: it has no “items”");
    return NULL;
  }
  return read_feed (json_node_get_object (root), base);
}
