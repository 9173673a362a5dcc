/* refs.h: result references between the calls of a request (RFC 8620, 3.7). */
#pragma once

#include "server/jmap/call.h"

typedef struct _TlResults TlResults;

TlResults *tl_results_new (void);
void tl_results_free (TlResults *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlResults, tl_results_free)

/* Remembers a response. `args` is parsed only when something refers to it. */
void tl_results_add (TlResults *self, const char *name, const char *call_id, const char *args,
                     gsize length);
/* Replaces each member `#x` of `args` by the `x` that it refers to. */
gboolean tl_results_resolve (TlResults *self, JsonObject *args, GError **error);
