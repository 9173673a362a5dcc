/* overlay.c: row = base + pending operations.
 *
 * Only objects with pending operations have an entry in `base`; everything else is its base. A row shown is
 * always computed from the base and all operations, never patched further, so it cannot drift. */
#include "sync/overlay.h"

#include "sync/apply.h"
#include "sync/derived.h"
#include "sync/record-sql.h"
#include "sync/wire/patch.h"

#define SQL "sql/apply.sql"

char *
tl_ref_format (gint64 key, char buffer[TL_ID_MAX + 1])
{
  if (key < 0)
    g_snprintf (buffer, TL_ID_MAX + 1, "#n%" G_GINT64_FORMAT, -key);
  else
    tl_id_format (key, buffer);
  return buffer;
}

gint64
tl_ref_parse (JsonNode *node)
{
  const char *text =
      node && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
          ? json_node_get_string (node)
          : NULL;
  gint64 key;

  if (tl_id_parse (text, &key))
    return key;
  if (text && g_str_has_prefix (text, "#n") &&
      g_ascii_string_to_signed (text + 2, 10, 1, G_MAXINT64, &key, NULL))
    return -key;
  return 0;
}

JsonObject *
tl_object_from_text (const char *json)
{
  g_autoptr (JsonNode) node = json ? json_from_string (json, NULL) : NULL;

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : NULL;
}

char *
tl_object_to_text (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, object);
  return json_to_string (node, FALSE);
}

/* A pointer into a property that is there changes it; else it stays a pointer, as of a patch into a patch. One that
 * leads nowhere any more is the server's to refuse. */
static void
merge_deep (JsonObject *object, const char *pointer, JsonNode *value)
{
  g_autofree char *property = tl_patch_property (pointer);
  g_autoptr (JsonObject) patch = NULL, patched = NULL;
  JsonNode *there = json_object_get_member (object, property);

  if (there == NULL) {
    json_object_set_member (object, pointer, json_node_copy (value));
    return;
  }
  patch = json_object_new ();
  json_object_set_member (patch, pointer, json_node_copy (value));
  patched = tl_patch_apply (object, patch, NULL);
  if (patched)
    json_object_set_member (object, property,
                            json_node_copy (json_object_get_member (patched, property)));
}

static void
drop_pointers_into (JsonObject *object, const char *property)
{
  g_autofree char *prefix = g_strconcat (property, "/", NULL);
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *at = names; at; at = at->next)
    if (g_str_has_prefix (at->data, prefix))
      json_object_remove_member (object, at->data);
}

JsonObject *
tl_overlay_merge (JsonObject *object, JsonObject *from)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (object == NULL)
    object = json_object_new ();
  json_object_iter_init (&iter, from);
  while (json_object_iter_next (&iter, &name, &value)) {
    if (strchr (name, '/')) {
      merge_deep (object, name, value);
      continue;
    }
    drop_pointers_into (object, name);
    json_object_set_member (object, name, json_node_copy (value));
  }
  return object;
}

gboolean
tl_op_applies (const TlOp *op)
{
  return op->status != TL_OP_REFUSED || op->verb == TL_OP_CREATE;
}

/* --- bases -------------------------------------------------------------------------------------- */

static JsonObject *
row_object (TlDb *db, const TlType *type, gint64 key, GError **error)
{
  gpointer record = tl_record_load (db, type, key, error);
  JsonObject *object = record ? tl_record_to_json (type, record) : NULL;

  tl_record_free (type, record);
  return object;
}

/* FALSE without an error: there is no entry. */
static gboolean
load_base (TlDb *db, const TlType *type, gint64 key, JsonObject **object, gboolean *fresh,
           GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "base-get");

  sqlite3_bind_int (statement, 1, type->number);
  sqlite3_bind_int64 (statement, 2, key);
  if (!tl_db_step (db, statement, error))
    return FALSE;
  *object = tl_object_from_text ((const char *)sqlite3_column_text (statement, 0));
  if (fresh)
    *fresh = sqlite3_column_int (statement, 1);
  sqlite3_reset (statement);
  return TRUE;
}

JsonObject *
tl_overlay_truth (TlDb *db, const TlType *type, gint64 key, gboolean *fresh, GError **error)
{
  g_autoptr (GError) failed = NULL;
  JsonObject *object = NULL;

  if (fresh)
    *fresh = FALSE;
  if (load_base (db, type, key, &object, fresh, &failed))
    return object;
  if (failed == NULL)
    return row_object (db, type, key, error);
  g_propagate_error (error, g_steal_pointer (&failed));
  return NULL;
}

gboolean
tl_overlay_set_truth (TlDb *db, const TlType *type, gint64 key, JsonObject *object, gboolean fresh,
                      GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "base-put");
  g_autofree char *json = object ? tl_object_to_text (object) : NULL;

  sqlite3_bind_int (statement, 1, type->number);
  sqlite3_bind_int64 (statement, 2, key);
  sqlite3_bind_text (statement, 3, json, -1, SQLITE_STATIC);
  sqlite3_bind_int (statement, 4, fresh);
  return tl_db_run (db, statement, error);
}

static gboolean
remove_base (TlDb *db, const TlType *type, gint64 key, GError **error)
{
  sqlite3_stmt *statement = tl_db_statement (db, SQL, "base-remove");

  sqlite3_bind_int (statement, 1, type->number);
  sqlite3_bind_int64 (statement, 2, key);
  return tl_db_run (db, statement, error);
}

/* --- showing ------------------------------------------------------------------------------------ */

/* What a server would set by itself and never leaves null is the time of making, until it says. */
static void
guess_dates (const TlType *type, JsonObject *object, gint64 made_at)
{
  for (guint i = 0; i < type->n_fields; i++) {
    const TlField *field = &type->fields[i];

    if (field->kind == TL_FIELD_DATE && (field->flags & TL_SERVER_SET) &&
        !(field->flags & TL_NULLABLE) && !json_object_has_member (object, field->name)) {
      g_autofree char *date = tl_date_format (made_at);
      json_object_set_string_member (object, field->name, date);
    }
  }
}

static JsonObject *
apply_op (JsonObject *object, const TlOp *op)
{
  g_autoptr (JsonObject) body = tl_object_from_text (op->body);

  if (op->verb == TL_OP_DESTROY) {
    g_clear_pointer (&object, json_object_unref);
    return NULL;
  }
  if (op->verb == TL_OP_UPDATE && object == NULL)
    return NULL;
  object = tl_overlay_merge (object, body);
  if (op->verb == TL_OP_CREATE)
    guess_dates (op->type, object, op->made_at);
  return object;
}

JsonObject *
tl_overlay_fold (TlDb *db, const TlType *type, gint64 key, gint64 before, GError **error)
{
  g_autoptr (GError) failed = NULL;
  g_autoptr (JsonObject) object = tl_overlay_truth (db, type, key, NULL, &failed);
  g_autoptr (GPtrArray) ops = failed ? NULL : tl_outbox_of (db, type, key, &failed);

  if (failed) {
    g_propagate_error (error, g_steal_pointer (&failed));
    return NULL;
  }
  for (guint i = 0; i < ops->len; i++) {
    const TlOp *op = ops->pdata[i];

    if (tl_op_applies (op) && op->id < before)
      object = apply_op (g_steal_pointer (&object), op);
  }
  return g_steal_pointer (&object);
}

/* Values that the type doesn't take are left out: they must not stop a sync. */
static gpointer
to_record (const TlType *type, gint64 key, JsonObject *object)
{
  g_autoptr (JsonObject) plain = json_object_new ();
  gpointer record = tl_record_new (type);

  for (guint i = 0; i < type->n_fields; i++) {
    const TlField *field = &type->fields[i];
    JsonNode *value = json_object_get_member (object, field->name);

    if (value && tl_field_check (field, value, NULL))
      json_object_set_member (plain, field->name, json_node_copy (value));
  }
  tl_record_from_json (type, plain, record, NULL);
  for (guint i = 0; i < type->n_fields; i++) {
    const TlField *field = &type->fields[i];
    gint64 ref = field->kind == TL_FIELD_ID
                     ? tl_ref_parse (json_object_get_member (object, field->name))
                     : 0;

    if (ref < 0) {
      G_STRUCT_MEMBER (gint64, record, field->offset) = ref;
      ((TlRecord *)record)->present |= G_GUINT64_CONSTANT (1) << i;
    }
  }
  ((TlRecord *)record)->key = key;
  return record;
}

static gboolean
show (TlDb *db, TlChanges *changes, const TlType *type, gint64 key, JsonObject *object,
      GError **error)
{
  gpointer record;
  gboolean fine;

  if (type == &tl_room_type && key < 0 &&
      !tl_overlay_show_invited (db, changes, key, object, error))
    return FALSE;
  if (object == NULL)
    return tl_record_remove (db, type, key, error) && tl_derived_remove (db, type, key, error);
  record = to_record (type, key, object);
  fine =
      tl_record_store (db, type, record, error) && tl_derived_put_record (db, type, record, error);
  tl_record_free (type, record);
  return fine;
}

static gboolean
has_applying (GPtrArray *ops)
{
  for (guint i = 0; i < ops->len; i++)
    if (tl_op_applies (ops->pdata[i]))
      return TRUE;
  return FALSE;
}

gboolean
tl_apply_overlay (TlDb *db, TlChanges *changes, const TlType *type, gint64 key, GError **error)
{
  g_autoptr (GPtrArray) ops = tl_outbox_of (db, type, key, error);
  g_autoptr (GError) failed = NULL;
  g_autoptr (JsonObject) object = NULL, truth = NULL;
  gboolean has_base;

  if (ops == NULL)
    return FALSE;
  tl_changes_add (changes, type, key);
  has_base = load_base (db, type, key, &truth, NULL, &failed);
  if (failed == NULL && !has_applying (ops)) {
    if (!has_base)
      return TRUE;
    return show (db, changes, type, key, truth, error) && remove_base (db, type, key, error);
  }
  if (failed == NULL && !has_base) {
    truth = row_object (db, type, key, &failed);
    if (failed == NULL)
      tl_overlay_set_truth (db, type, key, truth, FALSE, &failed);
  }
  if (failed == NULL)
    object = tl_overlay_fold (db, type, key, G_MAXINT64, &failed);
  if (failed) {
    g_propagate_error (error, g_steal_pointer (&failed));
    return FALSE;
  }
  return show (db, changes, type, key, object, error);
}
