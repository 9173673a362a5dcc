/* attachments.c: what attachments and cards may look like, as two tables, and which files an object shows
 * to whom (storage.blob_scope has a row for each). */
#include "server/services/storage/attachments.h"

#include <string.h>

#define SQL "storage/storage.sql"
#define MAX_SIZE G_GINT64_CONSTANT (1000000000000)
#define MAX_SIDE 65535

typedef struct {
  const char *name;
  gboolean is_required;
  gint64 max; /* bytes of a string, or the largest number */
  gboolean is_number;
} Member;

static const Member file_members[] = {
  { "blobId", TRUE, 65 },
  { "name", FALSE, 255 },
  { "type", TRUE, 127 },
  { "size", FALSE, MAX_SIZE, TRUE },
  { "width", FALSE, MAX_SIDE, TRUE },
  { "height", FALSE, MAX_SIDE, TRUE },
  { "alt", FALSE, 4000 },
};

static const Member card_members[] = {
  { "type", TRUE, 40 },   { "id", FALSE, 20 },    { "title", TRUE, 1024 },  { "text", FALSE, 4096 },
  { "url", FALSE, 4096 }, { "image", FALSE, 64 }, { "source", FALSE, 256 },
};

static gboolean
refuse (GError **error, const char *property, const char *why)
{
  g_set_error (error, TL_SET_ERROR, TL_SET_ERROR_INVALID_PROPERTIES, "%s: %s", property, why);
  return FALSE;
}

static const Member *
find_member (const Member *members, guint n, const char *name)
{
  for (guint i = 0; i < n; i++)
    if (g_str_equal (members[i].name, name))
      return &members[i];
  return NULL;
}

static gboolean
takes (const Member *member, JsonNode *value)
{
  GType type = JSON_NODE_HOLDS_VALUE (value) ? json_node_get_value_type (value) : G_TYPE_INVALID;

  if (JSON_NODE_HOLDS_NULL (value))
    return !member->is_required;
  if (member->is_number)
    return type == G_TYPE_INT64 && json_node_get_int (value) >= 0 &&
           json_node_get_int (value) <= member->max;
  return type == G_TYPE_STRING && (gint64)strlen (json_node_get_string (value)) <= member->max;
}

/* Nothing but `members`, each as it has to be. */
static gboolean
check_members (JsonObject *object, const Member *members, guint n, const char *property,
               GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &value)) {
    const Member *member = find_member (members, n, name);
    g_autofree char *shown = g_utf8_make_valid (name, MIN ((gssize)strlen (name), 40));
    g_autofree char *why = NULL;

    if (member && takes (member, value))
      continue;
    why = g_strdup_printf (
        member ? "“%s” is not what it should be, or too long" : "“%s” is no member of it", shown);
    return refuse (error, property, why);
  }
  for (guint i = 0; i < n; i++)
    if (members[i].is_required && !json_object_has_member (object, members[i].name)) {
      g_autofree char *why = g_strdup_printf ("“%s” is missing", members[i].name);
      return refuse (error, property, why);
    }
  return TRUE;
}

/* --- files --------------------------------------------------------------------------------------- */

static gboolean
is_file_name (const char *name)
{
  for (; name && *name; name = g_utf8_next_char (name))
    if (*name == '/' || g_unichar_iscntrl (g_utf8_get_char (name)))
      return FALSE;
  return TRUE;
}

static gboolean
is_image_type (const char *type)
{
  static const char *const types[] = { "image/png",  "image/jpeg", "image/gif",
                                       "image/webp", "image/avif", NULL };

  return tl_hook_is_one_of (type, types);
}

static gboolean
may_name (TlWrite *write, const char *blob, gboolean *may, GError **error)
{
  g_autofree char *account = g_strdup_printf ("%" G_GINT64_FORMAT, write->account);
  const char *args[] = { account, blob };
  g_autoptr (PGresult) result =
      tl_pg_query (write->pg, "storage-may-name", tl_sql (SQL, "may-name"), 2, args, error);

  *may = result && *PQgetvalue (result, 0, 0) == 't';
  return result != NULL;
}

void
tl_attachments_resolve (TlWrite *write, JsonObject *object, const char *name)
{
  const char *text = tl_hook_string (object, name);
  const char *id = text && text[0] == '#'
                       ? json_object_get_string_member_with_default (write->created, text + 1, NULL)
                       : NULL;

  if (id)
    json_object_set_string_member (object, name, id);
}

static gboolean
check_file (TlWrite *write, JsonNode *item, const char *property, TlAttachKind kind, GError **error)
{
  JsonObject *file = JSON_NODE_HOLDS_OBJECT (item) ? json_node_get_object (item) : NULL;
  gboolean may;

  if (file == NULL)
    return refuse (error, property, "holds what is not an object");
  tl_attachments_resolve (write, file, "blobId");
  if (!check_members (file, file_members, G_N_ELEMENTS (file_members), property, error))
    return FALSE;
  if (!is_file_name (tl_hook_string (file, "name")))
    return refuse (error, property, "a file's name has neither slashes nor control characters");
  if (kind == TL_ATTACH_IMAGES && !is_image_type (tl_hook_string (file, "type")))
    return refuse (error, property, "a PNG, JPEG, GIF, WebP or AVIF image is wanted");
  if (!may_name (write, tl_hook_string (file, "blobId"), &may, error))
    return FALSE;
  return may ||
         refuse (error, property, "there is no such file that you may read; upload it first");
}

/* The list, NULL when there is none. */
static JsonArray *
files_of (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

gboolean
tl_attachments_check (TlWrite *write, JsonObject *object, const char *name, TlAttachKind kind,
                      GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  JsonArray *files = files_of (object, name);
  guint n = files ? json_array_get_length (files) : 0;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (files == NULL || n > TL_ATTACHMENTS_MAX)
    return refuse (error, name, "a list of at most 8 files is wanted");
  for (guint i = 0; i < n; i++)
    if (!check_file (write, json_array_get_element (files, i), name, kind, error))
      return FALSE;
  if (n == 0)
    json_object_set_null_member (object, name);
  return TRUE;
}

/* --- who may read them ----------------------------------------------------------------------------- */

static gboolean
show (TlWrite *write, const char *blob, gint64 scope, gint64 id, GError **error)
{
  g_autofree char *place = g_strdup_printf ("%" G_GINT64_FORMAT, scope);
  g_autofree char *object = g_strdup_printf ("%" G_GINT64_FORMAT, id);
  const char *args[] = { place, blob, object };

  return tl_pg_run (write->pg, "storage-show", tl_sql (SQL, "show"), 3, args, error);
}

gboolean
tl_attachments_forget (TlWrite *write, gint64 id, GError **error)
{
  g_autoptr (PGresult) gone = tl_hook_query (write, SQL, "show-no-more", 1, &id, error);

  return gone != NULL;
}

gboolean
tl_attachments_show (TlWrite *write, JsonObject *object, const char *name, gint64 scope, gint64 id,
                     GError **error)
{
  JsonArray *files = files_of (object, name);

  for (guint i = 0; files && i < json_array_get_length (files); i++)
    if (!show (write, tl_hook_string (json_array_get_object_element (files, i), "blobId"), scope,
               id, error))
      return FALSE;
  return TRUE;
}

gboolean
tl_attachments_show_own (TlWrite *write, const char *blob, gint64 scope, gint64 id,
                         gboolean *is_own, GError **error)
{
  g_autofree char *account = g_strdup_printf ("%" G_GINT64_FORMAT, write->account);
  const char *args[] = { account, blob };
  g_autoptr (PGresult) image = NULL;

  *is_own = TRUE;
  if (!tl_attachments_forget (write, id, error))
    return FALSE;
  if (blob == NULL)
    return TRUE;
  image = tl_pg_query (write->pg, "storage-own-image", tl_sql (SQL, "own-image"), 2, args, error);
  if (image == NULL)
    return FALSE;
  *is_own = PQntuples (image) == 1 && is_image_type (PQgetvalue (image, 0, 0));
  return !*is_own || show (write, blob, scope, id, error);
}

/* --- cards ----------------------------------------------------------------------------------------- */

gboolean
tl_card_check (JsonObject *object, GError **error)
{
  JsonNode *node = json_object_get_member (object, "card");
  JsonObject *card = node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *id, *url, *image;
  gint64 key;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (card == NULL)
    return refuse (error, "card", "an object is wanted");
  if (!check_members (card, card_members, G_N_ELEMENTS (card_members), "card", error))
    return FALSE;
  id = tl_hook_string (card, "id");
  url = tl_hook_string (card, "url");
  image = tl_hook_string (card, "image");
  if (id && !tl_id_parse (id, &key))
    return refuse (error, "card", "“id” is not an id");
  if (url && !g_str_has_prefix (url, "https://") && !g_str_has_prefix (url, "http://"))
    return refuse (error, "card", "“url” is no web address");
  if (image && (strlen (image) != 64 || strspn (image, "0123456789abcdef") != 64))
    return refuse (error, "card", "“image” is no picture of an article");
  return TRUE;
}
