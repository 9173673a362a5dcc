/* Pointers and patches (RFC 8620, 3.7 and 5.3). */
#include "sync/wire/patch.h"
#include "sync/wire/pointer.h"

static const struct {
  const char *object, *patch, *result; /* or */
  const char *why;
} patches[] = {
  { "{\"a\":1,\"b\":2}", "{\"a\":3}", "{\"a\":3,\"b\":2}", NULL },
  { "{\"a\":1}", "{}", "{\"a\":1}", NULL },
  { "{\"a\":1}", "{\"a\":null,\"c\":[1]}", "{\"a\":null,\"c\":[1]}", NULL },
  { "{\"a\":{\"x\":1,\"y\":2}}", "{\"a/x\":null,\"a/z\":3}", "{\"a\":{\"y\":2,\"z\":3}}", NULL },
  { "{\"a\":{\"x\":{\"y\":1}}}", "{\"a/x/y\":2}", "{\"a\":{\"x\":{\"y\":2}}}", NULL },
  { "{\"a/b\":{\"c~d\":1}}", "{\"a~1b/c~0d\":2}", "{\"a/b\":{\"c~d\":2}}", NULL },
  { "{\"~1\":1}", "{\"~01\":2}", "{\"~1\":2}", NULL },
  { "{\"a\":1,\"ab\":2}", "{\"a\":3,\"ab\":4}", "{\"a\":3,\"ab\":4}", NULL },
  { "{\"a\":{\"\":1}}", "{\"a/\":2}", "{\"a\":{\"\":2}}", NULL },
  { "{\"a\":[1,2]}", "{\"a/0\":3}", NULL, "“a/0” points into an array" },
  { "{\"a\":{\"l\":[{}]}}", "{\"a/l/0/x\":3}", NULL, "“a/l/0/x” points into an array" },
  { "{}", "{\"a/b\":3}", NULL, "“a/b” has a parent that is not there" },
  { "{\"a\":null}", "{\"a/b\":3}", NULL, "“a/b” has a parent that is not there" },
  { "{\"a\":{}}", "{\"a\":{},\"a/b\":3}", NULL,
    "“a/” is a prefix of another pointer of the patch" },
  { "{\"a\":{}}", "{\"a~2\":3}", NULL, "“a~2” is not a JSON pointer" },
};

static void
test_patches (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (patches); i++) {
    g_autoptr (JsonNode) object = json_from_string (patches[i].object, NULL);
    g_autoptr (JsonNode) patch = json_from_string (patches[i].patch, NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonObject) result =
        tl_patch_apply (json_node_get_object (object), json_node_get_object (patch), &error);
    g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
    g_autofree char *text = NULL;
    g_autofree char *untouched = json_to_string (object, FALSE);

    g_assert_cmpstr (untouched, ==, patches[i].object);
    if (patches[i].why) {
      g_assert_null (result);
      g_assert_cmpstr (error->message, ==, patches[i].why);
      continue;
    }
    g_assert_no_error (error);
    json_node_set_object (node, result);
    text = json_to_string (node, FALSE);
    g_assert_cmpstr (text, ==, patches[i].result);
  }
}

static void
test_pointers (void)
{
  static const struct {
    const char *path, *result;
  } cases[] = {
    { "", "{\"l\":[{\"i\":1,\"s\":[1,2]},{\"i\":2,\"s\":[3]}],\"a/b\":5,\"n\":{\"x\":null}}" },
    { "/l/*/i", "[1,2]" },
    { "/l/*/s", "[1,2,3]" },
    { "/l/*/s/*", "[1,2,3]" },
    { "/l/1/i", "2" },
    { "/a~1b", "5" },
    { "/n/x", "null" },
    { "/n/y", NULL },
    { "/l/2", NULL },
    { "/l/01", NULL },
    { "/l/*/none", NULL },
    { "/n/*", NULL },
    { "/n/x/y", NULL },
    { "l", NULL },
    { "/a~b", NULL },
  };
  g_autoptr (JsonNode) root = json_from_string (cases[0].result, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonNode) found = tl_pointer_evaluate (root, cases[i].path, &error);
    g_autofree char *text = found ? json_to_string (found, FALSE) : NULL;

    g_assert_cmpstr (text, ==, cases[i].result);
    g_assert_true ((text == NULL) == (error != NULL));
  }
}

static void
test_names (void)
{
  g_autofree char *escaped = tl_pointer_escape ("a~/b");
  g_autofree char *property = tl_patch_property ("a~1b/c/d");

  g_assert_cmpstr (escaped, ==, "a~0~1b");
  g_assert_cmpstr (property, ==, "a/b");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/patch/applies-or-says-why-not", test_patches);
  g_test_add_func ("/pointer/finds-or-says-why-not", test_pointers);
  g_test_add_func ("/pointer/escapes", test_names);
  return g_test_run ();
}
