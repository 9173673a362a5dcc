/* key-list.h: a GListModel over a query of the replica: a vector of keys (8 bytes a row) and an LRU
 * of loaded items. get_item never blocks: an item that is not loaded yet has `loaded` FALSE and
 * notifies its properties when a reader has filled it. Follows the replica's changes with minimal
 * items-changed: the query is run again in a reader thread, the difference taken on the main
 * thread. */
#pragma once

#include "sync/replica.h"

typedef struct {
  gint64 key;
  gint64 section; /* of rows that stand together: local day since 1970, folder; 0 when unused */
} TlKeyRow;

/* Sets of types in a source: bits by type number (sync/wire/types.c), and what is local. */
enum {
  TL_LOCAL = 1 << 0, /* outbox, drafts */
  TL_PRINCIPALS = 1 << 1,
  TL_FEEDS = 1 << 2,
  TL_SUBSCRIPTIONS = 1 << 3,
  TL_ARTICLES = 1 << 4,
  TL_ARTICLE_MARKS = 1 << 5,
  TL_ROOMS = 1 << 6,
  TL_ROOM_MEMBERS = 1 << 7,
  TL_MESSAGES = 1 << 8,
  TL_READ_MARKERS = 1 << 9,
  TL_POSTS = 1 << 10,
  TL_REACTIONS = 1 << 11,
  TL_FOLLOWS = 1 << 12,
  TL_POST_MARKS = 1 << 13,
  TL_CALENDARS = 1 << 14,
  TL_CALENDAR_MEMBERS = 1 << 15,
  TL_CALENDAR_MARKS = 1 << 16,
  TL_CALENDAR_EVENTS = 1 << 17,
  TL_EVENT_MARKS = 1 << 18,
  TL_NOTIFICATIONS = 1 << 19,
  TL_INBOX_MARKS = 1 << 20,
  TL_SETTINGS = 1 << 21,
  TL_DRAFTS = 1 << 22,
  TL_FILTERS = 1 << 23,
};

typedef struct {
  GType (*item_type) (void); /* tl_…_item_get_type */
  guint64 types;             /* a change of these makes the list ask again */
  guint64 keyed; /* the row's key is an object's of these: named in a change, it is loaded again */
  guint64 details; /* a change of any of these loads all items that are in use again */
  /* reader thread: appends all rows, in order, to `rows` (of TlKeyRow); a key once at most */
  gboolean (*query) (TlDb *db, gconstpointer spec, GArray *rows, GError **error);
  /* reader thread: an item of item_type with its members set; NULL when it is gone */
  GObject *(*load) (TlDb *db, gconstpointer spec, const TlKeyRow *row, GError **error);
} TlKeySource;

#define TL_TYPE_KEY_LIST (tl_key_list_get_type ())
G_DECLARE_FINAL_TYPE (TlKeyList, tl_key_list, TL, KEY_LIST, GObject)

/* `spec` is what the query is about, taken, freed with `free_spec`; must not change afterwards. */
TlKeyList *tl_key_list_new (TlReplica *replica, const TlKeySource *source, gpointer spec,
                            GDestroyNotify free_spec);
/* Another question: the difference is emitted as usual. */
void tl_key_list_set_spec (TlKeyList *self, gpointer spec);
gconstpointer tl_key_list_spec (TlKeyList *self);
/* Has the first answer come? (property "ready") */
gboolean tl_key_list_is_ready (TlKeyList *self);
/* Resolves when the question asked last is answered. */
DexFuture *tl_key_list_when_ready (TlKeyList *self);
/* The key that `key` has now, if the server gave it another one. */
gint64 tl_key_list_current_key (TlKeyList *self, gint64 key);
/* -1 when it is not in the list. */
gint64 tl_key_list_find (TlKeyList *self, gint64 key);
gint64 tl_key_list_key (TlKeyList *self, guint position);
gint64 tl_key_list_section_at (TlKeyList *self, guint position);
/* The run of rows of one section around `position`. */
void tl_key_list_section (TlKeyList *self, guint position, guint *start, guint *end);
