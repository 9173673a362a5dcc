/* set.c: Foo/set (RFC 8620, 5.3): one transaction a call, a savepoint an object.
 *
 * A call that met a deadlock or lost a race is run again from its start, on a fresh transaction. */
#include "server/jmap/set.h"

#include "server/jmap/changes.h"
#include "server/jmap/hub.h"
#include "server/jmap/log.h"
#include "server/jmap/state.h"
#include "server/jmap/write.h"

#include <string.h>

#define MAX_ATTEMPTS 3

void
tl_set_result_free (TlSetResult *self)
{
  g_free (self->op_id);
  g_free (self->json);
  g_free (self->current);
  g_clear_error (&self->error);
  g_free (self);
}

static guint
size_of (JsonObject *object)
{
  return object ? json_object_get_size (object) : 0;
}

static guint
count_objects (TlSet *self)
{
  return size_of (self->create) + size_of (self->update) +
         (self->destroy ? json_array_get_length (self->destroy) : 0);
}

static gboolean
check_objects (JsonObject *objects, const char *name, GError **error)
{
  JsonObjectIter iter;
  const char *id;
  JsonNode *value;

  if (objects == NULL)
    return TRUE;
  json_object_iter_init (&iter, objects);
  while (json_object_iter_next (&iter, &id, &value))
    if (!JSON_NODE_HOLDS_OBJECT (value))
      return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS,
                        "“%s” holds what is not an object", name);
  return TRUE;
}

static gboolean
read_args (TlSet *self, JsonObject *args, GError **error)
{
  if (!tl_arg_string (args, "ifInState", &self->if_in_state, error) ||
      !tl_arg_object (args, "create", &self->create, error) ||
      !tl_arg_object (args, "update", &self->update, error) ||
      !tl_arg_array (args, "destroy", &self->destroy, error) ||
      !tl_arg_object (args, "ifUnchangedSince", &self->if_unchanged, error) ||
      !tl_arg_object (args, "destroyOpIds", &self->destroy_ops, error) ||
      !check_objects (self->create, "create", error) ||
      !check_objects (self->update, "update", error))
    return FALSE;
  for (guint i = 0; self->destroy && i < json_array_get_length (self->destroy); i++)
    if (tl_node_string (json_array_get_element (self->destroy, i)) == NULL)
      return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS,
                        "“destroy” holds what is not an id");
  if (count_objects (self) > TL_MAX_OBJECTS_IN_SET)
    return tl_refuse (error, TL_METHOD_ERROR_REQUEST_TOO_LARGE, "More than %d objects",
                      TL_MAX_OBJECTS_IN_SET);
  return TRUE;
}

static TlSetResult *
add_result (TlSet *self, TlChangeKind kind, const char *name, JsonNode *op_id)
{
  TlSetResult *result = g_new0 (TlSetResult, 1);

  result->kind = kind;
  result->name = name;
  result->change = -1;
  if (op_id)
    result->op_id = g_ascii_strdown (tl_node_string (op_id) ? tl_node_string (op_id) : "", -1);
  g_ptr_array_add (self->results, result);
  return result;
}

/* An id as the client wrote it, or a creation reference; 0 for what is neither. */
static gint64
resolve_id (TlSet *self, const char *name)
{
  gint64 key;

  if (name[0] == '#')
    name = json_object_get_string_member_with_default (self->write.created, name + 1, NULL);
  return tl_id_parse (name, &key) ? key : 0;
}

static gboolean
act (TlSet *self, TlSetResult *result, JsonObject *object, GError **error)
{
  gboolean done;
  char id[TL_ID_MAX];

  if (!tl_operation_recall (self, result, &done, error))
    return FALSE;
  if (done) {
    if (result->kind == TL_CREATED)
      json_object_set_string_member (self->write.created, result->name,
                                     tl_id_format (result->id, id));
    return TRUE;
  }
  switch (result->kind) {
  case TL_CREATED:
    return tl_set_create (self, object, result, error);
  case TL_UPDATED:
    return tl_set_update (self, object, result, error);
  default:
    return tl_set_destroy (self, result, error);
  }
}

/* FALSE when the transaction is lost; a refused object alone is undone. */
static gboolean
run_object (TlSet *self, TlSetResult *result, JsonObject *object, GError **error)
{
  gboolean several = count_objects (self) > 1;
  guint n_changes = self->write.changes->len;
  GError *why = NULL;

  if (several && !tl_pg_script (self->write.pg, "SAVEPOINT object", error))
    return FALSE;
  if (act (self, result, object, &why))
    return !several || tl_pg_script (self->write.pg, "RELEASE SAVEPOINT object", error);
  if (why) {
    g_propagate_error (error, why);
    return FALSE;
  }
  g_array_set_size (self->write.changes, n_changes);
  return !several || tl_pg_script (self->write.pg, "ROLLBACK TO SAVEPOINT object", error);
}

/* Those that refer to others of this call come after them. */
static gboolean
run_creates (TlSet *self, GError **error)
{
  g_autoptr (GHashTable) waiting = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GList) names = self->create ? json_object_get_members (self->create) : NULL;
  gboolean progress = TRUE;

  for (GList *l = names; l; l = l->next)
    g_hash_table_add (waiting, l->data);
  for (gboolean last = FALSE; g_hash_table_size (waiting) > 0; last = !progress) {
    progress = FALSE;
    for (GList *l = names; l; l = l->next) {
      JsonObject *object = json_object_get_object_member (self->create, l->data);

      if (!g_hash_table_contains (waiting, l->data) ||
          (!last && tl_set_must_wait (self, object, waiting)))
        continue;
      g_hash_table_remove (waiting, l->data);
      progress = TRUE;
      if (!run_object (
              self,
              add_result (self, TL_CREATED, l->data, json_object_get_member (object, "@opId")),
              object, error))
        return FALSE;
    }
  }
  return TRUE;
}

static gboolean
run_updates (TlSet *self, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (self->update == NULL)
    return TRUE;
  json_object_iter_init_ordered (&iter, self->update);
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    JsonObject *patch = json_node_get_object (value);
    TlSetResult *result =
        add_result (self, TL_UPDATED, name, json_object_get_member (patch, "@opId"));

    result->id = resolve_id (self, name);
    if (!run_object (self, result, patch, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
run_destroys (TlSet *self, GError **error)
{
  for (guint i = 0; self->destroy && i < json_array_get_length (self->destroy); i++) {
    const char *name = json_array_get_string_element (self->destroy, i);
    JsonNode *op = self->destroy_ops ? json_object_get_member (self->destroy_ops, name) : NULL;
    TlSetResult *result = add_result (self, TL_DESTROYED, name, op);

    result->id = resolve_id (self, name);
    if (!run_object (self, result, NULL, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
check_state (TlSet *self, GError **error)
{
  gboolean any = FALSE;

  if (self->if_in_state &&
      !tl_changes_any (self->call, self->service, self->if_in_state, &any, error))
    return FALSE;
  return !any || tl_refuse (error, TL_METHOD_ERROR_STATE_MISMATCH, "%s objects changed since then",
                            self->service->type->name);
}

/* An ordered object's place is told with the rest. */
static void
add_places (TlSet *self, GArray *seqs)
{
  if (!(self->service->type->flags & TL_TYPE_ORDERED))
    return;
  for (guint i = 0; i < self->results->len; i++) {
    TlSetResult *result = self->results->pdata[i];
    g_autofree char *json = NULL;

    if (result->change < 0 || result->error)
      continue;
    json = g_strndup (result->json, strlen (result->json) - 1);
    g_free (result->json);
    result->json = g_strdup_printf ("%s,\"seq\":%" G_GINT64_FORMAT "}", json,
                                    g_array_index (seqs, gint64, result->change));
  }
}

static gboolean
is_all_refused (TlSet *self)
{
  for (guint i = 0; i < self->results->len; i++)
    if (((TlSetResult *)self->results->pdata[i])->error == NULL)
      return FALSE;
  return TRUE;
}

/* The state after is the one before and this transaction: what others committed meanwhile is told by
 * /changes. */
static gboolean
finish (TlSet *self, const char *epoch, const char *snapshot, GError **error)
{
  g_autoptr (GArray) seqs = g_array_new (FALSE, TRUE, sizeof (gint64));
  g_autofree char *after = NULL;
  guint64 xid = 0;

  if (is_all_refused (self)) {
    tl_pg_rollback (self->write.pg);
    self->old_state = tl_state_format (epoch, snapshot);
    self->new_state = g_strdup (self->old_state);
    return TRUE;
  }
  if (!tl_write_append (&self->write, seqs, &xid, error))
    return FALSE;
  add_places (self, seqs);
  if (xid)
    after = tl_state_add (snapshot, xid);
  self->old_state = tl_state_format (epoch, snapshot);
  self->new_state = tl_state_format (epoch, after ? after : snapshot);
  return tl_operations_commit (self, error);
}

static gboolean
attempt (TlSet *self, GError **error)
{
  g_autofree char *epoch = NULL;
  g_autofree char *snapshot = NULL;

  return tl_write_open (&self->write, &epoch, &snapshot, error) && check_state (self, error) &&
         tl_operations_load (self, error) && run_creates (self, error) &&
         run_updates (self, error) && run_destroys (self, error) &&
         finish (self, epoch, snapshot, error);
}

static JsonObject *
copy_created (JsonObject *from)
{
  JsonObject *copy = json_object_new ();
  g_autoptr (GList) names = json_object_get_members (from);

  for (GList *l = names; l; l = l->next)
    json_object_set_string_member (copy, l->data, json_object_get_string_member (from, l->data));
  return copy;
}

static void
begin_attempt (TlSet *self)
{
  TlCall *call = self->call;

  self->write = (TlWrite){ .server = call->server,
                           .pg = call->pg,
                           .account = call->account,
                           .changes = tl_changes_new (),
                           .created = copy_created (call->created) };
  self->operations =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)tl_set_result_free);
  self->results = g_ptr_array_new_with_free_func ((GDestroyNotify)tl_set_result_free);
  tl_call_forget_states (call);
}

static void
end_attempt (TlSet *self)
{
  tl_write_clear (&self->write);
  g_clear_pointer (&self->operations, g_hash_table_unref);
  g_clear_pointer (&self->results, g_ptr_array_unref);
  g_clear_pointer (&self->old_state, g_free);
  g_clear_pointer (&self->new_state, g_free);
}

static void
succeed (TlSet *self, GString *out)
{
  TlCall *call = self->call;

  tl_call_forget_states (call);
  json_object_unref (call->created);
  call->created = json_object_ref (self->write.created);
  if (self->write.changes->len > 0 && call->server->hub)
    tl_hub_committed (call->server->hub);
  if (self->write.changes->len > 0 && self->service->committed)
    self->service->committed (call->server);
  tl_set_append_answer (self, out);
}

gboolean
tl_call_set (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
             GError **error)
{
  TlSet set = { .call = call, .service = service };
  gboolean done = FALSE;

  if (service->type->flags & TL_TYPE_READONLY)
    return tl_refuse (error, TL_METHOD_ERROR_FORBIDDEN, "A %s is the server's to make",
                      service->type->name);
  if (!read_args (&set, args, error))
    return FALSE;
  for (guint i = 1; !done && i <= MAX_ATTEMPTS; i++) {
    g_autoptr (GError) why = NULL;

    begin_attempt (&set);
    done = attempt (&set, &why);
    if (done)
      succeed (&set, out);
    else
      tl_pg_rollback (call->pg);
    end_attempt (&set);
    if (done || i == MAX_ATTEMPTS || !g_error_matches (why, TL_PG_ERROR, TL_PG_ERROR_CONFLICT)) {
      if (!done)
        g_propagate_error (error, g_steal_pointer (&why));
      break;
    }
  }
  return done;
}
