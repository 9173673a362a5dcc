/* http.h: libsoup behind futures (sync/remote.c's only door to the network). */
#pragma once

#include <libdex.h>
#include <libsoup/soup.h>

/* Resolves to the body (GBytes) whatever the status; rejects when there was no answer. Bodies over
 * `max_bytes` are cut off with an error. */
DexFuture *tl_http_send (SoupSession *session, SoupMessage *message, gsize max_bytes);
/* Resolves to a SoupWebsocketConnection (object). */
DexFuture *tl_http_websocket (SoupSession *session, SoupMessage *message, const char *protocol);
