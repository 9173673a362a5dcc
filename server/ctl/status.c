/* status.c: `status`: what a server holds, in a few lines. */
#include "server/ctl/ctl.h"

#include <stdio.h>

static const GOptionEntry options[] = { TL_JSON_OPTION, G_OPTION_ENTRY_NULL };

static gboolean
run (TlCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (PGresult) lines = NULL;
  const char *own = NULL;

  if (!tl_ctl_open (ctl, error))
    return FALSE;
  tl_pg_set_patience (ctl->pg, TL_CTL_PATIENCE);
  if (ctl->dir)
    own = ctl->running ? "running" : "not running";
  lines = tl_pg_query (ctl->pg, "status", tl_sql ("ctl/ctl.sql", "status"), 1, &own, error);
  if (!lines)
    return FALSE;
  if (tl_show_json)
    tl_show_rows (lines, "");
  for (int i = 0; !tl_show_json && i < PQntuples (lines); i++)
    printf ("%-18s %s\n", PQgetvalue (lines, i, 0), PQgetvalue (lines, i, 1));
  return TRUE;
}

const TlCommand tl_command_status = { "status", "", "Say what the server holds", options, 0, run };
