/* json-text.h: JSON written as text, for what is made in bulk. */
#pragma once

#include <glib.h>

/* Appends `text` as a JSON string; bytes that are not UTF-8 become U+FFFD, control characters blanks.
 * A negative length: up to its NUL. */
void tl_json_append_foreign (GString *json, const char *text, gssize length);
/* ,"name":"text"; nothing when `text` is NULL. */
void tl_json_append_member (GString *json, const char *name, const char *text);
