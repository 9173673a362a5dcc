/* get.c: Foo/get (RFC 8620, 5.1). Objects go from PostgreSQL into the response as text. */
#include "server/jmap/get.h"

#include "server/jmap/state.h"
#include "server/jmap/type-sql.h"

enum { SNAPSHOT, EPOCH, ID, OBJECT };

typedef struct {
  GArray *ids;         /* of gint64, each once; NULL: all */
  GPtrArray *not_ids;  /* of const char *: what cannot be an id */
  GHashTable *waiting; /* ids not found yet */
  gint64 mask;
} Get;

static void
get_clear (Get *self)
{
  g_clear_pointer (&self->ids, g_array_unref);
  g_clear_pointer (&self->not_ids, g_ptr_array_unref);
  g_clear_pointer (&self->waiting, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Get, get_clear)

static gboolean
read_ids (Get *self, JsonObject *args, GError **error)
{
  JsonArray *array = NULL;

  self->not_ids = g_ptr_array_new ();
  self->waiting = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  if (!tl_arg_array (args, "ids", &array, error))
    return FALSE;
  if (array == NULL)
    return TRUE;
  if (json_array_get_length (array) > TL_MAX_OBJECTS_IN_GET)
    return tl_refuse (error, TL_METHOD_ERROR_REQUEST_TOO_LARGE, "More than %d ids",
                      TL_MAX_OBJECTS_IN_GET);
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < json_array_get_length (array); i++) {
    const char *id = tl_node_string (json_array_get_element (array, i));
    gint64 key;

    if (id == NULL)
      return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“ids” holds what is not an id");
    if (!tl_id_parse (id, &key)) {
      if (!g_ptr_array_find_with_equal_func (self->not_ids, id, g_str_equal, NULL))
        g_ptr_array_add (self->not_ids, (gpointer)id);
    } else if (g_hash_table_add (self->waiting, g_memdup2 (&key, sizeof key))) {
      g_array_append_val (self->ids, key);
    }
  }
  return TRUE;
}

static gboolean
read_properties (Get *self, const TlType *type, JsonObject *args, GError **error)
{
  JsonArray *array = NULL;

  self->mask = TL_MASK_ALL;
  if (!tl_arg_array (args, "properties", &array, error))
    return FALSE;
  if (array == NULL)
    return TRUE;
  self->mask = 0;
  for (guint i = 0; i < json_array_get_length (array); i++) {
    const char *name = tl_node_string (json_array_get_element (array, i));
    guint index;

    if (g_strcmp0 (name, "id") == 0)
      continue;
    if (name == NULL || tl_type_field (type, name, &index) == NULL)
      return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "%s has no property “%.100s”",
                        type->name, name ? name : "");
    self->mask |= G_GINT64_CONSTANT (1) << index;
  }
  return TRUE;
}

static PGresult *
ask (TlCall *call, const TlType *type, const Get *self, GError **error)
{
  g_autofree char *mask = g_strdup_printf ("%" G_GINT64_FORMAT, self->mask);
  g_autofree char *limit = g_strdup_printf ("%d", TL_MAX_OBJECTS_IN_GET + 1);
  g_autofree char *ids = NULL;
  const char *args[] = { call->account_number, limit, mask };

  if (self->ids == NULL)
    return tl_type_query (call->pg, type, TL_TYPE_ALL, 3, args, error);
  ids = tl_pg_array ((const gint64 *)self->ids->data, self->ids->len);
  args[1] = ids;
  return tl_type_query (call->pg, type, TL_TYPE_GET, 3, args, error);
}

static void
append_list (Get *self, PGresult *result, GString *out)
{
  g_string_append_c (out, '[');
  for (int i = 0; i < PQntuples (result) && !PQgetisnull (result, i, ID); i++) {
    gint64 key = g_ascii_strtoll (PQgetvalue (result, i, ID), NULL, 10);

    if (self->waiting)
      g_hash_table_remove (self->waiting, &key);
    if (i > 0)
      g_string_append_c (out, ',');
    g_string_append_len (out, PQgetvalue (result, i, OBJECT), PQgetlength (result, i, OBJECT));
  }
  g_string_append_c (out, ']');
}

static void
append_not_found (Get *self, GString *out)
{
  g_string_append (out, ",\"notFound\":[");
  for (guint i = 0; self->ids && i < self->ids->len; i++) {
    gint64 key = g_array_index (self->ids, gint64, i);

    if (g_hash_table_contains (self->waiting, &key))
      tl_json_append_id (out, key);
  }
  for (guint i = 0; i < self->not_ids->len; i++) {
    tl_json_append_comma (out);
    tl_json_append_string (out, self->not_ids->pdata[i]);
  }
  g_string_append (out, "]}");
}

static void
append_head (TlCall *call, GString *out)
{
  g_string_append_printf (out, "{\"accountId\":\"%s\",\"state\":\"%s\"", call->account_id,
                          call->state);
}

gboolean
tl_call_get (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
             GError **error)
{
  g_auto (Get) get = { 0 };
  g_autoptr (PGresult) result = NULL;

  if (!read_ids (&get, args, error) || !read_properties (&get, service->type, args, error))
    return FALSE;
  if (get.ids && get.ids->len == 0 && call->state) {
    append_head (call, out);
    g_string_append (out, ",\"list\":[]");
    append_not_found (&get, out);
    return TRUE;
  }
  result = ask (call, service->type, &get, error);
  if (result == NULL)
    return FALSE;
  if (get.ids == NULL && PQntuples (result) > TL_MAX_OBJECTS_IN_GET)
    return tl_refuse (error, TL_METHOD_ERROR_REQUEST_TOO_LARGE, "There are more than %d objects",
                      TL_MAX_OBJECTS_IN_GET);
  g_free (call->state);
  call->state = tl_state_format (PQgetvalue (result, 0, EPOCH), PQgetvalue (result, 0, SNAPSHOT));
  append_head (call, out);
  g_string_append (out, ",\"list\":");
  append_list (&get, result, out);
  append_not_found (&get, out);
  return TRUE;
}

gboolean
tl_get_objects (TlCall *call, const TlType *type, GArray *ids, GString *out, GError **error)
{
  Get get = { .ids = ids, .mask = TL_MASK_ALL };
  g_autoptr (PGresult) result = ask (call, type, &get, error);

  if (result == NULL)
    return FALSE;
  append_list (&get, result, out);
  return TRUE;
}
