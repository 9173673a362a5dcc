/* auth.c: reads what is said to the routes under /auth/, and answers there: JSON that nobody keeps, each
 * refusal with a code and a sentence. Holds nothing; any worker thread. */
#include "server/services/user/auth.h"

static const TlRefusal bad_request = { 400, "invalid_request",
                                       "This is not a sign-in request: a JSON object is wanted." };
static const TlRefusal unavailable = {
  503, "unavailable", "The server cannot sign anybody in just now. Try again soon."
};

void
tl_auth_answer (TlRequest *request, guint status, JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);

  tl_request_set_header (request, "Cache-Control", "no-store");
  tl_request_answer_json (request, status, json_to_string (node, FALSE));
}

void
tl_auth_refuse (TlRequest *request, const TlRefusal *refusal)
{
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "error", refusal->code);
  json_object_set_string_member (object, "message", refusal->sentence);
  tl_auth_answer (request, refusal->status, object);
}

void
tl_auth_unavailable (TlRequest *request, const GError *error)
{
  if (error)
    g_warning ("%s %s: %s (request %s)", request->method, request->path, error->message,
               request->id);
  tl_request_set_header (request, "Retry-After", "2");
  tl_auth_refuse (request, &unavailable);
}

JsonObject *
tl_auth_body (TlRequest *request)
{
  gsize length;
  const char *text = g_bytes_get_data (request->body, &length);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;

  if (length && json_parser_load_from_data (parser, text, (gssize)length, NULL)) {
    root = json_parser_get_root (parser);
    if (root && JSON_NODE_HOLDS_OBJECT (root))
      return json_object_ref (json_node_get_object (root));
  }
  tl_auth_refuse (request, &bad_request);
  return NULL;
}

const char *
tl_auth_string (JsonObject *body, const char *name)
{
  JsonNode *node = json_object_get_member (body, name);

  return node && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node)
                                                                  : NULL;
}
