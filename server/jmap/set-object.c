/* set-object.c: creating, updating and destroying one object: what every type has in common. What a
 * type allows beyond its field table is its service's to decide. */
#include "server/jmap/row.h"
#include "server/jmap/set.h"
#include "server/jmap/type-sql.h"
#include "sync/wire/patch.h"

enum { SCOPE, OBJECT };

G_GNUC_PRINTF (3, 4)
static gboolean
refuse (GError **error, TlSetError code, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  *error = g_error_new_valist (TL_SET_ERROR, (int)code, format, args);
  va_end (args);
  return FALSE;
}

static gboolean
is_creation_reference (const TlField *field, JsonNode *value)
{
  return field && field->kind == TL_FIELD_ID && tl_node_string (value) &&
         tl_node_string (value)[0] == '#';
}

static const char *
created_id (TlSet *set, const char *reference)
{
  return json_object_get_string_member_with_default (set->write.created, reference + 1, NULL);
}

gboolean
tl_set_must_wait (TlSet *set, JsonObject *object, GHashTable *waiting)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &value))
    if (is_creation_reference (tl_type_field (set->service->type, name, NULL), value) &&
        !created_id (set, tl_node_string (value)) &&
        g_hash_table_contains (waiting, tl_node_string (value) + 1))
      return TRUE;
  return FALSE;
}

/* A copy without the operation id, its creation references resolved. */
static JsonObject *
copy_given (TlSet *set, JsonObject *given, GError **error)
{
  g_autoptr (JsonObject) copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, given);
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    const char *id;

    if (g_str_equal (name, "@opId"))
      continue;
    if (!is_creation_reference (tl_type_field (set->service->type, name, NULL), value)) {
      json_object_set_member (copy, name, json_node_ref (value));
      continue;
    }
    id = created_id (set, tl_node_string (value));
    if (id == NULL) {
      refuse (error, TL_SET_ERROR_INVALID_PROPERTIES, "%s: nothing was created as “%.100s”", name,
              tl_node_string (value));
      return NULL;
    }
    json_object_set_string_member (copy, name, id);
  }
  return g_steal_pointer (&copy);
}

static gboolean
check_created (const TlTypeService *service, JsonObject *object, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &value)) {
    const TlField *field = tl_type_field (service->type, name, NULL);

    if (field == NULL && service->extra && g_strv_contains (service->extra, name))
      continue;
    if (field == NULL)
      return refuse (error, TL_SET_ERROR_INVALID_PROPERTIES, "%.100s: is no property of %s", name,
                     service->type->name);
    if (field->flags & TL_SERVER_SET)
      return refuse (error, TL_SET_ERROR_INVALID_PROPERTIES, "%s: is set by the server", name);
    if (!tl_field_check (field, value, error))
      return FALSE;
  }
  for (guint i = 0; i < service->type->n_fields; i++)
    if ((service->type->fields[i].flags & TL_REQUIRED) &&
        !json_object_has_member (object, service->type->fields[i].name))
      return refuse (error, TL_SET_ERROR_INVALID_PROPERTIES, "%s: is missing",
                     service->type->fields[i].name);
  return TRUE;
}

static gboolean
is_same (JsonObject *a, JsonObject *b, const char *name)
{
  JsonNode *one = json_object_get_member (a, name);
  JsonNode *other = json_object_get_member (b, name);

  return one && other && json_node_equal (one, other);
}

/* The properties that the client doesn't know: what it didn't say, or what the service made of it. The
 * place in an ordered scope is known only when the log was written. */
static guint64
unknown_to_client (const TlType *type, JsonObject *given, JsonObject *object)
{
  guint64 mask = 0;

  for (guint i = 0; i < type->n_fields; i++)
    if (!is_same (given, object, type->fields[i].name) &&
        !((type->flags & TL_TYPE_ORDERED) && g_str_equal (type->fields[i].name, "seq")))
      mask |= G_GUINT64_CONSTANT (1) << i;
  return mask;
}

/* The row and its text, locked; *found FALSE when the account doesn't see one. */
static gboolean
load_current (TlSet *set, gint64 id, gint64 *scope, JsonObject **current, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, id);
  const char *args[] = { set->call->account_number, text };
  g_autoptr (PGresult) row =
      tl_type_query (set->write.pg, set->service->type, TL_TYPE_CURRENT, 2, args, error);
  g_autoptr (JsonNode) node = NULL;

  if (row == NULL)
    return FALSE;
  if (PQntuples (row) == 0)
    return TRUE;
  *scope = g_ascii_strtoll (PQgetvalue (row, 0, SCOPE), NULL, 10);
  node = json_from_string (PQgetvalue (row, 0, OBJECT), error);
  if (node == NULL)
    return FALSE;
  *current = json_node_dup_object (node);
  return TRUE;
}

static char *
join_names (JsonObject *patch)
{
  g_autoptr (GList) names = json_object_get_members (patch);
  GString *text = g_string_new (NULL);

  for (GList *l = names; l; l = l->next)
    g_string_append_printf (text, "%s%s", text->len ? "," : "", (const char *)l->data);
  return g_string_free_and_steal (text);
}

/* Members of `patch` that the client didn't ask for so; NULL when there are none. */
static char *
server_set (JsonObject *patch, JsonObject *asked, gint64 id_to_tell)
{
  g_autoptr (JsonObject) told = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  char id[TL_ID_MAX];

  if (id_to_tell)
    json_object_set_string_member (told, "id", tl_id_format (id_to_tell, id));
  json_object_iter_init_ordered (&iter, patch);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    if (!is_same (patch, asked, name))
      json_object_set_member (told, name, json_node_ref (value));
  if (json_object_get_size (told) == 0)
    return NULL;
  json_node_set_object (node, told);
  return json_to_string (node, FALSE);
}

/* Writes `asked`, whole and checked values that differ from `current`'s. */
static gboolean
write_update (TlSet *set, TlSetResult *result, JsonObject *current, JsonObject *asked,
              gboolean is_create, GError **error)
{
  g_autoptr (JsonObject) patch = json_object_new ();
  g_autofree char *props = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (set->service->update == NULL)
    return refuse (error, TL_SET_ERROR_FORBIDDEN, "A %s cannot be changed",
                   set->service->type->name);
  json_object_iter_init_ordered (&iter, asked);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (patch, name, json_node_ref (value));
  if (!set->service->update (&set->write, result->id, result->scope, current, patch, error))
    return FALSE;
  if (json_object_get_size (patch) > 0) {
    props = join_names (patch);
    if (!tl_row_update (set->write.pg, set->service->type, result->id, result->scope, patch, error))
      return FALSE;
    tl_write_log (&set->write, result->scope, set->service->type, result->id, TL_UPDATED, props);
  }
  result->json = server_set (patch, asked, is_create ? result->id : 0);
  if (result->json == NULL)
    result->json = g_strdup ("null");
  return TRUE;
}

/* An object of which there is one for each target: creating it again changes it. */
static gboolean
create_keyed (TlSet *set, JsonObject *object, TlSetResult *result, gboolean *exists, GError **error)
{
  const TlType *type = set->service->type;
  g_autoptr (JsonObject) current = NULL;
  g_autoptr (JsonObject) asked = json_object_new ();

  tl_id_parse (json_object_get_string_member (object, type->keyed_by), &result->id);
  if (!load_current (set, result->id, &result->scope, &current, error))
    return FALSE;
  *exists = current != NULL;
  if (current == NULL)
    return TRUE;
  for (guint i = 0; i < type->n_fields; i++) {
    const char *name = type->fields[i].name;

    if (json_object_has_member (object, name) && !is_same (object, current, name))
      json_object_set_member (asked, name, json_node_ref (json_object_get_member (object, name)));
  }
  return write_update (set, result, current, asked, TRUE, error);
}

static gboolean
write_create (TlSet *set, JsonObject *given, JsonObject *object, TlSetResult *result,
              GError **error)
{
  const TlTypeService *service = set->service;
  g_autoptr (PGresult) row = NULL;
  gboolean exists = FALSE;
  gint64 scope = 0;

  if (service->type->keyed_by && !create_keyed (set, object, result, &exists, error))
    return FALSE;
  if (exists)
    return TRUE;
  if (!service->create (&set->write, object, &scope, error))
    return FALSE;
  result->scope = scope ? scope : set->write.private_scope;
  row = tl_row_insert (set->write.pg, service->type, result->id, result->scope, object,
                       unknown_to_client (service->type, given, object), error);
  if (row == NULL)
    return FALSE;
  result->id = g_ascii_strtoll (PQgetvalue (row, 0, 0), NULL, 10);
  result->json = g_strdup (PQgetvalue (row, 0, 1));
  tl_write_log (&set->write, result->scope, service->type, result->id, TL_CREATED, NULL);
  result->change = (int)set->write.changes->len - 1;
  return service->created == NULL ||
         service->created (&set->write, result->id, result->scope, object, error);
}

/* Sorts `why` into the object's refusal or the transaction's end. */
static gboolean
settle (TlSetResult *result, GError *why, GError **error)
{
  if (tl_set_is_refusal (why))
    result->error = why;
  else
    g_propagate_error (error, why);
  return FALSE;
}

gboolean
tl_set_create (TlSet *set, JsonObject *given, TlSetResult *result, GError **error)
{
  g_autoptr (JsonObject) asked = NULL;
  g_autoptr (JsonObject) object = NULL;
  GError *why = NULL;
  char id[TL_ID_MAX];

  if (set->service->create == NULL)
    refuse (&why, TL_SET_ERROR_FORBIDDEN, "A %s cannot be created", set->service->type->name);
  else if ((asked = copy_given (set, given, &why)) && (object = copy_given (set, given, &why)) &&
           check_created (set->service, asked, &why))
    write_create (set, asked, object, result, &why);
  /* Two that create the same keyed object at once: the second tries again, and changes it. */
  if (set->service->type->keyed_by && g_error_matches (why, TL_PG_ERROR, TL_PG_ERROR_UNIQUE))
    why->code = TL_PG_ERROR_CONFLICT;
  if (why)
    return settle (result, why, error);
  json_object_set_string_member (set->write.created, result->name, tl_id_format (result->id, id));
  return TRUE;
}

static gboolean
check_patched (const TlType *type, JsonObject *current, JsonObject *patched, const char *name,
               GError **error)
{
  const TlField *field = tl_type_field (type, name, NULL);

  if (g_str_equal (name, "id") || (field && (field->flags & (TL_SERVER_SET | TL_IMMUTABLE))))
    return refuse (error, TL_SET_ERROR_INVALID_PROPERTIES, "%s: cannot be changed", name);
  if (field == NULL)
    return refuse (error, TL_SET_ERROR_INVALID_PROPERTIES, "%.100s: is no property of %s", name,
                   type->name);
  return tl_field_check (field, json_object_get_member (patched, name), error);
}

/* What the patch comes to: whole values of the properties that it changes. */
static JsonObject *
apply_patch (const TlType *type, JsonObject *current, JsonObject *patch, GError **error)
{
  g_autoptr (JsonObject) asked = json_object_new ();
  g_autoptr (GError) why = NULL;
  g_autoptr (JsonObject) patched = tl_patch_apply (current, patch, &why);
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (patched == NULL) {
    refuse (error, TL_SET_ERROR_INVALID_PATCH, "%s", why->message);
    return NULL;
  }
  json_object_iter_init_ordered (&iter, patch);
  while (json_object_iter_next_ordered (&iter, &key, &value)) {
    g_autofree char *name = tl_patch_property (key);

    /* several pointers may lead into one property */
    if (json_object_has_member (asked, name) || is_same (patched, current, name))
      continue;
    if (!check_patched (type, current, patched, name, error))
      return NULL;
    json_object_set_member (asked, name, json_node_ref (json_object_get_member (patched, name)));
  }
  return g_steal_pointer (&asked);
}

/* The object that result->name means, locked. */
static JsonObject *
find (TlSet *set, TlSetResult *result, GError **error)
{
  JsonObject *current = NULL;

  if (result->id && !load_current (set, result->id, &result->scope, &current, error))
    return NULL;
  if (current == NULL)
    refuse (error, TL_SET_ERROR_NOT_FOUND, "There is no %s “%.40s”", set->service->type->name,
            result->name);
  return current;
}

gboolean
tl_set_update (TlSet *set, JsonObject *given, TlSetResult *result, GError **error)
{
  g_autoptr (JsonObject) patch = NULL;
  g_autoptr (JsonObject) current = NULL;
  g_autoptr (JsonObject) asked = NULL;
  GError *why = NULL;

  if ((current = find (set, result, &why)) && (patch = copy_given (set, given, &why)) &&
      (asked = apply_patch (set->service->type, current, patch, &why)) &&
      tl_set_check_unchanged (set, result, current, asked, &why))
    write_update (set, result, current, asked, FALSE, &why);
  return why ? settle (result, why, error) : TRUE;
}

static gboolean
write_destroy (TlSet *set, TlSetResult *result, JsonObject *current, GError **error)
{
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, result->id);
  g_autofree char *scope = g_strdup_printf ("%" G_GINT64_FORMAT, result->scope);
  const char *args[] = { id, scope };
  g_autoptr (PGresult) gone = NULL;

  if (set->service->destroy == NULL)
    return refuse (error, TL_SET_ERROR_FORBIDDEN, "A %s cannot be destroyed",
                   set->service->type->name);
  if (!set->service->destroy (&set->write, result->id, result->scope, current, error))
    return FALSE;
  gone = tl_type_query (set->write.pg, set->service->type, TL_TYPE_DELETE, 2, args, error);
  if (gone == NULL)
    return FALSE;
  tl_write_log (&set->write, result->scope, set->service->type, result->id, TL_DESTROYED, NULL);
  return TRUE;
}

gboolean
tl_set_destroy (TlSet *set, TlSetResult *result, GError **error)
{
  g_autoptr (JsonObject) current = NULL;
  GError *why = NULL;

  if ((current = find (set, result, &why)) &&
      tl_set_check_unchanged (set, result, current, NULL, &why))
    write_destroy (set, result, current, &why);
  return why ? settle (result, why, error) : TRUE;
}
