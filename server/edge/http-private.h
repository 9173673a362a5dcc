/* http-private.h: what http.c, request.c and socket.c share of a request under way. */
#pragma once

#include "server/edge/http.h"
#include "server/edge/pool.h"

#include <microhttpd.h>

/* On libmicrohttpd's thread: the raw descriptor (now ours) and what was read beyond the handshake. */
typedef void (*TlUpgraded) (gpointer data, int fd, const char *extra, gsize length);

typedef struct {
  TlRequest request; /* first: handlers get its address */
  TlHttpServer *http;
  struct MHD_Connection *connection;
  const TlRoute *route;
  GByteArray *body;
  gboolean is_answered; /* by the handler, or before it could run */
  TlUpgraded upgraded;
  gpointer upgrade_data;
} TlPending;

TlPool *tl_http_server_pool (TlHttpServer *self);
/* Answers 101 with the headers set so far and hands the descriptor over. */
void tl_request_upgrade (TlRequest *request, TlUpgraded upgraded, gpointer data);
