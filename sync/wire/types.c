/* types.c: one field table per data type. A new property is a struct member, a row here, and a
 * migration line on each side. */
#include "sync/wire/types.h"

#define SHORT 256
#define LINE 1024
#define TEXT 65536
#define URL 4096
#define DOCUMENT (1024 * 1024)

const char *const tl_capabilities[] = { TL_CAP_PRINCIPALS, TL_CAP_NEWS,
                                        TL_CAP_CHAT,       TL_CAP_SOCIAL,
                                        TL_CAP_CALENDARS,  TL_CAP_PERSONAL,
                                        TL_CAP_SYNC,       NULL };

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
  TL_FIELD (TlPrincipal, name, "name", STRING, TL_REQUIRED, SHORT),
  TL_FIELD (TlPrincipal, login, "login", STRING, TL_SERVER_SET, SHORT),
  TL_FIELD (TlPrincipal, description, "description", STRING, TL_NULLABLE, LINE),
  TL_FIELD (TlPrincipal, time_zone, "timeZone", STRING, TL_NULLABLE, SHORT),
  TL_FIELD (TlPrincipal, avatar_blob_id, "avatarBlobId", STRING, TL_NULLABLE, SHORT),
};
const TlType tl_principal_type = TYPE (TlPrincipal, 1, "Principal", "people", "principal",
                                       TL_CAP_PRINCIPALS, 0, NULL, principal_fields);

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
  TL_FIELD (TlMessage, attachments, "attachments", JSON, TL_IMMUTABLE | TL_NULLABLE, TEXT),
  TL_FIELD (TlMessage, card, "card", JSON, TL_IMMUTABLE | TL_NULLABLE, TEXT),
};
const TlType tl_message_type = TYPE (TlMessage, 8, "Message", "chat", "message", TL_CAP_CHAT,
                                     TL_TYPE_ORDERED, NULL, message_fields);

static const TlField read_marker_fields[] = {
  TL_FIELD (TlReadMarker, room_id, "roomId", ID, TL_REQUIRED | TL_IMMUTABLE, 0),
  TL_FIELD (TlReadMarker, up_to, "upTo", INT, 0, 0),
  TL_FIELD (TlReadMarker, is_muted, "isMuted", BOOL, 0, 0),
};
const TlType tl_read_marker_type =
    TYPE (TlReadMarker, 9, "ReadMarker", "chat", "read_marker", TL_CAP_CHAT, TL_TYPE_PRIVATE,
          "roomId", read_marker_fields);

static const TlField post_fields[] = {
  TL_FIELD (TlPost, author_id, "authorId", ID, TL_SERVER_SET, 0),
  TL_FIELD (TlPost, text, "text", STRING, TL_NULLABLE, TEXT),
  TL_FIELD (TlPost, warning, "warning", STRING, TL_NULLABLE, SHORT),
  TL_FIELD (TlPost, images, "images", JSON, TL_NULLABLE, TEXT),
  TL_FIELD (TlPost, card, "card", JSON, TL_IMMUTABLE | TL_NULLABLE, TEXT),
  TL_FIELD (TlPost, visibility, "visibility", STRING, TL_IMMUTABLE, SHORT),
  TL_FIELD (TlPost, reply_to_id, "replyToId", ID, TL_IMMUTABLE | TL_NULLABLE, 0),
  TL_FIELD (TlPost, boost_of_id, "boostOfId", ID, TL_IMMUTABLE | TL_NULLABLE, 0),
  TL_FIELD (TlPost, mentions, "mentions", JSON, TL_SERVER_SET | TL_NULLABLE, TEXT),
  TL_FIELD (TlPost, created_at, "createdAt", DATE, TL_SERVER_SET, 0),
  TL_FIELD (TlPost, edited_at, "editedAt", DATE, TL_SERVER_SET | TL_NULLABLE, 0),
};
const TlType tl_post_type =
    TYPE (TlPost, 10, "Post", "social", "post", TL_CAP_SOCIAL, 0, NULL, post_fields);

static const TlField reaction_fields[] = {
  TL_FIELD (TlReaction, subject_id, "subjectId", ID, TL_REQUIRED | TL_IMMUTABLE, 0),
  TL_FIELD (TlReaction, principal_id, "principalId", ID, TL_SERVER_SET, 0),
  TL_FIELD (TlReaction, emoji, "emoji", STRING, TL_REQUIRED | TL_IMMUTABLE, 64),
  TL_FIELD (TlReaction, reacted_at, "reactedAt", DATE, TL_SERVER_SET, 0),
};
const TlType tl_reaction_type = TYPE (TlReaction, 11, "Reaction", "social", "reaction",
                                      TL_CAP_SOCIAL, 0, NULL, reaction_fields);

static const TlField follow_fields[] = {
  TL_FIELD (TlFollow, principal_id, "principalId", ID, TL_REQUIRED | TL_IMMUTABLE, 0),
  TL_FIELD (TlFollow, follower_id, "followerId", ID, TL_SERVER_SET, 0),
  TL_FIELD (TlFollow, since, "since", DATE, TL_SERVER_SET, 0),
};
const TlType tl_follow_type =
    TYPE (TlFollow, 12, "Follow", "social", "follow", TL_CAP_SOCIAL, 0, NULL, follow_fields);

static const TlField post_mark_fields[] = {
  TL_FIELD (TlPostMark, post_id, "postId", ID, TL_REQUIRED | TL_IMMUTABLE, 0),
  TL_FIELD (TlPostMark, is_saved, "isSaved", BOOL, 0, 0),
};
const TlType tl_post_mark_type = TYPE (TlPostMark, 13, "PostMark", "social", "post_mark",
                                       TL_CAP_SOCIAL, TL_TYPE_PRIVATE, "postId", post_mark_fields);

static const TlField calendar_fields[] = {
  TL_FIELD (TlCalendar, name, "name", STRING, TL_REQUIRED, SHORT),
  TL_FIELD (TlCalendar, color, "color", STRING, 0, SHORT),
  TL_FIELD (TlCalendar, description, "description", STRING, TL_NULLABLE, LINE),
  TL_FIELD (TlCalendar, time_zone, "timeZone", STRING, TL_NULLABLE, SHORT),
  TL_FIELD (TlCalendar, created_by, "createdBy", ID, TL_SERVER_SET, 0),
  TL_FIELD (TlCalendar, created_at, "createdAt", DATE, TL_SERVER_SET, 0),
};
const TlType tl_calendar_type = TYPE (TlCalendar, 14, "Calendar", "calendar", "calendar",
                                      TL_CAP_CALENDARS, 0, NULL, calendar_fields);

static const TlField calendar_member_fields[] = {
  TL_FIELD (TlCalendarMember, calendar_id, "calendarId", ID, TL_REQUIRED | TL_IMMUTABLE, 0),
  TL_FIELD (TlCalendarMember, principal_id, "principalId", ID, TL_REQUIRED | TL_IMMUTABLE, 0),
  TL_FIELD (TlCalendarMember, role, "role", STRING, 0, SHORT),
  TL_FIELD (TlCalendarMember, joined_at, "joinedAt", DATE, TL_SERVER_SET, 0),
};
const TlType tl_calendar_member_type =
    TYPE (TlCalendarMember, 15, "CalendarMember", "calendar", "calendar_member", TL_CAP_CALENDARS,
          0, NULL, calendar_member_fields);

static const TlField calendar_mark_fields[] = {
  TL_FIELD (TlCalendarMark, calendar_id, "calendarId", ID, TL_REQUIRED | TL_IMMUTABLE, 0),
  TL_FIELD (TlCalendarMark, is_hidden, "isHidden", BOOL, 0, 0),
  TL_FIELD (TlCalendarMark, is_default, "isDefault", BOOL, 0, 0),
  TL_FIELD (TlCalendarMark, color, "color", STRING, TL_NULLABLE, SHORT),
};
const TlType tl_calendar_mark_type =
    TYPE (TlCalendarMark, 16, "CalendarMark", "calendar", "calendar_mark", TL_CAP_CALENDARS,
          TL_TYPE_PRIVATE, "calendarId", calendar_mark_fields);

static const TlField calendar_event_fields[] = {
  TL_FIELD (TlCalendarEvent, calendar_id, "calendarId", ID, TL_REQUIRED | TL_IMMUTABLE, 0),
  TL_FIELD (TlCalendarEvent, uid, "uid", STRING, TL_IMMUTABLE, LINE),
  TL_FIELD (TlCalendarEvent, title, "title", STRING, 0, LINE),
  TL_FIELD (TlCalendarEvent, description, "description", STRING, TL_NULLABLE, TEXT),
  TL_FIELD (TlCalendarEvent, location, "location", STRING, TL_NULLABLE, LINE),
  TL_FIELD (TlCalendarEvent, start, "start", STRING, TL_REQUIRED, SHORT),
  TL_FIELD (TlCalendarEvent, duration, "duration", STRING, TL_NULLABLE, SHORT),
  TL_FIELD (TlCalendarEvent, time_zone, "timeZone", STRING, TL_NULLABLE, SHORT),
  TL_FIELD (TlCalendarEvent, show_without_time, "showWithoutTime", BOOL, 0, 0),
  TL_FIELD (TlCalendarEvent, recurrence_rules, "recurrenceRules", JSON, TL_NULLABLE, TEXT),
  TL_FIELD (TlCalendarEvent, recurrence_overrides, "recurrenceOverrides", JSON, TL_NULLABLE,
            DOCUMENT),
  TL_FIELD (TlCalendarEvent, participants, "participants", JSON, TL_NULLABLE, TEXT),
  TL_FIELD (TlCalendarEvent, alerts, "alerts", JSON, TL_NULLABLE, TEXT),
  TL_FIELD (TlCalendarEvent, status, "status", STRING, 0, SHORT),
  TL_FIELD (TlCalendarEvent, free_busy_status, "freeBusyStatus", STRING, 0, SHORT),
  TL_FIELD (TlCalendarEvent, links, "links", JSON, TL_NULLABLE, TEXT),
  TL_FIELD (TlCalendarEvent, made_of_id, "madeOfId", ID, TL_IMMUTABLE | TL_NULLABLE, 0),
  TL_FIELD (TlCalendarEvent, ical, "ical", STRING, TL_IMMUTABLE | TL_NULLABLE, DOCUMENT),
  TL_FIELD (TlCalendarEvent, created_by, "createdBy", ID, TL_SERVER_SET, 0),
  TL_FIELD (TlCalendarEvent, created_at, "createdAt", DATE, TL_SERVER_SET, 0),
  TL_FIELD (TlCalendarEvent, updated_at, "updatedAt", DATE, TL_SERVER_SET | TL_NULLABLE, 0),
};
const TlType tl_calendar_event_type =
    TYPE (TlCalendarEvent, 17, "CalendarEvent", "calendar", "event", TL_CAP_CALENDARS, 0, NULL,
          calendar_event_fields);

static const TlField event_mark_fields[] = {
  TL_FIELD (TlEventMark, event_id, "eventId", ID, TL_REQUIRED | TL_IMMUTABLE, 0),
  TL_FIELD (TlEventMark, acknowledged_at, "acknowledgedAt", DATE, TL_NULLABLE, 0),
  TL_FIELD (TlEventMark, snoozed_until, "snoozedUntil", DATE, TL_NULLABLE, 0),
};
const TlType tl_event_mark_type =
    TYPE (TlEventMark, 18, "EventMark", "calendar", "event_mark", TL_CAP_CALENDARS, TL_TYPE_PRIVATE,
          "eventId", event_mark_fields);

static const TlField notification_fields[] = {
  TL_FIELD (TlNotification, kind, "kind", STRING, TL_SERVER_SET, SHORT),
  TL_FIELD (TlNotification, subject_id, "subjectId", ID, TL_SERVER_SET, 0),
  TL_FIELD (TlNotification, subject_type, "subjectType", STRING, TL_SERVER_SET, SHORT),
  TL_FIELD (TlNotification, actor_id, "actorId", ID, TL_SERVER_SET | TL_NULLABLE, 0),
  TL_FIELD (TlNotification, preview, "preview", STRING, TL_SERVER_SET | TL_NULLABLE, LINE),
  TL_FIELD (TlNotification, created_at, "createdAt", DATE, TL_SERVER_SET, 0),
  TL_FIELD (TlNotification, is_read, "isRead", BOOL, 0, 0),
};
const TlType tl_notification_type =
    TYPE (TlNotification, 19, "Notification", "notify", "notification", TL_CAP_PERSONAL,
          TL_TYPE_PRIVATE, NULL, notification_fields);

static const TlField inbox_mark_fields[] = {
  TL_FIELD (TlInboxMark, subject_id, "subjectId", ID, TL_REQUIRED | TL_IMMUTABLE, 0),
  TL_FIELD (TlInboxMark, is_done, "isDone", BOOL, 0, 0),
  TL_FIELD (TlInboxMark, snoozed_until, "snoozedUntil", DATE, TL_NULLABLE, 0),
};
const TlType tl_inbox_mark_type =
    TYPE (TlInboxMark, 20, "InboxMark", "notify", "inbox_mark", TL_CAP_PERSONAL, TL_TYPE_PRIVATE,
          "subjectId", inbox_mark_fields);

static const TlField settings_fields[] = {
  TL_FIELD (TlSettings, principal_id, "principalId", ID, TL_REQUIRED | TL_IMMUTABLE, 0),
  TL_FIELD (TlSettings, do_not_disturb_until, "doNotDisturbUntil", DATE, TL_NULLABLE, 0),
  TL_FIELD (TlSettings, quiet_hours, "quietHours", JSON, TL_NULLABLE, LINE),
  TL_FIELD (TlSettings, quiet_when_busy, "quietWhenBusy", BOOL, 0, 0),
  TL_FIELD (TlSettings, notify, "notify", JSON, TL_NULLABLE, TEXT),
  TL_FIELD (TlSettings, feed_read_to, "feedReadTo", ID, TL_NULLABLE, 0),
  TL_FIELD (TlSettings, week_start, "weekStart", INT, 0, 0),
  TL_FIELD (TlSettings, second_time_zone, "secondTimeZone", STRING, TL_NULLABLE, SHORT),
  TL_FIELD (TlSettings, reminder_minutes, "reminderMinutes", INT, 0, 0),
  TL_FIELD (TlSettings, email, "email", JSON, TL_NULLABLE, LINE),
};
const TlType tl_settings_type =
    TYPE (TlSettings, 21, "Settings", "people", "settings", TL_CAP_PERSONAL, TL_TYPE_PRIVATE,
          "principalId", settings_fields);

static const TlField draft_fields[] = {
  TL_FIELD (TlDraft, place, "place", STRING, TL_REQUIRED | TL_IMMUTABLE, SHORT),
  TL_FIELD (TlDraft, text, "text", STRING, 0, TEXT),
  TL_FIELD (TlDraft, extra, "extra", JSON, TL_NULLABLE, TEXT),
  TL_FIELD (TlDraft, changed_at, "changedAt", DATE, TL_SERVER_SET, 0),
};
const TlType tl_draft_type = TYPE (TlDraft, 22, "Draft", "people", "kept_draft", TL_CAP_PERSONAL,
                                   TL_TYPE_PRIVATE, NULL, draft_fields);

static const TlField content_filter_fields[] = {
  TL_FIELD (TlContentFilter, words, "words", STRING, TL_NULLABLE, LINE),
  TL_FIELD (TlContentFilter, kinds, "kinds", JSON, TL_NULLABLE, SHORT),
  TL_FIELD (TlContentFilter, action, "action", STRING, 0, SHORT),
  TL_FIELD (TlContentFilter, person_id, "personId", ID, TL_NULLABLE, 0),
  TL_FIELD (TlContentFilter, expires_at, "expiresAt", DATE, TL_NULLABLE, 0),
  TL_FIELD (TlContentFilter, created_at, "createdAt", DATE, TL_SERVER_SET, 0),
};
const TlType tl_content_filter_type =
    TYPE (TlContentFilter, 23, "Filter", "people", "content_filter", TL_CAP_PERSONAL,
          TL_TYPE_PRIVATE, NULL, content_filter_fields);

const TlType *const tl_types[] = {
  &tl_principal_type,     &tl_feed_type,           &tl_subscription_type, &tl_article_type,
  &tl_article_mark_type,  &tl_room_type,           &tl_room_member_type,  &tl_message_type,
  &tl_read_marker_type,   &tl_notification_type,   &tl_inbox_mark_type,   &tl_settings_type,
  &tl_draft_type,         &tl_content_filter_type, &tl_post_type,         &tl_reaction_type,
  &tl_follow_type,        &tl_post_mark_type,      &tl_calendar_type,     &tl_calendar_member_type,
  &tl_calendar_mark_type, &tl_calendar_event_type, &tl_event_mark_type,   NULL,
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
