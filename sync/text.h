/* text.h: the full-text index of what can be searched: articles by title and text, messages, posts with
 * what they are behind. */
#pragma once

#include "sync/db.h"
#include "sync/wire/types.h"

/* What of a type is searched, as columns for a RETURNING clause (", title, body"), or NULL. */
const char *tl_text_columns (const TlType *type);
/* Indexes an object anew. `content`: an article's blocks as JSON, a message's body. */
gboolean tl_text_put (TlDb *db, const TlType *type, gint64 key, const char *title,
                      const char *content, GError **error);
gboolean tl_text_put_record (TlDb *db, const TlType *type, gconstpointer record, GError **error);
gboolean tl_text_remove (TlDb *db, const TlType *type, gint64 key, GError **error);

/* Has it letters of a script without spaces between words (then trigrams are indexed too, and asked)? */
gboolean tl_text_wants_grams (const char *text);
/* All text of blocks (sync/wire/blocks.h) given as JSON, a space between runs of different blocks. */
void tl_text_of_blocks (const char *json, GString *text);
