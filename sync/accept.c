/* accept.c: an acknowledged operation becomes part of what the server has, a local key the server's id.
 *
 * replica.db and local.db commit one after the other (replica.db first): applied_op in the replica says what
 * was accepted, so that a crash between the two is finished at the next opening. */
#include "sync/apply.h"
#include "sync/op.h"
#include "sync/overlay.h"

/* --- local.db ----------------------------------------------------------------------------------- */

/* Replaces "#n5" by the id where it is a reference; `type`, `key` of each are shown anew by the caller. */
static gboolean
name_anew (TlDb *db, GPtrArray *naming, gint64 from, gint64 to, GError **error)
{
  char id[TL_ID_MAX];

  tl_id_format (to, id);
  for (guint i = 0; i < naming->len; i++) {
    const TlOp *op = naming->pdata[i];
    g_autoptr (JsonObject) body = tl_object_from_text (op->body);

    for (guint f = 0; f < op->type->n_fields; f++) {
      const TlField *field = &op->type->fields[f];

      if (field->kind == TL_FIELD_ID &&
          tl_ref_parse (json_object_get_member (body, field->name)) == from)
        json_object_set_string_member (body, field->name, id);
    }
    if (!tl_op_set_body (db, op->id, body, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
run_with_keys (TlDb *db, const char *name, gint64 from, gint64 to, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, TL_OUTBOX_SQL, name);

  sqlite3_bind_int64 (statement, 1, from);
  sqlite3_bind_int64 (statement, 2, to);
  return tl_db_run (db, statement, error);
}

/* The operation goes, and with it the local key. */
static gboolean
settle_local (TlDb *db, gint64 op_id, gint64 from, gint64 to, GError **error)
{
  g_autoptr (GPtrArray) naming = NULL;

  if (!tl_op_remove (db, op_id, error))
    return FALSE;
  if (from == to)
    return TRUE;
  naming = tl_ops_naming (db, from, error);
  return naming && name_anew (db, naming, from, to, error) &&
         run_with_keys (db, "rekey", from, to, error) &&
         run_with_keys (db, "rekey-draft", from, to, error) &&
         run_with_keys (db, "rekey-draft-sync", from, to, error);
}

/* --- replica.db --------------------------------------------------------------------------------- */

static gboolean
note_applied (TlDb *db, const TlOp *op, gint64 to, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, TL_OUTBOX_SQL, "add-applied");

  sqlite3_bind_text (statement, 1, op->op_id, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, op->key);
  sqlite3_bind_int64 (statement, 3, to);
  return tl_db_run (db, statement, error);
}

static JsonObject *
with_id (JsonObject *object, gint64 key)
{
  char id[TL_ID_MAX];

  json_object_set_string_member (object, "id", tl_id_format (key, id));
  return object;
}

/* What the server has now. What it told while the operation was on its way is newer than what we know, or
 * older: then the next delta brings the rest, while writing over it could hide a change for good. */
static JsonObject *
truth_after (const TlOp *op, JsonObject *before, gboolean told, JsonObject *object, gint64 to)
{
  g_autoptr (JsonObject) body = tl_object_from_text (op->body);
  JsonObject *after;

  if (told)
    return before ? json_object_ref (before) : NULL;
  if (op->verb == TL_OP_DESTROY || (op->verb == TL_OP_UPDATE && before == NULL))
    return NULL;
  after = before ? tl_overlay_merge (NULL, before) : NULL;
  after = tl_overlay_merge (after, body);
  if (object)
    tl_overlay_merge (after, object);
  return with_id (after, to);
}

static GArray *
types_of_key (TlDb *db, gint64 key, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, TL_OUTBOX_SQL, "bases-of-key");
  g_autoptr (GArray) types = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GError) failed = NULL;

  sqlite3_bind_int64 (statement, 1, key);
  while (tl_db_step (db, statement, &failed)) {
    guint type = (guint)sqlite3_column_int (statement, 0);
    g_array_append_val (types, type);
  }
  if (failed == NULL)
    return g_steal_pointer (&types);
  g_propagate_error (error, g_steal_pointer (&failed));
  return NULL;
}

/* Rows under the local key go, those under the id come: the object, and marks about it. */
static gboolean
move_rows (TlDb *db, TlChanges *changes, gint64 from, gint64 to, GError **error)
{
  g_autoptr (GArray) types = types_of_key (db, from, error);

  for (guint i = 0; types && i < types->len; i++) {
    const TlType *type = tl_type_by_number (g_array_index (types, guint, i));

    tl_changes_rekey (changes, type, from, to);
    if (!tl_apply_overlay (db, changes, type, from, error) ||
        !tl_apply_overlay (db, changes, type, to, error))
      return FALSE;
  }
  return types != NULL;
}

static gboolean
show_all (TlDb *db, TlChanges *changes, GPtrArray *ops, GError **error)
{
  for (guint i = 0; i < ops->len; i++) {
    const TlOp *op = ops->pdata[i];

    if (!tl_apply_overlay (db, changes, op->type, op->key, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
accept (TlDb *db, TlChanges *changes, const TlOp *op, gint64 to, JsonObject *object, GError **error)
{
  g_autoptr (GError) failed = NULL;
  g_autoptr (JsonObject) before = NULL, after = NULL;
  g_autoptr (GPtrArray) naming = NULL;
  gboolean told;

  before = tl_overlay_truth (db, op->type, to, &told, &failed);
  if (failed == NULL && op->key != to) {
    told |= before != NULL; /* the delta was faster */
    naming = tl_ops_naming (db, op->key, &failed);
  }
  if (failed) {
    g_propagate_error (error, g_steal_pointer (&failed));
    return FALSE;
  }
  after = truth_after (op, before, told, object, to);
  if (!note_applied (db, op, to, error) || !settle_local (db, op->id, op->key, to, error) ||
      !tl_overlay_set_truth (db, op->type, to, after, told, error))
    return FALSE;
  if (op->key == to)
    return tl_apply_overlay (db, changes, op->type, to, error);
  return move_rows (db, changes, op->key, to, error) && show_all (db, changes, naming, error);
}

gboolean
tl_outbox_accept (TlDb *db, TlChanges *changes, const TlOp *op, JsonObject *object, GError **error)
{
  g_autoptr (GError) failed = NULL;
  g_autoptr (TlOp) current =
      tl_op_get (db, op->id, &failed); /* its references may have ids by now */
  gint64 to;

  if (failed) {
    g_propagate_error (error, g_steal_pointer (&failed));
    return FALSE;
  }
  if (current == NULL) /* given up by a person, or accepted before */
    return TRUE;
  to = current->key;
  if (current->verb == TL_OP_CREATE && object && json_object_has_member (object, "id"))
    to = tl_ref_parse (json_object_get_member (object, "id"));
  if (to <= 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "The server accepted a new %s without saying its id", current->type->name);
    return FALSE;
  }
  tl_changes_local (changes);
  return accept (db, changes, current, to, object, error) &&
         tl_apply_unconfirmed (db, current->type, to, error);
}

static gboolean
discard_refused (TlDb *db, TlChanges *changes, gint64 key, GError **error)
{
  g_autoptr (GPtrArray) ops = tl_ops_of_key (db, key, error);

  for (guint i = 0; ops && i < ops->len; i++) {
    const TlOp *op = ops->pdata[i];

    if (op->verb == TL_OP_CREATE && op->status == TL_OP_REFUSED)
      return tl_outbox_discard (db, changes, op->id, error);
  }
  return ops != NULL;
}

gboolean
tl_outbox_gone (TlDb *db, TlChanges *changes, const TlOp *op, GError **error)
{
  g_autoptr (GError) failed = NULL;
  g_autoptr (TlOp) current = tl_op_get (db, op->id, &failed);

  if (failed) {
    g_propagate_error (error, g_steal_pointer (&failed));
    return FALSE;
  }
  if (current && current->key < 0)
    return discard_refused (db, changes, current->key, error);
  return tl_outbox_accept (db, changes, op, NULL, error);
}

/* --- opening ------------------------------------------------------------------------------------ */

typedef struct {
  gint64 id, from, to;
} Half;

static gboolean
finish_halves (TlDb *db, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, TL_OUTBOX_SQL, "half-applied");
  g_autoptr (GArray) halves = g_array_new (FALSE, FALSE, sizeof (Half));
  g_autoptr (GError) failed = NULL;

  while (tl_db_step (db, statement, &failed)) {
    Half half = { sqlite3_column_int64 (statement, 0), sqlite3_column_int64 (statement, 1),
                  sqlite3_column_int64 (statement, 2) };
    g_array_append_val (halves, half);
  }
  for (guint i = 0; failed == NULL && i < halves->len; i++) {
    const Half *half = &g_array_index (halves, Half, i);
    settle_local (db, half->id, half->from, half->to, &failed);
  }
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

gboolean
tl_outbox_recover (TlDb *db, TlChanges *changes, GError **error)
{
  sqlite3_stmt *statement;
  g_autoptr (GArray) dirty = g_array_new (FALSE, FALSE, sizeof (TlObjectRef));
  g_autoptr (GError) failed = NULL;

  /* forgotten first: what is finished now must be noted until local.db has it */
  if (!tl_db_exec (db, TL_OUTBOX_SQL, "forget-applied", error) || !finish_halves (db, error))
    return FALSE;
  statement = tl_db_statement (db, TL_OUTBOX_SQL, "dirty");
  while (tl_db_step (db, statement, &failed)) {
    TlObjectRef ref = { .type = (guint8)sqlite3_column_int (statement, 0),
                        .key = sqlite3_column_int64 (statement, 1) };
    g_array_append_val (dirty, ref);
  }
  for (guint i = 0; failed == NULL && i < dirty->len; i++) {
    const TlObjectRef *ref = &g_array_index (dirty, TlObjectRef, i);
    tl_apply_overlay (db, changes, tl_type_by_number (ref->type), ref->key, &failed);
  }
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}
