/* people.c: `user list`, `role`, `disable`, `enable` and `reset`: who is there, what they may, and who may sign in. What
 * somebody wrote stays. Sessions that end are told by the database to every process (migration 011),
 * which closes their sockets. */
#include "server/services/user/people.h"
#include "server/ctl/ctl.h"

#define SQL "ctl/people.sql"

static char *password_file = NULL;
static gboolean generate = FALSE;

static const GOptionEntry json_options[] = { TL_JSON_OPTION, G_OPTION_ENTRY_NULL };

static const GOptionEntry reset_options[] = {
  { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &password_file,
    "Read the password from the first line of FILE (-: standard input)", "FILE" },
  { "generate", 0, 0, G_OPTION_ARG_NONE, &generate, "Make a password up and print it, once", NULL },
  G_OPTION_ENTRY_NULL,
};

static PGresult *
ask (TlCtl *ctl, const char *statement, int n, const char *const *args, GError **error)
{
  return tl_pg_query (ctl->pg, statement, tl_sql (SQL, statement), n, args, error);
}

static gboolean
refuse_unknown (const char *login, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is nobody with the login “%s”",
               login);
  return FALSE;
}

static gboolean
run_list (TlCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (PGresult) rows = NULL;

  if (!tl_ctl_open (ctl, error))
    return FALSE;
  rows = ask (ctl, "user-list", 0, NULL, error);
  if (!rows)
    return FALSE;
  tl_show_rows (rows, "There is nobody yet.");
  return TRUE;
}

/* Is there such a person, and another administrator if this is one? */
static gboolean
can_do_without (TlCtl *ctl, const char *login, GError **error)
{
  const char *args[] = { login };
  g_autoptr (PGresult) found = ask (ctl, "user-is-last-admin", 1, args, error);

  if (!found)
    return FALSE;
  if (PQntuples (found) == 0)
    return refuse_unknown (login, error);
  if (*PQgetvalue (found, 0, 0) == 't') {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                 "%s is the only administrator; add another first", login);
    return FALSE;
  }
  return TRUE;
}

static gboolean
run_role (TlCtl *ctl, char **arguments, GError **error)
{
  static const char *const roles[] = { "admin", "moderator", "member", NULL };
  const char *login = arguments[0], *role = arguments[1];
  g_autoptr (PGresult) done = NULL;

  if (!g_strv_contains (roles, role)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "A role is admin, moderator or member, not “%s”", role);
    return FALSE;
  }
  if (!tl_ctl_open (ctl, error) ||
      (!g_str_equal (role, "admin") && !can_do_without (ctl, login, error)))
    return FALSE;
  done = ask (ctl, "user-role", 2, (const char *const *)arguments, error);
  if (!done)
    return FALSE;
  if (PQntuples (done) == 0)
    return refuse_unknown (login, error);
  tl_show_done (done, "%s is %s now.\n", login, role);
  return TRUE;
}

static gboolean
run_disable (TlCtl *ctl, char **arguments, GError **error)
{
  const char *login = arguments[0];
  g_autoptr (PGresult) done = NULL;

  if (!tl_ctl_open (ctl, error) || !can_do_without (ctl, login, error))
    return FALSE;
  done = ask (ctl, "user-disable", 1, (const char *const *)arguments, error);
  if (!done)
    return FALSE;
  tl_show_done (done, "%s cannot sign in any more; sessions that ended: %s.\n", login,
                PQgetvalue (done, 0, 1));
  return TRUE;
}

static gboolean
run_enable (TlCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (PGresult) done = NULL;

  if (!tl_ctl_open (ctl, error))
    return FALSE;
  done = ask (ctl, "user-enable", 1, (const char *const *)arguments, error);
  if (!done)
    return FALSE;
  if (PQntuples (done) == 0)
    return refuse_unknown (arguments[0], error);
  tl_show_done (done, "%s can sign in again.\n", arguments[0]);
  return TRUE;
}

static gboolean
run_reset (TlCtl *ctl, char **arguments, GError **error)
{
  char *password = generate ? tl_password_generate () : tl_password_read (password_file, error);
  const char *login = arguments[0];
  gboolean done;

  if (!password)
    return FALSE;
  done = tl_ctl_open (ctl, error) && tl_people_reset (ctl->pg, login, password, error);
  if (done && generate)
    g_print ("%s\n", password);
  tl_password_free (password);
  if (done)
    g_printerr ("%s has a new password, and is signed out everywhere.\n", login);
  return done;
}

const TlCommand tl_command_user_list = {
  "user list", "", "List people", json_options, 0, run_list,
};
const TlCommand tl_command_user_role = {
  "user role", "LOGIN ROLE", "Make a person admin, moderator or member", json_options, 2, run_role,
};
const TlCommand tl_command_user_disable = {
  "user disable", "LOGIN", "Sign a person out and keep them out", json_options, 1, run_disable,
};
const TlCommand tl_command_user_enable = {
  "user enable", "LOGIN", "Let a disabled person sign in again", json_options, 1, run_enable,
};
const TlCommand tl_command_user_reset = {
  "user reset", "LOGIN", "Give a person a new password", reset_options, 1, run_reset,
};
