/* feed-parse.c: what kind of document it is, what all kinds have in common, and where a page's feeds
 * are. The kinds themselves are in feed-xml.c and feed-json.c. Any thread. */
#include "server/services/news/feed-parse.h"

#include "server/services/news/feed-parts.h"
#include "server/services/news/html-blocks.h"
#include "server/services/news/html.h"
#include "server/services/news/link.h"

#include <string.h>

#define GUID_MAX 512
#define TITLE_MAX 1000
#define AUTHOR_MAX 250
#define DESCRIPTION_MAX 4000
#define DISCOVERY_MAX (256 * 1024)

G_DEFINE_QUARK (tl_feed_error, tl_feed_error)

TlFeedContent *
tl_feed_content_new (void)
{
  TlFeedContent *self = g_new0 (TlFeedContent, 1);

  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify)tl_feed_entry_free);
  return self;
}

void
tl_feed_content_free (TlFeedContent *self)
{
  g_free (self->title);
  g_free (self->home_url);
  g_free (self->description);
  g_free (self->problem);
  g_ptr_array_unref (self->entries);
  g_free (self);
}

TlFeedEntry *
tl_feed_entry_new (void)
{
  TlFeedEntry *self = g_new0 (TlFeedEntry, 1);

  self->published = G_MININT64;
  return self;
}

void
tl_feed_entry_free (TlFeedEntry *self)
{
  g_free (self->guid);
  g_free (self->title);
  g_free (self->url);
  g_free (self->author);
  g_free (self->html);
  g_free (self->summary);
  g_free (self->image);
  g_free (self->enclosure);
  g_free (self->base);
  g_free (self);
}

void
tl_feed_offer (char **field, char *value)
{
  if (value && *field == NULL && value[strspn (value, " \t\r\n")] != '\0')
    *field = value;
  else
    g_free (value);
}

char *
tl_feed_text_to_html (const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  GString *html = g_string_new (escaped);

  g_string_replace (html, "\n", "<br>", 0);
  return g_string_free_and_steal (html);
}

/* Always the same for the same entry. */
static char *
make_guid (const TlFeedEntry *entry)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  const char *const parts[] = { entry->guid, entry->title, entry->html, entry->summary };
  const char *given = entry->guid ? entry->guid : entry->url;

  if (given && strlen (given) <= GUID_MAX)
    return g_strdup (given);
  if (given)
    g_checksum_update (sum, (const guchar *)given, -1);
  for (guint i = 0; given == NULL && i < G_N_ELEMENTS (parts); i++)
    if (parts[i])
      g_checksum_update (sum, (const guchar *)parts[i], -1);
  return g_strdup (g_checksum_get_string (sum));
}

/* Entries without a title are named by their beginning. */
static char *
make_title (const TlFeedEntry *entry)
{
  const char *text = entry->summary ? entry->summary : entry->html;
  char *title = text ? tl_html_to_line (text, TITLE_MAX, 80) : NULL;

  if (title && *title)
    return title;
  g_free (title);
  title = entry->url ? tl_link_host (entry->url) : NULL;
  return title ? title : g_strdup ("");
}

gboolean
tl_feed_content_add (TlFeedContent *self, TlFeedEntry *entry)
{
  char *guid = make_guid (entry);
  gboolean is_empty = !entry->guid && !entry->title && !entry->url && !entry->html &&
                      !entry->summary && !entry->enclosure;

  g_free (entry->guid);
  entry->guid = guid;
  if (is_empty || self->entries->len >= TL_FEED_MAX_ENTRIES) {
    tl_feed_entry_free (entry);
    return is_empty;
  }
  if (entry->title == NULL)
    entry->title = make_title (entry);
  g_ptr_array_add (self->entries, entry);
  return TRUE;
}

/* The first of each guid; texts made short enough for their columns. */
static void
tidy (TlFeedContent *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint i = 0;

  while (i < self->entries->len) {
    TlFeedEntry *entry = self->entries->pdata[i];
    g_autofree char *title = entry->title;
    g_autofree char *author = entry->author;

    entry->title = tl_text_to_line (title, TITLE_MAX, TITLE_MAX);
    entry->author = author ? tl_html_to_line (author, AUTHOR_MAX, AUTHOR_MAX) : NULL;
    if (g_hash_table_contains (seen, entry->guid))
      g_ptr_array_remove_index (self->entries, i);
    else
      i += g_hash_table_add (seen, entry->guid);
  }
}

static void
tidy_head (TlFeedContent *self)
{
  g_autofree char *title = self->title;
  g_autofree char *description = self->description;

  self->title = title ? tl_html_to_line (title, TITLE_MAX, TITLE_MAX) : NULL;
  self->description =
      description ? tl_html_to_line (description, DESCRIPTION_MAX, DESCRIPTION_MAX) : NULL;
}

static char *
charset_of (const char *type)
{
  const char *at = type ? strcasestr (type, "charset=") : NULL;

  if (at == NULL)
    return NULL;
  at += strlen ("charset=");
  at += strspn (at, "\"' ");
  return g_strndup (at, strcspn (at, "\"'; "));
}

/* Is one of `tags` among the first things in it? */
static gboolean
begins_with_any (const char *text, gsize length, const char *const *tags)
{
  g_autofree char *head = g_ascii_strdown (text, (gssize)MIN (length, 2048));

  for (guint i = 0; tags[i]; i++)
    if (strstr (head, tags[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_page (const char *text, gsize length)
{
  static const char *const pages[] = { "<!doctype html", "<html", NULL };
  static const char *const feeds[] = { "<rss", "<feed", "<rdf:rdf", "<channel", NULL };

  return begins_with_any (text, length, pages) && !begins_with_any (text, length, feeds);
}

TlFeedContent *
tl_feed_parse (GBytes *bytes, const char *type, const char *base, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autofree char *charset = charset_of (type);
  const char *start = text;
  TlFeedContent *self;

  if (length > TL_FEED_MAX_BYTES) {
    g_set_error (error, TL_FEED_ERROR, TL_FEED_ERROR_BROKEN, "The feed is larger than %d MB",
                 TL_FEED_MAX_BYTES / 1024 / 1024);
    return NULL;
  }
  if (length >= 3 && memcmp (text, "\357\273\277", 3) == 0)
    start += 3;
  length -= (gsize)(start - text);
  for (; length > 0 && g_ascii_isspace (*start); length--)
    start++;
  if (length == 0) {
    g_set_error (error, TL_FEED_ERROR, TL_FEED_ERROR_BROKEN, "The feed is empty");
    return NULL;
  }
  if (is_page (start, length)) {
    g_set_error (error, TL_FEED_ERROR, TL_FEED_ERROR_PAGE, "This is an HTML page, not a feed");
    return NULL;
  }
  if (*start == '{' || *start == '[')
    self = tl_feed_parse_json (start, length, base, error);
  else
    self = tl_feed_parse_xml (start, length, charset, base, error);
  if (self) {
    tidy_head (self);
    tidy (self);
  }
  return self;
}

/* --- discovery ------------------------------------------------------------------------------------- */

typedef struct {
  GPtrArray *links;
  const char *page;
  char *base;
} Discovery;

static gboolean
is_feed_link (const GumboNode *node)
{
  static const char *const types[] = { "application/rss+xml", "application/atom+xml",
                                       "application/feed+json", "application/rdf+xml",
                                       "application/json" };
  const char *rel = tl_html_attribute (node, "rel");
  const char *type = tl_html_attribute (node, "type");

  if (node->v.element.tag != GUMBO_TAG_LINK || !rel || !type || !strcasestr (rel, "alternate"))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_ascii_strncasecmp (type, types[i], strlen (types[i])) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
find_links (const GumboNode *node, gpointer data, gboolean *stop)
{
  Discovery *self = data;
  const char *href = tl_html_attribute (node, "href");

  if (node->type != GUMBO_NODE_ELEMENT)
    return FALSE;
  if (node->v.element.tag == GUMBO_TAG_BASE && href && self->base == NULL)
    self->base = tl_link_resolve (self->page, href);
  if (href && is_feed_link (node)) {
    char *address = tl_link_resolve (self->base ? self->base : self->page, href);

    if (address && !g_str_has_prefix (address, "mailto:"))
      g_ptr_array_add (self->links, address);
    else
      g_free (address);
  }
  return TRUE;
}

/* Pages name their main feed first, but comments and WordPress's JSON API are named as well. */
static gint
compare_links (gconstpointer a, gconstpointer b)
{
  static const char *const lesser[] = { "comments", "/wp-json/", "oembed" };
  guint scores[2] = { 0, 0 };
  const char *links[2] = { *(const char *const *)a, *(const char *const *)b };

  for (guint i = 0; i < 2; i++)
    for (guint j = 0; j < G_N_ELEMENTS (lesser); j++)
      scores[i] += strstr (links[i], lesser[j]) != NULL;
  return (gint)scores[0] - (gint)scores[1];
}

GStrv
tl_feed_discover (GBytes *page, const char *base)
{
  static const TlHtmlVisitor visitor = { find_links, NULL };
  gsize length;
  const char *text = g_bytes_get_data (page, &length);
  g_autoptr (TlHtml) tree = tl_html_parse (text, MIN (length, DISCOVERY_MAX));
  Discovery self = { .links = g_ptr_array_new (), .page = base };

  if (tl_html_root (tree))
    tl_html_walk (tl_html_root (tree), &visitor, &self);
  g_ptr_array_sort (self.links, compare_links);
  g_ptr_array_add (self.links, NULL);
  g_free (self.base);
  return (GStrv)g_ptr_array_free (self.links, FALSE);
}
