/* own.c: what is one's own: name, settings, drafts, filters, and marks of what was told. */
#include "tests/converge/scene.h"

static char *
some_words (Scene *self)
{
  return g_strdup_printf ("words %08x", g_rand_int (self->random));
}

static void
present_oneself (Scene *self)
{
  g_autofree char *words = some_words (self);
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "description", words);
  scene_put (self, &tl_principal_type, TL_OP_UPDATE, self->me, body);
}

static void
set (Scene *self)
{
  JsonObject *body = json_object_new ();

  if (g_rand_boolean (self->random))
    json_object_set_int_member (body, "weekStart", g_rand_int_range (self->random, 0, 8));
  else
    json_object_set_int_member (body, "reminderMinutes", g_rand_int_range (self->random, 0, 60));
  scene_make_about (self, &tl_settings_type, "principalId", self->me, body);
}

/* --- drafts and filters -------------------------------------------------------------------------- */

static void
begin_draft (Scene *self)
{
  static const char *const places[] = { "post", "event", "room:1", NULL };
  g_autofree char *words = some_words (self);
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "place", scene_one_of (self, places));
  json_object_set_string_member (body, "text", words);
  scene_put (self, &tl_draft_type, TL_OP_CREATE, 0, body);
}

static void
go_on_writing (Scene *self)
{
  g_autofree char *words = some_words (self);
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "text", words);
  scene_put (self, &tl_draft_type, TL_OP_UPDATE, scene_any (self, "SELECT key FROM kept_draft"),
             body);
}

static void
tear_up (Scene *self)
{
  scene_put (self, &tl_draft_type, TL_OP_DESTROY, scene_any (self, "SELECT key FROM kept_draft"),
             NULL);
}

static void
filter (Scene *self)
{
  static const char *const actions[] = { "hide", "warn", "silence", "shout", NULL };
  gint64 old = scene_any (self, "SELECT key FROM content_filter");
  g_autofree char *words = some_words (self);
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "words", words);
  json_object_set_string_member (body, "action", scene_one_of (self, actions));
  if (old && g_rand_boolean (self->random))
    scene_put (self, &tl_content_filter_type, TL_OP_UPDATE, old, body);
  else
    scene_put (self, &tl_content_filter_type, TL_OP_CREATE, 0, body);
}

static void
unfilter (Scene *self)
{
  scene_put (self, &tl_content_filter_type, TL_OP_DESTROY,
             scene_any (self, "SELECT key FROM content_filter"), NULL);
}

/* --- what was told ------------------------------------------------------------------------------- */

static void
note (Scene *self)
{
  gint64 told = scene_any (self, "SELECT key FROM notification WHERE key > 0");
  JsonObject *body = json_object_new ();

  if (g_rand_boolean (self->random)) {
    json_object_set_boolean_member (body, "isRead", g_rand_boolean (self->random));
    scene_put (self, &tl_notification_type, TL_OP_UPDATE, told, body);
    return;
  }
  if (g_rand_boolean (self->random))
    json_object_set_boolean_member (body, "isDone", g_rand_boolean (self->random));
  else
    json_object_set_string_member (body, "snoozedUntil", "2026-11-30T09:00:00Z");
  scene_make_about (self, &tl_inbox_mark_type, "subjectId", told, body);
}

static void
mute (Scene *self)
{
  JsonObject *body = json_object_new ();

  json_object_set_boolean_member (body, "isMuted", g_rand_boolean (self->random));
  scene_make_about (self, &tl_read_marker_type, "roomId",
                    scene_any (self, "SELECT key FROM room WHERE key > 0"), body);
}

static void
sort_feeds (Scene *self)
{
  g_autofree char *words = some_words (self);
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "title", words);
  scene_put (self, &tl_subscription_type, TL_OP_UPDATE,
             scene_any (self, "SELECT key FROM subscription"), body);
}

const Deed own_deeds[] = {
  present_oneself, set,  begin_draft, begin_draft, go_on_writing, tear_up,    filter,
  filter,          note, note,        unfilter,    mute,          sort_feeds, NULL,
};
