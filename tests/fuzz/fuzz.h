/* fuzz.h: what a fuzz target gives: libFuzzer's entry, and seeds. Built with driver.c it is a test that runs
 * by itself: the seeds, then random mutations of them for TL_FUZZ_SECONDS (4), seeded by g_test. An input that
 * ends the process is left in fuzz-TARGET.crash; `fuzz-TARGET FILE…` runs it again. Built with libfuzzer.c
 * (./run fuzz) coverage guides it. What was found once is a file of tests/fuzz/corpus/TARGET, a seed of both. */
#pragma once

#include <glib.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Texts that the target takes, NULL-terminated; ' stands for " when tl_fuzz_quotes says so. */
extern const char *const tl_fuzz_seeds[];
extern const gboolean tl_fuzz_quotes;
/* Before the first input, and after the last. */
void tl_fuzz_begin (void);
void tl_fuzz_end (void);

/* seeds.c: the target's own and those of its folder. Of GByteArray. */
GPtrArray *tl_fuzz_corpus (const char *target);
