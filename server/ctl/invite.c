/* invite.c: `invite`, `invite list` and `invite revoke`: links by which people join by themselves. The link is printed
 * once; only a hash of it is kept. */
#include "server/ctl/ctl.h"
#include "server/services/user/join.h"

#include <stdio.h>

#define SQL "ctl/invite.sql"

static char *role = NULL, *url = NULL;
static int uses = 1, days = 7;

static const GOptionEntry invite_options[] = {
  { "role", 0, 0, G_OPTION_ARG_STRING, &role, "admin, moderator or member (member)", "ROLE" },
  { "uses", 0, 0, G_OPTION_ARG_INT, &uses, "How many people may join by it (1)", "N" },
  { "days", 0, 0, G_OPTION_ARG_INT, &days, "For how many days (7)", "N" },
  { "url", 0, 0, G_OPTION_ARG_STRING, &url,
    "How people reach the server, when the configuration does not say", "URL" },
  G_OPTION_ENTRY_NULL,
};

static const GOptionEntry json_options[] = { TL_JSON_OPTION, G_OPTION_ENTRY_NULL };

static char *
link_to (const TlConfig *config, const char *token)
{
  const char *base = url ? url : config->public_url;
  g_autofree char *near = g_strconcat ("http://", config->listen, NULL);

  return tl_invitation_link (base ? base : near, token);
}

static gboolean
run_invite (TlCtl *ctl, char **arguments, GError **error)
{
  TlInvitation invitation = { role ? role : "member", (guint)MAX (uses, 0), (guint)MAX (days, 0),
                              0 };
  g_autofree char *expires = NULL, *token = NULL, *link = NULL;

  if (!tl_ctl_open (ctl, error) || !tl_migrate (ctl->pg, error))
    return FALSE;
  if (g_str_equal (ctl->config->registration, "closed")) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                 "Nobody may join: [people] registration is closed");
    return FALSE;
  }
  token = tl_invitation_make (ctl->pg, &invitation, &expires, error);
  if (!token)
    return FALSE;
  link = link_to (ctl->config, token);
  printf ("%s\n", link);
  return TRUE;
}

static gboolean
run_list (TlCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (PGresult) rows = NULL;

  if (!tl_ctl_open (ctl, error))
    return FALSE;
  rows = tl_pg_query (ctl->pg, "invitations", tl_sql (SQL, "invitations"), 0, NULL, error);
  if (!rows)
    return FALSE;
  tl_show_rows (rows, "Nobody is invited.");
  return TRUE;
}

static gboolean
run_revoke (TlCtl *ctl, char **arguments, GError **error)
{
  const char *id = arguments[0];
  g_autoptr (PGresult) done = NULL;

  if (!g_ascii_string_to_signed (id, 10, 1, G_MAXINT64, NULL, NULL)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "“%s” is not the number of an invitation; tidelinectl invite list tells them", id);
    return FALSE;
  }
  if (!tl_ctl_open (ctl, error))
    return FALSE;
  done = tl_pg_query (ctl->pg, "revoke", tl_sql (SQL, "revoke"), 1, (const char *const *)arguments,
                      error);
  if (!done)
    return FALSE;
  if (PQntuples (done) == 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no invitation %s", id);
    return FALSE;
  }
  tl_show_done (done, "Nobody can join by invitation %s any more.\n", id);
  return TRUE;
}

const TlCommand tl_command_invite = {
  "invite", "", "Print a link by which people join", invite_options, 0, run_invite,
};
const TlCommand tl_command_invite_list = {
  "invite list", "", "List invitations", json_options, 0, run_list,
};
const TlCommand tl_command_invite_revoke = {
  "invite revoke", "ID", "End an invitation", json_options, 1, run_revoke,
};
