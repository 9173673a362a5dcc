/* people.c: `user list`, `role`, `disable`, `enable` and `reset`: who is there, what they may, and who may sign in. What
 * somebody wrote stays. Sessions that end are told by the database to every process (migration 011),
 * which closes their sockets. */
#include "server/services/user/people.h"
#include "server/ctl/ctl.h"
#include "server/services/user/standing.h"

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

static gboolean
run_list (TlCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (PGresult) rows = NULL;

  if (!tl_ctl_open (ctl, error))
    return FALSE;
  rows = tl_pg_query (ctl->pg, "user-list", tl_sql (SQL, "user-list"), 0, NULL, error);
  if (!rows)
    return FALSE;
  tl_show_rows (rows, "There is nobody yet.");
  return TRUE;
}

static gboolean
run_role (TlCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (PGresult) done = NULL;
  gint64 account = tl_ctl_open (ctl, error) ? tl_standing_find (ctl->pg, arguments[0], error) : 0;

  done = account ? tl_standing_give_role (ctl->pg, account, arguments[1], 0, error) : NULL;
  if (done)
    tl_show_done (done, "%s is %s now.\n", arguments[0], arguments[1]);
  return done != NULL;
}

static gboolean
run_disable (TlCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (PGresult) done = NULL;
  gint64 account = tl_ctl_open (ctl, error) ? tl_standing_find (ctl->pg, arguments[0], error) : 0;

  done = account ? tl_standing_suspend (ctl->pg, account, 0, error) : NULL;
  if (done)
    tl_show_done (done, "%s cannot sign in any more; sessions that ended: %s.\n", arguments[0],
                  PQgetvalue (done, 0, 1));
  return done != NULL;
}

static gboolean
run_enable (TlCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (PGresult) done = NULL;
  gint64 account = tl_ctl_open (ctl, error) ? tl_standing_find (ctl->pg, arguments[0], error) : 0;

  done = account ? tl_standing_let_in (ctl->pg, account, 0, error) : NULL;
  if (done)
    tl_show_done (done, "%s can sign in again.\n", arguments[0]);
  return done != NULL;
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
