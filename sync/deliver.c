/* deliver.c: operations to /set calls and back (RFC 8620, 5.3; opId: docs/protocol.md).
 *
 * A group is a run of operations that one call can carry; both directions walk the same groups. */
#include "sync/deliver.h"

#include "sync/overlay.h"
#include "sync/remote.h"

#include <glib/gi18n-lib.h>

typedef struct {
  guint start, end; /* [start, end) of ops */
} Group;

static const TlOp *
op_at (GPtrArray *ops, guint i)
{
  return g_ptr_array_index (ops, i);
}

static GArray *
group_ops (GPtrArray *ops)
{
  GArray *groups = g_array_new (FALSE, FALSE, sizeof (Group));

  for (guint i = 0; i < ops->len;) {
    Group group = { i, i + 1 };
    const TlOp *first = op_at (ops, i);

    for (; group.end < ops->len; group.end++) {
      const TlOp *next = op_at (ops, group.end);
      gboolean is_repeated = FALSE;

      for (guint j = group.start; j < group.end; j++)
        is_repeated |= op_at (ops, j)->key == next->key;
      if (next->type != first->type || next->verb != first->verb || is_repeated)
        break;
    }
    g_array_append_val (groups, group);
    i = group.end;
  }
  return groups;
}

/* How the object is named in the request: its id, or the creation id "n5" of what was made here. */
static char *
object_name (const TlOp *op, gboolean as_reference)
{
  char id[TL_ID_MAX];

  if (op->verb == TL_OP_CREATE && op->key > 0)
    return g_strdup_printf ("k%" G_GINT64_FORMAT, op->key);
  if (op->key < 0)
    return g_strdup_printf ("%sn%" G_GINT64_FORMAT, as_reference ? "#" : "", -op->key);
  return g_strdup (tl_id_format (op->key, id));
}

static JsonNode *
op_body (const TlOp *op)
{
  JsonNode *body = json_from_string (op->body, NULL);

  if (body == NULL || !JSON_NODE_HOLDS_OBJECT (body)) {
    g_clear_pointer (&body, json_node_unref);
    body = json_node_new (JSON_NODE_OBJECT);
    json_node_take_object (body, json_object_new ());
  }
  json_object_set_string_member (json_node_get_object (body), "@opId", op->op_id);
  return body;
}

static void
add_objects (JsonBuilder *builder, GPtrArray *ops, const Group *group, gboolean is_create)
{
  json_builder_set_member_name (builder, is_create ? "create" : "update");
  json_builder_begin_object (builder);
  for (guint i = group->start; i < group->end; i++) {
    g_autofree char *name = object_name (op_at (ops, i), !is_create);

    json_builder_set_member_name (builder, name);
    json_builder_add_value (builder, op_body (op_at (ops, i)));
  }
  json_builder_end_object (builder);
}

/* Those that are not to undo what somebody else did since they were made. */
static void
add_states (JsonBuilder *builder, GPtrArray *ops, const Group *group)
{
  json_builder_set_member_name (builder, "ifUnchangedSince");
  json_builder_begin_object (builder);
  for (guint i = group->start; i < group->end; i++) {
    g_autofree char *name = object_name (op_at (ops, i), TRUE);

    if (!tl_op_asks_first (op_at (ops, i)))
      continue;
    json_builder_set_member_name (builder, name);
    json_builder_add_string_value (builder, op_at (ops, i)->state);
  }
  json_builder_end_object (builder);
}

static gboolean
any_asks_first (GPtrArray *ops, const Group *group)
{
  for (guint i = group->start; i < group->end; i++)
    if (tl_op_asks_first (op_at (ops, i)))
      return TRUE;
  return FALSE;
}

static void
add_destroyed (JsonBuilder *builder, GPtrArray *ops, const Group *group)
{
  json_builder_set_member_name (builder, "destroy");
  json_builder_begin_array (builder);
  for (guint i = group->start; i < group->end; i++) {
    g_autofree char *name = object_name (op_at (ops, i), TRUE);
    json_builder_add_string_value (builder, name);
  }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "destroyOpIds");
  json_builder_begin_object (builder);
  for (guint i = group->start; i < group->end; i++) {
    g_autofree char *name = object_name (op_at (ops, i), TRUE);
    json_builder_set_member_name (builder, name);
    json_builder_add_string_value (builder, op_at (ops, i)->op_id);
  }
  json_builder_end_object (builder);
}

JsonNode *
tl_deliver_request (gint64 account, GPtrArray *ops)
{
  g_autoptr (GArray) groups = group_ops (ops);
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < groups->len; i++) {
    const Group *group = &g_array_index (groups, Group, i);
    const TlOp *first = op_at (ops, group->start);
    g_autofree char *method = g_strdup_printf ("%s/set", first->type->name);
    g_autofree char *call_id = g_strdup_printf ("%u", i);
    char id[TL_ID_MAX];

    json_builder_begin_array (builder);
    json_builder_add_string_value (builder, method);
    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "accountId");
    json_builder_add_string_value (builder, tl_id_format (account, id));
    if (first->verb == TL_OP_DESTROY)
      add_destroyed (builder, ops, group);
    else
      add_objects (builder, ops, group, first->verb == TL_OP_CREATE);
    if (any_asks_first (ops, group))
      add_states (builder, ops, group);
    json_builder_end_object (builder);
    json_builder_add_string_value (builder, call_id);
    json_builder_end_array (builder);
  }
  json_builder_end_array (builder);
  return json_builder_get_root (builder);
}

/* --- the answer ------------------------------------------------------------------------------ */

/* SetError types (RFC 8620, 5.3) as sentences; others show the server's own words. */
static const struct {
  const char *type, *sentence;
} refusals[] = {
  { "forbidden", N_ ("You may not do this here") },
  { "notFound", N_ ("It is no longer there") },
  { "conflict", N_ ("Somebody else has changed it meanwhile") },
  { "overQuota", N_ ("There is no more room on the server") },
  { "tooLarge", N_ ("It is larger than the server takes") },
};

static const char *
refusal_sentence (const char *type, const char *description)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (g_str_equal (refusals[i].type, type))
      return _ (refusals[i].sentence);
  return description ? description : _ ("The server does not take this change");
}

static gboolean
is_passing (const char *type)
{
  static const char *const passing[] = { "rateLimit",         "serverUnavailable", "serverFail",
                                         "serverPartialFail", "stateMismatch",     NULL };

  return g_strv_contains (passing, type);
}

static JsonObject *
member_object (JsonObject *object, const char *name)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* NULL for something else. */
static const char *
text_of (JsonNode *node)
{
  return json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

static gboolean
array_contains (JsonObject *object, const char *name, const char *text)
{
  JsonNode *node = json_object_get_member (object, name);
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array && i < json_array_get_length (array); i++)
    if (g_strcmp0 (text_of (json_array_get_element (array, i)), text) == 0)
      return TRUE;
  return FALSE;
}

typedef struct {
  TlDb *db;
  TlChanges *changes;
  guint n; /* operations of the request */
  TlDelivered *out;
} Delivery;

static gboolean
is_left_out (Delivery *self)
{
  g_set_str (&self->out->waits, "the server's answer leaves a change out");
  return TRUE;
}

static gboolean
is_too_large (TlDb *db, TlChanges *changes, const TlOp *op, GError **error)
{
  return tl_outbox_refuse (db, changes, op, "tooLarge", refusal_sentence ("tooLarge", NULL), error);
}

static gboolean
op_refused (Delivery *self, const TlOp *op, JsonObject *set_error, GError **error)
{
  const char *said = json_object_get_string_member_with_default (set_error, "type", NULL);
  const char *type = said ? said : "serverFail"; /* something that is no name, too */
  const char *words = json_object_get_string_member_with_default (set_error, "description", NULL);
  g_autofree char *description = words ? tl_remote_said (words) : NULL;

  if (is_passing (type)) {
    g_free (self->out->waits);
    self->out->waits = description ? g_steal_pointer (&description)
                                   : g_strdup_printf ("the server cannot do it now (%s)", type);
    return TRUE;
  }
  if (g_str_equal (type, "requestTooLarge") && self->n > 1) {
    self->out->is_too_large = TRUE;
    return TRUE;
  }
  if (g_str_equal (type, "requestTooLarge"))
    return is_too_large (self->db, self->changes, op, error);
  if (op->verb == TL_OP_DESTROY && g_str_equal (type, "notFound"))
    return tl_outbox_gone (self->db, self->changes, op, error);
  /* Another device put its own in the place (sync/drafts.h): that is met when it comes. */
  if (op->type == &tl_draft_type && g_str_equal (type, "notFound"))
    return tl_outbox_discard (self->db, self->changes, op->id, error);
  return tl_outbox_refuse (self->db, self->changes, op, type, refusal_sentence (type, description),
                           error);
}

static gboolean
lacks_id (const TlOp *op, JsonObject *accepted)
{
  if (op->verb != TL_OP_CREATE || op->key > 0 || op->type->keyed_by)
    return FALSE;
  return accepted == NULL || tl_ref_parse (json_object_get_member (accepted, "id")) <= 0;
}

static gboolean
op_answered (Delivery *self, const TlOp *op, JsonObject *result, GError **error)
{
  static const char *const done[] = { "created", "updated", "destroyed" };
  static const char *const not_done[] = { "notCreated", "notUpdated", "notDestroyed" };
  g_autofree char *name = object_name (op, op->verb != TL_OP_CREATE);
  JsonObject *refused = member_object (member_object (result, not_done[op->verb]), name);
  JsonObject *accepted = NULL;

  if (refused)
    return op_refused (self, op, refused, error);
  if (op->verb == TL_OP_DESTROY) {
    if (array_contains (result, done[op->verb], name))
      return tl_outbox_accept (self->db, self->changes, op, NULL, error);
  } else {
    accepted = member_object (result, done[op->verb]);
    if (accepted && json_object_has_member (accepted, name) &&
        !lacks_id (op, member_object (accepted, name)))
      return tl_outbox_accept (self->db, self->changes, op, member_object (accepted, name), error);
  }
  return is_left_out (self);
}

static gboolean
group_answered (Delivery *self, GPtrArray *ops, const Group *group, JsonArray *invocation,
                GError **error)
{
  const char *method = text_of (json_array_get_element (invocation, 0));
  JsonNode *node = json_array_get_element (invocation, 1);
  JsonObject *arguments = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  gboolean is_error = g_strcmp0 (method, "error") == 0;

  if (arguments == NULL)
    return is_left_out (self);
  for (guint i = group->start; i < group->end; i++) {
    const TlOp *op = op_at (ops, i);

    if (!(is_error ? op_refused : op_answered) (self, op, arguments, error))
      return FALSE;
  }
  return TRUE;
}

static JsonArray *
read_invocations (JsonParser *parser, GBytes *answer, guint expected, GError **error)
{
  gsize length = 0;
  const char *text = g_bytes_get_data (answer, &length);
  JsonNode *root, *node = NULL;

  if (length > 0 && json_parser_load_from_data (parser, text, (gssize)length, NULL)) {
    root = json_parser_get_root (parser);
    if (root && JSON_NODE_HOLDS_OBJECT (root))
      node = json_object_get_member (json_node_get_object (root), "methodResponses");
  }
  if (node && JSON_NODE_HOLDS_ARRAY (node) &&
      json_array_get_length (json_node_get_array (node)) == expected)
    return json_node_get_array (node);
  g_set_error_literal (error, TL_REMOTE_ERROR, TL_REMOTE_ERROR_PROTOCOL,
                       "The server's answer to the outbox is not JMAP");
  return NULL;
}

gboolean
tl_deliver_apply (TlDb *db, TlChanges *changes, GPtrArray *ops, GBytes *answer, TlDelivered *out,
                  GError **error)
{
  g_autoptr (GArray) groups = group_ops (ops);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *invocations = read_invocations (parser, answer, groups->len, error);
  Delivery self = { db, changes, ops->len, out };

  *out = (TlDelivered){ 0 };
  if (invocations == NULL)
    return FALSE;
  for (guint i = 0; i < groups->len; i++) {
    JsonNode *node = json_array_get_element (invocations, i);

    if (!JSON_NODE_HOLDS_ARRAY (node) || json_array_get_length (json_node_get_array (node)) != 3)
      is_left_out (&self);
    else if (!group_answered (&self, ops, &g_array_index (groups, Group, i),
                              json_node_get_array (node), error)) {
      g_clear_pointer (&out->waits, g_free);
      return FALSE;
    }
  }
  /* Whatever was neither accepted nor refused waits again. */
  return tl_outbox_release (db, changes, error);
}

gboolean
tl_deliver_too_large (TlDb *db, TlChanges *changes, GPtrArray *ops, GError **error)
{
  if (ops->len == 1)
    return is_too_large (db, changes, op_at (ops, 0), error);
  return tl_outbox_release (db, changes, error);
}
