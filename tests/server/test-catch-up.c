/* Sync/changes on a real PostgreSQL: what a device needs of all types, in one call. */
#include "tests/server/household.h"

static Household *house;

static JsonObject *
catch_up (gint64 account, const char *state, const char *more)
{
  g_autofree char *call = g_strdup_printf (
      "['Sync/changes',{'accountId':ACCOUNT,'sinceState':'%s'%s},'a']", state, more);
  const char *name;
  g_autoptr (JsonObject) object = household_call (house, account, call, &name);

  g_assert_cmpstr (name, ==, "Sync/changes");
  g_assert_cmpstr (json_object_get_string_member (object, "oldState"), ==, state);
  return g_steal_pointer (&object);
}

static guint
count_of (JsonObject *answer, const char *member, const char *type)
{
  JsonObject *types = json_object_get_object_member (answer, member);

  return json_object_has_member (types, type)
             ? json_array_get_length (json_object_get_array_member (types, type))
             : 0;
}

static guint
types_told (JsonObject *answer)
{
  return json_object_get_size (json_object_get_object_member (answer, "objects")) +
         json_object_get_size (json_object_get_object_member (answer, "destroyed"));
}

static void
test_all_types (void)
{
  gint64 feed, gone;
  gint64 scope = household_feed (house, "https://all.example/", &feed);
  g_autofree char *state = NULL;
  g_autoptr (JsonObject) nothing = NULL;
  g_autoptr (JsonObject) all = NULL;
  g_autoptr (JsonObject) some = NULL;
  g_autoptr (JsonObject) again = NULL;

  household_join (house, house->ada, scope);
  gone = household_article (house->pg, scope, feed, "Gone");
  state = household_state (house);
  nothing = catch_up (house->ada, state, "");
  g_assert_cmpuint (types_told (nothing), ==, 0);
  g_assert_cmpstr (json_object_get_string_member (nothing, "newState"), ==, state);

  household_article (house->pg, scope, feed, "One");
  household_article (house->pg, scope, feed, "Two");
  g_free (household_sql (house->pg, "DELETE FROM news.article WHERE id = %" G_GINT64_FORMAT, gone));
  household_log (house->pg, scope, &tl_article_type, gone, TL_DESTROYED, NULL);
  all = catch_up (house->ada, state, "");
  g_assert_cmpuint (count_of (all, "objects", "Article"), ==, 2);
  g_assert_cmpuint (count_of (all, "destroyed", "Article"), ==, 1);
  some = catch_up (house->ada, state, ",'types':['Feed','Room']");
  g_assert_cmpuint (types_told (some), ==, 0);
  again = catch_up (house->ada, json_object_get_string_member (all, "newState"), "");
  g_assert_cmpuint (types_told (again), ==, 0);
}

/* A type that does not fit stops at a state of its own, and is told from there. */
static void
test_all_types_in_pages (void)
{
  gint64 feed;
  gint64 scope = household_feed (house, "https://pages.example/", &feed);
  g_autofree char *state = NULL;
  guint seen = 0;

  household_join (house, house->ada, scope);
  state = household_state (house);
  for (guint i = 0; i < 5; i++)
    household_article (house->pg, scope, feed, "One of five");
  for (guint pages = 0; state; pages++) {
    g_autoptr (JsonObject) answer =
        catch_up (house->ada, state, ",'types':['Article'],'maxChanges':2");
    JsonObject *states = json_object_get_object_member (answer, "states");

    g_assert_cmpuint (pages, <, 3);
    seen += count_of (answer, "objects", "Article");
    g_set_str (&state, json_object_get_string_member_with_default (states, "Article", NULL));
  }
  g_assert_cmpuint (seen, ==, 5);
}

static void
test_all_types_refused (void)
{
  static const char *const bad[] = { "'sinceState':'2.5:5:'", "'sinceState':'nonsense'",
                                     "'types':['Nose'],'sinceState':'2.5:5:'", "'types':null" };
  static const char *const why[] = { "cannotCalculateChanges", "cannotCalculateChanges",
                                     "invalidArguments", "invalidArguments" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *call =
        g_strdup_printf ("['Sync/changes',{'accountId':ACCOUNT,%s},'a']", bad[i]);
    const char *name;
    g_autoptr (JsonObject) object = household_call (house, house->ada, call, &name);

    g_assert_cmpstr (name, ==, "error");
    g_assert_cmpstr (json_object_get_string_member (object, "type"), ==, why[i]);
  }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  house = household_new ();
  g_test_add_func ("/catch-up/all-types-in-one-call", test_all_types);
  g_test_add_func ("/catch-up/a-type-in-pages", test_all_types_in_pages);
  g_test_add_func ("/catch-up/refuses-what-it-cannot-tell", test_all_types_refused);
  status = g_test_run ();
  household_free (house);
  return status;
}
