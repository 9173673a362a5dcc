/* Deleting a person: out at once; nothing of what they said or kept is left in any table, nor their files; what others
 * have stays; and who followed it all by deltas sees what there is. */
#include "tests/server/visitor.h"

#include <string.h>

#define WAIT_SECONDS 100
#define MARKER "hagfish" /* in all that is hers */
#define ID(object) json_object_get_string_member (object, "id")

static TlTestServer *server;
static Visitor *ada, *ben; /* ada leaves */
static char *blob, *group, *direct, *shared, *event, *bens_post;

static const char *const types[] = {
  "Principal", "Room",     "RoomMember",     "Message",       "Post",         "Reaction",
  "Follow",    "Calendar", "CalendarMember", "CalendarEvent", "Notification", "PostMark",
};

/* --- words ------------------------------------------------------------------------------------- */

G_GNUC_PRINTF (3, 4)
static char *
make (Visitor *who, const char *type, const char *format, ...)
{
  g_autofree char *object = NULL, *call = NULL;
  g_autoptr (JsonObject) answer = NULL;
  va_list args;

  va_start (args, format);
  object = g_strdup_vprintf (format, args);
  va_end (args);
  call = g_strdup_printf ("['%s/set',{'accountId':'ACCOUNT','create':{'x':%s}},'c']", type, object);
  answer = visitor_call (who, call);
  if (!json_object_has_member (answer, "created") ||
      json_object_get_null_member (answer, "created"))
    g_error ("%s was refused", call);
  return g_strdup (
      ID (json_object_get_object_member (json_object_get_object_member (answer, "created"), "x")));
}

#define MADE(...) g_free (make (__VA_ARGS__))

static void
sql (const char *statement)
{
  g_free (tl_test_server_sql (server, statement));
}

static char *
upload (Visitor *who, const char *text)
{
  g_autofree char *call = g_strdup_printf (
      "['Blob/upload',{'accountId':'ACCOUNT','create':{'b':{'data':[{'data:asText':'%s'}],"
      "'type':'text/plain'}}},'c']",
      text);
  g_autoptr (JsonObject) answer = visitor_call (who, call);

  return g_strdup (
      ID (json_object_get_object_member (json_object_get_object_member (answer, "created"), "b")));
}

static JsonArray *
all_of (Visitor *who, const char *type)
{
  g_autofree char *call =
      g_strdup_printf ("['%s/get',{'accountId':'ACCOUNT','ids':null},'c']", type);
  g_autoptr (JsonObject) answer = visitor_call (who, call);

  return json_array_ref (json_object_get_array_member (answer, "list"));
}

/* --- somebody who follows by deltas ------------------------------------------------------------ */

typedef struct {
  GHashTable *objects; /* id to JsonNode, of all types */
  char *state;
} Replica;

static void
take_objects (Replica *self, JsonArray *list)
{
  for (guint i = 0; i < json_array_get_length (list); i++) {
    JsonNode *node = json_array_get_element (list, i);

    g_hash_table_replace (self->objects, g_strdup (ID (json_node_get_object (node))),
                          json_node_copy (node));
  }
}

static Replica *
replica_new (Visitor *who)
{
  Replica *self = g_new0 (Replica, 1);
  g_autoptr (JsonObject) first =
      visitor_call (who, "['Post/get',{'accountId':'ACCOUNT','ids':[]},'c']");

  self->objects =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)json_node_unref);
  self->state = g_strdup (json_object_get_string_member (first, "state"));
  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autoptr (JsonArray) list = all_of (who, types[i]);

    take_objects (self, list);
  }
  return self;
}

static void
replica_free (Replica *self)
{
  g_hash_table_unref (self->objects);
  g_free (self->state);
  g_free (self);
}

/* What /changes says of one type since the state that the replica had. */
static void
follow_type (Replica *self, Visitor *who, const char *type)
{
  g_autofree char *call = g_strdup_printf (
      "['%s/changes',{'accountId':'ACCOUNT','sinceState':'%s'},'c']", type, self->state);
  g_autoptr (JsonObject) changes = visitor_call (who, call);
  JsonArray *destroyed = json_object_get_array_member (changes, "destroyed");
  g_autoptr (JsonArray) list = NULL;

  g_assert_false (json_object_get_boolean_member (changes, "hasMoreChanges"));
  for (guint i = 0; i < json_array_get_length (destroyed); i++)
    g_hash_table_remove (self->objects, json_array_get_string_element (destroyed, i));
  for (guint kind = 0; kind < 2; kind++) {
    JsonNode *ids = json_object_get_member (changes, kind ? "updated" : "created");
    g_autofree char *text = json_to_string (ids, FALSE);
    g_autofree char *get =
        g_strdup_printf ("['%s/get',{'accountId':'ACCOUNT','ids':%s},'c']", type, text);
    g_autoptr (JsonObject) answer = visitor_call (who, get);

    take_objects (self, json_object_get_array_member (answer, "list"));
  }
}

static void
assert_agrees (Replica *self, Visitor *who)
{
  guint count = 0;

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    follow_type (self, who, types[i]);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autoptr (JsonArray) list = all_of (who, types[i]);

    for (guint n = 0; n < json_array_get_length (list); n++) {
      JsonNode *node = json_array_get_element (list, n);
      JsonNode *known = g_hash_table_lookup (self->objects, ID (json_node_get_object (node)));

      if (!known || !json_node_equal (known, node))
        g_error ("the replica does not agree about the %s %s", types[i],
                 ID (json_node_get_object (node)));
      count++;
    }
  }
  g_assert_cmpuint (count, ==, g_hash_table_size (self->objects));
}

/* --- what there is ----------------------------------------------------------------------------- */

static void
write_in_company (void)
{
  g_autofree char *said = NULL, *post = NULL;

  group = make (ada, "Room", "{'name':'Quay','members':['%s']}", ben->account);
  direct = make (ada, "Room", "{'kind':'direct','members':['%s']}", ben->account);
  said = make (ada, "Message", "{'roomId':'%s','body':'" MARKER " says @ben'}", group);
  MADE (ben, "Message", "{'roomId':'%s','body':'Aye','replyToId':'%s'}", group, said);
  MADE (ada, "Message",
        "{'roomId':'%s','body':'see','attachments':[{'blobId':'%s','type':'text/plain',"
        "'name':'" MARKER ".txt','size':5}]}",
        direct, blob);
  MADE (ben, "Message", "{'roomId':'%s','body':'Only for you'}", direct);
  MADE (ben, "Reaction", "{'subjectId':'%s','emoji':'⚓'}", said);
  bens_post = make (ben, "Post", "{'text':'Mine to keep'}");
  post = make (ada, "Post", "{'text':'" MARKER " posts, @ben','warning':'" MARKER "'}");
  MADE (ada, "Post", "{'text':'" MARKER " to followers','visibility':'followers'}");
  MADE (ada, "Post", "{'text':'" MARKER " answers','replyToId':'%s'}", bens_post);
  MADE (ada, "Post", "{'boostOfId':'%s'}", bens_post);
  MADE (ben, "Post", "{'boostOfId':'%s'}", post);
  MADE (ben, "Post", "{'text':'Oh','replyToId':'%s'}", post);
  MADE (ada, "Reaction", "{'subjectId':'%s','emoji':'⛵'}", bens_post);
  MADE (ben, "Reaction", "{'subjectId':'%s','emoji':'⚓'}", post);
  MADE (ben, "PostMark", "{'postId':'%s','isSaved':true}", post);
  MADE (ada, "Follow", "{'principalId':'%s'}", ben->account);
  MADE (ben, "Follow", "{'principalId':'%s'}", ada->account);
}

static void
plan (void)
{
  g_autofree char *own = make (ada, "Calendar", "{'name':'" MARKER " at sea'}");
  g_autofree char *of_ben = make (ben, "Calendar", "{'name':'Crew'}");

  MADE (ada, "CalendarEvent",
        "{'calendarId':'%s','title':'" MARKER "','location':'" MARKER "','description':'" MARKER
        "','start':'2026-05-01T08:00:00'}",
        own);
  shared = make (ada, "Calendar", "{'name':'Tides'}");
  MADE (ada, "CalendarMember", "{'calendarId':'%s','principalId':'%s','role':'member'}", shared,
        ben->account);
  event = make (ada, "CalendarEvent",
                "{'calendarId':'%s','title':'High water','start':'2026-05-02T08:00:00'}", shared);
  MADE (ben, "CalendarMember", "{'calendarId':'%s','principalId':'%s','role':'member'}", of_ben,
        ada->account);
  MADE (ben, "CalendarEvent",
        "{'calendarId':'%s','title':'Painting','start':'2026-05-03T08:00:00','participants':"
        "{'%s':{'name':'" MARKER "','participationStatus':'needs-action'}}}",
        of_ben, ada->account);
}

static void
keep_for_oneself (void)
{
  g_autofree char *patch = g_strdup_printf (
      "['Principal/set',{'accountId':'ACCOUNT','update':{'%s':{'description':'" MARKER
      " of old'}}},'c']",
      ada->account);
  g_autofree char *address = g_strdup_printf (
      "INSERT INTO people.email (account, address, confirmed_at) VALUES (%s, '" MARKER
      "@example.org', now())",
      ada->account + 1);
  g_autoptr (JsonObject) done = visitor_call (ada, patch);

  MADE (ada, "Draft", "{'place':'post:new','text':'" MARKER " drafts'}");
  MADE (ada, "Filter", "{'words':'" MARKER "'}");
  sql (address);
  sql ("UPDATE people.session SET device = '" MARKER " desk' WHERE account = (SELECT id FROM "
       "people.principal WHERE login = '" MARKER "')");
}

/* --- what is left ------------------------------------------------------------------------------ */

/* Every table with a row that says so, as text: of all columns. */
#define TABLES_WITH                                                                                \
  "SELECT string_agg(table_schema || '.' || table_name, ' ' ORDER BY 1) FROM "                     \
  "information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema NOT IN "             \
  "('pg_catalog', 'information_schema') AND (xpath('/row/n/text()', query_to_xml(format('SELECT "  \
  "count(*) AS n FROM %%I.%%I t WHERE t::text ILIKE %%L', table_schema, table_name, "              \
  "'%%%%%s%%%%'), "                                                                                \
  "false, true, '')))[1]::text <> '0'"

static char *
tables_with (const char *word)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_autofree char *select = g_strdup_printf (TABLES_WITH, word);
#pragma GCC diagnostic pop

  return tl_test_server_sql (server, select);
}

/* Of the folder of blobs. */
static guint
files_with (const char *word)
{
  g_autofree char *path = g_build_filename (tl_test_server_folder (server), "blobs", NULL);
  const char *grep[] = { "grep", "-rl", word, path, NULL };
  g_autofree char *found = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_true (g_spawn_sync (NULL, (char **)grep, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &found,
                               NULL, NULL, NULL));
  lines = g_strsplit (g_strchomp (found), "\n", -1);
  return g_strv_length (lines);
}

static void
await_erased (const char *account)
{
  g_autofree char *select = g_strdup_printf (
      "SELECT erased_at IS NOT NULL FROM people.account WHERE id = %s", account + 1);
  gint64 until = g_get_monotonic_time () + WAIT_SECONDS * G_TIME_SPAN_SECOND;

  for (;;) {
    g_autofree char *done = tl_test_server_sql (server, select);

    if (g_strcmp0 (done, "t") == 0)
      return;
    g_assert_cmpint (g_get_monotonic_time (), <, until);
    g_usleep (50000);
  }
}

static guint
ask_to_delete (Visitor *who, const char *password, const char *id, const char *code)
{
  g_autofree char *json = id ? g_strdup_printf ("{'password':'%s','id':'%s'}", password, id)
                             : g_strdup_printf ("{'password':'%s'}", password);
  guint status;
  g_autoptr (JsonObject) answer = visitor_post (who, "/auth/delete", json, &status);

  g_assert_cmpstr (answer ? json_object_get_string_member (answer, "error") : NULL, ==, code);
  return status;
}

static void
test_out (void)
{
  g_autofree char *refresh = g_strdup_printf ("{'refreshToken':'%s'}", ada->refresh);
  g_autofree char *before = tables_with (MARKER);
  g_autoptr (JsonObject) refused = NULL;
  Replica *replica = replica_new (ben);
  guint status;

  g_assert_nonnull (strstr (before, "chat.message"));
  g_assert_nonnull (strstr (before, "notify.notification"));
  g_assert_nonnull (strstr (before, "people.session"));
  g_assert_cmpuint (files_with (MARKER), ==, 1);
  visitor_open_socket (ada);
  g_assert_cmpuint (ask_to_delete (ada, "not it", NULL, "invalid_credentials"), ==, 403);
  g_assert_cmpuint (ask_to_delete (ben, TL_TEST_PASSWORD, ada->account, "forbidden"), ==, 403);
  g_assert_cmpuint (ask_to_delete (ada, TL_TEST_PASSWORD, NULL, NULL), ==, 204);
  while (soup_websocket_connection_get_state (ada->socket) != SOUP_WEBSOCKET_STATE_CLOSED)
    g_main_context_iteration (NULL, TRUE);
  refused = visitor_post (ada, "/auth/refresh", refresh, &status);
  g_assert_cmpuint (status, ==, 401);
  await_erased (ada->account);
  assert_agrees (replica, ben);
  replica_free (replica);
}

static void
test_nothing (void)
{
  g_autofree char *left = tables_with (MARKER);
  g_autofree char *rows =
      g_strdup_printf ("SELECT count(*) FROM storage.blob WHERE id = '%s'", blob);
  g_autofree char *count = tl_test_server_sql (server, rows);

  g_assert_cmpstr (left, ==, NULL);
  g_assert_cmpstr (count, ==, "0");
  g_assert_cmpuint (files_with (MARKER), ==, 0);
}

static JsonObject *
find (JsonArray *list, const char *id)
{
  for (guint i = 0; i < json_array_get_length (list); i++)
    if (g_str_equal (ID (json_array_get_object_element (list, i)), id))
      return json_array_get_object_element (list, i);
  return NULL;
}

static void
test_others (void)
{
  g_autoptr (JsonArray) people = all_of (ben, "Principal"), rooms = all_of (ben, "Room");
  g_autoptr (JsonArray) messages = all_of (ben, "Message"), posts = all_of (ben, "Post");
  g_autoptr (JsonArray) members = all_of (ben, "CalendarMember");
  g_autoptr (JsonArray) events = all_of (ben, "CalendarEvent");
  JsonObject *nobody = find (people, ada->account);
  guint owned = 0;

  g_assert_cmpstr (json_object_get_string_member (nobody, "name"), ==, "Somebody who left");
  g_assert_nonnull (find (rooms, group));
  g_assert_nonnull (find (rooms, direct));
  g_assert_nonnull (find (posts, bens_post));
  g_assert_nonnull (find (events, event));
  g_assert_cmpuint (json_array_get_length (messages), ==, 2); /* his own */
  g_assert_cmpuint (json_array_get_length (posts), ==, 2);
  for (guint i = 0; i < json_array_get_length (members); i++) {
    JsonObject *member = json_array_get_object_element (members, i);

    g_assert_cmpstr (json_object_get_string_member (member, "principalId"), ==, ben->account);
    owned += g_str_equal (json_object_get_string_member (member, "role"), "owner");
  }
  g_assert_cmpuint (owned, ==, 3); /* what was handed over, too */
}

/* The name is free again; by tidelinectl the same; who left nothing in company leaves no one. */
static void
test_by_admin (void)
{
  g_autoptr (Visitor) cleo = NULL;
  g_autofree char *said = NULL, *list = NULL, *left = NULL;
  g_autoptr (JsonArray) people = NULL;

  tl_test_server_add_user (server, MARKER, "Another " MARKER);
  cleo = visitor_new_as (server, MARKER);
  MADE (cleo, "Post", "{'text':'" MARKER " again'}");
  said = tl_test_server_ctl (server, (const char *[]){ "user", "delete", "--yes", MARKER, NULL },
                             NULL);
  g_assert_nonnull (strstr (said, "deleted"));
  people = all_of (ben, "Principal");
  g_assert_null (find (people, cleo->account));
  list = tl_test_server_ctl (server, (const char *[]){ "user", "list", NULL }, NULL);
  g_assert_null (strstr (list, "left-"));
  g_assert_cmpuint (visitor_sign_in (cleo, MARKER, TL_TEST_PASSWORD), ==, 401);
  left = tables_with (MARKER);
  g_assert_cmpstr (left, ==, NULL);
}

/* The only administrator stays, also when they ask themselves. */
static void
test_last_admin (void)
{
  g_autoptr (Visitor) dora = NULL;

  tl_test_server_add_user (server, "dora", "Dora");
  g_free (
      tl_test_server_ctl (server, (const char *[]){ "user", "role", "dora", "admin", NULL }, NULL));
  dora = visitor_new_as (server, "dora");
  g_assert_cmpuint (ask_to_delete (dora, TL_TEST_PASSWORD, NULL, "forbidden"), ==, 403);
  g_assert_cmpuint (ask_to_delete (dora, TL_TEST_PASSWORD, "t999999", "not_found"), ==, 404);
  g_assert_cmpuint (ask_to_delete (dora, TL_TEST_PASSWORD, ada->account, "not_found"), ==, 404);
  g_assert_cmpuint (ask_to_delete (dora, TL_TEST_PASSWORD, ben->account, NULL), ==, 204);
  await_erased (ben->account);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  server = tl_test_server_new ();
  tl_test_server_add_user (server, MARKER, "Hagfish Lovelace");
  tl_test_server_add_user (server, "ben", "Ben");
  ada = visitor_new_as (server, MARKER);
  ben = visitor_new_as (server, "ben");
  blob = upload (ada, MARKER);
  write_in_company ();
  plan ();
  keep_for_oneself ();
  g_test_add_func ("/erase/who-is-deleted-is-out-and-everybody-follows", test_out);
  g_test_add_func ("/erase/nothing-of-theirs-is-left-in-any-table", test_nothing);
  g_test_add_func ("/erase/what-others-have-stays", test_others);
  g_test_add_func ("/erase/by-the-administrator-of-the-machine", test_by_admin);
  g_test_add_func ("/erase/the-only-administrator-stays", test_last_admin);
  status = g_test_run ();
  visitor_free (ada);
  visitor_free (ben);
  tl_test_server_free (server);
  return status;
}
