/* row.h: inserting and updating one row of a type from JSON values. */
#pragma once

#include "server/stores/pg.h"
#include "sync/wire/field.h"

/* `id` 0: a new one. Returns id and the JSON text of the properties in `mask`. */
PGresult *tl_row_insert (TlPg *pg, const TlType *type, gint64 id, gint64 scope, JsonObject *object,
                         guint64 mask, GError **error);
gboolean tl_row_update (TlPg *pg, const TlType *type, gint64 id, gint64 scope, JsonObject *patch,
                        GError **error);
