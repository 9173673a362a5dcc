/* items.c: the kinds of items, each a table of its members. See item.c. */
#include "sync/models/items.h"

#include "sync/models/filters.h"
#include "sync/models/item.h"

#define STRING(Type, member, name) { name, TL_MEMBER_STRING, G_STRUCT_OFFSET (Type, member) }
#define INT64(Type, member, name) { name, TL_MEMBER_INT64, G_STRUCT_OFFSET (Type, member) }
#define INT(Type, member, name) { name, TL_MEMBER_INT, G_STRUCT_OFFSET (Type, member) }
#define UINT(Type, member, name) { name, TL_MEMBER_UINT, G_STRUCT_OFFSET (Type, member) }
#define BYTE(Type, member, name) { name, TL_MEMBER_BYTE, G_STRUCT_OFFSET (Type, member) }
#define BOOLEAN(Type, member, name) { name, TL_MEMBER_BOOLEAN, G_STRUCT_OFFSET (Type, member) }

/* The type `Name`, whose properties are the table `prefix`_members before it. */
#define DEFINE_ITEM(Name, prefix)                                                                  \
  G_DEFINE_FINAL_TYPE (Name, prefix, G_TYPE_OBJECT)                                                \
  static void prefix##_class_init (Name##Class *class)                                             \
  {                                                                                                \
    tl_item_class_setup (G_OBJECT_CLASS (class), prefix##_members,                                 \
                         G_N_ELEMENTS (prefix##_members));                                         \
  }                                                                                                \
  static void prefix##_init (Name *self)                                                           \
  {                                                                                                \
  }

static const TlMember tl_article_item_members[] = {
  BOOLEAN (TlArticleItem, loaded, "loaded"),
  INT64 (TlArticleItem, key, "key"),
  INT64 (TlArticleItem, feed_key, "feed-key"),
  STRING (TlArticleItem, title, "title"),
  STRING (TlArticleItem, summary, "summary"),
  STRING (TlArticleItem, author, "author"),
  STRING (TlArticleItem, url, "url"),
  STRING (TlArticleItem, feed_title, "feed-title"),
  INT64 (TlArticleItem, published_at, "published-at"),
  INT64 (TlArticleItem, received_at, "received-at"),
  UINT (TlArticleItem, minutes, "minutes"),
  STRING (TlArticleItem, image, "image"),
  INT (TlArticleItem, image_width, "image-width"),
  INT (TlArticleItem, image_height, "image-height"),
  BOOLEAN (TlArticleItem, is_read, "is-read"),
  BOOLEAN (TlArticleItem, is_starred, "is-starred"),
  BOOLEAN (TlArticleItem, is_later, "is-later"),
  STRING (TlArticleItem, filtered, "filtered"),
};
DEFINE_ITEM (TlArticleItem, tl_article_item)

static const TlMember tl_feed_item_members[] = {
  BOOLEAN (TlFeedItem, loaded, "loaded"),   INT64 (TlFeedItem, key, "key"),
  INT64 (TlFeedItem, feed_key, "feed-key"), BOOLEAN (TlFeedItem, is_folder, "is-folder"),
  STRING (TlFeedItem, title, "title"),      STRING (TlFeedItem, folder, "folder"),
  STRING (TlFeedItem, url, "url"),          STRING (TlFeedItem, error, "error"),
  UINT (TlFeedItem, unread, "unread"),      BOOLEAN (TlFeedItem, muted, "muted"),
};
DEFINE_ITEM (TlFeedItem, tl_feed_item)

static const TlMember tl_room_item_members[] = {
  BOOLEAN (TlRoomItem, loaded, "loaded"),
  INT64 (TlRoomItem, key, "key"),
  STRING (TlRoomItem, name, "name"),
  STRING (TlRoomItem, avatar, "avatar"),
  STRING (TlRoomItem, topic, "topic"),
  STRING (TlRoomItem, preview, "preview"),
  STRING (TlRoomItem, preview_sender, "preview-sender"),
  BOOLEAN (TlRoomItem, preview_is_mine, "preview-is-mine"),
  STRING (TlRoomItem, draft, "draft"),
  INT64 (TlRoomItem, time, "time"),
  UINT (TlRoomItem, unread, "unread"),
  BOOLEAN (TlRoomItem, is_mentioned, "is-mentioned"),
  BOOLEAN (TlRoomItem, is_direct, "is-direct"),
  BOOLEAN (TlRoomItem, is_muted, "is-muted"),
  UINT (TlRoomItem, members, "members"),
  INT64 (TlRoomItem, last_seq, "last-seq"),
  INT64 (TlRoomItem, read_seq, "read-seq"),
};
DEFINE_ITEM (TlRoomItem, tl_room_item)

static const TlMember tl_message_item_members[] = {
  BOOLEAN (TlMessageItem, loaded, "loaded"),
  INT64 (TlMessageItem, key, "key"),
  INT64 (TlMessageItem, room_key, "room-key"),
  INT64 (TlMessageItem, sender_key, "sender-key"),
  INT64 (TlMessageItem, op, "op"),
  STRING (TlMessageItem, sender_name, "sender-name"),
  STRING (TlMessageItem, sender_avatar, "sender-avatar"),
  STRING (TlMessageItem, body, "body"),
  STRING (TlMessageItem, reply_sender, "reply-sender"),
  STRING (TlMessageItem, reply_body, "reply-body"),
  INT64 (TlMessageItem, reply_key, "reply-key"),
  INT64 (TlMessageItem, seq, "seq"),
  INT64 (TlMessageItem, sent_at, "sent-at"),
  BOOLEAN (TlMessageItem, is_mine, "is-mine"),
  BOOLEAN (TlMessageItem, is_edited, "is-edited"),
  INT (TlMessageItem, delivery, "delivery"),
  STRING (TlMessageItem, error, "error"),
  STRING (TlMessageItem, attachments, "attachments"),
  STRING (TlMessageItem, card, "card"),
};
DEFINE_ITEM (TlMessageItem, tl_message_item)

static const TlMember tl_person_item_members[] = {
  BOOLEAN (TlPersonItem, loaded, "loaded"),
  INT64 (TlPersonItem, key, "key"),
  STRING (TlPersonItem, name, "name"),
  STRING (TlPersonItem, login, "login"),
  STRING (TlPersonItem, time_zone, "time-zone"),
  STRING (TlPersonItem, avatar_blob, "avatar-blob"),
  STRING (TlPersonItem, description, "description"),
  BOOLEAN (TlPersonItem, is_followed, "is-followed"),
  BOOLEAN (TlPersonItem, follows_me, "follows-me"),
  UINT (TlPersonItem, n_posts, "n-posts"),
  UINT (TlPersonItem, n_following, "n-following"),
  UINT (TlPersonItem, n_followers, "n-followers"),
};
DEFINE_ITEM (TlPersonItem, tl_person_item)

static const TlMember tl_post_item_members[] = {
  BOOLEAN (TlPostItem, loaded, "loaded"),
  INT64 (TlPostItem, key, "key"),
  INT64 (TlPostItem, author_key, "author-key"),
  INT64 (TlPostItem, op, "op"),
  INT64 (TlPostItem, shown_key, "shown-key"),
  STRING (TlPostItem, author_name, "author-name"),
  STRING (TlPostItem, author_login, "author-login"),
  STRING (TlPostItem, author_avatar, "author-avatar"),
  STRING (TlPostItem, text, "text"),
  STRING (TlPostItem, warning, "warning"),
  STRING (TlPostItem, filtered, "filtered"),
  STRING (TlPostItem, visibility, "visibility"),
  STRING (TlPostItem, images, "images"),
  STRING (TlPostItem, card, "card"),
  INT64 (TlPostItem, reply_key, "reply-key"),
  STRING (TlPostItem, reply_name, "reply-name"),
  INT64 (TlPostItem, booster_key, "booster-key"),
  INT64 (TlPostItem, boosted_at, "boosted-at"),
  STRING (TlPostItem, booster, "booster"),
  STRING (TlPostItem, answer_name, "answer-name"),
  STRING (TlPostItem, answer_avatar, "answer-avatar"),
  STRING (TlPostItem, answer_text, "answer-text"),
  INT64 (TlPostItem, answer_key, "answer-key"),
  INT64 (TlPostItem, answer_at, "answer-at"),
  INT64 (TlPostItem, created_at, "created-at"),
  BOOLEAN (TlPostItem, is_mine, "is-mine"),
  BOOLEAN (TlPostItem, is_edited, "is-edited"),
  BOOLEAN (TlPostItem, is_boosted, "is-boosted"),
  BOOLEAN (TlPostItem, is_saved, "is-saved"),
  BOOLEAN (TlPostItem, is_followed, "is-followed"),
  UINT (TlPostItem, n_replies, "n-replies"),
  UINT (TlPostItem, n_boosts, "n-boosts"),
  UINT (TlPostItem, n_reactions, "n-reactions"),
  STRING (TlPostItem, my_reaction, "my-reaction"),
  STRING (TlPostItem, reactions, "reactions"),
  INT (TlPostItem, delivery, "delivery"),
  STRING (TlPostItem, error, "error"),
};
DEFINE_ITEM (TlPostItem, tl_post_item)

static const TlMember tl_outbox_item_members[] = {
  BOOLEAN (TlOutboxItem, loaded, "loaded"),
  INT64 (TlOutboxItem, key, "key"),
  BYTE (TlOutboxItem, type, "type"),
  STRING (TlOutboxItem, action, "action"),
  STRING (TlOutboxItem, subject, "subject"),
  STRING (TlOutboxItem, place, "place"),
  UINT (TlOutboxItem, count, "count"),
  INT (TlOutboxItem, state, "state"),
  BOOLEAN (TlOutboxItem, is_conflict, "is-conflict"),
  STRING (TlOutboxItem, error, "error"),
  INT64 (TlOutboxItem, made_at, "made-at"),
};
DEFINE_ITEM (TlOutboxItem, tl_outbox_item)

static const TlMember tl_filter_item_members[] = {
  BOOLEAN (TlFilterItem, loaded, "loaded"),
  INT64 (TlFilterItem, key, "key"),
  STRING (TlFilterItem, words, "words"),
  UINT (TlFilterItem, places, "places"),
  UINT (TlFilterItem, action, "action"),
  INT64 (TlFilterItem, person, "person"),
  STRING (TlFilterItem, person_name, "person-name"),
  INT64 (TlFilterItem, expires_at, "expires-at"),
};
DEFINE_ITEM (TlFilterItem, tl_filter_item)

static const TlMember tl_hit_item_members[] = {
  BOOLEAN (TlHitItem, loaded, "loaded"),  BYTE (TlHitItem, type, "type"),
  INT64 (TlHitItem, key, "key"),          INT64 (TlHitItem, room_key, "room-key"),
  STRING (TlHitItem, title, "title"),     STRING (TlHitItem, context, "context"),
  STRING (TlHitItem, snippet, "snippet"), STRING (TlHitItem, face, "face"),
  INT64 (TlHitItem, time, "time"),
};
DEFINE_ITEM (TlHitItem, tl_hit_item)
