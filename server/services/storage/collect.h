/* collect.h: blobs that nothing names go, some hours after they were last uploaded or named ([blobs] grace-hours). First
 * their rows, which gives the quota back, then their bytes. A job does it hourly, `tidelinectl storage collect` at once. */
#pragma once

#include "server/jobs/jobs.h"

extern const TlJobKind tl_collect_job;

typedef struct {
  gint64 files, octets;
} TlCollected;

/* What would go now. */
gboolean tl_collect_count (TlPg *pg, guint grace_hours, TlCollected *found, GError **error);
/* Takes the rows of at most `at_most` blobs. */
gboolean tl_collect_rows (TlPg *pg, guint grace_hours, guint at_most, TlCollected *gone,
                          GError **error);
/* Removes the bytes of all whose rows went. What somebody uploads just now, or all while a backup reads, is left for
 * the next time. */
gboolean tl_collect_bytes (TlPg *pg, TlBlobs *blobs, GError **error);
