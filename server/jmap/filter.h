/* filter.h: a query's filter and sort as SQL. Names come from the field table, values are parameters. */
#pragma once

#include "server/jmap/call.h"

typedef struct {
  TlCall *call;
  const TlTypeService *service;
  GPtrArray *values; /* of char *: parameters; the account is the first */
  GString *sql;
  guint conditions;
  gboolean is_unfollowed; /* what it takes can change without a word in the log */
} TlFilter;

TlFilter *tl_filter_new (TlCall *call, const TlTypeService *service);
void tl_filter_free (TlFilter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlFilter, tl_filter_free)

/* Appends a condition for `filter` (may be NULL: all) to self->sql. */
gboolean tl_filter_add (TlFilter *self, JsonObject *filter, GError **error);
/* "$n::type" for a new parameter. */
char *tl_filter_value (TlFilter *self, const char *value, const char *type);
/* ORDER BY's list, ending in the id, so that the order is total. */
char *tl_filter_order (const TlType *type, JsonArray *sort, GError **error);
