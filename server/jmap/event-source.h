/* event-source.h: pushes as text events (RFC 8620, 7.3). */
#pragma once

#include "server/server.h"

/* Route: GET /jmap/eventsource. */
void tl_jmap_event_source (TlRequest *request);
