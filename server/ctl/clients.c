/* clients.c: `client add|list|remove`: programs that may have people sign in by a browser; `keys rotate`: the keys that sign
 * what they get. The app that comes with the server is known without a word here. */
#include "server/services/oauth/clients.h"
#include "server/ctl/ctl.h"

#include <string.h>

#define SQL "ctl/clients.sql"
#define ID_MAX 64

static char *name = NULL;
static char **redirects = NULL;
static gboolean at_once = FALSE;

static const GOptionEntry add_options[] = {
  { "name", 0, 0, G_OPTION_ARG_STRING, &name, "As people know it", "NAME" },
  { "redirect", 0, 0, G_OPTION_ARG_STRING_ARRAY, &redirects,
    "Where people are sent afterwards (https, http on the loopback, or a scheme with a dot in it)",
    "URL" },
  TL_JSON_OPTION,
  G_OPTION_ENTRY_NULL,
};

static const GOptionEntry json_options[] = { TL_JSON_OPTION, G_OPTION_ENTRY_NULL };

static const GOptionEntry rotate_options[] = {
  { "at-once", 0, 0, G_OPTION_ARG_NONE, &at_once,
    "A key is known to others: no token that it signed is good any more", NULL },
  TL_JSON_OPTION,
  G_OPTION_ENTRY_NULL,
};

static gboolean
refuse (GError **error, const char *sentence, const char *what)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” %s", what, sentence);
  return FALSE;
}

static gboolean
check (const char *id, GError **error)
{
  if (strlen (id) > ID_MAX || !g_regex_match_simple ("^[a-z0-9][a-z0-9._-]*\\z", id, 0, 0))
    return refuse (error, "is no id: small letters, digits, dots, dashes, at most 64", id);
  if (g_str_equal (id, TL_OAUTH_APP))
    return refuse (error, "is the app that comes with the server", id);
  if (redirects == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "A --redirect URL is wanted");
    return FALSE;
  }
  for (char **each = redirects; *each; each++)
    if (!tl_oauth_redirect_is_fit (*each))
      return refuse (error,
                     "is nothing to be sent to: https://host/…, http://127.0.0.1/… or a scheme "
                     "with a dot in it (org.example.app:/…), without a fragment",
                     *each);
  return TRUE;
}

static gboolean
run_add (TlCtl *ctl, char **arguments, GError **error)
{
  const char *id = arguments[0];
  g_autofree char *lines = NULL;
  g_autoptr (PGresult) done = NULL;

  if (!check (id, error) || !tl_ctl_open (ctl, error) || !tl_migrate (ctl->pg, error))
    return FALSE;
  lines = g_strjoinv ("\n", redirects);
  done = tl_pg_query (ctl->pg, "add", tl_sql (SQL, "add"), 3,
                      (const char *[]){ id, name ? name : id, lines }, error);
  if (done)
    tl_show_done (done, "%s may have people sign in.\n", id);
  return done != NULL;
}

static gboolean
run_list (TlCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (PGresult) rows = NULL;

  if (!tl_ctl_open (ctl, error))
    return FALSE;
  rows = tl_pg_query (ctl->pg, "clients", tl_sql (SQL, "clients"), 0, NULL, error);
  if (rows)
    tl_show_rows (rows, "No program but the app has people sign in.");
  return rows != NULL;
}

static gboolean
run_remove (TlCtl *ctl, char **arguments, GError **error)
{
  const char *id = arguments[0];
  g_autoptr (PGresult) done = NULL;

  if (!tl_ctl_open (ctl, error))
    return FALSE;
  done = tl_pg_query (ctl->pg, "remove", tl_sql (SQL, "remove"), 1, &id, error);
  if (done == NULL)
    return FALSE;
  if (PQntuples (done) == 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 "There is no “%s”; tidelinectl client list tells them", id);
    return FALSE;
  }
  tl_show_done (done, "%s is not known any more; sessions ended: %s.\n", id,
                PQgetvalue (done, 0, 1));
  return TRUE;
}

static gboolean
run_rotate (TlCtl *ctl, char **arguments, GError **error)
{
  const char *statement = at_once ? "drop-keys" : "rotate";
  g_autoptr (PGresult) done = NULL;

  if (!tl_ctl_open (ctl, error) || !tl_migrate (ctl->pg, error))
    return FALSE;
  done = tl_pg_query (ctl->pg, statement, tl_sql (SQL, statement), 0, NULL, error);
  if (done)
    tl_show_done (done, "%s",
                  at_once ? "No key of before is good any more, within a minute.\n"
                          : "Another key signs within six minutes; tokens of before run out.\n");
  return done != NULL;
}

const TlCommand tl_command_client_add = {
  "client add", "ID", "Let a program have people sign in", add_options, 1, run_add,
};
const TlCommand tl_command_client_list = {
  "client list", "", "List such programs", json_options, 0, run_list,
};
const TlCommand tl_command_client_remove = {
  "client remove", "ID", "Forget such a program", json_options, 1, run_remove,
};
const TlCommand tl_command_keys_rotate = {
  "keys rotate", "", "Sign access tokens by another key", rotate_options, 0, run_rotate,
};
