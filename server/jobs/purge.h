/* purge.h: the daily job that forgets what is kept for a while only: the change log (30 days), results
 * of operations (90 days), sessions that ended. Its row is made by a migration. */
#pragma once

#include "server/jobs/jobs.h"

extern const TlJobKind tl_purge_job;
