/* server.h: what one process of tidelined holds: configuration, stores, services, hub.
 * Made in server.c, handed to handlers; everything in it is safe to use from any thread. */
#pragma once

#include "server/edge/config.h"
#include "server/edge/http.h"
#include "server/edge/socket.h"
#include "server/stores/blobs.h"
#include "server/stores/redis.h"
#include "server/stores/search.h"

typedef struct _TlHub TlHub;       /* jmap/hub.h: pushes committed changes to sockets */
typedef struct _TlTokens TlTokens; /* services/user/tokens.h: signs and checks access tokens */
typedef struct _TlJobs TlJobs;     /* jobs/jobs.h: the leased job runner */
typedef struct _TlOidcProvider TlOidcProvider; /* services/oidc/provider.h */
typedef struct _TlCounts TlCounts; /* stores/counts.h: what all processes count together */
typedef struct _TlRate TlRate;     /* services/user/rate.h: how often something may be tried */

struct _TlServer {
  TlConfig *config;
  TlBlobs *blobs;
  TlRedis *redis;
  TlSearch *search;
  TlTokens *tokens;
  TlRate *sign_ins;          /* tries by address and login */
  TlRate *sign_in_addresses; /* failures by address alone */
  TlRate *sign_in_logins;    /* failures by login, from where nobody signed in to it lately */
  TlCounts *counts;
  TlOidcProvider *oidc; /* NULL: there is no external provider */
  TlHub *hub;
  TlJobs *jobs;
  TlReactor *reactor;
  TlHttpServer *http;
};

/* Connects, migrates, starts everything; the server answers when it returns. Takes `config`. */
TlServer *tl_server_new (TlConfig *config, GError **error);
/* Stops in the opposite order; running requests finish. */
void tl_server_free (TlServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlServer, tl_server_free)
