/* actions-import.h: many events at once, and back again; futures as in sync/actions.h. */
#pragma once

#include "sync/replica.h"

/* In one write; resolves to the UIDs of those that were new (G_TYPE_STRV): what is in the calendar already is left
 * out. `made`: the name of the calendar when it was made just now for them, otherwise NULL. `events`: of
 * TlCalendarEvent. */
DexFuture *tl_action_import (TlReplica *replica, gint64 calendar, const char *made,
                             GPtrArray *events);
/* They go again, and the calendar that was made for them. */
DexFuture *tl_action_undo_import (TlReplica *replica, gint64 calendar, const char *made,
                                  const char *const *uids);
