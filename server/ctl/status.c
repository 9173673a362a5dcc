/* status.c: `status`: what a server holds, in a few lines. */
#include "server/ctl/ctl.h"

#include <stdio.h>

static gboolean
run (TlCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (PGresult) lines = NULL;

  if (!tl_ctl_open (ctl, error))
    return FALSE;
  lines = tl_pg_query (ctl->pg, "status", tl_sql ("ctl/ctl.sql", "status"), 0, NULL, error);
  if (!lines)
    return FALSE;
  if (ctl->dir)
    printf ("%-18s %s\n", "Stand-alone server", ctl->running ? "running" : "not running");
  for (int i = 0; i < PQntuples (lines); i++)
    printf ("%-18s %s\n", PQgetvalue (lines, i, 0), PQgetvalue (lines, i, 1));
  return TRUE;
}

const TlCommand tl_command_status = { "status", "", "Say what the server holds", NULL, 0, run };
