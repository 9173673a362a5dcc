/* Blocks: what the reader shows, from what a server sends. */
#include "sync/wire/blocks.h"

#include <string.h>

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static GPtrArray *
parse (const char *quoted)
{
  g_autofree char *json = g_strdelimit (g_strdup (quoted), "'", '"');
  g_autoptr (GError) error = NULL;
  GPtrArray *blocks = tl_blocks_parse (json, &error);

  g_assert_no_error (error);
  return blocks;
}

static TlBlock *
only (GPtrArray *blocks, TlBlockKind kind)
{
  TlBlock *block;

  g_assert_cmpuint (blocks->len, ==, 1);
  block = blocks->pdata[0];
  g_assert_cmpint (block->kind, ==, kind);
  return block;
}

static void
test_markup (void)
{
  g_autoptr (GPtrArray) blocks =
      parse ("[{'type':'paragraph','runs':[{'t':'a < b & '},{'t':'bold','b':true,'i':true},"
             "{'t':'x','c':true,'href':'https://e.example/?a=1&b=\\u003c'},"
             "{'t':'no','href':'javascript:alert(1)'}]}]");

  g_assert_cmpstr (only (blocks, TL_BLOCK_PARAGRAPH)->markup, ==,
                   "a &lt; b &amp; <b><i>bold</i></b>"
                   "<a href=\"https://e.example/?a=1&amp;b=&lt;\"><tt>x</tt></a>no");
}

static void
test_kinds (void)
{
  g_autoptr (GPtrArray) blocks =
      parse ("[{'type':'heading','level':9,'runs':[{'t':'H'}]},"
             "{'type':'list','ordered':true,'items':[[{'type':'paragraph','runs':[{'t':'1'}]}],"
             "[{'type':'list','items':[[{'type':'paragraph','runs':[{'t':'2'}]}]]}]]},"
             "{'type':'quote','cite':'who','blocks':[{'type':'rule'},"
             "{'type':'paragraph','runs':[{'t':'q'}]}]},"
             "{'type':'code','text':'a\\n  b'},"
             "{'type':'table','header':true,'rows':[[[{'t':'A','b':true}],[]],[[{'t':'1'}],"
             "[{'t':'2'}]]]},"
             "{'type':'image','src':'" HASH "','url':'https://e.example/i','width':3,'height':4,"
             "'alt':'alt','caption':[{'t':'cap'}]},"
             "{'type':'embed','href':'https://v.example/','title':'v'},"
             "{'type':'hologram'},{'type':'image','src':'../etc'},"
             "{'type':'embed','href':'file:///x','title':'no'},7,null,{}]");
  TlBlock *image;
  g_autofree char *text = tl_blocks_to_text (blocks);

  g_assert_cmpuint (blocks->len, ==, 7);
  g_assert_cmpint (((TlBlock *)blocks->pdata[0])->level, ==, 6);
  image = blocks->pdata[5];
  g_assert_cmpstr (image->src, ==, HASH);
  g_assert_cmpint (image->width, ==, 3);
  g_assert_cmpstr (image->markup, ==, "cap");
  g_assert_cmpstr (text, ==, "H\n1\n2\nq\na\n  b\nA\t\n1\t2\ncap\nalt\nv");
}

static void
test_refusals (void)
{
  static const char *const broken[] = { "", "{}", "7", "[", "null", "[{]" };

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (tl_blocks_parse (broken[i], &error));
    g_assert_nonnull (error);
  }
}

static void
test_wrong_values (void)
{
  g_autoptr (GPtrArray) blocks =
      parse ("[{'type':5},{'type':'paragraph','runs':7},{'type':'paragraph','runs':[1,[],{'t':1}]},"
             "{'type':'list','items':{}},{'type':'list','items':[1]},{'type':'quote'},"
             "{'type':'table','rows':[[]]},{'type':'code'},{'type':'heading','runs':[{'t':''}]}]");

  g_assert_cmpuint (((TlBlock *)only (blocks, TL_BLOCK_TABLE))->items->len, ==, 1);
}

static void
test_bounds (void)
{
  GString *deep = g_string_new ("[");
  GString *wide = g_string_new ("[{\"type\":\"rule\"}");
  g_autoptr (GPtrArray) blocks = NULL;
  g_autoptr (GPtrArray) many = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < 60; i++)
    g_string_append (deep, "{\"type\":\"quote\",\"blocks\":[");
  g_string_append (deep, "{\"type\":\"paragraph\",\"runs\":[{\"t\":\"deep\"}]}");
  for (guint i = 0; i < 60; i++)
    g_string_append (deep, "]}");
  g_string_append (deep, "]");
  blocks = parse (deep->str);
  text = tl_blocks_to_text (blocks);
  g_assert_cmpstr (text, ==, "");
  for (guint i = 0; i < 5000; i++)
    g_string_append (wide, ",{\"type\":\"rule\"}");
  g_string_append (wide, "]");
  many = parse (wide->str);
  g_assert_cmpuint (many->len, <=, 2100);
  g_string_free (deep, TRUE);
  g_string_free (wide, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/blocks/runs-become-escaped-markup", test_markup);
  g_test_add_func ("/blocks/reads-every-kind-and-skips-others", test_kinds);
  g_test_add_func ("/blocks/refuses-what-is-no-array", test_refusals);
  g_test_add_func ("/blocks/passes-over-wrong-values", test_wrong_values);
  g_test_add_func ("/blocks/holds-its-bounds", test_bounds);
  return g_test_run ();
}
