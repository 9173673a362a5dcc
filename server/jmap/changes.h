/* changes.h: what changed of a type since a state. */
#pragma once

#include "server/jmap/call.h"

/* Did anything of the type happen since `state`? TRUE as well when that cannot be told. */
gboolean tl_changes_any (TlCall *call, const TlTypeService *service, const char *state,
                         gboolean *any, GError **error);
