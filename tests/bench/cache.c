/* cache.c: what took long to make and stays the same: the filled server's folder, a replica of it. Kept below
 * the user's cache folder, under a name made of all schemas and of the seed: when one of them changes, all is
 * made anew and the old removed. */
#include "tests/bench/bench.h"

#include <gio/gio.h>
#include <string.h>

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

/* All .sql files of a folder, in order of their names. */
static void
add_folder (GChecksum *sum, const char *folder)
{
  g_autofree char *path = g_build_filename (g_getenv ("TIDELINE_SOURCE"), folder, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    if (g_str_has_suffix (name, ".sql"))
      g_ptr_array_add (names, g_build_filename (path, name, NULL));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *text = NULL;
    gsize length;

    if (g_file_get_contents (names->pdata[i], &text, &length, NULL))
      g_checksum_update (sum, (const guchar *)text, (gssize)length);
  }
}

static char *
cache_root (void)
{
  return g_build_filename (g_get_user_cache_dir (), "tideline", "bench", NULL);
}

static char *
cache_folder (void)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *root = cache_root ();
  g_autofree char *key = NULL;

  add_folder (sum, "server/sql");
  add_folder (sum, "sync/sql");
  add_folder (sum, "tests/bench");
  key = g_strndup (g_checksum_get_string (sum), 16);
  return g_build_filename (root, key, NULL);
}

static void
run (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  if (!g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                     &status, &error) ||
      !g_spawn_check_wait_status (status, &error))
    g_error ("%s: %s", argv[0], error->message);
}

void
bench_copy (const char *from, const char *to)
{
  g_autofree char *inside = g_build_filename (from, ".", NULL);

  g_mkdir_with_parents (to, 0700);
  run ((const char *[]){ "cp", "-a", "--reflink=auto", inside, to, NULL });
}

char *
bench_kept (Bench *self, const char *name)
{
  g_autofree char *folder = cache_folder ();
  g_autofree char *kept = g_build_filename (folder, name, NULL);

  return g_file_test (kept, G_FILE_TEST_IS_DIR) ? g_steal_pointer (&kept) : NULL;
}

void
bench_forget (void)
{
  g_autofree char *root = cache_root ();

  run ((const char *[]){ "rm", "-rf", root, NULL });
}

/* Appears whole or not at all. */
void
bench_keep (Bench *self, const char *name, const char *folder)
{
  g_autofree char *cache = cache_folder ();
  g_autofree char *kept = g_build_filename (cache, name, NULL);
  g_autofree char *growing = g_strconcat (kept, ".new", NULL);

  run ((const char *[]){ "rm", "-rf", growing, NULL });
  bench_copy (folder, growing);
  run ((const char *[]){ "mv", growing, kept, NULL });
}
