/* derived.h: what is kept beside the rows of a type and follows from them, whoever writes them: full text (text.h), when
 * an event happens (span.c). Writer thread, within its transaction. */
#pragma once

#include "sync/text.h"

/* What a bulk write returns of each row, ", a, b"; NULL: nothing follows from this type's rows. */
const char *tl_derived_columns (const TlType *type);
/* A row was written; title and content: the values of those columns. */
gboolean tl_derived_put_row (TlDb *db, const TlType *type, gint64 key, const char *title,
                             const char *content, GError **error);
gboolean tl_derived_put_record (TlDb *db, const TlType *type, gconstpointer record, GError **error);
gboolean tl_derived_remove (TlDb *db, const TlType *type, gint64 key, GError **error);
