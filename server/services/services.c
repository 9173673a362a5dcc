/* services.c: the tables of what this program serves. Adding a type, a route or a kind of job is one
 * line here. */
#include "server/demo/demo.h"
#include "server/edge/health.h"
#include "server/jmap/event-source.h"
#include "server/jmap/jmap.h"
#include "server/jmap/methods.h"
#include "server/jmap/subscription.h"
#include "server/jmap/type.h"
#include "server/jmap/ws.h"
#include "server/jobs/purge.h"
#include "server/services/calendar/calendar.h"
#include "server/services/chat/chat.h"
#include "server/services/news/news.h"
#include "server/services/notify/delivery.h"
#include "server/services/notify/notify.h"
#include "server/services/notify/share.h"
#include "server/services/oauth/oauth.h"
#include "server/services/oidc/oidc.h"
#include "server/services/social/social.h"
#include "server/services/storage/blob-methods.h"
#include "server/services/storage/collect.h"
#include "server/services/storage/resumable.h"
#include "server/services/storage/storage.h"
#include "server/services/user/user.h"

#define MAX_SIGN_IN 8192

const TlTypeService *const tl_type_services[] = {
  &tl_feed_service,
  &tl_article_service,
  &tl_subscription_service,
  &tl_article_mark_service,
  &tl_principal_service,
  &tl_room_service,
  &tl_room_member_service,
  &tl_message_service,
  &tl_read_marker_service,
  &tl_calendar_service,
  &tl_calendar_member_service,
  &tl_calendar_mark_service,
  &tl_calendar_event_service,
  &tl_event_mark_service,
  &tl_notification_service,
  &tl_share_notification_service,
  &tl_inbox_mark_service,
  &tl_settings_service,
  &tl_draft_service,
  &tl_content_filter_service,
  &tl_post_service,
  &tl_reaction_service,
  &tl_follow_service,
  &tl_post_mark_service,
  NULL,
};

const TlPlainMethod tl_service_methods[] = {
  { "PushSubscription/get", TL_CAP_CORE, tl_push_subscription_get, FALSE },
  { "PushSubscription/set", TL_CAP_CORE, tl_push_subscription_set, FALSE },
  { "Blob/copy", TL_CAP_CORE, tl_blob_copy, TRUE },
  { "Blob/upload", TL_CAP_BLOB, tl_blob_upload, TRUE },
  { "Blob/get", TL_CAP_BLOB, tl_blob_get, TRUE },
  { "Blob/lookup", TL_CAP_BLOB, tl_blob_lookup, TRUE },
  { "Quota/get", TL_CAP_QUOTA, tl_quota_get, TRUE },
  { "Quota/changes", TL_CAP_QUOTA, tl_quota_changes, TRUE },
  { "Quota/query", TL_CAP_QUOTA, tl_quota_query, TRUE },
  { "Quota/queryChanges", TL_CAP_QUOTA, tl_quota_query_changes, TRUE },
  { NULL },
};

const TlRoute tl_routes[] = {
  { "GET", "/.well-known/jmap", TL_ROUTE_NO_STORE, 0, tl_jmap_well_known },
  { "GET", "/jmap/session", 0, 0, tl_jmap_session },
  { "POST", "/jmap/api", TL_ROUTE_REQUEST | TL_ROUTE_SIGNED_IN, 0, tl_jmap_api },
  { "GET", "/jmap/eventsource", 0, 0, tl_jmap_event_source },
  { "GET", "/jmap/ws", TL_ROUTE_NO_STORE, 0, tl_jmap_ws },
  TL_STORAGE_ROUTES,
  TL_RESUMABLE_ROUTES,
  { "GET", "/media/", TL_ROUTE_PREFIX | TL_ROUTE_SLOW, 0, tl_news_picture },
  { "GET", "/auth/server", TL_ROUTE_NO_STORE, 0, tl_sign_in_server },
  { "POST", "/auth/login", TL_ROUTE_SLOW, MAX_SIGN_IN, tl_sign_in },
  { "POST", "/auth/login/code", 0, MAX_SIGN_IN, tl_second_step },
  { "GET", "/auth/totp", TL_ROUTE_SIGNED_IN, 0, tl_totp_state },
  { "POST", "/auth/totp", TL_ROUTE_SIGNED_IN | TL_ROUTE_SLOW, MAX_SIGN_IN, tl_totp_begin },
  { "POST", "/auth/totp/confirm", TL_ROUTE_SIGNED_IN, MAX_SIGN_IN, tl_totp_confirm },
  { "POST", "/auth/totp/off", TL_ROUTE_SIGNED_IN | TL_ROUTE_SLOW, MAX_SIGN_IN, tl_totp_off },
  { "POST", "/auth/refresh", 0, MAX_SIGN_IN, tl_sign_in_refresh },
  { "POST", "/auth/logout", 0, MAX_SIGN_IN, tl_sign_out },
  { "GET", "/auth/devices", TL_ROUTE_SIGNED_IN, 0, tl_devices_list },
  { "POST", "/auth/devices/end", TL_ROUTE_SIGNED_IN, MAX_SIGN_IN, tl_devices_end },
  { "POST", "/auth/password", TL_ROUTE_SIGNED_IN | TL_ROUTE_SLOW, MAX_SIGN_IN, tl_password_change },
  { "GET", "/auth/email", TL_ROUTE_SIGNED_IN, 0, tl_address_get },
  { "POST", "/auth/email", TL_ROUTE_SIGNED_IN | TL_ROUTE_SLOW, MAX_SIGN_IN, tl_address_set },
  { "GET", "/auth/email/confirm", TL_ROUTE_NO_STORE, 0, tl_address_page },
  { "POST", "/auth/email/confirm", 0, MAX_SIGN_IN, tl_address_confirm },
  { "GET", "/auth/email/stop", TL_ROUTE_NO_STORE, 0, tl_address_page },
  { "POST", "/auth/email/stop", 0, MAX_SIGN_IN, tl_address_stop },
  { "POST", "/auth/reset", 0, MAX_SIGN_IN, tl_forgotten },
  { "GET", "/auth/reset/new", TL_ROUTE_NO_STORE, 0, tl_forgotten_page },
  { "POST", "/auth/reset/new", TL_ROUTE_SLOW, MAX_SIGN_IN, tl_forgotten_change },
  { "GET", "/.well-known/oauth-authorization-server", TL_ROUTE_NO_STORE, 0, tl_oauth_about },
  { "GET", "/oauth/jwks.json", TL_ROUTE_NO_STORE, 0, tl_oauth_keys },
  { "GET", "/oauth/authorize", 0, 0, tl_oauth_authorize },
  { "POST", "/oauth/authorize", TL_ROUTE_SLOW, MAX_SIGN_IN, tl_oauth_sign_in },
  { "POST", "/oauth/token", 0, MAX_SIGN_IN, tl_oauth_token },
  { "POST", "/oauth/revoke", 0, MAX_SIGN_IN, tl_oauth_revoke },
  { "GET", "/oidc/start", TL_ROUTE_SLOW, 0, tl_oidc_start },
  { "GET", "/oidc/callback", TL_ROUTE_SLOW, 0, tl_oidc_callback },
  { "POST", "/auth/register", TL_ROUTE_SLOW, MAX_SIGN_IN, tl_register },
  { "GET", "/join/", TL_ROUTE_PREFIX | TL_ROUTE_NO_STORE, 0, tl_register_page },
  { "GET", "/auth/invitations", TL_ROUTE_SIGNED_IN, 0, tl_invitations_list },
  { "POST", "/auth/invitations", TL_ROUTE_SIGNED_IN, MAX_SIGN_IN, tl_invitations_make },
  { "POST", "/auth/invitations/revoke", TL_ROUTE_SIGNED_IN, MAX_SIGN_IN, tl_invitations_revoke },
  { "GET", "/auth/export", TL_ROUTE_SIGNED_IN, 0, tl_export_state },
  { "POST", "/auth/export", TL_ROUTE_SIGNED_IN | TL_ROUTE_SLOW, MAX_SIGN_IN, tl_export_ask },
  { "POST", "/auth/delete", TL_ROUTE_SIGNED_IN | TL_ROUTE_SLOW, MAX_SIGN_IN, tl_erase_ask },
  { "GET", "/auth/people/", TL_ROUTE_PREFIX | TL_ROUTE_SIGNED_IN, 0, tl_order_person },
  { "POST", "/auth/people/", TL_ROUTE_PREFIX | TL_ROUTE_SIGNED_IN, MAX_SIGN_IN, tl_order_do },
  { "GET", "/demo/feeds/", TL_ROUTE_PREFIX, 0, tl_demo_feed },
  { "GET", "/demo/art/", TL_ROUTE_PREFIX | TL_ROUTE_NO_STORE, 0, tl_demo_picture },
  { "GET", "/livez", TL_ROUTE_AT_ONCE, 0, tl_health_live },
  { "GET", "/readyz", TL_ROUTE_NO_STORE | TL_ROUTE_HEALTH, 0, tl_health_ready },
  { NULL },
};

const TlJobKind *const tl_job_kinds[] = {
  &tl_feed_fetch_job,  &tl_purge_job,   &tl_push_job,
  &tl_push_verify_job, &tl_export_job,  &tl_erase_job,
  &tl_deliver_job,     &tl_collect_job, NULL,
};
