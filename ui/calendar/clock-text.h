/* clock-text.h: times of day as people write them. */
#pragma once

#include <glib.h>

/* "9", "9:30", "0930", "9.30" as minutes since midnight; -1 for what is no time. */
int tl_clock_text_parse (const char *text);
/* "09:30"; free. */
char *tl_clock_text_format (int minutes);
