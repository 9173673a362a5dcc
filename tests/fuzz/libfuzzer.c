/* libfuzzer.c: a target in the hands of libFuzzer, whose main() it is. The seeds are laid as files into the
 * folder TL_FUZZ_SEEDS, which the command line names as the corpus. */
#include "tests/fuzz/fuzz.h"

#include <signal.h>
#include <stdlib.h>

int LLVMFuzzerInitialize (int *argc, char ***argv);

static void
lay_seeds (const char *target, const char *folder)
{
  g_autoptr (GPtrArray) corpus = tl_fuzz_corpus (target);

  for (guint i = 0; i < corpus->len; i++) {
    const GByteArray *seed = corpus->pdata[i];
    g_autofree char *path = g_strdup_printf ("%s/seed-%u", folder, i);
    g_autoptr (GError) error = NULL;

    g_file_set_contents (path, (const char *)seed->data, (gssize)seed->len, &error);
    g_assert_no_error (error);
  }
}

/* GLib traps, which libFuzzer does not know as a crash. */
static void
trapped (int number)
{
  abort ();
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  g_autofree char *target = g_path_get_basename ((*argv)[0]);
  const char *folder = g_getenv ("TL_FUZZ_SEEDS");
  char *words[] = { (*argv)[0], NULL };
  char **arguments = words;
  int n = 1;

  g_test_init (&n, &arguments, NULL);
  signal (SIGTRAP, trapped);
  if (folder)
    lay_seeds (target, folder);
  tl_fuzz_begin ();
  atexit (tl_fuzz_end);
  return 0;
}
