/* types.c: one field table per data type. A new property is a struct member, a row here, and a
 * migration line on each side. */
#include "sync/wire/types.h"

#define SHORT 256
#define LINE 1024
#define TEXT 65536
#define URL 4096
#define DOCUMENT (1024 * 1024)

#define TYPE(Struct, number_, name_, schema_, table_, capability_, flags_, keyed_by_, fields_)     \
  { .number = number_,                                                                             \
    .name = name_,                                                                                 \
    .schema = schema_,                                                                             \
    .table = table_,                                                                               \
    .capability = capability_,                                                                     \
    .flags = (TlTypeFlags)(flags_),                                                                \
    .keyed_by = keyed_by_,                                                                         \
    .size = sizeof (Struct),                                                                       \
    .fields = fields_,                                                                             \
    .n_fields = G_N_ELEMENTS (fields_) }

static const TlField principal_fields[] = {
  TL_FIELD (TlPrincipal, type, "type", STRING, TL_SERVER_SET, SHORT),
  TL_FIELD (TlPrincipal, name, "name", STRING, TL_SERVER_SET, SHORT),
  TL_FIELD (TlPrincipal, login, "login", STRING, TL_SERVER_SET, SHORT),
  TL_FIELD (TlPrincipal, description, "description", STRING, TL_SERVER_SET | TL_NULLABLE, LINE),
  TL_FIELD (TlPrincipal, time_zone, "timeZone", STRING, TL_SERVER_SET | TL_NULLABLE, SHORT),
  TL_FIELD (TlPrincipal, avatar_blob_id, "avatarBlobId", STRING, TL_SERVER_SET | TL_NULLABLE,
            SHORT),
};
const TlType tl_principal_type = TYPE (TlPrincipal, 1, "Principal", "people", "principal",
                                       TL_CAP_PRINCIPALS, TL_TYPE_READONLY, NULL, principal_fields);

static const TlField feed_fields[] = {
  TL_FIELD (TlFeed, url, "url", STRING, TL_SERVER_SET, URL),
  TL_FIELD (TlFeed, home_url, "homeUrl", STRING, TL_SERVER_SET | TL_NULLABLE, URL),
  TL_FIELD (TlFeed, title, "title", STRING, TL_SERVER_SET | TL_NULLABLE, LINE),
  TL_FIELD (TlFeed, description, "description", STRING, TL_SERVER_SET | TL_NULLABLE, TEXT),
  TL_FIELD (TlFeed, error, "error", STRING, TL_SERVER_SET | TL_NULLABLE, LINE),
  TL_FIELD (TlFeed, error_at, "errorAt", DATE, TL_SERVER_SET | TL_NULLABLE, 0),
  TL_FIELD (TlFeed, fetched_at, "fetchedAt", DATE, TL_SERVER_SET | TL_NULLABLE, 0),
};
const TlType tl_feed_type =
    TYPE (TlFeed, 2, "Feed", "news", "feed", TL_CAP_NEWS, TL_TYPE_READONLY, NULL, feed_fields);

static const TlField subscription_fields[] = {
  TL_FIELD (TlSubscription, feed_id, "feedId", ID, TL_SERVER_SET, 0),
  TL_FIELD (TlSubscription, url, "url", STRING, TL_REQUIRED | TL_IMMUTABLE, URL),
  TL_FIELD (TlSubscription, title, "title", STRING, TL_NULLABLE, LINE),
  TL_FIELD (TlSubscription, folder, "folder", STRING, TL_NULLABLE, SHORT),
  TL_FIELD (TlSubscription, order, "order", INT, 0, 0),
  TL_FIELD (TlSubscription, muted, "muted", BOOL, 0, 0),
  TL_FIELD (TlSubscription, read_up_to, "readUpTo", DATE, TL_NULLABLE, 0),
};
const TlType tl_subscription_type = TYPE (TlSubscription, 3, "Subscription", "news", "subscription",
                                          TL_CAP_NEWS, TL_TYPE_PRIVATE, NULL, subscription_fields);

static const TlField article_fields[] = {
  TL_FIELD (TlArticle, feed_id, "feedId", ID, TL_SERVER_SET, 0),
  TL_FIELD (TlArticle, url, "url", STRING, TL_SERVER_SET | TL_NULLABLE, URL),
  TL_FIELD (TlArticle, title, "title", STRING, TL_SERVER_SET, LINE),
  TL_FIELD (TlArticle, author, "author", STRING, TL_SERVER_SET | TL_NULLABLE, SHORT),
  TL_FIELD (TlArticle, summary, "summary", STRING, TL_SERVER_SET | TL_NULLABLE, LINE),
  TL_FIELD (TlArticle, blocks, "blocks", JSON, TL_SERVER_SET, DOCUMENT),
  TL_FIELD (TlArticle, image, "image", JSON, TL_SERVER_SET | TL_NULLABLE, TEXT),
  TL_FIELD (TlArticle, word_count, "wordCount", INT, TL_SERVER_SET, 0),
  TL_FIELD (TlArticle, published_at, "publishedAt", DATE, TL_SERVER_SET, 0),
  TL_FIELD (TlArticle, received_at, "receivedAt", DATE, TL_SERVER_SET, 0),
};
const TlType tl_article_type = TYPE (TlArticle, 4, "Article", "news", "article", TL_CAP_NEWS,
                                     TL_TYPE_READONLY, NULL, article_fields);

static const TlField article_mark_fields[] = {
  TL_FIELD (TlArticleMark, article_id, "articleId", ID, TL_REQUIRED | TL_IMMUTABLE, 0),
  TL_FIELD (TlArticleMark, is_read, "isRead", BOOL, TL_NULLABLE, 0),
  TL_FIELD (TlArticleMark, is_starred, "isStarred", BOOL, 0, 0),
  TL_FIELD (TlArticleMark, is_later, "isLater", BOOL, 0, 0),
};
const TlType tl_article_mark_type =
    TYPE (TlArticleMark, 5, "ArticleMark", "news", "article_mark", TL_CAP_NEWS, TL_TYPE_PRIVATE,
          "articleId", article_mark_fields);

static const TlField room_fields[] = {
  TL_FIELD (TlRoom, name, "name", STRING, TL_NULLABLE, SHORT),
  TL_FIELD (TlRoom, topic, "topic", STRING, TL_NULLABLE, LINE),
  TL_FIELD (TlRoom, kind, "kind", STRING, TL_IMMUTABLE, SHORT),
  TL_FIELD (TlRoom, created_by, "createdBy", ID, TL_SERVER_SET, 0),
  TL_FIELD (TlRoom, created_at, "createdAt", DATE, TL_SERVER_SET, 0),
};
const TlType tl_room_type =
    TYPE (TlRoom, 6, "Room", "chat", "room", TL_CAP_CHAT, 0, NULL, room_fields);

static const TlField room_member_fields[] = {
  TL_FIELD (TlRoomMember, room_id, "roomId", ID, TL_REQUIRED | TL_IMMUTABLE, 0),
  TL_FIELD (TlRoomMember, principal_id, "principalId", ID, TL_REQUIRED | TL_IMMUTABLE, 0),
  TL_FIELD (TlRoomMember, role, "role", STRING, 0, SHORT),
  TL_FIELD (TlRoomMember, joined_at, "joinedAt", DATE, TL_SERVER_SET, 0),
};
const TlType tl_room_member_type = TYPE (TlRoomMember, 7, "RoomMember", "chat", "room_member",
                                         TL_CAP_CHAT, 0, NULL, room_member_fields);

static const TlField message_fields[] = {
  TL_FIELD (TlMessage, room_id, "roomId", ID, TL_REQUIRED | TL_IMMUTABLE, 0),
  TL_FIELD (TlMessage, sender_id, "senderId", ID, TL_SERVER_SET, 0),
  TL_FIELD (TlMessage, body, "body", STRING, TL_REQUIRED, TEXT),
  TL_FIELD (TlMessage, reply_to_id, "replyToId", ID, TL_IMMUTABLE | TL_NULLABLE, 0),
  TL_FIELD (TlMessage, seq, "seq", INT, TL_SERVER_SET, 0),
  TL_FIELD (TlMessage, sent_at, "sentAt", DATE, TL_SERVER_SET, 0),
  TL_FIELD (TlMessage, edited_at, "editedAt", DATE, TL_SERVER_SET | TL_NULLABLE, 0),
};
const TlType tl_message_type = TYPE (TlMessage, 8, "Message", "chat", "message", TL_CAP_CHAT,
                                     TL_TYPE_ORDERED, NULL, message_fields);

static const TlField read_marker_fields[] = {
  TL_FIELD (TlReadMarker, room_id, "roomId", ID, TL_REQUIRED | TL_IMMUTABLE, 0),
  TL_FIELD (TlReadMarker, up_to, "upTo", INT, 0, 0),
};
const TlType tl_read_marker_type =
    TYPE (TlReadMarker, 9, "ReadMarker", "chat", "read_marker", TL_CAP_CHAT, TL_TYPE_PRIVATE,
          "roomId", read_marker_fields);

const TlType *const tl_types[] = {
  &tl_principal_type,    &tl_feed_type, &tl_subscription_type, &tl_article_type,
  &tl_article_mark_type, &tl_room_type, &tl_room_member_type,  &tl_message_type,
  &tl_read_marker_type,  NULL,
};

const TlType *
tl_type_by_name (const char *name)
{
  for (guint i = 0; tl_types[i]; i++)
    if (g_str_equal (tl_types[i]->name, name))
      return tl_types[i];
  return NULL;
}

const TlType *
tl_type_by_number (guint number)
{
  for (guint i = 0; tl_types[i]; i++)
    if (tl_types[i]->number == number)
      return tl_types[i];
  return NULL;
}
