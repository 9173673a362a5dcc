/* busy.h: when a person's calendar says that they are busy. Follows the replica; main thread. */
#pragma once

#include "sync/replica.h"

typedef struct _TlBusy TlBusy;

TlBusy *tl_busy_new (TlReplica *replica, gint64 me);
void tl_busy_free (TlBusy *self);
/* At `now` (ms), as far as was read: within a day of the last look, which this renews. */
gboolean tl_busy_is (TlBusy *self, gint64 now);
