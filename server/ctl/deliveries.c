/* deliveries.c: `deliveries`, `deliveries replay` and `mail test`: what is told by e-mail and the like, what could not be
 * and why, telling it again; and whether mail leaves at all. */
#include "server/ctl/ctl.h"
#include "server/services/notify/email.h"

#include <stdio.h>

#define SQL "ctl/deliveries.sql"

static gboolean only_dead = FALSE;

static const GOptionEntry list_options[] = {
  { "dead", 0, 0, G_OPTION_ARG_NONE, &only_dead, "Only those that were given up", NULL },
  TL_JSON_OPTION,
  G_OPTION_ENTRY_NULL,
};

static const GOptionEntry replay_options[] = { TL_JSON_OPTION, G_OPTION_ENTRY_NULL };

static gboolean
run_list (TlCtl *ctl, char **arguments, GError **error)
{
  const char *dead = only_dead ? "true" : "false";
  g_autoptr (PGresult) rows = NULL;

  if (!tl_ctl_open (ctl, error))
    return FALSE;
  rows = tl_pg_query (ctl->pg, "deliveries", tl_sql (SQL, "deliveries"), 1, &dead, error);
  if (rows)
    tl_show_rows (rows, only_dead ? "Nothing was given up." : "Nothing waits to be delivered.");
  return rows != NULL;
}

static gboolean
run_replay (TlCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (PGresult) rows = NULL;

  if (!tl_ctl_open (ctl, error))
    return FALSE;
  rows = tl_pg_query (ctl->pg, "delivery-replay", tl_sql (SQL, "delivery-replay"), 1,
                      (const char *const *)arguments, error);
  if (!rows)
    return FALSE;
  if (PQntuples (rows) == 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no delivery “%s”",
                 arguments[0]);
    return FALSE;
  }
  tl_show_rows (rows, "");
  return TRUE;
}

static gboolean
run_mail_test (TlCtl *ctl, char **arguments, GError **error)
{
  const char *to = arguments[0];

  if (!tl_smtp_is_address (to)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is not an address", to);
    return FALSE;
  }
  if (!tl_ctl_open (ctl, error))
    return FALSE;
  if (!tl_email_channel.is_on (ctl->config)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "[mail] url is not said");
    return FALSE;
  }
  if (!tl_email_test (ctl->config, to, error))
    return FALSE;
  printf ("%s has taken a letter to %s.\n", ctl->config->mail.url, to);
  return TRUE;
}

const TlCommand tl_command_deliveries = {
  "deliveries", "", "List what waits to be mailed, and what could not be",
  list_options, 0,  run_list,
};
const TlCommand tl_command_deliveries_replay = {
  "deliveries replay", "ID|all", "Try again what was given up", replay_options, 1, run_replay,
};
const TlCommand tl_command_mail_test = {
  "mail test", "ADDRESS", "Send a letter, to see that mail leaves", NULL, 1, run_mail_test,
};
