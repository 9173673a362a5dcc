/* pool.h: the items of a key list: one for each key that somebody looks at, loaded in batches. */
#pragma once

#include "sync/models/key-list.h"

/* What a list is about, shared with reads that are in flight. */
typedef struct {
  gpointer value;
  GDestroyNotify free;
} TlSpec;
TlSpec *tl_spec_new (gpointer value, GDestroyNotify free_value);
TlSpec *tl_spec_ref (TlSpec *spec);
void tl_spec_unref (TlSpec *spec);

typedef struct _TlItemPool TlItemPool;

TlItemPool *tl_item_pool_new (TlReplica *replica, const TlKeySource *source, TlSpec *spec);
void tl_item_pool_free (TlItemPool *self);
/* All items are loaded anew, by what the list is about now. */
void tl_item_pool_set_spec (TlItemPool *self, TlSpec *spec);
/* The row's item, to unref. `*was_asked` FALSE: nobody looked at it before, so its neighbours may
 * be wanted too. */
GObject *tl_item_pool_get (TlItemPool *self, const TlKeyRow *row, gboolean *was_asked);
/* It may be looked at soon. */
void tl_item_pool_expect (TlItemPool *self, const TlKeyRow *row);
/* What was loaded is not true any more: loaded again at once when somebody holds it. */
void tl_item_pool_stale (TlItemPool *self, gint64 key);
void tl_item_pool_all_stale (TlItemPool *self);
void tl_item_pool_rekey (TlItemPool *self, gint64 from, gint64 to);
