/* pointer.h: JSON pointers (RFC 6901) and JMAP's `*` (RFC 8620, 3.7). */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

/* The parts of `path` after a leading "/", `~1` and `~0` undone; NULL for a malformed one. "" has none. */
GStrv tl_pointer_split (const char *path);
/* One part as it stands in a pointer: "~" and "/" escaped. */
char *tl_pointer_escape (const char *part);

/* The value at `path` as a new node; `*` takes every element of an array, results that are arrays
 * are flattened one level. An error says which part led nowhere. */
JsonNode *tl_pointer_evaluate (JsonNode *root, const char *path, GError **error);
