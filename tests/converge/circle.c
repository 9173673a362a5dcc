/* circle.c: what a person does in the circle's feed and its calendars. Texts name people now and then, so that
 * notifications and threads come about. */
#include "tests/converge/scene.h"

static JsonObject *
words (Scene *self)
{
  static const char *const names[] = { "", "@alice ", "@bob ", "@nobody " };
  g_autofree char *text = g_strdup_printf (
      "%swords %08x", names[g_rand_int_range (self->random, 0, G_N_ELEMENTS (names))],
      g_rand_int (self->random));
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "text", text);
  return body;
}

static void
write_post (Scene *self)
{
  static const char *const visibilities[] = { "public", "public", "followers", "mentioned" };
  gint64 answered = g_rand_boolean (self->random) ? scene_any (self, "SELECT key FROM post") : 0;
  JsonObject *body = words (self);

  json_object_set_string_member (
      body, "visibility",
      visibilities[g_rand_int_range (self->random, 0, G_N_ELEMENTS (visibilities))]);
  if (answered)
    scene_set_ref (body, "replyToId", answered);
  scene_put (self, &tl_post_type, TL_OP_CREATE, 0, body);
}

static void
boost (Scene *self)
{
  scene_make_about (self, &tl_post_type, "boostOfId",
                    scene_any (self, "SELECT key FROM post WHERE visibility = 'public'"),
                    json_object_new ());
}

static void
edit (Scene *self)
{
  scene_put (self, &tl_post_type, TL_OP_UPDATE,
             scene_any (self, "SELECT key FROM post WHERE authorId = ?1 AND boostOfId IS NULL"),
             words (self));
}

static void delete (Scene *self)
{
  scene_put (self, &tl_post_type, TL_OP_DESTROY,
             scene_any (self, "SELECT key FROM post WHERE authorId = ?1"), NULL);
}

static void
react (Scene *self)
{
  static const char *const emoji[] = { "👍", "❤️", "🎉" };
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "emoji",
                                 emoji[g_rand_int_range (self->random, 0, G_N_ELEMENTS (emoji))]);
  scene_make_about (self, &tl_reaction_type, "subjectId",
                    scene_any (self, "SELECT key FROM post UNION ALL SELECT key FROM message"),
                    body);
}

static void
take_back (Scene *self)
{
  scene_put (self, &tl_reaction_type, TL_OP_DESTROY,
             scene_any (self, "SELECT key FROM reaction WHERE principalId = ?1"), NULL);
}

static void
follow (Scene *self)
{
  gint64 following = scene_any (self, "SELECT key FROM follow");

  if (following && g_rand_boolean (self->random))
    scene_put (self, &tl_follow_type, TL_OP_DESTROY, following, NULL);
  else
    scene_make_about (self, &tl_follow_type, "principalId",
                      scene_any (self, "SELECT key FROM principal WHERE key <> ?1"),
                      json_object_new ());
}

static void
save (Scene *self)
{
  JsonObject *body = json_object_new ();

  json_object_set_boolean_member (body, "isSaved", g_rand_boolean (self->random));
  scene_make_about (self, &tl_post_mark_type, "postId", scene_any (self, "SELECT key FROM post"),
                    body);
}

/* --- calendars ----------------------------------------------------------------------------------- */

static void
open_calendar (Scene *self)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "name", "Crew");
  scene_put (self, &tl_calendar_type, TL_OP_CREATE, 0, body);
}

static JsonObject *
appointment (Scene *self)
{
  static const char *const rules[] = { "null", "[{\"frequency\":\"weekly\"}]",
                                       "[{\"frequency\":\"daily\",\"count\":9}]" };
  g_autofree char *start =
      g_strdup_printf ("2026-11-%02dT%02d:30:00", g_rand_int_range (self->random, 1, 31),
                       g_rand_int_range (self->random, 0, 24));
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "title", "Row");
  json_object_set_string_member (body, "start", start);
  json_object_set_string_member (body, "duration", "PT1H");
  json_object_set_string_member (body, "timeZone", "Europe/Stockholm");
  json_object_set_member (
      body, "recurrenceRules",
      json_from_string (rules[g_rand_int_range (self->random, 0, G_N_ELEMENTS (rules))], NULL));
  return body;
}

static void
plan (Scene *self)
{
  scene_make_about (self, &tl_calendar_event_type, "calendarId",
                    scene_any (self, "SELECT key FROM calendar"), appointment (self));
}

static void
move (Scene *self)
{
  scene_put (self, &tl_calendar_event_type, TL_OP_UPDATE, scene_any (self, "SELECT key FROM event"),
             appointment (self));
}

static void
call_off (Scene *self)
{
  scene_put (self, &tl_calendar_event_type, TL_OP_DESTROY,
             scene_any (self, "SELECT key FROM event"), NULL);
}

/* Only of what the server has: a mark of an event that was refused waits with it. */
static void
mark (Scene *self)
{
  JsonObject *body = json_object_new ();

  if (g_rand_boolean (self->random)) {
    json_object_set_boolean_member (body, "isDefault", TRUE);
    scene_make_about (self, &tl_calendar_mark_type, "calendarId",
                      scene_any (self, "SELECT key FROM calendar"), body);
  } else {
    json_object_set_string_member (body, "acknowledgedAt", "2026-11-23T12:00:00Z");
    scene_make_about (self, &tl_event_mark_type, "eventId",
                      scene_any (self, "SELECT key FROM event WHERE key > 0"), body);
  }
}

const Deed circle_deeds[] = {
  write_post, write_post, write_post,    react, react, boost, edit,     delete, take_back,
  follow,     save,       open_calendar, plan,  plan,  move,  call_off, mark,   NULL,
};
