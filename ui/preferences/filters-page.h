/* filters-page.h: a person's filters, each a row that opens it. */
#pragma once

#include "sync/replica.h"

#include <adwaita.h>

AdwPreferencesPage *tl_filters_page_new (TlReplica *replica, gint64 me);
