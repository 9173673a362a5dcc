/* Patches and JSON pointers: an object, a patch and a pointer, a line each. */
#include "sync/wire/patch.h"
#include "sync/wire/pointer.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

const gboolean tl_fuzz_quotes = TRUE;
const char *const tl_fuzz_seeds[] = {
  "{'a':1,'b':{'c':[1,2,{'d':null}]}}\n{'a':2,'b/c':[3],'b/e':{}}\n/b/c/2/d",
  "{'list':[{'id':'t1','x':[1,2]},{'id':'t2','x':[3]}]}\n{'list':null}\n/list/*/x",
  "{'notify':{'a~b':{'c/d':true}}}\n{'notify/a~0b/c~1d':false,'notify/x':1}\n/notify/a~0b/c~1d",
  "{}\n{'a/b':1}\n",
  "{'a':{'b':1}}\n{'a':{},'a/b':2}\n/a",
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

static JsonNode *
parse (const char *text)
{
  return text ? json_from_string (text, NULL) : NULL;
}

/* What is applied is JSON that can be written; neither argument changes. */
static void
apply (JsonNode *object, JsonNode *patch)
{
  g_autofree char *before = json_to_string (object, FALSE);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) result =
      tl_patch_apply (json_node_get_object (object), json_node_get_object (patch), &error);

  g_assert_true ((result == NULL) == (error != NULL));
  after = json_to_string (object, FALSE);
  g_assert_cmpstr (before, ==, after);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 3);
  guint n = g_strv_length (lines);
  g_autoptr (JsonNode) object = n > 0 ? parse (lines[0]) : NULL;
  g_autoptr (JsonNode) patch = n > 1 ? parse (lines[1]) : NULL;

  if (object && patch && JSON_NODE_HOLDS_OBJECT (object) && JSON_NODE_HOLDS_OBJECT (patch))
    apply (object, patch);
  if (object && n > 2) {
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonNode) found = tl_pointer_evaluate (object, lines[2], &error);

    g_assert_true ((found == NULL) == (error != NULL));
  }
  if (n > 2) {
    g_auto (GStrv) parts = tl_pointer_split (lines[2]);

    for (guint i = 0; parts && parts[i]; i++)
      g_free (tl_pointer_escape (parts[i]));
  }
  return 0;
}
