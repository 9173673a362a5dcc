/* HTML to blocks, and blocks to what the reader shows: nothing in it acts. */
#include "server/services/news/html-blocks.h"
#include "sync/wire/blocks.h"
#include "tests/fuzz/fuzz.h"

#include <json-glib/json-glib.h>
#include <string.h>

const gboolean tl_fuzz_quotes = FALSE;
const char *const tl_fuzz_seeds[] = {
  "<p>One <b>two <i>three</b></i> <a "
  "href='/x?a=b&amp;c'>four</a></p><ul><li>a<ol><li>b</ol><li>c</ul>",
  "<table><tr><th>a<th>b<tr><td>1<td>2<table><tr><td>3</table></table><pre><code "
  "class=language-c>int x;</code></pre>",
  "<figure><img src=a.png srcset='b.png 2x, c.png 3x' width=10 height=20 alt=x><figcaption>c "
  "<em>d</em></figcaption></figure>",
  "<script>alert(1)</script><style>p{}</style><svg onload=alert(1)><iframe "
  "src='https://v.example/1'></iframe>",
  "<a href='javascript:alert(1)'>x</a><a href=' jAvAsCrIpT&#58;alert(1)'>y</a><img src=x "
  "onerror=alert(1)><img src='data:image/png;base64,AAAA'>",
  "<blockquote "
  "cite=x><p>q<blockquote>r</blockquote></blockquote><hr><h1>h</h1><dl><dt>a<dd>b</dl><video "
  "src=v.mp4 poster=p.jpg>",
  "&lt;p&gt;&amp;amp;&#1;&#xD800;&nbsp;<br><br/>text<![CDATA[x]]><!-- c --><?pi?>",
  "&lt<iframe src='https://v.e:ample/1'></iframe><a href='http://a:b@c:99999/'>x</a>",
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

/* No address but of the web and of mail, wherever it stands. */
static void
check_addresses (JsonNode *node)
{
  if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_node_get_array (node);

    for (guint i = 0; i < json_array_get_length (array); i++)
      check_addresses (json_array_get_element (array, i));
  } else if (JSON_NODE_HOLDS_OBJECT (node)) {
    JsonObjectIter iter;
    const char *member;
    JsonNode *value;

    json_object_iter_init (&iter, json_node_get_object (node));
    while (json_object_iter_next (&iter, &member, &value)) {
      const char *text = JSON_NODE_HOLDS_VALUE (value) ? json_node_get_string (value) : NULL;

      check_addresses (value);
      if (text && (g_str_equal (member, "href") || g_str_equal (member, "url")))
        g_assert_true (g_str_has_prefix (text, "https://") || g_str_has_prefix (text, "http://") ||
                       g_str_has_prefix (text, "mailto:"));
    }
  }
}

static void
check_markup (const char *markup)
{
  g_autofree char *whole = g_strconcat ("<m>", markup, "</m>", NULL);
  static const GMarkupParser nothing = { 0 };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&nothing, 0, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_markup_parse_context_parse (context, whole, -1, &error);
  g_assert_no_error (error);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *bytes = g_strndup ((const char *)data, size);
  g_autofree char *html = g_utf8_make_valid (bytes, -1);
  g_autoptr (TlPage) page = tl_page_from_html (html, "https://site.example/a/b", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (page->blocks, &error);
  g_autoptr (GPtrArray) blocks = NULL;

  g_assert_no_error (error);
  check_addresses (node);
  blocks = tl_blocks_parse (page->blocks, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < blocks->len; i++) {
    const TlBlock *block = blocks->pdata[i];

    if (block->markup)
      check_markup (block->markup);
  }
  g_free (tl_blocks_to_text (blocks));
  return 0;
}
