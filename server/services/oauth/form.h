/* form.h: how programs speak to /oauth/: forms in, JSON out (RFC 6749, 3.2, 5). Any worker thread. */
#pragma once

#include "server/server.h"

#include <json-glib/json-glib.h>

/* The fields of the request's body; NULL for what is no form, or says something twice. */
GHashTable *tl_oauth_form (TlRequest *request);
/* NULL when there is none, or nothing in it. */
const char *tl_oauth_field (GHashTable *form, const char *name);
/* Not kept by anybody. `object` stays the caller's. */
void tl_oauth_answer (TlRequest *request, guint status, JsonObject *object);
/* `code`: as RFC 6749 names it. */
void tl_oauth_refuse (TlRequest *request, const char *code, const char *sentence);
/* 503; `error` (may be NULL) is told to the log only. */
void tl_oauth_unavailable (TlRequest *request, const GError *error);
