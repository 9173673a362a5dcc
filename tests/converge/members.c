/* members.c: who is where, and as what: rooms and calendars, taken from oneself and from others in the middle of what
 * they write. Alice stays everywhere, so that everything goes on. */
#include "tests/converge/scene.h"

static const char *const room_roles[] = { "owner", "member", NULL };
static const char *const calendar_roles[] = { "owner", "member", "reader", NULL };

static JsonObject *
place_for (Scene *self, const char *const *roles)
{
  gint64 person = scene_any (self, "SELECT key FROM principal WHERE key <> ?1");
  JsonObject *body = json_object_new ();

  if (person)
    scene_set_ref (body, "principalId", person);
  json_object_set_string_member (body, "role", scene_one_of (self, roles));
  return body;
}

static void
promote (Scene *self, const TlType *type, const char *const *roles, gint64 member)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "role", scene_one_of (self, roles));
  scene_put (self, type, TL_OP_UPDATE, member, body);
}

/* --- rooms --------------------------------------------------------------------------------------- */

static void
invite (Scene *self)
{
  scene_make_about (self, &tl_room_member_type, "roomId", scene_any (self, "SELECT key FROM room"),
                    place_for (self, room_roles));
}

static void
remove_from_room (Scene *self)
{
  scene_put (self, &tl_room_member_type, TL_OP_DESTROY,
             scene_any (self,
                        "SELECT key FROM room_member WHERE principalId > 0 AND principalId <> "
                        "(SELECT min (key) FROM principal)"),
             NULL);
}

static void
change_room_role (Scene *self)
{
  promote (self, &tl_room_member_type, room_roles, scene_any (self, "SELECT key FROM room_member"));
}

static void
rename_room (Scene *self)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "name", "Another name");
  scene_put (self, &tl_room_type, TL_OP_UPDATE, scene_any (self, "SELECT key FROM room"), body);
}

/* --- calendars ----------------------------------------------------------------------------------- */

static void
share_calendar (Scene *self)
{
  scene_make_about (self, &tl_calendar_member_type, "calendarId",
                    scene_any (self, "SELECT key FROM calendar"), place_for (self, calendar_roles));
}

static void
leave_calendar (Scene *self)
{
  scene_put (self, &tl_calendar_member_type, TL_OP_DESTROY,
             scene_any (self, "SELECT key FROM calendar_member WHERE principalId = ?1"), NULL);
}

static void
remove_from_calendar (Scene *self)
{
  scene_put (self, &tl_calendar_member_type, TL_OP_DESTROY,
             scene_any (self, "SELECT key FROM calendar_member WHERE principalId <> ?1"), NULL);
}

static void
change_calendar_role (Scene *self)
{
  promote (self, &tl_calendar_member_type, calendar_roles,
           scene_any (self, "SELECT key FROM calendar_member"));
}

static void
rename_calendar (Scene *self)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "name", "Another name");
  json_object_set_string_member (body, "color", "teal");
  scene_put (self, &tl_calendar_type, TL_OP_UPDATE, scene_any (self, "SELECT key FROM calendar"),
             body);
}

static void
close_calendar (Scene *self)
{
  scene_put (self, &tl_calendar_type, TL_OP_DESTROY,
             scene_any (self, "SELECT key FROM calendar ORDER BY key DESC LIMIT 1"), NULL);
}

const Deed member_deeds[] = {
  invite,          remove_from_room,     change_room_role, rename_room,
  share_calendar,  share_calendar,       leave_calendar,   remove_from_calendar,
  rename_calendar, change_calendar_role, close_calendar,   NULL,
};
