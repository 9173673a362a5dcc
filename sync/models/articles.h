/* articles.h: which articles a list shows. For the lists only; reader threads. */
#pragma once

#include "sync/models/filters.h"

/* All of a feed, or (0) of those that one follows, or of a folder's, newest first; without what is filtered. */
gboolean tl_article_rows_all (TlDb *db, gint64 feed, const char *folder, TlFilters *filters,
                              GArray *rows, GError **error);
