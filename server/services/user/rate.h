/* rate.h: how often something may be tried in a minute, by key, in this process. Any thread. */
#pragma once

#include <glib.h>

typedef struct _TlRate TlRate;

TlRate *tl_rate_new (guint per_minute);
void tl_rate_free (TlRate *self);

/* Counts a try. 0 when it may be made, otherwise the seconds to wait. */
guint tl_rate_take (TlRate *self, const char *key);
/* The try was a good one: all of the key's are forgotten. */
void tl_rate_forgive (TlRate *self, const char *key);
/* This one try was a good one; the key's others count on. */
void tl_rate_give_back (TlRate *self, const char *key);
