/* The rules of rooms, on a real PostgreSQL, by requests as clients make them. */
#include "server/services/user/people.h"
#include "tests/server/words.h"

#include <string.h>

#define ID G_GINT64_FORMAT

typedef struct {
  Household *house;
  gint64 cleo;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->house = household_new ();
  self->cleo = tl_people_add (self->house->pg, "cleo", "Cleo", "a long password", "member", &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  household_free (self->house);
}

/* --- words ------------------------------------------------------------------------------------- */

static gint64
member_id (Fixture *self, gint64 room, gint64 who)
{
  return household_number (self->house->pg,
                           "SELECT id FROM chat.room_member WHERE \"roomId\" = %" ID
                           " AND \"principalId\" = %" ID,
                           room, who);
}

/* Ada's room, with Ben in it. */
static gint64
make_room (Fixture *self)
{
  return make (self->house, self->house->ada, "Room",
               "{'name':' Tide pool ','members':['t%" ID "']}", self->house->ben);
}

static gint64
write_message (Fixture *self, gint64 who, gint64 room, const char *body)
{
  return make (self->house, who, "Message", "{'roomId':'t%" ID "','body':'%s'}", room, body);
}

/* --- rooms ------------------------------------------------------------------------------------- */

static void
test_create (Fixture *self, gconstpointer data)
{
  Household *house = self->house;
  g_autofree char *state = household_state (house);
  gint64 room = make_room (self);

  assert_text (self->house, house->ada, "Room", room, "name", "Tide pool");
  assert_text (self->house, house->ben, "Room", room, "kind", "group");
  assert_sees (self->house, self->cleo, "Room", room, FALSE);
  assert_text (self->house, house->ben, "RoomMember", member_id (self, room, house->ada), "role",
               "owner");
  assert_text (self->house, house->ada, "RoomMember", member_id (self, room, house->ben), "role",
               "member");
  assert_changes (self->house, house->ben, "Room", state, "1 0 0");
  assert_changes (self->house, house->ben, "RoomMember", state, "2 0 0");
  assert_changes (self->house, self->cleo, "Room", state, "0 0 0");
  refuse_create (self->house, house->ada, "Room", "{'name':'x','members':['t1']}",
                 "invalidProperties", "members: there is nobody");
  refuse_create (self->house, house->ada, "Room", "{'kind':'cave'}", "invalidProperties", "kind: ");
  refuse_create (self->house, house->ada, "Room", "{'walls':4}", "invalidProperties", "walls: ");
}

static void
test_direct (Fixture *self, gconstpointer data)
{
  Household *house = self->house;
  g_autofree char *object =
      g_strdup_printf ("{'kind':'direct','members':['t%" ID "']}", house->ben);
  g_autofree char *back = g_strdup_printf ("{'kind':'direct','members':['t%" ID "']}", house->ada);
  gint64 room = make (self->house, house->ada, "Room", "%s", object);
  g_autofree char *id = g_strdup_printf ("t%" ID, room);
  g_autofree char *invite =
      g_strdup_printf ("{'roomId':'%s','principalId':'t%" ID "'}", id, self->cleo);

  refuse_create (self->house, house->ada, "Room", object, "invalidProperties", id);
  refuse_create (self->house, house->ben, "Room", back, "invalidProperties", id);
  refuse_create (self->house, house->ada, "Room", "{'kind':'direct'}", "invalidProperties",
                 "exactly one other person");
  refuse_create (self->house, house->ada, "RoomMember", invite, "forbidden", "exactly two");
  refuse_destroy (self->house, house->ben, "RoomMember", member_id (self, room, house->ben),
                  "forbidden", "exactly two");
  refuse_update (self->house, house->ada, "Room", room, "{'name':'Us'}", "invalidProperties",
                 "named by");
  destroy (self->house, house->ada, "Room", room);
  make (self->house, house->ben, "Room", "%s", back);
}

static void
test_update (Fixture *self, gconstpointer data)
{
  Household *house = self->house;
  gint64 room = make_room (self);

  refuse_update (self->house, house->ben, "Room", room, "{'topic':'Crabs'}", "forbidden",
                 "moderator");
  refuse_update (self->house, self->cleo, "Room", room, "{'topic':'Crabs'}", "notFound", "");
  update (self->house, house->ada, "RoomMember", member_id (self, room, house->ben),
          "{'role':'moderator'}");
  update (self->house, house->ben, "Room", room, "{'topic':'Crabs'}");
  assert_text (self->house, house->ada, "Room", room, "topic", "Crabs");
  refuse_update (self->house, house->ada, "Room", room, "{'kind':'direct'}", "invalidProperties",
                 "kind");
  refuse_destroy (self->house, house->ben, "Room", room, "forbidden", "owner");
}

/* A device that comes back is told that everything of the room is gone. */
static void
test_destroy (Fixture *self, gconstpointer data)
{
  Household *house = self->house;
  gint64 room = make_room (self);
  gint64 message = write_message (self, house->ben, room, "Hello");
  g_autofree char *state = NULL;

  make (self->house, house->ben, "ReadMarker", "{'roomId':'t%" ID "','upTo':1}", room);
  state = household_state (house);
  destroy (self->house, house->ada, "Room", room);
  assert_sees (self->house, house->ada, "Room", room, FALSE);
  assert_sees (self->house, house->ben, "Message", message, FALSE);
  assert_changes (self->house, house->ben, "Room", state, "0 0 1");
  assert_changes (self->house, house->ben, "RoomMember", state, "0 0 2");
  assert_changes (self->house, house->ben, "Message", state, "0 0 1");
  assert_changes (self->house, house->ben, "ReadMarker", state, "0 0 1");
  assert_changes (self->house, house->ada, "Message", state, "0 0 1");
  assert_changes (self->house, self->cleo, "Message", state, "0 0 0");
}

/* --- members ----------------------------------------------------------------------------------- */

static void
test_invite (Fixture *self, gconstpointer data)
{
  Household *house = self->house;
  gint64 room = make_room (self);
  gint64 message = write_message (self, house->ada, room, "Before you came");
  g_autofree char *invite =
      g_strdup_printf ("{'roomId':'t%" ID "','principalId':'t%" ID "'}", room, self->cleo);
  g_autofree char *as_owner = g_strdup_printf (
      "{'roomId':'t%" ID "','principalId':'t%" ID "','role':'owner'}", room, self->cleo);
  g_autofree char *state = household_state (house);

  refuse_create (self->house, house->ben, "RoomMember", invite, "forbidden", "invites");
  refuse_create (self->house, self->cleo, "RoomMember", invite, "invalidProperties", "roomId: ");
  update (self->house, house->ada, "RoomMember", member_id (self, room, house->ben),
          "{'role':'moderator'}");
  refuse_create (self->house, house->ben, "RoomMember", as_owner, "forbidden", "gives roles");
  make (self->house, house->ben, "RoomMember", "%s", invite);
  assert_sees (self->house, self->cleo, "Message", message, TRUE);
  assert_changes (self->house, self->cleo, "Room", state, "1 0 0");
  assert_changes (self->house, self->cleo, "Message", state, "1 0 0");
  assert_changes (self->house, house->ada, "RoomMember", state, "1 1 0");
  refuse_create (self->house, house->ada, "RoomMember", invite, "invalidProperties", "already");
}

static void
test_remove (Fixture *self, gconstpointer data)
{
  Household *house = self->house;
  gint64 room = make_room (self);
  gint64 message = write_message (self, house->ada, room, "Hello");
  gint64 cleo = make (self->house, house->ada, "RoomMember",
                      "{'roomId':'t%" ID "','principalId':'t%" ID "'}", room, self->cleo);
  g_autofree char *state = household_state (house);

  refuse_destroy (self->house, house->ben, "RoomMember", cleo, "forbidden", "remove");
  destroy (self->house, house->ada, "RoomMember", cleo);
  assert_sees (self->house, self->cleo, "Message", message, FALSE);
  assert_changes (self->house, self->cleo, "Message", state, "0 0 1");
  assert_changes (self->house, self->cleo, "RoomMember", state, "0 0 3");
  assert_changes (self->house, house->ben, "RoomMember", state, "0 0 1");
  make (self->house, house->ada, "RoomMember", "{'roomId':'t%" ID "','principalId':'t%" ID "'}",
        room, self->cleo);
  assert_sees (self->house, self->cleo, "Message", message, TRUE);
}

static void
test_last_owner (Fixture *self, gconstpointer data)
{
  Household *house = self->house;
  gint64 room = make_room (self);
  gint64 ada = member_id (self, room, house->ada);
  gint64 ben = member_id (self, room, house->ben);

  make (self->house, house->ada, "RoomMember", "{'roomId':'t%" ID "','principalId':'t%" ID "'}",
        room, self->cleo);
  refuse_update (self->house, house->ada, "RoomMember", ada, "{'role':'member'}",
                 "invalidProperties", "needs an owner");
  refuse_update (self->house, house->ada, "RoomMember", ada, "{'role':'king'}", "invalidProperties",
                 "role: ");
  refuse_update (self->house, house->ben, "RoomMember", ben, "{'role':'owner'}", "forbidden",
                 "owner");
  destroy (self->house, house->ada, "RoomMember", ada);
  assert_text (self->house, self->cleo, "RoomMember", ben, "role", "owner");
  update (self->house, house->ben, "Room", room, "{'name':'Ben s'}");
  destroy (self->house, house->ben, "RoomMember", ben);
  destroy (self->house, self->cleo, "RoomMember", member_id (self, room, self->cleo));
  g_assert_cmpint (household_number (house->pg, "SELECT count(*) FROM chat.room"), ==, 0);
  g_assert_cmpint (household_number (house->pg, "SELECT count(*) FROM sync.member m "
                                                "JOIN sync.scope s ON s.id = m.scope "
                                                "WHERE s.kind = 'room' AND m.to_xid IS NULL"),
                   ==, 0);
}

/* --- messages ---------------------------------------------------------------------------------- */

static void
test_messages (Fixture *self, gconstpointer data)
{
  Household *house = self->house;
  gint64 room = make_room (self);
  gint64 first = write_message (self, house->ada, room, "  One \\n");
  gint64 second = make (self->house, house->ben, "Message",
                        "{'roomId':'t%" ID "','body':'Two','replyToId':'t%" ID "'}", room, first);
  g_autofree char *outside = g_strdup_printf ("{'roomId':'t%" ID "','body':'Hi'}", room);
  g_autofree char *empty = g_strdup_printf ("{'roomId':'t%" ID "','body':' \\n\\t '}", room);
  g_autoptr (JsonObject) one = get (self->house, house->ben, "Message", first);
  g_autoptr (JsonObject) two = get (self->house, house->ada, "Message", second);

  g_assert_cmpstr (json_object_get_string_member (one, "body"), ==, "One");
  g_assert_cmpint (json_object_get_int_member (one, "seq"), >, 0);
  g_assert_cmpint (json_object_get_int_member (two, "seq"), >,
                   json_object_get_int_member (one, "seq"));
  assert_text (self->house, house->ada, "Message", first, "editedAt", NULL);
  refuse_create (self->house, self->cleo, "Message", outside, "invalidProperties", "roomId: ");
  refuse_create (self->house, house->ada, "Message", empty, "invalidProperties", "body: ");
}

static void
test_reply (Fixture *self, gconstpointer data)
{
  Household *house = self->house;
  gint64 room = make_room (self);
  gint64 other = make (self->house, house->ada, "Room", "{'name':'Other'}");
  gint64 message = write_message (self, house->ada, other, "Elsewhere");
  g_autofree char *reply =
      g_strdup_printf ("{'roomId':'t%" ID "','body':'x','replyToId':'t%" ID "'}", room, message);

  refuse_create (self->house, house->ada, "Message", reply, "invalidProperties", "replyToId: ");
}

static void
test_edit (Fixture *self, gconstpointer data)
{
  Household *house = self->house;
  gint64 room = make_room (self);
  gint64 message = write_message (self, house->ben, room, "Teh tide");
  gint64 another = write_message (self, house->ben, room, "Mine");
  g_autoptr (JsonObject) edited = NULL;

  refuse_update (self->house, house->ada, "Message", message, "{'body':'x'}", "forbidden",
                 "sender");
  refuse_update (self->house, house->ben, "Message", message, "{'body':'  '}", "invalidProperties",
                 "body");
  refuse_update (self->house, house->ben, "Message", message, "{'seq':9}", "invalidProperties",
                 "seq");
  update (self->house, house->ben, "Message", message, "{'body':'The tide'}");
  edited = get (self->house, house->ada, "Message", message);
  g_assert_cmpstr (json_object_get_string_member (edited, "body"), ==, "The tide");
  g_assert_false (json_object_get_null_member (edited, "editedAt"));
  destroy (self->house, house->ada, "Message", message);
  destroy (self->house, house->ben, "Message", another);
  message = write_message (self, house->ada, room, "Ada s");
  refuse_destroy (self->house, house->ben, "Message", message, "forbidden", "moderator");
}

/* Room, member and first message in one request, as an outbox sends them. */
static void
test_at_once (Fixture *self, gconstpointer data)
{
  g_autofree char *calls = g_strdup_printf (
      "[['Room/set',{'accountId':ACCOUNT,'create':{'r':{'name':'New'}}},'0'],"
      "['RoomMember/set',{'accountId':ACCOUNT,'create':{'m':{'roomId':'#r','principalId':'t%" ID
      "'}}},'1'],['Message/set',{'accountId':ACCOUNT,'create':{'a':{'roomId':'#r','body':'A'},"
      "'b':{'roomId':'#r','body':'B','replyToId':'#a'}}},'2']]",
      self->house->ben);
  g_autoptr (JsonObject) response = household_request (self->house, self->house->ada, calls);
  JsonArray *responses = json_object_get_array_member (response, "methodResponses");

  for (guint i = 0; i < 3; i++) {
    JsonArray *one = json_array_get_array_element (responses, i);

    g_assert_true (
        json_object_get_null_member (json_array_get_object_element (one, 1), "notCreated"));
  }
  g_assert_cmpint (household_number (self->house->pg, "SELECT count(*) FROM chat.message a "
                                                      "JOIN chat.message b "
                                                      "ON b.\"replyToId\" = a.id "
                                                      "WHERE b.seq > a.seq"),
                   ==, 1);
}

static void
test_markers (Fixture *self, gconstpointer data)
{
  Household *house = self->house;
  gint64 room = make_room (self);
  g_autofree char *object = g_strdup_printf ("{'roomId':'t%" ID "','upTo':3}", room);
  g_autofree char *wrong = g_strdup_printf ("{'roomId':'t%" ID "','upTo':-1}", room);

  g_assert_cmpint (make (self->house, house->ben, "ReadMarker", "%s", object), ==, room);
  update (self->house, house->ben, "ReadMarker", room, "{'upTo':7}");
  update (self->house, house->ben, "ReadMarker", room, "{'upTo':5}");
  make (self->house, house->ben, "ReadMarker", "%s", object);
  g_assert_cmpint (household_number (house->pg, "SELECT \"upTo\" FROM chat.read_marker"), ==, 7);
  assert_sees (self->house, house->ada, "ReadMarker", room, FALSE);
  refuse_create (self->house, self->cleo, "ReadMarker", object, "invalidProperties", "roomId: ");
  refuse_create (self->house, house->ada, "ReadMarker", wrong, "invalidProperties", "upTo: ");
}

/* --- search ------------------------------------------------------------------------------------ */

static guint
count_hits (Fixture *self, gint64 who, const char *text)
{
  g_autofree char *call = g_strdup_printf (
      "['Search/query',{'accountId':ACCOUNT,'text':'%s','types':null,'limit':20},'c']", text);
  g_autoptr (JsonObject) result = household_call (self->house, who, call, NULL);

  return json_array_get_length (json_object_get_array_member (result, "hits"));
}

static void
test_search (Fixture *self, gconstpointer data)
{
  Household *house = self->house;
  gint64 room = make_room (self);

  house->server.search = tl_search_pg_new ();
  write_message (self, house->ada, room, "Anemones at low tide");
  write_message (self, house->ben, room, "Tides are predictable");
  g_assert_cmpuint (count_hits (self, house->ada, "anemones"), ==, 1);
  g_assert_cmpuint (count_hits (self, house->ben, "anem"), ==, 1);
  g_assert_cmpuint (count_hits (self, house->ben, "tid"), ==, 3); /* the room too */
  g_assert_cmpuint (count_hits (self, house->ben, "tid in:messages"), ==, 2);
  g_assert_cmpuint (count_hits (self, house->ben, "low tid"), ==, 1);
  g_assert_cmpuint (count_hits (self, house->ben, "tid -low in:messages"), ==, 1);
  g_assert_cmpuint (count_hits (self, house->ben, "\\'low tide\\'"), ==, 1);
  g_assert_cmpuint (count_hits (self, house->ben, "\\'tide low"), ==, 0);
  g_assert_cmpuint (count_hits (self, house->ben, "&|!(*:"), ==, 0);
  g_assert_cmpuint (count_hits (self, house->ben, "cle"), ==, 1);
  g_assert_cmpuint (count_hits (self, self->cleo, "anemones"), ==, 0);
  house->server.search->class->free (house->server.search);
}

static void
test_search_filters (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *text;
    guint hits;
  } asked[] = {
    { "from:ada", 2 },          { "from:ada from:ben", 3 },  { "-from:ada", 1 },
    { "tide from:ada", 1 },     { "from:nobody", 0 },        { "from:%", 0 },
    { "room:pool", 3 },         { "-room:pool", 0 },         { "has:link", 1 },
    { "-has:link", 2 },         { "has:file", 0 },           { "is:mine", 1 },
    { "is:unread", 1 },         { "-is:unread", 2 },         { "on:today", 3 },
    { "before:yesterday", 0 },  { "-on:today", 0 },          { "after:yesterday tides", 1 },
    { "anemones or tides", 2 }, { "-anemones from:ada", 1 }, { "-anemones", 0 },
    { "from: tides", 1 },       { "in:news from:ada", 0 },   { "has:poll", 0 },
  };
  Household *house = self->house;
  gint64 room = make_room (self);

  house->server.search = tl_search_pg_new ();
  write_message (self, house->ada, room, "Anemones at low tide");
  write_message (self, house->ada, room, "See https://example.org");
  write_message (self, house->ben, room, "Tides are predictable");
  make (house, house->ben, "ReadMarker", "{'roomId':'t%" ID "','upTo':%" ID "}", room,
        household_number (house->pg, "SELECT min(seq) FROM chat.message"));
  for (guint i = 0; i < G_N_ELEMENTS (asked); i++) {
    g_test_message ("%s", asked[i].text);
    g_assert_cmpuint (count_hits (self, house->ben, asked[i].text), ==, asked[i].hits);
  }
  g_assert_cmpuint (count_hits (self, self->cleo, "from:ada"), ==, 0);
  house->server.search->class->free (house->server.search);
}

static void
test_search_scripts (Fixture *self, gconstpointer data)
{
  static const char *const found[] = {
    "cafe", "CAFÉ", "creme bru", "天气",           "天气很好", "北京",         "雨",
    "น้ำ",   "お茶", "한국",      "\\'北京天气\\'", "naïve",    "from:ádá cafe"
  };
  static const char *const missed[] = { "气天", "雪", "คน", "茶お", "cafes" };
  Household *house = self->house;
  gint64 room = make_room (self);

  house->server.search = tl_search_pg_new ();
  write_message (
      self, house->ada, room,
      "Café, crème brûlée (naive). 今天北京天气很好。明天下雨 น้ำลงแล้ว お茶を飲む 한국어");
  for (guint i = 0; i < G_N_ELEMENTS (found); i++) {
    g_test_message ("%s", found[i]);
    g_assert_cmpuint (count_hits (self, house->ben, found[i]), ==, 1);
  }
  for (guint i = 0; i < G_N_ELEMENTS (missed); i++) {
    g_test_message ("%s", missed[i]);
    g_assert_cmpuint (count_hits (self, house->ben, missed[i]), ==, 0);
  }
  house->server.search->class->free (house->server.search);
}

static void
test_search_pages (Fixture *self, gconstpointer data)
{
  Household *house = self->house;
  gint64 room = make_room (self);

  house->server.search = tl_search_pg_new ();
  for (guint i = 0; i < 5; i++)
    write_message (self, house->ada, room, "High tide");
  for (guint position = 0; position <= 6; position += 2) {
    g_autofree char *call =
        g_strdup_printf ("['Search/query',{'accountId':ACCOUNT,'text':'tide','types':null,"
                         "'limit':2,'position':%u,'calculateCounts':true},'c']",
                         position);
    g_autoptr (JsonObject) found = household_call (house, house->ben, call, NULL);
    JsonObject *counts = json_object_get_object_member (found, "counts");
    guint n = json_array_get_length (json_object_get_array_member (found, "hits"));

    g_assert_cmpint (json_object_get_int_member (counts, "Message"), ==, 5);
    g_assert_cmpuint (n, ==, position < 6 ? 2 : 0);
  }
  house->server.search->class->free (house->server.search);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*run) (Fixture *self, gconstpointer data);
  } tests[] = {
    { "/room/is-made-with-its-members", test_create },
    { "/room/a-direct-one-is-of-two-and-the-only-one", test_direct },
    { "/room/is-changed-by-owner-and-moderator", test_update },
    { "/room/takes-everything-with-it", test_destroy },
    { "/member/an-invited-one-sees-the-room", test_invite },
    { "/member/a-removed-one-loses-it", test_remove },
    { "/member/the-eldest-inherits-and-the-last-takes-the-room-along", test_last_owner },
    { "/message/is-trimmed-and-ordered", test_messages },
    { "/message/answers-one-of-its-room", test_reply },
    { "/message/is-its-senders-to-change", test_edit },
    { "/message/goes-with-its-room-in-one-request", test_at_once },
    { "/marker/never-goes-back", test_markers },
    { "/search/finds-beginnings-in-what-one-sees", test_search },
    { "/search/by-who-where-when-and-what", test_search_filters },
    { "/search/without-accents-and-in-scripts-without-spaces", test_search_scripts },
    { "/search/comes-in-pages-with-counts", test_search_pages },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
