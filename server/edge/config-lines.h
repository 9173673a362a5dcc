/* config-lines.h: where in a key file something stands, for error messages; GKeyFile doesn't tell. */
#pragma once

#include <glib.h>

/* Lines count from 1; 0 when it is not there. `key` NULL: the group's own line. What is said twice
 * counts where it is said last. */
guint tl_config_line (const char *text, const char *group, const char *key);
/* The first line that is nothing a key file may hold. */
guint tl_config_broken_line (const char *text);
