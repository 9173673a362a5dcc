/* Object-level authorisation: ben, signed in, walks every type and every method over everything that is
 * ada's alone. He finds nothing, learns nothing, and changes nothing. */
#include "tests/server/household.h"

#include <string.h>

#define SECRET "hagfish" /* a word in all that ada wrote */

static Household *house;
static char *beginning; /* state */
static gint64 room, message, post, article, calendar, event;

/* --- what is ada's ----------------------------------------------------------------------------- */

static gint64
make (const char *type, const char *object)
{
  g_autofree char *call =
      g_strdup_printf ("['%s/set',{'accountId':ACCOUNT,'create':{'x':%s}},'c']", type, object);
  g_autofree char *text = household_call_text (house, house->ada, call);
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  JsonObject *answer = json_node_get_object (node);
  gint64 id;

  if (!json_object_has_member (answer, "created") ||
      json_object_get_null_member (answer, "created"))
    g_error ("%s: %s", call, text);
  g_assert_true (tl_id_parse (
      json_object_get_string_member (
          json_object_get_object_member (json_object_get_object_member (answer, "created"), "x"),
          "id"),
      &id));
  return id;
}

G_GNUC_PRINTF (2, 3)
static gint64
make_about (const char *type, const char *format, ...)
{
  g_autofree char *object = NULL;
  va_list args;

  va_start (args, format);
  object = g_strdup_vprintf (format, args);
  va_end (args);
  return make (type, object);
}

#define ID "'t%" G_GINT64_FORMAT "'"

static void
settle_in (void)
{
  gint64 feed, scope = household_feed (house, "https://" SECRET ".example/", &feed);

  household_join (house, house->ada, scope);
  article = household_article (house->pg, scope, feed, SECRET);
  g_free (household_sql (house->pg,
                         "INSERT INTO news.subscription (scope, \"feedId\", url) "
                         "SELECT private_scope, %" G_GINT64_FORMAT ", 'https://" SECRET
                         ".example/' FROM people.account WHERE id = %" G_GINT64_FORMAT,
                         feed, house->ada));
  g_free (household_sql (house->pg,
                         "INSERT INTO notify.notification (scope, kind, \"subjectId\", "
                         "\"subjectType\", preview) SELECT private_scope, 'mention', 1, 'Message', "
                         "'" SECRET "' FROM people.account WHERE id = %" G_GINT64_FORMAT,
                         house->ada));
  room = make ("Room", "{'name':'" SECRET "'}");
  message = make_about ("Message", "{'roomId':" ID ",'body':'" SECRET "'}", room);
  post = make ("Post", "{'text':'" SECRET "','visibility':'followers'}");
  make ("Post", "{'text':'" SECRET "','visibility':'mentioned'}");
  make_about ("ArticleMark", "{'articleId':" ID ",'isStarred':true}", article);
  make_about ("PostMark", "{'postId':" ID ",'isSaved':true}", post);
  make_about ("Reaction", "{'subjectId':" ID ",'emoji':'👍'}", message);
  make_about ("ReadMarker", "{'roomId':" ID ",'upTo':1}", room);
  make_about ("InboxMark", "{'subjectId':" ID ",'isDone':true}", message);
  calendar = make ("Calendar", "{'name':'" SECRET "'}");
  event = make_about ("CalendarEvent",
                      "{'calendarId':" ID ",'title':'" SECRET "','start':'2026-11-23T12:00:00',"
                      "'duration':'PT1H','timeZone':'Europe/Berlin'}",
                      calendar);
  make ("Draft", "{'place':'" SECRET "','text':'" SECRET "'}");
  make ("Filter", "{'words':'" SECRET "'}");
}

/* Ids of `type` in scopes that ben is not in, as "t1","t2". */
static char *
hidden_ids (const TlType *type)
{
  return household_sql (house->pg,
                        "SELECT string_agg('\"t' || id || '\"', ',') FROM %s.%s t WHERE NOT EXISTS "
                        "(SELECT FROM sync.member m WHERE m.scope = t.scope AND m.to_xid IS NULL "
                        "AND m.account = %" G_GINT64_FORMAT ")",
                        type->schema, type->table, house->ben);
}

/* Everything of everybody, to see that nothing changed. */
static char *
fingerprint (void)
{
  GString *all = g_string_new (NULL);

  for (guint i = 0; tl_type_services[i]; i++) {
    const TlType *type = tl_type_services[i]->type;
    g_autofree char *rows = household_sql (
        house->pg, "SELECT md5(string_agg(t::text, '|' ORDER BY id, scope)) FROM %s.%s t",
        type->schema, type->table);

    g_string_append_printf (all, "%s %s\n", type->name, rows ? rows : "none");
  }
  return g_string_free_and_steal (all);
}

/* --- what ben tries ---------------------------------------------------------------------------- */

G_GNUC_PRINTF (1, 2)
static char *
try (const char *format, ...)
{
  g_autofree char *call = NULL;
  char *text;
  va_list args;

  va_start (args, format);
  call = g_strdup_vprintf (format, args);
  va_end (args);
  text = household_call_text (house, house->ben, call);
  if (strstr (text, SECRET))
    g_error ("%s tells: %s", call, text);
  return text;
}

/* None of `ids` is in the lists of `answer` that show something. */
static void
assert_shows_none (const char *text, const char *ids)
{
  static const char *const shown[] = { "created", "updated", "destroyed", "ids", "list", "hits" };
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  g_auto (GStrv) each = g_strsplit (ids, ",", -1);

  for (guint i = 0; i < G_N_ELEMENTS (shown); i++) {
    JsonNode *member = json_object_get_member (json_node_get_object (node), shown[i]);
    g_autofree char *told = member ? json_to_string (member, FALSE) : g_strdup ("");

    for (guint k = 0; each[k]; k++)
      if (strstr (told, each[k]))
        g_error ("%s shows %s: %s", shown[i], each[k], text);
  }
}

static void
walk (const TlTypeService *service, const char *ids)
{
  const char *name = service->type->name;
  g_auto (GStrv) each = g_strsplit (ids, ",", -1);
  g_autofree char *get = try ("['%s/get',{'accountId':ACCOUNT,'ids':[%s]},'c']", name, ids);
  g_autofree char *all = try ("['%s/get',{'accountId':ACCOUNT,'ids':null},'c']", name);
  g_autofree char *query = try ("['%s/query',{'accountId':ACCOUNT},'c']", name);
  g_autofree char *changes =
      try ("['%s/changes',{'accountId':ACCOUNT,'sinceState':'%s'},'c']", name, beginning);

  g_assert_nonnull (strstr (get, "\"list\":[]"));
  assert_shows_none (all, ids);
  assert_shows_none (query, ids);
  assert_shows_none (changes, ids);
  for (guint i = 0; each[i]; i++) {
    g_autofree char *update =
        try ("['%s/set',{'accountId':ACCOUNT,'update':{%s:{}}},'c']", name, each[i]);
    g_autofree char *destroy =
        try ("['%s/set',{'accountId':ACCOUNT,'destroy':[%s]},'c']", name, each[i]);

    assert_shows_none (update, ids);
    assert_shows_none (destroy, ids);
  }
}

static void
test_types (void)
{
  g_autofree char *before = fingerprint ();
  g_autofree char *after = NULL;
  guint walked = 0;

  for (guint i = 0; tl_type_services[i]; i++) {
    g_autofree char *ids = hidden_ids (tl_type_services[i]->type);

    if (ids == NULL)
      continue;
    walk (tl_type_services[i], ids);
    walked++;
  }
  g_assert_cmpuint (walked, >=, 18);
  after = fingerprint ();
  g_assert_cmpstr (before, ==, after);
}

static void
test_whole (void)
{
  g_autofree char *search = NULL;
  GString *types = g_string_new (NULL);

  for (guint i = 0; tl_type_services[i]; i++)
    g_string_append_printf (types, "%s'%s'", i ? "," : "", tl_type_services[i]->type->name);
  g_free (
      try ("['Snapshot/fetch',{'accountId':ACCOUNT,'types':[%s],'limit':2000},'c']", types->str));
  g_free (try ("['Sync/changes',{'accountId':ACCOUNT,'sinceState':'1.1:1:','types':null},'c']"));
  search = try ("['Search/query',{'accountId':ACCOUNT,'text':'hagfis','types':null,"
                "'limit':100},'c']");
  g_assert_nonnull (strstr (search, "\"hits\":[]"));
  g_string_free (types, TRUE);
}

/* Every method, in ada's name. */
static void
test_account (void)
{
  static const char *const verbs[] = { "get", "changes", "set", "query", "queryChanges" };
  static const char *const plain[] = { "Snapshot/fetch", "Search/query", "Sync/changes" };

  for (guint i = 0; tl_type_services[i]; i++)
    for (guint k = 0; k < G_N_ELEMENTS (verbs); k++) {
      g_autofree char *text =
          try ("['%s/%s',{'accountId':" ID ",'sinceState':'1.1:1:','create':{'x':{}}},'c']",
               tl_type_services[i]->type->name, verbs[k], house->ada);

      g_assert_nonnull (strstr (text, "accountNotFound"));
    }
  for (guint k = 0; k < G_N_ELEMENTS (plain); k++) {
    g_autofree char *text = try ("['%s',{'accountId':" ID ",'types':['Message'],'text':'x',"
                                 "'sinceState':'1.1:1:'},'c']",
                                 plain[k], house->ada);

    g_assert_nonnull (strstr (text, "accountNotFound"));
  }
}

static void
test_about (void)
{
  const struct {
    const char *type, *before;
    gint64 id;
    const char *after;
  } tries[] = {
    { "Message", "{'body':'x','roomId':", room, "}" },
    { "RoomMember", "{'principalId':ACCOUNT,'roomId':", room, "}" },
    { "ReadMarker", "{'upTo':1,'roomId':", room, "}" },
    { "Reaction", "{'emoji':'x','subjectId':", message, "}" },
    { "Reaction", "{'emoji':'👍','subjectId':", message, "}" },
    { "Reaction", "{'emoji':'👍','subjectId':", post, "}" },
    { "Post", "{'text':'x','replyToId':", post, "}" },
    { "Post", "{'boostOfId':", post, "}" },
    { "PostMark", "{'isSaved':true,'postId':", post, "}" },
    { "ArticleMark", "{'isRead':true,'articleId':", article, "}" },
    { "CalendarEvent", "{'title':'x','start':'2026-11-23T12:00:00','calendarId':", calendar, "}" },
    { "CalendarMember", "{'principalId':ACCOUNT,'calendarId':", calendar, "}" },
    { "CalendarMark", "{'calendarId':", calendar, "}" },
    { "EventMark", "{'eventId':", event, "}" },
  };
  g_autofree char *before = fingerprint ();
  g_autofree char *after = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (tries); i++) {
    g_autofree char *text = try ("['%s/set',{'accountId':ACCOUNT,'create':{'x':%s" ID "%s}},'c']",
                                 tries[i].type, tries[i].before, tries[i].id, tries[i].after);

    if (!strstr (text, "\"notCreated\":{\"x\""))
      g_error ("%s%" G_GINT64_FORMAT "%s: %s", tries[i].type, tries[i].id, tries[i].after, text);
  }
  after = fingerprint ();
  g_assert_cmpstr (before, ==, after);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  house = household_new ();
  house->server.search = tl_search_pg_new ();
  beginning = household_state (house);
  settle_in ();
  g_test_add_func ("/strangers/find-nothing-of-any-type-and-change-nothing", test_types);
  g_test_add_func ("/strangers/neither-by-snapshot-nor-by-search", test_whole);
  g_test_add_func ("/strangers/nor-in-another-persons-name", test_account);
  g_test_add_func ("/strangers/may-make-nothing-about-it", test_about);
  status = g_test_run ();
  house->server.search->class->free (house->server.search);
  household_free (house);
  g_free (beginning);
  return status;
}
