/* changes.h: what changed of a type since a state. */
#pragma once

#include "server/jmap/call.h"

/* The ids (gint64) of all objects of the type that something happened to since `since`, and the state up to
 * which that is all. TL_METHOD_ERROR_CANNOT_CALCULATE_CHANGES also when they are more than a page. */
gboolean tl_changes_ids (TlCall *call, const TlTypeService *service, const char *since, GArray *ids,
                         char **new_state, GError **error);
/* Did anything of the type happen since `state`? TRUE as well when that cannot be told. */
gboolean tl_changes_any (TlCall *call, const TlTypeService *service, const char *state,
                         gboolean *any, GError **error);
