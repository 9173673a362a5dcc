/* attachment.c: between JSON and structs; lengths were bounded by the server. */
#include "sync/attachment.h"

#include "sync/wire/field.h"

#define MAX_SIDE 65535

TlAttachment *
tl_attachment_copy (const TlAttachment *self)
{
  TlAttachment *copy = g_memdup2 (self, sizeof *self);

  copy->blob_id = g_strdup (self->blob_id);
  copy->name = g_strdup (self->name);
  copy->type = g_strdup (self->type);
  copy->alt = g_strdup (self->alt);
  return copy;
}

void
tl_attachment_free (TlAttachment *self)
{
  g_free (self->blob_id);
  g_free (self->name);
  g_free (self->type);
  g_free (self->alt);
  g_free (self);
}

G_DEFINE_BOXED_TYPE (TlAttachment, tl_attachment, tl_attachment_copy, tl_attachment_free)

static char *
get_string (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_dup_string (node)
                                                                  : NULL;
}

static gint64
get_int (JsonObject *object, const char *name, gint64 max)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && json_node_get_value_type (node) == G_TYPE_INT64
             ? CLAMP (json_node_get_int (node), 0, max)
             : 0;
}

static TlAttachment *
read_attachment (JsonObject *object)
{
  TlAttachment *self = g_new0 (TlAttachment, 1);

  self->blob_id = get_string (object, "blobId");
  self->name = get_string (object, "name");
  self->type = get_string (object, "type");
  self->alt = get_string (object, "alt");
  self->size = get_int (object, "size", G_MAXINT64);
  self->width = (int)get_int (object, "width", MAX_SIDE);
  self->height = (int)get_int (object, "height", MAX_SIDE);
  return self;
}

GPtrArray *
tl_attachments_parse (const char *json)
{
  GPtrArray *attachments = g_ptr_array_new_with_free_func ((GDestroyNotify)tl_attachment_free);
  g_autoptr (JsonNode) node = json ? json_from_string (json, NULL) : NULL;
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array && i < json_array_get_length (array); i++) {
    JsonNode *item = json_array_get_element (array, i);
    TlAttachment *attachment =
        JSON_NODE_HOLDS_OBJECT (item) ? read_attachment (json_node_get_object (item)) : NULL;

    if (attachment && attachment->blob_id)
      g_ptr_array_add (attachments, attachment);
    else
      g_clear_pointer (&attachment, tl_attachment_free);
  }
  return attachments;
}

static void
add_string (JsonObject *object, const char *name, const char *value)
{
  if (value)
    json_object_set_string_member (object, name, value);
}

char *
tl_attachments_format (GPtrArray *attachments)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  for (guint i = 0; attachments && i < attachments->len; i++) {
    const TlAttachment *attachment = attachments->pdata[i];
    JsonObject *object = json_object_new ();

    add_string (object, "blobId", attachment->blob_id);
    add_string (object, "name", attachment->name);
    add_string (object, "type", attachment->type);
    add_string (object, "alt", attachment->alt);
    json_object_set_int_member (object, "size", attachment->size);
    if (attachment->width > 0) {
      json_object_set_int_member (object, "width", attachment->width);
      json_object_set_int_member (object, "height", attachment->height);
    }
    json_array_add_object_element (array, object);
  }
  json_node_take_array (node, array);
  return json_array_get_length (array) > 0 ? json_to_string (node, FALSE) : NULL;
}

/* --- cards --------------------------------------------------------------------------------------- */

void
tl_card_free (TlCard *self)
{
  g_free (self->type);
  g_free (self->title);
  g_free (self->text);
  g_free (self->url);
  g_free (self->source);
  g_free (self->image);
  g_free (self);
}

TlCard *
tl_card_parse (const char *json)
{
  g_autoptr (JsonNode) node = json ? json_from_string (json, NULL) : NULL;
  JsonObject *object = node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  g_autofree char *id = NULL;
  TlCard *self;

  if (object == NULL)
    return NULL;
  self = g_new0 (TlCard, 1);
  self->type = get_string (object, "type");
  self->title = get_string (object, "title");
  self->text = get_string (object, "text");
  self->url = get_string (object, "url");
  self->source = get_string (object, "source");
  self->image = get_string (object, "image");
  id = get_string (object, "id");
  if (id)
    tl_id_parse (id, &self->key);
  if (self->type && self->title)
    return self;
  tl_card_free (self);
  return NULL;
}

char *
tl_card_format (const TlCard *self)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  char id[TL_ID_MAX];

  add_string (object, "type", self->type);
  if (self->key > 0)
    add_string (object, "id", tl_id_format (self->key, id));
  add_string (object, "title", self->title);
  add_string (object, "text", self->text);
  add_string (object, "url", self->url);
  add_string (object, "source", self->source);
  add_string (object, "image", self->image);
  json_node_take_object (node, object);
  return json_to_string (node, FALSE);
}
