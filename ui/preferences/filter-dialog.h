/* filter-dialog.h: one filter: its words or its person, where and until when, and what it does. */
#pragma once

#include "sync/models/filters.h"

#include <adwaita.h>

/* `item` NULL: a new one. `me`: one's principal. */
AdwDialog *tl_filter_dialog_new (TlReplica *replica, gint64 me, TlFilterItem *item);
