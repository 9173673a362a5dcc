/* standing.c: see the header. One lock over all of it: two administrators who demote each other do so one after the
 * other, and the second is refused. */
#include "server/services/user/standing.h"

#include "server/services/user/people.h"

#define SQL "user/standing.sql"

static PGresult *
ask (TlPg *pg, const char *statement, gint64 account, const char *second, GError **error)
{
  g_autofree char *name = g_strconcat ("standing.", statement, NULL);
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, account);
  const char *args[] = { number, second };

  return tl_pg_query (pg, name, tl_sql (SQL, statement), second ? 2 : 1, args, error);
}

gint64
tl_standing_find (TlPg *pg, const char *login, GError **error)
{
  const char *args[] = { login };
  g_autoptr (PGresult) row =
      tl_pg_query (pg, "standing.find", tl_sql (SQL, "find"), 1, args, error);

  if (row && PQntuples (row) == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is nobody with the login “%s”",
                 login);
  return row && PQntuples (row) > 0 ? g_ascii_strtoll (PQgetvalue (row, 0, 0), NULL, 10) : 0;
}

char *
tl_standing_role (TlPg *pg, gint64 account, GError **error)
{
  g_autoptr (PGresult) row = ask (pg, "role", account, NULL, error);

  return row && PQntuples (row) > 0 ? g_strdup (PQgetvalue (row, 0, 0)) : NULL;
}

/* NULL `role`: somebody who cannot sign in. */
static gboolean
check_doer (TlPg *pg, const char *whose, gint64 by, TlDeed deed, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *role = tl_standing_role (pg, by, &failure);

  if (failure)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (!tl_role_may (role, deed, whose))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                 "Your role on this server does not allow that");
  else
    return TRUE;
  return FALSE;
}

gboolean
tl_standing_take_turn (TlPg *pg, gint64 account, gint64 by, TlDeed deed, gboolean leaves,
                       GError **error)
{
  g_autoptr (PGresult) person = NULL;

  if (!tl_pg_run (pg, "standing.lock", tl_sql (SQL, "lock"), 0, NULL, error))
    return FALSE;
  person = ask (pg, "person", account, NULL, error);
  if (!person)
    return FALSE;
  if (PQntuples (person) == 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no such person");
    return FALSE;
  }
  if (by && by != account && !check_doer (pg, PQgetvalue (person, 0, 1), by, deed, error))
    return FALSE;
  if (leaves && *PQgetvalue (person, 0, 3) == 't') {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                 "%s is the only administrator; add another first", PQgetvalue (person, 0, 0));
    return FALSE;
  }
  return TRUE;
}

/* In a transaction of its own. */
static PGresult *
change (TlPg *pg, const char *statement, gint64 account, const char *second, gint64 by, TlDeed deed,
        gboolean leaves, GError **error)
{
  g_autoptr (PGresult) row = NULL;

  if (!tl_pg_begin (pg, error))
    return NULL;
  if (tl_standing_take_turn (pg, account, by, deed, leaves, error))
    row = ask (pg, statement, account, second, error);
  if (row && tl_pg_commit (pg, error))
    return g_steal_pointer (&row);
  tl_pg_rollback (pg);
  return NULL;
}

/* Nobody does this to themselves but the administrator of the machine. */
static gboolean
check_other (gint64 account, gint64 by, GError **error)
{
  if (by != account)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
               "This is for somebody else to decide about you");
  return FALSE;
}

PGresult *
tl_standing_give_role (TlPg *pg, gint64 account, const char *role, gint64 by, GError **error)
{
  if (!tl_people_is_role (role)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "A role is admin, moderator or member, not “%s”", role);
    return NULL;
  }
  return check_other (account, by, error)
             ? change (pg, "give-role", account, role, by, TL_DEED_GIVE_ROLE,
                       !g_str_equal (role, "admin"), error)
             : NULL;
}

PGresult *
tl_standing_suspend (TlPg *pg, gint64 account, gint64 by, GError **error)
{
  return check_other (account, by, error)
             ? change (pg, "suspend", account, NULL, by, TL_DEED_SUSPEND, TRUE, error)
             : NULL;
}

PGresult *
tl_standing_let_in (TlPg *pg, gint64 account, gint64 by, GError **error)
{
  return check_other (account, by, error)
             ? change (pg, "let-in", account, NULL, by, TL_DEED_SUSPEND, FALSE, error)
             : NULL;
}
