/* inbox.h: what waits for a person, of every kind, newest first: mentions, replies, reactions, boosts, follows and
 * invitations that the server told of (until they are put away), rooms with unread messages, unread articles of the
 * last weeks. A row's key is the notification's, the room's, the article's: ids are unique over all types. */
#pragma once

#include "sync/models/key-list.h"

typedef enum {
  TL_INBOX_PEOPLE = 1 << 0,
  TL_INBOX_NEWS = 1 << 1,
  TL_INBOX_DATES = 1 << 2,
  TL_INBOX_ALL = TL_INBOX_PEOPLE | TL_INBOX_NEWS | TL_INBOX_DATES,
} TlInboxFilter;

typedef enum {
  TL_INBOX_MENTION,
  TL_INBOX_REPLY,
  TL_INBOX_REACTION,
  TL_INBOX_BOOST,
  TL_INBOX_FOLLOW,
  TL_INBOX_INVITATION,
  TL_INBOX_MESSAGES,
  TL_INBOX_ARTICLE,
} TlInboxKind;

#define TL_TYPE_INBOX_ITEM (tl_inbox_item_get_type ())
G_DECLARE_FINAL_TYPE (TlInboxItem, tl_inbox_item, TL, INBOX_ITEM, GObject)
struct _TlInboxItem {
  GObject parent;
  gboolean loaded;
  gint64 key;
  TlInboxKind kind;
  guint8
      subject_type; /* TlType number of what it opens: Post, Message, Room, Article, CalendarEvent, Principal */
  gint64 subject_key;
  gint64 room_key; /* of a message */
  char *title;     /* the person, the room, the source */
  char *context;   /* the room of a mention; the newest message's sender */
  char *text;      /* the article's title, the newest message, what was said */
  char *preview;   /* the article's summary */
  char *avatar;    /* blob of the person's picture, or NULL */
  guint count;     /* unread messages */
  gint64 time;     /* ms; of a snoozed one: when it came back */
  gint64 feed_key; /* of an article: its source's icon */
  gboolean is_direct, is_unread;
  gboolean is_silenced; /* a notification that a filter lets nobody be told of */
};

/* Section: local day number. `me`: one's principal. */
TlKeyList *tl_inbox_list_new (TlReplica *replica, gint64 me);
void tl_inbox_list_ask (TlKeyList *self, TlInboxFilter filter);
/* This one stays although it was read, until another does; 0: none. */
void tl_inbox_list_keep (TlKeyList *self, gint64 key);
/* Time has passed: what was snoozed may be due. */
void tl_inbox_list_refresh (TlKeyList *self);

/* How many unread rows there are in all (property "count", guint). */
#define TL_TYPE_INBOX_COUNT (tl_inbox_count_get_type ())
G_DECLARE_FINAL_TYPE (TlInboxCount, tl_inbox_count, TL, INBOX_COUNT, GObject)
TlInboxCount *tl_inbox_count_new (TlReplica *replica, gint64 me);
void tl_inbox_count_refresh (TlInboxCount *self);
