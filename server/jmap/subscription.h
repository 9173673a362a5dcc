/* subscription.h: PushSubscription (RFC 8620, 7.2): pushes by HTTP to whoever has no connection open. */
#pragma once

#include "server/jmap/call.h"
#include "server/jobs/jobs.h"

gboolean tl_push_subscription_get (TlCall *call, const TlTypeService *service, JsonObject *args,
                                   GString *out, GError **error);
gboolean tl_push_subscription_set (TlCall *call, const TlTypeService *service, JsonObject *args,
                                   GString *out, GError **error);

/* Runs a statement of subscription.sql for a call. */
PGresult *tl_subscription_ask (TlCall *call, const char *name, int n, const char *const *args,
                               GError **error);

/* Something happened in `scopes` (gint64; NULL: anywhere): subscriptions of who is there are told soon.
 * Whoever looks at the log calls it, on their connection. */
gboolean tl_push_subscriptions_wake (TlServer *server, TlPg *pg, const GArray *scopes,
                                     GError **error);

extern const TlJobKind tl_push_job;        /* key: the subscription */
extern const TlJobKind tl_push_verify_job; /* the same */
