/* /set on a real PostgreSQL: what is written, refused, and done once. */
#include "tests/server/words.h"

#include <string.h>

static Household *house;
static gint64 scope, feed;

#define OP_A "018f4e6c-0000-7000-8000-00000000000a"
#define OP_B "018f4e6c-0000-7000-8000-00000000000b"
#define OP_C "018f4e6c-0000-7000-8000-00000000000c"

/* `format` is the arguments beside accountId, a mark's article for each %s. */
G_GNUC_PRINTF (1, 2)
static char *
set_marks (const char *format, ...)
{
  va_list args;
  g_autofree char *arguments = NULL;
  g_autofree char *call = NULL;

  va_start (args, format);
  arguments = g_strdup_vprintf (format, args);
  va_end (args);
  call = g_strdup_printf ("['ArticleMark/set',{'accountId':ACCOUNT,%s},'a']", arguments);
  return household_call_text (house, house->ada, call);
}

static char *
article (void)
{
  return g_strdup_printf ("t%" G_GINT64_FORMAT,
                          household_article (house->pg, scope, feed, "article"));
}

static void assert_has (const char *text, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
assert_has (const char *text, const char *format, ...)
{
  va_list args;
  GString *wanted = g_string_new (NULL);

  va_start (args, format);
  g_string_vprintf (wanted, format, args);
  va_end (args);
  g_string_replace (wanted, "'", "\"", 0);
  if (strstr (text, wanted->str) == NULL)
    g_error ("%s is not in %s", wanted->str, text);
  g_string_free (wanted, TRUE);
}

static gint64
count_log (void)
{
  return household_number (house->pg, "SELECT count(*) FROM sync.change WHERE type = 5");
}

static void
test_create_update_destroy (void)
{
  g_autofree char *id = article ();
  g_autofree char *created = set_marks ("'create':{'m':{'articleId':'%s','isStarred':true}}", id);
  g_autofree char *updated = set_marks ("'update':{'%s':{'isRead':true}}", id);
  g_autofree char *same = set_marks ("'update':{'%s':{'isRead':true}}", id);
  g_autofree char *destroyed = NULL;
  g_autofree char *again = NULL;

  assert_has (created, "'created':{'m':{'id':'%s','isRead':null,'isLater':false}},'updated':null",
              id);
  assert_has (updated, "'updated':{'%s':null}", id);
  assert_has (same, "'updated':{'%s':null}", id);
  g_assert_cmpint (count_log (), ==, 2);
  destroyed = set_marks ("'destroy':['%s']", id);
  again = set_marks ("'destroy':['%s']", id);
  assert_has (destroyed, "'destroyed':['%s'],'notCreated':null", id);
  assert_has (again,
              "'destroyed':null,'notCreated':null,'notUpdated':null,"
              "'notDestroyed':{'%s':{'type':'notFound'",
              id);
  g_assert_cmpint (count_log (), ==, 3);
}

static void
test_keyed (void)
{
  g_autofree char *id = article ();
  g_autofree char *first = set_marks ("'create':{'m':{'articleId':'%s','isRead':true}}", id);
  g_autofree char *second = set_marks ("'create':{'n':{'articleId':'%s','isLater':true}}", id);
  g_autofree char *other = NULL;
  g_autofree char *call = g_strdup_printf ("['ArticleMark/get',{'accountId':ACCOUNT,'ids':['%s'],"
                                           "'properties':['isRead','isLater']},'a']",
                                           id);

  assert_has (first, "'created':{'m':{'id':'%s'", id);
  assert_has (second, "'created':{'n':{'id':'%s'}}", id);
  other = household_call_text (house, house->ada, call);
  assert_has (other, "'list':[{'id':'%s','isRead':true,'isLater':true}]", id);
  g_free (other);
  other = household_call_text (house, house->ben, call);
  assert_has (other, "'list':[],'notFound':['%s']", id);
}

static void
test_refusals (void)
{
  static const struct {
    const char *arguments, *refusal;
  } cases[] = {
    { "'create':{'m':{'isRead':true}}",
      "'notCreated':{'m':{'type':'invalidProperties','description':'articleId: is missing',"
      "'properties':['articleId']}}" },
    { "'create':{'m':{'articleId':'t1','nose':1}}", "'properties':['nose']" },
    { "'create':{'m':{'articleId':'t1','id':'t1'}}", "'properties':['id']" },
    { "'create':{'m':{'articleId':'t1','isRead':'yes'}}", "'properties':['isRead']" },
    { "'create':{'m':{'articleId':'t999999'}}", "'notCreated':{'m':{'type':'invalidProperties'" },
    { "'create':{'m':{'articleId':'#none'}}", "'properties':['articleId']" },
    { "'create':{'m':{'articleId':'t1','@opId':'x'}}", "'properties':['@opId']" },
    { "'update':{'t999999':{'isRead':true}}", "'notUpdated':{'t999999':{'type':'notFound'" },
    { "'update':{'x':{'isRead':true}}", "'notUpdated':{'x':{'type':'notFound'" },
    { "'update':{'MARK':{'articleId':'t1'}}", "'properties':['articleId']" },
    { "'update':{'MARK':{'id':'t1'}}", "'properties':['id']" },
    { "'update':{'MARK':{'nose':1}}", "'properties':['nose']" },
    { "'update':{'MARK':{'isStarred':null}}", "'properties':['isStarred']" },
    { "'update':{'MARK':{'isRead/x':1}}", "'type':'invalidPatch'" },
    { "'update':{'MARK':{'isRead':true,'isRead/x':1}}", "'type':'invalidPatch'" },
    { "'destroy':['#none']", "'notDestroyed':{'#none':{'type':'notFound'" },
    { "'create':[]", "'type':'invalidArguments'" },
    { "'create':{'m':1}", "'type':'invalidArguments'" },
    { "'destroy':[1]", "'type':'invalidArguments'" },
    { "'destroy':['t1'],'ifInState':'x'", "'type':'stateMismatch'" },
  };
  g_autofree char *id = article ();
  g_autofree char *mark = set_marks ("'create':{'m':{'articleId':'%s'}}", id);
  gint64 before = count_log ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    GString *arguments = g_string_new (cases[i].arguments);
    g_autofree char *answer = NULL;

    g_string_replace (arguments, "MARK", id, 0);
    answer = set_marks ("%s", arguments->str);
    g_string_free (arguments, TRUE);
    assert_has (answer, "%s", cases[i].refusal);
  }
  g_assert_cmpint (count_log (), ==, before);
}

/* One refused object doesn't undo the others, even when PostgreSQL refused it. */
static void
test_savepoints (void)
{
  g_autofree char *one = article ();
  g_autofree char *two = article ();
  g_autofree char *answer =
      set_marks ("'create':{'a':{'articleId':'%s'},'b':{'articleId':'t999999'},"
                 "'c':{'articleId':'%s'}}",
                 one, two);

  assert_has (answer, "'created':{'a':{'id':'%s'", one);
  assert_has (answer, "'c':{'id':'%s'", two);
  assert_has (answer, "'notCreated':{'b':{'type':'invalidProperties'");
}

static void
test_operations (void)
{
  g_autofree char *id = article ();
  g_autofree char *other = article ();
  g_autofree char *created =
      set_marks ("'create':{'m':{'articleId':'%s','isRead':true,'@opId':'" OP_A "'}}", id);
  g_autofree char *updated = set_marks ("'update':{'%s':{'isRead':false,'@opId':'" OP_B "'}}", id);
  g_autofree char *answer = NULL;
  gint64 before = count_log ();

  answer = set_marks ("'create':{'again':{'articleId':'%s','isRead':true,'@opId':'" OP_A "'}}", id);
  assert_has (answer, "'created':{'again':{'id':'%s'", id);
  g_free (answer);
  answer = set_marks ("'update':{'%s':{'isRead':false,'@opId':'" OP_B "'}}", id);
  assert_has (answer, "'updated':{'%s':null}", id);
  g_free (answer);
  g_assert_cmpint (count_log (), ==, before);
  answer = set_marks ("'create':{'x':{'articleId':'%s','@opId':'" OP_B "'}}", other);
  assert_has (answer, "'notCreated':{'x':{'type':'invalidProperties'");
  g_free (answer);
  answer = set_marks ("'destroy':['%s'],'destroyOpIds':{'%s':'" OP_C "'}", id, id);
  assert_has (answer, "'destroyed':['%s']", id);
  g_free (answer);
  answer = set_marks ("'destroy':['%s'],'destroyOpIds':{'%s':'" OP_C "'}", id, id);
  assert_has (answer, "'destroyed':['%s']", id);
  g_free (answer);
  g_assert_cmpint (count_log (), ==, before + 1);
  answer = set_marks ("'create':{'m':{'articleId':'%s','isRead':true,'@opId':'" OP_A "'}}", id);
  assert_has (answer, "'created':{'m':{'id':'%s'", id);
  g_assert_cmpint (count_log (), ==, before + 2);
  g_assert_cmpint (household_number (house->pg,
                                     "SELECT count(*) FROM news.article_mark "
                                     "WHERE id = %s",
                                     id + 1),
                   ==, 0);
}

static void
test_operation_twice_in_a_call (void)
{
  g_autofree char *one = article ();
  g_autofree char *two = article ();
  g_autofree char *answer =
      set_marks ("'create':{'a':{'articleId':'%s','@opId':'018F4E6C-0000-7000-8000-0000000000AA'},"
                 "'b':{'articleId':'%s','@opId':'018f4e6c-0000-7000-8000-0000000000aa'}}",
                 one, two);

  assert_has (answer, "'created':{'a':{'id':'%s'", one);
  assert_has (answer, "'notCreated':{'b':{'type':'invalidProperties'");
}

static gpointer
create_same (gpointer data)
{
  const char *id = data;
  Household own = *house;
  g_autofree char *call = g_strdup_printf (
      "['ArticleMark/set',{'accountId':ACCOUNT,'create':{'m':{'articleId':'%s','isRead':true,"
      "'@opId':'018f4e6c-0000-7000-8000-0000000000ff'}}},'a']",
      id);
  char *answer;

  own.pg = tl_pg_new (house->conninfo);
  answer = household_call_text (&own, house->ada, call);
  tl_pg_free (own.pg);
  return answer;
}

/* A retry that overtakes the first try: both get the result, it is done once. */
static void
test_race (void)
{
  g_autofree char *id = article ();
  gint64 before = count_log ();
  GThread *threads[6];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("set", create_same, id);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++) {
    g_autofree char *answer = g_thread_join (threads[i]);

    assert_has (answer, "'notCreated':null");
  }
  g_assert_cmpint (count_log (), ==, before + 1);
}

static void
test_states (void)
{
  g_autofree char *id = article ();
  g_autofree char *state = household_state (house);
  g_autofree char *other = NULL;
  g_autofree char *mine = NULL;
  g_autofree char *stale = NULL;
  g_autofree char *call = NULL;
  g_autoptr (JsonObject) changes = NULL;
  g_autoptr (JsonNode) node = NULL;
  const char *new_state;

  other = article ();
  mine = set_marks ("'ifInState':'%s','create':{'m':{'articleId':'%s'}}", state, id);
  assert_has (mine, "'created':{'m':");
  stale = set_marks ("'ifInState':'%s','create':{'m':{'articleId':'%s'}}", state, other);
  assert_has (stale, "'type':'stateMismatch'");
  node = json_from_string (mine, NULL);
  new_state = json_object_get_string_member (json_node_get_object (node), "newState");
  g_assert_cmpstr (new_state, !=,
                   json_object_get_string_member (json_node_get_object (node), "oldState"));
  call = g_strdup_printf ("['ArticleMark/changes',{'accountId':ACCOUNT,'sinceState':'%s'},'a']",
                          new_state);
  changes = household_call (house, house->ada, call, NULL);
  g_assert_cmpstr (json_object_get_string_member (changes, "newState"), ==, new_state);
}

/* What others committed while a /set ran is not in its newState. */
static void
test_new_state_is_exact (void)
{
  g_autoptr (TlPg) other = tl_pg_new (house->conninfo);
  g_autofree char *id = article ();
  g_autofree char *mine = NULL;
  g_autofree char *call = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonObject) changes = NULL;
  gint64 late_feed, late;
  gint64 late_scope = household_feed (house, "https://elsewhere.example/", &late_feed);

  household_join (house, house->ada, late_scope);
  g_assert_true (tl_pg_begin (other, NULL));
  late = household_article (other, late_scope, late_feed, "late");
  mine = set_marks ("'create':{'m':{'articleId':'%s'}}", id);
  g_assert_true (tl_pg_commit (other, NULL));
  node = json_from_string (mine, NULL);
  call = g_strdup_printf ("['Article/changes',{'accountId':ACCOUNT,'sinceState':'%s'},'a']",
                          json_object_get_string_member (json_node_get_object (node), "newState"));
  changes = household_call (house, house->ada, call, NULL);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (changes, "created")), ==,
                    1);
  g_assert_cmpint (late, >, 0);
}

static void
test_created_ids (void)
{
  g_autofree char *id = article ();
  g_autofree char *calls =
      g_strdup_printf ("[['ArticleMark/set',{'accountId':ACCOUNT,'create':{'m':{'articleId':'%s'}},"
                       "'update':{'#m':{'isRead':true}}},'a'],"
                       "['ArticleMark/set',{'accountId':ACCOUNT,'destroy':['#m']},'b']]",
                       id);
  g_autoptr (JsonObject) response = household_request (house, house->ada, calls);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_node_set_object (node, response);
  text = json_to_string (node, FALSE);
  assert_has (text, "'updated':{'#m':null}");
  assert_has (text, "'destroyed':['#m']");
}

/* A room, its messages in order, an answer to one of them: all in one request. */
static void
test_places (void)
{
  g_autoptr (JsonObject) response =
      household_request (house, house->ada,
                         "[['Room/set',{'accountId':ACCOUNT,'create':{'r':{'name':'Pier'}}},'a'],"
                         "['Message/set',{'accountId':ACCOUNT,'create':{"
                         "'answer':{'roomId':'#r','body':'two','replyToId':'#first'},"
                         "'first':{'roomId':'#r','body':'one'}}},'b']]");
  JsonArray *responses = json_object_get_array_member (response, "methodResponses");
  JsonObject *set = json_array_get_object_element (json_array_get_array_element (responses, 1), 1);
  JsonObject *created = json_object_get_object_member (set, "created");
  JsonObject *first = json_object_get_object_member (created, "first");
  JsonObject *second = json_object_get_object_member (created, "answer");

  g_assert_cmpint (json_object_get_int_member (second, "seq"), ==,
                   json_object_get_int_member (first, "seq") + 1);
  g_assert_cmpint (json_object_get_int_member (first, "seq"), ==,
                   household_number (house->pg, "SELECT seq FROM chat.message WHERE body = 'one'"));
}

static char *
ask_gated (gint64 who, gint64 event, const char *arguments, const char *since)
{
  g_autofree char *call = g_strdup_printf (
      "['CalendarEvent/set',{'accountId':ACCOUNT,'ifUnchangedSince':{'t%" G_GINT64_FORMAT
      "':'%s'},%s},'c']",
      event, since, arguments);

  return household_call_text (house, who, call);
}

/* Others' changes to what a patch is about refuse it, with what stands there now; one's own don't, nor those
 * to something else. */
static void
test_unchanged (void)
{
  gint64 calendar = make (house, house->ada, "Calendar", "{'name':'Ours'}");
  gint64 event = make (house, house->ada, "CalendarEvent",
                       "{'calendarId':'t%" G_GINT64_FORMAT
                       "','title':'Tide','start':'2026-07-01T10:00:00','timeZone':'Etc/UTC'}",
                       calendar);
  g_autofree char *before = household_state (house);
  g_autofree char *title = NULL, *other = NULL, *own = NULL, *gone = NULL, *never = NULL;
  g_autofree char *patch =
      g_strdup_printf ("'update':{'t%" G_GINT64_FORMAT "':{'title':'Mine'}}", event);
  g_autofree char *place =
      g_strdup_printf ("'update':{'t%" G_GINT64_FORMAT "':{'location':'Pier'}}", event);
  g_autofree char *destroy_it = g_strdup_printf ("'destroy':['t%" G_GINT64_FORMAT "']", event);

  make (house, house->ada, "CalendarMember",
        "{'calendarId':'t%" G_GINT64_FORMAT "','principalId':'t%" G_GINT64_FORMAT
        "','role':'member'}",
        calendar, house->ben);
  update (house, house->ben, "CalendarEvent", event, "{'title':'Theirs'}");
  title = ask_gated (house->ada, event, patch, before);
  g_assert_nonnull (strstr (title, "\"type\":\"conflict\""));
  g_assert_nonnull (strstr (title, "\"current\":{\"title\":\"Theirs\"}"));
  other = ask_gated (house->ada, event, place, before);
  g_assert_nonnull (strstr (other, "\"notUpdated\":null"));
  own = ask_gated (house->ben, event, patch, before);
  g_assert_nonnull (strstr (own, "\"notUpdated\":null"));
  gone = ask_gated (house->ada, event, destroy_it, before);
  g_assert_nonnull (strstr (gone, "\"type\":\"conflict\""));
  g_assert_nonnull (strstr (gone, "\"location\":\"Pier\""));
  never = ask_gated (house->ada, event, patch, "never");
  g_assert_nonnull (strstr (never, "\"type\":\"conflict\""));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  house = household_new ();
  scope = household_feed (house, "https://set.example/", &feed);
  household_join (house, house->ada, scope);
  g_test_add_func ("/set/creates-updates-destroys", test_create_update_destroy);
  g_test_add_func ("/set/creating-a-mark-again-changes-it", test_keyed);
  g_test_add_func ("/set/refuses-by-name", test_refusals);
  g_test_add_func ("/set/one-refusal-spares-the-others", test_savepoints);
  g_test_add_func ("/set/operations-are-done-once", test_operations);
  g_test_add_func ("/set/an-operation-twice-in-a-call", test_operation_twice_in_a_call);
  g_test_add_func ("/set/a-retry-overtakes-the-first-try", test_race);
  g_test_add_func ("/set/if-in-state-looks-at-the-type-only", test_states);
  g_test_add_func ("/set/what-others-changed-is-not-undone", test_unchanged);
  g_test_add_func ("/set/new-state-is-exact", test_new_state_is_exact);
  g_test_add_func ("/set/creation-ids-span-the-request", test_created_ids);
  g_test_add_func ("/set/messages-get-their-place", test_places);
  status = g_test_run ();
  household_free (house);
  return status;
}
