/* overlay.h: bases and what is shown over them (writer thread, inside a transaction). */
#pragma once

#include "sync/outbox.h"

/* Does it take part in what is shown? A refused create does, a refused update or destroy doesn't. */
gboolean tl_op_applies (const TlOp *op);

/* What the server has: the object, or NULL when it has none (also when `error` is set). `*fresh`, which may be
 * NULL: told anew while an operation was on its way. */
JsonObject *tl_overlay_truth (TlDb *db, const TlType *type, gint64 key, gboolean *fresh,
                              GError **error);
/* From now on this is what the server has; NULL: nothing. `fresh`: the server told it itself. */
gboolean tl_overlay_set_truth (TlDb *db, const TlType *type, gint64 key, JsonObject *object,
                               gboolean fresh, GError **error);
/* Base and pending operations, those before `before` only; NULL when nothing is to be shown. */
JsonObject *tl_overlay_fold (TlDb *db, const TlType *type, gint64 key, gint64 before,
                             GError **error);
/* The members of `from` over those of `object`, which is made when NULL. Returns `object`. */
JsonObject *tl_overlay_merge (JsonObject *object, JsonObject *from);

/* Shows the people that a room's create names as its members (invited.c); NULL: they go. */
gboolean tl_overlay_show_invited (TlDb *db, TlChanges *changes, gint64 room, JsonObject *object,
                                  GError **error);
/* Is it the row of somebody invited so, which the server has no object of? */
gboolean tl_overlay_is_invited (const TlType *type, gint64 key);
/* The create names them no more. Rejects with a sentence when it is on its way. */
gboolean tl_overlay_uninvite (TlDb *db, TlChanges *changes, gint64 key, GError **error);

/* "t5" is 5, "#n5" is -5, anything else 0. */
gint64 tl_ref_parse (JsonNode *node);
/* To "t5" or "#n5". */
char *tl_ref_format (gint64 key, char buffer[TL_ID_MAX + 1]);

JsonObject *tl_object_from_text (const char *json);
char *tl_object_to_text (JsonObject *object);
