/* api.c: JMAP over HTTP: the limits of a request as a whole, problem details. */
#include "server/edge/turns.h"
#include "server/jmap/envelope.h"
#include "server/services/user/tokens.h"

G_DEFINE_QUARK (tl_jmap_error, tl_jmap_error)

#define URN "urn:ietf:params:jmap:error:"

static const TlJmapProblem problems[] = {
  [TL_JMAP_ERROR_NOT_JSON] = { 400, URN "notJSON", NULL },
  [TL_JMAP_ERROR_NOT_REQUEST] = { 400, URN "notRequest", NULL },
  [TL_JMAP_ERROR_UNKNOWN_CAPABILITY] = { 400, URN "unknownCapability", NULL },
  [TL_JMAP_ERROR_MAX_SIZE] = { 400, URN "limit", "maxSizeRequest" },
  [TL_JMAP_ERROR_MAX_CALLS] = { 400, URN "limit", "maxCallsInRequest" },
  [TL_JMAP_ERROR_MAX_CONCURRENT] = { 429, URN "limit", "maxConcurrentRequests" },
  [TL_JMAP_ERROR_UNAVAILABLE] = { 503, "about:blank", NULL },
};

const TlJmapProblem *
tl_jmap_problem (const GError *error)
{
  g_return_val_if_fail (error->domain == TL_JMAP_ERROR, NULL);
  return &problems[error->code];
}

static gpointer
new_turns (gpointer data)
{
  return tl_turns_new (TL_MAX_CONCURRENT_REQUESTS);
}

/* Of this process, whatever way requests come. */
static TlTurns *
running (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, new_turns, NULL);
}

char *
tl_jmap_process (TlServer *server, TlPg *pg, gint64 account, const char *json, gsize length,
                 GError **error)
{
  return tl_jmap_process_for (server, pg, account, NULL, json, length, error);
}

char *
tl_jmap_process_for (TlServer *server, TlPg *pg, gint64 account, const char *session,
                     const char *json, gsize length, GError **error)
{
  char *response;

  if (length > server->config->max_request) {
    g_set_error (error, TL_JMAP_ERROR, TL_JMAP_ERROR_MAX_SIZE,
                 "The request is longer than %" G_GSIZE_FORMAT " bytes",
                 server->config->max_request);
    return NULL;
  }
  if (!tl_turns_take (running (), account)) {
    g_set_error (error, TL_JMAP_ERROR, TL_JMAP_ERROR_MAX_CONCURRENT,
                 "More than %d requests of this account are running", TL_MAX_CONCURRENT_REQUESTS);
    return NULL;
  }
  response = tl_envelope_run (server, pg, account, session, json, length, error);
  tl_turns_give (running (), account);
  return response;
}

void
tl_jmap_api (TlRequest *request)
{
  g_autoptr (GError) error = NULL;
  guint8 bytes[TL_SESSION_BYTES];
  gint64 account = tl_tokens_session (request->server->tokens,
                                      tl_request_header (request, "Authorization"), bytes);
  char session[TL_SESSION_TEXT];
  const TlJmapProblem *problem;
  char *response;
  gsize length;
  const char *json = g_bytes_get_data (request->body, &length);

  if (account == 0) {
    tl_request_set_header (request, "WWW-Authenticate", "Bearer");
    tl_request_problem (request, 401, "about:blank", "Sign in first", NULL);
    return;
  }
  if (request->pg == NULL) {
    tl_request_set_header (request, "Retry-After", "2");
    tl_request_problem (request, 503, "about:blank", "The database is away; try again later", NULL);
    return;
  }
  if (!tl_request_is_json (request)) {
    tl_request_problem (request, 400, problems[TL_JMAP_ERROR_NOT_JSON].type,
                        "The Content-Type of a request is application/json", NULL);
    return;
  }
  tl_session_format (bytes, session);
  response = tl_jmap_process_for (request->server, request->pg, account, session, json ? json : "",
                                  length, &error);
  if (response) {
    tl_request_set_header (request, "Cache-Control", "no-store");
    tl_request_answer_json (request, 200, response);
    return;
  }
  problem = tl_jmap_problem (error);
  if (problem->status == 503)
    tl_request_set_header (request, "Retry-After", "2");
  tl_request_problem (request, problem->status, problem->type, error->message, problem->limit);
}
