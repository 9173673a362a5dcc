/* jobs.c: `jobs` and `feeds`: what the server works on by itself, what fails there, and why; and how to
 * have it tried at once. A server that runs looks for due jobs every half minute at the latest. */
#include "server/ctl/ctl.h"

#define SQL "ctl/jobs.sql"

static gboolean broken = FALSE;

static const GOptionEntry json_options[] = { TL_JSON_OPTION, G_OPTION_ENTRY_NULL };

static const GOptionEntry feeds_options[] = {
  { "broken", 0, 0, G_OPTION_ARG_NONE, &broken, "Only those that fail", NULL },
  TL_JSON_OPTION,
  G_OPTION_ENTRY_NULL,
};

static PGresult *
ask (TlCtl *ctl, const char *statement, int n, const char *const *args, GError **error)
{
  if (!tl_ctl_open (ctl, error))
    return NULL;
  return tl_pg_query (ctl->pg, statement, tl_sql (SQL, statement), n, args, error);
}

/* Runs `statement` about the one thing that `arguments` name: no row, it isn't there. */
static PGresult *
change (TlCtl *ctl, const char *statement, char **arguments, const char *missing, GError **error)
{
  g_autoptr (PGresult) row = ask (ctl, statement, 1, (const char *const *)arguments, error);

  if (row && PQntuples (row) == 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s “%s”", missing, arguments[0]);
    return NULL;
  }
  return g_steal_pointer (&row);
}

static gboolean
run_jobs (TlCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (PGresult) rows = ask (ctl, "jobs", 0, NULL, error);

  if (rows)
    tl_show_rows (rows, "There are no jobs.");
  return rows != NULL;
}

static gboolean
run_retry (TlCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (PGresult) row = change (ctl, "job-retry", arguments, "There is no job", error);

  if (row)
    tl_show_done (row, "Job %s (%s “%s”) runs next.\n", PQgetvalue (row, 0, 0),
                  PQgetvalue (row, 0, 1), PQgetvalue (row, 0, 2));
  return row != NULL;
}

static gboolean
run_drop (TlCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (PGresult) row =
      change (ctl, "job-drop", arguments, "There is no failed job that may be dropped:", error);

  if (row)
    tl_show_done (row, "Job %s (%s “%s”) is gone.\n", PQgetvalue (row, 0, 0),
                  PQgetvalue (row, 0, 1), PQgetvalue (row, 0, 2));
  return row != NULL;
}

static gboolean
run_feeds (TlCtl *ctl, char **arguments, GError **error)
{
  const char *only = broken ? "true" : "false";
  g_autoptr (PGresult) rows = ask (ctl, "feeds", 1, &only, error);

  if (rows)
    tl_show_rows (rows, broken ? "No feed fails." : "There are no feeds.");
  return rows != NULL;
}

static gboolean
run_refresh (TlCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (PGresult) row = change (ctl, "feed-refresh", arguments, "There is no feed", error);

  if (row)
    tl_show_done (row, "%s is fetched next.\n", PQgetvalue (row, 0, 1));
  return row != NULL;
}

static gboolean
run_pause (TlCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (PGresult) row = change (ctl, "feed-pause", arguments, "There is no feed", error);

  if (row)
    tl_show_done (row, "%s is not fetched any more; its readers are told within half a minute.\n",
                  PQgetvalue (row, 0, 1));
  return row != NULL;
}

static gboolean
run_resume (TlCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (PGresult) row =
      change (ctl, "feed-resume", arguments, "There is no paused feed", error);

  if (row)
    tl_show_done (row, "%s is fetched next, and goes on.\n", PQgetvalue (row, 0, 1));
  return row != NULL;
}

const TlCommand tl_command_jobs = {
  "jobs", "", "List jobs: what waits, runs, fails", json_options, 0, run_jobs,
};
const TlCommand tl_command_jobs_retry = {
  "jobs retry", "ID", "Have a job run at once", json_options, 1, run_retry,
};
const TlCommand tl_command_jobs_drop = {
  "jobs drop", "ID", "Give up a job that fails", json_options, 1, run_drop,
};
const TlCommand tl_command_feeds = {
  "feeds", "", "List feeds and how they do", feeds_options, 0, run_feeds,
};
const TlCommand tl_command_feeds_refresh = {
  "feeds refresh", "ID|URL", "Have a feed fetched at once", json_options, 1, run_refresh,
};
const TlCommand tl_command_feeds_pause = {
  "feeds pause", "ID|URL", "Have a feed fetched no more for now", json_options, 1, run_pause,
};
const TlCommand tl_command_feeds_resume = {
  "feeds resume", "ID|URL", "Have a paused feed fetched again", json_options, 1, run_resume,
};
