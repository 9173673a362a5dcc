/* conflict.c: an edit that was refused because somebody else had changed the same thing meanwhile. Theirs is
 * shown; mine waits to be discarded, sent all the same (tl_outbox_retry), or kept beside theirs: here.
 * Writer thread. */
#include "sync/op.h"
#include "sync/overlay.h"

#define CONFLICT "conflict"

gboolean
tl_op_is_conflict (const TlOp *op)
{
  return op->status == TL_OP_REFUSED && g_strcmp0 (op->error_type, CONFLICT) == 0;
}

/* Whole values of what a person writes or when it is. A list that several change in different places
 * (participants answer) is not held back for the changes of others. */
gboolean
tl_op_asks_first (const TlOp *op)
{
  g_autoptr (JsonObject) body = NULL;
  g_autoptr (GList) names = NULL;

  if (op->verb != TL_OP_UPDATE || op->key <= 0 || op->state == NULL ||
      (op->type != &tl_calendar_event_type && op->type != &tl_post_type))
    return FALSE;
  body = tl_object_from_text (op->body);
  names = json_object_get_members (body);
  for (GList *at = names; at; at = at->next)
    if (g_str_has_prefix (at->data, "participants"))
      return FALSE;
  return TRUE;
}

/* Theirs with my changes, as an object of its own: what makes it the same thing or invites again is left out. */
static JsonObject *
make_mine (const TlOp *op, JsonObject *theirs)
{
  static const char *const dropped[] = { "id", "uid", "ical", "participants" };
  g_autoptr (JsonObject) changes = tl_object_from_text (op->body);
  JsonObject *mine = tl_overlay_merge (tl_overlay_merge (NULL, theirs), changes);
  g_autoptr (GList) names = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (dropped); i++)
    if (json_object_has_member (mine, dropped[i]))
      json_object_remove_member (mine, dropped[i]);
  names = json_object_get_members (mine);
  for (GList *at = names; at; at = at->next) {
    const TlField *field = tl_type_field (op->type, at->data, NULL);

    if (field == NULL || (field->flags & TL_SERVER_SET) ||
        json_object_get_null_member (mine, at->data))
      json_object_remove_member (mine, at->data);
  }
  return mine;
}

gboolean
tl_outbox_keep_both (TlDb *db, TlChanges *changes, gint64 id, GError **error)
{
  g_autoptr (GError) failed = NULL;
  g_autoptr (TlOp) op = tl_op_get (db, id, &failed);
  g_autoptr (JsonObject) theirs = NULL;
  gint64 key = 0;

  if (failed == NULL && op)
    theirs = tl_overlay_truth (db, op->type, op->key, NULL, &failed);
  if (failed) {
    g_propagate_error (error, g_steal_pointer (&failed));
    return FALSE;
  }
  if (op == NULL || !tl_op_is_conflict (op) || theirs == NULL) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         "There are no longer two versions of this");
    return FALSE;
  }
  return tl_op_discard (db, changes, op, error) &&
         tl_outbox_add (db, changes, op->type, TL_OP_CREATE, &key, make_mine (op, theirs), error);
}
