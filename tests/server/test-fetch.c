/* Fetching what people point us at: validators, redirects, bounds, and where we do not go. */
#include "server/services/news/address.h"
#include "server/services/news/fetch.h"
#include "tests/server/site.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static const TlFetchOptions open_options = { .accept = "*/*",
                                             .max_size = 100 * 1024,
                                             .allow_private = TRUE };

static TlFetched *
fetch (Site *site, const char *path, const TlFetchOptions *options)
{
  g_autofree char *url = site_url (site, path);
  g_autoptr (GError) error = NULL;
  TlFetched *fetched = tl_fetch (url, options, NULL, &error);

  g_assert_no_error (error);
  return fetched;
}

static char *
refusal (const char *url, const TlFetchOptions *options, gint64 *retry_after)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (tl_fetch (url, options, retry_after, &error));
  g_assert_true (error->domain == TL_FETCH_ERROR);
  return g_strdup (error->message);
}

static char *
refusal_of (Site *site, const char *path, const TlFetchOptions *options)
{
  g_autofree char *url = site_url (site, path);

  return refusal (url, options, NULL);
}

static void
test_validators (void)
{
  g_autoptr (Site) site = site_new ();
  TlFetchOptions options = open_options;
  g_autoptr (TlFetched) first = NULL;
  g_autoptr (TlFetched) second = NULL;
  g_autofree char *head = NULL;

  site_put (site, "/feed", 200,
            "ETag: \"v1\"\r\nLast-Modified: Wed, 02 Oct 2002 15:00:00 GMT\r\n"
            "Content-Type: text/xml\r\n",
            "hello");
  first = fetch (site, "/feed", &options);
  g_assert_cmpuint (first->status, ==, 200);
  g_assert_cmpuint (g_bytes_get_size (first->body), ==, 5);
  g_assert_cmpstr (first->etag, ==, "\"v1\"");
  g_assert_cmpstr (first->type, ==, "text/xml");
  g_assert_null (first->moved_to);
  options.etag = first->etag;
  options.last_modified = first->last_modified;
  second = fetch (site, "/feed", &options);
  g_assert_cmpuint (second->status, ==, 304);
  head = site_last_head (site);
  g_assert_nonnull (strstr (head, "If-None-Match: \"v1\""));
  g_assert_nonnull (strstr (head, "If-Modified-Since: Wed, 02 Oct 2002 15:00:00 GMT"));
  g_assert_nonnull (strstr (head, "User-Agent: Tideline/0.1 (+https://tideline.org)"));
}

static void
test_redirects (void)
{
  g_autoptr (Site) site = site_new ();
  g_autofree char *end = site_url (site, "/end");
  g_autofree char *middle = site_url (site, "/middle");
  g_autoptr (TlFetched) moved = NULL;
  g_autoptr (TlFetched) partly = NULL;
  g_autofree char *endless = NULL;
  g_autofree char *script = NULL;

  site_put (site, "/a", 301, "Location: /middle\r\n", "");
  site_put (site, "/b", 301, "Location: /lent\r\n", "");
  site_put (site, "/middle", 308, "Location: SITE/end\r\n", "");
  site_put (site, "/lent", 302, "Location: end\r\n", "");
  site_put (site, "/end", 200, "", "x");
  site_put (site, "/loop", 301, "Location: /loop\r\n", "");
  site_put (site, "/script", 302, "Location: javascript:alert(1)\r\n", "");
  moved = fetch (site, "/a", &open_options);
  g_assert_cmpstr (moved->url, ==, end);
  g_assert_cmpstr (moved->moved_to, ==, end);
  partly = fetch (site, "/b", &open_options);
  g_assert_cmpstr (partly->url, ==, end);
  g_assert_true (g_str_has_suffix (partly->moved_to, "/lent"));
  endless = refusal_of (site, "/loop", &open_options);
  g_assert_cmpstr (endless, ==, "“127.0.0.1” sends us on more than 5 times");
  g_assert_cmpuint (site_count (site, "/loop"), ==, 6);
  script = refusal_of (site, "/script", &open_options);
  g_assert_cmpstr (script, ==, "“127.0.0.1” sends us on to an address that is none");
}

static void
test_errors (void)
{
  g_autoptr (Site) site = site_new ();
  g_autofree char *busy_url = site_url (site, "/busy");
  g_autofree char *long_text = g_strnfill (200 * 1024, 'x');
  gint64 retry_after = 0;
  g_autofree char *missing = refusal_of (site, "/missing", &open_options);
  g_autofree char *busy = NULL;
  g_autofree char *large = NULL;
  g_autofree char *unknown = refusal ("http://nowhere.invalid/", &open_options, NULL);
  g_autofree char *closed = refusal ("http://127.0.0.1:1/", &open_options, NULL);

  g_assert_cmpstr (missing, ==, "“127.0.0.1” does not have this (404)");
  g_assert_cmpstr (unknown, ==, "“nowhere.invalid” cannot be reached: there is no such server");
  g_assert_cmpstr (closed, ==, "“127.0.0.1” cannot be reached: it refuses the connection");
  site_put (site, "/busy", 429, "Retry-After: 120\r\n", "");
  busy = refusal (busy_url, &open_options, &retry_after);
  g_assert_cmpstr (busy, ==, "“127.0.0.1” asks us to come less often (429)");
  g_assert_cmpint (retry_after, ==, 120);
  site_put (site, "/large", 200, "", long_text);
  large = refusal_of (site, "/large", &open_options);
  g_assert_true (g_str_has_prefix (large, "What “127.0.0.1” sends is larger than"));
}

static void
test_guard (void)
{
  static const char *const inside[] = { "http://127.0.0.1:1/",  "http://localhost:1/",
                                        "http://[::1]:1/",      "http://[::ffff:127.0.0.1]:1/",
                                        "http://2130706433:1/", "http://0.0.0.0:1/",
                                        "http://10.0.0.1:1/",   "http://169.254.169.254/" };
  TlFetchOptions options = open_options;

  options.allow_private = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (inside); i++) {
    g_autofree char *why = refusal (inside[i], &options, NULL);

    g_assert_true (
        g_str_has_suffix (why, "is an address inside a private network, which is not visited"));
  }
  for (guint i = 0; i < G_N_ELEMENTS (inside); i++) {
    g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
    g_autoptr (GError) error = NULL;
    guint status;

    g_assert_false (tl_post (inside[i], body, (const char *[]){ NULL }, FALSE, &status, &error));
    g_assert_error (error, TL_FETCH_ERROR, TL_FETCH_ERROR_REFUSED);
  }
}

static gboolean
is_public (const char *text)
{
  struct sockaddr_in four = { .sin_family = AF_INET };
  struct sockaddr_in6 six = { .sin6_family = AF_INET6 };

  if (inet_pton (AF_INET, text, &four.sin_addr) == 1)
    return tl_address_is_public ((struct sockaddr *)&four);
  g_assert_cmpint (inet_pton (AF_INET6, text, &six.sin6_addr), ==, 1);
  return tl_address_is_public ((struct sockaddr *)&six);
}

static void
test_addresses (void)
{
  static const char *const inside[] = {
    "0.0.0.0",     "10.1.2.3",       "100.64.0.1",    "127.0.0.1",       "127.255.255.255",
    "169.254.1.1", "172.16.0.1",     "172.31.9.9",    "192.168.0.1",     "198.18.0.1",
    "224.0.0.1",   "240.0.0.1",      "192.0.0.8",     "255.255.255.255", "::",
    "::1",         "::ffff:8.8.8.8", "fc00::1",       "fd12::1",         "fe80::1",
    "ff02::1",     "2001:db8::1",    "2002:7f00:1::", "64:ff9b::7f00:1", "fec0::1",
  };
  static const char *const outside[] = { "8.8.8.8",     "172.32.0.1",          "100.128.0.1",
                                         "193.0.0.1",   "2606:4700::1111",     "2a00:1450::8a",
                                         "126.255.1.1", "2001:4860:4860::8888" };

  for (guint i = 0; i < G_N_ELEMENTS (inside); i++)
    g_assert_false (is_public (inside[i]));
  for (guint i = 0; i < G_N_ELEMENTS (outside); i++)
    g_assert_true (is_public (outside[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fetch/asks-whether-it-changed", test_validators);
  g_test_add_func ("/fetch/follows-redirects-and-tells-the-permanent-ones", test_redirects);
  g_test_add_func ("/fetch/errors-are-sentences", test_errors);
  g_test_add_func ("/fetch/does-not-visit-private-networks", test_guard);
  g_test_add_func ("/address/knows-what-is-public", test_addresses);
  return g_test_run ();
}
