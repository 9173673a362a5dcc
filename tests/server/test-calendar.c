/* The rules of calendars and events, on a real PostgreSQL, by requests as clients make them. */
#include "tests/server/words.h"

#include <string.h>

#define ID G_GINT64_FORMAT
#define LUNCH                                                                                      \
  "'title':'Lunch','start':'2026-11-23T12:30:00','duration':'PT1H','timeZone':'Europe/Stockholm'"

typedef struct {
  Household *house;
  gint64 ada, ben, crew; /* ada's calendar */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->house = household_new ();
  self->ada = self->house->ada;
  self->ben = self->house->ben;
  self->crew = make (self->house, self->ada, "Calendar", "{'name':' Crew ','color':'teal'}");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  household_free (self->house);
}

static gint64
event (Fixture *self, gint64 who, const char *members)
{
  return make (self->house, who, "CalendarEvent", "{'calendarId':'t%" ID "',%s}", self->crew,
               members);
}

static gint64
share (Fixture *self, const char *role)
{
  return make (self->house, self->ada, "CalendarMember",
               "{'calendarId':'t%" ID "','principalId':'t%" ID "','role':'%s'}", self->crew,
               self->ben, role);
}

static char *
of_crew (Fixture *self, const char *members)
{
  return g_strdup_printf ("{'calendarId':'t%" ID "',%s}", self->crew, members);
}

static void
test_calendars (Fixture *self, gconstpointer data)
{
  g_autofree char *state = household_state (self->house);
  gint64 lunch = event (self, self->ada, LUNCH);

  assert_text (self->house, self->ada, "Calendar", self->crew, "name", "Crew");
  assert_sees (self->house, self->ben, "Calendar", self->crew, FALSE);
  assert_sees (self->house, self->ben, "CalendarEvent", lunch, FALSE);
  refuse_create (self->house, self->ada, "Calendar", "{'name':'  '}", "invalidProperties",
                 "name: ");
  refuse_create (self->house, self->ada, "Calendar", "{'name':'x','color':'beige'}",
                 "invalidProperties", "color: ");
  refuse_create (self->house, self->ada, "Calendar", "{'name':'x','timeZone':'Mars'}",
                 "invalidProperties", "timeZone: ");
  share (self, "member");
  assert_sees (self->house, self->ben, "CalendarEvent", lunch, TRUE);
  assert_changes (self->house, self->ben, "CalendarEvent", state, "1 0 0");
  refuse_update (self->house, self->ben, "Calendar", self->crew, "{'name':'Mine'}", "forbidden",
                 "owner");
  destroy (self->house, self->ada, "Calendar", self->crew);
  assert_sees (self->house, self->ada, "CalendarEvent", lunch, FALSE);
  assert_changes (self->house, self->ben, "CalendarEvent", state, "0 0 0");
}

static void
test_roles (Fixture *self, gconstpointer data)
{
  gint64 lunch = event (self, self->ada, LUNCH), member = share (self, "reader");
  g_autofree char *dinner = of_crew (self, "'title':'Dinner','start':'2026-11-23T19:00:00'");

  refuse_create (self->house, self->ben, "CalendarEvent", dinner, "forbidden", "only read");
  refuse_update (self->house, self->ben, "CalendarEvent", lunch, "{'title':'Mine'}", "forbidden",
                 "only read");
  refuse_destroy (self->house, self->ben, "CalendarEvent", lunch, "forbidden", "only read");
  refuse_update (self->house, self->ben, "CalendarMember", member, "{'role':'owner'}", "forbidden",
                 "owner");
  update (self->house, self->ada, "CalendarMember", member, "{'role':'member'}");
  update (self->house, self->ben, "CalendarEvent", lunch, "{'title':'Long lunch'}");
  assert_text (self->house, self->ada, "CalendarEvent", lunch, "title", "Long lunch");
  destroy (self->house, self->ben, "CalendarMember", member);
  assert_sees (self->house, self->ben, "CalendarEvent", lunch, FALSE);
}

static void
test_last_owner (Fixture *self, gconstpointer data)
{
  gint64 own = household_number (self->house->pg,
                                 "SELECT id FROM calendar.calendar_member WHERE \"calendarId\" = "
                                 "%" ID " AND role = 'owner'",
                                 self->crew);
  gint64 member = share (self, "member");

  refuse_update (self->house, self->ada, "CalendarMember", own, "{'role':'reader'}",
                 "invalidProperties", "needs an owner");
  refuse_destroy (self->house, self->ada, "CalendarMember", own, "forbidden", "needs an owner");
  update (self->house, self->ada, "CalendarMember", member, "{'role':'owner'}");
  destroy (self->house, self->ada, "CalendarMember", own);
  assert_sees (self->house, self->ada, "Calendar", self->crew, FALSE);
  destroy (self->house, self->ben, "CalendarMember", member);
  assert_sees (self->house, self->ben, "Calendar", self->crew, FALSE);
  g_assert_cmpint (household_number (self->house->pg, "SELECT count(*) FROM calendar.calendar"), ==,
                   0);
}

static void
test_events (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *members, *why;
  } rubbish[] = {
    { "'title':'x'", "start: " },
    { "'start':'tomorrow'", "start: " },
    { "'start':'2026-02-30T10:00:00'", "start: " },
    { "'start':'2026-11-23T12:30:00','duration':'1h'", "duration: " },
    { "'start':'2026-11-23T12:30:00','timeZone':'Mars/Olympus'", "timeZone: " },
    { "'start':'2026-11-23T12:30:00','recurrenceRules':[{'frequency':'often'}]",
      "recurrenceRules: " },
    { "'start':'2026-11-23T12:30:00','recurrenceOverrides':{'soon':{}}", "recurrenceOverrides: " },
    { "'start':'2026-11-23T12:30:00','participants':[]", "participants: " },
    { "'start':'2026-11-23T12:30:00','participants':{'t1':{'participationStatus':'perhaps'}}",
      "participants: " },
    { "'start':'2026-11-23T12:30:00','status':'maybe'", "status: " },
    { "'start':'2026-11-23T12:30:00','alerts':7", "alerts: " },
    { "'start':'2026-11-23T12:30:00','ical':'BEGIN:VCALENDAR'", "ical: " },
    { "'start':'2026-11-23T12:30:00','createdBy':'t1'", "createdBy: " },
  };
  gint64 lunch = event (self, self->ada, LUNCH ",'uid':'one@example'");

  for (guint i = 0; i < G_N_ELEMENTS (rubbish); i++) {
    g_autofree char *object = of_crew (self, rubbish[i].members);
    refuse_create (self->house, self->ada, "CalendarEvent", object, "invalidProperties",
                   rubbish[i].why);
  }
  {
    g_autofree char *again = of_crew (self, LUNCH ",'uid':'one@example'");
    refuse_create (self->house, self->ada, "CalendarEvent", again, "invalidProperties",
                   "in the calendar already");
  }
  refuse_update (self->house, self->ada, "CalendarEvent", lunch, "{'start':'noon'}",
                 "invalidProperties", "start: ");
  refuse_update (self->house, self->ada, "CalendarEvent", lunch, "{'uid':'two'}",
                 "invalidProperties", "uid");
  assert_text (self->house, self->ada, "CalendarEvent", lunch, "status", "confirmed");
}

static guint
count_between (Fixture *self, const char *after, const char *before)
{
  g_autofree char *call = g_strdup_printf ("['CalendarEvent/query',{'accountId':ACCOUNT,'filter':"
                                           "{'after':'%s','before':'%s'}},'q']",
                                           after, before);
  g_autoptr (JsonObject) answer = household_call (self->house, self->ada, call, NULL);

  return json_array_get_length (json_object_get_array_member (answer, "ids"));
}

/* By the instant, whatever the zone, and as far as the rule goes. */
static void
test_query (Fixture *self, gconstpointer data)
{
  gint64 lunch = event (self, self->ada, LUNCH);

  event (self, self->ada,
         "'start':'2026-12-01T09:00:00','duration':'PT1H','timeZone':'Etc/UTC',"
         "'recurrenceRules':[{'frequency':'weekly','count':3}]");
  event (self, self->ada, "'start':'2026-12-24T00:00:00','showWithoutTime':true,'duration':'P3D'");
  g_assert_cmpuint (count_between (self, "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z"), ==, 1);
  g_assert_cmpuint (count_between (self, "2026-11-23T12:30:00Z", "2026-11-24T00:00:00Z"), ==, 0);
  g_assert_cmpuint (count_between (self, "2026-12-14T00:00:00Z", "2026-12-16T00:00:00Z"), ==, 1);
  g_assert_cmpuint (count_between (self, "2026-12-16T00:00:00Z", "2026-12-20T00:00:00Z"), ==, 0);
  g_assert_cmpuint (count_between (self, "2026-12-26T00:00:00Z", "2026-12-27T00:00:00Z"), ==, 1);
  event (self, self->ada, "'start':'2027-02-01T09:00:00','timeZone':'Etc/UTC'");
  g_assert_cmpuint (count_between (self, "2027-02-01T00:00:00Z", "2027-02-02T00:00:00Z"), ==, 1);
  update (self->house, self->ada, "CalendarEvent", lunch,
          "{'recurrenceRules':[{'frequency':'daily'}]}");
  g_assert_cmpuint (count_between (self, "2036-01-01T00:00:00Z", "2036-01-02T00:00:00Z"), ==, 1);
}

static void
test_invitations (Fixture *self, gconstpointer data)
{
  g_autofree char *lunch = g_strdup_printf (
      LUNCH ",'participants':{'t%" ID "':{'name':'Ben'},'out@example.org':{}}", self->ben);
  g_autofree char *mine =
      g_strdup_printf ("{'participants/t%" ID "/participationStatus':'accepted'}", self->ben);
  gint64 id = event (self, self->ada, lunch);

  g_assert_cmpint (household_number (self->house->pg,
                                     "SELECT count(*) FROM notify.notification WHERE kind = "
                                     "'invitation' AND \"subjectId\" = %" ID,
                                     id),
                   ==, 1);
  share (self, "reader");
  update (self->house, self->ben, "CalendarEvent", id, mine);
  refuse_update (self->house, self->ben, "CalendarEvent", id,
                 "{'participants/out@example.org/participationStatus':'declined'}", "forbidden",
                 "only read");
  destroy (self->house, self->ada, "CalendarEvent", id);
  g_assert_cmpint (household_number (self->house->pg,
                                     "SELECT count(*) FROM notify.notification WHERE "
                                     "\"subjectId\" = %" ID,
                                     id),
                   ==, 0);
}

/* Who answers with the whole list, as they knew it, takes back nobody's answer. */
static void
test_answers (Fixture *self, gconstpointer data)
{
  g_autofree char *lunch = g_strdup_printf (LUNCH ",'participants':{'t%" ID
                                                  "':{'name':'Ada'},'t%" ID "':{'name':'Ben'}}",
                                            self->ada, self->ben);
  g_autofree char *mine = g_strdup_printf (
      "{'participants':{'t%" ID "':{'name':'Ada','participationStatus':'tentative'},'t%" ID
      "':{'name':'Ben'}}}",
      self->ada, self->ben);
  g_autofree char *bens = g_strdup_printf ("{'participants':{'t%" ID "':{'name':'Ada'},'t%" ID
                                           "':{'name':'Ben','participationStatus':'accepted'}}}",
                                           self->ada, self->ben);
  gint64 id = event (self, self->ada, lunch);

  share (self, "reader");
  update (self->house, self->ada, "CalendarEvent", id, mine);
  update (self->house, self->ben, "CalendarEvent", id, bens);
  update (self->house, self->ada, "CalendarEvent", id, mine);
  g_assert_cmpint (household_number (self->house->pg,
                                     "SELECT count(*) FROM calendar.event e, "
                                     "jsonb_each(e.participants::jsonb) p WHERE e.id = %" ID
                                     " AND p.value->>'participationStatus' IN ('tentative', "
                                     "'accepted')",
                                     id),
                   ==, 2);
}

static void
test_marks (Fixture *self, gconstpointer data)
{
  gint64 other = make (self->house, self->ada, "Calendar", "{'name':'Home'}");
  gint64 lunch = event (self, self->ada, LUNCH);
  g_autofree char *first =
      g_strdup_printf ("{'calendarId':'t%" ID "','isDefault':true}", self->crew);
  g_autofree char *foreign = g_strdup_printf ("{'eventId':'t%" ID "'}", lunch);

  make (self->house, self->ada, "CalendarMark", "%s", first);
  make (self->house, self->ada, "CalendarMark", "{'calendarId':'t%" ID "','isDefault':true}",
        other);
  g_assert_cmpint (household_number (self->house->pg,
                                     "SELECT count(*) FROM calendar.calendar_mark WHERE "
                                     "\"isDefault\""),
                   ==, 1);
  make (self->house, self->ada, "EventMark",
        "{'eventId':'t%" ID "','acknowledgedAt':'2026-11-23T11:20:00Z'}", lunch);
  refuse_create (self->house, self->ben, "EventMark", foreign, "invalidProperties", "eventId: ");
  refuse_create (self->house, self->ben, "CalendarMark", first, "invalidProperties",
                 "calendarId: ");
}

static void
test_search (Fixture *self, gconstpointer data)
{
  g_autofree char *answer = NULL;

  self->house->server.search = tl_search_pg_new ();
  event (self, self->ada,
         "'title':'Herring evening','location':'The slip',"
         "'start':'2026-11-23T18:00:00'");
  answer = household_call_text (self->house, self->ada,
                                "['Search/query',{'accountId':ACCOUNT,'text':'herring'},'s']");
  g_assert_nonnull (strstr (answer, "CalendarEvent"));
  g_free (answer);
  answer = household_call_text (self->house, self->ben,
                                "['Search/query',{'accountId':ACCOUNT,'text':'herring'},'s']");
  g_assert_null (strstr (answer, "CalendarEvent"));
  self->house->server.search->class->free (self->house->server.search);
}
int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *self, gconstpointer data);
  } tests[] = {
    { "/calendar/who-is-in-it-sees-it", test_calendars },
    { "/calendar/readers-read", test_roles },
    { "/calendar/there-is-always-an-owner", test_last_owner },
    { "/event/only-what-can-happen", test_events },
    { "/event/found-by-time", test_query },
    { "/event/invitations-are-told-and-answered", test_invitations },
    { "/event/answers-at-once-are-all-kept", test_answers },
    { "/event/marks-are-ones-own", test_marks },
    { "/event/searched", test_search },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
