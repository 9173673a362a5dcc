/* server.c: builds a process of tidelined from its configuration, in the order in which the parts
 * need each other, and takes it apart the other way round. */
#include "server/server.h"

#include "server/jmap/hub.h"
#include "server/jmap/type.h"
#include "server/services/oauth/signing-keys.h"
#include "server/services/oidc/provider.h"
#include "server/services/user/rate.h"
#include "server/services/user/tokens.h"

#include <string.h>

#define JOB_THREADS 4
#define SIGN_INS_PER_MINUTE 10
#define SIGN_INS_PER_ADDRESS 60
#define SIGN_INS_PER_LOGIN 100 /* an hour */

static gboolean
migrate (TlServer *self, GError **error)
{
  g_autoptr (TlPg) pg = tl_pg_new (self->config->postgresql);

  return tl_migrate (pg, error) &&
         tl_signing_keys_load (tl_tokens_signing (self->tokens), pg, error);
}

static gboolean
open_stores (TlServer *self, GError **error)
{
  self->tokens = tl_tokens_new (self->config->secret_file, error);
  if (self->tokens == NULL)
    return FALSE;
  self->blobs = tl_blobs_open (self->config, error);
  if (self->blobs == NULL)
    return FALSE;
  self->search = tl_search_pg_new ();
  self->oidc = tl_oidc_provider_new (self->config);
  self->counts = tl_counts_new (self->config->redis);
  self->sign_ins = tl_rate_new (self->counts, "sign-in", SIGN_INS_PER_MINUTE, 60);
  self->sign_in_addresses = tl_rate_new (self->counts, "address", SIGN_INS_PER_ADDRESS, 60);
  self->sign_in_logins = tl_rate_new (self->counts, "login", SIGN_INS_PER_LOGIN, 3600);
  return migrate (self, error);
}

static void
woken (gpointer hub)
{
  tl_hub_wake (hub);
}

/* Unless it was said, clients reach us where we listen. */
static char *
own_url (const TlConfig *config, guint port)
{
  const char *colon = strrchr (config->listen, ':');

  return g_strdup_printf ("http://%.*s:%u", (int)(colon - config->listen), config->listen, port);
}

static gboolean
begin (TlServer *self, GError **error)
{
  self->hub = tl_hub_new (self);
  self->redis = tl_redis_new (self->config->redis, woken, self->hub);
  tl_hub_start (self->hub);
  self->reactor = tl_reactor_new (self, self->config->max_request, error);
  if (self->reactor == NULL)
    return FALSE;
  g_atomic_pointer_set (&self->jobs, tl_jobs_new (self, tl_job_kinds, JOB_THREADS));
  self->http = tl_http_server_new (self, self->config, tl_routes, error);
  if (self->http == NULL)
    return FALSE;
  if (self->config->public_url == NULL)
    self->config->public_url = own_url (self->config, tl_http_server_port (self->http));
  tl_signing_keys_set_issuer (tl_tokens_signing (self->tokens), self->config->public_url);
  return TRUE;
}

TlServer *
tl_server_new (TlConfig *config, GError **error)
{
  TlServer *self = g_new0 (TlServer, 1);

  self->config = config;
  if (open_stores (self, error) && begin (self, error))
    return self;
  tl_server_free (self);
  return NULL;
}

/* What uses the hub goes before it stops, what it uses afterwards. */
static void
end (TlServer *self)
{
  if (self->reactor)
    tl_reactor_stop (self->reactor);
  tl_http_server_free (self->http);
  tl_hub_stop (self->hub); /* it wakes jobs, and may still be woken by them */
  if (self->jobs)
    tl_jobs_free (self->jobs);
  tl_redis_free (self->redis);
  tl_hub_free (self->hub);
  tl_reactor_free (self->reactor);
}

void
tl_server_free (TlServer *self)
{
  if (self == NULL)
    return;
  if (self->hub)
    end (self);
  if (self->search)
    self->search->class->free (self->search);
  if (self->blobs)
    self->blobs->class->free (self->blobs);
  g_clear_pointer (&self->oidc, tl_oidc_provider_free);
  g_clear_pointer (&self->sign_ins, tl_rate_free);
  g_clear_pointer (&self->sign_in_addresses, tl_rate_free);
  g_clear_pointer (&self->sign_in_logins, tl_rate_free);
  g_clear_pointer (&self->counts, tl_counts_free);
  g_clear_pointer (&self->tokens, tl_tokens_free);
  tl_config_free (self->config);
  g_free (self);
}
