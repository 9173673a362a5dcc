/* types.h: the data types of the protocol (docs/protocol.md says what each means).
 *
 * A struct per type, its members in the order of its field table in types.c. Strings are owned. */
#pragma once

#include "sync/wire/field.h"

#define TL_CAP_CORE "urn:ietf:params:jmap:core"
#define TL_CAP_WEBSOCKET "urn:ietf:params:jmap:websocket"
#define TL_CAP_PUSH "urn:ietf:params:jmap:webpush-vapid"
#define TL_CAP_BLOB "urn:ietf:params:jmap:blob"
#define TL_CAP_QUOTA "urn:ietf:params:jmap:quota"
#define TL_CAP_PRINCIPALS "urn:ietf:params:jmap:principals"
#define TL_CAP_OWNER "urn:ietf:params:jmap:principals:owner"
#define TL_CAP_NEWS "https://tideline.org/jmap/news"
#define TL_CAP_CHAT "https://tideline.org/jmap/chat"
#define TL_CAP_SOCIAL "https://tideline.org/jmap/social"
#define TL_CAP_CALENDARS "https://tideline.org/jmap/calendars"
#define TL_CAP_PERSONAL "https://tideline.org/jmap/personal"
#define TL_CAP_SYNC "https://tideline.org/jmap/sync"

/* What our own client uses beside core and WebSocket, NULL-terminated. */
extern const char *const tl_capabilities[];

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
  char *attachments; /* JSON [{blobId, name, type, size, width, height, alt}] or null */
  char *card; /* JSON, what is shared, as it was: {type, id, title, text, url, image, source} */
} TlMessage;

typedef struct {
  TlRecord record; /* its key is the room's */
  gint64 room_id;
  gint64 up_to; /* the seq of the newest message read */
  TlTristate is_muted;
} TlReadMarker;

/* A post lies in its audience's scope: public ones in the circle's (the directory), those for followers in
 * its author's, those for who is mentioned in a scope of their thread. Images are as a message's attachments. */
typedef struct {
  TlRecord record;
  gint64 author_id;
  char *text;       /* null for a boost */
  char *warning;    /* what the text is behind */
  char *images;     /* JSON [{blobId, name, type, size, width, height, alt}] or null */
  char *card;       /* as a message's */
  char *visibility; /* "public", "followers", "mentioned" */
  gint64 reply_to_id;
  gint64 boost_of_id;
  char *mentions; /* JSON [principal id], those the text names by @login */
  gint64 created_at;
  gint64 edited_at;
} TlPost;

/* In its subject's scope; one per person, subject and emoji. */
typedef struct {
  TlRecord record;
  gint64 subject_id; /* a post or a message */
  gint64 principal_id;
  char *emoji;
  gint64 reacted_at;
} TlReaction;

/* In the followed one's author scope, which the follower is in by it. */
typedef struct {
  TlRecord record;
  gint64 principal_id; /* who is followed */
  gint64 follower_id;
  gint64 since;
} TlFollow;

typedef struct {
  TlRecord record; /* its key is the post's */
  gint64 post_id;
  TlTristate is_saved;
} TlPostMark;

typedef struct {
  TlRecord record;
  char *name;
  char *color; /* "blue", "teal", "green", "yellow", "orange", "red", "pink", "purple", "slate" */
  char *description;
  char *time_zone; /* IANA name: where new events are, null: where the person is */
  gint64 created_by;
  gint64 created_at;
} TlCalendar;

typedef struct {
  TlRecord record;
  gint64 calendar_id;
  gint64 principal_id;
  char *role; /* "owner", "member" (writes), "reader" */
  gint64 joined_at;
} TlCalendarMember;

typedef struct {
  TlRecord record; /* its key is the calendar's */
  gint64 calendar_id;
  TlTristate is_hidden;
  TlTristate is_default; /* new events go there */
  char *color;           /* instead of the calendar's */
} TlCalendarMark;

/* JSCalendar (RFC 8984) by its names; JSON members are as there. */
typedef struct {
  TlRecord record;
  gint64 calendar_id;
  char *uid;
  char *title;
  char *description;
  char *location;
  char *start;     /* LocalDateTime "2026-11-23T12:30:00" */
  char *duration;  /* Duration "PT1H30M"; null: none */
  char *time_zone; /* IANA name; null: floating */
  TlTristate show_without_time;
  char *recurrence_rules;     /* JSON [RecurrenceRule] */
  char *recurrence_overrides; /* JSON {LocalDateTime: PatchObject} */
  char *participants; /* JSON {principal id or e-mail: {name, email, role, participationStatus}} */
  char *alerts;       /* JSON {id: Alert} */
  char *status;       /* "confirmed", "tentative", "cancelled" */
  char *free_busy_status; /* "busy", "free" */
  char *links;            /* JSON {id: {href, title}} */
  gint64 made_of_id;      /* the message or article that it was made of */
  char *ical;             /* the iCalendar text that it came as: all its instances */
  gint64 created_by;
  gint64 created_at;
  gint64 updated_at;
} TlCalendarEvent;

typedef struct {
  TlRecord record; /* its key is the event's */
  gint64 event_id;
  gint64 acknowledged_at; /* reminders due up to then are done with */
  gint64 snoozed_until;
} TlEventMark;

/* What is worth telling its owner; made by the server. */
typedef struct {
  TlRecord record;
  char *kind; /* "mention", "reply", "reaction", "boost", "follow", "invitation" */
  gint64 subject_id;
  char *subject_type; /* "Post", "Message", "CalendarEvent", "Principal" */
  gint64 actor_id;
  char *preview;
  gint64 created_at;
  TlTristate is_read;
} TlNotification;

typedef struct {
  TlRecord record; /* its key is the thing's, of whatever type */
  gint64 subject_id;
  TlTristate is_done;
  gint64 snoozed_until;
} TlInboxMark;

/* One a person. */
typedef struct {
  TlRecord record; /* its key is the person's */
  gint64 principal_id;
  gint64 do_not_disturb_until;
  char *quiet_hours; /* JSON {from: "22:00", to: "07:00", days: [0…6]} or null */
  TlTristate quiet_when_busy;
  char *notify;            /* JSON {kind: bool}; absent: yes */
  gint64 feed_read_to;     /* the newest post seen */
  gint64 week_start;       /* 1 Monday … 7 Sunday; 0: as the locale */
  char *second_time_zone;  /* shown beside one's own */
  gint64 reminder_minutes; /* before, for new events; -1: none, 0: as the app does */
  char *
      email; /* JSON {when: "each", "daily" or "never", hour: 0 to 23, kinds: {kind: bool}} or null: each */
} TlSettings;

typedef struct {
  TlRecord record;
  char *place; /* "room:12", "post:new", "reply:33"; a new one replaces the one of its place */
  char *text;
  char *extra; /* JSON {version, over, more}: see sync/drafts.h */
  gint64 changed_at;
} TlDraft;

/* What its owner would rather not see. */
typedef struct {
  TlRecord record;
  char *words;      /* any of them, one word or phrase a line */
  char *kinds;      /* JSON ["home", "everyone", "notifications", "articles"]; null: all */
  char *action;     /* "hide", "warn" (folded), "silence" (shown, never notified) */
  gint64 person_id; /* only what comes from them; 0: anybody */
  gint64 expires_at;
  gint64 created_at;
} TlContentFilter;

extern const TlType tl_principal_type;
extern const TlType tl_feed_type;
extern const TlType tl_subscription_type;
extern const TlType tl_article_type;
extern const TlType tl_article_mark_type;
extern const TlType tl_room_type;
extern const TlType tl_room_member_type;
extern const TlType tl_message_type;
extern const TlType tl_read_marker_type;
extern const TlType tl_post_type;
extern const TlType tl_reaction_type;
extern const TlType tl_follow_type;
extern const TlType tl_post_mark_type;
extern const TlType tl_calendar_type;
extern const TlType tl_calendar_member_type;
extern const TlType tl_calendar_mark_type;
extern const TlType tl_calendar_event_type;
extern const TlType tl_event_mark_type;
extern const TlType tl_notification_type;
extern const TlType tl_inbox_mark_type;
extern const TlType tl_settings_type;
extern const TlType tl_draft_type;
extern const TlType tl_content_filter_type;

/* All types, NULL-terminated, in an order that puts what is referred to first. */
extern const TlType *const tl_types[];

const TlType *tl_type_by_name (const char *name);
const TlType *tl_type_by_number (guint number);
