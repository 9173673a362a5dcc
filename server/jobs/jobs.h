/* jobs.h: work for later, leased: claimed in one short transaction, worked on outside of any,
 * finished in another. A process that dies loses its lease and another takes the job up. */
#pragma once

#include "server/server.h"

typedef struct {
  gint64 id;
  const char *key;
  const char *payload; /* JSON */
  guint attempts;      /* that failed before this one, since it last succeeded */
} TlJob;

typedef struct {
  const char *kind;
  guint lease_seconds;
  /* Blocking, on a jobs thread with its own connection. Sets *next_run to when to run it again
   * (microseconds, real time), or leaves it 0: the job is done and removed. On FALSE it is tried
   * again with exponential backoff and the error kept in last_error. */
  gboolean (*run) (TlServer *server, TlPg *pg, const TlJob *job, gint64 *next_run, GError **error);
} TlJobKind;

/* `kinds`: NULL-terminated, kept by the caller; jobs of other kinds are left to other processes. A
 * job that is asked for again while it runs is run once more. */
TlJobs *tl_jobs_new (TlServer *server, const TlJobKind *const *kinds, guint threads);
/* Jobs that run are finished first. */
void tl_jobs_free (TlJobs *self);
/* Looks for due jobs now (after enqueueing one). */
void tl_jobs_kick (TlJobs *self);
/* Inserts or pulls forward (the new payload stays); inside the caller's transaction. `run_at`:
 * microseconds, real time; 0 is at once. Kick after the commit. */
gboolean tl_job_enqueue (TlPg *pg, const char *kind, const char *key, const char *payload,
                         gint64 run_at, GError **error);
