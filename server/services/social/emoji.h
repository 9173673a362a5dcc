/* emoji.h: what one can react with. */
#pragma once

#include <glib.h>

/* Is `text`, valid UTF-8, exactly one emoji as people see it: one sign with its skin tone, a sequence of them
 * joined by zero-width joiners, a flag, or a keycap (UTS #51, definition ED-17)? */
gboolean tl_emoji_is_one (const char *text);
