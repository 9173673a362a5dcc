/* Principals and what is shared with them: RFC 9670, as far as Tideline's go. */
#include "tests/server/words.h"

#include <string.h>

#define ID G_GINT64_FORMAT

static Household *house;

/* The response as text, with ' for ". */
static char *
ask (gint64 who, const char *format, ...)
{
  va_list args;
  g_autofree char *call = NULL;
  GString *text;

  va_start (args, format);
  call = g_strdup_vprintf (format, args);
  va_end (args);
  text = g_string_new_take (household_call_text (house, who, call));
  g_string_replace (text, "\"", "'", 0);
  return g_string_free_and_steal (text);
}

static void
assert_has (const char *text, const char *part)
{
  if (!strstr (text, part))
    g_error ("%s is not in %s", part, text);
}

static void
test_find (void)
{
  const struct {
    const char *filter;
    gint64 found; /* 0: nobody */
  } cases[] = {
    { "'name':'EN'", house->ben },
    { "'name':'a','type':'individual'", house->ada },
    { "'type':'group'", 0 },
    { "'login':'ben'", house->ben },
    { "'timeZone':'Europe/Oslo'", house->ada },
  };

  update (house, house->ada, "Principal", house->ada, "{'timeZone':'Europe/Oslo'}");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = ask (
        house->ada, "['Principal/query',{'accountId':ACCOUNT,'filter':{%s}},'c']", cases[i].filter);
    g_autofree char *ids = cases[i].found ? g_strdup_printf ("'ids':['t%" ID "']", cases[i].found)
                                          : g_strdup ("'ids':[]");

    assert_has (text, ids);
  }
}

static JsonObject *
share_of (gint64 who, const char *filter)
{
  g_autofree char *call = g_strdup_printf (
      "[['ShareNotification/query',{'accountId':ACCOUNT,'filter':%s,'sort':[{'property':'created',"
      "'isAscending':false},{'property':'id','isAscending':false}],'limit':1},'0'],"
      "['ShareNotification/get',{'accountId':ACCOUNT,"
      "'#ids':{'resultOf':'0','name':'ShareNotification/query','path':'/ids'}},'1']]",
      filter);
  g_autoptr (JsonObject) response = household_request (house, who, call);
  JsonArray *got =
      json_array_get_array_element (json_object_get_array_member (response, "methodResponses"), 1);
  JsonArray *list = json_object_get_array_member (json_array_get_object_element (got, 1), "list");

  return json_array_get_length (list) ? json_object_ref (json_array_get_object_element (list, 0))
                                      : NULL;
}

static void
assert_rights (JsonObject *share, const char *name, const char *expected)
{
  g_autofree char *text = json_to_string (json_object_get_member (share, name), FALSE);
  g_autoptr (GString) plain = g_string_new (text);

  g_string_replace (plain, "\"", "'", 0);
  g_assert_cmpstr (plain->str, ==, expected);
}

#define READS "{'mayRead':true,'mayWrite':false,'mayShare':false}"
#define WRITES "{'mayRead':true,'mayWrite':true,'mayShare':false}"

/* Each change of what one may do with a calendar of others is told, by whom, and can be dismissed. */
static void
test_shares (void)
{
  g_autofree char *state = household_state (house);
  gint64 calendar = make (house, house->ada, "Calendar", "{'name':'Crew'}");
  gint64 member = make (house, house->ada, "CalendarMember",
                        "{'calendarId':'t%" ID "','principalId':'t%" ID "','role':'reader'}",
                        calendar, house->ben);
  g_autoptr (JsonObject) first = share_of (house->ben, "{'objectType':'Calendar'}");
  g_autoptr (JsonObject) second = NULL, third = NULL;
  g_autoptr (JsonObject) none = share_of (house->ben, "{'objectType':'Mailbox'}");
  g_autoptr (JsonObject) own = share_of (house->ada, "null");
  gint64 id;

  g_assert_null (none);
  g_assert_null (own);
  g_assert_cmpstr (json_object_get_string_member (first, "name"), ==, "Crew");
  g_assert_cmpstr (
      json_object_get_string_member (json_object_get_object_member (first, "changedBy"), "name"),
      ==, "Ada");
  assert_rights (first, "oldRights", "null");
  assert_rights (first, "newRights", READS);
  update (house, house->ada, "CalendarMember", member, "{'role':'member'}");
  second = share_of (house->ben, "{'after':'2020-01-01T00:00:00Z'}");
  assert_rights (second, "oldRights", READS);
  assert_rights (second, "newRights", WRITES);
  destroy (house, house->ada, "CalendarMember", member);
  third = share_of (house->ben, "null");
  assert_rights (third, "oldRights", WRITES);
  assert_rights (third, "newRights", "null");
  g_assert_true (tl_id_parse (json_object_get_string_member (third, "id"), &id));
  assert_changes (house, house->ben, "ShareNotification", state, "3 0 0");
  refuse_create (house, house->ben, "ShareNotification", "{}", "forbidden", "cannot be created");
  refuse_update (house, house->ben, "ShareNotification", id, "{'name':'x'}", "invalidProperties",
                 "name");
  destroy (house, house->ben, "ShareNotification", id);
  assert_changes (house, house->ben, "ShareNotification", state, "2 0 0");
}

static void
test_last_hundred (void)
{
  gint64 calendar = make (house, house->ada, "Calendar", "{'name':'Often'}");
  gint64 member = make (house, house->ada, "CalendarMember",
                        "{'calendarId':'t%" ID "','principalId':'t%" ID "','role':'reader'}",
                        calendar, house->ben);

  for (guint i = 0; i < 110; i++)
    update (house, house->ada, "CalendarMember", member,
            i % 2 ? "{'role':'reader'}" : "{'role':'member'}");
  g_assert_cmpint (household_number (house->pg, "SELECT count(*) FROM notify.share_notification"),
                   ==, 100);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  house = household_new ();
  g_test_add_func ("/principal/found-by-name-type-and-zone", test_find);
  g_test_add_func ("/share/tells-what-one-may-do-now", test_shares);
  g_test_add_func ("/share/the-last-hundred-are-kept", test_last_hundred);
  status = g_test_run ();
  household_free (house);
  return status;
}
