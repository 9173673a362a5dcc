/* items.h: the rows that widgets bind to. Plain GObjects with read-only properties, all set on the
 * main thread by their list; `loaded` is FALSE until the first fill. Property names are the member
 * names with dashes; each is notified when it changes. Members may be read directly: they are const
 * for everyone else. */
#pragma once

#include <glib-object.h>

#define TL_TYPE_ARTICLE_ITEM (tl_article_item_get_type ())
G_DECLARE_FINAL_TYPE (TlArticleItem, tl_article_item, TL, ARTICLE_ITEM, GObject)
struct _TlArticleItem {
  GObject parent;
  gboolean loaded;
  gint64 key, feed_key;
  char *title, *summary, *author, *url;
  char *feed_title;
  gint64 published_at, received_at; /* ms */
  guint minutes;                    /* to read, at 220 words a minute, at least 1 */
  char *image;                      /* hash for TlMedia, or NULL */
  int image_width, image_height;
  gboolean is_read, is_starred, is_later;
  char *filtered; /* what the filter is called that folds it, or NULL */
};

#define TL_TYPE_FEED_ITEM (tl_feed_item_get_type ())
G_DECLARE_FINAL_TYPE (TlFeedItem, tl_feed_item, TL, FEED_ITEM, GObject)
struct _TlFeedItem {
  GObject parent;
  gboolean loaded;
  gint64 key;      /* subscription's; folders: negative, stable while the app runs */
  gint64 feed_key; /* 0 for a folder or while the server has not fetched it */
  gboolean is_folder;
  char *title, *folder, *url;
  char *error; /* why fetching fails, a sentence, or NULL */
  guint unread;
  gboolean muted;
};

#define TL_TYPE_ROOM_ITEM (tl_room_item_get_type ())
G_DECLARE_FINAL_TYPE (TlRoomItem, tl_room_item, TL, ROOM_ITEM, GObject)
struct _TlRoomItem {
  GObject parent;
  gboolean loaded;
  gint64 key;
  char *name;   /* a direct room's: the other person's */
  char *avatar; /* the other person's, or NULL */
  char *topic;
  char *preview;        /* the newest message, one line, or NULL */
  char *preview_sender; /* NULL in a direct room; "You" is the widget's to say: preview_is_mine */
  gboolean preview_is_mine;
  char *draft; /* unsent text, or NULL */
  gint64 time; /* of the newest message or the room's making, ms */
  guint unread;
  gboolean is_mentioned, is_direct, is_muted;
  guint members;
  gint64 last_seq; /* of the newest message the server has */
  gint64 read_seq; /* the marker */
};

typedef enum { TL_DELIVERY_SENT, TL_DELIVERY_WAITING, TL_DELIVERY_FAILED } TlDelivery;

#define TL_TYPE_MESSAGE_ITEM (tl_message_item_get_type ())
G_DECLARE_FINAL_TYPE (TlMessageItem, tl_message_item, TL, MESSAGE_ITEM, GObject)
struct _TlMessageItem {
  GObject parent;
  gboolean loaded;
  gint64 key, room_key, sender_key, op; /* op: the outbox operation while not sent */
  char *sender_name, *sender_avatar, *body;
  char *reply_sender, *reply_body; /* NULL when it is no reply */
  gint64 reply_key;
  gint64 seq, sent_at; /* seq: 0 while not sent */
  gboolean is_mine, is_edited;
  TlDelivery delivery;
  char *error;              /* why it failed, a sentence */
  char *attachments, *card; /* for tl_attachments_parse() and tl_card_parse() */
};

#define TL_TYPE_PERSON_ITEM (tl_person_item_get_type ())
G_DECLARE_FINAL_TYPE (TlPersonItem, tl_person_item, TL, PERSON_ITEM, GObject)
struct _TlPersonItem {
  GObject parent;
  gboolean loaded;
  gint64 key;
  char *name, *login, *time_zone, *avatar_blob, *description;
  /* in circle lists (posts.h) only */
  gboolean is_followed, follows_me;
  guint n_posts, n_following, n_followers;
};

#define TL_TYPE_POST_ITEM (tl_post_item_get_type ())
G_DECLARE_FINAL_TYPE (TlPostItem, tl_post_item, TL, POST_ITEM, GObject)
struct _TlPostItem {
  GObject parent;
  gboolean loaded;
  gint64 key, author_key, op; /* op: the outbox operation while not sent */
  gint64 shown_key;           /* what brought it into the timeline: the boost's, else its own */
  char *author_name, *author_login, *author_avatar;
  char *text, *warning, *visibility;
  char *filtered; /* the words of the filter that folds it, or NULL */
  char *images;   /* for tl_attachments_parse, or NULL */
  char *card;     /* for tl_card_parse, or NULL */
  gint64 reply_key;
  char *reply_name; /* whom it answers; NULL: nobody, or one that is gone */
  gint64 booster_key, boosted_at;
  char *booster;                                   /* who brought it, or NULL */
  char *answer_name, *answer_avatar, *answer_text; /* the newest answer, one line */
  gint64 answer_key, answer_at, created_at;
  gboolean is_mine, is_edited, is_boosted, is_saved, is_followed;
  guint n_replies, n_boosts, n_reactions;
  char *my_reaction; /* an emoji, or NULL */
  char *reactions;   /* for tl_reactions_parse, or NULL */
  TlDelivery delivery;
  char *error; /* why it failed, a sentence */
};

#define TL_TYPE_OUTBOX_ITEM (tl_outbox_item_get_type ())
G_DECLARE_FINAL_TYPE (TlOutboxItem, tl_outbox_item, TL, OUTBOX_ITEM, GObject)
typedef enum { TL_OUTBOX_WAITING, TL_OUTBOX_SENDING, TL_OUTBOX_REFUSED } TlOutboxState;
struct _TlOutboxItem {
  GObject parent;
  gboolean loaded;
  gint64 key;    /* the operation's */
  guint8 type;   /* TlType number: says which kind (news, chat) */
  char *action;  /* a key such as "send-message", "mark-read": the widget words it */
  char *subject; /* what it is about: the message's text, the article's title */
  char *place;   /* room or feed name, or NULL */
  guint count;   /* operations folded into this row (marks) */
  TlOutboxState state;
  gboolean is_conflict; /* refused: somebody else had changed it meanwhile */
  char *error;
  gint64 made_at;
};

#define TL_TYPE_HIT_ITEM (tl_hit_item_get_type ())
G_DECLARE_FINAL_TYPE (TlHitItem, tl_hit_item, TL, HIT_ITEM, GObject)
struct _TlHitItem {
  GObject parent;
  gboolean loaded;
  guint8 type; /* TlType number: Article, Message, Principal, Room */
  gint64 key, room_key;
  char *title;   /* article's title, sender's or room's name */
  char *context; /* feed, room */
  char *snippet; /* Pango markup, hits in <span> */
  char *face;    /* blob of a person's picture, or NULL */
  gint64 time;
};
