/* origin.h: where what an event was made of is: a message in its room, or an article. Main thread. */
#pragma once

#include "sync/replica.h"

typedef struct {
  gint64 key;
  gint64 room; /* 0: it is an article */
  char *name;  /* the room's (NULL: a talk between two), or the article's title */
} TlOrigin;

void tl_origin_free (TlOrigin *self);
/* Resolves to a TlOrigin * (owned), or NOT_FOUND. */
DexFuture *tl_origin_load (TlReplica *replica, gint64 key);
