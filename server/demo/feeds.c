/* feeds.c: the demo's feeds, rendered from data/demo/feeds/<slug>.json in each of the three formats that a
 * reader meets. Dates count back from when the demo was made. Worker threads. */
#include "server/demo/demo.h"

#include "sync/wire/field.h"

#include <fcntl.h>
#include <string.h>

typedef struct {
  const char *slug;
  const char *public_url;
  gint64 base; /* ms */
  JsonObject *feed;
} Feed;

static gboolean
is_plain_name (const char *name)
{
  return name[0] != '\0' && name[0] != '.' &&
         strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-.") == strlen (name);
}

static gboolean
base_time (TlRequest *request, gint64 *base)
{
  g_autoptr (PGresult) result = tl_pg_query (request->pg, "demo-base-time",
                                             tl_sql ("demo/demo.sql", "base-time"), 0, NULL, NULL);

  if (result == NULL || PQgetisnull (result, 0, 0))
    return FALSE;
  *base = g_ascii_strtoll (PQgetvalue (result, 0, 0), NULL, 10);
  return TRUE;
}

static const char *
text_of (JsonObject *article, const char *name)
{
  JsonNode *node = json_object_get_member (article, name);

  return node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

static gint64
published (const Feed *self, JsonObject *article)
{
  return self->base - json_object_get_int_member (article, "ago") * 60 * 1000;
}

static char *
article_url (const Feed *self, guint index)
{
  return g_strdup_printf ("%s/demo/feeds/%s#%u", self->public_url, self->slug, index + 1);
}

static char *
picture_url (const Feed *self, JsonObject *article)
{
  const char *image = text_of (article, "image");

  return image ? g_strdup_printf ("%s/demo/art/%s", self->public_url, image) : NULL;
}

/* The article's HTML with whole addresses; its picture leads when the text doesn't show it. */
static char *
article_html (const Feed *self, JsonObject *article)
{
  const char *html = text_of (article, "html");
  g_autofree char *picture = picture_url (self, article);
  g_autofree char *base = g_strdup_printf ("src=\"%s/demo/art/", self->public_url);
  GString *whole = g_string_new (NULL);

  if (picture && strstr (html, "<figure>") == NULL) {
    g_autofree char *alt = g_markup_escape_text (text_of (article, "alt"), -1);
    g_string_append_printf (whole, "<figure><img src=\"%s\" alt=\"%s\"></figure>", picture, alt);
  }
  g_string_append (whole, html);
  g_string_replace (whole, "src=\"art/", base, 0);
  return g_string_free (whole, FALSE);
}

static void
append_escaped (GString *out, const char *element, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text ? text : "", -1);

  g_string_append_printf (out, "<%s>%s</%s>\n", element, escaped, element);
}

/* --- the three formats ----------------------------------------------------------------------- */

static void
rss_item (const Feed *self, GString *out, JsonObject *article, guint index)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (published (self, article) / 1000);
  g_autofree char *date = NULL;
  g_autofree char *url = article_url (self, index);
  g_autofree char *html = article_html (self, article);
  g_autofree char *picture = picture_url (self, article);
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

  /* RFC 822 months are English in every locale. */
  date = g_strdup_printf ("%02d %s %d %02d:%02d:%02d +0000", g_date_time_get_day_of_month (time),
                          months[g_date_time_get_month (time) - 1], g_date_time_get_year (time),
                          g_date_time_get_hour (time), g_date_time_get_minute (time),
                          g_date_time_get_second (time));
  g_string_append (out, "<item>\n");
  append_escaped (out, "title", text_of (article, "title"));
  append_escaped (out, "link", url);
  append_escaped (out, "guid", url);
  append_escaped (out, "dc:creator", text_of (article, "author"));
  append_escaped (out, "pubDate", date);
  append_escaped (out, "content:encoded", html);
  if (picture)
    g_string_append_printf (out, "<media:thumbnail url=\"%s\"/>\n", picture);
  g_string_append (out, "</item>\n");
}

static void
rss (const Feed *self, GString *out, JsonArray *articles)
{
  g_autofree char *home = g_strdup_printf ("%s/demo/", self->public_url);

  g_string_append (out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                        "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
                        "xmlns:media=\"http://search.yahoo.com/mrss/\">\n<channel>\n");
  append_escaped (out, "title", text_of (self->feed, "title"));
  append_escaped (out, "link", home);
  append_escaped (out, "description", text_of (self->feed, "description"));
  for (guint i = 0; i < json_array_get_length (articles); i++)
    rss_item (self, out, json_array_get_object_element (articles, i), i);
  g_string_append (out, "</channel>\n</rss>\n");
}

static void
atom_entry (const Feed *self, GString *out, JsonObject *article, guint index)
{
  g_autofree char *date = tl_date_format (published (self, article));
  g_autofree char *url = article_url (self, index);
  g_autofree char *html = article_html (self, article);
  g_autofree char *escaped = g_markup_escape_text (html, -1);
  g_autofree char *picture = picture_url (self, article);

  g_string_append (out, "<entry>\n");
  append_escaped (out, "title", text_of (article, "title"));
  append_escaped (out, "id", url);
  g_string_append_printf (out, "<link href=\"%s\"/>\n", url);
  append_escaped (out, "updated", date);
  append_escaped (out, "published", date);
  g_string_append (out, "<author>");
  append_escaped (out, "name", text_of (article, "author"));
  g_string_append_printf (out, "</author>\n<content type=\"html\">%s</content>\n", escaped);
  if (picture)
    g_string_append_printf (out, "<media:thumbnail url=\"%s\"/>\n", picture);
  g_string_append (out, "</entry>\n");
}

static void
atom (const Feed *self, GString *out, JsonArray *articles)
{
  g_autofree char *date = tl_date_format (self->base);
  g_autofree char *id = g_strdup_printf ("%s/demo/feeds/%s", self->public_url, self->slug);

  g_string_append (out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        "<feed xmlns=\"http://www.w3.org/2005/Atom\" "
                        "xmlns:media=\"http://search.yahoo.com/mrss/\">\n");
  append_escaped (out, "title", text_of (self->feed, "title"));
  append_escaped (out, "subtitle", text_of (self->feed, "description"));
  append_escaped (out, "id", id);
  append_escaped (out, "updated", date);
  for (guint i = 0; i < json_array_get_length (articles); i++)
    atom_entry (self, out, json_array_get_object_element (articles, i), i);
  g_string_append (out, "</feed>\n");
}

static JsonObject *
json_item (const Feed *self, JsonObject *article, guint index)
{
  JsonObject *item = json_object_new ();
  JsonObject *author = json_object_new ();
  JsonArray *authors = json_array_new ();
  g_autofree char *date = tl_date_format (published (self, article));
  g_autofree char *url = article_url (self, index);
  g_autofree char *html = article_html (self, article);
  g_autofree char *picture = picture_url (self, article);

  json_object_set_string_member (item, "id", url);
  json_object_set_string_member (item, "url", url);
  json_object_set_string_member (item, "title", text_of (article, "title"));
  json_object_set_string_member (item, "content_html", html);
  json_object_set_string_member (item, "date_published", date);
  json_object_set_string_member (author, "name", text_of (article, "author"));
  json_array_add_object_element (authors, author);
  json_object_set_array_member (item, "authors", authors);
  if (picture)
    json_object_set_string_member (item, "image", picture);
  return item;
}

static void
json_feed (const Feed *self, GString *out, JsonArray *articles)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *feed = json_object_new ();
  JsonArray *items = json_array_new ();
  g_autofree char *text = NULL;

  json_object_set_string_member (feed, "version", "https://jsonfeed.org/version/1.1");
  json_object_set_string_member (feed, "title", text_of (self->feed, "title"));
  json_object_set_string_member (feed, "description", text_of (self->feed, "description"));
  for (guint i = 0; i < json_array_get_length (articles); i++)
    json_array_add_object_element (
        items, json_item (self, json_array_get_object_element (articles, i), i));
  json_object_set_array_member (feed, "items", items);
  json_node_take_object (node, feed);
  text = json_to_string (node, FALSE);
  g_string_append (out, text);
}

static const struct {
  const char *format, *type;
  void (*render) (const Feed *self, GString *out, JsonArray *articles);
} formats[] = {
  { "rss", "application/rss+xml; charset=utf-8", rss },
  { "atom", "application/atom+xml; charset=utf-8", atom },
  { "json", "application/feed+json", json_feed },
};

/* --- routes ---------------------------------------------------------------------------------- */

void
tl_demo_feed (TlRequest *request)
{
  const TlConfig *config = request->server->config;
  g_autofree char *name = g_strconcat (request->rest, ".json", NULL);
  g_autofree char *path = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  GString *out;
  Feed feed = { .slug = request->rest, .public_url = config->public_url };

  if (!config->demo || !is_plain_name (request->rest) || !base_time (request, &feed.base)) {
    tl_request_problem (request, 404, "about:blank", "There is no such feed", NULL);
    return;
  }
  path = g_build_filename (config->demo_dir, "feeds", name, NULL);
  if (!json_parser_load_from_file (parser, path, NULL)) {
    tl_request_problem (request, 404, "about:blank", "There is no such feed", NULL);
    return;
  }
  feed.feed = json_node_get_object (json_parser_get_root (parser));
  out = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_strcmp0 (text_of (feed.feed, "format"), formats[i].format) == 0) {
      request->type = formats[i].type;
      formats[i].render (&feed, out, json_object_get_array_member (feed.feed, "articles"));
    }
  request->answer = g_string_free_to_bytes (out);
}

void
tl_demo_picture (TlRequest *request)
{
  const TlConfig *config = request->server->config;
  g_autofree char *path = NULL;

  if (config->demo && is_plain_name (request->rest)) {
    path = g_build_filename (config->demo_dir, "art", request->rest, NULL);
    request->answer_fd = open (path, O_RDONLY | O_CLOEXEC);
    request->type = "image/jpeg";
  }
  if (path == NULL || request->answer_fd < 0)
    tl_request_problem (request, 404, "about:blank", "There is no such picture", NULL);
}
