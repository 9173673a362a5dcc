/* mentions.h: whom a text names by @login, and telling them so. Within one TlWrite. */
#pragma once

#include "server/services/notify/notify.h"

/* The people named, in the order of the text, each once (gint64). An @ within a word names nobody. */
GArray *tl_mentions_find (TlWrite *write, const char *text, GError **error);
gboolean tl_mentions_has (const GArray *people, gint64 account);

/* Tells those of `people` who are in `scope`, and not in `told` (NULL-able), that the writer named them
 * in `subject`. */
gboolean tl_mentions_tell (TlWrite *write, const GArray *people, const GArray *told, gint64 scope,
                           const TlType *type, gint64 subject, const char *preview, GError **error);
