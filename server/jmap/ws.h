/* ws.h: JMAP over WebSocket (RFC 8887). */
#pragma once

#include "server/server.h"

/* Route: GET /jmap/ws. */
void tl_jmap_ws (TlRequest *request);
