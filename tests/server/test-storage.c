/* Who may read a blob: who uploaded it, and who is now in a scope that shows it. */
#include "server/services/user/people.h"
#include "tests/fixtures/postgres.h"

#define BLOB "b0000000000000000000000000000000000000000000000000000000000000001"
#define OTHER "b0000000000000000000000000000000000000000000000000000000000000002"

static TlPg *pg;

static char *
add (const char *login)
{
  g_autoptr (GError) error = NULL;
  gint64 account = tl_people_add (pg, login, login, "shells and sand", "member", &error);

  g_assert_no_error (error);
  return g_strdup_printf ("%" G_GINT64_FORMAT, account);
}

static void
keep (const char *account, const char *blob)
{
  const char *args[] = { account, blob, "12", "text/plain", "10", "1000" };
  g_autoptr (GError) error = NULL;

  tl_pg_run (pg, "keep", tl_sql ("storage/storage.sql", "keep"), 6, args, &error);
  g_assert_no_error (error);
}

static gboolean
may_read (const char *account, const char *blob)
{
  const char *args[] = { account, blob };
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) result =
      tl_pg_query (pg, "may", tl_sql ("storage/storage.sql", "may-read"), 2, args, &error);

  g_assert_no_error (error);
  return *PQgetvalue (result, 0, 0) == 't';
}

static void
run (const char *sql)
{
  g_autoptr (GError) error = NULL;

  tl_pg_script (pg, sql, &error);
  g_assert_no_error (error);
}

static void
test_owner (void)
{
  g_autofree char *mara = add ("mara");
  g_autofree char *jon = add ("jon");

  keep (mara, BLOB);
  g_assert_true (may_read (mara, BLOB));
  g_assert_false (may_read (jon, BLOB));
  keep (jon, BLOB);
  keep (jon, BLOB);
  g_assert_true (may_read (jon, BLOB));
  g_assert_false (may_read (jon, OTHER));
}

static void
test_scope (void)
{
  g_autofree char *ida = add ("ida");
  g_autofree char *leif = add ("leif");

  keep (ida, OTHER);
  g_assert_false (may_read (leif, OTHER));
  run ("INSERT INTO storage.blob_scope (scope, blob) SELECT id, '" OTHER
       "' FROM sync.scope WHERE kind = 'directory'");
  g_assert_true (may_read (leif, OTHER));
  run ("SELECT sync.leave_scope (m.account, m.scope) FROM sync.member m JOIN people.principal p ON "
       "p.id = m.account AND p.scope = m.scope WHERE p.login = 'leif'");
  g_assert_false (may_read (leif, OTHER));
}

int
main (int argc, char **argv)
{
  g_autofree char *conninfo = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  conninfo = tl_test_database_new ();
  pg = tl_pg_new (conninfo);
  g_assert_true (tl_migrate (pg, &error));
  g_test_add_func ("/storage/who-uploaded-may-read", test_owner);
  g_test_add_func ("/storage/who-is-in-the-scope-may-read", test_scope);
  status = g_test_run ();
  tl_pg_free (pg);
  return status;
}
