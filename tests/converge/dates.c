/* dates.c: what a person does with calendars and events: sharing and leaving calendars, series and their exceptions,
 * invitations and answers to them, marks. */
#include "tests/converge/scene.h"

#include "sync/event-edit.h"
#include "sync/record-sql.h"

static void
open_calendar (Scene *self)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "name", "Crew");
  scene_put (self, &tl_calendar_type, TL_OP_CREATE, 0, body);
}

static void
describe_calendar (Scene *self)
{
  scene_update (self, &tl_calendar_type, "SELECT key FROM calendar",
                scene_words (self, "description"));
}

/* The first one of a person stays, so that there is always something to do. */
static void
delete_calendar (Scene *self)
{
  scene_destroy (self, &tl_calendar_type,
                 "SELECT key FROM calendar WHERE name = 'Crew' AND createdBy = ?1");
}

static void
share_calendar (Scene *self)
{
  static const char *const roles[] = { "owner", "member", "reader" };
  gint64 person = scene_any (self, "SELECT key FROM principal WHERE key <> ?1");
  JsonObject *body = json_object_new ();

  if (person)
    scene_set_ref (body, "principalId", person);
  json_object_set_string_member (body, "role", scene_word (self, roles));
  scene_make_about (self, &tl_calendar_member_type, "calendarId",
                    scene_any (self, "SELECT key FROM calendar"), body);
}

/* To a reader, in the middle of what they write. */
static void
demote (Scene *self)
{
  static const char *const roles[] = { "owner", "member", "reader", "reader" };
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "role", scene_word (self, roles));
  scene_update (self, &tl_calendar_member_type,
                "SELECT key FROM calendar_member WHERE principalId <> ?1", body);
}

static void
leave_calendar (Scene *self)
{
  scene_destroy (self, &tl_calendar_member_type,
                 "SELECT key FROM calendar_member WHERE principalId = ?1");
}

static void
take_out_of_calendar (Scene *self)
{
  scene_destroy (self, &tl_calendar_member_type,
                 "SELECT key FROM calendar_member WHERE principalId <> ?1");
}

/* --- events -------------------------------------------------------------------------------------- */

static JsonObject *
appointment (Scene *self)
{
  static const char *const rules[] = { "null", "[{\"frequency\":\"weekly\"}]",
                                       "[{\"frequency\":\"daily\",\"count\":9}]" };
  g_autofree char *start =
      g_strdup_printf ("2026-11-%02dT%02d:30:00", scene_draw (self, 30) + 1, scene_draw (self, 24));
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "title", "Row");
  json_object_set_string_member (body, "start", start);
  json_object_set_string_member (body, "duration", "PT1H");
  json_object_set_string_member (body, "timeZone", "Europe/Stockholm");
  json_object_set_member (body, "recurrenceRules",
                          json_from_string (scene_word (self, rules), NULL));
  return body;
}

/* People who are invited, oneself as the one who asks. */
static void
invite_to (Scene *self, JsonObject *event)
{
  gint64 person = scene_any (self, "SELECT key FROM principal WHERE key <> ?1");
  g_autofree char *json = g_strdup_printf (
      "{\"t%" G_GINT64_FORMAT "\":{\"name\":\"One\",\"role\":\"owner\","
      "\"participationStatus\":\"accepted\"},"
      "\"t%" G_GINT64_FORMAT "\":{\"name\":\"Two\",\"participationStatus\":\"needs-action\"}}",
      self->me, person);

  if (person)
    json_object_set_member (event, "participants", json_from_string (json, NULL));
}

static void
plan (Scene *self)
{
  JsonObject *event = appointment (self);

  if (scene_draw (self, 2))
    invite_to (self, event);
  scene_make_about (self, &tl_calendar_event_type, "calendarId",
                    scene_any (self, "SELECT key FROM calendar"), event);
}

static void
move (Scene *self)
{
  scene_update (self, &tl_calendar_event_type, "SELECT key FROM event", appointment (self));
}

/* One instance of a series: elsewhere, or not at all. */
static void
except (Scene *self)
{
  gint64 series = scene_any (self, "SELECT key FROM event WHERE recurrenceRules IS NOT NULL");
  g_autofree char *start = scene_text (self, "SELECT start FROM event WHERE key = ?1", series);
  g_autofree char *words = g_strdup_printf ("Hut %u", g_rand_int (self->random));
  JsonObject *body, *overrides, *patch;

  if (start == NULL)
    return;
  body = json_object_new ();
  overrides = json_object_new ();
  patch = json_object_new ();
  if (scene_draw (self, 3) == 0)
    json_object_set_boolean_member (patch, "excluded", TRUE);
  else
    json_object_set_string_member (patch, "location", words);
  json_object_set_object_member (overrides, start, patch);
  json_object_set_object_member (body, "recurrenceOverrides", overrides);
  scene_put (self, &tl_calendar_event_type, TL_OP_UPDATE, series, body);
}

static void
answer (Scene *self)
{
  static const char *const answers[] = { "accepted", "tentative", "declined" };
  gint64 key = scene_any (self, "SELECT key FROM event WHERE key > 0 AND instr(participants, "
                                "'\"t' || ?1 || '\"')");
  TlCalendarEvent *event =
      key ? tl_record_load (self->db, &tl_calendar_event_type, key, self->error) : NULL;
  JsonObject *patch = event ? tl_event_answer (event, self->me, scene_word (self, answers)) : NULL;

  if (patch)
    scene_put (self, &tl_calendar_event_type, TL_OP_UPDATE, key, patch);
  tl_record_free (&tl_calendar_event_type, event);
}

static void
call_off (Scene *self)
{
  scene_destroy (self, &tl_calendar_event_type, "SELECT key FROM event");
}

/* --- marks --------------------------------------------------------------------------------------- */

static void
mark_calendar (Scene *self)
{
  scene_make_about (self, &tl_calendar_mark_type, "calendarId",
                    scene_any (self, "SELECT key FROM calendar"),
                    scene_flag (self, scene_draw (self, 2) ? "isDefault" : "isHidden"));
}

/* Only of what the server has: a mark of an event that was refused waits with it. */
static void
mark_event (Scene *self)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, scene_draw (self, 2) ? "acknowledgedAt" : "snoozedUntil",
                                 "2026-11-23T12:00:00Z");
  scene_make_about (self, &tl_event_mark_type, "eventId",
                    scene_any (self, "SELECT key FROM event WHERE key > 0"), body);
}

static void
unmark (Scene *self)
{
  if (scene_draw (self, 2))
    scene_destroy (self, &tl_calendar_mark_type, "SELECT key FROM calendar_mark");
  else
    scene_destroy (self, &tl_event_mark_type, "SELECT key FROM event_mark");
}

void
dates_deed (Scene *self)
{
  static const SceneDeed deeds[] = { open_calendar,
                                     describe_calendar,
                                     delete_calendar,
                                     share_calendar,
                                     share_calendar,
                                     demote,
                                     demote,
                                     leave_calendar,
                                     take_out_of_calendar,
                                     plan,
                                     plan,
                                     plan,
                                     move,
                                     move,
                                     except,
                                     except,
                                     answer,
                                     answer,
                                     call_off,
                                     mark_calendar,
                                     mark_calendar,
                                     mark_event,
                                     mark_event,
                                     unmark,
                                     unmark,
                                     unmark };

  scene_word (self, deeds) (self);
}
