/* The feed parser: real feeds, all dialects, and what hostile or broken servers send. */
#include "server/services/news/feed-date.h"
#include "server/services/news/feed-parse.h"
#include "server/services/news/link.h"

#include <string.h>

#define BASE "https://example.org/blog/feed.xml"
#define MUTATIONS_MS 3000

static TlFeedContent *
parse_length (const char *text, gsize length, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);

  return tl_feed_parse (bytes, NULL, BASE, error);
}

static TlFeedContent *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  TlFeedContent *content = parse_length (text, strlen (text), &error);

  g_assert_no_error (error);
  return content;
}

static void
assert_refused (const char *text, const char *why)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (parse_length (text, strlen (text), &error));
  g_assert_cmpstr (error->message, ==, why);
}

static TlFeedEntry *
entry_of (TlFeedContent *content, guint i)
{
  g_assert_cmpuint (i, <, content->entries->len);
  return content->entries->pdata[i];
}

static void
assert_date (gint64 ms, const char *iso)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (ms / 1000);
  g_autofree char *text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");

  g_assert_cmpstr (text, ==, iso);
}

/* --- real feeds -------------------------------------------------------------------------------- */

static char *
samples_folder (void)
{
  return g_build_filename (g_getenv ("TIDELINE_SOURCE"), "..", "shared", "data", "feeds", NULL);
}

static void
test_real_feeds (void)
{
  g_autofree char *folder = samples_folder ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint read = 0;

  if (dir == NULL) {
    g_test_skip ("the folder of sample feeds is not there");
    return;
  }
  for (const char *name; (name = g_dir_read_name (dir));) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);
    g_autoptr (GBytes) bytes = g_mapped_file_get_bytes (file);
    g_autoptr (GError) error = NULL;
    g_autoptr (TlFeedContent) content = tl_feed_parse (bytes, NULL, BASE, &error);

    if (content) {
      g_test_message ("%s: “%s”, %u entries%s%s", name, content->title, content->entries->len,
                      content->problem ? "; " : "", content->problem ? content->problem : "");
      g_assert_cmpuint (content->entries->len, >=, 1);
      g_assert_nonnull (entry_of (content, 0)->guid);
      g_assert_nonnull (entry_of (content, 0)->title);
    } else {
      g_test_message ("%s: %s", name, error->message);
      g_assert_true (g_ascii_isupper (*error->message));
    }
    read++;
  }
  g_assert_cmpuint (read, >, 0);
}

/* --- dialects ------------------------------------------------------------------------------------ */

static void
test_rss (void)
{
  g_autoptr (TlFeedContent) content = parse (
      "\n  <?xml version='1.0'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'"
      " xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>"
      "<title>Salt &amp;amp; Pepper</title><link>/home</link><description>&lt;b&gt;On&lt;/b&gt; "
      "food</description><image><title>logo</title></image>"
      "<item><title>One &lt;i&gt;dish&lt;/i&gt;</title><link>posts/1</link>"
      "<guid isPermaLink='false'>id-1</guid><description>Short</description>"
      "<content:encoded><![CDATA[<p>Long</p>]]></content:encoded><dc:creator>Ann</dc:creator>"
      "<pubDate>Wed, 02 Oct 2002 15:00:00 +0200</pubDate>"
      "<enclosure url='https://example.org/a.mp3' type='audio/mpeg' length='1'/></item>"
      "<item><guid>https://example.org/2</guid><description>No title here</description>"
      "<author>bob@example.org (Bob)</author></item>"
      "<item><guid>id-1</guid><title>again</title></item></channel></rss>");
  TlFeedEntry *entry = entry_of (content, 0);

  g_assert_cmpstr (content->title, ==, "Salt & Pepper");
  g_assert_cmpstr (content->home_url, ==, "https://example.org/home");
  g_assert_cmpstr (content->description, ==, "On food");
  g_assert_cmpuint (content->entries->len, ==, 2);
  g_assert_cmpstr (entry->title, ==, "One dish");
  g_assert_cmpstr (entry->url, ==, "https://example.org/blog/posts/1");
  g_assert_cmpstr (entry->guid, ==, "id-1");
  g_assert_cmpstr (entry->html, ==, "<p>Long</p>");
  g_assert_cmpstr (entry->summary, ==, "Short");
  g_assert_cmpstr (entry->author, ==, "Ann");
  g_assert_cmpstr (entry->enclosure, ==, "https://example.org/a.mp3");
  assert_date (entry->published, "2002-10-02T13:00:00");
  entry = entry_of (content, 1);
  g_assert_cmpstr (entry->title, ==, "No title here");
  g_assert_cmpstr (entry->url, ==, "https://example.org/2");
  g_assert_cmpstr (entry->author, ==, "Bob");
  g_assert_cmpint (entry->published, ==, G_MININT64);
}

static void
test_rdf (void)
{
  g_autoptr (TlFeedContent) content =
      parse ("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
             "xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
             "<channel rdf:about='x'><title>R</title><link>http://r.example/</link></channel>"
             "<item rdf:about='1'><title>Entry</title><link>http://r.example/1</link>"
             "<dc:date>2004-05-06T07:08-01:00</dc:date></item></rdf:RDF>");

  g_assert_cmpstr (content->title, ==, "R");
  g_assert_cmpstr (entry_of (content, 0)->guid, ==, "http://r.example/1");
  assert_date (entry_of (content, 0)->published, "2004-05-06T08:08:00");
}

static void
test_atom (void)
{
  g_autoptr (TlFeedContent) content = parse (
      "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://a.example/x/'>"
      "<title type='html'>A &amp;lt; B</title><link rel='self' href='self'/><link href='./'/>"
      "<entry><id>tag:1</id><title>1 &lt; 2</title><link rel='alternate' href='one'/>"
      "<link rel='enclosure' type='video/mp4' href='v.mp4'/>"
      "<author><email>e@a.example</email><name>Eve</name></author>"
      "<updated>2005-07-31T12:29:29.5Z</updated><published>2003-12-13T08:29:29-04:00</published>"
      "<content type='xhtml' xml:base='deep/'><h:div xmlns:h='http://www.w3.org/1999/xhtml'>"
      "<h:p>Hi <h:br/></h:p></h:div></content><summary>a &lt;b> c</summary></entry></feed>");
  TlFeedEntry *entry = entry_of (content, 0);

  g_assert_cmpstr (content->title, ==, "A < B");
  g_assert_cmpstr (content->home_url, ==, "http://a.example/x/");
  g_assert_cmpstr (entry->title, ==, "1 < 2");
  g_assert_cmpstr (entry->url, ==, "http://a.example/x/one");
  g_assert_cmpstr (entry->enclosure, ==, "http://a.example/x/v.mp4");
  g_assert_cmpstr (entry->author, ==, "Eve");
  g_assert_cmpstr (entry->base, ==, "http://a.example/x/deep/");
  g_assert_nonnull (strstr (entry->html, "<p>Hi <br />"));
  g_assert_cmpstr (entry->summary, ==, "a &lt;b&gt; c");
  assert_date (entry->published, "2003-12-13T12:29:29");
}

static void
test_atom_03 (void)
{
  g_autoptr (TlFeedContent) content = parse (
      "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><title>Old</title>"
      "<tagline>line</tagline><entry><id>1</id><title mode='escaped'>T</title>"
      "<issued>2004-01-02T03:04:05Z</issued>"
      "<content type='text/html' mode='escaped'>&lt;p&gt;x&lt;/p&gt;</content></entry></feed>");

  g_assert_cmpstr (content->description, ==, "line");
  g_assert_cmpstr (entry_of (content, 0)->html, ==, "<p>x</p>");
}

static void
test_media (void)
{
  g_autoptr (TlFeedContent) content =
      parse ("<rss xmlns:media='http://search.yahoo.com/mrss/' "
             "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'><channel>"
             "<item><title>v</title><media:group><media:title>t</media:title>"
             "<media:thumbnail url='https://i.example/t.jpg'/>"
             "<media:description>a\nb</media:description></media:group></item>"
             "<item><title>w</title><media:content url='https://i.example/w.png' medium='image'/>"
             "</item><item><title>p</title><itunes:image href='https://i.example/p.png'/>"
             "<itunes:summary>sum</itunes:summary><itunes:author>Pod</itunes:author></item>"
             "</channel></rss>");

  g_assert_cmpstr (entry_of (content, 0)->title, ==, "v");
  g_assert_cmpstr (entry_of (content, 0)->image, ==, "https://i.example/t.jpg");
  g_assert_cmpstr (entry_of (content, 0)->html, ==, "a<br>b");
  g_assert_cmpstr (entry_of (content, 1)->image, ==, "https://i.example/w.png");
  g_assert_cmpstr (entry_of (content, 2)->image, ==, "https://i.example/p.png");
  g_assert_cmpstr (entry_of (content, 2)->html, ==, "sum");
  g_assert_cmpstr (entry_of (content, 2)->author, ==, "Pod");
}

static void
test_json_feed (void)
{
  g_autoptr (TlFeedContent) content =
      parse ("{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"J\",\"items\":["
             "{\"id\":7,\"url\":\"\\/a\",\"content_text\":\"x < y\\nz\",\"authors\":"
             "[{\"name\":\"Jo\"}],\"date_published\":\"2010-02-07T14:04:00-05:00\"},"
             "{\"id\":\"b\",\"title\":\"B\",\"content_html\":\"<p>h</p>\",\"image\":5,"
             "\"attachments\":[{\"url\":\"https://e.example/a.mp3\"}]}, \"rubbish\", null]}");
  TlFeedEntry *entry = entry_of (content, 0);

  g_assert_cmpuint (content->entries->len, ==, 2);
  g_assert_cmpstr (entry->guid, ==, "7");
  g_assert_cmpstr (entry->url, ==, "https://example.org/a");
  g_assert_cmpstr (entry->html, ==, "x &lt; y<br>z");
  g_assert_cmpstr (entry->title, ==, "x < y z");
  g_assert_cmpstr (entry->author, ==, "Jo");
  assert_date (entry->published, "2010-02-07T19:04:00");
  g_assert_cmpstr (entry_of (content, 1)->enclosure, ==, "https://e.example/a.mp3");
}

static void
test_dates (void)
{
  static const struct {
    const char *text, *iso;
  } cases[] = {
    { "Wed, 02 Oct 2002 15:00:00 GMT", "2002-10-02T15:00:00" },
    { "2 Oct 02 15:00 EST", "2002-10-02T20:00:00" },
    { "Wednesday, 2 October 2002 15:00:00 +05:30", "2002-10-02T09:30:00" },
    { "Oct 2, 2002 3:00 PM", "2002-10-02T15:00:00" },
    { "Wed Oct  2 15:00:00 2002", "2002-10-02T15:00:00" },
    { "02 Oct 2002", "2002-10-02T00:00:00" },
    { "2002-10-02", "2002-10-02T00:00:00" },
    { "2002-10", "2002-10-01T00:00:00" },
    { "20021002T150000Z", "2002-10-02T15:00:00" },
    { "2002-10-02 15:00:00 -0700", "2002-10-02T22:00:00" },
    { " 2002-10-02T15:00:00.123456+02:00 ", "2002-10-02T13:00:00" },
    { "2002-10-02T24:00:00Z", "2002-10-02T00:00:00" },
  };
  static const char *const broken[] = { "",           "yesterday",  "12345",
                                        "2002-13-40", "0000-00-00", "99 Foo 2002 10:00",
                                        ":::",        "+",          "1e400" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gint64 ms;

    g_assert_true (tl_feed_date_parse (cases[i].text, &ms));
    assert_date (ms, cases[i].iso);
  }
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++) {
    gint64 ms;

    g_assert_false (tl_feed_date_parse (broken[i], &ms));
  }
}

/* --- broken and hostile ----------------------------------------------------------------------------- */

static void
test_refusals (void)
{
  assert_refused ("", "The feed is empty");
  assert_refused ("  \n", "The feed is empty");
  assert_refused ("not found", "This is not a feed: it begins neither like XML nor like JSON");
  assert_refused ("<!DOCTYPE html><html><body>hi</body></html>",
                  "This is an HTML page, not a feed");
  assert_refused ("<opml version='2.0'><body/></opml>",
                  "This is an XML document (“opml”), not a feed");
  assert_refused ("{\"a\":1}", "This is JSON, but not a JSON Feed: it has no “items”");
  assert_refused ("{\"items\": [\n{,",
                  "The feed breaks off at line 2: what stands there is not JSON");
  assert_refused ("<rss><channel>\n<title>x</title>\n",
                  "The feed breaks off at line 3: “channel” is never closed");
}

static void
test_truncated (void)
{
  g_autoptr (TlFeedContent) content =
      parse ("<rss><channel><title>T</title>\n<item><title>one</title></item>\n"
             "<item><title>two</title><description>half of i");
  g_autoptr (TlFeedContent) between =
      parse ("<rss><channel><item><title>one</title></item>\n<item><title>two</title></item>\n");

  g_assert_cmpuint (content->entries->len, ==, 1);
  g_assert_cmpstr (content->problem, ==,
                   "The feed breaks off at line 3: “description” is never closed");
  g_assert_cmpuint (between->entries->len, ==, 2);
}

static void
test_entities (void)
{
  g_autoptr (GString) laughs = g_string_new ("<!DOCTYPE rss [<!ENTITY l0 'ha'>");
  g_autoptr (GError) error = NULL;
  g_autoptr (TlFeedContent) content = NULL;
  g_autoptr (TlFeedContent) file = NULL;

  for (int i = 1; i < 30; i++)
    g_string_append_printf (laughs, "<!ENTITY l%d '&l%d;&l%d;&l%d;'>", i, i - 1, i - 1, i - 1);
  g_string_append (laughs, "]><rss><channel><item a='&l29;'><title>&l29;</title>"
                           "<description>&l29;</description></item></channel></rss>");
  content = parse_length (laughs->str, laughs->len, &error);
  if (content && content->entries->len > 0)
    g_assert_cmpuint (strlen (entry_of (content, 0)->title), <, 100);
  file = parse ("<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><channel>"
                "<item><title>&x;</title><description>a&nbsp;b</description></item>"
                "</channel></rss>");
  g_assert_cmpstr (entry_of (file, 0)->title, ==, "&x;");
  g_assert_cmpstr (entry_of (file, 0)->html, ==, "a&nbsp;b");
}

static char *
repeat (const char *before, const char *text, guint times, const char *after)
{
  GString *string = g_string_new (before);

  for (guint i = 0; i < times; i++)
    g_string_append (string, text);
  g_string_append (string, after);
  return g_string_free_and_steal (string);
}

static void
test_deep (void)
{
  g_autofree char *xml = repeat ("<rss><channel>", "<item>", 200000, "");
  g_autofree char *json = repeat ("{\"items\":", "[", 200000, "");
  g_autofree char *page = repeat ("<html>", "<div>", 200000, "");
  g_autofree char *content =
      repeat ("<rss><channel><item><description>", "&lt;b&gt;", 200000, "</description></item>");
  const char *const inputs[] = { xml, json, page, content };

  for (guint i = 0; i < G_N_ELEMENTS (inputs); i++) {
    g_autoptr (GBytes) bytes = g_bytes_new_static (inputs[i], strlen (inputs[i]));
    g_autoptr (TlFeedContent) parsed = tl_feed_parse (bytes, NULL, BASE, NULL);
    g_auto (GStrv) links = tl_feed_discover (bytes, BASE);

    g_assert_cmpuint (g_strv_length (links), ==, 0);
  }
}

static void
test_bounds (void)
{
  g_autofree char *many =
      repeat ("<rss><channel>", "<item><title>x</title><guid/></item>", 10, "</channel></rss>");
  g_autoptr (GString) numbered = g_string_new ("<rss><channel>");
  g_autoptr (GBytes) large =
      g_bytes_new_take (g_malloc0 (TL_FEED_MAX_BYTES + 1), TL_FEED_MAX_BYTES + 1);
  g_autoptr (TlFeedContent) same = parse (many);
  g_autoptr (TlFeedContent) all = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (same->entries->len, ==, 1);
  for (guint i = 0; i < TL_FEED_MAX_ENTRIES + 500; i++)
    g_string_append_printf (numbered, "<item><guid>%u</guid></item>", i);
  g_string_append (numbered, "</channel></rss>");
  all = parse (numbered->str);
  g_assert_cmpuint (all->entries->len, ==, TL_FEED_MAX_ENTRIES);
  g_assert_null (tl_feed_parse (large, NULL, BASE, &error));
  g_assert_cmpstr (error->message, ==, "The feed is larger than 10 MB");
}

static void
test_encodings (void)
{
  static const char wrong[] = "<?xml version='1.0' encoding='utf-8'?><rss><channel><item><title>"
                              "caf\351</title></item></channel></rss>";
  static const char latin[] = "<?xml version='1.0' encoding='iso-8859-1'?><rss><channel><item>"
                              "<title>caf\351</title></item></channel></rss>";
  static const char silent[] = "<rss><channel><item><title>caf\351</title></item></channel></rss>";
  g_autoptr (TlFeedContent) first = parse (wrong);
  g_autoptr (TlFeedContent) second = parse (latin);
  g_autoptr (GBytes) bytes = g_bytes_new_static (silent, strlen (silent));
  g_autoptr (TlFeedContent) third =
      tl_feed_parse (bytes, "text/xml; charset=\"ISO-8859-1\"", BASE, NULL);
  gsize length;
  g_autofree char *utf16 =
      g_convert ("<rss><channel><item><title>café</title></item></channel></rss>", -1, "UTF-16",
                 "UTF-8", NULL, &length, NULL);
  g_autoptr (TlFeedContent) fourth = parse_length (utf16, length, NULL);

  g_assert_true (g_utf8_validate (entry_of (first, 0)->title, -1, NULL));
  g_assert_cmpstr (entry_of (second, 0)->title, ==, "café");
  g_assert_cmpstr (entry_of (third, 0)->title, ==, "café");
  g_assert_cmpstr (entry_of (fourth, 0)->title, ==, "café");
}

static void
test_links (void)
{
  static const struct {
    const char *reference, *address;
  } cases[] = {
    { "javascript:alert(1)", NULL },
    { " JaVaScRiPt:alert(1)", NULL },
    { "java\nscript:alert(1)", NULL },
    { "data:text/html,x", NULL },
    { "file:///etc/passwd", NULL },
    { "http://", NULL },
    { "https:///x", NULL },
    { "mailto:", NULL },
    { "mailto:a@b.example", "mailto:a@b.example" },
    { "//cdn.example/x y", "https://cdn.example/x%20y" },
    { "../é?q=1#f", "https://example.org/%C3%A9?q=1#f" },
    { "HTTP://Example.org", "http://Example.org/" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *address = tl_link_resolve (BASE, cases[i].reference);

    g_assert_cmpstr (address, ==, cases[i].address);
  }
}

static void
test_typed_addresses (void)
{
  static const struct {
    const char *typed, *address;
  } cases[] = {
    { " Example.ORG ", "https://example.org/" },
    { "feed://example.org/rss#top", "http://example.org/rss" },
    { "feed:https://example.org/rss", "https://example.org/rss" },
    { "http://example.org:80/a?b=c", "http://example.org/a?b=c" },
    { "ftp://example.org/", NULL },
    { "https://ann:secret@example.org/", NULL },
    { "javascript:alert(1)", NULL },
    { "", NULL },
    { "https://", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *address = tl_link_normalize (cases[i].typed, &error);

    g_assert_cmpstr (address, ==, cases[i].address);
    g_assert_true ((address == NULL) == (error != NULL));
  }
}

static void
test_discovery (void)
{
  static const char page[] =
      "<!doctype html><html><head><base href='/sub/'>"
      "<link rel='stylesheet' type='text/css' href='x.css'>"
      "<link rel='alternate' type='application/rss+xml' href='comments/feed'>"
      "<link rel='alternate' type='application/rss+xml' href='javascript:x'>"
      "<link rel='ALTERNATE' type='application/atom+xml; charset=utf-8' href='atom.xml'>"
      "<link rel='alternate' type='application/feed+json' href='//j.example/feed.json'>"
      "</head></html>";
  g_autoptr (GBytes) bytes = g_bytes_new_static (page, strlen (page));
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) links = tl_feed_discover (bytes, BASE);

  g_assert_null (tl_feed_parse (bytes, "text/html", BASE, &error));
  g_assert_error (error, TL_FEED_ERROR, TL_FEED_ERROR_PAGE);
  g_assert_cmpuint (g_strv_length (links), ==, 3);
  g_assert_cmpstr (links[0], ==, "https://example.org/sub/atom.xml");
  g_assert_cmpstr (links[1], ==, "https://j.example/feed.json");
  g_assert_cmpstr (links[2], ==, "https://example.org/sub/comments/feed");
}

/* --- mutations ------------------------------------------------------------------------------------- */

static void
mutate (GRand *random, GByteArray *bytes)
{
  static const char *const pieces[] = { "<",    "</item>",   "]]>",      "<![CDATA[", "&#0;", "&a;",
                                        "\0\0", "<!--",      "\377\376", "<item>",    "\"",   "{",
                                        "[",    "xmlns:x='", "<?xml",    "&#x10ffff;" };
  guint edits = (guint)g_rand_int_range (random, 1, 12);

  for (guint i = 0; i < edits && bytes->len > 0; i++) {
    guint at = (guint)g_rand_int_range (random, 0, (gint32)bytes->len);
    guint wanted = (guint)g_rand_int_range (random, 1, 40);
    guint n = MIN (wanted, bytes->len - at);
    g_autofree guint8 *copy = g_memdup2 (bytes->data + at, n);
    const char *piece = pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))];

    switch (g_rand_int_range (random, 0, 4)) {
    case 0:
      bytes->data[at] = (guint8)g_rand_int (random);
      break;
    case 1:
      g_byte_array_remove_range (bytes, at, n);
      break;
    case 2:
      memcpy (bytes->data + at, piece, MIN (strlen (piece), bytes->len - at));
      break;
    default:
      g_byte_array_append (bytes, copy, n);
    }
  }
}

static GPtrArray *
load_seeds (void)
{
  static const char *const own[] = {
    "<rss><channel><title>a</title><item><title>b</title><link>c</link><guid>d</guid><description>"
    "&lt;p&gt;x&lt;/p&gt;</description><pubDate>Wed, 02 Oct 2002 15:00:00 GMT</pubDate></item>"
    "</channel></rss>",
    "<!DOCTYPE feed [<!ENTITY a 'b'>]><feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id>"
    "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>&a;</p></div></content>"
    "<link href='/x'/></entry></feed>",
    "{\"version\":\"1\",\"items\":[{\"id\":1,\"content_html\":\"<p>\",\"authors\":[{}]}]}",
    "<html><head><link rel=alternate type=application/rss+xml href=x></head></html>",
  };
  g_autofree char *folder = samples_folder ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *seeds = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    g_ptr_array_add (seeds, g_bytes_new_static (own[i], strlen (own[i])));
  for (const char *name; dir && (name = g_dir_read_name (dir));) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    char *text;
    gsize length;

    if (g_file_get_contents (path, &text, &length, NULL))
      g_ptr_array_add (seeds, g_bytes_new_take (text, length));
  }
  return seeds;
}

static void
test_mutations (void)
{
  g_autoptr (GPtrArray) seeds = load_seeds ();
  guint seed = (guint)g_test_rand_int ();
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  gint64 end = g_get_monotonic_time () + MUTATIONS_MS * 1000;
  guint n = 0;

  g_test_message ("seed %u", seed);
  for (; n < 20000 && g_get_monotonic_time () < end; n++) {
    GBytes *from = seeds->pdata[g_rand_int_range (random, 0, n % 4 ? 4 : (gint32)seeds->len)];
    gsize length;
    const guint8 *data = g_bytes_get_data (from, &length);
    GByteArray *bytes = g_byte_array_new ();
    g_autoptr (GBytes) mutated = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (TlFeedContent) content = NULL;
    g_auto (GStrv) links = NULL;

    g_byte_array_append (bytes, data, (guint)MIN (length, 8000));
    mutate (random, bytes);
    mutated = g_byte_array_free_to_bytes (bytes);
    content = tl_feed_parse (mutated, NULL, BASE, &error);
    links = tl_feed_discover (mutated, BASE);
    g_assert_true ((content == NULL) == (error != NULL));
    for (guint i = 0; content && i < content->entries->len; i++) {
      TlFeedEntry *entry = entry_of (content, i);

      g_assert_true (g_utf8_validate (entry->guid, -1, NULL) &&
                     g_utf8_validate (entry->title, -1, NULL));
      g_assert_cmpuint (strlen (entry->guid), <=, 512);
    }
  }
  g_test_message ("%u mutated feeds", n);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/feed-parse/reads-real-feeds-or-says-why-not", test_real_feeds);
  g_test_add_func ("/feed-parse/reads-rss", test_rss);
  g_test_add_func ("/feed-parse/reads-rdf", test_rdf);
  g_test_add_func ("/feed-parse/reads-atom", test_atom);
  g_test_add_func ("/feed-parse/reads-atom-0.3", test_atom_03);
  g_test_add_func ("/feed-parse/reads-media-and-podcasts", test_media);
  g_test_add_func ("/feed-parse/reads-json-feed", test_json_feed);
  g_test_add_func ("/feed-parse/reads-dates-as-they-are-found", test_dates);
  g_test_add_func ("/feed-parse/refuses-with-a-sentence", test_refusals);
  g_test_add_func ("/feed-parse/keeps-what-came-before-a-break", test_truncated);
  g_test_add_func ("/feed-parse/expands-no-entities", test_entities);
  g_test_add_func ("/feed-parse/survives-deep-nesting", test_deep);
  g_test_add_func ("/feed-parse/holds-its-bounds", test_bounds);
  g_test_add_func ("/feed-parse/reads-encodings-right-and-wrong", test_encodings);
  g_test_add_func ("/feed-parse/finds-the-feeds-of-a-page", test_discovery);
  g_test_add_func ("/feed-parse/survives-mutations", test_mutations);
  g_test_add_func ("/link/lets-only-harmless-addresses-through", test_links);
  g_test_add_func ("/link/normalizes-what-people-type", test_typed_addresses);
  return g_test_run ();
}
