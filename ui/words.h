/* words.h: times and texts as a person reads them, in their language. */
#pragma once

#include <glib.h>

/* "09:42", as the locale writes it. All times are milliseconds since 1970 UTC. */
char *tl_words_clock (gint64 ms);
/* What the clock shows in a time zone ("Asia/Tokyo"); NULL for none and for an unknown one. */
char *tl_words_clock_in (const char *time_zone);
/* For lists: the clock today, the weekday within a week, the date before. */
char *tl_words_short_time (gint64 ms);
/* For section headers: "Today", "Yesterday", "Monday", "12 October". */
char *tl_words_day (gint64 ms);
gboolean tl_words_is_same_day (gint64 a, gint64 b);
/* Plain text as Pango markup with its web addresses as links. */
char *tl_words_link_markup (const char *text);
