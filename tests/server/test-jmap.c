/* The envelope, and the points of RFC 8620 that are most often got wrong. */
#include "tests/server/household.h"

#include <string.h>

static Household *house;

#define CORE "urn:ietf:params:jmap:core"

static char *
quotes (const char *json)
{
  GString *text = g_string_new (json);

  g_string_replace (text, "'", "\"", 0);
  return g_string_free_and_steal (text);
}

static void
assert_refused (const char *json, gssize length, TlJmapError code, const char *type,
                const char *limit)
{
  g_autofree char *text = quotes (json);
  g_autoptr (GError) error = NULL;
  char *response = tl_jmap_process (&house->server, house->pg, house->ada, text,
                                    length < 0 ? strlen (text) : (gsize)length, &error);

  g_assert_null (response);
  g_assert_error (error, TL_JMAP_ERROR, (int)code);
  g_assert_cmpstr (tl_jmap_problem (error)->type, ==, type);
  g_assert_cmpstr (tl_jmap_problem (error)->limit, ==, limit);
}

static void
test_problems (void)
{
  static const char *const not_json[] = { "",          "{",    "{'using':[],}", "nul",
                                          "{'a':1} x", "\xff", "{a:1}" };
  static const char *const not_requests[] = {
    "[]",
    "{}",
    "{'using':[]}",
    "{'using':'" CORE "','methodCalls':[]}",
    "{'using':[1],'methodCalls':[]}",
    "{'using':[],'methodCalls':{}}",
    "{'using':[],'methodCalls':[['Core/echo',{}]]}",
    "{'using':[],'methodCalls':[['Core/echo',{},1]]}",
    "{'using':[],'methodCalls':[['Core/echo',[],'c']]}",
    "{'using':[],'methodCalls':[],'createdIds':[]}",
    "{'using':[],'methodCalls':[],'createdIds':{'a':1}}",
  };
  GString *many = g_string_new ("{'using':[],'methodCalls':[['Core/echo',{},'0']");

  for (guint i = 0; i < G_N_ELEMENTS (not_json); i++)
    assert_refused (not_json[i], -1, TL_JMAP_ERROR_NOT_JSON, "urn:ietf:params:jmap:error:notJSON",
                    NULL);
  for (guint i = 0; i < G_N_ELEMENTS (not_requests); i++)
    assert_refused (not_requests[i], -1, TL_JMAP_ERROR_NOT_REQUEST,
                    "urn:ietf:params:jmap:error:notRequest", NULL);
  assert_refused ("{'using':['https://example.org/none'],'methodCalls':[]}", -1,
                  TL_JMAP_ERROR_UNKNOWN_CAPABILITY, "urn:ietf:params:jmap:error:unknownCapability",
                  NULL);
  for (guint i = 0; i < TL_MAX_CALLS; i++)
    g_string_append (many, ",['Core/echo',{},'1']");
  g_string_append (many, "]}");
  assert_refused (many->str, -1, TL_JMAP_ERROR_MAX_CALLS, "urn:ietf:params:jmap:error:limit",
                  "maxCallsInRequest");
  g_string_free (many, TRUE);
  house->server.config->max_request = 10;
  assert_refused ("{'using':[],'methodCalls':[]}", -1, TL_JMAP_ERROR_MAX_SIZE,
                  "urn:ietf:params:jmap:error:limit", "maxSizeRequest");
  house->server.config->max_request = 10 * 1024 * 1024;
}

static void
test_deep (void)
{
  g_autofree char *deep = g_strnfill (200000, '[');

  assert_refused (deep, -1, TL_JMAP_ERROR_NOT_JSON, "urn:ietf:params:jmap:error:notJSON", NULL);
}

static char *
answer (gint64 account, const char *calls)
{
  g_autoptr (JsonObject) response = household_request (house, account, calls);
  JsonNode *list = json_object_get_member (response, "methodResponses");

  g_assert_true (json_object_has_member (response, "sessionState"));
  g_assert_false (json_object_has_member (response, "createdIds"));
  return json_to_string (list, FALSE);
}

/* `expected` may leave out the descriptions of errors. */
static void
assert_answer (const char *calls, const char *expected)
{
  g_autofree char *text = answer (house->ada, calls);
  g_autofree char *wanted = quotes (expected);
  g_autoptr (GRegex) regex = g_regex_new (",\"description\":\"[^\"]*\"", 0, 0, NULL);
  g_autofree char *bare = g_regex_replace_literal (regex, text, -1, 0, "", 0, NULL);

  g_assert_cmpstr (bare, ==, wanted);
}

static void
test_echo (void)
{
  assert_answer ("[['Core/echo',{'a':[1,'ä\\u0001',null,{'b':0.5}]},'c\\\"1']]",
                 "[['Core/echo',{'a':[1,'ä\\u0001',null,{'b':0.5}]},'c\\\"1']]");
}

static void
test_accounts_and_methods (void)
{
  assert_answer ("[['Feed/get',{'ids':null},'a'],['Feed/get',{'accountId':'t99999'},'b'],"
                 "['Feed/get',{'accountId':7},'c'],['Nonsense/get',{'accountId':ACCOUNT},'d'],"
                 "['Feed/none',{'accountId':ACCOUNT},'e'],['Feed',{},'f'],"
                 "['Feed/set',{'accountId':ACCOUNT},'g'],"
                 "['Feed/queryChanges',{'accountId':ACCOUNT,'sinceQueryState':'x'},'h']]",
                 "[['error',{'type':'invalidArguments'},'a'],"
                 "['error',{'type':'accountNotFound'},'b'],"
                 "['error',{'type':'invalidArguments'},'c'],"
                 "['error',{'type':'unknownMethod'},'d'],['error',{'type':'unknownMethod'},'e'],"
                 "['error',{'type':'unknownMethod'},'f'],['error',{'type':'forbidden'},'g'],"
                 "['error',{'type':'cannotCalculateChanges'},'h']]");
}

static void
test_using (void)
{
  g_autofree char *json = quotes ("{'using':['" CORE "'],'methodCalls':[['Feed/get',{},'a']]}");
  g_autofree char *response =
      tl_jmap_process (&house->server, house->pg, house->ada, json, strlen (json), NULL);

  g_assert_nonnull (strstr (response, "\"unknownMethod\""));
}

static void
test_get (void)
{
  g_autofree char *all = household_call_text (house, house->ada,
                                              "['Principal/get',{'accountId':ACCOUNT,'ids':null,"
                                              "'properties':['login']},'a']");
  g_autofree char *none = household_call_text (
      house, house->ada, "['Principal/get',{'accountId':ACCOUNT,'ids':[]},'a']");
  g_autofree char *call = g_strdup_printf ("['Principal/get',{'accountId':ACCOUNT,'ids':["
                                           "'t%" G_GINT64_FORMAT "','t%" G_GINT64_FORMAT
                                           "','t777','x','t777'],'properties':['id']},'a']",
                                           house->ben, house->ben);
  g_autofree char *some = household_call_text (house, house->ada, call);
  g_autofree char *expected = g_strdup_printf (
      "\"list\":[{\"id\":\"t%" G_GINT64_FORMAT "\"}],\"notFound\":[\"t777\",\"x\"]}", house->ben);

  g_assert_nonnull (strstr (all, "\"login\":\"ada\"},{\"id\""));
  g_assert_null (strstr (all, "\"name\""));
  g_assert_nonnull (strstr (none, "\"list\":[],\"notFound\":[]"));
  g_assert_nonnull (strstr (none, "\"state\":\"1."));
  g_assert_nonnull (strstr (some, expected));
  assert_answer ("[['Principal/get',{'accountId':ACCOUNT,'properties':['nose']},'a'],"
                 "['Principal/get',{'accountId':ACCOUNT,'ids':'t1'},'b'],"
                 "['Principal/get',{'accountId':ACCOUNT,'ids':[1]},'c']]",
                 "[['error',{'type':'invalidArguments'},'a'],"
                 "['error',{'type':'invalidArguments'},'b'],"
                 "['error',{'type':'invalidArguments'},'c']]");
}

static void
test_get_whole (void)
{
  g_autofree char *call = g_strdup_printf (
      "['Principal/get',{'accountId':ACCOUNT,'ids':['t%" G_GINT64_FORMAT "']},'a']", house->ada);
  g_autofree char *text = household_call_text (house, house->ada, call);
  g_autofree char *expected =
      g_strdup_printf ("\"list\":[{\"id\":\"t%" G_GINT64_FORMAT "\",\"type\":\"individual\","
                       "\"name\":\"Ada\",\"login\":\"ada\",\"description\":null,"
                       "\"timeZone\":null,\"avatarBlobId\":null}]",
                       house->ada);

  g_assert_nonnull (strstr (text, expected));
}

static void
test_too_many (void)
{
  GString *calls = g_string_new ("[['Principal/get',{'accountId':ACCOUNT,'ids':['t1'");

  for (guint i = 0; i < TL_MAX_OBJECTS_IN_GET; i++)
    g_string_append (calls, ",'t1'");
  g_string_append (calls, "]},'a'],['ArticleMark/set',{'accountId':ACCOUNT,'destroy':['t1'");
  for (guint i = 0; i < TL_MAX_OBJECTS_IN_SET; i++)
    g_string_append (calls, ",'t1'");
  g_string_append (calls, "]},'b']]");
  assert_answer (calls->str, "[['error',{'type':'requestTooLarge'},'a'],"
                             "['error',{'type':'requestTooLarge'},'b']]");
  g_string_free (calls, TRUE);
}

static void
test_references (void)
{
  assert_answer (
      "[['Core/echo',{'l':[{'i':['t1','t2']},{'i':['t3']}],'n':5},'a'],"
      "['Core/echo',{'#x':{'resultOf':'a','name':'Core/echo','path':'/l/*/i'}},'b'],"
      "['Core/echo',{'#x':{'resultOf':'a','name':'Core/get','path':'/n'}},'c'],"
      "['Core/echo',{'#x':{'resultOf':'z','name':'Core/echo','path':'/n'}},'d'],"
      "['Core/echo',{'#x':{'resultOf':'a','name':'Core/echo','path':'/m'}},'e'],"
      "['Core/echo',{'x':1,'#x':{'resultOf':'a','name':'Core/echo','path':'/n'}},'f'],"
      "['Core/echo',{'#x':{'resultOf':'a','path':'/n'}},'g'],"
      "['Core/echo',{'#x':{'resultOf':'c','name':'error','path':'/type'}},'h']]",
      "[['Core/echo',{'l':[{'i':['t1','t2']},{'i':['t3']}],'n':5},'a'],"
      "['Core/echo',{'x':['t1','t2','t3']},'b'],"
      "['error',{'type':'invalidResultReference'},'c'],"
      "['error',{'type':'invalidResultReference'},'d'],"
      "['error',{'type':'invalidResultReference'},'e'],"
      "['error',{'type':'invalidArguments'},'f'],['error',{'type':'invalidArguments'},'g'],"
      "['error',{'type':'invalidResultReference'},'h']]");
}

/* A call id that is used again after it was referred to. */
static void
test_id_again (void)
{
  assert_answer ("[['Core/echo',{'a':1},'c'],"
                 "['Core/echo',{'#b':{'resultOf':'c','name':'Core/echo','path':'/a'}},'d'],"
                 "['Core/echo',{},'c']]",
                 "[['Core/echo',{'a':1},'c'],['Core/echo',{'b':1},'d'],['Core/echo',{},'c']]");
}

static void
test_created_ids (void)
{
  g_autofree char *json = quotes ("{'using':['" CORE "'],'methodCalls':[],"
                                  "'createdIds':{'a':'t5'},'extra':1}");
  g_autofree char *response =
      tl_jmap_process (&house->server, house->pg, house->ada, json, strlen (json), NULL);

  g_assert_true (g_str_has_prefix (
      response, "{\"methodResponses\":[],\"createdIds\":{\"a\":\"t5\"},\"sessionState\":\""));
}

static void
test_away (void)
{
  g_autoptr (TlPg) nowhere = tl_pg_new ("host=/nonexistent dbname=none");
  g_autofree char *json = g_strdup_printf (
      "{\"using\":[\"" CORE "\",\"https://tideline.org/jmap/news\"],\"methodCalls\":"
      "[[\"Core/echo\",{},\"a\"],[\"Feed/get\",{\"accountId\":\"t%" G_GINT64_FORMAT
      "\"},\"b\"],[\"Core/echo\",{},\"c\"]]}",
      house->ada);
  g_autofree char *response =
      tl_jmap_process (&house->server, nowhere, house->ada, json, strlen (json), NULL);

  g_assert_nonnull (strstr (response, "\"serverUnavailable\""));
  g_assert_nonnull (strstr (response, "[\"Core/echo\",{},\"a\"]"));
  g_assert_null (strstr (response, "[\"Core/echo\",{},\"c\"]")); /* nothing waits a second time */
  g_assert_null (strstr (response, "nonexistent"));
}

static gpointer
wait_in_line (gpointer data)
{
  g_autoptr (TlPg) pg = tl_pg_new (house->conninfo);
  char *text = data;

  return tl_jmap_process (&house->server, pg, house->ada, text, strlen (text), NULL);
}

/* So many requests at once, and the next is told which limit it met. */
static void
test_concurrent (void)
{
  g_autofree char *json = g_strdup_printf (
      "{\"using\":[\"" TL_CAP_PRINCIPALS "\"],\"methodCalls\":[[\"Principal/set\",{\"accountId\":"
      "\"t%" G_GINT64_FORMAT "\",\"update\":{\"t%" G_GINT64_FORMAT
      "\":{\"description\":\"x\"}}},\"c\"]]}",
      house->ada, house->ada);
  g_autoptr (TlPg) holder = tl_pg_new (house->conninfo);
  GThread *threads[TL_MAX_CONCURRENT_REQUESTS];

  g_assert_true (tl_pg_script (holder, "BEGIN", NULL));
  g_free (household_sql (
      holder, "SELECT id FROM people.principal WHERE id = %" G_GINT64_FORMAT " FOR UPDATE",
      house->ada));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("request", wait_in_line, json);
  while (household_number (house->pg, "SELECT count(*) FROM pg_stat_activity WHERE datname = "
                                      "current_database() AND wait_event_type = 'Lock'") <
         TL_MAX_CONCURRENT_REQUESTS)
    g_thread_yield ();
  assert_refused ("{'using':[],'methodCalls':[]}", -1, TL_JMAP_ERROR_MAX_CONCURRENT,
                  "urn:ietf:params:jmap:error:limit", "maxConcurrentRequests");
  tl_pg_rollback (holder);
  tl_pg_script (holder, "ROLLBACK", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++) {
    g_autofree char *response = g_thread_join (threads[i]);

    g_assert_nonnull (strstr (response, "\"notUpdated\":null"));
  }
}

static void
test_query (void)
{
  gint64 feed;
  gint64 scope = household_feed (house, "https://query.example/", &feed);
  gint64 ids[5];
  g_autofree char *call = NULL;
  g_autofree char *page = NULL;
  g_autofree char *expected = NULL;
  g_autofree char *anchored = NULL;
  g_autofree char *anchor = NULL;
  g_autofree char *expected_anchored = NULL;

  household_join (house, house->ada, scope);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    ids[i] = household_article (house->pg, scope, feed, i % 2 ? "odd" : "even");
  call = g_strdup_printf (
      "['Article/query',{'accountId':ACCOUNT,'calculateTotal':true,'position':1,'limit':2,"
      "'filter':{'operator':'AND','conditions':[{'feedId':'t%" G_GINT64_FORMAT "'},"
      "{'operator':'NOT','conditions':[{'before':'2020-01-01T00:00:00Z'}]}]},"
      "'sort':[{'property':'title'},{'property':'id','isAscending':false}]},'a']",
      feed);
  page = household_call_text (house, house->ada, call);
  expected = g_strdup_printf ("\"canCalculateChanges\":true,\"position\":1,\"total\":5,"
                              "\"ids\":[\"t%" G_GINT64_FORMAT "\",\"t%" G_GINT64_FORMAT "\"]}",
                              ids[2], ids[0]);
  g_assert_nonnull (strstr (page, expected));
  anchor = g_strdup_printf ("['Article/query',{'accountId':ACCOUNT,'anchor':'t%" G_GINT64_FORMAT
                            "','anchorOffset':-1,'limit':2},'a']",
                            ids[3]);
  anchored = household_call_text (house, house->ada, anchor);
  expected_anchored = g_strdup_printf ("\"position\":2,\"ids\":[\"t%" G_GINT64_FORMAT
                                       "\",\"t%" G_GINT64_FORMAT "\"]}",
                                       ids[2], ids[3]);
  g_assert_nonnull (strstr (anchored, expected_anchored));
  assert_answer ("[['Article/query',{'accountId':ACCOUNT,'anchor':'t1'},'a'],"
                 "['Article/query',{'accountId':ACCOUNT,'filter':{'nose':1}},'b'],"
                 "['Article/query',{'accountId':ACCOUNT,'filter':{'operator':'XOR'}},'c'],"
                 "['Article/query',{'accountId':ACCOUNT,'sort':[{'property':'blocks'}]},'d'],"
                 "['Article/query',{'accountId':ACCOUNT,'filter':{'feedId':5}},'e']]",
                 "[['error',{'type':'anchorNotFound'},'a'],"
                 "['error',{'type':'unsupportedFilter'},'b'],"
                 "['error',{'type':'unsupportedFilter'},'c'],"
                 "['error',{'type':'unsupportedSort'},'d'],"
                 "['error',{'type':'invalidArguments'},'e']]");
}

static void
test_snapshot (void)
{
  gint64 feed;
  gint64 scope = household_feed (house, "https://snapshot.example/", &feed);
  g_autofree char *cursor = g_strdup ("null");
  g_autofree char *state = NULL;
  guint articles = 0, feeds = 0, pages = 0;

  household_join (house, house->ben, scope);
  for (guint i = 0; i < 25; i++)
    household_article (house->pg, scope, feed, "x");
  while (cursor) {
    g_autofree char *call = g_strdup_printf ("['Snapshot/fetch',{'accountId':ACCOUNT,'types':"
                                             "['Feed','Article'],'cursor':%s,'limit':10},'a']",
                                             cursor);
    g_autoptr (JsonObject) page = household_call (house, house->ben, call, NULL);
    JsonObject *objects = json_object_get_object_member (page, "objects");
    const char *next = json_object_get_string_member_with_default (page, "cursor", NULL);

    if (json_object_has_member (objects, "Feed"))
      feeds += json_array_get_length (json_object_get_array_member (objects, "Feed"));
    if (json_object_has_member (objects, "Article"))
      articles += json_array_get_length (json_object_get_array_member (objects, "Article"));
    if (state)
      g_assert_cmpstr (state, ==, json_object_get_string_member (page, "state"));
    g_set_str (&state, json_object_get_string_member (page, "state"));
    g_free (cursor);
    cursor = next ? g_strdup_printf ("'%s'", next) : NULL;
    pages++;
  }
  g_assert_cmpuint (feeds, ==, 1);
  g_assert_cmpuint (articles, ==, 25);
  g_assert_cmpuint (pages, ==, 3);
  assert_answer ("[['Snapshot/fetch',{'accountId':ACCOUNT,'types':['Nose']},'a'],"
                 "['Snapshot/fetch',{'accountId':ACCOUNT,'types':[]},'b'],"
                 "['Snapshot/fetch',{'accountId':ACCOUNT,'types':['Feed'],'cursor':'x'},'c']]",
                 "[['error',{'type':'invalidArguments'},'a'],"
                 "['error',{'type':'invalidArguments'},'b'],"
                 "['error',{'type':'invalidArguments'},'c']]");
}

/* Each call would hold the one before twice. */
static void
test_doubling (void)
{
  GString *calls = g_string_new ("[['Core/echo',{'x':'0123456789abcdef'},'c0']");
  g_autoptr (JsonObject) response = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  for (guint i = 1; i < 60; i++)
    g_string_append_printf (calls,
                            ",['Core/echo',{'#a':{'resultOf':'c%u','name':'Core/echo','path':''},"
                            "'#b':{'resultOf':'c%u','name':'Core/echo','path':''}},'c%u']",
                            i - 1, i - 1, i);
  g_string_append_c (calls, ']');
  response = household_request (house, house->ada, calls->str);
  g_string_free (calls, TRUE);
  json_node_set_object (node, response);
  text = json_to_string (node, FALSE);
  g_assert_cmpuint (strlen (text), <, 32 * 1024 * 1024);
  g_assert_nonnull (strstr (text, "invalidResultReference"));
}

/* What many calls give is bounded, too. */
static void
test_much (void)
{
  g_autofree char *large = g_strnfill (3 * 1024 * 1024, 'x');
  g_autoptr (GString) calls = g_string_new (NULL);
  g_autoptr (JsonObject) response = NULL;
  JsonArray *responses;

  g_string_printf (calls, "[['Core/echo',{'x':'%s'},'c']", large);
  for (guint i = 0; i < 40; i++)
    g_string_append (calls,
                     ",['Core/echo',{'#x':{'resultOf':'c','name':'Core/echo','path':'/x'}},'d']");
  g_string_append_c (calls, ']');
  response = household_request (house, house->ada, calls->str);
  responses = json_object_get_array_member (response, "methodResponses");
  g_assert_cmpstr (json_array_get_string_element (json_array_get_array_element (responses, 1), 0),
                   ==, "Core/echo");
  g_assert_cmpstr (
      json_object_get_string_member (
          json_array_get_object_element (json_array_get_array_element (responses, 40), 1), "type"),
      ==, "requestTooLarge");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  house = household_new ();
  g_test_add_func ("/jmap/references-do-not-double-without-end", test_doubling);
  g_test_add_func ("/jmap/many-calls-give-no-more-than-a-bound", test_much);
  g_test_add_func ("/jmap/problems-are-told-apart", test_problems);
  g_test_add_func ("/jmap/survives-deep-nesting", test_deep);
  g_test_add_func ("/jmap/echoes", test_echo);
  g_test_add_func ("/jmap/accounts-and-methods-that-are-not-there", test_accounts_and_methods);
  g_test_add_func ("/jmap/methods-need-their-capability", test_using);
  g_test_add_func ("/jmap/get-some-all-none", test_get);
  g_test_add_func ("/jmap/get-gives-null-properties", test_get_whole);
  g_test_add_func ("/jmap/too-many-objects", test_too_many);
  g_test_add_func ("/jmap/result-references", test_references);
  g_test_add_func ("/jmap/a-call-id-used-again", test_id_again);
  g_test_add_func ("/jmap/created-ids-only-when-sent", test_created_ids);
  g_test_add_func ("/jmap/without-database", test_away);
  g_test_add_func ("/jmap/queries", test_query);
  g_test_add_func ("/jmap/snapshot-in-pages", test_snapshot);
  g_test_add_func ("/jmap/so-many-requests-at-once", test_concurrent);
  status = g_test_run ();
  household_free (house);
  return status;
}
