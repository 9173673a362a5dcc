/* Adding people: what belongs to a person is there at once, or nothing of it. */
#include "server/services/user/people.h"
#include "tests/fixtures/postgres.h"

#include <sodium.h>
#include <string.h>

static TlPg *
new_database (void)
{
  g_autofree char *conninfo = tl_test_database_new ();
  TlPg *pg = tl_pg_new (conninfo);
  g_autoptr (GError) error = NULL;

  g_assert_true (tl_migrate (pg, &error));
  g_assert_no_error (error);
  return pg;
}

static void
assert_value (TlPg *pg, const char *sql, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) result = tl_pg_query (pg, sql, sql, 0, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (PQgetvalue (result, 0, 0), ==, expected);
}

static void
test_whole (void)
{
  g_autoptr (TlPg) pg = new_database ();
  g_autoptr (GError) error = NULL;
  gint64 mara = tl_people_add (pg, "mara", "Mara Vogt", "shells and sand", "admin", &error);
  gint64 jon = tl_people_add (pg, "jon", "Jón Þór", "driftwood!", "member", &error);
  g_autoptr (PGresult) row = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (mara, >, 0);
  g_assert_cmpint (jon, >, mara);
  assert_value (pg, "SELECT count(*) FROM sync.scope WHERE kind = 'directory'", "1");
  assert_value (
      pg,
      "SELECT string_agg(p.login || ' ' || s.kind || ' ' || m.role, ', ' ORDER BY p.id, s.kind)"
      " FROM people.principal p JOIN sync.member m ON m.account = p.id"
      " JOIN sync.scope s ON s.id = m.scope",
      "mara calendar owner, mara directory member, mara private owner, "
      "jon calendar owner, jon directory member, jon private owner");
  assert_value (pg,
                "SELECT string_agg(s.kind || ' ' || c.type || c.kind::text || c.scope_seq, ', ' "
                "ORDER BY c.seq)"
                " FROM sync.change c JOIN sync.scope s ON s.id = c.scope",
                "directory 1c1, private 0m1, private 0m2, calendar 14c1, calendar 15c2, "
                "directory 1c2, private 0m1, private 0m2, calendar 14c1, calendar 15c2");
  row = tl_pg_query (pg, "hash", "SELECT password_hash FROM people.account ORDER BY id", 0, NULL,
                     &error);
  g_assert_cmpint (crypto_pwhash_str_verify (PQgetvalue (row, 0, 0), "shells and sand",
                                             strlen ("shells and sand")),
                   ==, 0);
}

static void
test_taken (void)
{
  g_autoptr (TlPg) pg = new_database ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (tl_people_add (pg, "mara", "Mara", "shells and sand", "member", &error), >, 0);
  g_assert_cmpint (tl_people_add (pg, "MARA", "Another", "shells and sand", "member", &error), ==,
                   0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_cmpstr (error->message, ==, "There is somebody with the login “MARA”");
  assert_value (pg, "SELECT count(*) FROM sync.scope", "3");
}

static void
test_refused (void)
{
  static const struct {
    const char *login, *name, *password, *role, *why;
  } cases[] = {
    { "", "A", "longenough", "member", "A login has*" },
    { "a b", "A", "longenough", "member", "A login has*" },
    { "a'b", "A", "longenough", "member", "A login has*" },
    { "a", "", "longenough", "member", "A name is*" },
    { "a", "A\nB", "longenough", "member", "A name is*" },
    { "a", "A\xff", "longenough", "member", "A name is*" },
    { "a", "A", "short", "member", "A password has*" },
    { "a", "A", "longenough", "king", "A role is*" },
  };
  g_autoptr (TlPg) pg = tl_pg_new ("host=/nonexistent"); /* refused before it is asked */

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_cmpint (
        tl_people_add (pg, cases[i].login, cases[i].name, cases[i].password, cases[i].role, &error),
        ==, 0);
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    g_assert_true (g_pattern_match_simple (cases[i].why, error->message));
  }
}

static gpointer
add_one (gpointer data)
{
  g_autoptr (TlPg) pg = tl_pg_new (data);
  g_autofree char *login = g_strdup_printf ("p%p", (void *)g_thread_self ());
  g_autoptr (GError) error = NULL;

  tl_people_add (pg, login, "Somebody", "longenough", "member", &error);
  g_assert_no_error (error);
  return NULL;
}

static void
test_at_once (void)
{
  g_autofree char *conninfo = tl_test_database_new ();
  g_autoptr (TlPg) pg = tl_pg_new (conninfo);
  GThread *threads[4];

  g_assert_true (tl_migrate (pg, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("add", add_one, conninfo);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  assert_value (pg, "SELECT count(*) FROM sync.scope WHERE kind = 'directory'", "1");
  assert_value (pg, "SELECT max(seq) FROM sync.scope", "4");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/people/a-person-is-added-whole", test_whole);
  g_test_add_func ("/people/a-login-is-taken-once", test_taken);
  g_test_add_func ("/people/input-that-will-not-do-is-refused", test_refused);
  g_test_add_func ("/people/four-first-people-share-one-directory", test_at_once);
  return g_test_run ();
}
