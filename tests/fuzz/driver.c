/* driver.c: a small mutating fuzzer for plain gcc and sanitizers (fuzz.h). No coverage guides it: the seeds
 * are what makes it go deep. */
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_SECONDS 4.0
#define SIZE_MAX_BYTES (256 * 1024)
#define MUTATIONS_MAX 6

static GPtrArray *corpus; /* of GByteArray */
static const char *name;
static char crash_file[256];
static const guint8 *current; /* what is being run */
static gsize current_size;

/* --- when it ends badly ------------------------------------------------------------------------ */

/* In a signal handler, or called by the sanitizers. */
static void
keep_input (void)
{
  int fd = open (crash_file, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
  gssize n = fd < 0 ? 0 : write (fd, current, current_size);

  (void)n;
}

static void
die (int number)
{
  keep_input ();
  signal (number, SIG_DFL);
  raise (number);
}

__attribute__ ((weak)) void __sanitizer_set_death_callback (void (*callback) (void));

static void
watch (void)
{
  g_snprintf (crash_file, sizeof crash_file, "%s.crash", name);
  if (__sanitizer_set_death_callback)
    __sanitizer_set_death_callback (keep_input);
  signal (SIGABRT, die);
  signal (SIGTRAP, die);
  signal (SIGALRM, die);
}

/* --- mutations --------------------------------------------------------------------------------- */

static guint
below (guint n)
{
  return n ? (guint)g_test_rand_int_range (0, (gint32)n) : 0;
}

/* From 1 to `n`, and at most what is `there`. */
static guint
up_to (guint n, guint there)
{
  guint length = 1 + below (n);

  return MIN (length, there);
}

static void
insert (GByteArray *input, guint at, const void *bytes, guint length)
{
  g_autofree guint8 *copy = g_memdup2 (bytes, length);

  if (length == 0 || input->len + length > SIZE_MAX_BYTES)
    return;
  g_byte_array_set_size (input, input->len + length);
  memmove (input->data + at + length, input->data + at, input->len - length - at);
  memcpy (input->data + at, copy, length);
}

static void
change_byte (GByteArray *input)
{
  static const char interesting[] = "\0\xff\x7f\x80\"'\\{}[]<>&#/~*:;,.-+0189\n\r\t %@=";

  if (input->len > 0)
    input->data[below (input->len)] =
        below (2) ? (guint8)below (256) : (guint8)interesting[below (sizeof interesting)];
}

static void
remove_range (GByteArray *input)
{
  guint at = below (input->len), length = up_to (64, input->len - at);

  if (input->len > 0)
    g_byte_array_remove_range (input, at, length);
}

/* Once more, or very often: what nests, nests deep. */
static void
repeat_range (GByteArray *input)
{
  guint at = below (input->len), length = up_to (16, input->len - at);
  guint times = below (8) ? 1 + below (4) : 1 + below (4000);
  g_autoptr (GByteArray) block = g_byte_array_new ();

  for (guint i = 0; i < times && input->len > 0; i++)
    g_byte_array_append (block, input->data + at, length);
  if (block->len > 0)
    insert (input, at, block->data, block->len);
}

static void
insert_piece (GByteArray *input)
{
  static const char *const pieces[] = {
    "9007199254740993",
    "-1",
    "1e999",
    "null",
    "{}",
    "[]",
    "\"\"",
    "\\u0000",
    "\xf0\x9f\x8c\x8a",
    "\xed\xa0\x80",
    "99999999999999999999",
    "true",
    "<![CDATA[",
    "]]>",
    "<!ENTITY a \"b\">",
    "&a;",
    "&#0;",
    "&#x10ffff;",
    "~1",
    "~0",
    "/*",
    "javascript:",
    "data:",
    "..",
    "%00",
    "t1",
    "t0",
    "t9223372036854775807",
    "\\ud800",
  };
  const char *piece = pieces[below (G_N_ELEMENTS (pieces))];

  insert (input, below (input->len + 1), piece, (guint)strlen (piece));
}

static void
splice (GByteArray *input)
{
  const GByteArray *other = corpus->pdata[below (corpus->len)];
  guint at = below (other->len);

  if (other->len > 0)
    insert (input, below (input->len + 1), other->data + at, 1 + below (other->len - at));
}

static GByteArray *
mutated (void)
{
  static void (*const mutations[]) (GByteArray *) = { change_byte,  change_byte,  remove_range,
                                                      repeat_range, insert_piece, splice };
  const GByteArray *seed = corpus->pdata[below (corpus->len)];
  GByteArray *input = g_byte_array_new ();

  g_byte_array_append (input, seed->data, seed->len);
  for (guint n = 1 + below (MUTATIONS_MAX); n > 0; n--)
    mutations[below (G_N_ELEMENTS (mutations))](input);
  return input;
}

/* --- running ----------------------------------------------------------------------------------- */

/* A copy of exactly its size, so that reading beyond it is seen. An input may take 20 s. */
static void
run (const guint8 *data, gsize size)
{
  g_autofree guint8 *exact = g_malloc (MAX (size, 1));

  if (size)
    memcpy (exact, data, size);
  current = exact;
  current_size = size;
  alarm (20);
  LLVMFuzzerTestOneInput (exact, size);
  alarm (0);
  current_size = 0;
}

static void
fuzz (void)
{
  const char *asked = g_getenv ("TL_FUZZ_SECONDS");
  double seconds = asked ? g_ascii_strtod (asked, NULL) : DEFAULT_SECONDS;
  gint64 until = g_get_monotonic_time () + (gint64)(seconds * G_USEC_PER_SEC);
  guint count = 0;

  for (guint i = 0; i < corpus->len; i++) {
    const GByteArray *seed = corpus->pdata[i];

    run (seed->data, seed->len);
  }
  for (; g_get_monotonic_time () < until; count++) {
    g_autoptr (GByteArray) input = mutated ();

    run (input->data, input->len);
  }
  g_test_message ("%u inputs", count);
}

static void
run_file (const char *path)
{
  g_autofree char *text = NULL;
  gsize length;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  run ((const guint8 *)text, length);
}

int
main (int argc, char **argv)
{
  g_autofree char *own = g_path_get_basename (argv[0]);
  g_autofree char *path = g_strconcat ("/", own, "/survives-anything", NULL);
  int status = 0;

  g_test_init (&argc, &argv, NULL);
  name = own;
  corpus = tl_fuzz_corpus (own);
  tl_fuzz_begin ();
  watch ();
  if (argc > 1) {
    for (int i = 1; i < argc; i++)
      run_file (argv[i]);
  } else {
    g_test_add_func (path, fuzz);
    status = g_test_run ();
  }
  tl_fuzz_end ();
  g_ptr_array_unref (corpus);
  return status;
}
