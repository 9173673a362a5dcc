/* erase.h: deleting a person (docs/protocol.md, Leaving). Any thread, on its connection. */
#pragma once

#include "server/server.h"

/* Keeps `account` out from now on, and has the rest done by a job: a transaction of its own. `by`, errors: as in
 * standing.h; oneself may. Kick the jobs after it. */
gboolean tl_erase_begin (TlPg *pg, gint64 account, gint64 by, GError **error);
/* The rest: what is theirs goes, as the change log tells everybody. Again is fine, and takes what came late. */
gboolean tl_erase_person (TlServer *server, TlPg *pg, gint64 account, GError **error);
