/* outbox.c: operations come in, are sent, refused, tried again or given up (writer thread). What an
 * acknowledgement does is in accept.c, how they fold into each other in coalesce.c. */
#include "sync/outbox.h"

#include "sync/apply.h"
#include "sync/op.h"
#include "sync/overlay.h"
#include "sync/record-sql.h"
#include "sync/uploads.h"

/* A request is far below what a server takes (maxSizeRequest), unless one operation alone is not. */
#define BATCH_BYTES (1000 * 1000)

/* --- adding ------------------------------------------------------------------------------------- */

static gboolean
check_body (const TlType *type, JsonObject *body, GError **error)
{
  for (guint i = 0; body && i < type->n_fields; i++) {
    JsonNode *value = json_object_get_member (body, type->fields[i].name);

    if (value && !(type->fields[i].kind == TL_FIELD_ID && tl_ref_parse (value) < 0) &&
        !tl_field_check (&type->fields[i], value, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
next_key (TlDb *db, gint64 *key, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, TL_OUTBOX_SQL, "next-key");

  if (!tl_db_step (db, statement, error))
    return FALSE;
  *key = sqlite3_column_int64 (statement, 0);
  return tl_db_run (db, statement, error);
}

/* Is the object shown? FALSE with an error too. */
static gboolean
is_shown (TlDb *db, const TlType *type, gint64 key, GError **error)
{
  gpointer record = tl_record_load (db, type, key, error);
  gboolean shown = record != NULL;

  tl_record_free (type, record);
  return shown;
}

/* A mark is made by the first change to it, and making one that is there changes it. */
static gboolean
settle_verb (TlDb *db, const TlType *type, TlVerb *verb, gint64 *key, JsonObject *body,
             GError **error)
{
  g_autoptr (GError) failed = NULL;
  char ref[TL_ID_MAX + 1];
  gboolean shown;

  if (*verb == TL_OP_CREATE && type->keyed_by == NULL)
    return next_key (db, key, error);
  if (*verb == TL_OP_CREATE)
    *key = tl_ref_parse (json_object_get_member (body, type->keyed_by));
  shown = is_shown (db, type, *key, &failed);
  if (failed) {
    g_propagate_error (error, g_steal_pointer (&failed));
    return FALSE;
  }
  if (*verb == TL_OP_CREATE && shown) {
    *verb = TL_OP_UPDATE;
    json_object_remove_member (body, type->keyed_by);
  } else if (*verb == TL_OP_UPDATE && !shown && type->keyed_by) {
    *verb = TL_OP_CREATE;
    json_object_set_string_member (body, type->keyed_by, tl_ref_format (*key, ref));
  } else if (*verb != TL_OP_CREATE && !shown) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "This %s is not there any more",
                 type->name);
    return FALSE;
  }
  return TRUE;
}

/* Somebody invited to a room that the server has not made yet is part of the room's create. */
static gboolean
change_invited (TlDb *db, TlChanges *changes, TlVerb verb, gint64 key, GError **error)
{
  tl_changes_local (changes);
  if (verb == TL_OP_DESTROY)
    return tl_overlay_uninvite (db, changes, key, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PENDING,
                       "The server does not know the room yet; roles are given then");
  return FALSE;
}

gboolean
tl_outbox_add (TlDb *db, TlChanges *changes, const TlType *type, TlVerb verb, gint64 *key,
               JsonObject *body, GError **error)
{
  g_autoptr (JsonObject) taken = body;
  gboolean done;

  if (tl_overlay_is_invited (type, *key) && verb != TL_OP_CREATE)
    return change_invited (db, changes, verb, *key, error);
  if (!check_body (type, body, error) || !settle_verb (db, type, &verb, key, body, error) ||
      !tl_outbox_coalesce (db, changes, type, verb, *key, body, &done, error) ||
      (!done && !tl_op_add (db, type, verb, *key, body, error)))
    return FALSE;
  tl_changes_local (changes);
  return tl_apply_overlay (db, changes, type, *key, error);
}

/* --- sending ------------------------------------------------------------------------------------ */

typedef struct {
  GHashTable *objects; /* of TlObjectRef: an earlier operation on it is not finished */
  GHashTable *locals;  /* of gint64: local keys that the server will not know */
} Blocked;

static guint
hash_ref (gconstpointer data)
{
  return g_int64_hash (data);
}

static gboolean
equal_ref (gconstpointer a, gconstpointer b)
{
  const TlObjectRef *one = a, *two = b;
  return one->key == two->key && one->type == two->type;
}

static void
block (Blocked *blocked, const TlOp *op)
{
  TlObjectRef ref = { op->key, op->type->number };

  g_hash_table_add (blocked->objects, g_memdup2 (&ref, sizeof ref));
  if (op->verb == TL_OP_CREATE && op->key < 0 && op->type->keyed_by == NULL)
    g_hash_table_add (blocked->locals, g_memdup2 (&op->key, sizeof op->key));
}

static gboolean
is_blocked (Blocked *blocked, const TlOp *op)
{
  TlObjectRef ref = { op->key, op->type->number };
  g_autoptr (GArray) refs = tl_body_refs (op->type, op->body);

  if (g_hash_table_contains (blocked->objects, &ref))
    return TRUE;
  for (guint i = 0; refs && i < refs->len; i++)
    if (g_hash_table_contains (blocked->locals, &g_array_index (refs, gint64, i)))
      return TRUE;
  return op->key < 0 && op->type->keyed_by && g_hash_table_contains (blocked->locals, &op->key);
}

static gboolean
send (TlDb *db, TlOp *op, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, "sql/apply.sql", "base-on-its-way");

  /* what the server tells from now on may have this operation in it, or not: accept.c asks */
  sqlite3_bind_int (statement, 1, op->type->number);
  sqlite3_bind_int64 (statement, 2, op->key);
  if (op->attempts == 0 && !tl_db_run (db, statement, error))
    return FALSE;
  op->status = TL_OP_SENDING;
  op->attempts++;
  return tl_op_mark (db, "send", op->id, error);
}

GPtrArray *
tl_outbox_take (TlDb *db, guint limit, GError **error)
{
  g_autoptr (GPtrArray) ops = tl_outbox_list (db, error);
  g_autoptr (GPtrArray) taken = g_ptr_array_new_with_free_func ((GDestroyNotify)tl_op_free);
  g_autoptr (GHashTable) objects = g_hash_table_new_full (hash_ref, equal_ref, g_free, NULL);
  g_autoptr (GHashTable) locals = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  Blocked blocked = { objects, locals };
  gsize bytes = 0;

  if (!tl_db_exec (db, TL_OUTBOX_SQL, "forget-never", error))
    return NULL;
  for (guint i = 0; ops && i < ops->len && taken->len < limit; i++) {
    TlOp *op = ops->pdata[i];
    gsize size = strlen (op->body);

    if (op->status == TL_OP_REFUSED && op->verb != TL_OP_CREATE)
      continue;
    if (op->status != TL_OP_WAITING || is_blocked (&blocked, op) ||
        tl_uploads_hold (db, op->body)) {
      block (&blocked, op);
      continue;
    }
    if (taken->len > 0 && bytes + size > BATCH_BYTES)
      break;
    if (!send (db, op, error))
      return NULL;
    bytes += size;
    g_ptr_array_add (taken, op);
    ops->pdata[i] = NULL;
  }
  return ops ? g_steal_pointer (&taken) : NULL;
}

gboolean
tl_outbox_release (TlDb *db, TlChanges *changes, GError **error)
{
  tl_changes_local (changes);
  return tl_db_exec (db, TL_OUTBOX_SQL, "release", error);
}

/* --- refusals ----------------------------------------------------------------------------------- */

gboolean
tl_outbox_refuse (TlDb *db, TlChanges *changes, const TlOp *op, const char *error_type,
                  const char *sentence, GError **error)
{
  g_autoptr (GError) failed = NULL;
  g_autoptr (TlOp) current = tl_op_get (db, op->id, &failed);
  sqlite3_stmt *statement = tl_db_statement (db, TL_OUTBOX_SQL, "refuse");

  if (failed) {
    g_propagate_error (error, g_steal_pointer (&failed));
    return FALSE;
  }
  if (current == NULL) /* a person gave it up meanwhile */
    return TRUE;
  sqlite3_bind_int64 (statement, 1, op->id);
  sqlite3_bind_text (statement, 2, error_type, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 3, sentence, -1, SQLITE_STATIC);
  tl_changes_local (changes);
  return tl_db_run (db, statement, error) &&
         tl_apply_overlay (db, changes, current->type, current->key, error);
}

static TlOp *
get_op (TlDb *db, gint64 id, GError **error)
{
  g_autoptr (GError) failed = NULL;
  TlOp *op = tl_op_get (db, id, &failed);

  if (failed)
    g_propagate_error (error, g_steal_pointer (&failed));
  else if (op == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         "This change is not waiting any more");
  return op;
}

gboolean
tl_outbox_retry (TlDb *db, TlChanges *changes, gint64 id, GError **error)
{
  g_autoptr (TlOp) op = get_op (db, id, error);

  if (op == NULL)
    return FALSE;
  tl_changes_local (changes);
  return op->status != TL_OP_REFUSED ||
         (tl_op_renew (db, id, error) && tl_apply_overlay (db, changes, op->type, op->key, error));
}

static gboolean
discard_all (TlDb *db, TlChanges *changes, GPtrArray *ops, GError **error)
{
  for (guint i = 0; ops && i < ops->len; i++) {
    g_autoptr (GError) failed = NULL;
    const TlOp *op = ops->pdata[i];
    g_autoptr (TlOp) current = tl_op_get (db, op->id, &failed);

    if (failed) {
      g_propagate_error (error, g_steal_pointer (&failed));
      return FALSE;
    }
    if (current && !tl_op_discard (db, changes, current, error))
      return FALSE;
  }
  return ops != NULL;
}

gboolean
tl_op_discard (TlDb *db, TlChanges *changes, const TlOp *op, GError **error)
{
  if (!tl_op_remove (db, op->id, error))
    return FALSE;
  if (op->verb == TL_OP_CREATE && op->key < 0 && op->type->keyed_by == NULL) {
    g_autoptr (GPtrArray) on_it = tl_ops_of_key (db, op->key, error);
    g_autoptr (GPtrArray) naming = on_it ? tl_ops_naming (db, op->key, error) : NULL;

    if (!discard_all (db, changes, on_it, error) || !discard_all (db, changes, naming, error))
      return FALSE;
  } else if (op->verb == TL_OP_CREATE) {
    g_autoptr (GPtrArray) on_it = tl_outbox_of (db, op->type, op->key, error);

    if (!discard_all (db, changes, on_it, error))
      return FALSE;
  }
  return tl_apply_overlay (db, changes, op->type, op->key, error);
}

gboolean
tl_outbox_discard (TlDb *db, TlChanges *changes, gint64 id, GError **error)
{
  g_autoptr (TlOp) op = get_op (db, id, error);

  if (op == NULL)
    return FALSE;
  tl_changes_local (changes);
  return tl_op_discard (db, changes, op, error);
}
