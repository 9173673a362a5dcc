/* reindex.c: `reindex`: builds the full-text indexes anew beside the old ones, so that search goes on
 * meanwhile. Interrupted, it leaves half an index that the next run removes. One after the other, as
 * PostgreSQL wants no transaction around it. */
#include "server/ctl/ctl.h"

#include <stdio.h>

#define SQL "ctl/reindex.sql"

static const struct {
  const char *what, *clean, *clean_old, *build;
} indexes[] = {
  { "articles", "clean-articles", "clean-old-articles", "articles" },
  { "messages", "clean-messages", "clean-old-messages", "messages" },
  { "posts", "clean-posts", "clean-old-posts", "posts" },
  { "events", "clean-events", "clean-old-events", "events" },
};

static gboolean
run (TlCtl *ctl, char **arguments, GError **error)
{
  if (!tl_ctl_open (ctl, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (indexes); i++) {
    if (!tl_pg_script (ctl->pg, tl_sql (SQL, indexes[i].clean), error) ||
        !tl_pg_script (ctl->pg, tl_sql (SQL, indexes[i].clean_old), error) ||
        !tl_pg_script (ctl->pg, tl_sql (SQL, indexes[i].build), error)) {
      g_prefix_error (error, "The index of %s was not built: ", indexes[i].what);
      return FALSE;
    }
    printf ("The index of %s is new.\n", indexes[i].what);
  }
  return TRUE;
}

const TlCommand tl_command_reindex = {
  "reindex", "", "Build the search indexes anew while the server runs", NULL, 0, run,
};
