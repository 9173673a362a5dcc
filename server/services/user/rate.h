/* rate.h: how often something may be tried in a while, by key: at all processes together by Redis, and at each one whether
 * Redis is there or not. Any thread. */
#pragma once

#include "server/stores/counts.h"

typedef struct _TlRate TlRate;

/* `most` tries in `seconds`, which begin with a key's first one. `name`: what all processes know it by. `counts` is
 * borrowed. */
TlRate *tl_rate_new (TlCounts *counts, const char *name, guint most, guint seconds);
void tl_rate_free (TlRate *self);

/* Counts a try. 0 when it may be made, otherwise the seconds to wait. */
guint tl_rate_take (TlRate *self, const char *key);
/* The try was a good one: all of the key's are forgotten. */
void tl_rate_forgive (TlRate *self, const char *key);
/* This one try was a good one; the key's others count on. */
void tl_rate_give_back (TlRate *self, const char *key);
