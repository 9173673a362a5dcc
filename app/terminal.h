/* terminal.h: what others wrote, on a terminal: it is shown and never obeyed. Control characters (of C0 and
 * C1, so no escape sequence begins) and characters that turn the direction of what follows are replaced. */
#pragma once

#include <glib.h>
#include <stdio.h>

/* One line: a newline stays only where the format ends with one. */
void tl_terminal_say (FILE *to, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Several lines, a newline after the last. */
void tl_terminal_say_text (FILE *to, const char *text);
/* JSON, where such characters become \u escapes, and a newline. */
void tl_terminal_say_json (FILE *to, const char *json);
