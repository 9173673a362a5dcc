/* Feeds of every kind: what comes out is bounded UTF-8. */
#define _GNU_SOURCE
#include "server/services/news/feed-parse.h"
#include "server/services/news/html-blocks.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

const gboolean tl_fuzz_quotes = FALSE;
const char *const tl_fuzz_seeds[] = {
  "<?xml version='1.0'?><rss version='2.0' "
  "xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>"
  "<title>T</title><link>https://a.example/</link><item><guid>1</guid><title>A &amp; "
  "b</title><link>/x</link>"
  "<pubDate>Mon, 06 Sep 2021 00:01:00 "
  "+0000</pubDate><content:encoded><![CDATA[<p>x</p>]]></content:encoded>"
  "<enclosure url='e.mp3' type='audio/mpeg' length='1'/></item></channel></rss>",
  "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://a.example/b/'><title "
  "type='html'>&lt;b&gt;T</title>"
  "<link rel='alternate' "
  "href='/'/><entry><id>tag:1</id><title>x</title><updated>2021-01-01T00:00:00Z</updated>"
  "<author><name>n</name></author><content type='xhtml'><div "
  "xmlns='http://www.w3.org/1999/xhtml'><p>q</p></div>"
  "</content></entry></feed>",
  "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
  "xmlns='http://purl.org/rss/1.0/'><channel>"
  "<title>T</title></channel><item "
  "rdf:about='x'><title>i</title><link>https://a.example/1</link></item></rdf:RDF>",
  "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",\"home_page_url\":\"https://"
  "a.example/\",\"items\":"
  "[{\"id\":\"1\",\"url\":\"/"
  "x\",\"content_html\":\"<p>x\",\"date_published\":\"2021-01-01T00:00:00Z\",\"authors\":[{}]}]}",
  "<!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c "
  "'&b;&b;&b;&b;&b;&b;&b;'>"
  "<!ENTITY d SYSTEM "
  "'file:///etc/passwd'>]><rss><channel><title>&c;&d;</title><item><title>&c;</title></item></"
  "channel></rss>",
  "<?xml version='1.0' "
  "encoding='iso-8859-1'?><rss><channel><title>\xe9t\xe9</title><item><description>&eacute;&nbsp;"
  "</description></item></channel></rss>",
  "<html><head><link rel='alternate' type='application/rss+xml' href='/feed'></head></html>",
  NULL,
};

void
tl_fuzz_begin (void)
{
}

void
tl_fuzz_end (void)
{
}

#define SECRET "root:x:0"    /* of /etc/passwd */
static gboolean says_secret; /* the input itself does */

static void
check (const char *text, gsize max)
{
  if (text == NULL)
    return;
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpuint (strlen (text), <=, max);
  g_assert_true (says_secret || strstr (text, SECRET) == NULL); /* no file of ours */
}

static void
check_entry (const TlFeedEntry *entry)
{
  check (entry->guid, 512);
  check (entry->title, 100000);
  check (entry->url, 4096);
  check (entry->author, 100000);
  check (entry->html, TL_FEED_MAX_BYTES);
  check (entry->summary, TL_FEED_MAX_BYTES);
  check (entry->image, 4096);
  check (entry->enclosure, 4096);
  g_assert_nonnull (entry->guid);
  g_assert_nonnull (entry->title);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const char *const types[] = { NULL, "application/xml", "application/feed+json",
                                       "text/html; charset=utf-16" };
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (TlFeedContent) feed =
      tl_feed_parse (bytes, types[size % G_N_ELEMENTS (types)], "https://a.example/feed", &error);
  g_auto (GStrv) links = tl_feed_discover (bytes, "https://a.example/");

  says_secret = size > 0 && memmem (data, size, SECRET, strlen (SECRET));
  g_assert_true ((feed == NULL) == (error != NULL));
  for (guint i = 0; links[i]; i++)
    check (links[i], 4096);
  if (feed == NULL)
    return 0;
  check (feed->title, 100000);
  g_assert_cmpuint (feed->entries->len, <=, TL_FEED_MAX_ENTRIES);
  for (guint i = 0; i < feed->entries->len; i++)
    check_entry (feed->entries->pdata[i]);
  return 0;
}
