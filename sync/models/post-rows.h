/* post-rows.h: which posts a timeline or a thread shows, in order. For the lists only; reader threads. */
#pragma once

#include "sync/models/filters.h"

/* All posts, or with `home` those of whom one follows: see posts.h for what is left out and folded. Without
 * what is filtered (NULL: nothing is), but for one's own. */
gboolean tl_post_rows_timeline (TlDb *db, gint64 me, gboolean home, TlFilters *filters,
                                GArray *rows, GError **error);
gboolean tl_post_rows_thread (TlDb *db, gint64 post, GArray *rows, GError **error);
/* Rows of statement `name` (?1: about, ?2: me) that are not there yet. */
gboolean tl_post_rows_append (TlDb *db, const char *name, gint64 about, gint64 me, GArray *rows,
                              GError **error);
