/* circle.h: what a person does in the circle's feed: posts, replies, boosts, reactions, follows, saves. */
#pragma once

#include "sync/replica.h"

/* A random one of these; says which, NULL when there was nothing to do it to. Awaits, so in a fiber. */
char *circle_deed (TlReplica *replica, gint64 me, guint32 seed, GError **error);
