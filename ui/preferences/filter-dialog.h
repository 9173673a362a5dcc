/* filter-dialog.h: one filter: its words, where and until when, and what it does. */
#pragma once

#include "sync/models/filters.h"

#include <adwaita.h>

/* NULL: a new one. */
AdwDialog *tl_filter_dialog_new (TlReplica *replica, TlFilterItem *item);
