/* op.c: operations to and from local.op. */
#include "sync/op.h"

#include "sync/overlay.h"

#include <string.h>

void
tl_op_free (TlOp *op)
{
  if (op == NULL)
    return;
  g_free (op->op_id);
  g_free (op->body);
  g_free (op->state);
  g_free (op->error_type);
  g_free (op->error);
  g_free (op);
}

static char *
dup_column (sqlite3_stmt *statement, int column)
{
  return g_strdup ((const char *)sqlite3_column_text (statement, column));
}

static TlOp *
read_op (sqlite3_stmt *statement)
{
  TlOp *op = g_new0 (TlOp, 1);

  op->id = sqlite3_column_int64 (statement, 0);
  op->op_id = dup_column (statement, 1);
  op->type = tl_type_by_number ((guint)sqlite3_column_int (statement, 2));
  op->key = sqlite3_column_int64 (statement, 3);
  op->verb = (TlVerb)sqlite3_column_int (statement, 4);
  op->body = dup_column (statement, 5);
  op->state = dup_column (statement, 6);
  op->status = (TlOpStatus)sqlite3_column_int (statement, 7);
  op->error_type = dup_column (statement, 8);
  op->error = dup_column (statement, 9);
  op->attempts = (guint)sqlite3_column_int (statement, 10);
  op->made_at = sqlite3_column_int64 (statement, 11);
  return op;
}

static GPtrArray *
read_ops (TlDb *db, sqlite3_stmt *statement, GError **error)
{
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func ((GDestroyNotify)tl_op_free);
  g_autoptr (GError) failed = NULL;

  while (tl_db_step (db, statement, &failed))
    g_ptr_array_add (ops, read_op (statement));
  if (failed == NULL)
    return g_steal_pointer (&ops);
  g_propagate_error (error, g_steal_pointer (&failed));
  return NULL;
}

GPtrArray *
tl_outbox_list (TlDb *db, GError **error)
{
  return read_ops (db, tl_db_statement (db, TL_OUTBOX_SQL, "list"), error);
}

GPtrArray *
tl_outbox_of (TlDb *db, const TlType *type, gint64 key, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, TL_OUTBOX_SQL, "of-object");

  sqlite3_bind_int (statement, 1, type->number);
  sqlite3_bind_int64 (statement, 2, key);
  return read_ops (db, statement, error);
}

GPtrArray *
tl_ops_of_key (TlDb *db, gint64 key, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, TL_OUTBOX_SQL, "of-key");

  sqlite3_bind_int64 (statement, 1, key);
  return read_ops (db, statement, error);
}

GPtrArray *
tl_ops_naming (TlDb *db, gint64 key, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, TL_OUTBOX_SQL, "naming");
  char ref[TL_ID_MAX + 1];
  GPtrArray *ops;

  sqlite3_bind_text (statement, 1, tl_ref_format (key, ref), -1, SQLITE_STATIC);
  ops = read_ops (db, statement, error);
  for (guint i = ops ? ops->len : 0; i > 0; i--) {
    const TlOp *op = ops->pdata[i - 1];
    g_autoptr (GArray) refs = tl_body_refs (op->type, op->body);
    gboolean found = FALSE;

    for (guint r = 0; refs && r < refs->len; r++)
      found |= g_array_index (refs, gint64, r) == key;
    if (!found)
      g_ptr_array_remove_index (ops, i - 1);
  }
  return ops;
}

TlOp *
tl_op_get (TlDb *db, gint64 id, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, TL_OUTBOX_SQL, "get");
  g_autoptr (GPtrArray) ops = NULL;

  sqlite3_bind_int64 (statement, 1, id);
  ops = read_ops (db, statement, error);
  return ops && ops->len > 0 ? g_ptr_array_steal_index (ops, 0) : NULL;
}

GArray *
tl_body_refs (const TlType *type, const char *body)
{
  g_autoptr (JsonObject) object = strstr (body, "\"#n") ? tl_object_from_text (body) : NULL;
  GArray *refs = NULL;

  for (guint i = 0; object && i < type->n_fields; i++) {
    gint64 key = type->fields[i].kind == TL_FIELD_ID
                     ? tl_ref_parse (json_object_get_member (object, type->fields[i].name))
                     : 0;
    if (key >= 0)
      continue;
    if (refs == NULL)
      refs = g_array_new (FALSE, FALSE, sizeof (gint64));
    g_array_append_val (refs, key);
  }
  return refs;
}

gboolean
tl_op_is_unsent (const TlOp *op)
{
  return op->status == TL_OP_REFUSED || (op->status == TL_OP_WAITING && op->attempts == 0);
}

gboolean
tl_field_is_default (const TlField *field, JsonNode *value)
{
  if (JSON_NODE_HOLDS_NULL (value))
    return TRUE;
  if (field->flags & TL_NULLABLE)
    return FALSE;
  return (field->kind == TL_FIELD_BOOL && !json_node_get_boolean (value)) ||
         (field->kind == TL_FIELD_INT && json_node_get_int (value) == 0);
}

/* UUIDv7 (RFC 9562, 5.7): milliseconds, then random. */
static char *
make_op_id (void)
{
  char *id = g_uuid_string_random ();
  gint64 now = g_get_real_time () / 1000;
  g_autofree char *time =
      g_strdup_printf ("%08x-%04x-7", (guint)(now >> 16), (guint)(now & 0xffff));

  memcpy (id, time, strlen (time));
  return id;
}

gboolean
tl_op_add (TlDb *db, const TlType *type, TlVerb verb, gint64 key, JsonObject *body, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, TL_OUTBOX_SQL, "add");
  g_autofree char *op_id = make_op_id ();
  g_autofree char *text = body ? tl_object_to_text (body) : g_strdup ("{}");
  g_autofree char *state = g_strconcat ("state:", type->name, NULL);

  sqlite3_bind_text (statement, 1, op_id, -1, SQLITE_STATIC);
  sqlite3_bind_int (statement, 2, type->number);
  sqlite3_bind_int64 (statement, 3, key);
  sqlite3_bind_int (statement, 4, verb);
  sqlite3_bind_text (statement, 5, text, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 6, state, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 7, g_get_real_time () / 1000);
  return tl_db_run (db, statement, error);
}

gboolean
tl_op_set_body (TlDb *db, gint64 id, JsonObject *body, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, TL_OUTBOX_SQL, "set-body");
  g_autofree char *text = tl_object_to_text (body);

  sqlite3_bind_int64 (statement, 1, id);
  sqlite3_bind_text (statement, 2, text, -1, SQLITE_STATIC);
  return tl_db_run (db, statement, error);
}

gboolean
tl_op_renew (TlDb *db, gint64 id, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, TL_OUTBOX_SQL, "renew");
  g_autofree char *op_id = make_op_id ();

  sqlite3_bind_int64 (statement, 1, id);
  sqlite3_bind_text (statement, 2, op_id, -1, SQLITE_STATIC);
  return tl_db_run (db, statement, error);
}

gboolean
tl_op_mark (TlDb *db, const char *name, gint64 id, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, TL_OUTBOX_SQL, name);

  sqlite3_bind_int64 (statement, 1, id);
  return tl_db_run (db, statement, error);
}

gboolean
tl_op_remove (TlDb *db, gint64 id, GError **error)
{
  return tl_op_mark (db, "remove", id, error);
}
