/* lists.h: the questions that the app asks its replica, each a TlKeyList. `me`: one's principal. */
#pragma once

#include "sync/models/items.h"
#include "sync/models/key-list.h"

typedef enum {
  TL_ARTICLES_ALL,
  TL_ARTICLES_UNREAD,
  TL_ARTICLES_STARRED,
  TL_ARTICLES_LATER
} TlArticleFilter;

/* Newest first; section: local day number of publication. feed 0: all; folder: of its feeds. */
TlKeyList *tl_article_list_new (TlReplica *replica, TlArticleFilter filter, gint64 feed,
                                const char *folder);
void tl_article_list_ask (TlKeyList *self, TlArticleFilter filter, gint64 feed, const char *folder);
/* In an unread list: this one stays although it is read (the one on the screen), until another
 * does; 0: none. */
void tl_article_list_keep (TlKeyList *self, gint64 article);
/* Folders with their feeds behind them; feeds without a folder last. Of TlFeedItem. */
TlKeyList *tl_feed_list_new (TlReplica *replica);
/* Newest first. Of TlRoomItem. */
TlKeyList *tl_room_list_new (TlReplica *replica, gint64 me);
/* Oldest first, what is not sent last; section: local day number. Of TlMessageItem. */
TlKeyList *tl_message_list_new (TlReplica *replica, gint64 room, gint64 me);
/* By name. place 0: everybody; otherwise the members of that room or calendar, or who is invited to that
 * event. Of TlPersonItem. */
TlKeyList *tl_person_list_new (TlReplica *replica, gint64 place);
/* What needs a person first, then sending, then waiting; marks folded into one row. Of
 * TlOutboxItem. */
TlKeyList *tl_outbox_list_new (TlReplica *replica);

/* Best first, section: type number (people, rooms, messages, articles). Text as typed: words
 * (prefix match on the last), "exact words", in:chat, in:news, from:name, before:2026-10,
 * after:2026-10 (from then on; also years and days). type 0: all kinds. Of TlHitItem. */
TlKeyList *tl_search_list_new (TlReplica *replica, gint64 me);
void tl_search_list_ask (TlKeyList *self, const char *text, guint8 type);
/* Of the question that was asked last: what the server found (GArray of TlKeyRow) stands behind what is found here, kind
 * by kind. */
void tl_search_list_add (TlKeyList *self, const GArray *rows);
/* How many of the rows are of a type. */
guint tl_search_list_count (TlKeyList *self, guint8 type);

/* Totals for the sidebar and for notifications. */
#define TL_TYPE_COUNTS (tl_counts_get_type ())
G_DECLARE_FINAL_TYPE (TlCounts, tl_counts, TL, COUNTS, GObject)
/* Properties: unread-articles, unread-messages, starred, later, new-posts (guint). */
TlCounts *tl_counts_new (TlReplica *replica, gint64 me);

/* A whole article for the reader: resolves to a TlArticle * (tl_record_free), or NOT_FOUND. */
DexFuture *tl_article_load (TlReplica *replica, gint64 article);
