/* envelope.h: one request after another, without HTTP. */
#pragma once

#include "server/jmap/jmap.h"

/* tl_jmap_process() without its limits on size and concurrency. */
char *tl_envelope_run (TlServer *server, TlPg *pg, gint64 account, const char *session,
                       const char *json, gsize length, GError **error);

/* May a request use it? */
gboolean tl_session_has_capability (const char *name);

/* Changes when the session object of `account` would. */
char *tl_session_state (TlServer *server, gint64 account);
