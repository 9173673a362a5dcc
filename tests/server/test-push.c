/* What is pushed over WebSockets, by the real program. */
#include "tests/server/visitor.h"

#include <string.h>

static TlTestServer *server;

/* Everything a listener may ask for. */
#define ENABLE "{'@type':'WebSocketPushEnable','dataTypes':null,'objects':true}"
#define ECHO                                                                                       \
  "{'@type':'Request','id':'%s','using':['urn:ietf:params:jmap:core'],"                            \
  "'methodCalls':[['Core/echo',{'x':1},'c']]}"

/* What was sent before on this socket has been worked on when this returns. */
static void
settle (Visitor *self)
{
  static guint count;
  g_autofree char *id = g_strdup_printf ("settle-%u", ++count);
  g_autofree char *request = g_strdup_printf (ECHO, id);

  visitor_send (self, request);
  g_autoptr (JsonObject) response = visitor_take (self, "Response");
  g_assert_cmpstr (json_object_get_string_member (response, "requestId"), ==, id);
}

static Visitor *
listen_as (const char *login)
{
  Visitor *self = visitor_new_as (server, login);

  visitor_open_socket (self);
  visitor_send (self, ENABLE);
  json_object_unref (visitor_next (self, "StateChange"));
  return self;
}

static char *
make (Visitor *who, const char *type, const char *object)
{
  g_autofree char *call =
      g_strdup_printf ("['%s/set',{'accountId':'ACCOUNT','create':{'x':%s}},'c']", type, object);
  g_autoptr (JsonObject) result = visitor_call (who, call);
  JsonObject *created = json_object_get_object_member (result, "created");

  g_assert_nonnull (created);
  return g_strdup (
      json_object_get_string_member (json_object_get_object_member (created, "x"), "id"));
}

static char *
make_room (Visitor *who, const char *other)
{
  g_autofree char *object = g_strdup_printf ("{'name':'Pool','members':['%s']}", other);

  return make (who, "Room", object);
}

static char *
write_message (Visitor *who, const char *room, const char *body)
{
  g_autofree char *object = g_strdup_printf ("{'roomId':'%s','body':'%s'}", room, body);

  return make (who, "Message", object);
}

static void
destroy (Visitor *who, const char *type, const char *id)
{
  g_autofree char *call =
      g_strdup_printf ("['%s/set',{'accountId':'ACCOUNT','destroy':['%s']},'c']", type, id);
  g_autoptr (JsonObject) result = visitor_call (who, call);

  g_assert_cmpstr (
      json_array_get_string_element (json_object_get_array_member (result, "destroyed"), 0), ==,
      id);
}

/* Waits for the push that brings `id` among its objects or its destroyed. */
static JsonObject *
next_with (Visitor *who, const char *list, const char *type, const char *id)
{
  for (;;) {
    JsonObject *frame = visitor_next (who, "SyncPush");
    JsonObject *objects = json_object_get_object_member (frame, list);
    JsonArray *found = json_object_has_member (objects, type)
                           ? json_object_get_array_member (objects, type)
                           : NULL;

    for (guint i = 0; found && i < json_array_get_length (found); i++) {
      JsonNode *one = json_array_get_element (found, i);
      const char *found_id = JSON_NODE_HOLDS_OBJECT (one)
                                 ? json_object_get_string_member (json_node_get_object (one), "id")
                                 : json_node_get_string (one);

      if (g_str_equal (found_id, id))
        return frame;
    }
    json_object_unref (frame);
  }
}

static JsonObject *
next_state (Visitor *who, const char *type)
{
  for (;;) {
    JsonObject *frame = visitor_next (who, "StateChange");
    JsonObject *changed = json_object_get_object_member (
        json_object_get_object_member (frame, "changed"), who->account);

    g_assert_nonnull (changed);
    if (json_object_has_member (changed, type))
      return frame;
    json_object_unref (frame);
  }
}

/* --- tests ------------------------------------------------------------------------------------- */

static void
test_message (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autoptr (Visitor) ben = listen_as ("ben");
  g_autofree char *room = make_room (ada, ben->account);
  g_autoptr (JsonObject) joined = next_state (ben, "Room");
  g_autofree char *id = write_message (ada, room, "Low tide at six");
  g_autoptr (JsonObject) push = next_with (ben, "objects", "Message", id);
  g_autoptr (JsonObject) state = next_state (ben, "Message");
  JsonObject *message = json_array_get_object_element (
      json_object_get_array_member (json_object_get_object_member (push, "objects"), "Message"), 0);
  g_autofree char *call = NULL;
  g_autoptr (JsonObject) changes = NULL;

  g_assert_cmpstr (json_object_get_string_member (message, "body"), ==, "Low tide at six");
  g_assert_cmpstr (json_object_get_string_member (message, "senderId"), ==, ada->account);
  g_assert_cmpint (json_object_get_int_member (message, "seq"), ==,
                   json_object_get_int_member (push, "scopeSeq"));
  call = g_strdup_printf ("['Message/changes',{'accountId':'ACCOUNT','sinceState':'%s'},'c']",
                          json_object_get_string_member (state, "pushState"));
  changes = visitor_call (ben, call);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (changes, "created")), ==,
                    0);
}

/* A room's pushes follow each other without a gap. */
static void
test_gapless (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autoptr (Visitor) ben = listen_as ("ben");
  g_autofree char *room = make_room (ada, ben->account);
  g_autofree char *first = write_message (ada, room, "0");
  g_autoptr (JsonObject) push = next_with (ben, "objects", "Message", first);
  gint64 seq = json_object_get_int_member (push, "scopeSeq");
  const char *scope = json_object_get_string_member (push, "scope");

  for (guint i = 0; i < 10; i++) {
    g_autofree char *id = write_message (ada, room, "x");
    g_autoptr (JsonObject) next = next_with (ben, "objects", "Message", id);

    g_assert_cmpstr (json_object_get_string_member (next, "scope"), ==, scope);
    g_assert_cmpint (json_object_get_int_member (next, "from"), ==, seq + 1);
    seq = json_object_get_int_member (next, "scopeSeq");
  }
  destroy (ada, "Message", first);
  g_autoptr (JsonObject) gone = next_with (ben, "destroyed", "Message", first);
  g_assert_cmpint (json_object_get_int_member (gone, "from"), ==, seq + 1);
}

static void
test_removed (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autoptr (Visitor) ben = listen_as ("ben");
  g_autoptr (Visitor) cleo = listen_as ("cleo");
  g_autofree char *room = make_room (ada, cleo->account);
  g_autofree char *invite =
      g_strdup_printf ("{'roomId':'%s','principalId':'%s'}", room, ben->account);
  g_autofree char *member = make (ada, "RoomMember", invite);
  g_autofree char *seen = write_message (ada, room, "All of us");
  g_autofree char *secret = NULL;
  g_autofree char *later = NULL;

  json_object_unref (next_with (ben, "objects", "Message", seen));
  destroy (ada, "RoomMember", member);
  json_object_unref (next_state (ben, "Room"));
  secret = write_message (ada, room, "Without Ben");
  json_object_unref (next_with (cleo, "objects", "Message", secret));
  later = write_message (ada, room, "Still without Ben");
  json_object_unref (next_with (cleo, "objects", "Message", later));
  settle (ben);
  g_assert_false (visitor_has (ben, "SyncPush"));
}

static void
test_asked_for (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autoptr (Visitor) ben = visitor_new_as (server, "ben");
  g_autoptr (Visitor) other = listen_as ("ben");
  g_autofree char *room = make_room (ada, ben->account);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  visitor_open_socket (ben);
  visitor_send (ben, "{'@type':'WebSocketPushEnable','dataTypes':['ReadMarker','Unheard']}");
  json_object_unref (visitor_next (ben, "StateChange"));
  first = write_message (ada, room, "Not for this one");
  json_object_unref (next_with (other, "objects", "Message", first));
  g_autofree char *marker = g_strdup_printf ("{'roomId':'%s','upTo':1}", room);
  g_free (make (other, "ReadMarker", marker));
  g_autoptr (JsonObject) state = visitor_next (ben, "StateChange");
  JsonObject *changed = json_object_get_object_member (
      json_object_get_object_member (state, "changed"), ben->account);
  g_assert_cmpuint (json_object_get_size (changed), ==, 1);
  g_assert_true (json_object_has_member (changed, "ReadMarker"));
  json_object_unref (next_with (other, "objects", "ReadMarker", room));
  visitor_send (other, "{'@type':'WebSocketPushDisable'}");
  settle (other);
  visitor_send (ben, ENABLE);
  json_object_unref (visitor_next (ben, "StateChange"));
  second = write_message (ada, room, "Now it is");
  json_object_unref (next_with (ben, "objects", "Message", second));
  settle (other);
  g_assert_false (visitor_has (other, "SyncPush"));
}

/* Who shows an old state is told at once. */
static void
test_push_state (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autoptr (Visitor) ben = visitor_new_as (server, "ben");

  visitor_open_socket (ben);
  visitor_send (ben, "{'@type':'WebSocketPushEnable','dataTypes':null,'pushState':'1.1:1:'}");
  json_object_unref (next_state (ben, "Message"));
}

/* tidelinectl writes without waking anybody: the log is looked at all the same. */
static void
test_other_process (void)
{
  g_autoptr (Visitor) ada = listen_as ("ada");

  tl_test_server_add_user (server, "dora", "Dora");
  g_autoptr (JsonObject) push = visitor_next (ada, "SyncPush");
  JsonArray *people =
      json_object_get_array_member (json_object_get_object_member (push, "objects"), "Principal");
  g_assert_cmpstr (
      json_object_get_string_member (json_array_get_object_element (people, 0), "name"), ==,
      "Dora");
}

static void
assert_error (Visitor *who, const char *frame, const char *type)
{
  g_autoptr (JsonObject) error = NULL;

  visitor_send (who, frame);
  error = visitor_next (who, "RequestError");
  g_assert_cmpstr (json_object_get_string_member (error, "type"), ==, type);
}

static void
test_requests (void)
{
  g_autoptr (Visitor) ada = visitor_new_as (server, "ada");
  g_autofree char *echo = g_strdup_printf (ECHO, "R1");
  g_autoptr (JsonObject) response = NULL;

  visitor_open_socket (ada);
  visitor_send (ada, echo);
  response = visitor_next (ada, "Response");
  g_assert_cmpstr (json_object_get_string_member (response, "requestId"), ==, "R1");
  g_assert_cmpuint (
      json_array_get_length (json_object_get_array_member (response, "methodResponses")), ==, 1);
  assert_error (ada, "{'@type':", "urn:ietf:params:jmap:error:notJSON");
  assert_error (ada, "[]", "urn:ietf:params:jmap:error:notRequest");
  assert_error (ada, "{'@type':'Nonsense'}", "urn:ietf:params:jmap:error:notRequest");
  assert_error (ada, "{'@type':7}", "urn:ietf:params:jmap:error:notRequest");
  assert_error (ada, "{'@type':['Request'],'id':{}}", "urn:ietf:params:jmap:error:notRequest");
  assert_error (ada, "{'@type':'Request','id':7}", "urn:ietf:params:jmap:error:notRequest");
  assert_error (ada, "{'@type':'WebSocketPushEnable','dataTypes':[7],'pushState':[]}",
                "urn:ietf:params:jmap:error:notRequest");
  assert_error (ada, "{'@type':'Request','using':['x:y'],'methodCalls':[]}",
                "urn:ietf:params:jmap:error:unknownCapability");
  assert_error (ada, "{'@type':'WebSocketPushEnable','dataTypes':7}",
                "urn:ietf:params:jmap:error:notRequest");
}

static void
test_strangers (void)
{
  g_autoptr (Visitor) nobody = visitor_new (server);
  guint status;

  g_autoptr (JsonObject) answer = visitor_get (nobody, "/jmap/ws", &status);
  g_assert_cmpuint (status, ==, 401);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  server = tl_test_server_new ();
  tl_test_server_add_user (server, "ada", "Ada");
  tl_test_server_add_user (server, "ben", "Ben");
  tl_test_server_add_user (server, "cleo", "Cleo");
  g_test_add_func ("/push/a-message-comes-with-its-state", test_message);
  g_test_add_func ("/push/a-rooms-pushes-have-no-gap", test_gapless);
  g_test_add_func ("/push/a-removed-member-gets-nothing-more", test_removed);
  g_test_add_func ("/push/only-what-was-asked-for", test_asked_for);
  g_test_add_func ("/push/an-old-push-state-is-answered", test_push_state);
  g_test_add_func ("/push/another-process-is-heard-too", test_other_process);
  g_test_add_func ("/socket/answers-requests", test_requests);
  g_test_add_func ("/socket/is-for-who-signed-in", test_strangers);
  status = g_test_run ();
  tl_test_server_free (server);
  return status;
}
