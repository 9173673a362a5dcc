/* Migrations and the epoch on a real PostgreSQL. */
#include "server/stores/pg.h"
#include "tests/fixtures/postgres.h"

static char *
value (TlPg *pg, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) result = tl_pg_query (pg, sql, sql, 0, NULL, &error);

  g_assert_no_error (error);
  return g_strdup (PQgetvalue (result, 0, 0));
}

static void
assert_value (TlPg *pg, const char *sql, const char *expected)
{
  g_autofree char *found = value (pg, sql);

  g_assert_cmpstr (found, ==, expected);
}

static void
run (TlPg *pg, const char *sql)
{
  g_autoptr (GError) error = NULL;

  tl_pg_script (pg, sql, &error);
  g_assert_no_error (error);
}

static void
migrate (TlPg *pg)
{
  g_autoptr (GError) error = NULL;

  tl_migrate (pg, &error);
  g_assert_no_error (error);
}

static TlPg *
new_database (void)
{
  g_autofree char *conninfo = tl_test_database_new ();

  return tl_pg_new (conninfo);
}

static void
test_twice (void)
{
  g_autoptr (TlPg) pg = new_database ();

  migrate (pg);
  migrate (pg);
  assert_value (pg, "SELECT epoch FROM sync.epoch", "1");
  assert_value (pg,
                "SELECT min(number) || ' ' || (count(*) = max(number)) "
                "FROM public.tideline_migration",
                "1 true");
}

static gpointer
migrate_thread (gpointer conninfo)
{
  g_autoptr (TlPg) pg = tl_pg_new (conninfo);

  migrate (pg);
  return NULL;
}

static void
test_at_once (void)
{
  g_autofree char *conninfo = tl_test_database_new ();
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("migrate", migrate_thread, conninfo);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

static void
test_newer (void)
{
  g_autoptr (TlPg) pg = new_database ();
  g_autoptr (GError) error = NULL;

  migrate (pg);
  run (pg, "INSERT INTO public.tideline_migration VALUES (9999, 'from the future')");
  g_assert_false (tl_migrate (pg, &error));
  g_assert_nonnull (strstr (error->message, "written by a newer Tideline (schema 9999"));
}

static void
test_other_cluster (void)
{
  g_autoptr (TlPg) pg = new_database ();

  migrate (pg);
  run (pg, "INSERT INTO sync.scope (id, kind, last_xid) VALUES (1, 'private', '900000000000');"
           "INSERT INTO sync.member (account, scope, from_xid) VALUES (1, 1, '900000000000');"
           "INSERT INTO sync.change (scope, scope_seq, type, id, kind) VALUES (1, 1, 3, 5, 'c');"
           "UPDATE sync.epoch SET system_id = system_id - 1, log_from = '800000000000'");
  migrate (pg);
  assert_value (pg, "SELECT epoch FROM sync.epoch", "2");
  assert_value (pg, "SELECT log_from < pg_current_xact_id() FROM sync.epoch", "t");
  assert_value (pg, "SELECT nextval('sync.object_id') > 1000000000", "t");
  assert_value (pg, "SELECT count(*) FROM sync.change", "0");
  assert_value (pg, "SELECT count(*) FROM sync.member WHERE from_xid < pg_current_xact_id()", "1");
  assert_value (pg, "SELECT count(*) FROM sync.scope WHERE last_xid < pg_current_xact_id()", "1");
}

static void
test_other_timeline (void)
{
  g_autoptr (TlPg) pg = new_database ();

  migrate (pg);
  run (pg, "UPDATE sync.epoch SET timeline = timeline + 7");
  migrate (pg);
  assert_value (pg,
                "SELECT epoch || ' ' || (timeline = timeline_id) "
                "FROM sync.epoch, pg_control_checkpoint()",
                "1 true");
}

static void
fail_while_away (gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (tl_pg_run (data, "one", "SELECT 1", 0, NULL, &error));
  g_assert_error (error, TL_PG_ERROR, TL_PG_ERROR_AWAY);
}

static void
test_reconnects (void)
{
  g_autoptr (TlPg) pg = new_database ();
  g_autoptr (GError) error = NULL;

  assert_value (pg, "SELECT 7", "7");
  g_assert_true (tl_pg_begin (pg, NULL));
  tl_test_postgres_crash (fail_while_away, pg);
  g_assert_false (tl_pg_run (pg, "two", "SELECT 2", 0, NULL, &error));
  g_assert_error (error, TL_PG_ERROR, TL_PG_ERROR_AWAY);
  tl_pg_rollback (pg);
  assert_value (pg, "SELECT 7", "7");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/migrate/twice-is-once", test_twice);
  g_test_add_func ("/migrate/several-processes-at-once", test_at_once);
  g_test_add_func ("/migrate/refuses-a-newer-schema", test_newer);
  g_test_add_func ("/migrate/another-cluster-begins-an-epoch", test_other_cluster);
  g_test_add_func ("/migrate/another-timeline-keeps-the-epoch", test_other_timeline);
  g_test_add_func ("/pg/reconnects-outside-of-transactions-only", test_reconnects);
  return g_test_run ();
}
