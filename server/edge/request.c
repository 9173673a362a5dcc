/* request.c: what handlers say and ask of a request. Worker threads; one thread at a time has a request. */
#include "server/edge/http-private.h"

#include <json-glib/json-glib.h>
#include <string.h>

const char *
tl_request_header (TlRequest *request, const char *name)
{
  return MHD_lookup_connection_value (((TlPending *)request)->connection, MHD_HEADER_KIND, name);
}

const char *
tl_request_query (TlRequest *request, const char *name)
{
  return MHD_lookup_connection_value (((TlPending *)request)->connection, MHD_GET_ARGUMENT_KIND,
                                      name);
}

gboolean
tl_request_is_json (TlRequest *request)
{
  static const char json[] = "application/json";
  const char *type = tl_request_header (request, "Content-Type");

  return type && g_ascii_strncasecmp (type, json, strlen (json)) == 0 &&
         strchr ("; \t", type[strlen (json)]); /* or its end */
}

void
tl_request_set_header (TlRequest *request, const char *name, const char *value)
{
  g_ptr_array_add (request->headers, g_strdup (name));
  g_ptr_array_add (request->headers, g_strdup (value));
}

void
tl_request_answer_json (TlRequest *request, guint status, char *json)
{
  g_clear_pointer (&request->answer, g_bytes_unref);
  request->status = status;
  request->type = "application/json";
  request->answer = g_bytes_new_take (json, strlen (json));
}

void
tl_request_problem (TlRequest *request, guint status, const char *type, const char *detail,
                    const char *limit)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *problem = json_object_new ();

  json_object_set_string_member (problem, "type", type);
  json_object_set_int_member (problem, "status", status);
  json_object_set_string_member (problem, "detail", detail);
  if (limit)
    json_object_set_string_member (problem, "limit", limit);
  json_node_take_object (node, problem);
  tl_request_answer_json (request, status, json_to_string (node, FALSE));
  request->type = "application/problem+json";
}

void
tl_request_upgrade (TlRequest *request, TlUpgraded upgraded, gpointer data)
{
  TlPending *pending = (TlPending *)request;

  pending->upgraded = upgraded;
  pending->upgrade_data = data;
  request->status = 101;
}
