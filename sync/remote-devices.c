/* remote-devices.c: GET /auth/devices, POST /auth/devices/end and POST /auth/password (docs/protocol.md, Sign-in), each
 * in a fiber. What is not as agreed is TL_REMOTE_ERROR_PROTOCOL. */
#include "sync/remote-devices.h"

#include "sync/remote-private.h"

/* What is sent, to where. */
typedef struct {
  TlRemote *self;
  const char *path;
  JsonObject *body;
} Order;

static void
order_free (gpointer data)
{
  Order *order = data;

  g_object_unref (order->self);
  json_object_unref (order->body);
  g_free (order);
}

static gboolean
is_device (JsonNode *node)
{
  static const char *const names[] = { "id", "name", "seenAt" };
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonNode *is_this = object ? json_object_get_member (object, "isThis") : NULL;

  for (guint i = 0; object && i < G_N_ELEMENTS (names); i++) {
    JsonNode *member = json_object_get_member (object, names[i]);

    if (!member || json_node_get_value_type (member) != G_TYPE_STRING)
      return FALSE;
  }
  return is_this && json_node_get_value_type (is_this) == G_TYPE_BOOLEAN;
}

static JsonArray *
read_devices (GBytes *body)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  JsonNode *list = NULL;
  JsonArray *devices;

  if (length && json_parser_load_from_data (parser, text, (gssize)length, NULL) &&
      JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    list = json_object_get_member (json_node_get_object (json_parser_get_root (parser)), "devices");
  if (!list || !JSON_NODE_HOLDS_ARRAY (list))
    return NULL;
  devices = json_node_get_array (list);
  for (guint i = 0; i < json_array_get_length (devices); i++)
    if (!is_device (json_array_get_element (devices, i)))
      return NULL;
  return json_array_ref (devices);
}

static DexFuture *
list_fiber (gpointer data)
{
  TlRemote *self = TL_REMOTE (data);
  GError *error = NULL;
  g_autoptr (GBytes) answer =
      tl_remote_authorized (self, "GET", "/auth/devices", NULL, NULL, TL_REMOTE_MAX_ANSWER, &error);
  JsonArray *devices = answer ? read_devices (answer) : NULL;

  if (!answer)
    return dex_future_new_for_error (error);
  if (!devices)
    return dex_future_new_reject (TL_REMOTE_ERROR, TL_REMOTE_ERROR_PROTOCOL,
                                  "The server's list of devices cannot be read");
  return dex_future_new_take_boxed (JSON_TYPE_ARRAY, devices);
}

DexFuture *
tl_remote_devices (TlRemote *self)
{
  return dex_scheduler_spawn (NULL, 0, list_fiber, g_object_ref (self), g_object_unref);
}

static DexFuture *
order_fiber (gpointer data)
{
  Order *order = data;
  GError *error = NULL;
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), order->body);
  char *text = json_to_string (node, FALSE);
  g_autoptr (GBytes) body = g_bytes_new_take (text, strlen (text));
  g_autoptr (GBytes) answer = tl_remote_authorized (order->self, "POST", order->path, NULL, body,
                                                    TL_REMOTE_MAX_ANSWER, &error);

  return answer ? dex_future_new_true () : dex_future_new_for_error (error);
}

/* `body` is taken. */
static DexFuture *
send (TlRemote *self, const char *path, JsonObject *body)
{
  Order *order = g_new0 (Order, 1);

  order->self = g_object_ref (self);
  order->path = path;
  order->body = body;
  return dex_scheduler_spawn (NULL, 0, order_fiber, order, order_free);
}

DexFuture *
tl_remote_end_device (TlRemote *self, const char *id)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "id", id);
  return send (self, "/auth/devices/end", body);
}

DexFuture *
tl_remote_change_password (TlRemote *self, const char *before, const char *password)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "password", before);
  json_object_set_string_member (body, "newPassword", password);
  return send (self, "/auth/password", body);
}
