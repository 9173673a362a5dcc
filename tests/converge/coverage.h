/* coverage.h: which kinds were written in the histories, and how, so that none is forgotten when it is added to
 * sync/wire/types.c. Main thread. */
#pragma once

#include <glib.h>

typedef GHashTable Coverage; /* "Type:verb" -> how often the server took it */

Coverage *coverage_new (void);
/* "ok Type:verb …", as a device answers. */
void coverage_add (Coverage *self, const char *tally);
guint coverage_refused (Coverage *self);
/* FALSE when a type that clients may write was not written in each way that they may; says which. */
gboolean coverage_is_whole (Coverage *self);
