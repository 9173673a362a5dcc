/* event-files.c: a file's link is called as its blob is, and has its id in blobId. */
#include "sync/wire/event-files.h"

/* What links call it, and what attachments do. */
static const char *const names[][2] = { { "blobId", "blobId" },    { "title", "name" },
                                        { "contentType", "type" }, { "size", "size" },
                                        { "width", "width" },      { "height", "height" },
                                        { "alt", "alt" } };

static JsonObject *
renamed (JsonObject *from, guint old, guint new)
{
  JsonObject *to = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    JsonNode *node = json_object_get_member (from, names[i][old]);

    if (node)
      json_object_set_member (to, names[i][new], json_node_copy (node));
  }
  return to;
}

static gboolean
is_file (JsonNode *link)
{
  return JSON_NODE_HOLDS_OBJECT (link) &&
         json_object_has_member (json_node_get_object (link), "blobId");
}

static JsonObject *
object_of (JsonNode *node)
{
  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
tl_event_files_list (JsonObject *links)
{
  JsonArray *files = json_array_new ();
  JsonObjectIter iter;
  JsonNode *link;

  json_object_iter_init_ordered (&iter, links);
  while (json_object_iter_next_ordered (&iter, NULL, &link))
    if (is_file (link))
      json_array_add_object_element (files, renamed (json_node_get_object (link), 0, 1));
  return files;
}

char *
tl_event_files_of (const char *links)
{
  g_autoptr (JsonNode) node = links ? json_from_string (links, NULL) : NULL;
  g_autoptr (JsonNode) list = json_node_new (JSON_NODE_ARRAY);

  if (object_of (node) == NULL)
    return NULL;
  json_node_take_array (list, tl_event_files_list (object_of (node)));
  return json_array_get_length (json_node_get_array (list)) > 0 ? json_to_string (list, FALSE)
                                                                : NULL;
}

static void
put_files (JsonObject *links, JsonArray *files)
{
  for (guint i = 0; i < json_array_get_length (files); i++) {
    JsonObject *link = renamed (json_array_get_object_element (files, i), 1, 0);
    const char *blob = json_object_get_string_member (link, "blobId");
    g_autofree char *href = g_strconcat ("blob:", blob, NULL);

    json_object_set_string_member (link, "@type", "Link");
    json_object_set_string_member (link, "rel", "enclosure");
    json_object_set_string_member (link, "href", href);
    json_object_set_object_member (links, blob, link);
  }
}

char *
tl_event_files_put (const char *links, const char *files)
{
  g_autoptr (JsonNode) before = links ? json_from_string (links, NULL) : NULL;
  g_autoptr (JsonNode) list = files ? json_from_string (files, NULL) : NULL;
  g_autoptr (JsonNode) after = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonObjectIter iter;
  const char *id;
  JsonNode *link;

  json_node_take_object (after, object);
  if (object_of (before)) {
    json_object_iter_init_ordered (&iter, object_of (before));
    while (json_object_iter_next_ordered (&iter, &id, &link))
      if (!is_file (link))
        json_object_set_member (object, id, json_node_copy (link));
  }
  if (list)
    put_files (object, json_node_get_array (list));
  return json_to_string (after, FALSE);
}
