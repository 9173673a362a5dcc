/* query.h: a query while it is worked on, in one snapshot. */
#pragma once

#include "server/jmap/filter.h"

typedef struct {
  const char *anchor;
  gint64 position;
  gint64 offset;
  gint64 limit;
  gboolean wants_total;
  gint64 total; /* -1: not counted */
  char *order;
} TlQuery;

/* From here to tl_pg_rollback() all that is read is of one moment, the state too. */
gboolean tl_query_begin (TlCall *call, GError **error);
/* filter, sort, calculateTotal */
gboolean tl_query_read (TlQuery *self, JsonObject *args, TlFilter *filter, GError **error);
/* `format` makes a statement whose parameters are the filter's. */
PGresult *tl_query_ask (TlFilter *filter, GError **error, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
gboolean tl_query_count (TlQuery *self, TlFilter *filter, GError **error);
