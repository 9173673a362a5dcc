/* health.h: is the process alive, and can it do its work? */
#pragma once

#include "server/edge/http.h"

/* 200 as long as the process answers. */
void tl_health_live (TlRequest *request);
/* {"postgresql": "ok" or why not, "redis": …}: 503 when PostgreSQL is away; without Redis it is slower but ready. */
void tl_health_ready (TlRequest *request);
