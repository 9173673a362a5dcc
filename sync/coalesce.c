/* coalesce.c: a new operation and those before it become as few as can be.
 *
 * Touches only what the server surely has not seen (tl_op_is_unsent): what was sent, even if it waits again,
 * may have taken effect under its opId. */
#include "sync/op.h"
#include "sync/overlay.h"

static TlOp *
last_of (GPtrArray *ops)
{
  return ops->len > 0 ? ops->pdata[ops->len - 1] : NULL;
}

static gboolean
says_same (const TlType *type, const char *name, JsonNode *value, JsonObject *beneath)
{
  JsonNode *there = json_object_get_member (beneath, name);
  const TlField *field = tl_type_field (type, name, NULL);

  if (there == NULL || JSON_NODE_HOLDS_NULL (there))
    return field && tl_field_is_default (field, value);
  return json_node_equal (there, value);
}

/* Leaves of a patch what differs from `beneath`. */
static void
strip (const TlType *type, JsonObject *patch, JsonObject *beneath)
{
  g_autoptr (GList) names = json_object_get_members (patch);

  for (GList *at = names; at && beneath; at = at->next)
    if (says_same (type, at->data, json_object_get_member (patch, at->data), beneath))
      json_object_remove_member (patch, at->data);
}

/* A mark that says nothing is no mark. */
static gboolean
is_empty_mark (const TlType *type, JsonObject *body)
{
  for (guint i = 0; i < type->n_fields; i++) {
    const TlField *field = &type->fields[i];
    JsonNode *value = json_object_get_member (body, field->name);

    if (!g_str_equal (field->name, type->keyed_by) && value && !tl_field_is_default (field, value))
      return FALSE;
  }
  return TRUE;
}

static gboolean
edit_create (TlDb *db, const TlOp *create, JsonObject *patch, GError **error)
{
  g_autoptr (JsonObject) body = tl_overlay_merge (tl_object_from_text (create->body), patch);

  if (create->type->keyed_by && is_empty_mark (create->type, body))
    return tl_op_remove (db, create->id, error);
  return tl_op_set_body (db, create->id, body, error) &&
         (create->status != TL_OP_REFUSED || tl_op_renew (db, create->id, error));
}

static gboolean
edit_update (TlDb *db, const TlOp *update, JsonObject *patch, GError **error)
{
  g_autoptr (JsonObject) body = tl_overlay_merge (tl_object_from_text (update->body), patch);
  g_autoptr (GError) failed = NULL;
  g_autoptr (JsonObject) beneath =
      tl_overlay_fold (db, update->type, update->key, update->id, &failed);

  if (failed) {
    g_propagate_error (error, g_steal_pointer (&failed));
    return FALSE;
  }
  strip (update->type, body, beneath);
  return json_object_get_size (body) == 0 ? tl_op_remove (db, update->id, error)
                                          : tl_op_set_body (db, update->id, body, error);
}

static gboolean
covers (JsonObject *patch, const TlOp *update)
{
  g_autoptr (JsonObject) body = tl_object_from_text (update->body);
  g_autoptr (GList) names = json_object_get_members (body);

  for (GList *at = names; at; at = at->next)
    if (!json_object_has_member (patch, at->data))
      return FALSE;
  return TRUE;
}

/* What a person asks anew replaces what was refused. */
static gboolean
drop_refused (TlDb *db, GPtrArray *ops, JsonObject *patch, GError **error)
{
  for (guint i = ops->len; i > 0; i--) {
    const TlOp *op = ops->pdata[i - 1];

    if (op->status != TL_OP_REFUSED || op->verb == TL_OP_CREATE ||
        (op->verb == TL_OP_UPDATE && patch && !covers (patch, op)))
      continue;
    if (!tl_op_remove (db, op->id, error))
      return FALSE;
    g_ptr_array_remove_index (ops, i - 1);
  }
  return TRUE;
}

static gboolean
add_update (TlDb *db, GPtrArray *ops, const TlType *type, gint64 key, JsonObject *patch,
            gboolean *done, GError **error)
{
  const TlOp *last = last_of (ops);
  g_autoptr (GError) failed = NULL;
  g_autoptr (JsonObject) beneath = NULL;

  *done = TRUE;
  if (last && tl_op_is_unsent (last) && last->verb == TL_OP_CREATE)
    return edit_create (db, last, patch, error);
  if (last && tl_op_is_unsent (last) && last->verb == TL_OP_UPDATE && last->status == TL_OP_WAITING)
    return edit_update (db, last, patch, error);
  beneath = tl_overlay_fold (db, type, key, G_MAXINT64, &failed);
  if (failed) {
    g_propagate_error (error, g_steal_pointer (&failed));
    return FALSE;
  }
  strip (type, patch, beneath);
  *done = json_object_get_size (patch) == 0;
  return TRUE;
}

static gboolean
add_destroy (TlDb *db, TlChanges *changes, GPtrArray *ops, gboolean *done, GError **error)
{
  for (guint i = 0; i < ops->len; i++) {
    const TlOp *op = ops->pdata[i];

    if (op->verb == TL_OP_CREATE && tl_op_is_unsent (op)) {
      *done = TRUE;
      return tl_op_discard (db, changes, op, error);
    }
    if (op->verb == TL_OP_DESTROY)
      *done = TRUE;
    else if (op->verb == TL_OP_UPDATE && tl_op_is_unsent (op) && !tl_op_remove (db, op->id, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
tl_outbox_coalesce (TlDb *db, TlChanges *changes, const TlType *type, TlVerb verb, gint64 key,
                    JsonObject *body, gboolean *done, GError **error)
{
  g_autoptr (GPtrArray) ops = tl_outbox_of (db, type, key, error);

  *done = FALSE;
  if (ops == NULL || !drop_refused (db, ops, verb == TL_OP_UPDATE ? body : NULL, error))
    return FALSE;
  switch (verb) {
  case TL_OP_CREATE:
    *done = type->keyed_by && ops->len == 0 && is_empty_mark (type, body);
    return TRUE;
  case TL_OP_UPDATE:
    return add_update (db, ops, type, key, body, done, error);
  case TL_OP_DESTROY:
    return add_destroy (db, changes, ops, done, error);
  }
  g_return_val_if_reached (FALSE);
}
