/* identity.c: `user link`, `user unlink`: who somebody here is at the external provider. */
#include "server/ctl/ctl.h"

#include <string.h>

#define SQL "ctl/identity.sql"
#define SUBJECT_MAX 255

static const GOptionEntry options[] = { TL_JSON_OPTION, G_OPTION_ENTRY_NULL };

static gboolean
open_provider (TlCtl *ctl, GError **error)
{
  if (!tl_ctl_open (ctl, error) || !tl_migrate (ctl->pg, error))
    return FALSE;
  if (ctl->config->oidc.issuer)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               "No external provider is configured: [oidc] issuer");
  return FALSE;
}

static gboolean
run_link (TlCtl *ctl, char **arguments, GError **error)
{
  const char *login = arguments[0], *subject = arguments[1];
  g_autoptr (PGresult) done = NULL;

  if (strlen (subject) > SUBJECT_MAX || !g_utf8_validate (subject, -1, NULL) || *subject == '\0') {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "A subject is what the provider's tokens call a person (sub): 1 to 255 bytes");
    return FALSE;
  }
  if (!open_provider (ctl, error))
    return FALSE;
  done = tl_pg_query (ctl->pg, "link", tl_sql (SQL, "link"), 3,
                      (const char *[]){ ctl->config->oidc.issuer, subject, login }, error);
  if (done && PQntuples (done) == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is nobody with the login “%s”",
                 login);
  else if (done)
    tl_show_done (done, "%s signs in at %s, too.\n", login, ctl->config->oidc.issuer);
  return done && PQntuples (done) > 0;
}

static gboolean
run_unlink (TlCtl *ctl, char **arguments, GError **error)
{
  const char *login = arguments[0];
  g_autoptr (PGresult) done = NULL;

  if (!open_provider (ctl, error))
    return FALSE;
  done = tl_pg_query (ctl->pg, "unlink", tl_sql (SQL, "unlink"), 2,
                      (const char *[]){ ctl->config->oidc.issuer, login }, error);
  if (done && PQntuples (done) == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "“%s” does not sign in there", login);
  else if (done)
    tl_show_done (done, "%s does not sign in at %s any more.\n", login, ctl->config->oidc.issuer);
  return done && PQntuples (done) > 0;
}

const TlCommand tl_command_user_link = {
  "user link", "LOGIN SUBJECT", "Let a person sign in at the external provider", options,
  2,           run_link,
};
const TlCommand tl_command_user_unlink = {
  "user unlink", "LOGIN", "No longer", options, 1, run_unlink,
};
