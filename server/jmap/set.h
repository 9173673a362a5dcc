/* set.h: one Foo/set call while it is worked on. */
#pragma once

#include "server/jmap/call.h"

/* What came of one object. */
typedef struct {
  TlChangeKind kind;
  const char *name; /* creation id, or the id as the client wrote it */
  char *op_id;      /* lower case, or NULL */
  gint64 id;
  gint64 scope;
  char *json;      /* what `created` or `updated` says: an object, or "null" */
  int change;      /* of write.changes: the one that made it; -1 */
  gboolean is_old; /* the result of an operation that was done before */
  char *current;   /* with a conflict: the object's values now, JSON */
  GError *error;   /* refused; the rest means nothing then */
} TlSetResult;

typedef struct {
  TlWrite write; /* first: what hooks see */
  TlCall *call;
  const TlTypeService *service;
  JsonObject *create;      /* creation id -> object; these may be NULL */
  JsonObject *update;      /* id -> patch */
  JsonArray *destroy;      /* ids */
  JsonObject *destroy_ops; /* id -> operation id */
  const char *if_in_state;
  JsonObject *if_unchanged; /* id -> state */
  GHashTable *operations;   /* op id -> TlSetResult of operations done before */
  GPtrArray *results;       /* of TlSetResult */
  char *old_state;
  char *new_state;
} TlSet;

void tl_set_result_free (TlSetResult *self);

/* set-object.c: one object. FALSE with result->error set or, when the whole transaction is lost, with
 * *error. */
gboolean tl_set_create (TlSet *set, JsonObject *given, TlSetResult *result, GError **error);
gboolean tl_set_update (TlSet *set, JsonObject *patch, TlSetResult *result, GError **error);
gboolean tl_set_destroy (TlSet *set, TlSetResult *result, GError **error);
/* Does `object` refer to a creation id that is in `waiting` only? */
gboolean tl_set_must_wait (TlSet *set, JsonObject *object, GHashTable *waiting);

/* conflict.c: have others changed since what `asked` changes, or anything (NULL)? Then it is refused, and
 * result->current says how it is now. */
gboolean tl_set_check_unchanged (TlSet *set, TlSetResult *result, JsonObject *current,
                                 JsonObject *asked, GError **error);

/* operation.c: the first result of an operation, given again to a retry; stored with the commit. */
gboolean tl_operations_load (TlSet *set, GError **error);
gboolean tl_operations_commit (TlSet *set, GError **error);
/* Checks result->op_id; TRUE with *done when the result was taken from an earlier one. */
gboolean tl_operation_recall (TlSet *set, TlSetResult *result, gboolean *done, GError **error);

/* set-answer.c: the response. */
void tl_set_append_answer (TlSet *set, GString *out);
/* One SetError; `current` NULL-able. */
void tl_set_append_refusal (GString *out, const GError *error, const char *current);
/* Is `error` one object's refusal, not the transaction's end? */
gboolean tl_set_is_refusal (const GError *error);
