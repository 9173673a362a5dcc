/* HTML as blocks: what a page says is there, what it does is not, whatever it is made of. */
#include "server/services/news/html-blocks.h"
#include "sync/wire/blocks.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define BASE "https://example.org/blog/post"
#define MUTATIONS_MS 3000

static void
assert_valid (const TlPage *page)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) blocks = tl_blocks_parse (page->blocks, &error);

  g_assert_no_error (error);
  g_assert_nonnull (blocks);
  g_assert_true (g_utf8_validate (page->blocks, -1, NULL));
  g_assert_true (g_utf8_validate (page->text, -1, NULL));
  g_assert_cmpuint (strlen (page->blocks), <, 1024 * 1024);
  g_assert_cmpuint (strlen (page->text), <, 600 * 1024);
  for (guint i = 0; i + 1 < page->pictures->len; i += 2)
    g_assert_true (g_str_has_prefix (page->pictures->pdata[i + 1], "http"));
}

/* Written with ' for " on both sides; [h] stands for a picture's hash. */
static void
assert_blocks (const char *html, const char *expected)
{
  g_autoptr (TlPage) page = tl_page_from_html (html, BASE, NULL);
  g_autofree char *quoted = g_strdelimit (g_strdup (page->blocks), "\"", '\'');
  GString *text = g_string_new (quoted);

  assert_valid (page);
  for (guint i = 0; i + 1 < page->pictures->len; i += 2)
    g_string_replace (text, page->pictures->pdata[i], "[h]", 0);
  g_assert_cmpstr (text->str, ==, expected);
  g_string_free (text, TRUE);
}

#define P(runs) "{'type':'paragraph','runs':[" runs "]}"
#define T(text) "{'t':'" text "'}"

static void
test_text (void)
{
  assert_blocks ("", "[]");
  assert_blocks ("plain", "[" P (T ("plain")) "]");
  assert_blocks ("<p> a\n b <p>&nbsp;<p>c", "[" P (T ("a b")) "," P (T ("c")) "]");
  assert_blocks ("a<br>b<br><br>c<br>", "[" P (T ("a\\nb")) "," P (T ("c")) "]");
  assert_blocks ("<div>x<div>y</div>z</div>", "[" P (T ("x")) "," P (T ("y")) "," P (T ("z")) "]");
  assert_blocks ("<h2>T</h2><hr>",
                 "[{'type':'heading','level':2,'runs':[{'t':'T'}]},{'type':'rule'}]");
}

static void
test_runs (void)
{
  assert_blocks ("a <b>b <i>c</i></b> <s>d</s> <code>e</code>",
                 "[" P ("{'t':'a '},{'t':'b ','b':true},{'t':'c ','b':true,'i':true},"
                        "{'t':'d ','s':true},{'t':'e','c':true}") "]");
  assert_blocks ("see <a href='../x?a=1&amp;b'> here </a>.",
                 "[" P ("{'t':'see '},{'t':'here ','href':'https://example.org/x?a=1&b'},"
                        "{'t':'.'}") "]");
  assert_blocks ("<a href='javascript:x'>j</a><a href='#f'>f</a><a href='mailto:a@b'>m</a>",
                 "[" P ("{'t':'jf'},{'t':'m','href':'mailto:a@b'}") "]");
}

static void
test_containers (void)
{
  assert_blocks ("<ul><li>a<ol><li>b</ol><li><li>c</ul>",
                 "[{'type':'list','ordered':false,'items':[[" P (
                     T ("a")) ",{'type':'list','ordered':true,'"
                              "items':[[" P (T ("b")) "]]}],[" P (T ("c")) "]]}]");
  assert_blocks ("<ul>x<ul><li>y</ul></ul>",
                 "[{'type':'list','ordered':false,'items':[[" P (
                     T ("x")) "],[{'type':'list','ordered':false,'items':[[" P (T ("y")) "]]}]]}]");
  assert_blocks ("<blockquote cite='/c'><p>q</blockquote><blockquote> </blockquote>",
                 "[{'type':'quote','cite':'https://example.org/c','blocks':[" P (T ("q")) "]}]");
  assert_blocks ("<pre class='language-c x'>int  a;\n<b>b</b><br>c</pre>",
                 "[{'type':'code','text':'int  a;\\nb\\nc','language':'c'}]");
  assert_blocks ("<dl><dt>a<dd>b</dl>", "[" P ("{'t':'a','b':true}") "," P (T ("b")) "]");
}

static void
test_tables (void)
{
  assert_blocks ("<table><tr><th>A<th>B<tr><td>1<td><p>2</p><p>3</p></table>",
                 "[{'type':'table','header':true,'rows':[[[{'t':'A'}],[{'t':'B'}]],"
                 "[[{'t':'1'}],[{'t':'2\\n3'}]]]}]");
  assert_blocks ("<table><tr><td>one<td></table>",
                 "[{'type':'table','header':false,'rows':[[[{'t':'one'}],[]]]}]");
  assert_blocks ("<table><tr><td><h1>x</h1><td>y</table>",
                 "[{'type':'heading','level':1,'runs':[{'t':'x'}]}," P (T ("y")) "]");
}

static void
test_pictures (void)
{
  assert_blocks (
      "<p>a<img src='/i.png' width=10 height=40 alt=' an  eye '>b",
      "[" P (T ("a")) ",{'type':'image','src':'[h]','width':10,'height':40,"
                      "'alt':'an eye','url':'https://example.org/i.png'}," P (T ("b")) "]");
  assert_blocks ("<figure><img src=/i><figcaption>the <b>i</b></figcaption></figure>",
                 "[{'type':'image','src':'[h]','url':'https://example.org/i',"
                 "'caption':[{'t':'the '},{'t':'i','b':true}]}]");
  assert_blocks ("<figure><figcaption>c</figcaption><img src=/i></figure>",
                 "[{'type':'image','src':'[h]','url':'https://example.org/i',"
                 "'caption':[{'t':'c'}]}]");
  assert_blocks ("<figure><figcaption>c</figcaption></figure>", "[" P (T ("c")) "]");
  assert_blocks ("<img src='data:image/gif;base64,R0' data-src='/late'><noscript><img src='/late'>"
                 "</noscript>",
                 "[{'type':'image','src':'[h]','url':'https://example.org/late'}]");
  assert_blocks ("<img srcset='/a 1x, /b 2x'>",
                 "[{'type':'image','src':'[h]','url':'https://example.org/a'}]");
  assert_blocks ("nice <img src=/s.png width=16 height=16 alt=':)'>", "[" P (T ("nice :)")) "]");
}

static void
test_dropped (void)
{
  assert_blocks ("<script>alert(1)</script><style>p{}</style><form><input value=x>f</form>"
                 "<img src=/t width=1 height=1><img src=/t height=0><svg><text>s</text></svg>"
                 "<img src='javascript:x'><template>t</template><textarea>t</textarea>",
                 "[]");
  assert_blocks ("<p onclick='x'>a</p><iframe src='javascript:x'></iframe>", "[" P (T ("a")) "]");
}

static void
test_embeds (void)
{
  assert_blocks ("<iframe src='//v.example/1' title='A film'></iframe>"
                 "<video><source src='/v.mp4'>no</video><audio src='/a.mp3'></audio>",
                 "[{'type':'embed','href':'https://v.example/1','title':'A film'},"
                 "{'type':'embed','href':'https://example.org/v.mp4','title':'example.org'},"
                 "{'type':'embed','href':'https://example.org/a.mp3','title':'example.org'}]");
}

static void
test_extras (void)
{
  TlPageExtras extras = { .image = "https://e.example/lead.jpg",
                          .enclosure = "https://e.example/a.mp3" };
  g_autoptr (TlPage) without = tl_page_from_html ("<p>One two three</p>", BASE, &extras);
  g_autoptr (TlPage) with = tl_page_from_html ("<img src=/own>", BASE, &extras);

  g_assert_cmpuint (without->pictures->len, ==, 2);
  g_assert_nonnull (strstr (without->image, "\"src\":\""));
  g_assert_nonnull (strstr (without->blocks, "a.mp3"));
  g_assert_cmpuint (without->words, ==, 3);
  g_assert_cmpstr (without->text, ==, "One two three");
  g_assert_cmpstr (with->pictures->pdata[1], ==, "https://example.org/own");
}

static void
test_lines (void)
{
  g_autofree char *line = tl_html_to_line ("<p>Tom &amp; <b>Jerry</b></p><p>run</p>", 1000, 280);
  g_autofree char *cut = tl_html_to_line ("many short words in a row", 1000, 12);
  g_autofree char *bytes = tl_text_to_line ("ééééééééééé", 16, 280);

  g_assert_cmpstr (line, ==, "Tom & Jerry run");
  g_assert_cmpstr (cut, ==, "many short…");
  g_assert_true (g_utf8_validate (bytes, -1, NULL));
  g_assert_cmpuint (strlen (bytes), <=, 16);
  g_assert_cmpuint (tl_text_count_words ("It's a well-known 3, —, 日本語!"), ==, 7);
}

static char *
repeat (const char *before, const char *text, guint times)
{
  GString *string = g_string_new (before);

  for (guint i = 0; i < times; i++)
    g_string_append (string, text);
  return g_string_free_and_steal (string);
}

/* Each of these takes a naive parser seconds, gigabytes, or its stack. */
static void
test_hostile (void)
{
  static const struct {
    const char *before, *text;
    guint times;
  } cases[] = {
    { "", "<div>", 300000 },
    { "", "<b><a href=x>", 100000 },
    { "", "<ul><li>", 100000 },
    { "", "<blockquote>", 80000 },
    { "", "<table><tr><td>", 60000 },
    { "", "<p>x", 250000 },
    { "", "<img src=/a>", 80000 },
    { "", "a<br>", 200000 },
    { "", "<font size=1 a", 70000 },
    { "<table>", "<b>", 200000 },
    { "<select>", "<option>x", 100000 },
    { "<svg>", "<p>", 100000 },
    { "<pre>", "<i>x", 200000 },
    { "", "</p>", 250000 },
    { "", "<button><p>", 90000 },
    { "", "<!-- ", 200000 },
    { "", "&amp", 250000 },
    { "", "word ", 400000 },
  };
  static const char numbered[] = "<b id=%u>";
  GString *formats = g_string_new ("<p>");
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *html = repeat (cases[i].before, cases[i].text, cases[i].times);
    g_autoptr (TlPage) page = tl_page_from_html (html, BASE, NULL);

    assert_valid (page);
    if (g_test_verbose ())
      g_test_message ("%s: %.2f s", cases[i].text,
                      (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC);
  }
  for (guint i = 0; i < 290; i++)
    g_string_append_printf (formats, numbered, i);
  for (guint i = 0; i < 100000; i++)
    g_string_append (formats, "<p>x</p>");
  {
    g_autoptr (TlPage) page = tl_page_from_html (formats->str, BASE, NULL);

    assert_valid (page);
    g_assert_nonnull (strstr (page->blocks, "left out"));
  }
  g_string_free (formats, TRUE);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 60 * G_USEC_PER_SEC);
}

static const char *const seeds[] = {
  "<h1>T</h1><p>a <b>b</b> <a href='/x'>c</a><br>d</p><ul><li>e<ol><li>f</ol></ul>",
  "<table><thead><tr><th>A<th>B</thead><tr><td>1<td>2</table><blockquote><p>q</blockquote>",
  "<figure><img src='/i.png' width=5><figcaption>c <i>d</i></figcaption></figure><hr>",
  "<pre><code class=language-c>int x;\n</code></pre><iframe src=//v.example></iframe>",
  "<dl><dt>a<dd>b</dl><video><source src=/v></video><form><input></form><svg><g/></svg>",
  "<div><section><p>x</section><table><tr><td><table><tr><td>y</table></table></div>",
};

static void
test_mutations (void)
{
  guint seed = (guint)g_test_rand_int ();
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  gint64 end = g_get_monotonic_time () + MUTATIONS_MS * 1000;
  guint n = 0;

  g_test_message ("seed %u", seed);
  for (; n < 20000 && g_get_monotonic_time () < end; n++) {
    GString *html = g_string_new (NULL);
    guint pieces = (guint)g_rand_int_range (random, 1, 30);

    for (guint i = 0; i < pieces; i++) {
      const char *from = seeds[g_rand_int_range (random, 0, G_N_ELEMENTS (seeds))];
      gint32 length = (gint32)strlen (from);
      gint32 at = g_rand_int_range (random, 0, length);

      g_string_append_len (html, from + at, g_rand_int_range (random, 0, length - at + 1));
      if (g_rand_int_range (random, 0, 4) == 0)
        g_string_append_c (html, (char)g_rand_int_range (random, 1, 256));
    }
    {
      g_autoptr (TlPage) page = tl_page_from_html (html->str, BASE, NULL);

      assert_valid (page);
    }
    g_string_free (html, TRUE);
  }
  g_test_message ("%u mutated pages", n);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/html-blocks/paragraphs-and-headings", test_text);
  g_test_add_func ("/html-blocks/runs-and-links", test_runs);
  g_test_add_func ("/html-blocks/lists-quotes-and-code", test_containers);
  g_test_add_func ("/html-blocks/tables-of-data-and-of-layout", test_tables);
  g_test_add_func ("/html-blocks/pictures-and-captions", test_pictures);
  g_test_add_func ("/html-blocks/leaves-out-what-acts", test_dropped);
  g_test_add_func ("/html-blocks/embeds-are-links", test_embeds);
  g_test_add_func ("/html-blocks/adds-what-the-feed-says-beside", test_extras);
  g_test_add_func ("/html-blocks/lines-and-words", test_lines);
  g_test_add_func ("/html-blocks/survives-hostile-markup", test_hostile);
  g_test_add_func ("/html-blocks/survives-mutations", test_mutations);
  return g_test_run ();
}
