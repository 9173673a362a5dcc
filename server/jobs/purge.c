/* purge.c: see the header. Each statement stands alone: what a failure leaves, the next run takes. */
#include "server/jobs/purge.h"

#define SQL "jobs/purge.sql"
#define LEASE_SECONDS 3600

static gboolean
run (TlServer *server, TlPg *pg, const TlJob *job, gint64 *next_run, GError **error)
{
  static const char *const statements[] = { "changes",  "members",    "operations", "subscriptions",
                                            "sessions", "deliveries", "codes",      "attempts" };

  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    if (!tl_pg_run (pg, NULL, tl_sql (SQL, statements[i]), 0, NULL, error))
      return FALSE;
  *next_run = g_get_real_time () + G_TIME_SPAN_DAY;
  return TRUE;
}

const TlJobKind tl_purge_job = { "purge", LEASE_SECONDS, run };
