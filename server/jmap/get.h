/* get.h: objects as /get gives them. */
#pragma once

#include "server/jmap/call.h"

/* Appends a JSON array of those of `ids` (gint64, at most TL_MAX_OBJECTS_IN_GET) that the account sees, whole. */
gboolean tl_get_objects (TlCall *call, const TlType *type, GArray *ids, GString *out,
                         GError **error);
