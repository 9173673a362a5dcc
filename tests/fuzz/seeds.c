/* seeds.c: what a target begins with (fuzz.h). */
#include "tests/fuzz/fuzz.h"

#include <string.h>

static GByteArray *
own_seed (const char *text)
{
  GByteArray *seed = g_byte_array_new ();

  g_byte_array_append (seed, (const guint8 *)text, (guint)strlen (text));
  for (guint i = 0; tl_fuzz_quotes && i < seed->len; i++)
    if (seed->data[i] == '\'')
      seed->data[i] = '"';
  return seed;
}

static GByteArray *
read_seed (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *bytes;
  gsize length;

  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  return g_byte_array_new_take ((guint8 *)bytes, length);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

/* In the order of their names, so that a run with the same seed is the same run. */
static void
add_folder (GPtrArray *corpus, const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare);
  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (corpus, read_seed (folder, names->pdata[i]));
}

GPtrArray *
tl_fuzz_corpus (const char *target)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_byte_array_unref);
  const char *source = g_getenv ("TIDELINE_SOURCE");
  const char *name = g_str_has_prefix (target, "fuzz-") ? target + strlen ("fuzz-") : target;
  g_autofree char *folder =
      g_build_filename (source ? source : ".", "tests/fuzz/corpus", name, NULL);

  for (guint i = 0; tl_fuzz_seeds[i]; i++)
    g_ptr_array_add (corpus, own_seed (tl_fuzz_seeds[i]));
  add_folder (corpus, folder);
  return corpus;
}
