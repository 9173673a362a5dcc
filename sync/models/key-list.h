/* key-list.h: a GListModel over a query of the replica: a vector of keys (8 bytes a row) and an LRU of
 * loaded items. get_item never blocks: an item that is not loaded yet has `loaded` FALSE and notifies its
 * properties when a reader has filled it. Follows the replica's changes with minimal items-changed: the
 * query is run again in a reader thread, the difference taken on the main thread. */
#pragma once

#include "sync/replica.h"

typedef struct {
  gint64 key;
  gint64 section; /* rows of one section stand together: day number, folder; 0 when unused */
} TlKeyRow;

typedef struct {
  /* which types' changes make the list ask again (bits by type number, bit 0: local things) */
  guint64 types;
  /* reader thread: appends all rows, in order, to `rows` (of TlKeyRow) */
  gboolean (*query) (TlDb *db, gconstpointer spec, GArray *rows, GError **error);
  /* reader thread: the loaded form of `key`, for `fill`; NULL when it is gone */
  gpointer (*load) (TlDb *db, gconstpointer spec, gint64 key, GError **error);
  void (*free_loaded) (gpointer loaded);
  /* main thread: an empty item; and what `load` found goes into it (notifies what differs) */
  GObject *(*new_item) (gint64 key);
  void (*fill) (GObject *item, gconstpointer loaded);
} TlKeySource;

#define TL_TYPE_KEY_LIST (tl_key_list_get_type ())
G_DECLARE_FINAL_TYPE (TlKeyList, tl_key_list, TL, KEY_LIST, GObject)

/* `spec` is what the query is about, taken, freed with `free_spec`; must not change afterwards. */
TlKeyList *tl_key_list_new (TlReplica *replica, const TlKeySource *source, gpointer spec,
                            GDestroyNotify free_spec);
/* Another question: the difference is emitted as usual. */
void tl_key_list_set_spec (TlKeyList *self, gpointer spec);
gconstpointer tl_key_list_spec (TlKeyList *self);
/* Has the first answer come? (property "ready") Resolves when. */
gboolean tl_key_list_is_ready (TlKeyList *self);
DexFuture *tl_key_list_when_ready (TlKeyList *self);
/* -1 when it is not in the list. */
gint64 tl_key_list_find (TlKeyList *self, gint64 key);
gint64 tl_key_list_key (TlKeyList *self, guint position);
/* The run of rows of one section around `position`. */
void tl_key_list_section (TlKeyList *self, guint position, guint *start, guint *end);
