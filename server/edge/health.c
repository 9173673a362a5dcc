/* health.c: see the header. */
#include "server/edge/health.h"

#include "server/edge/log.h"
#include "server/server.h"

#include <json-glib/json-glib.h>
#include <sys/statvfs.h>

#define LEAST_FREE (16ULL << 20)

void
tl_health_live (TlRequest *request)
{
  tl_request_answer_json (request, 200, g_strdup ("{\"status\":\"ok\"}"));
}

/* What is wrong, for anybody to see; NULL: nothing. */
static const char *
look_at_postgresql (TlRequest *request)
{
  gint64 began = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PGresult) answer =
      tl_pg_query (request->pg, "health.only-reads", "SHOW transaction_read_only", 0, NULL, &error);

  if (answer)
    return g_str_equal (PQgetvalue (answer, 0, 0), "on") ? "only reads" : NULL;
  tl_log (TL_LOG_WARNING, request->id, "PostgreSQL is away", "error", error->message, NULL);
  /* Refused is at once; the clock that waits for an answer ends a little before its time. */
  return g_get_monotonic_time () - began < TL_HEALTH_SECONDS * G_TIME_SPAN_SECOND / 2
             ? "away"
             : "away: it does not answer";
}

static const char *
look_at_redis (TlServer *server)
{
  if (server->config->redis[0] == '\0')
    return "not configured";
  return tl_redis_is_up (server->redis) ? "ok" : "away: news travels by polling";
}

static const char *
look_at_blobs (TlServer *server)
{
  struct statvfs fs;

  if (statvfs (server->config->blob_dir, &fs) < 0)
    return "their folder is away";
  return (guint64)fs.f_bavail * fs.f_frsize < LEAST_FREE ? "the disk is full" : "ok";
}

void
tl_health_ready (TlRequest *request)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *state = json_object_new ();
  const char *trouble = look_at_postgresql (request);

  json_object_set_string_member (state, "postgresql", trouble ? trouble : "ok");
  json_object_set_string_member (state, "redis", look_at_redis (request->server));
  json_object_set_string_member (state, "blobs", look_at_blobs (request->server));
  json_node_take_object (node, state);
  tl_request_answer_json (request, trouble ? 503 : 200, json_to_string (node, FALSE));
}
