/* auth.h: how the routes under /auth/ are spoken to and answer (docs/protocol.md, Sign-in). Any worker
 * thread. */
#pragma once

#include "server/server.h"

#include <json-glib/json-glib.h>

typedef struct {
  guint status;
  const char *code;
  const char *sentence;
} TlRefusal;

/* The request's body; answers and gives NULL when it will not do. */
JsonObject *tl_auth_body (TlRequest *request);
/* NULL when there is none, or it is no string. */
const char *tl_auth_string (JsonObject *body, const char *name);

/* Not kept by anybody on the way. `object` stays the caller's. */
void tl_auth_answer (TlRequest *request, guint status, JsonObject *object);
void tl_auth_refuse (TlRequest *request, const TlRefusal *refusal);
/* `error` may be NULL, and is told to the log only. */
void tl_auth_unavailable (TlRequest *request, const GError *error);
