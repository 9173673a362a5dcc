/* Files, cards and pictures of people: what they may look like, and who may read them as long as something that
 * they see names them. */
#include "tests/server/words.h"

#define ID G_GINT64_FORMAT
#define BLOB "b00000000000000000000000000000000000000000000000000000000000000aa"
#define OTHER "b00000000000000000000000000000000000000000000000000000000000000bb"
#define BENS "b00000000000000000000000000000000000000000000000000000000000000cc"
#define IMAGE(blob) "[{'blobId':'" blob "','name':'tide.png','type':'image/png','size':12}]"

static void
keep (Household *house, gint64 account, const char *blob, const char *type)
{
  g_autofree char *key = g_strdup_printf ("%" ID, account);
  const char *args[] = { key, blob, "12", type, "100", "1000000" };
  g_autoptr (GError) error = NULL;

  tl_pg_run (house->pg, "keep", tl_sql ("storage/storage.sql", "keep"), 6, args, &error);
  g_assert_no_error (error);
}

static gboolean
may_read (Household *house, gint64 account, const char *blob)
{
  g_autofree char *key = g_strdup_printf ("%" ID, account);
  const char *args[] = { key, blob };
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) result =
      tl_pg_query (house->pg, "may", tl_sql ("storage/storage.sql", "may-read"), 2, args, &error);

  g_assert_no_error (error);
  return *PQgetvalue (result, 0, 0) == 't';
}

/* Ada has two images, Ben one. */
static void
set_up (Household **house, gconstpointer data)
{
  *house = household_new ();
  keep (*house, (*house)->ada, BLOB, "image/png");
  keep (*house, (*house)->ada, OTHER, "text/plain");
  keep (*house, (*house)->ben, BENS, "image/png");
}

static void
tear_down (Household **house, gconstpointer data)
{
  household_free (*house);
}

/* --- posts ------------------------------------------------------------------------------------- */

static void
test_post (Household **fixture, gconstpointer data)
{
  Household *house = *fixture;
  gint64 post =
      make (house, house->ada, "Post", "{'images':" IMAGE (BLOB) ",'visibility':'followers'}");
  gint64 again;

  g_assert_false (may_read (house, house->ben, BLOB));
  make (house, house->ben, "Follow", "{'principalId':'t%" ID "'}", house->ada);
  g_assert_true (may_read (house, house->ben, BLOB));
  again = make (house, house->ada, "Post", "{'text':'Again','images':" IMAGE (BLOB) "}");
  destroy (house, house->ada, "Post", post);
  g_assert_true (may_read (house, house->ben, BLOB));
  update (house, house->ada, "Post", again, "{'images':[]}");
  g_assert_false (may_read (house, house->ben, BLOB));
  assert_text (house, house->ben, "Post", again, "images", NULL);
  update (house, house->ada, "Post", again, "{'images':" IMAGE (BLOB) ",'text':null}");
  g_assert_true (may_read (house, house->ben, BLOB));
  refuse_update (house, house->ada, "Post", again, "{'images':null}", "invalidProperties",
                 "some text");
  destroy (house, house->ada, "Post", again);
  g_assert_false (may_read (house, house->ben, BLOB));
}

static void
test_rubbish (Household **fixture, gconstpointer data)
{
  Household *house = *fixture;
  g_autofree char *name = g_strnfill (300, 'n');
  g_autofree char *long_name =
      g_strdup_printf ("{'images':[{'blobId':'" BLOB "','type':'image/png','name':'%s'}]}", name);
  GString *many = g_string_new ("{'images':[");
  static const char *const objects[] = {
    "{'images':'x'}",
    "{'images':{}}",
    "{'images':[7]}",
    "{'images':[null]}",
    "{'images':[[]]}",
    "{'images':[{}]}",
    "{'images':[{'blobId':'" BLOB "'}]}",
    "{'images':[{'blobId':null,'type':'image/png'}]}",
    "{'images':[{'blobId':7,'type':'image/png'}]}",
    "{'images':[{'blobId':'" BLOB "','type':'image/svg+xml'}]}",
    "{'images':[{'blobId':'" BLOB "','type':'text/html'}]}",
    "{'images':[{'blobId':'" BLOB "','type':'image/png','onclick':'x'}]}",
    "{'images':[{'blobId':'" BLOB "','type':'image/png','width':-1}]}",
    "{'images':[{'blobId':'" BLOB "','type':'image/png','width':1.5}]}",
    "{'images':[{'blobId':'" BLOB "','type':'image/png','height':100000}]}",
    "{'images':[{'blobId':'" BLOB "','type':'image/png','name':'../x'}]}",
    "{'images':[{'blobId':'" BLOB "','type':'image/png','alt':{}}]}",
    "{'images':[{'blobId':'b/../../etc/passwd','type':'image/png'}]}",
    "{'images':" IMAGE (BENS) "}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    refuse_create (house, house->ada, "Post", objects[i], "invalidProperties", "images: ");
  refuse_create (house, house->ada, "Post", long_name, "invalidProperties", "images: ");
  for (guint i = 0; i < 9; i++)
    g_string_append_printf (many, "%s{'blobId':'" BLOB "','type':'image/png'}", i ? "," : "");
  g_string_append (many, "]}");
  refuse_create (house, house->ada, "Post", many->str, "invalidProperties", "at most 8");
  g_string_free (many, TRUE);
}

static void
test_card (Household **fixture, gconstpointer data)
{
  Household *house = *fixture;
  static const char *const cards[] = {
    "[]",
    "'x'",
    "7",
    "{}",
    "{'title':'x'}",
    "{'type':'Article'}",
    "{'type':'Article','title':7}",
    "{'type':'Article','title':'x','id':'7'}",
    "{'type':'Article','title':'x','url':'javascript:alert(1)'}",
    "{'type':'Article','title':'x','url':'file:///etc/passwd'}",
    "{'type':'Article','title':'x','image':'http://example.org/x.png'}",
    "{'type':'Article','title':'x','more':'x'}",
  };
  gint64 room = make (house, house->ada, "Room", "{'name':'Slip'}");

  for (guint i = 0; i < G_N_ELEMENTS (cards); i++) {
    g_autofree char *post = g_strdup_printf ("{'text':'x','card':%s}", cards[i]);
    g_autofree char *message =
        g_strdup_printf ("{'roomId':'t%" ID "','body':'x','card':%s}", room, cards[i]);

    refuse_create (house, house->ada, "Post", post, "invalidProperties", "card: ");
    refuse_create (house, house->ada, "Message", message, "invalidProperties", "card: ");
  }
  make (house, house->ada, "Post",
        "{'card':{'type':'Article','id':'t7','title':'Eelgrass','text':'It came back',"
        "'url':'https://example.org/eelgrass','image':null,'source':'Shoreline'}}");
}

/* --- events ------------------------------------------------------------------------------------- */

#define LINK(blob)                                                                                 \
  "'links':{'f':{'@type':'Link','rel':'enclosure','href':'blob:x','blobId':'" blob                 \
  "','title':'chart.png','contentType':'image/png','size':12},"                                    \
  "'w':{'href':'https://example.org/'}}"

static void
test_event (Household **fixture, gconstpointer data)
{
  Household *house = *fixture;
  gint64 calendar = make (house, house->ada, "Calendar", "{'name':'Crew'}"), event;
  g_autofree char *foreign = g_strdup_printf (
      "{'calendarId':'t%" ID "','title':'Sail','start':'2026-11-23T12:30:00'," LINK (BENS) "}",
      calendar);

  refuse_create (house, house->ada, "CalendarEvent", foreign, "invalidProperties", "links: ");
  event = make (house, house->ada, "CalendarEvent",
                "{'calendarId':'t%" ID
                "','title':'Sail','start':'2026-11-23T12:30:00'," LINK (BLOB) "}",
                calendar);
  g_assert_false (may_read (house, house->ben, BLOB));
  make (house, house->ada, "CalendarMember",
        "{'calendarId':'t%" ID "','principalId':'t%" ID "','role':'reader'}", calendar, house->ben);
  g_assert_true (may_read (house, house->ben, BLOB));
  update (house, house->ada, "CalendarEvent", event, "{'title':'Sailing'}");
  g_assert_true (may_read (house, house->ben, BLOB));
  update (house, house->ada, "CalendarEvent", event, "{'links':null}");
  g_assert_false (may_read (house, house->ben, BLOB));
  refuse_update (house, house->ada, "CalendarEvent", event, "{" LINK (BENS) "}",
                 "invalidProperties", "links: ");
  update (house, house->ada, "CalendarEvent", event, "{" LINK (BLOB) "}");
  g_assert_true (may_read (house, house->ben, BLOB));
  destroy (house, house->ada, "CalendarEvent", event);
  g_assert_false (may_read (house, house->ben, BLOB));
}

/* --- messages ---------------------------------------------------------------------------------- */

static void
test_message (Household **fixture, gconstpointer data)
{
  Household *house = *fixture;
  gint64 room =
      make (house, house->ada, "Room", "{'name':'Slip','members':['t%" ID "']}", house->ben);
  gint64 message = make (house, house->ada, "Message",
                         "{'roomId':'t%" ID "','body':' ','attachments':[{'blobId':'" OTHER
                         "','name':'tide table.txt','type':'text/plain','size':12}]}",
                         room);
  g_autofree char *foreign =
      g_strdup_printf ("{'roomId':'t%" ID "','body':'x','attachments':" IMAGE (BENS) "}", room);
  g_autofree char *empty =
      g_strdup_printf ("{'roomId':'t%" ID "','body':' ','attachments':[]}", room);
  g_autoptr (JsonObject) seen = get (house, house->ben, "Message", message);

  g_assert_cmpstr (json_object_get_string_member (seen, "body"), ==, "");
  g_assert_true (may_read (house, house->ben, OTHER));
  refuse_create (house, house->ada, "Message", foreign, "invalidProperties", "attachments: ");
  refuse_create (house, house->ada, "Message", empty, "invalidProperties", "body: ");
  refuse_update (house, house->ada, "Message", message, "{'attachments':null}", "invalidProperties",
                 "attachments: ");
  update (house, house->ada, "Message", message, "{'body':'The table'}");
  g_assert_true (may_read (house, house->ben, OTHER));
  destroy (house, house->ada, "Message", message);
  g_assert_false (may_read (house, house->ben, OTHER));
}

/* --- people ------------------------------------------------------------------------------------ */

static void
test_person (Household **fixture, gconstpointer data)
{
  Household *house = *fixture;
  g_autofree char *state = household_state (house);
  static const struct {
    const char *patch, *why;
  } rubbish[] = {
    { "{'name':' '}", "name: " },
    { "{'name':null}", "name: " },
    { "{'name':'Ada\\nis here'}", "name: " },
    { "{'login':'root'}", "login: " },
    { "{'type':'group'}", "type: " },
    { "{'timeZone':'Nowhere/Land'}", "timeZone: " },
    { "{'timeZone':'../../etc/passwd'}", "timeZone: " },
    { "{'timeZone':'/etc/localtime'}", "timeZone: " },
    { "{'timeZone':'+01:00'}", "timeZone: " },
    { "{'avatarBlobId':'" BENS "'}", "avatarBlobId: " },
    { "{'avatarBlobId':'" OTHER "'}", "avatarBlobId: " },
    { "{'avatarBlobId':'x'}", "avatarBlobId: " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rubbish); i++)
    refuse_update (house, house->ada, "Principal", house->ada, rubbish[i].patch,
                   "invalidProperties", rubbish[i].why);
  refuse_update (house, house->ada, "Principal", house->ben, "{'name':'Benny'}", "forbidden",
                 "themselves");
  refuse_create (house, house->ada, "Principal", "{'name':'Eve'}", "forbidden", "created");
  refuse_destroy (house, house->ada, "Principal", house->ada, "forbidden", "destroyed");
  update (
      house, house->ada, "Principal", house->ada,
      "{'name':' Ada L. ','description':'Counts','timeZone':'Europe/Helsinki','avatarBlobId':'" BLOB
      "'}");
  assert_text (house, house->ben, "Principal", house->ada, "name", "Ada L.");
  assert_text (house, house->ben, "Principal", house->ada, "timeZone", "Europe/Helsinki");
  assert_changes (house, house->ben, "Principal", state, "0 1 0");
  g_assert_true (may_read (house, house->ben, BLOB));
  update (house, house->ada, "Principal", house->ada, "{'avatarBlobId':null}");
  g_assert_false (may_read (house, house->ben, BLOB));
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*run) (Household **house, gconstpointer data);
  } tests[] = {
    { "/attachments/of-a-post-are-read-by-who-sees-it", test_post },
    { "/attachments/rubbish-is-refused-with-a-sentence", test_rubbish },
    { "/attachments/of-an-event-are-read-in-its-calendar", test_event },
    { "/attachments/of-a-message-are-read-in-its-room", test_message },
    { "/card/rubbish-is-refused-with-a-sentence", test_card },
    { "/person/is-changed-by-none-but-themselves", test_person },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Household *, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
