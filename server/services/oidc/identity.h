/* identity.h: who somebody that is known at the provider is here. Any thread, on its connection. */
#pragma once

#include "server/edge/config.h"
#include "server/stores/pg.h"

#include <json-glib/json-glib.h>

/* Of the claims' subject, as tl_sign_in_find() gives a person; one who is not here yet joins, where the configuration has
 * it so. NULL without an error: nobody here, or somebody who is suspended. */
PGresult *tl_identity_person (TlPg *pg, const TlConfig *config, JsonObject *claims, GError **error);
