/* services.c: the tables of what this program serves. Adding a type, a route or a kind of job is one
 * line here. */
#include "server/demo/demo.h"
#include "server/edge/health.h"
#include "server/jmap/jmap.h"
#include "server/jmap/type.h"
#include "server/jmap/ws.h"
#include "server/services/chat/chat.h"
#include "server/services/storage/storage.h"
#include "server/services/user/user.h"

#define MAX_REQUEST (10 << 20) /* docs/protocol.md, Limits */
#define MAX_SIGN_IN 8192

static gboolean
accept_create (TlWrite *write, JsonObject *object, gint64 *scope, GError **error)
{
  return TRUE;
}

static gboolean
accept_update (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, JsonObject *patch,
               GError **error)
{
  return TRUE;
}

static gboolean
accept_destroy (TlWrite *write, gint64 id, gint64 scope, JsonObject *current, GError **error)
{
  return TRUE;
}

static const TlTypeService feed_service = { .type = &tl_feed_type };
static const TlTypeService article_service = { .type = &tl_article_type, .date = "publishedAt" };
static const TlTypeService subscription_service = { .type = &tl_subscription_type };
static const TlTypeService mark_service = { .type = &tl_article_mark_type,
                                            .create = accept_create,
                                            .update = accept_update,
                                            .destroy = accept_destroy };

const TlTypeService *const tl_type_services[] = {
  &feed_service,           &article_service,
  &subscription_service,   &mark_service,
  &tl_principal_service,   &tl_room_service,
  &tl_room_member_service, &tl_message_service,
  &tl_read_marker_service, NULL,
};

const TlRoute tl_routes[] = {
  { "GET", "/.well-known/jmap", TL_ROUTE_NO_STORE, 0, tl_jmap_well_known },
  { "GET", "/jmap/session", 0, 0, tl_jmap_session },
  { "POST", "/jmap/api", 0, MAX_REQUEST, tl_jmap_api },
  { "GET", "/jmap/ws", TL_ROUTE_NO_STORE, 0, tl_jmap_ws },
  TL_STORAGE_ROUTES,
  { "GET", "/auth/server", TL_ROUTE_NO_STORE, 0, tl_sign_in_server },
  { "POST", "/auth/login", TL_ROUTE_SLOW, MAX_SIGN_IN, tl_sign_in },
  { "POST", "/auth/refresh", 0, MAX_SIGN_IN, tl_sign_in_refresh },
  { "POST", "/auth/logout", 0, MAX_SIGN_IN, tl_sign_out },
  { "GET", "/demo/feeds/", TL_ROUTE_PREFIX, 0, tl_demo_feed },
  { "GET", "/demo/art/", TL_ROUTE_PREFIX | TL_ROUTE_NO_STORE, 0, tl_demo_picture },
  { "GET", "/livez", TL_ROUTE_NO_STORE, 0, tl_health_live },
  { "GET", "/readyz", 0, 0, tl_health_ready },
  { NULL },
};

const TlJobKind *const tl_job_kinds[] = {
  NULL,
};
