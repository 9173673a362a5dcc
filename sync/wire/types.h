/* types.h: the data types of the protocol (docs/protocol.md says what each means).
 *
 * A struct per type, its members in the order of its field table in types.c. Strings are owned. */
#pragma once

#include "sync/wire/field.h"

#define TL_CAP_CORE "urn:ietf:params:jmap:core"
#define TL_CAP_WEBSOCKET "urn:ietf:params:jmap:websocket"
#define TL_CAP_PRINCIPALS "urn:ietf:params:jmap:principals"
#define TL_CAP_NEWS "https://tideline.org/jmap/news"
#define TL_CAP_CHAT "https://tideline.org/jmap/chat"
#define TL_CAP_SYNC "https://tideline.org/jmap/sync"

typedef struct {
  TlRecord record;
  char *type; /* "individual" */
  char *name;
  char *login;
  char *description;
  char *time_zone;
  char *avatar_blob_id;
} TlPrincipal;

typedef struct {
  TlRecord record;
  char *url;
  char *home_url;
  char *title;
  char *description;
  char *error; /* why the last fetch failed, a sentence; null when it did not */
  gint64 error_at;
  gint64 fetched_at;
} TlFeed;

typedef struct {
  TlRecord record;
  gint64 feed_id;
  char *url;
  char *title;
  char *folder;
  gint64 order;
  TlTristate muted;
  gint64 read_up_to; /* articles received up to here are read unless marked otherwise */
} TlSubscription;

typedef struct {
  TlRecord record;
  gint64 feed_id;
  char *url;
  char *title;
  char *author;
  char *summary;
  char *blocks; /* JSON, see sync/wire/blocks.h */
  char *image;  /* JSON {src, width, height, alt} or null: the list's thumbnail */
  gint64 word_count;
  gint64 published_at;
  gint64 received_at;
} TlArticle;

typedef struct {
  TlRecord record; /* its key is the article's */
  gint64 article_id;
  TlTristate is_read; /* null: as readUpTo says */
  TlTristate is_starred;
  TlTristate is_later;
} TlArticleMark;

typedef struct {
  TlRecord record;
  char *name; /* null for a direct room: named by its members */
  char *topic;
  char *kind; /* "group" or "direct" */
  gint64 created_by;
  gint64 created_at;
} TlRoom;

typedef struct {
  TlRecord record;
  gint64 room_id;
  gint64 principal_id;
  char *role; /* "owner", "moderator", "member" */
  gint64 joined_at;
} TlRoomMember;

typedef struct {
  TlRecord record;
  gint64 room_id;
  gint64 sender_id;
  char *body;
  gint64 reply_to_id;
  gint64 seq; /* orders the room */
  gint64 sent_at;
  gint64 edited_at;
} TlMessage;

typedef struct {
  TlRecord record; /* its key is the room's */
  gint64 room_id;
  gint64 up_to; /* the seq of the newest message read */
} TlReadMarker;

extern const TlType tl_principal_type;
extern const TlType tl_feed_type;
extern const TlType tl_subscription_type;
extern const TlType tl_article_type;
extern const TlType tl_article_mark_type;
extern const TlType tl_room_type;
extern const TlType tl_room_member_type;
extern const TlType tl_message_type;
extern const TlType tl_read_marker_type;

/* All types, NULL-terminated, in an order that puts what is referred to first. */
extern const TlType *const tl_types[];

const TlType *tl_type_by_name (const char *name);
const TlType *tl_type_by_number (guint number);
