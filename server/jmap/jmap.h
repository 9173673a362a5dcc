/* jmap.h: JMAP (RFC 8620) from the outside: requests in, responses out, over HTTP or WebSocket. */
#pragma once

#include "server/server.h"

#define TL_MAX_CALLS 128
#define TL_MAX_OBJECTS_IN_GET 1000
#define TL_MAX_OBJECTS_IN_SET 500
#define TL_MAX_DATA_SOURCES 100
#define TL_MAX_CHANGES 1000
#define TL_MAX_QUERY 1000
#define TL_MAX_SNAPSHOT 2000
#define TL_MAX_CONCURRENT_REQUESTS 8
#define TL_MAX_CONCURRENT_UPLOADS 4

/* Why a request as a whole is refused (RFC 8620, 3.6.1). */
#define TL_JMAP_ERROR (tl_jmap_error_quark ())
GQuark tl_jmap_error_quark (void);
typedef enum {
  TL_JMAP_ERROR_NOT_JSON,
  TL_JMAP_ERROR_NOT_REQUEST,
  TL_JMAP_ERROR_UNKNOWN_CAPABILITY,
  TL_JMAP_ERROR_MAX_SIZE,
  TL_JMAP_ERROR_MAX_CALLS,
  TL_JMAP_ERROR_MAX_CONCURRENT,
  TL_JMAP_ERROR_UNAVAILABLE, /* try again: nothing is known to have been done */
} TlJmapError;

/* The problem details (RFC 7807) of a TL_JMAP_ERROR. */
typedef struct {
  guint status;
  const char *type;
  const char *limit; /* or NULL */
} TlJmapProblem;

const TlJmapProblem *tl_jmap_problem (const GError *error);

/* Answers the request `json` (a WebSocket's Request object will do: what it has beyond RFC 8620's is
 * ignored) on this thread. The response begins with `{` and a member, so that more members can be
 * put before it. Fails with a TL_JMAP_ERROR; what goes wrong in a call is answered in its place. */
char *tl_jmap_process (TlServer *server, TlPg *pg, gint64 account, const char *json, gsize length,
                       GError **error);

/* The same for who signed in: `session` is a UUID. */
char *tl_jmap_process_for (TlServer *server, TlPg *pg, gint64 account, const char *session,
                           const char *json, gsize length, GError **error);

/* Routes: POST /jmap/api, GET /jmap/session, GET /.well-known/jmap. */
void tl_jmap_api (TlRequest *request);
void tl_jmap_session (TlRequest *request);
void tl_jmap_well_known (TlRequest *request);

/* An account's current state, for all types alike. */
char *tl_jmap_state (TlPg *pg, GError **error);
