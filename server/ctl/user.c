/* user.c: the commands that add people: `init` (a stand-alone folder and its first administrator) and
 * `user add`. The password is read first: nothing is made when it will not do. */
#include "server/ctl/ctl.h"
#include "server/services/user/people.h"

#include <stdio.h>

static char *login = NULL, *name = NULL, *role = NULL, *password_file = NULL;

#define PASSWORD_OPTION                                                                            \
  { "password-file",                                                                               \
    0,                                                                                             \
    0,                                                                                             \
    G_OPTION_ARG_FILENAME,                                                                         \
    &password_file,                                                                                \
    "Read the password from the first line of FILE (-: standard input)",                           \
    "FILE" }

static const GOptionEntry init_options[] = {
  { "login", 0, 0, G_OPTION_ARG_STRING, &login, "The administrator's login (admin)", "LOGIN" },
  { "name", 0, 0, G_OPTION_ARG_STRING, &name, "The administrator's name (Administrator)", "NAME" },
  PASSWORD_OPTION,
  G_OPTION_ENTRY_NULL,
};

static const GOptionEntry add_options[] = {
  { "name", 0, 0, G_OPTION_ARG_STRING, &name, "The full name, as others see it", "NAME" },
  { "role", 0, 0, G_OPTION_ARG_STRING, &role, "admin, moderator or member (member)", "ROLE" },
  PASSWORD_OPTION,
  G_OPTION_ENTRY_NULL,
};

static gboolean
add (TlCtl *ctl, const char *who, const char *called, const char *as, const char *password,
     GError **error)
{
  return tl_migrate (ctl->pg, error) &&
         tl_people_add (ctl->pg, who, called, password, as, error) > 0;
}

static gboolean
run_add (TlCtl *ctl, char **arguments, GError **error)
{
  char *password = tl_password_read (password_file, error);
  gboolean done;

  if (!password)
    return FALSE;
  done = tl_ctl_open (ctl, error) && add (ctl, arguments[0], name ? name : arguments[0],
                                          role ? role : "member", password, error);
  tl_password_free (password);
  if (done)
    printf ("%s can sign in now.\n", arguments[0]);
  return done;
}

/* Starts the folder whether it is there or not; adds the administrator when there is nobody yet. */
static gboolean
make (TlCtl *ctl, const char *password, GError **error)
{
  g_autoptr (PGresult) count = NULL;

  ctl->config = tl_config_new ();
  ctl->own = tl_standalone_start (ctl->dir, ctl->config, error);
  if (!ctl->own)
    return FALSE;
  ctl->pg = tl_pg_new (ctl->config->postgresql);
  if (!tl_migrate (ctl->pg, error))
    return FALSE;
  count =
      tl_pg_query (ctl->pg, "count-people", tl_sql ("ctl/ctl.sql", "count-people"), 0, NULL, error);
  if (!count)
    return FALSE;
  if (*PQgetvalue (count, 0, 0) != '0') {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                 "“%s” was made before and has people in it; add another with: tidelinectl "
                 "--standalone %s user add LOGIN",
                 ctl->dir, ctl->dir);
    return FALSE;
  }
  return add (ctl, login ? login : "admin", name ? name : "Administrator", "admin", password,
              error);
}

static gboolean
run_init (TlCtl *ctl, char **arguments, GError **error)
{
  char *password = tl_password_read (password_file, error);
  gboolean done;

  if (!password)
    return FALSE;
  g_set_str (&ctl->dir, arguments[0]);
  done = make (ctl, password, error);
  tl_password_free (password);
  if (done)
    printf ("“%s” is ready, and %s can sign in. Start the server with: tidelined --standalone %s\n",
            ctl->dir, login ? login : "admin", ctl->dir);
  return done;
}

const TlCommand tl_command_init = {
  "init", "DIR", "Make a stand-alone folder and its first administrator", init_options, 1, run_init,
};
const TlCommand tl_command_user_add = {
  "user add", "LOGIN", "Add a person", add_options, 1, run_add,
};
