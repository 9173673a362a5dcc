/* health.c: see the header. */
#include "server/edge/health.h"

#include "server/edge/log.h"
#include "server/server.h"

#include <json-glib/json-glib.h>

void
tl_health_live (TlRequest *request)
{
  tl_request_answer_json (request, 200, g_strdup ("{\"status\":\"ok\"}"));
}

void
tl_health_ready (TlRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *state = json_object_new ();
  gboolean is_ready = tl_pg_script (request->pg, "SHOW server_version", &error);
  const char *redis = "ok";

  if (request->server->config->redis[0] == '\0')
    redis = "not configured";
  else if (!tl_redis_is_up (request->server->redis))
    redis = "away: news travels by polling";
  json_object_set_string_member (state, "postgresql", is_ready ? "ok" : "away");
  json_object_set_string_member (state, "redis", redis);
  if (!is_ready)
    tl_log (TL_LOG_WARNING, request->id, "PostgreSQL is away", "error", error->message, NULL);
  json_node_take_object (node, state);
  tl_request_answer_json (request, is_ready ? 200 : 503, json_to_string (node, FALSE));
}
