/* counts.h: small things that all processes count and remember together, in Redis: each goes by itself after a while. Where
 * Redis is away (asked again after a second) nobody waits for it, and nothing is counted here. Any thread; blocks for
 * TL_COUNTS_MS at most. */
#pragma once

#include <glib.h>

#define TL_COUNTS_MS 200

typedef struct _TlCounts TlCounts;

/* `address` as of tl_redis_new(). */
TlCounts *tl_counts_new (const char *address);
void tl_counts_free (TlCounts *self);

/* One more of `key`, which begins at none and lasts `seconds` from its first one on; `left`: milliseconds until then. FALSE:
 * Redis is away. Keys are kept as hashes. */
gboolean tl_counts_add (TlCounts *self, const char *key, guint seconds, gint64 *count,
                        gint64 *left);
/* One less. */
void tl_counts_take_back (TlCounts *self, const char *key);
void tl_counts_forget (TlCounts *self, const char *key);

void tl_counts_remember (TlCounts *self, const char *key, guint seconds);
/* Is it remembered? TRUE, too, when Redis is away. */
gboolean tl_counts_knows (TlCounts *self, const char *key);
