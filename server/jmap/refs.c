/* refs.c: responses kept as text until a later call refers to one. What a call takes over by reference is
 * bounded, as what comes with a request is: calls that refer to calls would double it each time. */
#include "server/jmap/refs.h"

#include "sync/wire/pointer.h"

#include <string.h>

typedef struct {
  char *name;
  char *call_id;
  char *text;
  JsonNode *node; /* of text, when it was asked for */
} Result;

#define MAX_REFERRED (4 * 1024 * 1024) /* bytes of the responses that one call refers to */

struct _TlResults {
  GPtrArray *items;
};

static void
result_free (gpointer data)
{
  Result *result = data;

  g_free (result->name);
  g_free (result->call_id);
  g_free (result->text);
  g_clear_pointer (&result->node, json_node_unref);
  g_free (result);
}

TlResults *
tl_results_new (void)
{
  TlResults *self = g_new0 (TlResults, 1);

  self->items = g_ptr_array_new_with_free_func (result_free);
  return self;
}

void
tl_results_free (TlResults *self)
{
  g_ptr_array_unref (self->items);
  g_free (self);
}

void
tl_results_add (TlResults *self, const char *name, const char *call_id, const char *args,
                gsize length)
{
  Result *result = g_new0 (Result, 1);

  result->name = g_strdup (name);
  result->call_id = g_strdup (call_id);
  result->text = g_strndup (args, length);
  g_ptr_array_add (self->items, result);
}

static Result *
find (TlResults *self, const char *call_id)
{
  for (guint i = 0; i < self->items->len; i++) {
    Result *result = self->items->pdata[i];

    if (g_str_equal (result->call_id, call_id))
      return result;
  }
  return NULL;
}

/* A ResultReference is {resultOf, name, path}, all strings. */
static gboolean
read_reference (JsonNode *node, const char *fields[3])
{
  static const char *const names[] = { "resultOf", "name", "path" };

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    JsonNode *field = json_object_get_member (json_node_get_object (node), names[i]);

    fields[i] = field ? tl_node_string (field) : NULL;
    if (fields[i] == NULL)
      return FALSE;
  }
  return TRUE;
}

/* `room`: bytes of responses that may yet be referred to. */
static JsonNode *
follow (TlResults *self, const char *member, JsonNode *reference, gsize *room, GError **error)
{
  g_autoptr (GError) why = NULL;
  const char *fields[3];
  Result *result;
  JsonNode *value;

  if (!read_reference (reference, fields)) {
    tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“%s” is not a result reference", member);
    return NULL;
  }
  result = find (self, fields[0]);
  if (result == NULL || !g_str_equal (result->name, fields[1])) {
    tl_refuse (error, TL_METHOD_ERROR_INVALID_RESULT_REFERENCE,
               "“%s”: no response “%.100s” to call “%.100s”", member, fields[1], fields[0]);
    return NULL;
  }
  if (strlen (result->text) > *room) {
    tl_refuse (error, TL_METHOD_ERROR_INVALID_RESULT_REFERENCE,
               "“%s”: what the call refers to is larger than %d bytes", member, MAX_REFERRED);
    return NULL;
  }
  *room -= strlen (result->text);
  if (result->node == NULL)
    result->node = json_from_string (result->text, NULL);
  value = tl_pointer_evaluate (result->node, fields[2], &why);
  if (value == NULL)
    tl_refuse (error, TL_METHOD_ERROR_INVALID_RESULT_REFERENCE, "“%s”: %s", member, why->message);
  return value;
}

gboolean
tl_results_resolve (TlResults *self, JsonObject *args, GError **error)
{
  g_autoptr (GList) members = json_object_get_members (args);
  gsize room = MAX_REFERRED;

  for (GList *l = members; l; l = l->next) {
    const char *member = l->data;
    g_autofree char *name = NULL;
    JsonNode *value;

    if (member[0] != '#')
      continue;
    name = g_strdup (member + 1);
    if (json_object_has_member (args, name))
      return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“%s” and “%s” are both there",
                        name, member);
    value = follow (self, member, json_object_get_member (args, member), &room, error);
    if (value == NULL)
      return FALSE;
    json_object_set_member (args, name, value);
    json_object_remove_member (args, member);
  }
  return TRUE;
}
