/* services.c: everything that is served: types, routes, kinds of jobs. One line each. */
#include "server/edge/health.h"
#include "server/jmap/jmap.h"
#include "server/jmap/type.h"
#include "server/services/storage/storage.h"

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

#define READ_ONLY(name) static const TlTypeService name##_service = { .type = &tl_##name##_type }
#define PRIVATE(name)                                                                              \
  static const TlTypeService name##_service = { .type = &tl_##name##_type,                         \
                                                .create = accept_create,                           \
                                                .update = accept_update,                           \
                                                .destroy = accept_destroy }

READ_ONLY (principal);
READ_ONLY (feed);
static const TlTypeService article_service = { .type = &tl_article_type, .date = "publishedAt" };
READ_ONLY (subscription);
PRIVATE (article_mark);
READ_ONLY (room);
READ_ONLY (room_member);
READ_ONLY (message);
PRIVATE (read_marker);

const TlTypeService *const tl_type_services[] = {
  &principal_service,    &feed_service, &subscription_service, &article_service,
  &article_mark_service, &room_service, &room_member_service,  &message_service,
  &read_marker_service,  NULL,
};

const TlRoute tl_routes[] = {
  { "POST", "/jmap/api", 0, 10 * 1024 * 1024, tl_jmap_api },
  { "GET", "/jmap/session", 0, 0, tl_jmap_session },
  { "GET", "/.well-known/jmap", TL_ROUTE_NO_STORE, 0, tl_jmap_well_known },
  TL_STORAGE_ROUTES,
  { "GET", "/livez", TL_ROUTE_NO_STORE, 0, tl_health_live },
  { "GET", "/readyz", 0, 0, tl_health_ready },
  { NULL },
};

const TlJobKind *const tl_job_kinds[] = { NULL };
