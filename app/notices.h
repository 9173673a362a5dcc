/* notices.h: a desktop notification for each thing that the server told of (mention, reply, reaction, follow, …), one a
 * thing, withdrawn when it was seen anywhere. Messages are app/notifier.h's. */
#pragma once

#include "sync/engine.h"
#include "sync/models/preferences.h"

typedef struct _TlNotices TlNotices;

/* `application` owns it. */
TlNotices *tl_notices_new (GApplication *application, TlReplica *replica, TlEngine *engine,
                           TlPreferences *preferences, gint64 me);
void tl_notices_free (TlNotices *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlNotices, tl_notices_free)
