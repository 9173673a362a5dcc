/* The news service on a real database and a real web site: following, fetching, what changes for whom. */
#include "server/services/news/news.h"
#include "tests/server/household.h"
#include "tests/server/site.h"

#include <string.h>

#define N G_GINT64_FORMAT

typedef struct {
  Household *house;
  Site *site;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->house = household_new ();
  self->house->server.config->allow_private_feeds = TRUE;
  self->site = site_new ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  site_free (self->site);
  household_free (self->house);
}

static char *
rss (const char *items)
{
  return g_strdup_printf ("<rss version='2.0'><channel><title>Tides</title><link>SITE/</link>"
                          "<description>On water</description>%s</channel></rss>",
                          items);
}

static void
put_feed (Fixture *self, const char *path, const char *headers, const char *items)
{
  g_autofree char *feed = rss (items);

  site_put (self->site, path, 200, headers, feed);
}

static char *
subscribe (Fixture *self, gint64 account, const char *path)
{
  g_autofree char *url = *path == '/' ? site_url (self->site, path) : g_strdup (path);
  g_autofree char *call = g_strdup_printf (
      "['Subscription/set',{'accountId':ACCOUNT,'create':{'s':{'url':'%s'}}},'0']", url);

  return household_call_text (self->house, account, call);
}

static gint64
number (Fixture *self, const char *sql)
{
  return household_number (self->house->pg, "%s", sql);
}

static char *
text (Fixture *self, const char *sql)
{
  return household_sql (self->house->pg, "%s", sql);
}

/* Runs the job of the only feed; gives in how many minutes it is due again, 0 for never. */
static int
fetch (Fixture *self)
{
  g_autofree char *key = text (self, "SELECT id FROM news.feed ORDER BY id LIMIT 1");
  TlJob job = { .key = key, .payload = "{}" };
  g_autoptr (GError) error = NULL;
  gint64 next = 0;

  tl_feed_fetch_job.run (&self->house->server, self->house->pg, &job, &next, &error);
  g_assert_no_error (error);
  return next ? (int)((next - g_get_real_time ()) / (60 * G_USEC_PER_SEC)) : 0;
}

static guint
count_articles (Fixture *self, gint64 account)
{
  g_autoptr (JsonObject) answer =
      household_call (self->house, account, "['Article/query',{'accountId':ACCOUNT},'0']", NULL);

  return json_array_get_length (json_object_get_array_member (answer, "ids"));
}

static gint64
count_log (Fixture *self)
{
  return number (self, "SELECT count(*) FROM sync.change");
}

#define ITEM(n, body)                                                                              \
  "<item><guid>" n "</guid><title>Item " n "</title><description>" body "</description></item>"

static void
test_follow (Fixture *self, gconstpointer data)
{
  g_autofree char *made = NULL;
  g_autofree char *again = NULL;
  g_autofree char *second = NULL;
  g_autofree char *feed = NULL;

  put_feed (self, "/feed", "",
            ITEM ("2", "&lt;p&gt;Second &lt;img src='/i.png'&gt;&lt;/p&gt;") ITEM ("1", "First"));
  made = subscribe (self, self->house->ada, "/feed");
  g_assert_nonnull (strstr (made, "\"created\":{\"s\":{"));
  g_assert_nonnull (strstr (made, "\"feedId\""));
  g_assert_cmpint (number (self, "SELECT count(*) FROM sync.job WHERE kind = 'feed.fetch'"), ==, 1);
  g_assert_cmpint (fetch (self), >=, 13);
  g_assert_cmpuint (count_articles (self, self->house->ada), ==, 2);
  g_assert_cmpuint (count_articles (self, self->house->ben), ==, 0);
  again = subscribe (self, self->house->ada, "/feed");
  g_assert_nonnull (strstr (again, "url: you already follow this"));
  second = subscribe (self, self->house->ben, "/feed");
  g_assert_cmpint (number (self, "SELECT count(*) FROM news.feed"), ==, 1);
  g_assert_cmpuint (count_articles (self, self->house->ben), ==, 2);
  feed = text (self, "SELECT title || '|' || description FROM news.feed");
  g_assert_cmpstr (feed, ==, "Tides|On water");
  g_assert_cmpint (number (self, "SELECT count(*) FROM news.picture"), ==, 1);
  g_assert_cmpint (number (self, "SELECT max(id) - min(id) FROM news.article WHERE guid = '2'"), ==,
                   0);
  g_assert_cmpint (number (self, "SELECT count(*) FROM news.article a, news.article b "
                                 "WHERE a.guid = '1' AND b.guid = '2' AND a.id < b.id"),
                   ==, 1);
  g_assert_cmpint (number (self, "SELECT count(*) FROM news.article WHERE search @@ "
                                 "to_tsquery('simple', 'second')"),
                   ==, 1);
}

static void
test_refusals (Fixture *self, gconstpointer data)
{
  g_autofree char *scheme = subscribe (self, self->house->ada, "ftp://example.org/");
  g_autofree char *secret = subscribe (self, self->house->ada, "https://a:b@example.org/");
  g_autofree char *feed = household_call_text (
      self->house, self->house->ada,
      "['Feed/set',{'accountId':ACCOUNT,'create':{'f':{'url':'http://x.example/'}}},'0']");

  g_assert_nonnull (strstr (scheme, "url: only http and https addresses are followed"));
  g_assert_nonnull (strstr (secret, "url: an address with a user name"));
  g_test_message ("%s", feed);
  g_assert_null (strstr (feed, "\"created\":{\"f\":"));
  g_assert_cmpint (number (self, "SELECT count(*) FROM news.feed"), ==, 0);
}

static void
test_unchanged (Fixture *self, gconstpointer data)
{
  g_autofree char *made = NULL;
  gint64 before;

  put_feed (self, "/feed", "ETag: \"1\"\r\n", ITEM ("1", "First"));
  made = subscribe (self, self->house->ada, "/feed");
  fetch (self);
  before = count_log (self);
  fetch (self);
  put_feed (self, "/feed", "ETag: \"2\"\r\n", ITEM ("1", "First"));
  fetch (self);
  put_feed (self, "/feed", "ETag: \"3\"\r\n", ITEM ("1", "First") "<!-- x -->");
  fetch (self);
  g_assert_cmpuint (site_count (self->site, "/feed"), ==, 4);
  g_assert_cmpint (count_log (self), ==, before);
  put_feed (self, "/feed", "", ITEM ("2", "New") ITEM ("1", "Edited"));
  fetch (self);
  g_assert_cmpint (count_log (self), ==, before + 2);
  g_assert_cmpint (number (self, "SELECT count(*) FROM sync.change WHERE type = 4 AND kind = 'u' "
                                 "AND 'blocks' = ANY (props)"),
                   ==, 1);
  g_assert_cmpint (number (self, "SELECT count(*) FROM news.article WHERE summary = 'Edited'"), ==,
                   1);
}

static void
test_trouble (Fixture *self, gconstpointer data)
{
  g_autofree char *made = NULL;
  g_autofree char *error = NULL;
  g_autofree char *page = NULL;
  gint64 before;
  int first;

  put_feed (self, "/feed", "", ITEM ("1", "First"));
  made = subscribe (self, self->house->ada, "/feed");
  fetch (self);
  before = count_log (self);
  site_put (self->site, "/feed", 500, "", "");
  first = fetch (self);
  error = text (self, "SELECT error FROM news.feed");
  g_assert_cmpstr (error, ==, "“127.0.0.1” has a problem of its own (500)");
  g_assert_cmpint (count_log (self), ==, before + 1);
  g_assert_cmpint (fetch (self), >, first);
  g_assert_cmpint (fetch (self), >, 2 * first);
  g_assert_cmpint (count_log (self), ==, before + 1);
  site_put (self->site, "/feed", 410, "", "");
  g_assert_cmpint (fetch (self), >, 20 * 60);
  site_put (self->site, "/feed", 200, "", "<html><body>Parked</body></html>");
  fetch (self);
  page = text (self, "SELECT error FROM news.feed");
  g_assert_cmpstr (page, ==, "This is an HTML page, not a feed, and it links to none");
  put_feed (self, "/feed", "", ITEM ("1", "First"));
  before = count_log (self);
  g_assert_cmpint (fetch (self), <=, 6 * 60 + 40);
  g_assert_cmpint (number (self, "SELECT count(*) FROM news.feed WHERE error IS NULL"), ==, 1);
  g_assert_cmpint (count_log (self), ==, before + 1);
}

static void
test_discovery (Fixture *self, gconstpointer data)
{
  g_autofree char *url = site_url (self->site, "/real");
  g_autofree char *made = NULL;
  g_autofree char *found = NULL;
  g_autofree char *moved = NULL;

  site_put (self->site, "/", 200, "Content-Type: text/html\r\n",
            "<!DOCTYPE html><link rel=alternate type=application/rss+xml href=real>");
  put_feed (self, "/real", "", ITEM ("1", "First"));
  made = subscribe (self, self->house->ada, "/");
  fetch (self);
  found = text (self, "SELECT url FROM news.feed");
  g_assert_cmpstr (found, ==, url);
  g_assert_cmpuint (count_articles (self, self->house->ada), ==, 1);
  put_feed (self, "/new", "", ITEM ("1", "First"));
  site_put (self->site, "/real", 301, "Location: /new\r\n", "");
  fetch (self);
  moved = text (self, "SELECT url FROM news.feed");
  g_assert_true (g_str_has_suffix (moved, "/new"));
  g_assert_cmpuint (count_articles (self, self->house->ada), ==, 1);
}

static void
test_guard (Fixture *self, gconstpointer data)
{
  g_autofree char *made = NULL;
  g_autofree char *error = NULL;

  put_feed (self, "/feed", "", ITEM ("1", "First"));
  made = subscribe (self, self->house->ada, "/feed");
  self->house->server.config->allow_private_feeds = FALSE;
  fetch (self);
  error = text (self, "SELECT error FROM news.feed");
  g_assert_cmpstr (error, ==,
                   "“127.0.0.1” is an address inside a private network, which is not visited");
  g_assert_cmpuint (site_count (self->site, "/feed"), ==, 0);
}

static void
test_leave (Fixture *self, gconstpointer data)
{
  g_autofree char *made = NULL;
  g_autofree char *gone = NULL;
  g_autofree char *call = NULL;

  put_feed (self, "/feed", "", ITEM ("1", "First"));
  made = subscribe (self, self->house->ada, "/feed");
  fetch (self);
  call = g_strdup_printf ("['Subscription/set',{'accountId':ACCOUNT,'destroy':['t%" N "']},'0']",
                          number (self, "SELECT id FROM news.subscription"));
  gone = household_call_text (self->house, self->house->ada, call);
  g_assert_nonnull (strstr (gone, "\"destroyed\":[\"t"));
  g_assert_cmpuint (count_articles (self, self->house->ada), ==, 0);
  g_assert_cmpint (fetch (self), ==, 0);
  g_assert_cmpuint (site_count (self->site, "/feed"), ==, 1);
}

static char *
mark (Fixture *self, gint64 account, gint64 article)
{
  g_autofree char *call =
      g_strdup_printf ("['ArticleMark/set',{'accountId':ACCOUNT,'create':{'m':{'articleId':'t%" N
                       "','isStarred':true}}},'0']",
                       article);

  return household_call_text (self->house, account, call);
}

static void
test_marks (Fixture *self, gconstpointer data)
{
  g_autofree char *made = NULL;
  g_autofree char *own = NULL;
  g_autofree char *foreign = NULL;
  g_autofree char *nothing = NULL;
  gint64 article;

  put_feed (self, "/feed", "", ITEM ("1", "First"));
  made = subscribe (self, self->house->ada, "/feed");
  fetch (self);
  article = number (self, "SELECT id FROM news.article");
  own = mark (self, self->house->ada, article);
  foreign = mark (self, self->house->ben, article);
  nothing = mark (self, self->house->ada, article + 1000);
  g_assert_nonnull (strstr (own, "\"created\":{\"m\":"));
  g_assert_nonnull (strstr (foreign, "articleId: there is no such article in what you follow"));
  g_assert_nonnull (strstr (nothing, "articleId: there is no such article in what you follow"));
}

static void
test_hostile_feed (Fixture *self, gconstpointer data)
{
  GString *items = g_string_new ("<item><guid>long</guid><title>");
  g_autofree char *made = NULL;

  for (guint i = 0; i < 3000; i++)
    g_string_append (items, "é&lt;b>");
  g_string_append (items, "</title><link>javascript:alert(1)</link><description>");
  for (guint i = 0; i < 120000; i++)
    g_string_append_printf (items, "w%u ", i);
  g_string_append (items, "</description><pubDate>Wed, 02 Oct 2199 15:00:00 GMT</pubDate></item>"
                          "<item><title>&#9;</title><guid>");
  for (guint i = 0; i < 500; i++)
    g_string_append (items, "guid-");
  g_string_append (items, "</guid></item><item/>");
  put_feed (self, "/feed", "", items->str);
  g_string_free (items, TRUE);
  made = subscribe (self, self->house->ada, "/feed");
  fetch (self);
  g_assert_cmpuint (count_articles (self, self->house->ada), ==, 2);
  g_assert_cmpint (number (self,
                           "SELECT count(*) FROM news.article WHERE octet_length(title) > 1024 "
                           "OR octet_length(summary) > 1024 OR octet_length(guid) > 512 "
                           "OR \"publishedAt\" > now() + interval '1 day' OR url IS NOT NULL "
                           "OR octet_length(blocks::text) > 1048576"),
                   ==, 0);
}

/* Its readers see why nothing comes, once; then it goes on. */
static void
test_paused (Fixture *self, gconstpointer data)
{
  g_autofree char *made = NULL, *why = NULL;
  gint64 changes;

  put_feed (self, "/feed", "", ITEM ("1", "First"));
  made = subscribe (self, self->house->ada, "/feed");
  fetch (self);
  g_free (text (self, "INSERT INTO sync.job (kind, key, run_at) "
                      "SELECT 'feed.paused', id::text, 'infinity' FROM news.feed"));
  put_feed (self, "/feed", "", ITEM ("2", "Second"));
  changes = count_log (self);
  g_assert_cmpint (fetch (self), >, 1000);
  why = household_call_text (self->house, self->house->ada,
                             "['Feed/get',{'accountId':ACCOUNT,'ids':null},'0']");
  g_assert_nonnull (strstr (why, "The administrator of this server has paused this feed"));
  g_assert_cmpint (count_log (self), ==, changes + 1);
  fetch (self);
  g_assert_cmpint (count_log (self), ==, changes + 1);
  g_assert_cmpuint (site_count (self->site, "/feed"), ==, 1);
  g_free (text (self, "DELETE FROM sync.job WHERE kind = 'feed.paused'"));
  fetch (self);
  g_assert_cmpuint (count_articles (self, self->house->ada), ==, 2);
  g_assert_cmpint (number (self, "SELECT count(*) FROM news.feed WHERE error IS NULL"), ==, 1);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *self, gconstpointer data);
  } tests[] = {
    { "/news/following-a-feed-brings-its-articles", test_follow },
    { "/news/refuses-what-cannot-be-followed", test_refusals },
    { "/news/an-unchanged-feed-changes-nothing", test_unchanged },
    { "/news/trouble-is-a-sentence-and-waits-longer", test_trouble },
    { "/news/finds-the-feed-of-a-page-and-follows-it-when-it-moves", test_discovery },
    { "/news/private-networks-are-not-visited", test_guard },
    { "/news/leaving-a-feed-ends-it", test_leave },
    { "/news/marks-only-what-one-sees", test_marks },
    { "/news/a-paused-feed-says-so-and-goes-on-later", test_paused },
    { "/news/a-hostile-feed-fits-its-columns", test_hostile_feed },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
