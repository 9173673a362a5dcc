/* own.c: what is a person's alone, on each of their devices: what was told them, marks of the inbox, settings, drafts,
 * filters, the places of their subscriptions. */
#include "tests/converge/scene.h"

#define INBOX "SELECT key FROM notification UNION ALL SELECT key FROM room WHERE key > 0"

static void
see (Scene *self)
{
  scene_update (self, &tl_notification_type, "SELECT key FROM notification",
                scene_flag (self, "isRead"));
}

static void
dismiss (Scene *self)
{
  scene_destroy (self, &tl_notification_type, "SELECT key FROM notification");
}

static void
put_away (Scene *self)
{
  JsonObject *body = scene_flag (self, "isDone");

  if (scene_draw (self, 2))
    json_object_set_string_member (body, "snoozedUntil", "2026-12-01T08:00:00Z");
  scene_update (self, &tl_inbox_mark_type, INBOX, body);
}

static void
take_back (Scene *self)
{
  scene_destroy (self, &tl_inbox_mark_type, "SELECT key FROM inbox_mark");
}

static void
set (Scene *self)
{
  static const char *const hours[] = { "null", "{\"from\":\"22:00\",\"to\":\"07:00\"}",
                                       "{\"from\":\"23:30\",\"to\":\"06:00\",\"days\":[0,6]}" };
  JsonObject *body = scene_flag (self, "quietWhenBusy");

  json_object_set_int_member (body, "weekStart", scene_draw (self, 8));
  if (scene_draw (self, 2))
    json_object_set_member (body, "quietHours", json_from_string (scene_word (self, hours), NULL));
  scene_put (self, &tl_settings_type, TL_OP_UPDATE, self->me, body);
}

static void
reset (Scene *self)
{
  scene_destroy (self, &tl_settings_type, "SELECT key FROM settings");
}

/* --- drafts -------------------------------------------------------------------------------------- */

/* Two devices write at the same place now and then: the later one is it. */
static void
draft (Scene *self)
{
  static const char *const places[] = { "post", "room:1", "event" };
  JsonObject *body = scene_words (self, "text");

  json_object_set_string_member (body, "place", scene_word (self, places));
  if (scene_draw (self, 2))
    json_object_set_member (body, "extra", json_from_string ("{\"warning\":\"Long\"}", NULL));
  scene_put (self, &tl_draft_type, TL_OP_CREATE, 0, body);
}

static void
redraft (Scene *self)
{
  scene_update (self, &tl_draft_type, "SELECT key FROM kept_draft", scene_words (self, "text"));
}

static void
drop_draft (Scene *self)
{
  scene_destroy (self, &tl_draft_type, "SELECT key FROM kept_draft");
}

/* --- filters ------------------------------------------------------------------------------------- */

static void
filter (Scene *self)
{
  static const char *const actions[] = { "hide", "warn", "silence" };
  JsonObject *body = scene_words (self, "words");

  json_object_set_string_member (body, "action", scene_word (self, actions));
  if (scene_draw (self, 2))
    json_object_set_member (body, "kinds", json_from_string ("[\"Post\",\"Article\"]", NULL));
  scene_put (self, &tl_content_filter_type, TL_OP_CREATE, 0, body);
}

static void
refilter (Scene *self)
{
  JsonObject *body = scene_words (self, "words");

  json_object_set_string_member (body, "expiresAt", "2027-01-01T00:00:00Z");
  scene_update (self, &tl_content_filter_type, "SELECT key FROM content_filter", body);
}

static void
drop_filter (Scene *self)
{
  scene_destroy (self, &tl_content_filter_type, "SELECT key FROM content_filter");
}

/* --- subscriptions ------------------------------------------------------------------------------- */

static void
file (Scene *self)
{
  static const char *const folders[] = { "Folder", "Other", "Third" };
  JsonObject *body = scene_flag (self, "muted");

  json_object_set_string_member (body, "folder", scene_word (self, folders));
  json_object_set_int_member (body, "order", scene_draw (self, 9));
  scene_update (self, &tl_subscription_type, "SELECT key FROM subscription", body);
}

static void
unmark (Scene *self)
{
  scene_destroy (self, &tl_article_mark_type, "SELECT key FROM article_mark");
}

void
own_deed (Scene *self)
{
  static const SceneDeed deeds[] = { see,        see,         dismiss, put_away, put_away,
                                     take_back,  set,         set,     reset,    draft,
                                     draft,      redraft,     filter,  filter,   refilter,
                                     drop_draft, drop_filter, file,    file,     unmark };

  scene_word (self, deeds) (self);
}
