/* op.h: operations as rows of local.op, for those who own the outbox (writer thread). */
#pragma once

#include "sync/outbox.h"

#define TL_OUTBOX_SQL "sql/outbox.sql"

/* NULL without an error when there is none. */
TlOp *tl_op_get (TlDb *db, gint64 id, GError **error);
/* Runs "of-key" with a key (all types), or "naming" with a reference, whose bodies really refer to it. */
GPtrArray *tl_ops_of_key (TlDb *db, gint64 key, GError **error);
GPtrArray *tl_ops_naming (TlDb *db, gint64 key, GError **error);

gboolean tl_op_add (TlDb *db, const TlType *type, TlVerb verb, gint64 key, JsonObject *body,
                    GError **error);
gboolean tl_op_set_body (TlDb *db, gint64 id, JsonObject *body, GError **error);
/* A refused one waits again, as another operation. */
gboolean tl_op_renew (TlDb *db, gint64 id, GError **error);
gboolean tl_op_remove (TlDb *db, gint64 id, GError **error);
/* Statement `name` with the id as its parameter. */
gboolean tl_op_mark (TlDb *db, const char *name, gint64 id, GError **error);
/* Removes an operation and, when it is a create, whatever stands on its object; shows all of it anew. */
gboolean tl_op_discard (TlDb *db, TlChanges *changes, const TlOp *op, GError **error);

/* Surely unknown to the server: never sent, or refused. */
gboolean tl_op_is_unsent (const TlOp *op);
/* The local keys (negative) that a body refers to; NULL when there is none. Of gint64. */
GArray *tl_body_refs (const TlType *type, const char *body);
/* Does what earlier operations allow with a new one: sets `*done` when nothing is left to add. */
gboolean tl_outbox_coalesce (TlDb *db, TlChanges *changes, const TlType *type, TlVerb verb,
                             gint64 key, JsonObject *body, gboolean *done, GError **error);
/* A value that says what its absence says. */
gboolean tl_field_is_default (const TlField *field, JsonNode *value);
