/* crowd.c: who is in a room, and rooms that end. Everybody does what they may and what they may not: members come and
 * go, are promoted, are taken out while they write.
 *
 * Rooms named "room …" are for good: the messages that are counted (client.c) are there. Who made the first account
 * is never taken out of them. */
#include "tests/converge/scene.h"

#define FOR_GOOD "name GLOB 'room *'"
/* Memberships that may end. */
#define LOOSE                                                                                      \
  "SELECT m.key FROM room_member m JOIN room r ON r.key = m.roomId WHERE NOT r." FOR_GOOD          \
  " OR m.principalId <> (SELECT min(key) FROM principal WHERE key > 0)"

static void
open_room (Scene *self)
{
  gint64 person = scene_any (self, "SELECT key FROM principal WHERE key <> ?1");
  gint64 rooms = scene_any (self, "SELECT count(*) FROM room");
  JsonArray *members;
  JsonObject *body;
  char id[TL_ID_MAX];

  if (person == 0 || rooms > 14)
    return;
  members = json_array_new ();
  body = scene_words (self, "topic");
  json_array_add_string_element (members, tl_id_format (person, id));
  json_object_set_string_member (body, "name", "short");
  json_object_set_string_member (body, "kind", "group");
  json_object_set_array_member (body, "members", members);
  scene_put (self, &tl_room_type, TL_OP_CREATE, 0, body);
}

static void
talk (Scene *self)
{
  scene_make_about (self, &tl_message_type, "roomId", scene_any (self, "SELECT key FROM room"),
                    scene_words (self, "body"));
}

/* Of anybody's, which only owners and moderators may. */
static void
hush (Scene *self)
{
  scene_destroy (
      self, &tl_message_type,
      "SELECT m.key FROM message m JOIN room r ON r.key = m.roomId WHERE NOT r." FOR_GOOD);
}

static void
describe (Scene *self)
{
  scene_update (self, &tl_room_type, "SELECT key FROM room", scene_words (self, "topic"));
}

static void
close_room (Scene *self)
{
  scene_destroy (self, &tl_room_type, "SELECT key FROM room WHERE NOT " FOR_GOOD);
}

/* Where one may, mostly. */
#define LED                                                                                        \
  "SELECT roomId FROM room_member WHERE principalId = ?1 AND role IN ('owner', 'moderator')"

static void
invite (Scene *self)
{
  gint64 room = scene_any (self, scene_draw (self, 4) ? LED : "SELECT key FROM room");
  gint64 person = scene_any (self, "SELECT key FROM principal WHERE key <> ?1");
  JsonObject *body = json_object_new ();

  if (person)
    scene_set_ref (body, "principalId", person);
  scene_make_about (self, &tl_room_member_type, "roomId", room, body);
}

static void
promote (Scene *self)
{
  static const char *const roles[] = { "owner", "moderator", "member" };
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "role", scene_word (self, roles));
  scene_update (self, &tl_room_member_type,
                scene_draw (self, 4)
                    ? "SELECT key FROM room_member WHERE principalId <> ?1 AND roomId IN (" LED ")"
                    : "SELECT key FROM room_member",
                body);
}

static void
take_out (Scene *self)
{
  scene_destroy (self, &tl_room_member_type, LOOSE);
}

static void
mute (Scene *self)
{
  scene_update (self, &tl_read_marker_type, "SELECT key FROM room", scene_flag (self, "isMuted"));
}

static void
unmark (Scene *self)
{
  scene_destroy (self, &tl_read_marker_type, "SELECT key FROM read_marker");
}

void
crowd_deed (Scene *self)
{
  static const SceneDeed deeds[] = { open_room, open_room, open_room, talk,       talk,   talk,
                                     hush,      describe,  describe,  close_room, invite, invite,
                                     promote,   promote,   take_out,  take_out,   mute,   unmark };

  scene_word (self, deeds) (self);
}
