/* words.c: the files are resources, read once. */
#include "server/services/notify/words.h"

#include <gio/gio.h>
#include <string.h>

#define GROUP "words"
#define FOLDER "/org/tideline/server/notify/"

static const char *const languages[] = { "en", "de" };
static GKeyFile *files[G_N_ELEMENTS (languages)];

static void
read_once (void)
{
  static gsize once;

  if (!g_once_init_enter (&once))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++) {
    g_autofree char *path = g_strdup_printf (FOLDER "words-%s.ini", languages[i]);
    g_autoptr (GBytes) bytes = g_resources_lookup_data (path, 0, NULL);

    files[i] = g_key_file_new ();
    if (!g_key_file_load_from_bytes (files[i], bytes, G_KEY_FILE_NONE, NULL))
      g_error ("%s is no file of words", path);
  }
  g_once_init_leave (&once, 1);
}

static gint
find (const char *language)
{
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    if (g_str_has_prefix (language, languages[i]) && !g_ascii_isalpha (language[2]))
      return (gint)i;
  return -1;
}

gboolean
tl_words_has (const char *language)
{
  return find (language) >= 0;
}

const char *
tl_words_language (const char *language)
{
  return languages[MAX (find (language), 0)];
}

static char *
look_up (const char *language, const char *word)
{
  char *text = NULL;

  read_once ();
  if (find (language) > 0)
    text = g_key_file_get_string (files[find (language)], GROUP, word, NULL);
  if (text == NULL)
    text = g_key_file_get_string (files[0], GROUP, word, NULL);
  g_assert (text);
  return text;
}

/* What {name} stands for, NULL when nothing does. */
static const char *
value_of (const char *name, gsize length, const char *const *pairs)
{
  for (; *pairs; pairs += 2)
    if (strlen (pairs[0]) == length && strncmp (pairs[0], name, length) == 0)
      return pairs[1];
  return NULL;
}

/* In one go: what a value says of braces is its own. */
static char *
fill (const char *text, const char *const *pairs)
{
  GString *filled = g_string_new (NULL);

  while (*text) {
    const char *end = *text == '{' ? strchr (text, '}') : NULL;
    const char *value = end ? value_of (text + 1, (gsize)(end - text - 1), pairs) : NULL;

    if (value)
      g_string_append (filled, value);
    else
      g_string_append_c (filled, *text);
    text = value ? end + 1 : text + 1;
  }
  return g_string_free_and_steal (filled);
}

char *
tl_words (const char *language, const char *word, ...)
{
  g_autofree char *text = look_up (language, word);
  g_autoptr (GPtrArray) pairs = g_ptr_array_new ();
  const char *next;
  va_list args;

  va_start (args, word);
  while ((next = va_arg (args, const char *))) {
    g_ptr_array_add (pairs, (gpointer)next);
    g_ptr_array_add (pairs, (gpointer)va_arg (args, const char *));
  }
  va_end (args);
  g_ptr_array_add (pairs, NULL);
  return fill (text, (const char *const *)pairs->pdata);
}
