/* words.h: what the server itself says to people, in letters and on its few pages, in their language: one file of words
 * a language (words-de.ini). A language, or a word of one, that is not there is said in English. Any thread. */
#pragma once

#include <glib.h>

/* Has the server words in it? "de" and "de-AT" alike. */
gboolean tl_words_has (const char *language);
/* Its name among those that there are words in; English for others. */
const char *tl_words_language (const char *language);
/* `word` with each {name} replaced by its value: name, value, …, NULL. */
char *tl_words (const char *language, const char *word, ...) G_GNUC_NULL_TERMINATED;
