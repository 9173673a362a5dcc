/* blob-copy.c: Blob/copy (RFC 8620, 6.3) and Blob/lookup (RFC 9404, 4.3): which blobs an account may have,
 * and what shows them to it. Accounts are not shared: a copy can only come from the account itself. */
#include "server/services/storage/blob-methods.h"
#include "server/services/storage/storage.h"

#include <string.h>
#include <unistd.h>

#define SQL "storage/storage.sql"

const char *const tl_blob_lookup_types[] = { "Message", "Post", "Principal", NULL };

const char *
tl_blob_resolve (TlCall *call, const char *name)
{
  if (name[0] != '#')
    return name;
  return json_object_get_string_member_with_default (call->created, name + 1, NULL);
}

/* Is it there, for this account? FALSE with *error when that cannot be told. */
static gboolean
is_there (TlCall *call, const char *name, gboolean *there, GError **error)
{
  const char *id = tl_blob_resolve (call, name);
  g_autoptr (GError) why = NULL;
  gsize size;
  int fd = id ? tl_storage_open (call->server, call->pg, call->account, id, &size, &why) : -1;

  *there = fd >= 0;
  if (fd >= 0)
    close (fd);
  if (why == NULL || g_error_matches (why, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}

/* --- copy ---------------------------------------------------------------------------------------- */

static gboolean
copy_all (TlCall *call, JsonArray *ids, GString *copied, GString *not_copied, GError **error)
{
  for (guint i = 0; i < json_array_get_length (ids); i++) {
    const char *name = tl_node_string (json_array_get_element (ids, i));
    GString *list;
    gboolean there;

    if (name == NULL)
      return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS,
                        "“blobIds” holds what is not an id");
    if (!is_there (call, name, &there, error))
      return FALSE;
    list = there ? copied : not_copied;
    tl_json_append_comma (list);
    tl_json_append_string (list, name);
    g_string_append_c (list, ':');
    if (there)
      tl_json_append_string (list, tl_blob_resolve (call, name));
    else
      g_string_append (list, "{\"type\":\"notFound\",\"description\":\"There is no such blob\"}");
  }
  return TRUE;
}

static const char *
end_map (GString *map)
{
  return map->len == 1 ? "null" : g_string_append_c (map, '}')->str;
}

gboolean
tl_blob_copy (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
              GError **error)
{
  g_autoptr (GString) copied = g_string_new ("{");
  g_autoptr (GString) not_copied = g_string_new ("{");
  const char *from = NULL;
  JsonArray *ids = NULL;

  if (!tl_arg_string (args, "fromAccountId", &from, error) ||
      !tl_arg_array (args, "blobIds", &ids, error))
    return FALSE;
  if (from == NULL || ids == NULL)
    return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“%s” is missing",
                      from ? "blobIds" : "fromAccountId");
  if (!g_str_equal (from, call->account_id))
    return tl_refuse (error, TL_METHOD_ERROR_FROM_ACCOUNT_NOT_FOUND, "No account “%.40s” here",
                      from);
  if (json_array_get_length (ids) > TL_MAX_OBJECTS_IN_SET)
    return tl_refuse (error, TL_METHOD_ERROR_REQUEST_TOO_LARGE, "More than %d blobs",
                      TL_MAX_OBJECTS_IN_SET);
  if (!copy_all (call, ids, copied, not_copied, error))
    return FALSE;
  g_string_append_printf (out, "{\"fromAccountId\":\"%s\",\"accountId\":\"%s\",\"copied\":%s",
                          call->account_id, call->account_id, end_map (copied));
  g_string_append_printf (out, ",\"notCopied\":%s}", end_map (not_copied));
  return TRUE;
}

/* --- lookup -------------------------------------------------------------------------------------- */

static gboolean
read_types (JsonArray *names, GPtrArray *types, GError **error)
{
  for (guint i = 0; i < json_array_get_length (names); i++) {
    const char *name = tl_node_string (json_array_get_element (names, i));

    if (name == NULL || !g_strv_contains (tl_blob_lookup_types, name))
      return tl_refuse (error, TL_METHOD_ERROR_UNKNOWN_DATA_TYPE,
                        "“%.100s” is no type that blobs are looked up in", name ? name : "");
    if (!g_ptr_array_find_with_equal_func (types, name, g_str_equal, NULL))
      g_ptr_array_add (types, (gpointer)name);
  }
  return TRUE;
}

/* A PostgreSQL array literal; ids that cannot be a blob's are left out. */
static char *
array_of (TlCall *call, JsonArray *ids)
{
  g_autoptr (GString) text = g_string_new ("{");

  for (guint i = 0; i < json_array_get_length (ids); i++) {
    const char *name = tl_node_string (json_array_get_element (ids, i));
    const char *id = name ? tl_blob_resolve (call, name) : NULL;

    if (id && id[0] && strspn (id, "b0123456789abcdef") == strlen (id))
      g_string_append_printf (text, "%s%s", text->len > 1 ? "," : "", id);
  }
  g_string_append_c (text, '}');
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
append_matches (GString *out, const char *blob, GPtrArray *types, PGresult *rows)
{
  tl_json_append_comma (out);
  g_string_append (out, "{\"id\":");
  tl_json_append_string (out, blob);
  g_string_append (out, ",\"matchedIds\":{");
  for (guint i = 0; i < types->len; i++) {
    g_string_append_printf (out, "%s\"%s\":[", i ? "," : "", (const char *)types->pdata[i]);
    for (int row = 0; row < PQntuples (rows); row++)
      if (g_str_equal (PQgetvalue (rows, row, 0), blob) &&
          g_str_equal (PQgetvalue (rows, row, 1), types->pdata[i]))
        tl_json_append_id (out, g_ascii_strtoll (PQgetvalue (rows, row, 2), NULL, 10));
    g_string_append_c (out, ']');
  }
  g_string_append (out, "}}");
}

static gboolean
look_up (TlCall *call, JsonArray *ids, GPtrArray *types, GString *out, GError **error)
{
  g_autofree char *array = array_of (call, ids);
  const char *query[] = { call->account_number, array };
  g_autoptr (PGresult) rows =
      tl_pg_query (call->pg, "storage-lookup", tl_sql (SQL, "lookup"), 2, query, error);
  g_autoptr (GString) not_found = g_string_new ("[");

  if (rows == NULL)
    return FALSE;
  g_string_append_printf (out, "{\"accountId\":\"%s\",\"list\":[", call->account_id);
  for (guint i = 0; i < json_array_get_length (ids); i++) {
    const char *id = tl_node_string (json_array_get_element (ids, i));
    gboolean there;

    if (id == NULL)
      return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“ids” holds what is not an id");
    if (!is_there (call, id, &there, error))
      return FALSE;
    if (there) {
      append_matches (out, tl_blob_resolve (call, id), types, rows);
    } else {
      tl_json_append_comma (not_found);
      tl_json_append_string (not_found, id);
    }
  }
  g_string_append_printf (out, "],\"notFound\":%s]}", not_found->str);
  return TRUE;
}

gboolean
tl_blob_lookup (TlCall *call, const TlTypeService *service, JsonObject *args, GString *out,
                GError **error)
{
  g_autoptr (GPtrArray) types = g_ptr_array_new ();
  JsonArray *names = NULL, *ids = NULL;

  if (!tl_arg_array (args, "typeNames", &names, error) || !tl_arg_array (args, "ids", &ids, error))
    return FALSE;
  if (names == NULL || ids == NULL)
    return tl_refuse (error, TL_METHOD_ERROR_INVALID_ARGUMENTS, "“%s” is missing",
                      names ? "ids" : "typeNames");
  if (json_array_get_length (ids) > TL_MAX_OBJECTS_IN_GET)
    return tl_refuse (error, TL_METHOD_ERROR_REQUEST_TOO_LARGE, "More than %d ids",
                      TL_MAX_OBJECTS_IN_GET);
  return read_types (names, types, error) && look_up (call, ids, types, out, error);
}
