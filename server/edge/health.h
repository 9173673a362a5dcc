/* health.h: is the process alive, and can it do its work? */
#pragma once

#include "server/edge/http.h"

/* 200 as long as the process answers. */
void tl_health_live (TlRequest *request);
/* {"postgresql": "ok" or what is wrong, "redis": …, "blobs": …}: 503 when PostgreSQL is away, says nothing for
 * TL_HEALTH_SECONDS or takes no writes; without Redis it is slower but ready. Anybody may ask: more stands in the
 * log only. */
void tl_health_ready (TlRequest *request);
