/* What the daily purge forgets, and what it must not. Time passes by moving the dates of rows. */
#include "server/jobs/purge.h"
#include "tests/server/household.h"

static Household *house;

static void
purge (void)
{
  TlJob job = { .key = "daily", .payload = "{}" };
  gint64 next_run = 0;
  g_autoptr (GError) error = NULL;

  tl_purge_job.run (&house->server, house->pg, &job, &next_run, &error);
  g_assert_no_error (error);
  g_assert_cmpint (next_run, >, g_get_real_time () + 23 * G_TIME_SPAN_HOUR);
}

static void
days_pass (guint days)
{
  static const char *const columns[][2] = { { "sync.change", "at" },
                                            { "sync.operation", "at" },
                                            { "people.session", "expires_at" } };

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    g_free (household_sql (house->pg, "UPDATE %s SET %s = %s - interval '%u days'", columns[i][0],
                           columns[i][1], columns[i][1], days));
}

/* What became of a state: "created,updated,destroyed" as counts, or the error's type. */
static char *
told (gint64 account, const char *state, guint max)
{
  g_autofree char *call = g_strdup_printf (
      "['Article/changes',{'accountId':ACCOUNT,'sinceState':'%s','maxChanges':%u},'a']", state,
      max);
  const char *name;
  g_autoptr (JsonObject) answer = household_call (house, account, call, &name);

  if (g_str_equal (name, "error"))
    return g_strdup (json_object_get_string_member (answer, "type"));
  return g_strdup_printf (
      "%u,%u,%u", json_array_get_length (json_object_get_array_member (answer, "created")),
      json_array_get_length (json_object_get_array_member (answer, "updated")),
      json_array_get_length (json_object_get_array_member (answer, "destroyed")));
}

static void
assert_told (const char *state, const char *expected)
{
  g_autofree char *found = told (house->ada, state, 100);

  g_assert_cmpstr (found, ==, expected);
}

static gint64
new_feed (const char *url, gint64 *feed)
{
  gint64 scope = household_feed (house, url, feed);

  household_join (house, house->ada, scope);
  return scope;
}

static void
test_log (void)
{
  gint64 feed, scope = new_feed ("https://log.example/", &feed);
  g_autofree char *old = household_state (house);
  g_autofree char *middle = NULL;
  g_autofree char *new = NULL;

  household_article (house->pg, scope, feed, "one");
  middle = household_state (house);
  days_pass (20);
  household_article (house->pg, scope, feed, "two");
  household_article (house->pg, scope, feed, "three");
  purge ();
  assert_told (old, "3,0,0");
  days_pass (11);
  new = household_state (house);
  purge ();
  assert_told (old, "cannotCalculateChanges");
  assert_told (middle, "2,0,0");
  assert_told (new, "0,0,0");
}

/* Nothing happened for a year: the last state is still the last. */
static void
test_quiet (void)
{
  gint64 feed, scope = new_feed ("https://quiet.example/", &feed);
  g_autofree char *state = NULL;

  household_article (house->pg, scope, feed, "one");
  state = household_state (house);
  days_pass (365);
  purge ();
  purge ();
  assert_told (state, "0,0,0");
  g_assert_cmpint (household_number (house->pg, "SELECT count(*) FROM sync.change"), ==, 0);
}

/* What is not committed yet is told when it is, however long that took. */
static void
test_running (void)
{
  g_autoptr (TlPg) other = tl_pg_new (house->conninfo);
  gint64 feed, scope = new_feed ("https://running.example/", &feed);
  g_autofree char *state = NULL;

  g_assert_true (tl_pg_begin (other, NULL));
  household_article (other, scope, feed, "late");
  state = household_state (house);
  household_article (house->pg, new_feed ("https://other.example/", &feed), feed, "quick");
  days_pass (40);
  purge ();
  g_assert_true (tl_pg_commit (other, NULL));
  assert_told (state, "2,0,0");
}

/* Between two pages the ground may go: then the second is refused, not short. */
static void
test_between_pages (void)
{
  gint64 feed, scope = new_feed ("https://pages.example/", &feed);
  g_autofree char *state = household_state (house);
  g_autofree char *call = NULL;
  g_autoptr (JsonObject) page = NULL;

  for (guint i = 0; i < 4; i++)
    household_article (house->pg, scope, feed, "x");
  call = g_strdup_printf (
      "['Article/changes',{'accountId':ACCOUNT,'sinceState':'%s','maxChanges':2},'a']", state);
  page = household_call (house, house->ada, call, NULL);
  g_assert_true (json_object_get_boolean_member (page, "hasMoreChanges"));
  days_pass (31);
  purge ();
  assert_told (json_object_get_string_member (page, "newState"), "cannotCalculateChanges");
}

static void
test_members (void)
{
  gint64 feed, scope = new_feed ("https://members.example/", &feed);
  g_autofree char *sql =
      g_strdup_printf ("SELECT count(*) FROM sync.member WHERE scope = %" G_GINT64_FORMAT, scope);

  household_leave (house, house->ada, scope);
  household_join (house, house->ada, scope);
  purge ();
  g_assert_cmpint (household_number (house->pg, "%s", sql), ==, 2);
  days_pass (31);
  purge ();
  g_assert_cmpint (household_number (house->pg, "%s", sql), ==, 1);
}

static void
test_operations (void)
{
  const char *count = "SELECT count(*) FROM sync.operation";

  g_free (household_sql (house->pg, "TRUNCATE sync.operation"));
  g_free (household_sql (house->pg,
                         "INSERT INTO sync.operation (account, op_id) SELECT %" G_GINT64_FORMAT
                         ", gen_random_uuid() FROM generate_series(1, 3)",
                         house->ada));
  days_pass (80);
  g_free (household_sql (house->pg,
                         "INSERT INTO sync.operation (account, op_id) VALUES (%" G_GINT64_FORMAT
                         ", gen_random_uuid())",
                         house->ada));
  purge ();
  g_assert_cmpint (household_number (house->pg, "%s", count), ==, 4);
  days_pass (11);
  purge ();
  g_assert_cmpint (household_number (house->pg, "%s", count), ==, 1);
}

static void
test_sessions (void)
{
  g_free (household_sql (
      house->pg,
      "INSERT INTO people.session (id, account, device, refresh_hash, expires_at, revoked_at) "
      "SELECT gen_random_uuid(), %" G_GINT64_FORMAT ", name, '', now() + days * interval '1 day', "
      "revoked FROM (VALUES ('ended', 60, now() - interval '2 hours'), ('lives', 60, NULL), ('ran "
      "out', 30, NULL)) "
      "AS s (name, days, revoked)",
      house->ada));
  days_pass (31);
  purge ();
  g_autofree char *left =
      household_sql (house->pg, "SELECT string_agg(device, ',') FROM people.session");
  g_assert_cmpstr (left, ==, "lives");
}

static void
test_is_due (void)
{
  g_assert_cmpint (household_number (house->pg,
                                     "SELECT count(*) FROM sync.job WHERE kind = 'purge' "
                                     "AND run_at <= now()"),
                   ==, 1);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  house = household_new ();
  g_test_add_func ("/purge/is-due-in-a-new-database", test_is_due);
  g_test_add_func ("/purge/the-log-goes-back-thirty-days", test_log);
  g_test_add_func ("/purge/a-quiet-state-stays-good", test_quiet);
  g_test_add_func ("/purge/waits-for-who-still-writes", test_running);
  g_test_add_func ("/purge/a-page-of-what-went-is-refused", test_between_pages);
  g_test_add_func ("/purge/memberships-that-ended-go-with-the-log", test_members);
  g_test_add_func ("/purge/results-of-operations-are-kept-ninety-days", test_operations);
  g_test_add_func ("/purge/sessions-that-ended-go", test_sessions);
  status = g_test_run ();
  household_free (house);
  return status;
}
