/* Blocks as a server may send them: what the reader gets of them is sound markup. */
#include "sync/wire/blocks.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

const gboolean tl_fuzz_quotes = TRUE;
const char *const tl_fuzz_seeds[] = {
  "[{'type':'paragraph','runs':[{'t':'a & "
  "<b>','b':true,'i':true,'href':'https://a.example/?x=1&y=2'}]}]",
  "[{'type':'list','ordered':true,'items':[[{'type':'rule'}],[{'type':'quote','blocks':[],'cite':'"
  "x'}]]}]",
  "[{'type':'table','header':true,'rows':[[[{'t':'a'}],[{'t':'b','c':true}]]]},{'type':'code','"
  "text':'x','language':'c'}]",
  "[{'type':'image','src':'00','url':'https://a.example/"
  "','width':1,'height':2,'alt':'a','caption':[{'t':'c'}]}]",
  "[{'type':'heading','level':3,'runs':[{'t':'h','s':true,'href':'javascript:1'}]},{'type':'embed',"
  "'href':'https://v.example/','title':'v'}]",
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

static void
check_markup (const char *markup)
{
  g_autofree char *whole = g_strconcat ("<m>", markup, "</m>", NULL);
  static const GMarkupParser nothing = { 0 };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&nothing, 0, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_markup_parse_context_parse (context, whole, -1, &error);
  g_assert_no_error (error);
  g_assert_null (strstr (markup, "<a href=\"javascript:"));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *json = g_strndup ((const char *)data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) blocks = tl_blocks_parse (json, &error);

  g_assert_true ((blocks == NULL) == (error != NULL));
  for (guint i = 0; blocks && i < blocks->len; i++) {
    const TlBlock *block = blocks->pdata[i];

    if (block->markup)
      check_markup (block->markup);
  }
  if (blocks)
    g_free (tl_blocks_to_text (blocks));
  return 0;
}
